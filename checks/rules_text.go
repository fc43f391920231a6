package checks

import (
	"html"
	"iter"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

var textRules = []*Rule{
	{
		Name: "html-tag-left", Group: GroupText, Severity: Warning, Fix: Safe, Since: "0.1",
		Title: lang.T("网页标记没有清除", "markup was left in the text"),
		What:  lang.T("文字里留着 <p>、<br>、&nbsp; 之类的网页标记。每格报一次。", "The text holds HTML tags or entities (<p>, <br>, &nbsp;). One finding a cell."),
		Why:   lang.T("标记会原样印在公开的表上。", "The tags are printed on the published form."),
		How: lang.T("删去标记；从网页系统复制时用“只保留文本”粘贴。",
			"Delete the markup; paste as plain text when copying from a web system."),
		Basis: []string{"practice"},
		Wrong: Example{{"/goal/expected", "<p>举办业务培训不少于20期，开展现场检查不少于50次。</p>"}},
		Right: Example{},
		Check: func(p *Pass) {
			for kind, f := range p.texts(markupMark) {
				tag := reTag.FindString(f.Text)
				if tag == "" {
					continue
				}
				finding := Finding{
					At: *f, Found: tag, Fix: p.withoutTags(kind, *f),
					Message: lang.F("文字里留着网页标记 %[1]s", "the text holds the markup %[1]s", tag),
				}
				if finding.Fix == nil {
					finding.Help = lang.T("只删标记会改变数字（10<sup>4</sup> 变成 104），请人工改正", "deleting the tags alone would change a figure (10<sup>4</sup> would read 104): correct it by hand")
				}
				p.Report(finding)
			}
		},
	},
	{
		Name: "duplicate-adjacent-phrase", Group: GroupText, Severity: Warning, Fix: Unsafe, Since: "0.1",
		Title: lang.T("词语重复", "a phrase is repeated at once"),
		What: lang.T("引号里的词语紧接着重复一遍（“开门红”“开门红”），或三个以上汉字紧接着重复（加强监管加强监管），或整句粘贴了两遍。每格报一次。",
			"A quoted phrase (“开门红”“开门红”), a run of three or more Han characters, or whole clauses stand twice in a row. One finding a cell."),
		Why: lang.T("多半是笔误：或多写了一遍，或第二个本应是另一个词。", "Mostly a slip: written twice, or the second was to be another word."),
		How: lang.T("删去多出的一遍，或把第二个改成本来要写的词。专名、口号本来就重复的可以忽略。",
			"Delete the repetition, or replace it by the word that was meant. Leave it in names and slogans that repeat a word."),
		Basis: []string{"S18"},
		Uses:  []string{"/text/repeat_min_chars"},
		Wrong: Example{{"/goal/expected", "举办业务培训业务培训不少于20期，开展现场检查不少于50次。"}},
		Right: Example{},
		Check: func(p *Pass) {
			for kind, f := range p.texts(0) {
				if kind == targetText || kind == actualText {
					continue
				}
				phrase, text, ok := repeatedPhrase(f.Text, p.Profile.Text.RepeatMinChars)
				if !ok {
					continue
				}
				p.Report(Finding{
					At: *f, Found: phrase, Fix: replace(Unsafe, *f, text),
					Message: lang.F("“%[1]s”连着写了两遍", "%[1]q stands twice in a row", strings.Trim(phrase, "“”")),
					Help:    lang.T("请删去一个，或改成原本要写的词（如“开门红”“全年红”）", "delete one, or put the word that was meant"),
				})
			}
		},
	},
	{
		Name: "traditional-char-mixed", Group: GroupText, Severity: Warning, Fix: Safe, Since: "0.1",
		Title: lang.T("简体文字里夹着繁体字", "traditional characters in a simplified text"),
		What: lang.T("简体的表里有繁体字，且该字只对应一个简体字（爾→尔）。每格报一次。全表用繁体的不算；同一张表里出现过简体写法的，可以自动改正。",
			"A form in simplified characters holds a traditional one that stands for a single simplified one (爾 for 尔). One finding a cell. A form written in traditional characters throughout does not count; where the form also has the word in simplified characters, the fix is safe."),
		Why: lang.T("公文用规范汉字；同一个名称两种写法，检索和汇总会当成两个。", "Official texts use simplified characters; one name in two spellings counts as two."),
		How: lang.T("改成规范简体字；人名、牌匾等专名必须用繁体的可以忽略。",
			"Write the simplified character. Leave it in names that must be written so."),
		Basis: []string{"S18"},
		Uses:  []string{"/text/traditional_share"},
		Wrong: Example{{"/goal/expected", "舉办业务培训不少于20期，开展现场检查不少于50次。"}},
		Right: Example{},
		Check: checkTraditional,
	},
	{
		Name: "known-typo", Group: GroupText, Severity: Warning, Fix: Unsafe, Since: "0.1",
		Title: lang.T("错别字", "a known misspelling"),
		What: lang.T("文字里有词表 typos.tsv 中的错误写法（外放输入→外防输入、布署→部署）。用法有争议的为提示（截止目前→截至目前，其中由…家→其中有…家）。",
			"The text holds a misspelling of the list typos.tsv (外放输入 for 外防输入, 布署 for 部署). Those that are a matter of usage are notes (截止目前, 其中由 … 家)."),
		Why: lang.T("错别字会改变意思，也显得没有复核。", "A misspelling may change the sense, and shows that nobody checked."),
		How: lang.T("按建议改正；专名里本来就这样写的可以忽略。",
			"Correct it as proposed. Leave it where a proper name is spelt so."),
		Basis: []string{"S18"},
		Wrong: Example{{"/goal/expected", "布署业务培训不少于20期，开展现场检查不少于50次。"}},
		Right: Example{{"/goal/expected", "部署业务培训不少于20期，开展现场检查不少于50次。"}},
		Check: checkTypos,
	},
	{
		Name: "halfwidth-punct-in-cjk", Group: GroupText, Severity: Note, Fix: Safe, Since: "0.1",
		Title: lang.T("中文里用了半角标点", "half-width punctuation in Chinese text"),
		What: lang.T("汉字之间用了半角的逗号、冒号、分号或括号。数字里的和名称末尾的单位括号不算；每张表报一次，并给出个数。",
			"ASCII comma, colon, semicolon or brackets stand between Chinese characters. Those in figures and around a unit after a name do not count. One finding a form, with the count."),
		Why: lang.T("系统导入时会转成全角；同一份公开材料应当一致。", "Systems convert it on import; a published text should be of one kind."),
		How: lang.T("改成全角标点。",
			"Use full-width punctuation."),
		Basis: []string{"S15"},
		Wrong: Example{{"/goal/expected", "举办业务培训不少于20期,开展现场检查不少于50次,提高执法人员业务水平。"}},
		Right: Example{},
		Check: checkHalfWidth,
	},
	{
		Name: "doc-number-format", Group: GroupText, Severity: Note, Fix: Unsafe, Since: "0.1",
		Title: lang.T("文号写法不规范", "a document number is not written by the rule"),
		What: lang.T("文号的年份用了【】或 []（【2022】5号），或文号前没有发文机关代字（按照〔2022〕5号）。规范写法：机关代字〔2022〕5号。",
			"The year of a document number stands in 【】 or [] (【2022】5号), or the number has no sign of its office (按照〔2022〕5号). The rule: office sign, 〔2022〕, 5号."),
		Why: lang.T("没有机关代字，查不到是哪个文件。", "Without the sign of its office a document cannot be found."),
		How: lang.T("写成 机关代字〔年份〕序号，如 财预〔2020〕10号。",
			"Write the issuer's code, the year in 〔〕 and the number: 财预〔2020〕10号."),
		Basis: []string{"practice"},
		Wrong: Example{{"/goal/expected", "按照【2023】5号文件要求，举办业务培训不少于20期，开展现场检查不少于50次。"}},
		Right: Example{{"/goal/expected", "按照市监发〔2023〕5号文件要求，举办业务培训不少于20期，开展现场检查不少于50次。"}},
		Check: func(p *Pass) {
			for _, f := range p.texts(yearMark) {
				if !strings.Contains(f.Text, "号") {
					continue
				}
				m := reDocNumber.FindStringSubmatch(f.Text)
				if m == nil {
					continue
				}
				// Of the two ways to be wrong, one has matched.
				number, year, serial := orElse(m[3], m[0]), orElse(m[4], m[1]), orElse(m[5], m[2])
				finding := Finding{
					At: *f, Found: number, Expected: "〔" + year + "〕" + serial + "号",
					Message: lang.F("文号“%[1]s”应写作“机关代字〔%[2]s〕%[3]s号”", "write the document number %[1]q as the office's sign, 〔%[2]s〕, %[3]s号", number, year, serial),
					Help:    lang.T("请补上发文机关代字，年份用六角括号〔〕", "give the sign of the office, and the year in 〔〕"),
				}
				// Without the office's sign, other brackets alone mend nothing.
				if to := strings.Replace(f.Text, number, finding.Expected, 1); !slices.Contains(reDocNumber.FindStringSubmatch(to), finding.Expected) {
					finding.Fix = replace(Unsafe, *f, to)
				}
				p.Report(finding)
			}
		},
	},
	{
		Name: "name-is-sentence", Group: GroupText, Severity: Note, Fix: Safe, Since: "0.1",
		Title: lang.T("指标名称写成了句子", "an indicator's name is a sentence"),
		What:  lang.T("三级指标名称里有逗号或分号，或以句号结尾。", "The name holds a comma or semicolon, or ends in a full stop."),
		Why:   lang.T("指标名称应是一个可以衡量的短语。", "A name is a phrase for one thing to be measured."),
		How: lang.T("改成一个名词短语，如“开展现场检查次数”；说明移到备注。",
			"Use a noun phrase such as 开展现场检查次数, and put explanations into the remarks."),
		Basis: []string{"practice"},
		Wrong: Example{{"/indicators/1/name", "开展现场检查，规范市场秩序。"}},
		Right: Example{{"/indicators/1/name", "开展现场检查次数"}},
		Check: func(p *Pass) {
			for i := range p.rows {
				r := &p.rows[i]
				name := strings.TrimSpace(r.Name.Text)
				bare, stop := strings.CutSuffix(name, "。")
				comma := hasComma(bare)
				if r.sub || !stop && !comma {
					continue
				}
				f := Finding{
					At: r.Name, Found: clip(show(r.Name), 30),
					Message: lang.F("三级指标名称“%[1]s”是一句话", "the name %[1]q is a sentence", show(r.Name)),
				}
				if comma {
					f.Help = lang.T("请改为一个短语；几件事请分列几条指标", "use a phrase; several things are several indicators")
				} else {
					f.Expected = bare
					f.Message = lang.F("三级指标名称“%[1]s”末尾不用句号", "the name %[1]q ends in a full stop", show(r.Name))
					f.Fix = replace(Safe, r.Name, bare)
				}
				p.Report(f)
			}
		},
	},
	{
		Name: "unbalanced-brackets", Group: GroupText, Severity: Warning, Since: "0.1",
		Title: lang.T("括号、引号不成对，或有不可见字符", "unpaired brackets, or invisible characters"),
		What: lang.T("“”《》〈〉〔〕（）没有成对（序号“1）”不算，全角半角混用算成对）；或有控制字符、零宽字符。指标名称和指标值的汉字之间有空格的为提示，每张表报一次。",
			"“” 《》 〈〉 〔〕 （） are not paired (a list number such as 1） does not count, and the widths of a pair may differ); or there are control or zero-width characters. Spaces between Han characters of names and values are a note, one a form."),
		Why: lang.T("不成对的引号多半是漏字；不可见字符会使查找和比对失败。", "An unpaired mark mostly means that something is missing; invisible characters defeat searching and comparing."),
		How: lang.T("补上或删去一半的括号、引号，删去看不见的字符和多余的空格。",
			"Complete or delete the odd bracket or quotation mark, and delete invisible characters and stray spaces."),
		Basis: []string{"S15"},
		Wrong: Example{{"/goal/expected", "按照《市场监管培训规划要求，举办业务培训不少于20期，开展现场检查不少于50次。"}},
		Right: Example{{"/goal/expected", "按照《市场监管培训规划》要求，举办业务培训不少于20期，开展现场检查不少于50次。"}},
		Check: checkBrackets,
	},
}

// textKind says which part of the form a text is.
type textKind uint8

const (
	goalText textKind = iota
	nameText
	targetText
	actualText
	reasonText
	remarkText
	projectText
)

// mark is a sign of what a rule looks for in texts. One pass over a text finds all of
// its marks, and a rule then looks at the texts that have its own.
type mark uint16

const (
	markupMark      mark = 1 << iota // < or &
	yearMark                         // a bracket before the year of a document number
	bracketMark                      // a bracket or quotation mark, of either width
	halfWidthMark                    // half-width punctuation
	spaceMark                        // a space that may stand between Han characters
	invisibleMark                    // an invisible character
	respeltMark                      // a character that may be spelt in two ways
	traditionalMark                  // a traditional character
	typoMark                         // the first character of a misspelling
)

// markOf gives the marks that a character is, other than a Han character.
func markOf(r rune) mark {
	switch r {
	case '<', '&':
		return markupMark
	case '“', '”', '《', '》', '〈', '〉', '〕', '（', '）':
		return bracketMark
	case '〔':
		return bracketMark | yearMark
	case '【', '[', '［':
		return yearMark
	case '(', ')':
		return bracketMark | halfWidthMark
	case ',', ':', ';':
		return halfWidthMark
	case ' ', 0x3000, 0xa0:
		return spaceMark
	}
	if isInvisible(r) {
		return invisibleMark
	}
	return 0
}

// writtenText is a filled text that somebody wrote.
type writtenText struct {
	kind  textKind
	field *schema.Field
	marks mark
}

// collectTexts takes the filled texts that somebody wrote, the goal first: not the
// labels that the form comes with, nor its figures. It counts their Han characters and
// the traditional ones among them.
func (a *assessment) collectTexts() {
	put := func(kind textKind, f *schema.Field) {
		if f.Text != "" {
			a.written = append(a.written, writtenText{kind, f, a.marksOf(f.Text)})
		}
	}
	f := a.form
	a.written = make([]writtenText, 0, 4*len(f.Indicators)+len(f.Funds.Rows)+len(f.Remarks)+3)
	put(goalText, &f.Goal.Expected)
	put(goalText, &f.Goal.Actual)
	for i := range f.Indicators {
		r := &f.Indicators[i]
		put(nameText, &r.Name)
		put(targetText, &r.Target)
		put(actualText, &r.Actual)
		put(reasonText, &r.Explanation)
	}
	for i := range f.Funds.Rows {
		put(reasonText, &f.Funds.Rows[i].Explanation)
	}
	for i := range f.Remarks {
		put(remarkText, &f.Remarks[i].Text)
	}
	put(projectText, &f.Project)
}

// marksOf gives the marks of a text and counts its characters.
func (a *assessment) marksOf(text string) mark {
	var m mark
	for _, r := range text {
		if !isHan(r) {
			m |= markOf(r)
			continue
		}
		a.han++
		if a.words.respelt.has(r) {
			m |= respeltMark
			if a.words.simple.has(r) {
				a.traditional++
				m |= traditionalMark
			}
		}
		if a.words.typos.starts.mayHave(r) {
			m |= typoMark
		}
	}
	return m
}

// texts yields the form's texts that have one of the marks, or all for no mark.
func (p *Pass) texts(marks mark) iter.Seq2[textKind, *schema.Field] {
	return func(yield func(textKind, *schema.Field) bool) {
		for _, t := range p.written {
			if (marks == 0 || t.marks&marks != 0) && !yield(t.kind, t.field) {
				return
			}
		}
	}
}

// reTag finds the tags and entities that editors of web forms leave. Only known names
// count: <5% and a<b are no tags.
var reTag = regexp.MustCompile(`(?i)</?(?:p|br|div|span|font|b|strong|em|i|u|a|o:p|table|tbody|tr|td|th|ul|ol|li|h[1-6]|img|sub|sup|style|pre)(?:\s[^<>]*)?/?>|&(?:nbsp|lt|gt|amp|quot|ldquo|rdquo|hellip|mdash|middot|times|#[0-9]{2,6}|#x[0-9a-f]{2,6});`)

// reBreak finds the tags that end a line, reGap those that end a cell, and reLost those
// that say more than the text shows without them: 10<sup>4</sup> is not 104.
var (
	reBreak = regexp.MustCompile(`(?i)<br\s*/?>|(?:</t[dh]>\s*)?</(?:p|div|li|tr|h[1-6])>`)
	reGap   = regexp.MustCompile(`(?i)</t[dh]>`)
	reLost  = regexp.MustCompile(`(?i)<(?:sub|sup|style)[\s>]`)
)

// reHanGap finds hard spaces between Han characters.
var reHanGap = regexp.MustCompile(`(\p{Han})(?:&nbsp;|&#160;)+(\p{Han})`)

// reJoined finds figures that markup, written as a control character, keeps apart.
var reJoined = regexp.MustCompile(`\p{Nd}[.,．，]?[\s\x00]*\x00[\s\x00]*[.,．，]?\p{Nd}`)

// withoutTags gives the fix that takes the tags out of a text, nil if that might change
// what it says. Markup that only comes to light when entities are replaced may be what
// somebody wrote, so that taking it out is no safe fix; nor is it to run the lines of a
// name or a value together.
func (p *Pass) withoutTags(kind textKind, f schema.Field) *Fix {
	const mostPasses = 8 // nothing honest is escaped more often
	text, safety := f.Text, Safe
	short := kind == nameText || kind == targetText || kind == actualText || kind == projectText
	if short {
		text = reHanGap.ReplaceAllString(text, "$1$2") // a space between Han characters is wrong there
	}
	for pass := 1; reTag.MatchString(text); pass++ {
		if pass > mostPasses || reLost.MatchString(text) || joinsFigures(text) {
			return nil
		}
		if pass > 1 {
			safety = Unsafe
		}
		text = stripTags(text)
	}
	if p.holdsLines() {
		return replace(safety, f, strings.ReplaceAll(text, newLine, "\n"))
	}
	if short && strings.Contains(text, newLine) {
		safety = Unsafe
	}
	return replace(safety, f, joinLines(text))
}

// holdsLines reports whether a cell of the file can take another line: in text it would
// become a row, and a page shows a blank.
func (p *Pass) holdsLines() bool { return p.format != grid.Text && p.format != grid.HTML }

// newLine stands for a line that markup began: no text that was read holds this character.
const newLine = "\x00"

// reNewLines finds where such lines begin.
var reNewLines = regexp.MustCompile(`[\s\x{3000}]*\x00[\s\x{3000}\x00]*`)

// joinLines joins the lines that markup began to one, as somebody would who types it: with
// a semicolon, and with nothing where a mark already ends a line or begins the next one.
// Lines that the text had before stay.
func joinLines(text string) string {
	var b strings.Builder
	last := 0
	for _, at := range reNewLines.FindAllStringIndex(text, -1) {
		b.WriteString(text[last:at[0]])
		b.WriteString(joint(text[:at[0]], text[at[0]:at[1]], text[at[1]:]))
		last = at[1]
	}
	b.WriteString(text[last:])
	return b.String()
}

// joint gives what stands between two lines instead of a break.
func joint(before, gap, after string) string {
	if n := strings.Count(gap, "\n"); n > 0 {
		return strings.Repeat("\n", n)
	}
	end, _ := utf8.DecodeLastRuneInString(before)
	start, _ := utf8.DecodeRuneInString(after)
	switch {
	case strings.ContainsRune("。；！？，、：…（“《【", end), strings.ContainsRune("。；！？，、：…）”》】", start):
		return ""
	case end < utf8.RuneSelf && (unicode.IsPunct(end) || unicode.IsLetter(end)):
		return " "
	}
	return "；"
}

// joinsFigures reports whether nothing but markup keeps two figures of a text apart.
func joinsFigures(text string) bool {
	return reJoined.MatchString(reTag.ReplaceAllStringFunc(text, func(tag string) string {
		if shown := shownFor(tag); strings.TrimSpace(shown) != "" {
			return shown
		}
		return "\x00"
	}))
}

// shownFor gives what an entity stands for; a tag shows nothing. HTML knows most names of
// entities in small letters only.
func shownFor(tag string) string {
	if strings.HasPrefix(tag, "&") {
		return html.UnescapeString(strings.ToLower(tag))
	}
	return ""
}

// stripTags takes tags out of a text, and turns breaks into newLine and entities into what
// they stand for.
func stripTags(text string) string {
	text = reBreak.ReplaceAllString(text, newLine)
	text = reGap.ReplaceAllString(text, " ")
	text = reTag.ReplaceAllStringFunc(text, func(tag string) string {
		return entitySpaces.Replace(shownFor(tag))
	})
	return strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == 0 })
}

