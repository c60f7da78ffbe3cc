package stdlib

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dlclark/regexp2"
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// backtracker applies a pattern that needs more than Go's linear engine does: it looks
// around, refers back, or starts within a text.
type backtracker struct {
	forms  [3]*regexp2.Regexp // anywhere, at the start, whole
	moving *regexp2.Regexp    // anywhere, and not empty where the search starts
	groups int
	last   decoded
}

// maxMatch is how long one match may take. A pattern that takes longer explodes.
const maxMatch = time.Minute

func newBacktracker(pattern string, flags reFlags) (*backtracker, []string, error) {
	t := &translator{p: pattern, flags: flags, names: []string{""}}
	body, err := t.translate()
	if err != nil {
		return nil, nil, err
	}
	options := regexp2.RegexOptions(regexp2.None)
	for _, o := range []struct {
		on  bool
		set regexp2.RegexOptions
	}{{t.flags.ignoreCase, regexp2.IgnoreCase}, {t.flags.multiline, regexp2.Multiline}, {t.flags.dotAll, regexp2.Singleline}} {
		if o.on {
			options |= o.set
		}
	}
	b := &backtracker{groups: len(t.names)}
	for i, form := range []string{body, `\G(?:` + body + `)`, `\G(?:` + body + `)\z`, `(?:` + body + `)(?!\G)`} {
		re, err := regexp2.Compile(form, options)
		if err != nil {
			text := strings.TrimPrefix(err.Error(), "error parsing regexp: ")
			if at := strings.Index(text, " in `"); at > 0 {
				text = text[:at]
			}
			return nil, nil, fmt.Errorf("%s", text)
		}
		re.MatchTimeout = maxMatch
		if i < len(b.forms) {
			b.forms[i] = re
		} else {
			b.moving = re
		}
	}
	return b, t.names, nil
}

// decoded is a text as characters, and where each starts in its bytes. Patterns are often
// applied to one text at many places.
type decoded struct {
	text  string
	runes []rune
	at    []int32 // nil where every character is a byte
}

func (d *decoded) set(thread *starlark.Thread, text string) error {
	if d.runes != nil && d.text == text {
		return nil
	}
	if err := object.Grow(thread, 8*int64(len(text))); err != nil {
		return err
	}
	d.fill(text)
	return nil
}

func (d *decoded) fill(text string) {
	n := utf8.RuneCountInString(text)
	d.text, d.runes, d.at = text, make([]rune, 0, n+1), nil
	if n < len(text) {
		d.at = make([]int32, 0, n+1)
	}
	for i, r := range text {
		d.runes = append(d.runes, r)
		if n < len(text) {
			d.at = append(d.at, int32(i))
		}
	}
	if d.at != nil {
		d.at = append(d.at, int32(len(text)))
	}
}

// character is the number of the character that begins at a byte.
func (d *decoded) character(at int) int {
	if d.at == nil {
		return at
	}
	n, _ := slices.BinarySearch(d.at, int32(at))
	return n
}

// byte is where a character begins, in bytes.
func (d *decoded) byte(char int) int {
	if d.at == nil {
		return char
	}
	return int(d.at[char])
}

// batch is how many matches are looked for between two looks at the budget.
const batch = 256

