package stdlib

import (
	"regexp"
	"regexp/syntax"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/object/text"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// compiledRegexp is a pattern. It is applied in linear time where Go's engine gives what
// Python's does, and by backtracking elsewhere.
type compiledRegexp struct {
	pattern string
	flags   reFlags
	names   []string
	index   *starlark.Dict // the numbers of named groups
	bytes   bool           // it is for bytes, which are taken for characters
	fail    starlark.Value // makes an exception of a message and the pattern

	linear   [3]linearForm // anywhere, at the start, whole
	isLinear bool          // whether Go's engine does
	steps    int           // about how long a matcher of it is
	rooted   bool          // whether it looks at what is before a place
	dollar   bool          // whether it has a $, which is also before a last newline
	maybeNil bool          // whether it may match nothing

	back *backtracker // made when it is first needed
}

// linearForm is a pattern as Go writes it, compiled when it is first needed: for any text,
// and with classes of few characters for texts of ASCII.
type linearForm struct {
	text, ascii     string
	forText, forRaw *regexp.Regexp
}

// engine is the matcher of a form for a text.
func (r *compiledRegexp) engine(thread *starlark.Thread, how int, ascii bool) (*regexp.Regexp, error) {
	f := &r.linear[how]
	kept, text := &f.forText, f.text
	if ascii && f.ascii != f.text {
		kept, text = &f.forRaw, f.ascii
	}
	if *kept != nil {
		return *kept, nil
	}
	compile := func() (*regexp.Regexp, error) { return regexp.Compile(text) }
	var re *regexp.Regexp
	var err error
	if r.steps < longMatcher {
		re, err = compile()
	} else {
		re, err = object.Aside(thread, compile)
	}
	if err == nil {
		*kept = re
	}
	return re, err
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
	longMatcher = 1 << 12
)

// compileRegexp compiles a pattern of Python's. How long a matcher is follows from how often it
// repeats what, and not from the pattern's length.
func compileRegexp(thread *starlark.Thread, pattern string, flags reFlags) (*compiledRegexp, error) {
	if err := object.GrowTimes(thread, len(pattern), patternByte); err != nil {
		return nil, err
	}
	r, err := object.Aside(thread, func() (*compiledRegexp, error) {
		r := &compiledRegexp{pattern: pattern, flags: flags}
		if r.compileLinear() != nil {
			*r = compiledRegexp{pattern: pattern, flags: flags}
		}
		return r, nil
	})
	if err != nil {
		return nil, err
	}
	if r.isLinear {
		return r, object.GrowTimes(thread, 3*r.steps, matcherStep)
	}
	return object.Aside(thread, func() (*compiledRegexp, error) {
		var err error
		r.back, r.names, err = newBacktracker(pattern, flags)
		return r, err
	})
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

// compileLinear readies Go's engine, or fails where it does not have what the pattern needs.
func (r *compiledRegexp) compileLinear() error {
	letters := ""
	for _, f := range []struct {
		on     bool
		letter string
	}{{r.flags.ignoreCase, "i"}, {r.flags.multiline, "m"}, {r.flags.dotAll, "s"}} {
		if f.on {
			letters += f.letter
		}
	}
	if letters != "" {
		letters = "(?" + letters + ")"
	}
	text, err := translateRegexp(r.pattern, r.flags, unicodeClasses)
	if err != nil {
		return err
	}
	ascii, err := translateRegexp(r.pattern, r.flags, asciiOnly)
	if err != nil {
		return err
	}
	tree, err := syntax.Parse(letters+text, syntax.Perl)
	if err != nil {
		return err
	}
	if _, err := syntax.Parse(letters+ascii, syntax.Perl); err != nil {
		ascii = text
	}
	for i, form := range [3][2]string{{"", ""}, {`\A(?:`, ")"}, {`\A(?:`, `)\z`}} {
		r.linear[i] = linearForm{text: letters + form[0] + text + form[1], ascii: letters + form[0] + ascii + form[1]}
	}
	r.isLinear, r.steps = true, matcherSteps(tree)
	r.inspect(tree)
	r.names = tree.CapNames()
	return nil
}

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

// find gives the matches in a text from a byte on: where the groups begin and end, in bytes.
func (r *compiledRegexp) find(thread *starlark.Thread, s string, how, limit, from int, overlapped bool) ([][]int, error) {
	switch {
	case !r.isLinear, from > 0 && r.rooted, r.dollar && strings.HasSuffix(s, "\n"), r.maybeNil && limit != 1 && how == 0, overlapped:
		if r.back == nil {
			var err error
			if r.back, _, err = newBacktracker(r.pattern, r.flags); err != nil {
				return nil, err
			}
		}
		return r.back.find(thread, s, how, limit, from, overlapped)
	}
	s = s[from:]
	re, err := r.engine(thread, how, text.IsASCII(s))
	if err != nil {
		return nil, err
	}
	var found [][]int
	if limit == 1 && len(s) < longText {
		if m := re.FindStringSubmatchIndex(s); m != nil {
			found = [][]int{m}
		}
	} else {
		found, err = findAll(thread, re, s, limit)
	}
	if from > 0 {
		for _, m := range found {
			for i := range m {
				if m[i] >= 0 {
					m[i] += from
				}
			}
		}
	}
	return found, err
}

// hows are the ways in which a pattern is applied.
const (
	anywhere = iota
	atStart
	whole
)

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
		if err != nil {
			return nil, regexpError(c.Thread, c.Arg(2), err.Error(), starlark.String(p))
		}
		r.bytes, r.fail = has("b"), c.Arg(2)
		r.index = new(starlark.Dict)
		for i, name := range r.names {
			if name != "" {
				if err := r.index.SetKey(starlark.String(name), starlark.MakeInt(i)); err != nil {
					return nil, err
				}
			}
		}
		return r, nil
	}}, {"functions(compile, /)", "The functions that compile a pattern and apply it, and one that forgets patterns.", func(c *call) (starlark.Value, error) {
		return regexpFunctions(c.Arg(0)), nil
	}}})
	mod.Members["Match"] = matchType
	for name, m := range patternMethods() {
		mod.Members[name] = m
	}
	return mod
}

// regexpError is the exception that a function makes of a message and more.
func regexpError(thread *starlark.Thread, fail starlark.Value, args ...any) error {
	in := make(starlark.Tuple, len(args))
	for i, a := range args {
		switch a := a.(type) {
		case string:
			in[i] = starlark.String(a)
		case starlark.Value:
			in[i] = a
		}
	}
	raised, err := object.Call(thread, fail, in, nil)
	if e, ok := raised.(*object.Exception); ok && err == nil {
		return e
	}
	return err
}

func init() {
	defineMethods(compiledRegexpType, []method[*compiledRegexp]{
		{"groups()", "The names of the groups, empty for those without.", func(r *compiledRegexp, _ *call) (starlark.Value, error) {
			return stringList(r.names), nil
		}},
		{"index()", "The numbers of the groups with names.", func(r *compiledRegexp, _ *call) (starlark.Value, error) {
			return r.index, nil
		}},
	})
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
		if err := object.Steps(thread, len(text)/8); err != nil {
			return nil, err
		}
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
