package report

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"jixiaolint/checks"
	"jixiaolint/schema/lang"
)

// browser starts a real browser, one for all the tests of a function. Without one the
// test says so.
func browser(t *testing.T) context.Context {
	t.Helper()
	if testing.Short() {
		t.Skip("short: the HTML report is not tried in a browser")
	}
	program := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			program = path
			break
		}
	}
	if program == "" {
		t.Skip("no chromium on this machine: the HTML report is not tried in a browser (apt-get install chromium)")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(program))
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("%s does not start: %v", program, err)
	}
	return ctx
}

// tab is a page in the browser, and what it complained about.
type tab struct {
	*testing.T
	ctx  context.Context
	mu   sync.Mutex
	said []string
}

// open shows a page in a tab of its own, after some preparation. When the test ends,
// nothing may have been written to the console, refused by the policy, or asked of the
// network.
func open(in context.Context, t *testing.T, content string, before ...chromedp.Action[chromedp.Void]) *tab {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(in)
	t.Cleanup(cancel)
	b := &tab{T: t, ctx: ctx}
	address := "file://" + file
	if err := chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventConsoleAPICalled:
			b.say("console: %v", e.Args)
		case *runtime.EventExceptionThrown:
			b.say("exception: %s", e.ExceptionDetails.Text)
		case *log.EventEntryAdded:
			b.say("log: %s %s", e.Entry.Level, e.Entry.Text)
		case *page.EventJavascriptDialogOpening:
			b.say("dialog: %s", e.Message)
		case *network.EventRequestWillBeSent:
			if e.Request.URL != address {
				b.say("request: %s", e.Request.URL)
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.EmulateViewport(1440, 900))
	b.do(before...)
	b.do(chromedp.Navigate(address))
	t.Cleanup(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, s := range b.said {
			t.Error(s)
		}
	})
	return b
}

func (b *tab) say(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.said = append(b.said, fmt.Sprintf(format, args...))
}

// patience is how long a page may take over one step on a busy machine.
const patience = 30 * time.Second

func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.Fatal(err)
	}
}

// ask evaluates an expression in the page.
func ask[V any](b *tab, expression string) V {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[V](expression))
	if err != nil {
		b.Fatalf("%s: %v", expression, err)
	}
	return v
}

// call sends a command of the browser's protocol.
func call[P, R any](b *tab, command cdp.Command[P, R], params P) R {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	r, err := chromedp.Call(ctx, command, params)
	if err != nil {
		b.Fatal(err)
	}
	return r
}

// before makes a command a preparation of a page.
func before[P, R any](command cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, command, params)
		return err
	})
}

// expect waits until an expression is true.
func (b *tab) expect(expression string) {
	b.Helper()
	for end := time.Now().Add(patience / 3); !ask[bool](b, expression); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			b.Fatalf("not so: %s\nthe status is %q", expression, ask[string](b, `document.getElementById("status").textContent`))
		}
	}
}

// visible is an expression that counts the elements that are shown.
func visible(selector string) string {
	return `[...document.querySelectorAll("` + selector + `")].filter((e) => e.checkVisibility()).length`
}

// shown is an expression that compares that number.
func shown(selector string, n int) string { return fmt.Sprintf("%s === %d", visible(selector), n) }

// inView is true when the target of the last link is on the screen, below the head.
const inView = `(() => {
	const to = document.querySelector(":target").getBoundingClientRect();
	return to.top >= head.getBoundingClientRect().bottom - 1 && to.top < innerHeight;
})()`

// tabTo presses the tab key until an element has the focus.
func (b *tab) tabTo(selector string) {
	b.Helper()
	for range 200 {
		if ask[bool](b, `document.activeElement.matches('`+selector+`')`) {
			if !ask[bool](b, `document.activeElement.matches(":focus-visible")`) {
				b.Errorf("the focus on %s is not shown", selector)
			}
			return
		}
		b.do(chromedp.KeyEvent(kb.Tab))
	}
	b.Fatalf("%s cannot be reached by the tab key", selector)
}

func browserReports(t *testing.T) []checks.FileReport {
	return []checks.FileReport{
		seed(t, "seeds/forms.xlsx"), seed(t, "correct/1-kouan.xlsx"), seed(t, "published/003.tsv"), seed(t, "broken/unreadable-file.xlsx"),
	}
}