// entitySpaces writes the spaces that entities stand for as texts hold them.
var entitySpaces = strings.NewReplacer("\u00a0", " ", "\t", " ", "\r", "", "\n", newLine)

// longestRepeat bounds the runs of characters that are looked for. It limits work, and
// so is no value of the profile.
const longestRepeat = 20

// repeatedPhrase finds a phrase that stands twice in a row: a quoted one, or a run of
// at least so many Han characters. It gives the phrase and the text with one of them taken out.
func repeatedPhrase(text string, shortest int) (phrase, without string, ok bool) {
	for rest, at := text, 0; ; {
		open := strings.Index(rest, "“")
		if open < 0 {
			break
		}
		n := strings.Index(rest[open:], "”")
		if n < 0 {
			break
		}
		quoted := rest[open : open+n+len("”")]
		end := at + open + len(quoted)
		tail := strings.TrimPrefix(text[end:], "、")
		if len(quoted) > len("“”") && strings.HasPrefix(tail, quoted) {
			return quoted, text[:end] + tail[len(quoted):], true
		}
		at, rest = end, text[end:]
	}
	if len(text) < 2*shortest*len("字") {
		return "", "", false
	}
	if phrase, without, ok := repeatedClauses(text, 2*shortest); ok {
		return phrase, without, true
	}
	var room [256]rune // most texts are short
	runes := room[:0]
	for _, r := range text {
		runes = append(runes, r)
	}
	equal := equalAt(runes)
	for period := shortest; period <= min(longestRepeat, len(runes)/2); period++ {
		if equal[period] < period {
			continue
		}
		run := 0
		for i := 0; i+period < len(runes); i++ {
			if runes[i] != runes[i+period] || !isHan(runes[i]) {
				run = 0
				continue
			}
			if run++; run == period && !oneCharacter(runes[i+1:i+1+period]) {
				return string(runes[i+1 : i+1+period]), string(runes[:i+1]) + string(runes[i+1+period:]), true
			}
		}
	}
	return "", "", false
}

