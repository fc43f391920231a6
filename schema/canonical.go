package schema

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// Canonical gives the form as its canonical document: a tree of map[string]any,
// []any and string, ready for JSON or for validation. What is absent or blank in
// the form is absent from the document.
func (f *Form) Canonical() map[string]any {
	doc := object{"version": json.Number("1"), "kind": string(f.Kind)}
	if f.Kind == "" {
		doc["kind"] = string(Project)
	}
	doc.field("heading", f.Heading)
	doc.field("title", f.Title)
	if f.Year != 0 {
		doc["year"] = json.Number(strconv.Itoa(f.Year))
	}
	doc.field("project", f.Project)
	if f.Department.Filled() {
		d := object{}
		d.text("name", f.DepartmentName)
		d.text("code", f.DepartmentCode)
		doc["department"] = map[string]any(d)
	}
	doc.field("unit", f.Unit)
	doc.child("funds", f.Funds.canonical())
	goal := object{}
	goal.field("expected", f.Goal.Expected)
	goal.field("actual", f.Goal.Actual)
	doc.child("goal", goal)
	doc.list("groups", len(f.Groups), func(i int) object { return f.Groups[i].canonical() })
	doc.list("indicators", len(f.Indicators), func(i int) object { return f.Indicators[i].canonical() })
	total := object{}
	total.field("weight", f.Total.Weight)
	total.field("score", f.Total.Score)
	total.field("grade", f.Total.Grade)
	if len(total) > 0 || f.Total.Label.Present() {
		doc["total"] = map[string]any(total)
	}
	doc.list("remarks", len(f.Remarks), func(i int) object {
		o := object{}
		o.text("label", f.Remarks[i].Label)
		o.field("text", f.Remarks[i].Text)
		return o
	})
	doc.texts("placeholders", len(f.Placeholders), func(i int) string { return f.Placeholders[i].Text })
	doc.texts("lacks", len(f.Lacks), func(i int) string { return f.Lacks[i] })
	return doc
}

func (f *Funds) canonical() object {
	o := object{}
	o.text("currency_unit", f.CurrencyUnit)
	o.field("header_amount", f.HeaderAmount)
	o.field("weight", f.Weight)
	o.list("rows", len(f.Rows), func(i int) object {
		r, row := &f.Rows[i], object{}
		row["role"] = string(r.Role)
		row.field("label", r.Label)
		row.field("initial", r.Initial)
		row.field("adjusted", r.Adjusted)
		row.field("executed", r.Executed)
		row.field("weight", r.Weight)
		row.field("rate", r.Rate)
		row.field("score", r.Score)
		row.field("explanation", r.Explanation)
		row.text("part_of", r.PartOf)
		if r.RateHeader {
			row["rate_in_percent"] = true
		}
		return row
	})
	return o
}

func (g *Group) canonical() object {
	o := object{}
	o.text("level1", g.Level1)
	o.text("level2", g.Level2)
	o.field("weight", g.Weight)
	o.field("score", g.Score)
	if g.Subtotal {
		o["subtotal"] = true
	}
	return o
}

func (r *Indicator) canonical() object {
	o := object{}
	o.field("level1", r.Level1)
	o.field("level2", r.Level2)
	o.field("name", r.Name)
	o.field("target", r.Target)
	if p := r.Parts; p != nil {
		parts := object{}
		parts.field("operator", p.Operator)
		parts.field("value", p.Value)
		parts.field("unit", p.Unit)
		o.child("target_parts", parts)
	}
	o.field("actual", r.Actual)
	o.field("weight", r.Weight)
	o.field("score", r.Score)
	o.field("explanation", r.Explanation)
	o.text("part_of", r.PartOf)
	return o
}

// object is a JSON object under construction, to which empty things are not added.
type object map[string]any

func (o object) text(key, s string) {
	if s != "" {
		o[key] = s
	}
}

func (o object) field(key string, f Field) {
	if f.Filled() {
		o[key] = f.Text
	}
}

func (o object) child(key string, c object) {
	if len(c) > 0 {
		o[key] = map[string]any(c)
	}
}

func (o object) list(key string, n int, item func(int) object) {
	if n == 0 {
		return
	}
	items := make([]any, n)
	for i := range items {
		items[i] = map[string]any(item(i))
	}
	o[key] = items
}

func (o object) texts(key string, n int, item func(int) string) {
	if n == 0 {
		return
	}
	items := make([]any, n)
	for i := range items {
		items[i] = item(i)
	}
	o[key] = items
}

// keyOrder is the order of properties in written documents, the order of the form.
var keyOrder = []string{
	"version", "kind", "heading", "title", "year", "project", "department", "operator", "value", "unit",
	"funds", "currency_unit", "header_amount", "role", "label", "initial", "adjusted", "executed",
	"goal", "expected", "groups", "indicators", "level1", "level2", "name", "code", "target",
	"target_parts", "actual", "weight", "rate", "score", "rate_in_percent", "subtotal",
	"explanation", "part_of", "rows", "total", "grade", "remarks", "text", "placeholders", "lacks",
}

// Encode writes forms as canonical JSON: one object for one form, an array for
// several, indented, properties in the order of the form.
func Encode(forms []*Form) []byte {
	var b bytes.Buffer
	if len(forms) == 1 {
		writeValue(&b, forms[0].Canonical(), "")
	} else {
		items := make([]any, len(forms))
		for i, f := range forms {
			items[i] = f.Canonical()
		}
		writeValue(&b, items, "")
	}
	b.WriteByte('\n')
	return b.Bytes()
}

func writeValue(b *bytes.Buffer, v any, indent string) {
	inner := indent + "  "
	switch v := v.(type) {
	case map[string]any:
		b.WriteByte('{')
		first := true
		for _, key := range keyOrder {
			item, ok := v[key]
			if !ok {
				continue
			}
			separate(b, &first, inner)
			writeString(b, key)
			b.WriteString(": ")
			writeValue(b, item, inner)
		}
		b.WriteString("\n" + indent + "}")
	case []any:
		b.WriteByte('[')
		first := true
		for _, item := range v {
			separate(b, &first, inner)
			writeValue(b, item, inner)
		}
		b.WriteString("\n" + indent + "]")
	case string:
		writeString(b, v)
	case bool:
		b.WriteString(strconv.FormatBool(v))
	case json.Number:
		b.WriteString(v.String())
	}
}

func separate(b *bytes.Buffer, first *bool, indent string) {
	if !*first {
		b.WriteByte(',')
	}
	*first = false
	b.WriteString("\n" + indent)
}

// writeString writes a JSON string, keeping < > & as they are.
func writeString(b *bytes.Buffer, s string) {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		panic("a string always encodes: " + err.Error())
	}
	b.Truncate(b.Len() - 1) // the encoder's newline
}
