package checks_test

import (
	"context"
	"os"
	"testing"

	"jixiaolint/checks"
	"jixiaolint/schema/intake"
)

// The parts of linting one small workbook, to be read side by side in one run: the
// suite of rules, and reading before it.
func BenchmarkForm(b *testing.B) {
	const name = "../fixtures/seeds/1-kouan.xlsx"
	data, err := os.ReadFile(name)
	if err != nil {
		b.Fatal(err)
	}
	ctx := context.Background()
	doc := intake.Read(ctx, name, data, intake.Options{})
	b.Run("read", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			intake.Read(ctx, name, data, intake.Options{})
		}
	})
	b.Run("schema", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := doc.Forms[0].Validate(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("rules", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			checks.Run(ctx, doc, checks.Options{})
		}
	})
}
