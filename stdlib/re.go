package stdlib

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// compiledRegexp is a pattern. It is applied in linear time where Go's engine gives what
// Python's does, and by backtracking elsewhere.
type compiledRegexp struct {
	pattern string
	flags   reFlags
	names   []string

	linear   [3]*regexp.Regexp // anywhere, at the start, whole; nil where the pattern needs more
	rooted   bool              // whether it looks at what is before a place
	dollar   bool              // whether it has a $, which is also before a last newline
	maybeNil bool              // whether it may match nothing

	back *backtracker // made when it is first needed
}

var (
	_ starlark.Value = (*compiledRegexp)(nil)
	_ object.HasType = (*compiledRegexp)(nil)

	compiledRegexpType = object.NewGoType("_re", "Compiled", "A compiled pattern.", nil)
)

func (r *compiledRegexp) String() string        { return "<_re.Compiled object>" }
func (r *compiledRegexp) Type() string          { return "Compiled" }
func (r *compiledRegexp) Freeze()               {}
func (r *compiledRegexp) Truth() starlark.Bool  { return true }
func (r *compiledRegexp) Hash() (uint32, error) { return starlark.String(r.pattern).Hash() }
func (r *compiledRegexp) PyType() *object.Type  { return compiledRegexpType }

const (
	patternByte = 64 // of memory that a byte of a pattern may take
	matcherStep = 48 // that a step of a matcher takes, with what it is made from
)

// compileRegexp compiles a pattern of Python's. How long a matcher is follows from how often it
// repeats what, and not from the pattern's length.
func compileRegexp(thread *starlark.Thread, pattern string, flags reFlags) (*compiledRegexp, error) {
	if err := object.GrowTimes(thread, len(pattern), patternByte); err != nil {
		return nil, err
	}
	p, err := object.Aside(thread, func() (*parsedRegexp, error) { return parseRegexp(pattern, flags), nil })
	if err != nil {
		return nil, err
	}
	if p.tree != nil {
		if err := object.GrowTimes(thread, 3*matcherSteps(p.tree), matcherStep); err != nil {
			return nil, err
		}
	}
	return object.Aside(thread, func() (*compiledRegexp, error) { return p.compile(pattern, flags) })
}

// parsedRegexp is a pattern in the syntax of Go's engine.
type parsedRegexp struct {
	text, letters string
	tree          *syntax.Regexp // nil where that engine does not know it
}

func parseRegexp(pattern string, flags reFlags) *parsedRegexp {
	p := &parsedRegexp{}
	text, err := translateRegexp(pattern, flags)
	if err == nil {
		letters := ""
		for _, f := range []struct {
			on     bool
			letter string
		}{{flags.ignoreCase, "i"}, {flags.multiline, "m"}, {flags.dotAll, "s"}} {
			if f.on {
				letters += f.letter
			}
		}
		if letters != "" {
			letters = "(?" + letters + ")"
		}
		p.text, p.letters = text, letters
		if tree, err := syntax.Parse(letters+text, syntax.Perl); err == nil {
			p.tree = tree
		}
	}
	return p
}

func (p *parsedRegexp) compile(pattern string, flags reFlags) (r *compiledRegexp, err error) {
	r = &compiledRegexp{pattern: pattern, flags: flags}
	if p.tree != nil {
		for i, form := range [3][2]string{{"", ""}, {`\A(?:`, ")"}, {`\A(?:`, `)\z`}} {
			if r.linear[i], err = regexp.Compile(p.letters + form[0] + p.text + form[1]); err != nil {
				break
			}
		}
		if err == nil {
			r.inspect(p.tree)
			r.names = r.linear[0].SubexpNames()
			return r, nil
		}
	}
	r.linear = [3]*regexp.Regexp{}
	if r.back, r.names, err = newBacktracker(pattern, flags); err != nil {
		return nil, err
	}
	return r, nil
}

// matcherSteps is about how many steps a matcher of a pattern has, whose parts are made as
// often as they are repeated.
func matcherSteps(n *syntax.Regexp) int {
	steps := 1 + len(n.Rune)
	for _, sub := range n.Sub {
		steps = min(steps+matcherSteps(sub), maxSteps)
	}
	if n.Op == syntax.OpRepeat {
		steps *= max(n.Min, n.Max, 1)
	}
	return min(steps, maxSteps)
}

// maxSteps is more than any matcher may have.
const maxSteps = 1 << 30

// inspect notes where the two engines differ on a pattern.
func (r *compiledRegexp) inspect(tree *syntax.Regexp) {
	r.maybeNil = shortest(tree) == 0
	var walk func(n *syntax.Regexp)
	walk = func(n *syntax.Regexp) {
		switch n.Op {
		case syntax.OpBeginLine, syntax.OpBeginText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
			r.rooted = true
		case syntax.OpEndText:
			r.dollar = r.dollar || n.Flags&syntax.WasDollar != 0
		default:
		}
		for _, sub := range n.Sub {
			walk(sub)
		}
	}
	walk(tree)
}