// find gives the matches from a byte on, at most limit unless that is negative: where their
// groups begin and end, in bytes. overlapped lets each start within the last.
func (b *backtracker) find(thread *starlark.Thread, text string, how, limit, from int, overlapped bool) ([][]int, error) {
	if err := b.last.set(thread, text); err != nil {
		return nil, err
	}
	searched := b.last // the search may outlive the call
	d := &searched
	s := &backtracking{b: b, d: d, re: b.forms[how], at: d.character(from), once: how != anywhere, overlapped: overlapped}
	var out [][]int
	for !s.done && (limit < 0 || len(out) < limit) {
		most := batch
		if limit >= 0 {
			most = min(most, limit-len(out))
		}
		// The search is thrown away when the call ends, and with it what it has found.
		found, err := object.Aside(thread, func() ([][]int, error) { return s.next(most) })
		if err != nil {
			if strings.Contains(err.Error(), "timeout") {
				return nil, object.Errorf(object.TimeoutError, "re: a match took longer than %s", maxMatch)
			}
			return nil, err
		}
		if err := object.GrowTimes(thread, len(found), foundSize+32*b.groups); err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// backtracking is a search that goes on from match to match.
type backtracking struct {
	b          *backtracker
	d          *decoded
	re         *regexp2.Regexp
	at         int // the character to go on from
	once       bool
	overlapped bool
	done       bool
}

// next gives some more matches.
func (s *backtracking) next(most int) (out [][]int, err error) {
	for len(out) < most && !s.done {
		m, err := s.re.FindRunesMatchStartingAt(s.d.runes, s.at)
		if err != nil {
			return nil, err
		}
		if m == nil {
			s.done = true
			break
		}
		out = append(out, s.b.matched(m, s.d))
		start, end := m.Index, m.Index+m.Length
		s.re, s.at = s.b.forms[anywhere], end
		switch {
		case s.once:
			s.done = true
		case s.overlapped:
			s.at = start + 1
			s.done = s.at > len(s.d.runes)
		case start == end:
			s.re = s.b.moving
		}
	}
	return out, nil
}

// matched gives where the groups of a match begin and end, in bytes.
func (b *backtracker) matched(m *regexp2.Match, d *decoded) []int {
	out := make([]int, 2*b.groups)
	for i := range b.groups {
		g := m.GroupByNumber(i)
		if g == nil || len(g.Captures) == 0 {
			out[2*i], out[2*i+1] = -1, -1
			continue
		}
		out[2*i], out[2*i+1] = d.byte(g.Index), d.byte(g.Index+g.Length)
	}
	return out
}

// reFlags are the flags of a pattern.
type reFlags struct {
	ignoreCase, multiline, dotAll, verbose, ascii bool

	extended   bool // regex's properties and classes
	plainSpace bool // space is Unicode's alone, as tokenizers have it
}

// translator writes a pattern of Python's as the backtracking engine has it. Groups get
// their numbers as names, since the engine would number named ones last.
type translator struct {
	p     string
	at    int
	flags reFlags
	names []string // of the groups
	out   strings.Builder
	atom  int   // where the last atom starts in out
	open  []int // where the groups that are open start
}

func (t *translator) fail(format string, args ...any) error {
	return fmt.Errorf("%s at position %d", fmt.Sprintf(format, args...), utf8.RuneCountInString(t.p[:min(t.at, len(t.p))]))
}

func (t *translator) translate() (string, error) {
	if err := t.globalFlags(); err != nil {
		return "", err
	}
	for t.at < len(t.p) {
		if err := t.item(); err != nil {
			return "", err
		}
	}
	if len(t.open) > 0 {
		t.at = len(t.p)
		return "", t.fail("missing ), unterminated subpattern")
	}
	return t.out.String(), nil
}

// globalFlags reads flags that begin the pattern: (?ims).
func (t *translator) globalFlags() error {
	for strings.HasPrefix(t.p[t.at:], "(?") {
		end := strings.IndexByte(t.p[t.at:], ')')
		if end < 0 || strings.Trim(t.p[t.at+2:t.at+end], "aiLmsuxVf01") != "" || end == 2 {
			return nil
		}
		for _, c := range t.p[t.at+2 : t.at+end] {
			switch c {
			case 'a':
				t.flags.ascii = true
			case 'i':
				t.flags.ignoreCase = true
			case 'm':
				t.flags.multiline = true
			case 's':
				t.flags.dotAll = true
			case 'x':
				t.flags.verbose = true
			}
		}
		t.at += end + 1
	}
	return nil
}

func (t *translator) item() error {
	c := t.p[t.at]
	switch {
	case t.flags.verbose && strings.IndexByte(" \t\n\r\f\v", c) >= 0:
		t.at++
	case t.flags.verbose && c == '#':
		for t.at < len(t.p) && t.p[t.at] != '\n' {
			t.at++
		}
	case c == '\\':
		t.atom = t.out.Len()
		return t.escape(false)
	case c == '[':
		t.atom = t.out.Len()
		return t.class()
	case c == '(':
		return t.group()
	case c == ')':
		if len(t.open) == 0 {
			return t.fail("unbalanced parenthesis")
		}
		t.atom, t.open = t.open[len(t.open)-1], t.open[:len(t.open)-1]
		t.out.WriteByte(c)
		t.at++
	case strings.IndexByte("*+?{", c) >= 0:
		return t.quantifier()
	default:
		t.atom = t.out.Len()
		_, n := utf8.DecodeRuneInString(t.p[t.at:])
		t.out.WriteString(t.p[t.at : t.at+n])
		t.at += n
	}
	return nil
}

// quantifier reads one; a possessive one makes its atom atomic.
func (t *translator) quantifier() error {
	text := t.p[t.at : t.at+1]
	if text == "{" {
		end := strings.IndexByte(t.p[t.at:], '}')
		bounds := ""
		if end > 0 {
			bounds = t.p[t.at+1 : t.at+end]
		}
		low, high, comma := strings.Cut(bounds, ",")
		if end < 0 || strings.Trim(low+high, "0123456789") != "" || bounds == "" || bounds == "," && !comma {
			t.atom = t.out.Len()
			t.out.WriteString(`\{`)
			t.at++
			return nil
		}
		if low == "" {
			low = "0"
		}
		text = "{" + low
		if comma {
			text += "," + high
		}
		text += "}"
		t.at += end + 1
	} else {
		t.at++
	}
	if t.at < len(t.p) && t.p[t.at] == '+' {
		t.at++
		whole := t.out.String()
		t.out.Reset()
		t.out.WriteString(whole[:t.atom] + "(?>" + whole[t.atom:] + text + ")")
		return nil
	}
	if t.at < len(t.p) && t.p[t.at] == '?' {
		t.at++
		text += "?"
	}
	t.out.WriteString(text)
	return nil
}

// group opens one.
func (t *translator) group() error {
	rest := t.p[t.at:]
	start := t.out.Len()
	push := func(text string, n int) error {
		t.open = append(t.open, start)
		t.out.WriteString(text)
		t.at += n
		return nil
	}
	capture := func(name string, n int) error {
		t.names = append(t.names, name)
		return push("(?<"+strconv.Itoa(len(t.names)-1)+">", n)
	}
	switch {
	case !strings.HasPrefix(rest, "(?"):
		return capture("", 1)
	case strings.HasPrefix(rest, "(?#"):
		end := strings.IndexByte(rest, ')')
		if end < 0 {
			return t.fail("missing ), unterminated comment")
		}
		t.at += end + 1
		return nil
	case strings.HasPrefix(rest, "(?P="):
		end := strings.IndexByte(rest, ')')
		if end < 0 {
			return t.fail("missing ), unterminated name")
		}
		n, err := t.reference(rest[4:end])
		if err != nil {
			return err
		}
		t.atom = start
		t.out.WriteString(`\k<` + strconv.Itoa(n) + ">")
		t.at += end + 1
		return nil
	case strings.HasPrefix(rest, "(?P<"), strings.HasPrefix(rest, "(?<") && t.flags.extended && !strings.HasPrefix(rest, "(?<=") && !strings.HasPrefix(rest, "(?<!"):
		from := strings.IndexByte(rest, '<') + 1
		end := strings.IndexByte(rest, '>')
		if end < 0 {
			return t.fail("missing >, unterminated name")
		}
		return capture(rest[from:end], end+1)
	case strings.HasPrefix(rest, "(?("):
		end := strings.IndexByte(rest, ')')
		if end < 0 {
			return t.fail("missing ), unterminated name")
		}
		n, err := t.reference(rest[3:end])
		if err != nil {
			return err
		}
		return push("(?("+strconv.Itoa(n)+")", end+1)
	}
	for _, known := range []string{"(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>"} {
		if strings.HasPrefix(rest, known) {
			return push(known, len(known))
		}
	}
	end := strings.IndexAny(rest, ":)")
	if end > 2 && rest[end] == ':' && strings.Trim(rest[2:end], "aiLmsux-") == "" {
		kept := strings.Map(func(r rune) rune {
			if strings.ContainsRune("ims-", r) {
				return r
			}
			return -1
		}, rest[2:end])
		return push("(?"+strings.TrimSuffix(kept, "-")+":", end+1)
	}
	return t.fail("unknown extension %s", rest[:min(len(rest), 3)])
}

// reference is the number of the group of a name or a number.
func (t *translator) reference(name string) (int, error) {
	if n, err := strconv.Atoi(name); err == nil {
		if n >= len(t.names) {
			return 0, t.fail("invalid group reference %d", n)
		}
		return n, nil
	}
	for i, n := range t.names {
		if i > 0 && n == name {
			return i, nil
		}
	}
	return 0, t.fail("unknown group name '%s'", name)
}

// class reads a set of characters.
func (t *translator) class() error {
	begin := t.at
	t.out.WriteByte('[')
	t.at++
	if t.at < len(t.p) && t.p[t.at] == '^' {
		t.out.WriteByte('^')
		t.at++
	}
	for first := true; ; first = false {
		if t.at >= len(t.p) {
			t.at = begin
			return t.fail("unterminated character set")
		}
		switch c := t.p[t.at]; {
		case c == ']' && !first:
			t.out.WriteByte(c)
			t.at++
			return nil
		case c == '\\':
			if err := t.escape(true); err != nil {
				return err
			}
		case c == '[' && t.flags.extended && strings.HasPrefix(t.p[t.at:], "[:"):
			end := strings.Index(t.p[t.at:], ":]")
			if end < 0 || posixClasses[t.p[t.at+2:t.at+end]] == "" {
				return t.fail("unknown POSIX class")
			}
			t.out.WriteString(posixClasses[t.p[t.at+2:t.at+end]])
			t.at += end + 2
		case c == '[' || c == ']':
			t.out.WriteByte('\\')
			t.out.WriteByte(c)
			t.at++
		default:
			_, n := utf8.DecodeRuneInString(t.p[t.at:])
			t.out.WriteString(t.p[t.at : t.at+n])
			t.at += n
		}
	}
}

var posixClasses = map[string]string{
	"alpha": `\p{L}`, "digit": `\p{Nd}`, "alnum": `\p{L}\p{Nd}`, "upper": `\p{Lu}`, "lower": `\p{Ll}`, "punct": `\p{P}`, "space": `\s`, "xdigit": "0-9A-Fa-f",
}

// wordClasses are the inside of Python's classes, by their letters, and of ASCII's.
var wordClasses, asciiClasses = map[byte]string{'d': `\p{Nd}`, 'w': `\p{L}\p{N}_`, 's': `\s\x1c-\x1f\x85`},
	map[byte]string{'d': "0-9", 'w': "a-zA-Z0-9_", 's': ` \t\n\r\f\v`}

// spaceClasses are the classes of tokenizers' patterns.
var spaceClasses = map[byte]string{'d': `\p{Nd}`, 'w': `\p{L}\p{M}\p{N}\p{Pc}`, 's': ` \t-\r\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`}

// escape reads an escape, within a class or outside of one.
func (t *translator) escape(class bool) error {
	if t.at+1 >= len(t.p) {
		return t.fail("bad escape (end of pattern)")
	}
	c := t.p[t.at+1]
	classes := wordClasses
	if t.flags.ascii {
		classes = asciiClasses
	}
	if t.flags.plainSpace {
		classes = spaceClasses
	}
	literal := func(r rune, n int) error {
		t.out.WriteString(quoteRune(r))
		t.at += n
		return nil
	}
	switch {
	case classes[c] != "" && class:
		t.out.WriteString(classes[c])
	case classes[c] != "":
		t.out.WriteString("[" + classes[c] + "]")
	case classes[c|0x20] != "" && class:
		t.out.WriteString(`\` + string(c))
	case classes[c|0x20] != "":
		t.out.WriteString("[^" + classes[c|0x20] + "]")
	case c == 'Z' && !class:
		t.out.WriteString(`\z`)
	case c == '0':
		n := 2
		for n < 4 && t.at+n < len(t.p) && t.p[t.at+n] >= '0' && t.p[t.at+n] <= '7' {
			n++
		}
		v, _ := strconv.ParseUint(t.p[t.at+1:t.at+n], 8, 32) // octal digits alone
		return literal(rune(v), n)
	case c >= '1' && c <= '9':
		return t.digits(class)
	case c == 'x' || c == 'u' || c == 'U':
		n := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]
		if t.at+2+n > len(t.p) {
			return t.fail(`incomplete escape \%c`, c)
		}
		v, err := strconv.ParseUint(t.p[t.at+2:t.at+2+n], 16, 32)
		if err != nil {
			return t.fail(`incomplete escape \%c`, c)
		}
		return literal(rune(v), 2+n)
	case (c == 'p' || c == 'P') && t.flags.extended:
		return t.property(c)
	case strings.IndexByte("abfnrtvAB", c) >= 0:
		t.out.WriteString(`\` + string(c))
	case c|0x20 >= 'a' && c|0x20 <= 'z':
		return t.fail(`bad escape \%c`, c)
	default:
		r, n := utf8.DecodeRuneInString(t.p[t.at+1:])
		return literal(r, 1+n)
	}
	t.at += 2
	return nil
}

// digits reads a backreference, or an octal number.
func (t *translator) digits(class bool) error {
	n := 2
	for n < 4 && t.at+n < len(t.p) && t.p[t.at+n] >= '0' && t.p[t.at+n] <= '9' {
		n++
	}
	text := t.p[t.at+1 : t.at+n]
	if v, err := strconv.ParseUint(text, 8, 32); err == nil && (class || len(text) == 3) {
		t.out.WriteString(quoteRune(rune(v)))
		t.at += n
		return nil
	}
	if len(text) > 2 {
		text = text[:2]
	}
	v, _ := strconv.Atoi(text) // digits alone
	if v >= len(t.names) {
		return t.fail("invalid group reference %d", v)
	}
	t.out.WriteString(`\k<` + text + ">")
	t.at += 1 + len(text)
	return nil
}

// property reads \p{...} and \pL.
func (t *translator) property(c byte) error {
	rest := t.p[t.at+2:]
	name, n := "", 0
	switch {
	case strings.HasPrefix(rest, "{") && strings.IndexByte(rest, '}') > 0:
		n = strings.IndexByte(rest, '}') + 1
		name = rest[1 : n-1]
	case rest != "":
		n, name = 1, rest[:1]
	}
	if strings.HasPrefix(name, "^") {
		c ^= 0x20
		name = name[1:]
	}
	if _, value, ok := strings.Cut(name, "="); ok {
		name = value
	}
	if long := longCategories[name]; long != "" {
		name = long
	}
	t.out.WriteString(`\` + string(c) + "{" + name + "}")
	t.at += 2 + n
	return nil
}

// longCategories are the long names of Unicode's categories.
var longCategories = map[string]string{
	"Letter": "L", "Mark": "M", "Number": "N", "Punctuation": "P", "Symbol": "S", "Separator": "Z", "Other": "C", "Alphabetic": "L", "Alpha": "L",
	"Uppercase_Letter": "Lu", "Lowercase_Letter": "Ll", "Titlecase_Letter": "Lt", "Decimal_Number": "Nd", "Uppercase": "Lu", "Lowercase": "Ll",
}

// quoteRune is a character as a pattern that matches it.
func quoteRune(r rune) string {
	switch {
	case r < 0x20 || r == 0x7f:
		return fmt.Sprintf(`\x%02x`, r)
	case r < 0x80 && !(r >= '0' && r <= '9' || r|0x20 >= 'a' && r|0x20 <= 'z' || r == '_'):
		return `\` + string(r)
	case r > 0x10ffff || r >= 0xd800 && r < 0xe000:
		return string(utf8.RuneError)
	}
	return string(r)
}
