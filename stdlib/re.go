package stdlib

import (
	"regexp"
	"unicode/utf8"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// compiledRegexp is a pattern in the three ways in which it is applied.
type compiledRegexp struct {
	search, match, full *regexp.Regexp
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
func (r *compiledRegexp) Hash() (uint32, error) { return starlark.String(r.search.String()).Hash() }
func (r *compiledRegexp) PyType() *object.Type  { return compiledRegexpType }

func makeRegexp(*Modules) *native.Module {
	mod := native.NewModule("_re", "The engine of re.")
	define(mod, []function{{"compile(pattern, flags, verbose, fail, /)", "Compile a pattern; flags are Go's letters.", func(c *call) (starlark.Value, error) {
		p, flags, verbose := c.Str(0), c.Str(1), c.BoolOr(2, false)
		if c.Err != nil {
			return nil, c.Err
		}
		text, err := translateRegexp(p, verbose)
		r := &compiledRegexp{}
		for _, form := range []struct {
			to            **regexp.Regexp
			before, after string
		}{{&r.search, "", ""}, {&r.match, `\A(?:`, ")"}, {&r.full, `\A(?:`, `)\z`}} {
			if err != nil {
				break
			}
			*form.to, err = regexp.Compile(flags + form.before + text + form.after)
		}
		if err == nil {
			return r, nil
		}
		raised, callErr := c.Invoke(c.Arg(3), starlark.String(err.Error()), c.Arg(0))
		if e, ok := raised.(*object.Exception); ok && callErr == nil {
			return nil, e
		}
		return nil, callErr
	}}})
	return mod
}

func init() {
	defineMethods(compiledRegexpType, []method[*compiledRegexp]{
		{"find(text, how, limit, /)", "The spans of the matches and of their groups, in characters.", func(r *compiledRegexp, c *call) (starlark.Value, error) {
			text, limit := c.Str(0), c.Int(2)
			engine := map[string]*regexp.Regexp{"search": r.search, "match": r.match, "fullmatch": r.full}[c.Str(1)]
			if c.Err != nil {
				return nil, c.Err
			}
			count := charCounter{text: text}
			var out []starlark.Value
			found, err := findAll(c.Thread, engine, text, limit)
			if err != nil {
				return nil, err
			}
			for i, m := range found {
				if i%object.LongStep == 0 {
					if err := object.Steps(c.Thread, object.LongStep); err != nil {
						return nil, err
					}
				}
				spans := make(starlark.Tuple, len(m)/2)
				for g := range spans {
					spans[g] = starlark.Tuple{starlark.MakeInt(count.at(m[2*g])), starlark.MakeInt(count.at(m[2*g+1]))}
				}
				out = append(out, spans)
			}
			return list(out), nil
		}},
		{"groups()", "The names of the groups, empty for those without.", func(r *compiledRegexp, _ *call) (starlark.Value, error) {
			return stringList(r.search.SubexpNames()), nil
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