// repeatedClauses finds clauses, up to three of them and together of at least so many
// characters, that stand twice in a row word for word, figures included: what was pasted
// twice.
func repeatedClauses(text string, least int) (phrase, without string, ok bool) {
	const most = 3
	var room [16]clause
	all, marks := splitClauses(room[:0], text)
	if marks < 2 {
		return "", "", false
	}
	for i := range all {
		for n := 1; n <= most && i+2*n <= len(all); n++ {
			if !equalClauses(all[i:i+n], all[i+n:i+2*n]) {
				continue
			}
			length := 0
			for _, c := range all[i : i+n] {
				length += utf8.RuneCountInString(c.text)
			}
			if length < least {
				continue
			}
			first, second := all[i+n-1], all[i+2*n-1]
			middle := first.start + len(first.text)
			end := second.start + len(second.text)
			return text[first.end:end], text[:middle] + text[end:], true
		}
	}
	return "", "", false
}

// clause is a part of a text up to a comma, semicolon or stop: what it says, without
// the punctuation and the blanks before it, and where it stands, with them.
type clause struct {
	text       string
	start, end int
}

// splitClauses appends the clauses of a text, and counts the marks that end them.
func splitClauses(to []clause, text string) (all []clause, marks int) {
	start := 0
	add := func(until, end int) {
		to = append(to, clause{strings.TrimRight(text[start:until], " "), start, end})
		start = end
	}
	for i, r := range text {
		switch r {
		case ',', ';', '，', '。', '；':
			add(i, i+utf8.RuneLen(r))
			marks++
		}
	}
	if start < len(text) {
		add(len(text), len(text))
	}
	return to, marks
}

