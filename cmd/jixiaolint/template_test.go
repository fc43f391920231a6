package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jixiaolint/schema"
)

// A text that no cell holds is refused in the language of the user, and leaves no file.
func TestTextTooLongForACell(t *testing.T) {
	f := &schema.Form{Kind: schema.Project, Year: 2025}
	f.Goal.Expected.Text = strings.Repeat("a", 40000)
	dir := t.TempDir()
	form, out := filepath.Join(dir, "form.json"), filepath.Join(dir, "out.xlsx")
	if err := os.WriteFile(form, schema.Encode([]*schema.Form{f}), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"template", "--from", form, "-o", out}, {"convert", form, "-o", out}} {
		for language, want := range map[string]string{"zh": "的文字超过 32767 个字符", "en": "longer than the 32767 characters"} {
			r := newRun()
			status := r.Main(t.Context(), append([]string{"--lang", language}, args...))
			if status != exitFailure || !strings.Contains(r.err.String(), want) {
				t.Errorf("%s in %s: status %d: %s", args[0], language, status, r.err.String())
			}
			if _, err := os.Stat(out); err == nil {
				t.Fatalf("%s left a file", args[0])
			}
		}
	}
}
