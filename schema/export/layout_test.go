package export

import (
	"testing"

	"jixiaolint/schema"
)

// Whatever a form's layout lacks, its boxes lie inside the page and apart from each
// other: overlapping merged cells make a workbook that Excel repairs by dropping them.
func TestBoxesDoNotOverlap(t *testing.T) {
	names := []string{
		"title", "year", "project", "department", "unit", "goal", "goal.actual", "total",
		"funds.initial", "funds.executed", "funds.weight", "funds.rate", "funds.score",
		colLevel1, colLevel2, colName, colTarget, "indicators.actual", colWeight, colScore, colExplanation,
	}
	for _, a := range names {
		for _, b := range names {
			for _, split := range []bool{false, true} {
				f := crowded(a, b)
				if split {
					f.Indicators[0].Parts = &schema.TargetParts{}
				}
				checkApart(t, lay(f), f.Lacks)
			}
		}
	}
	bare := crowded()
	bare.Indicators, bare.Placeholders = nil, nil
	checkApart(t, lay(bare), []string{"indicators"})
	bare.Funds = schema.Funds{}
	checkApart(t, lay(bare), []string{"indicators", "funds"})
}

// crowded is a form that fills nothing, so that what it lacks is left out, but has
// every kind of row.
func crowded(lacks ...string) *schema.Form {
	text := func(s string) schema.Field { return schema.Field{Text: s} }
	row := func(level1, level2 string) schema.Indicator {
		return schema.Indicator{Level1: text(level1), Level2: text(level2)}
	}
	f := &schema.Form{
		Heading: text("1."), Year: 2022, Lacks: lacks,
		Funds: schema.Funds{Rows: make([]schema.FundRow, 3)},
		Groups: []schema.Group{
			{Level1: "产出", Level2: "数量", Weight: text("20")},
			{Level1: "产出", Level2: "数量", Subtotal: true}, {Level1: "产出", Subtotal: true}, {Subtotal: true},
		},
		Indicators:   []schema.Indicator{row("产出", "数量"), row("产出", "数量"), row("产出", ""), row("", "质量"), row("产出", "数量")},
		Total:        schema.Total{Grade: text("优")},
		Remarks:      []schema.Remark{{Label: "备注"}, {}},
		Placeholders: make([]schema.Field, 2),
	}
	for _, l := range lacks {
		for i := range f.Indicators {
			switch l {
			case colLevel1:
				f.Indicators[i].Level1.Text = ""
			case colLevel2:
				f.Indicators[i].Level2.Text = ""
			}
		}
	}
	return f
}

func checkApart(t *testing.T, p *page, lacks []string) {
	t.Helper()
	taken := map[[2]int]string{}
	for _, b := range p.boxes {
		if b.rows < 1 || b.cols < 1 || b.col+b.cols-1 > len(p.widths) || b.row+b.rows-1 > p.rows {
			t.Errorf("lacking %v: box %+v leaves the page of %d×%d", lacks, b, p.rows, len(p.widths))
			continue
		}
		for r := b.row; r < b.row+b.rows; r++ {
			for c := b.col; c < b.col+b.cols; c++ {
				if other, ok := taken[[2]int{r, c}]; ok {
					t.Errorf("lacking %v: %q and %q share row %d, column %d", lacks, other, b.text, r, c)
				}
				taken[[2]int{r, c}] = b.text
			}
		}
	}
}