func equalClauses(a, b []clause) bool {
	return slices.EqualFunc(a, b, func(a, b clause) bool { return a.text == b.text })
}

// equalAt counts, for each distance up to longestRepeat, the characters that stand
// again at that distance. Only places of characters that end in the same byte are
// compared: last is the last such place and before the one before each, from 1 on.
func equalAt(runes []rune) (n [longestRepeat + 1]int) {
	var last [256]int32
	var room [257]int32
	before := room[:]
	if len(runes) >= len(before) {
		before = make([]int32, len(runes)+1)
	}
	for i, r := range runes {
		here := int32(i + 1)
		end := &last[r&0xff]
		for at := *end; at > 0 && here-at <= longestRepeat; at = before[at] {
			if runes[at-1] == r {
				n[here-at]++
			}
		}
		before[here], *end = *end, here
	}
	return n
}

// oneCharacter reports whether a run is one character over and over.
func oneCharacter(runes []rune) bool {
	for _, r := range runes {
		if r != runes[0] {
			return false
		}
	}
	return true
}

// throughoutTraditional reports whether the form is written in traditional characters
// throughout.
func (p *Pass) throughoutTraditional() bool {
	return p.traditional > 0 && quantity.Ratio(int64(p.traditional), int64(p.han)).Cmp(p.Profile.Text.TraditionalShare.Number) >= 0
}

