package grid

import (
	"context"
	"strings"
	"unicode/utf8"

	"jixiaolint/schema/lang"
)

// ReadText reads tab-separated text: one table, one row a line, one cell a field.
// Blank fields are cells too, so that a finding can point at them.
func ReadText(ctx context.Context, file string, data []byte, limits Limits) *Document {
	limits = limits.WithDefaults()
	doc := &Document{File: file, Format: Text}
	refuse := func(line int, message, help lang.Text) *Document {
		doc.Problems = append(doc.Problems, Problem{
			Kind: Unreadable, Loc: Location{File: file, Line: line, Column: min(line, 1)}, Message: message, Help: help,
		})
		return doc
	}
	s := strings.TrimPrefix(string(data), "\ufeff")
	if strings.TrimSpace(s) == "" {
		return refuse(0, lang.T("文件是空的", "the file is empty"), lang.T("请确认导出是否成功，重新提交", "check the export and submit again"))
	}
	if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		return refuse(0, lang.T("文件不是 UTF-8 文本", "the file is not UTF-8 text"),
			lang.T("请另存为 UTF-8 编码的文本，或直接提交 .xlsx 文件", "save it as UTF-8 text, or submit the .xlsx file"))
	}
	table := &Table{Number: 1}
	cells := 0
	for i, line := range splitLines(s) {
		num := i + 1
		if num%1024 == 0 && ctx.Err() != nil {
			return refuse(num, lang.T("读取被中断", "reading was interrupted"), lang.Text{})
		}
		if strings.TrimSpace(line) == "" {
			continue
		}
		row := &Row{Num: num}
		column := 1
		for col, field := range strings.Split(line, "\t") {
			if cells++; cells > limits.Cells || num > limits.Rows || col >= limits.Columns {
				doc.Tables = append(doc.Tables, table)
				return refuse(num, lang.F("单元格过多：超过 %d 个", "too many cells: more than %d", limits.Cells),
					lang.T("请把文件拆成几份提交", "split the file and submit the parts"))
			}
			width := utf8.RuneCountInString(field)
			if len(field) > limits.TextLength {
				return refuse(num, lang.F("一个单元格的文字超过 %d 字节", "the text of one cell exceeds %d bytes", limits.TextLength),
					lang.T("请确认文件是否为自评表", "check that the file is a self-evaluation form"))
			}
			typ := String
			if strings.TrimSpace(field) == "" {
				typ = Blank
			}
			row.Cells = append(row.Cells, &Cell{
				Row: num, Col: col + 1, Text: field, Type: typ, Rows: 1, Cols: 1,
				Loc: Location{File: file, Line: num, Column: column},
			})
			column += width + 1
		}
		table.Rows = append(table.Rows, row)
	}
	doc.Tables = append(doc.Tables, table)
	return doc
}

// splitLines splits at \n, \r\n and \r, as the editors of all systems do.
func splitLines(s string) []string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Split(strings.ReplaceAll(s, "\r", "\n"), "\n")
}