// shortest is the length of the shortest match, up to one.
func shortest(n *syntax.Regexp) int {
	switch n.Op {
	case syntax.OpLiteral, syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return 1
	case syntax.OpCapture, syntax.OpPlus:
		return shortest(n.Sub[0])
	case syntax.OpRepeat:
		if n.Min == 0 {
			return 0
		}
		return shortest(n.Sub[0])
	case syntax.OpConcat:
		for _, sub := range n.Sub {
			if shortest(sub) > 0 {
				return 1
			}
		}
		return 0
	case syntax.OpAlternate:
		for _, sub := range n.Sub {
			if shortest(sub) == 0 {
				return 0
			}
		}
		return 1
	default:
		return 0
	}
}

// find gives the matches in a text from a character on: the spans of the groups, and
// their texts.
func (r *compiledRegexp) find(thread *starlark.Thread, text string, how, limit, pos int, overlapped bool) ([]starlark.Value, error) {
	switch {
	case r.linear[0] == nil, pos > 0 && r.rooted, r.dollar && strings.HasSuffix(text, "\n"), r.maybeNil && limit != 1 && how == 0, overlapped:
		if r.back == nil {
			var err error
			if r.back, _, err = newBacktracker(r.pattern, r.flags); err != nil {
				return nil, err
			}
		}
		return r.back.find(thread, text, how, limit, pos, overlapped)
	}
	cut := 0
	if pos > 0 {
		if cut = byteOffset(text, pos); cut < 0 {
			return nil, nil
		}
	}
	text = text[cut:]
	count := charCounter{text: text}
	found, err := findAll(thread, r.linear[how], text, limit)
	if err != nil {
		return nil, err
	}
	out := make([]starlark.Value, 0, len(found))
	for i, m := range found {
		if i%object.LongStep == 0 {
			if err := object.Steps(thread, object.LongStep); err != nil {
				return nil, err
			}
		}
		spans, texts := make(starlark.Tuple, len(m)/2), make(starlark.Tuple, len(m)/2)
		for g := range spans {
			start, end := m[2*g], m[2*g+1]
			if start < 0 {
				spans[g], texts[g] = starlark.Tuple{starlark.MakeInt(-1), starlark.MakeInt(-1)}, starlark.None
				continue
			}
			spans[g] = starlark.Tuple{starlark.MakeInt(pos + count.at(start)), starlark.MakeInt(pos + count.at(end))}
			texts[g] = starlark.String(text[start:end])
		}
		out = append(out, starlark.Tuple{spans, texts})
	}
	return out, nil
}

// byteOffset is where a character starts in a text, or -1 where it has none of the number.
func byteOffset(text string, char int) int {
	at := 0
	for ; char > 0; char-- {
		if at >= len(text) {
			return -1
		}
		_, n := utf8.DecodeRuneInString(text[at:])
		at += n
	}
	return at
}

// hows are the ways in which a pattern is applied.
var hows = map[string]int{"search": 0, "match": 1, "fullmatch": 2}

func makeRegexp(*Modules) *native.Module {
	mod := native.NewModule("_re", "The engine of re.")
	define(mod, []function{{"compile(pattern, flags, fail, /)", "Compile a pattern; flags are letters.", func(c *call) (starlark.Value, error) {
		p, letters := c.Str(0), c.Str(1)
		if c.Err != nil {
			return nil, c.Err
		}
		has := func(letter string) bool { return strings.Contains(letters, letter) }
		flags := reFlags{ignoreCase: has("i"), multiline: has("m"), dotAll: has("s"), verbose: has("x"), ascii: has("a"), extended: has("e")}
		r, err := compileRegexp(c.Thread, p, flags)
		if err == nil {
			return r, nil
		}
		raised, callErr := c.Invoke(c.Arg(2), starlark.String(err.Error()), c.Arg(0))
		if e, ok := raised.(*object.Exception); ok && callErr == nil {
			return nil, e
		}
		return nil, callErr
	}}})
	return mod
}