func checkTraditional(p *Pass) {
	if p.traditional == 0 || p.throughoutTraditional() {
		return
	}
	simple := p.words.simple
	for _, f := range p.texts(traditionalMark) {
		var found []rune
		to := strings.Map(func(r rune) rune {
			s, ok := simple.get(r)
			if !ok {
				return r
			}
			found = append(found, r)
			return s
		}, f.Text)
		safety := Unsafe
		if p.spelledOut(f.Text, to) {
			safety = Safe
		}
		s, _ := simple.get(found[0])
		p.Report(Finding{
			At: *f, Found: string(found), Fix: replace(safety, *f, to),
			Message: lang.F("简体文字里有 %[3]d 个繁体字，如“%[1]s”应为“%[2]s”", "%[3]d traditional characters in a simplified text, such as %[1]s for %[2]s", string(found[0]), string(s), len(found)),
		})
	}
}

// spelledOut reports whether the form has, in simplified characters, every word in
// which the text from has a traditional one: the character with its neighbour.
func (p *Pass) spelledOut(from, to string) bool {
	a, b := []rune(from), []rune(to)
	for i := range a {
		if a[i] == b[i] {
			continue
		}
		before, after := string(b[max(i-1, 0):i+1]), string(b[i:min(i+2, len(b))])
		if !p.hasWord(before) && !p.hasWord(after) {
			return false
		}
	}
	return true
}

