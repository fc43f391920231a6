package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func runQuietly(b *testing.B, args ...string) {
	c := &Command{In: bytes.NewReader(nil), Out: io.Discard, Err: io.Discard, Env: func(string) string { return "" }}
	if status := c.Main(b.Context(), args); status > exitProblems {
		b.Fatalf("status %d", status)
	}
}

// One form from arguments to report, in each format.
func BenchmarkOneForm(b *testing.B) {
	root := filepath.Join("..", "..", "fixtures")
	for _, name := range []string{"seeds/1-kouan.xlsx", "correct/1-kouan.xlsx", "correct/1-kouan.txt", "correct/1-kouan.json"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				runQuietly(b, filepath.Join(root, name))
			}
		})
	}
}

// A thousand small workbooks, as they arrive at a county finance bureau.
func BenchmarkFolder(b *testing.B) {
	data, err := os.ReadFile(filepath.Join("..", "..", "fixtures", "seeds", "1-kouan.xlsx"))
	if err != nil {
		b.Fatal(err)
	}
	dir := b.TempDir()
	for i := range 1000 {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%04d.xlsx", i)), data, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	for _, format := range []string{"text", "json"} {
		b.Run(format, func(b *testing.B) {
			for b.Loop() {
				runQuietly(b, "-f", format, dir)
			}
		})
	}
}
