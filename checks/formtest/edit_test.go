package formtest_test

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"jixiaolint/checks/formtest"
	"jixiaolint/schema"
	"jixiaolint/schema/edit"
)

// TestEditedLayouts holds that in every layout that forms are filed in, scores can be
// edited, and that the form reads as before but for them.
func TestEditedLayouts(t *testing.T) {
	for _, l := range formtest.Layouts() {
		t.Run(l.Name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(3, 3))
			for range 3 {
				data, err := l.Write(rng, []*schema.Form{formtest.Correct(rng)})
				if err != nil {
					t.Fatal(err)
				}
				form := l.Read(data).Forms[0]
				var edits []edit.Edit
				for i, ind := range form.Indicators {
					if i%3 == rng.IntN(3) && ind.Score.Text != "" {
						edits = append(edits, edit.Edit{At: ind.Score.At, From: ind.Score.Text, To: other(ind.Score.Text)})
					}
				}
				out, refused, err := edit.Apply(context.Background(), l.File, data, edits, edit.Options{})
				if err != nil || len(refused) > 0 {
					t.Fatal(refused, err)
				}
				again := l.Read(out).Forms[0]
				n := 0
				for i := range again.Indicators {
					old, now := &form.Indicators[i].Score, &again.Indicators[i].Score
					if n < len(edits) && old.At == edits[n].At {
						if now.Text != edits[n].To {
							t.Errorf("%s: %q, want %q", old.At, now.Text, edits[n].To)
						}
						n++
						now.Text = old.Text
					}
				}
				if n != len(edits) || canonical(t, form) != canonical(t, again) {
					t.Errorf("the form reads otherwise:\n%s\nwas\n%s", canonical(t, again), canonical(t, form))
				}
			}
		})
	}
}

// other gives a figure of the same length.
func other(figure string) string {
	i := strings.IndexAny(figure, "123456789")
	if i < 0 {
		return figure + "1"
	}
	return figure[:i] + string('1'+(figure[i]-'1'+1)%9) + figure[i+1:]
}

func canonical(t *testing.T, f *schema.Form) string {
	t.Helper()
	var doc any
	if err := json.Unmarshal(schema.Encode([]*schema.Form{f}), &doc); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