// hasWord reports whether one of the form's texts has a word of two characters.
func (p *Pass) hasWord(word string) bool {
	if utf8.RuneCountInString(word) < 2 {
		return false
	}
	for _, f := range p.texts(0) {
		if strings.Contains(f.Text, word) {
			return true
		}
	}
	return false
}

func checkTypos(p *Pass) {
	typos := p.words.typos
	for _, f := range p.texts(typoMark) {
		for i, r := range f.Text {
			if !typos.starts.mayHave(r) {
				continue
			}
			for _, t := range typos.at[r] {
				if !t.at(f.Text, i) {
					continue
				}
				p.Report(Finding{
					At: *f, Severity: t.severity, Found: t.wrong, Expected: t.right,
					Message: lang.F("“%[1]s”应为“%[2]s”", "%[1]q should be %[2]q", t.wrong, t.right),
					Fix:     replace(Unsafe, *f, f.Text[:i]+t.right+f.Text[i+len(t.wrong):]),
				})
			}
		}
	}
}

// at reports whether the misspelling stands at a byte of a text.
func (t *typo) at(text string, i int) bool {
	if !strings.HasPrefix(text[i:], t.wrong) {
		return false
	}
	if before, _ := utf8.DecodeLastRuneInString(text[:i]); i > 0 && strings.ContainsRune(t.notAfter, before) {
		return false
	}
	return t.followedBy == nil || t.followedBy.MatchString(text[i+len(t.wrong):])
}

