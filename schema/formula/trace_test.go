package formula

import "testing"

// What a formula takes its value from can be read off its text only where it holds
// references and functions that look at nothing but their arguments.
func TestIsTraceable(t *testing.T) {
	for text, want := range map[string]bool{
		"SUM(H13:H25)+I7": true,
		`IF(计分过程!$A$2=ROW(),计分过程!$P$2,"")`:              true,
		`IF('附件 2'!B3="见INDIRECT(A1)",1,0)`:             true,
		"SUMPRODUCT(H7,G7)":                             true,
		"IFERROR(VALUE(LEFT(A1,FIND(\"%\",A1)-1)),A:A)": true,
		"INDEX($A:$A,ROW())":                            true,
		"1.5E3*B2":                                      true,
		"":                                              true,
		`INDIRECT("H"&ROW())`:                           false,
		"OFFSET(A1,1,0)":                                false,
		"SUMIF(A1:A9,1,B1)":                             false, // it looks at B1:B9
		"SUM(A1:INDEX(A:A,5))":                          false,
		"SUM(INDEX(A:A,2):A9)":                          false,
		"SUM(A:C)+Sheet1!B:B":                           true,
		"ROUND(rat*G7,2)":                               false, // a short name is no cell
		"SUM(H13:H25)+tot":                              false,
		"z+A1":                                          false,
		"'[0]Calc'!A1":                                  false,
		"A1?+1":                                         false,
		"XFE1+1":                                        false,
		"XFD1048576":                                    true,
		"A1048577":                                      false,
		"合计+1":                                          false,
		"得分*rate":                                       false,
		"[1]Sheet1!A1":                                  false,
		"表1[得分]":                                        false,
		"SUM(A1#)":                                      false,
		"NOW()-A1":                                      false,
		"RAND()":                                        false,
		"MyFunction(A1)":                                false,
		`"unterminated`:                                 false,
		"'sheet!A1":                                     false,
	} {
		if got := IsTraceable(text); got != want {
			t.Errorf("%s: %t, want %t", text, got, want)
		}
	}
}