// TestHTMLInBrowser tries the report in a real browser as its readers use it.
func TestHTMLInBrowser(t *testing.T) {
	in := browser(t)
	reports := browserReports(t)
	findings, errors, forms := 0, 0, 0
	for _, r := range reports {
		findings, errors, forms = findings+len(r.Findings), errors+r.Count(checks.Error), forms+len(r.Forms)
	}
	zh := render(t, HTML, Options{Lang: lang.ZH}, reports...)

	t.Run("shows everything, overview first", func(t *testing.T) {
		b := open(in, t, zh)
		b.expect(shown(".form", forms) + " && " + shown(".finding", findings))
		b.expect(`overview.getBoundingClientRect().bottom <= document.querySelector("main").getBoundingClientRect().top`)
		b.expect(`head.getBoundingClientRect().bottom <= overview.getBoundingClientRect().top + 1`)
		b.expect(fmt.Sprintf(`document.getElementById("status").textContent === "显示 %[1]d / %[1]d 张表，%[2]d / %[2]d 个问题"`, forms, findings))
	})

	t.Run("filters by keyboard", func(t *testing.T) {
		b := open(in, t, zh)
		b.tabTo(`[name=severity][value=warning]`)
		b.do(chromedp.KeyEvent(" "))
		b.tabTo(`[name=severity][value=note]`)
		b.do(chromedp.KeyEvent(" "))
		b.expect(shown(".finding", errors) + " && " + visible(".filed a.mark") + " === 2 * " + visible(".filed .finding a.mark"))
		b.expect(shown(".finding.warning, .finding.note, .filed a.mark.note", 0))
		b.tabTo(`[name=rule]`)
		b.do(chromedp.KeyEvent(kb.ArrowDown))
		b.expect(fmt.Sprintf(`document.querySelector("[name=rule]").value !== "" && %s < %d`, visible(".finding"), errors))
		b.tabTo(`[name=text]`)
		b.do(chromedp.KeyEvent("没有这样的项目"))
		b.expect(shown(".form, .file, .overview tbody tr", 0))
		b.tabTo(`button[type=reset]`)
		b.do(chromedp.KeyEvent(kb.Enter))
		b.expect(shown(".form", forms) + " && " + shown(".finding", findings))
		b.do(chromedp.Focus(chromedp.CSS(`[name=text]`)), chromedp.KeyEvent("疫情"))
		b.expect(shown(".form", 1) + " && " + shown(".overview tbody tr", 1))
	})

	t.Run("filters by unit and by problems", func(t *testing.T) {
		b := open(in, t, zh)
		ask[bool](b, `(document.querySelector("[name=unit]").value = "unit:某地县某地中学", filters.dispatchEvent(new Event("input")))`)
		b.expect(shown(".form", 1))
		b.do(chromedp.Click(chromedp.CSS(`button[type=reset]`)), chromedp.Click(chromedp.CSS(`[name=problems]`)))
		b.expect(shown(".form", forms-1) + " && " + shown(".file", len(reports)-1))
	})

	t.Run("unfolds the score card by keyboard", func(t *testing.T) {
		b := open(in, t, zh)
		b.expect(shown(".card", forms))
		b.expect(shown(".card table", 0))
		b.tabTo(".card summary")
		b.do(chromedp.KeyEvent(kb.Enter))
		b.expect(shown(".card table", 1))
	})

	t.Run("links lead where they say", func(t *testing.T) {
		b := open(in, t, zh)
		b.expect(`[...document.querySelectorAll("a")].every((a) => document.getElementById(a.hash.slice(1)))`)
		for _, from := range []string{`.overview tbody tr:nth-child(5) a`, `#f5 .filed .marked > a.mark`, `#f5 .filed .finding a.mark`, `#f5 .back a`} {
			b.do(chromedp.Focus(chromedp.CSS(from)), chromedp.KeyEvent(kb.Enter))
			b.expect(`location.hash === document.querySelector('` + from + `').hash`)
			b.expect(inView)
		}
	})

	t.Run("links lead far", func(t *testing.T) {
		b := open(in, t, render(t, HTML, Options{}, slices.Repeat([]checks.FileReport{seed(t, "published/003.tsv")}, 100)...))
		for _, from := range []string{`.overview tbody tr:nth-child(90) a`, `#f90 .filed .marked > a.mark`, `#f90 .filed .finding a.mark`} {
			b.do(chromedp.Focus(chromedp.CSS(from)), chromedp.KeyEvent(kb.Enter))
			b.expect(inView)
		}
	})

	t.Run("works without script", func(t *testing.T) {
		b := open(in, t, zh, before(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}))
		b.expect(shown(".form", forms) + " && " + shown(".finding", findings) + " && " + shown("#filters", 0))
		b.expect(`overview.getBoundingClientRect().bottom <= document.querySelector("main").getBoundingClientRect().top`)
		b.do(chromedp.Click(chromedp.CSS(`.overview tbody tr:nth-child(3) a`)))
		b.expect(`location.hash === "#f3"`)
	})

	t.Run("puts the overview first in an older browser", func(t *testing.T) {
		b := open(in, t, strings.Replace(zh, ` shadowrootmode="open"`, "", 1))
		b.expect(`!document.getElementById("page").shadowRoot`)
		b.expect(`overview.getBoundingClientRect().bottom <= document.querySelector("main").getBoundingClientRect().top`)
	})

	t.Run("hostile text stays text", func(t *testing.T) {
		// Each page holds every text in many places.
		for i := range 3 {
			report := hostile(t, func(n int) string { return hostileTexts[(i+n)%len(hostileTexts)] })
			b := open(in, t, render(t, HTML, Options{}, report))
			b.expect(`document.title === "绩效自评表检查报告" && document.scripts.length === 1 && document.images.length === 0`)
			b.expect(`[...document.querySelectorAll("*")].every((e) => e.getAttributeNames().every((n) => !n.startsWith("on") && n !== "style"))`)
			b.expect(`[...document.links].every((a) => a.getAttribute("href").startsWith("#"))`)
			b.expect(shown(".finding", len(report.Findings)))
			b.expect(`(document.querySelectorAll("td, th, a").forEach((e) => { e.dispatchEvent(new Event("mouseover")); e.focus(); }), document.title === "绩效自评表检查报告")`)
		}
	})

	t.Run("fits every width", func(t *testing.T) {
		b := open(in, t, zh)
		for _, width := range []int64{1920, 1440, 1024, 768, 400, 320} {
			b.do(chromedp.EmulateViewport(width, 900))
			b.expect(`document.documentElement.scrollWidth <= innerWidth`)
		}
	})

	t.Run("can be read in light and dark", func(t *testing.T) {
		for _, scheme := range []string{"light", "dark"} {
			b := open(in, t, zh, before(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: colorScheme(scheme)}))
			b.expect(`(document.querySelectorAll("details").forEach((d) => { d.open = true; }), true)`)
			for _, text := range ask[[]string](b, lowContrast) {
				t.Errorf("%s: %s", scheme, text)
			}
		}
	})

	t.Run("says what everything is", func(t *testing.T) {
		for l, content := range map[string]string{"zh-CN": zh, "en": render(t, HTML, Options{Lang: lang.EN}, reports...)} {
			b := open(in, t, content)
			b.expect(`document.documentElement.lang === "` + l + `"`)
			b.expect(`[...document.querySelectorAll("table")].every((t) => t.caption && t.querySelector("th[scope]"))`)
			named := 0
			for _, n := range call(b, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{}).Nodes {
				role := axText(n.Role)
				if n.Ignored || !slices.Contains([]string{"checkbox", "combobox", "searchbox", "button", "link", "table", "navigation", "article", "region", "form", "heading"}, role) {
					continue
				}
				if named++; axText(n.Name) == "" {
					t.Errorf("%s: a %s without a name", l, role)
				}
			}
			if named < findings {
				t.Errorf("%s: only %d names", l, named)
			}
		}
	})

	t.Run("prints on A4", func(t *testing.T) {
		b := open(in, t, zh, before(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print", Features: colorScheme("dark")}))
		b.expect(shown("#filters, .skip, .back", 0))
		b.expect(`[...document.querySelectorAll(".card table")].every((t) => t.getBoundingClientRect().height > 50)`)
		b.expect(`getComputedStyle(document.body).backgroundColor === "rgb(255, 255, 255)"`)
		pdf, err := chromedp.Run(b.ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize(), chromedp.PDFPrintBackground()))
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(pdf, []byte("/MediaBox [0 0 841.9")); n < forms || n != bytes.Count(pdf, []byte("/MediaBox")) {
			t.Errorf("%d of %d pages are A4 across", n, bytes.Count(pdf, []byte("/MediaBox")))
		}
	})
}

func colorScheme(value string) []*emulation.MediaFeature {
	return []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: value}}
}

func axText(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	return strings.Trim(string(v.Value), `" `)
}

// lowContrast lists the texts of the page whose contrast with their ground is below
// 4.5 : 1, each way of looking once.
const lowContrast = `(() => {
	const parse = (c) => (c.match(/[\d.]+/g) || []).map(Number);
	const light = ([r, g, b]) => {
		const f = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
		return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b);
	};
	const ground = (e) => {
		for (; e; e = e.parentElement) {
			const c = parse(getComputedStyle(e).backgroundColor);
			if (c.length === 3 || c[3] === 1) {
				return c;
			}
			if (c[3] !== 0) {
				return [NaN];
			}
		}
		return [NaN];
	};
	const low = new Set();
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walk.nextNode()) {
		const e = walk.currentNode.parentElement;
		if (!walk.currentNode.data.trim() || ["SCRIPT", "STYLE"].includes(e.tagName)) {
			continue;
		}
		const [a, b] = [light(parse(getComputedStyle(e).color)), light(ground(e))];
		const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		if (!(ratio >= 4.5)) {
			low.add(e.tagName + "." + e.className + " " + ratio.toFixed(2));
		}
	}
	return [...low];
})()`