func checkHalfWidth(p *Pass) {
	var f Finding
	n := 0
	fix := &Fix{Safety: Safe}
	for kind, field := range p.texts(halfWidthMark) {
		to, marks := widen(field.Text, kind == goalText || kind == reasonText || kind == remarkText)
		if marks == 0 {
			continue
		}
		if n == 0 {
			f.At = *field
		} else {
			f.Related = append(f.Related, rel(*field, "也有半角标点", "half-width punctuation too"))
		}
		n += marks
		fix.Edits = append(fix.Edits, Edit{At: field.At, From: field.Text, To: to})
	}
	if n == 0 {
		return
	}
	f.Fix = fix
	f.Message = lang.F("中文里有 %[1]d 处半角标点，应为全角", "%[1]d half-width marks in Chinese text; use full width", n)
	p.Report(f)
}

// widen puts the half-width punctuation between Chinese characters into full width,
// brackets only if asked, and gives the number of marks.
func widen(text string, brackets bool) (to string, marks int) {
	runes := []rune(text)
	wide, before, after := slices.Clone(runes), neighbours(runes, 1), neighbours(runes, -1)
	var open []int
	var first [][2]int // brackets that the text begins with
	for i, r := range runes {
		switch r {
		case ',', ':', ';':
			if isChinese(before[i]) && (isChinese(after[i]) || after[i] == 0) {
				wide[i] = r - '!' + '！' // both widths stand in the same order
				marks++
			}
		case '(':
			open = append(open, i)
		case ')':
			if len(open) == 0 {
				continue
			}
			o := open[len(open)-1]
			open = open[:len(open)-1]
			switch {
			case !brackets || !isChinese(after[o]):
			case isChinese(before[o]):
				wide[o], wide[i] = '（', '）'
				marks += 2
			case before[o] == 0:
				first = append(first, [2]int{o, i})
			}
		}
	}
	if marks == 0 {
		return text, 0
	}
	for _, pair := range first {
		// They stand between no Chinese characters, but are of a kind with the others.
		wide[pair[0]], wide[pair[1]] = '（', '）'
		marks += 2
	}
	return string(wide), marks
}

// neighbours gives for each character of a text the last one before it, or, for a step of
// -1, the next one after it, that is neither a space nor half-width punctuation itself; 0
// where there is none.
func neighbours(runes []rune, step int) []rune {
	out, last := make([]rune, len(runes)), rune(0)
	i := 0
	if step < 0 {
		i = len(runes) - 1
	}
	for ; i >= 0 && i < len(runes); i += step {
		out[i] = last
		if !unicode.IsSpace(runes[i]) && markOf(runes[i])&halfWidthMark == 0 {
			last = runes[i]
		}
	}
	return out
}

// isChinese reports whether a character is a Han character or punctuation of Chinese.
func isChinese(r rune) bool {
	switch r {
	case '“', '”', '‘', '’', '…', '：', '；', '？':
		return true
	}
	return isHan(r) || r >= 0x3001 && r <= 0x301f || r >= 0xff01 && r <= 0xff0f
}

