package intake

import (
	"bytes"
	"encoding/json"
	"slices"
	"unicode/utf8"

	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

// readJSON reads canonical JSON: one document, or one a line.
func readJSON(name string, data []byte, limits grid.Limits) *schema.Document {
	doc := decodeJSON(name, data, limits)
	doc.Unrelated = !slices.ContainsFunc([]string{`"indicators"`, `"funds"`, `"goal"`, "绩效"}, func(word string) bool {
		return bytes.Contains(data, []byte(word))
	}) && utf8.Valid(data)
	return doc
}

// decodeJSON reads one document, or one a line, in any of the usual encodings.
func decodeJSON(name string, data []byte, limits grid.Limits) *schema.Document {
	data = bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))
	if !utf8.Valid(data) {
		// Editors of Windows save JSON as UTF-16 and GBK as they do any text. Where the
		// text is damaged, Decode says so.
		if text, problem := grid.DecodeText(name, data); problem == nil && !bytes.ContainsRune(text, utf8.RuneError) {
			data = text
		}
	}
	if isOneOf(extension(name), ".ndjson", ".jsonl") || isLines(data) {
		return readLines(name, data, limits)
	}
	return schema.Decode(name, data, limits)
}

// isLines reports whether data holds several JSON objects, one a line.
func isLines(data []byte) bool {
	first, rest, _ := bytes.Cut(bytes.TrimLeft(data, " \t\r\n"), []byte("\n"))
	rest = bytes.TrimLeft(rest, " \t\r\n")
	return len(first) > 0 && first[0] == '{' && len(rest) > 0 && rest[0] == '{' && json.Valid(first)
}

// readLines reads newline-delimited JSON. A line that is no document is reported and
// does not hide the others.
func readLines(name string, data []byte, limits grid.Limits) *schema.Document {
	lines := bytes.Split(data, []byte("\n"))
	if len(lines) > limits.Rows {
		return unreadable(name, lang.F("行数过多：超过 %d 行", "too many lines: more than %d", limits.Rows),
			lang.T("请把文件拆成几份提交", "split the file and submit the parts"))
	}
	doc := &schema.Document{File: name, Format: grid.JSON}
	good := 0
	for i, line := range lines {
		switch s := bytes.TrimSpace(line); {
		case len(s) == 0:
			continue
		case s[0] == '{' && json.Valid(s):
			good++
			continue
		case json.Valid(s):
			doc.Problems = append(doc.Problems, notForm(name, i+1, len(line)-len(bytes.TrimLeft(line, " \t\r"))+1))
		default:
			doc.Problems = append(doc.Problems, lineProblems(name, i+1, line, limits)...)
		}
		lines[i] = nil
	}
	if good == 0 {
		if len(doc.Problems) == 0 {
			return schema.Decode(name, data, limits) // which says that it is empty
		}
		return doc
	}
	forms, problems := decodeLines(name, lines, limits)
	if len(problems) > 0 {
		// A line breaks a rule that only Decode knows (a property given twice, say).
		// Which one it is can be told by decoding each by itself.
		for i, line := range lines {
			if p := lineProblems(name, i+1, line, limits); len(p) > 0 {
				doc.Problems = append(doc.Problems, p...)
				lines[i] = nil
			}
		}
		forms, problems = decodeLines(name, lines, limits)
	}
	doc.Forms = forms
	doc.Problems = append(doc.Problems, problems...)
	slices.SortStableFunc(doc.Problems, func(a, b schema.Problem) int { return a.At.At.Compare(b.At.At) })
	return doc
}

// decodeLines decodes the lines that are not blank, keeping the place of every value
// in the file. All lines but the first become one JSON array that takes up the same
// lines: it opens in the first line, and its commas stand at the ends. The first line
// is decoded by itself, since a bracket before it would move its columns.
func decodeLines(name string, lines [][]byte, limits grid.Limits) ([]*schema.Form, []schema.Problem) {
	var forms []*schema.Form
	var problems []schema.Problem
	if len(bytes.TrimSpace(lines[0])) > 0 {
		doc := schema.Decode(name, lines[0], limits)
		forms, problems = doc.Forms, doc.Problems
	}
	array := []byte{'['}
	last := 0
	for i, line := range lines[1:] {
		array = append(array, '\n')
		if len(bytes.TrimSpace(line)) > 0 {
			array = append(array, line...)
			array = append(array, ',')
			last = i + 1
		}
	}
	if last == 0 {
		return forms, problems
	}
	array[bytes.LastIndexByte(array, ',')] = ']'
	doc := schema.Decode(name, array, limits)
	return append(forms, doc.Forms...), append(problems, doc.Problems...)
}

// lineProblems gives what keeps a line from being a document, placed in the file.
func lineProblems(name string, num int, line []byte, limits grid.Limits) []schema.Problem {
	if len(bytes.TrimSpace(line)) == 0 {
		return nil
	}
	problems := schema.Decode(name, line, limits).Problems
	for i := range problems {
		p := &problems[i]
		p.At.At.Line = num
		if p.At.Row != nil {
			p.At.Row.Num = num
			for _, c := range p.At.Row.Cells {
				c.Row, c.Loc.Line = num, num
			}
		}
	}
	return problems
}

// notForm reports a line that holds another JSON value than an object.
func notForm(name string, line, column int) schema.Problem {
	return schema.Problem{
		Rule:    schema.RuleUnreadableFile,
		At:      schema.Field{At: grid.Location{File: name, Line: line, Column: column}},
		Message: lang.T("这一行不是自评表对象", "this line is no form object"),
		Help:    lang.T("每行应是一份完整的规范 JSON 文档", "every line should be one complete canonical JSON document"),
	}
}