func init() {
	defineMethods(compiledRegexpType, []method[*compiledRegexp]{
		{"find(text, how, limit, pos=0, overlapped=False, /)", "The matches: the spans of their groups in characters, and the texts.", func(r *compiledRegexp, c *call) (starlark.Value, error) {
			text, how, limit, pos, overlapped := c.Str(0), c.Str(1), c.Int(2), c.IntOr(3, 0), c.BoolOr(4, false)
			if c.Err != nil {
				return nil, c.Err
			}
			out, err := r.find(c.Thread, text, hows[how], limit, pos, overlapped)
			return list(out), err
		}},
		{"splice(text, matches, texts, /)", "The text with each match replaced.", func(r *compiledRegexp, c *call) (starlark.Value, error) {
			text, matches, texts := c.Str(0), c.Items(1), c.Items(2)
			if c.Err != nil {
				return nil, c.Err
			}
			return splice(c.Thread, text, matches, texts)
		}},
		{"split(text, matches, /)", "The pieces of the text around matches, with the groups of these.", func(r *compiledRegexp, c *call) (starlark.Value, error) {
			text, matches := c.Str(0), c.Items(1)
			if c.Err != nil {
				return nil, c.Err
			}
			var out []starlark.Value
			walker := byteWalker{text: text}
			at := 0
			for _, m := range matches {
				start, end, groups := matchParts(m)
				from := walker.at(start)
				out = append(out, starlark.String(text[at:from]))
				out = append(out, groups[1:]...)
				at = walker.at(end)
			}
			return list(append(out, starlark.String(text[at:]))), object.GrowTimes(c.Thread, len(out), 32)
		}},
		{"groups()", "The names of the groups, empty for those without.", func(r *compiledRegexp, _ *call) (starlark.Value, error) {
			return stringList(r.names), nil
		}},
	})
}

// matchParts are the span of a match that find gave, and the texts of its groups.
func matchParts(m starlark.Value) (start, end int, groups starlark.Tuple) {
	pair, ok := m.(starlark.Tuple)
	if !ok || len(pair) != 2 {
		return 0, 0, starlark.Tuple{starlark.None}
	}
	span := pair[0].(starlark.Tuple)[0].(starlark.Tuple)
	start, _ = starlark.AsInt32(span[0])
	end, _ = starlark.AsInt32(span[1])
	return start, end, pair[1].(starlark.Tuple)
}

// splice replaces matches by texts.
func splice(thread *starlark.Thread, text string, matches, texts []starlark.Value) (starlark.Value, error) {
	var out strings.Builder
	var meter object.Meter
	walker := byteWalker{text: text}
	at := 0
	for i, m := range matches {
		if i >= len(texts) {
			break
		}
		s, ok := object.AsString(texts[i])
		if !ok {
			return nil, object.Errorf(object.TypeError, "expected str instance, %s found", object.TypeName(texts[i]))
		}
		start, end, _ := matchParts(m)
		from := walker.at(start)
		out.WriteString(text[at:from])
		out.WriteString(s)
		at = walker.at(end)
		if err := meter.Grow(thread, out.Len()); err != nil {
			return nil, err
		}
	}
	out.WriteString(text[at:])
	return starlark.String(out.String()), nil
}

// byteWalker turns offsets in characters, which mostly grow, into offsets in bytes.
type byteWalker struct {
	text        string
	bytes, char int
}

func (w *byteWalker) at(char int) int {
	if char < w.char {
		w.bytes, w.char = 0, 0
	}
	for w.char < char && w.bytes < len(w.text) {
		_, n := utf8.DecodeRuneInString(w.text[w.bytes:])
		w.bytes += n
		w.char++
	}
	return w.bytes
}

const (
	longText  = 1 << 16 // bytes from which a search may take milliseconds
	someFound = 1 << 14 // matches that are asked for at first
	foundSize = 256     // bytes that a match of few groups takes, here and as a value
)

// findAll gives the matches, at most limit unless that is negative. It asks for the room
// of as many as it looks for, of few at first.
func findAll(thread *starlark.Thread, re *regexp.Regexp, text string, limit int) ([][]int, error) {
	if len(text) < longText {
		return re.FindAllStringSubmatchIndex(text, limit), nil
	}
	for n := someFound; ; n *= 8 {
		if limit >= 0 && n > limit {
			n = limit
		}
		if err := object.GrowTimes(thread, min(n, len(text)), foundSize+32*re.NumSubexp()); err != nil {
			return nil, err
		}
		found, err := object.Aside(thread, func() ([][]int, error) { return re.FindAllStringSubmatchIndex(text, n), nil })
		if err != nil || len(found) < n || n == limit {
			return found, err
		}
	}
}

// charCounter turns offsets in bytes into offsets in characters. Offsets that
// mostly grow cost no more than one pass over the text.
type charCounter struct {
	text        string
	bytes, char int
}

func (c *charCounter) at(offset int) int {
	switch {
	case offset < 0:
		return -1
	case offset >= c.bytes:
		c.char += utf8.RuneCountInString(c.text[c.bytes:offset])
	default:
		c.char -= utf8.RuneCountInString(c.text[offset:c.bytes])
	}
	c.bytes = offset
	return c.char
}