// reDocNumber finds document numbers with other brackets than 〔〕, or with no sign of
// their office.
var reDocNumber = regexp.MustCompile(`[【\[［]((?:19|20)[0-9]{2})[】\]］]\s*第?\s*([0-9]+)\s*号|(?:按照|根据|依据|落实|执行|^)(〔((?:19|20)[0-9]{2})〕\s*第?\s*([0-9]+)\s*号)`)

// hasComma reports whether a name has a comma or semicolon outside of figures.
func hasComma(name string) bool {
	if strings.ContainsAny(name, "，；;") {
		return true
	}
	for i, r := range name {
		inFigure := i > 0 && isFigureByte(name[i-1]) && i+1 < len(name) && isFigureByte(name[i+1])
		if r == ',' && !inFigure {
			return true
		}
	}
	return false
}

// brackets maps closing marks to those that open them; the widths of a pair may
// differ.
var brackets = map[rune]rune{'”': '“', '》': '《', '〉': '〈', '〕': '〔', '）': '（', ')': '（'}

func checkBrackets(p *Pass) {
	var spaced []*schema.Field
	for kind, f := range p.texts(bracketMark | invisibleMark | spaceMark) {
		value := kind == targetText || kind == actualText
		if mark, ok := unpaired(f.Text, value); ok {
			p.Report(Finding{
				At: *f, Found: mark,
				Message: lang.F("“%[1]s”不成对", "%[1]s is unpaired", mark),
				Help:    lang.T("请补上或删去一半", "add the other half, or delete it"),
			})
		}
		if i := strings.IndexFunc(f.Text, isInvisible); i >= 0 {
			r, _ := utf8.DecodeRuneInString(f.Text[i:])
			p.Report(Finding{
				At: *f, Found: show(*f),
				Message: lang.F("文字里有不可见字符 %[1]U", "the text holds the invisible character %[1]U", r),
				Help:    lang.T("请删去后重新输入", "delete it and type the text again"),
			})
		}
		if (kind == nameText || value) && hasInnerSpace(f.Text) {
			spaced = append(spaced, f)
		}
	}
	if len(spaced) == 0 {
		return
	}
	f := Finding{
		At: *spaced[0], Severity: Note, Found: show(*spaced[0]),
		Message: lang.F("%[1]d 格的汉字之间有空格", "%[1]d cells have spaces between Han characters", len(spaced)),
		Help:    lang.T("请删去空格", "delete the spaces"),
	}
	for _, other := range spaced[1:] {
		f.Related = append(f.Related, rel(*other, "也有空格", "spaces too"))
	}
	p.Report(f)
}

// unpaired gives the first bracket or quotation mark of a text that lacks its other
// half. In a value, 〈 and 〉 are comparisons.
func unpaired(text string, value bool) (mark string, ok bool) {
	var open []rune
	var last rune
	for _, r := range text {
		before := last
		last = r
		switch r {
		case '〈', '〉':
			if value {
				continue
			}
		case '(':
			r = '（'
		}
		switch r {
		case '“', '《', '〈', '〔', '（':
			open = append(open, r)
			continue
		}
		opening, closes := brackets[r]
		if !closes {
			continue
		}
		if n := len(open); n > 0 && open[n-1] == opening {
			open = open[:n-1]
			continue
		}
		if opening == '（' && isListNumber(before) {
			continue
		}
		return string(r), true
	}
	if len(open) > 0 {
		return string(open[0]), true
	}
	return "", false
}

// isListNumber reports whether a character may be the number of a list: 1), 一), a).
func isListNumber(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= '①' && r <= '⑳' || strings.ContainsRune("一二三四五六七八九十", r)
}

// isInvisible reports whether a character cannot be seen: a control or zero-width one.
func isInvisible(r rune) bool {
	switch {
	case isHan(r), r >= ' ' && r < 0x7f:
		return false
	case r < ' ':
		return r != '\n' && r != '\r' && r != '\t'
	}
	return r <= 0x9f || r == 0xad || r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2060 && r <= 0x2064 || r == 0xfeff
}

// hasInnerSpace reports whether a space stands between two Han characters.
func hasInnerSpace(text string) bool {
	text = strings.TrimSpace(text)
	if !strings.ContainsAny(text, " \u3000\u00a0") {
		return false
	}
	var before, space rune
	for _, r := range text {
		switch {
		case r == ' ' || r == 0x3000 || r == 0xa0:
			space = r
			continue
		case space != 0 && isHan(before) && isHan(r):
			return true
		}
		before, space = r, 0
	}
	return false
}
