package grid

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// TestHTMLAgreesWithBrowsers holds the reader of tokens to the tree that html.Parse
// builds, by the rules of browsers, of tables with missing and stray tags.
func TestHTMLAgreesWithBrowsers(t *testing.T) {
	tags := []string{"<table>", "<table>", "</table>", "<tr>", "<tr>", "<tr>", "</tr>", "<td>", "<td>", "<td>", "<td>", "<td>", "<th>", "</td>", "</th>",
		"<thead>", "<tbody>", "</tbody>", "<tfoot>", "<p>", "</p>", "<div>", "</div>", "<b>", "</b>", "<br>", "<colgroup>"}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		var b strings.Builder
		for i := range rng.IntN(30) {
			b.WriteString(tags[rng.IntN(len(tags))])
			if rng.IntN(3) == 0 {
				b.WriteString(string(rune('a' + i)))
			}
		}
		page := b.String()
		root, err := html.Parse(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		var want strings.Builder
		browserTables(root, &want)
		if got := readTables(ReadHTML(t.Context(), "f", []byte(page), Limits{})); got != want.String() {
			t.Fatalf("%s\ngot\n%swant\n%s", page, got, want.String())
		}
	}
}

// readTables writes the cells that were read, row by row, without white space.
func readTables(d *Document) string {
	var b strings.Builder
	for _, table := range d.Tables {
		for _, r := range table.Rows {
			if r.Num == 0 {
				continue
			}
			fmt.Fprintf(&b, "%d.%d", table.Number, r.Num)
			for _, c := range r.Cells {
				b.WriteString(" " + strings.Join(strings.Fields(c.Text), "") + "|")
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// browserTables writes the same from a tree.
func browserTables(root *html.Node, b *strings.Builder) {
	number := 0
	for n := range root.Descendants() {
		if n.DataAtom != atom.Table {
			continue
		}
		number++
		row := 0
		for r := range n.Descendants() {
			if r.DataAtom != atom.Tr || tableOf(r) != n {
				continue
			}
			row++
			var cells []string
			for c := range r.ChildNodes() {
				if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
					cells = append(cells, ownText(c, n))
				}
			}
			if len(cells) > 0 {
				fmt.Fprintf(b, "%d.%d %s|\n", number, row, strings.Join(cells, "| "))
			}
		}
	}
}

// tableOf gives the table that a node stands in.
func tableOf(n *html.Node) *html.Node {
	for a := range n.Ancestors() {
		if a.DataAtom == atom.Table {
			return a
		}
	}
	return nil
}

// ownText gives the text of a cell without that of tables inside of it.
func ownText(cell, table *html.Node) string {
	var b strings.Builder
	for n := range cell.Descendants() {
		if n.Type == html.TextNode && tableOf(n) == table {
			b.WriteString(n.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), "")
}
