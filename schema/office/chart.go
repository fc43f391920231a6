package office

import (
	"fmt"
	"strconv"
	"strings"
)

// Chart is a chart of horizontal bars: a bar for each category, made of the values of
// the series one behind the other.
type Chart struct {
	Title      string
	Categories Range
	Series     []Series
	// From and To are the 0-based corners of the place that the chart takes on its
	// sheet: column and row.
	From, To [2]int
}

// Series is one part of the bars of a chart.
type Series struct {
	Name, Color string
	// Colors are the colours of single bars, where they differ.
	Colors []string
	Values Range
}

// Range is a column of cells, and what they hold.
type Range struct {
	Ref   string // 'Sheet 1'!$B$3:$B$9
	Texts []string
}

const (
	nsChart   = "http://schemas.openxmlformats.org/drawingml/2006/chart"
	nsDrawing = "http://schemas.openxmlformats.org/drawingml/2006/main"
)

// drawing places the charts of a sheet.
func drawing(charts []Chart) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" +
		`<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:a="` + nsDrawing + `">`)
	for i, c := range charts {
		fmt.Fprintf(&b, `<xdr:twoCellAnchor><xdr:from><xdr:col>%d</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>%d</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>`+
			`<xdr:to><xdr:col>%d</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>%d</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>`, c.From[0], c.From[1], c.To[0], c.To[1])
		fmt.Fprintf(&b, `<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="%d" name="%s"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>`+
			`<xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData uri="%s">`+
			`<c:chart xmlns:c="%[3]s" xmlns:r="%s" r:id="rId%d"/></a:graphicData></a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:twoCellAnchor>`,
			i+2, escape(c.Title), nsChart, nsRelations, i+1)
	}
	b.WriteString(`</xdr:wsDr>`)
	return b.String()
}

func chartText(tag, text string, size int, bold bool) string {
	b := "0"
	if bold {
		b = "1"
	}
	props := fmt.Sprintf(`sz="%d" b="%s"><a:solidFill><a:srgbClr val="404040"/></a:solidFill><a:latin typeface="%[3]s"/><a:ea typeface="%[3]s"/>`, size, b, fontName)
	if text == "" {
		return `<c:` + tag + `><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr ` + props + `</a:defRPr></a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:` + tag + `>`
	}
	return `<c:` + tag + `><c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr ` + props + `</a:defRPr></a:pPr><a:r><a:rPr lang="zh-CN" ` +
		props + `</a:rPr><a:t>` + escape(text) + `</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:` + tag + `>`
}

func fillOf(color string) string {
	return `<a:solidFill><a:srgbClr val="` + color + `"/></a:solidFill>`
}

// xml writes the chart's part; n tells the axes of several charts apart.
func (c *Chart) xml(n int) string {
	category, value := strconv.Itoa(100+2*n), strconv.Itoa(101+2*n)
	var b strings.Builder
	// One series alone has its figures behind the bars, and needs no legend.
	grouping, overlap, labelPlace := "clustered", "0", `<c:dLblPos val="outEnd"/>`
	legend, label := "", "0;;"
	if len(c.Series) > 1 {
		label = fmt.Sprintf("[>=%d]0;;", c.leastLabel())
		grouping, overlap, labelPlace = "stacked", "100", `<c:dLblPos val="ctr"/>`
		legend = `<c:legend><c:legendPos val="b"/><c:overlay val="0"/>` + chartText("txPr", "", 900, false) + `</c:legend>`
	}
	b.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" +
		`<c:chartSpace xmlns:c="` + nsChart + `" xmlns:a="` + nsDrawing + `" xmlns:r="` + nsRelations + `"><c:roundedCorners val="0"/><c:chart>` +
		chartText("title", c.Title, 1200, true) +
		`<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/><c:barChart><c:barDir val="bar"/><c:grouping val="` + grouping + `"/><c:varyColors val="0"/>`)
	for i, s := range c.Series {
		fmt.Fprintf(&b, `<c:ser><c:idx val="%[1]d"/><c:order val="%[1]d"/><c:tx><c:v>%[2]s</c:v></c:tx><c:spPr>%[3]s</c:spPr><c:invertIfNegative val="0"/>`,
			i, escape(s.Name), fillOf(s.Color))
		for j, color := range s.Colors {
			fmt.Fprintf(&b, `<c:dPt><c:idx val="%d"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/><c:spPr>%s</c:spPr></c:dPt>`, j, fillOf(color))
		}
		b.WriteString(`<c:dLbls><c:numFmt formatCode="` + escape(label) + `" sourceLinked="0"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>` + chartText("txPr", "", 800, false) + labelPlace +
			`<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>`)
		b.WriteString(`<c:cat><c:strRef>` + c.Categories.cache("strCache", "") + `</c:strRef></c:cat><c:val><c:numRef>` +
			s.Values.cache("numCache", "<c:formatCode>General</c:formatCode>") + `</c:numRef></c:val></c:ser>`)
	}
	b.WriteString(`<c:gapWidth val="` + strconv.Itoa(c.gap()) + `"/><c:overlap val="` + overlap + `"/><c:axId val="` + category + `"/><c:axId val="` + value + `"/></c:barChart>`)
	line := `<c:spPr><a:ln w="6350">` + fillOf("BFBFBF") + `</a:ln></c:spPr>`
	b.WriteString(`<c:catAx><c:axId val="` + category + `"/><c:scaling><c:orientation val="maxMin"/></c:scaling><c:delete val="0"/><c:axPos val="l"/>` +
		`<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>` + line + chartText("txPr", "", 900, false) +
		`<c:crossAx val="` + value + `"/><c:crosses val="autoZero"/><c:auto val="1"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="0"/></c:catAx>`)
	b.WriteString(`<c:valAx><c:axId val="` + value + `"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling><c:delete val="1"/><c:axPos val="t"/>` +
		`<c:numFmt formatCode="0" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>` +
		`<c:crossAx val="` + category + `"/><c:crosses val="autoZero"/><c:crossBetween val="between"/></c:valAx>`)
	b.WriteString(`<c:spPr><a:noFill/></c:spPr></c:plotArea>` + legend +
		`<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart><c:spPr>` + fillOf("FFFFFF") + `<a:ln w="6350">` + fillOf("D9D9D9") + `</a:ln></c:spPr></c:chartSpace>`)
	return b.String()
}

// gap gives the room between bars, in per cent of their thickness: a few bars are not
// made thicker than many.
func (c *Chart) gap() int {
	const least, most, full = 45, 500, 12
	n := max(1, len(c.Categories.Texts))
	return min(max(least, (100+least)*full/n-100), most)
}

// leastLabel gives the least figure that a part of a bar has room for: a twentieth of
// the longest bar.
func (c *Chart) leastLabel() int {
	longest := 0
	for i := range c.Categories.Texts {
		sum := 0
		for _, s := range c.Series {
			if i < len(s.Values.Texts) {
				n, _ := strconv.Atoi(s.Values.Texts[i])
				sum += n
			}
		}
		longest = max(longest, sum)
	}
	return max(1, longest/20)
}

// cache writes a range with what its cells hold, which is shown until the chart is
// drawn anew.
func (r *Range) cache(kind, format string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<c:f>%s</c:f><c:%s>%s<c:ptCount val="%d"/>`, escape(r.Ref), kind, format, len(r.Texts))
	for i, t := range r.Texts {
		fmt.Fprintf(&b, `<c:pt idx="%d"><c:v>%s</c:v></c:pt>`, i, escape(t))
	}
	b.WriteString(`</c:` + kind + `>`)
	return b.String()
}
