package custom

import (
	"testing"

	"jixiaolint/schema/lang"
)

// No condition and no form makes a rule panic, run on without end, or speak of its
// own failure unless it is out of steps.
func FuzzRule(f *testing.F) {
	for _, s := range []string{
		`item.score <= item.weight`, `present(item.explanation) or item.score / item.weight >= 0.9`,
		`agrees(form.total.score, form.funds.total.score + sum(filter(form.indicators, .part_of == ""), .score))`,
		`any(form.texts, .text matches "结余|结转")`, `item.level2 in ["成本指标", "数量指标"] ? 1 < 2 : not (form.year > 0)`,
		`any(map(form.indicators, .name), # == "a")`, `one(form.groups, .weight == round(mean(map(form.indicators, .weight)), 1))`, `len(item.name) > 3 and unit(item.actual) != "期"`,
		`max(1, abs(item.score - 2)) < min(map(form.funds.rows, .rate))`, `if form.year > 1 { true } else { false }`,
	} {
		f.Add(s, `{item.name} {item.score / 3}`, "9.5")
	}
	f.Fuzz(func(t *testing.T, assert, message, cell string) {
		r, err := Compile(Definition{
			Name: "x-rule", For: "indicators", Assert: assert, At: "item.score", Message: lang.T(message, message),
		})
		if err != nil {
			return
		}
		form := specimen(t)
		for _, field := range form.Fields() {
			if len(cell) > 0 && len(field.Text)%3 == 0 {
				field.Text = cell
			}
		}
		for _, f := range run(form, r).Findings {
			if len([]rune(f.Message.ZH)) > maxMessage+maxPlaceholders*maxShown {
				t.Errorf("a message of %d bytes", len(f.Message.ZH))
			}
		}
	})
}

// One custom rule over one form, with and without a finding, beside compiling it.
func BenchmarkRule(b *testing.B) {
	form := specimen(b)
	definition := Definition{
		Name: "over-fulfilment", For: "indicators", When: "item.actual >= 1.3 * item.target",
		Assert: "present(item.explanation)", At: "item.actual", Message: lang.T("{item.actual}", "{item.actual}"),
	}
	builder := &builder{definition: definition}
	rule := builder.rule()
	if builder.err != nil {
		b.Fatal(builder.err)
	}
	b.Run("run", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			e := newEnv(form, maxSteps)
			rule.rows(&e.form, func(item object) bool {
				e.item = item
				return rule.when(e) != yes || rule.assert(e) != no
			})
		}
	})
	b.Run("compile", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Compile(definition); err != nil {
				b.Fatal(err)
			}
		}
	})
}
