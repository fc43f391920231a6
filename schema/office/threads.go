package office

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"jixiaolint/schema/grid"
)

// Excel since 2018 keeps conversations on cells in parts of their own, and shows nothing of
// the plain comment that stands for one in older programs. A comment on such a cell is a
// reply in its conversation, besides.

// authorID is the identity of the author of replies in every workbook.
const authorID = "{6A697869-616F-4C49-8E54-000000000001}"

// thread is a conversation: its first comment.
type thread struct{ id, time string }

// reply puts the comments on cells with a conversation into it.
func (e *sheetEdit) reply(part string, commented []place) error {
	persons, err := e.w.relations(e.w.part)
	if err != nil {
		return err
	}
	people := partOf(persons, "person")
	if people == "" || !e.w.has(people) {
		return nil // nobody has an identity there, and none is made up
	}
	threads, err := e.threads(part)
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, p := range commented {
		if t, ok := threads[p]; ok {
			ref, text := grid.CellName(p.col, p.row), plainText(e.marks[p].Comment)
			fmt.Fprintf(&b, `<threadedComment ref="%s" dT="%s" personId="%s" id="%s" parentId="%s"><text>%s</text></threadedComment>`,
				ref, escape(t.time), authorID, guid(part, ref, text), escape(t.id), cellText(text))
		}
	}
	if b.Len() == 0 {
		return nil
	}
	if err := e.w.append(part, b.String()); err != nil {
		return err
	}
	src, err := e.w.pack.read(people)
	if err != nil || strings.Contains(string(src), authorID) {
		return err
	}
	return e.w.append(people, `<person displayName="`+Author+`" id="`+authorID+`" userId="`+Author+`" providerId="None"/>`)
}

// threads gives the conversations of a part by the cells that they are on.
func (e *sheetEdit) threads(part string) (map[place]thread, error) {
	src, err := e.w.pack.read(part)
	if err != nil {
		return nil, err
	}
	threads := map[place]thread{}
	err = scan(src, func(t *tag, _ []string) error {
		if t.end || t.depth != 2 || t.local != "threadedComment" || t.attr("parentId") != "" || t.attr("id") == "" {
			return nil
		}
		if at, ok := parsePlace(t.attr("ref")); ok {
			threads[at] = thread{id: t.attr("id"), time: t.attr("dT")}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", part, err)
	}
	return threads, nil
}

// plainText gives a comment as the text of a reply, which has no format.
func plainText(paragraphs []Paragraph) string {
	lines := make([]string, 0, len(paragraphs))
	length := 0
	for _, p := range paragraphs {
		if length += utf16Len(p.Heading) + utf16Len(p.Text) + 1; length > maxComment {
			lines = append(lines, "…")
			break
		}
		lines = append(lines, p.Heading+p.Text)
	}
	return strings.Join(lines, "\n")
}

// guid makes an identity of what it is for, so that the same workbook gives the same
// bytes.
func guid(parts ...string) string {
	h := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return fmt.Sprintf("{%X-%X-%X-%X-%X}", h[:4], h[4:6], h[6:8], h[8:10], h[10:16])
}
