package stdlib

import (
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// Pattern is a class of re, whose methods that search are these. An instance has its engine
// in an attribute.

// engineName is the attribute of a pattern that has its engine.
const engineName = "_engine"

func engineOf(self *object.Instance) (*compiledRegexp, error) {
	v, _ := self.Attrs().Get(engineName)
	if r, ok := v.(*compiledRegexp); ok {
		return r, nil
	}
	return nil, object.Errorf(object.TypeError, "the pattern was not initialized")
}

// subject is the text that a value stands for.
func (r *compiledRegexp) subject(v starlark.Value) (string, error) {
	if s, ok := object.AsString(v); ok {
		if r.bytes {
			return "", object.Errorf(object.TypeError, "cannot use a bytes pattern on a string-like object")
		}
		return s, nil
	}
	b, ok := native.AsBytes(v)
	if !ok {
		return "", object.Errorf(object.TypeError, "expected string or bytes-like object, got '%s'", object.TypeName(v))
	}
	if !r.bytes {
		return "", object.Errorf(object.TypeError, "cannot use a string pattern on a bytes-like object")
	}
	return fromLatin1(b), nil
}

// patternText is a replacement or template, which may be of either kind.
func (r *compiledRegexp) patternText(v starlark.Value) (string, error) {
	if s, ok := object.AsString(v); ok {
		return s, nil
	}
	if b, ok := native.AsBytes(v); ok {
		return fromLatin1(b), nil
	}
	return "", object.Errorf(object.TypeError, "expected str instance, %s found", object.TypeName(v))
}

func fromLatin1(b []byte) string {
	var out strings.Builder
	out.Grow(len(b))
	for _, c := range b {
		out.WriteRune(rune(c))
	}
	return out.String()
}

// hunt is one search: a pattern, what it is applied to, and the part of that.
type hunt struct {
	pattern     *object.Instance
	engine      *compiledRegexp
	given       starlark.Value
	text        string // up to the end of the part
	from        int    // where the part begins, in bytes
	pos, endpos int    // the part, in characters
}

// hunt reads what a method was given: the text, and the part to search.
func newHunt(self *object.Instance, c *call, at int) (*hunt, error) {
	r, err := engineOf(self)
	if err != nil {
		return nil, err
	}
	h := &hunt{pattern: self, engine: r, given: c.Arg(at)}
	if h.text, err = r.subject(h.given); err != nil {
		return nil, err
	}
	if h.endpos, err = object.Characters(c.Thread, h.text); err != nil {
		return nil, err
	}
	if len(c.Bound) <= at+2 || !c.Given(at+1) && !c.Given(at+2) {
		return h, nil
	}
	size := h.endpos
	h.pos = max(0, min(c.IntOr(at+1, 0), size))
	if c.Given(at + 2) {
		h.endpos = max(0, min(c.Int(at+2), size))
	}
	if c.Err != nil {
		return nil, c.Err
	}
	whole := h.text
	if h.pos > 0 {
		if h.from, err = object.OffsetOf(c.Thread, whole, h.pos); err != nil {
			return nil, err
		}
	}
	if h.endpos < size {
		end, err := object.OffsetOf(c.Thread, whole, h.endpos)
		if err != nil {
			return nil, err
		}
		h.text = whole[:end]
	}
	return h, nil
}

// find gives where matches are, at most limit unless that is negative.
func (h *hunt) find(c *call, how, limit int, overlapped bool) ([][]int, error) {
	if h.from > len(h.text) {
		return nil, nil
	}
	return h.engine.find(c.Thread, h.text, how, limit, h.from, overlapped)
}

func (h *hunt) match(loc []int) *regexpMatch {
	return &regexpMatch{pattern: h.pattern, engine: h.engine, given: h.given, text: h.text, loc: loc, pos: h.pos, endpos: h.endpos}
}

// matches are all matches, as values.
func (h *hunt) matches(c *call, overlapped bool) ([]starlark.Value, error) {
	found, err := h.find(c, anywhere, -1, overlapped)
	if err != nil {
		return nil, err
	}
	out := make([]starlark.Value, len(found))
	for i, loc := range found {
		out[i] = h.match(loc)
	}
	return out, object.Steps(c.Thread, len(found))
}

// first is the method that gives the first match, applied in one way.
func first(how int) func(self *object.Instance, c *call) (starlark.Value, error) {
	return func(self *object.Instance, c *call) (starlark.Value, error) {
		h, err := newHunt(self, c, 0)
		if err != nil {
			return nil, err
		}
		found, err := h.find(c, how, 1, false)
		if err != nil || len(found) == 0 {
			return starlark.None, err
		}
		return h.match(found[0]), nil
	}
}

// patternMethods are the methods of Pattern that Go has.
func patternMethods() map[string]starlark.Value {
	out := map[string]starlark.Value{}
	for _, m := range []method[*object.Instance]{
		{"search(string, pos=0, endpos=None)", "The first match anywhere.", first(anywhere)},
		{"match(string, pos=0, endpos=None)", "The match at the start.", first(atStart)},
		{"fullmatch(string, pos=0, endpos=None)", "The match of the whole string.", first(whole)},
		{"finditer(string, pos=0, endpos=None, overlapped=False)", "All matches.", func(self *object.Instance, c *call) (starlark.Value, error) {
			h, err := newHunt(self, c, 0)
			if err != nil {
				return nil, err
			}
			found, err := h.matches(c, c.BoolOr(3, false))
			if err != nil {
				return nil, err
			}
			it, err := object.Iterate(c.Thread, list(found))
			return object.NewIterator("callable_iterator", it), err
		}},
		{"findall(string, pos=0, endpos=None, overlapped=False)", "The texts of all matches.", patternFindAll},
		{"split(string, maxsplit=0)", "The pieces between matches.", patternSplit},
		{"sub(repl, string, count=0)", "The string with matches replaced.", func(self *object.Instance, c *call) (starlark.Value, error) {
			v, _, err := patternReplace(self, c)
			return v, err
		}},
		{"subn(repl, string, count=0)", "The string with matches replaced, and how many there were.", func(self *object.Instance, c *call) (starlark.Value, error) {
			v, n, err := patternReplace(self, c)
			return starlark.Tuple{v, starlark.MakeInt(n)}, err
		}},
	} {
		f := native.NewMethod(m.sig, m.doc, m.body)
		out[f.Name()] = f
	}
	return out
}

func patternFindAll(self *object.Instance, c *call) (starlark.Value, error) {
	h, err := newHunt(self, c, 0)
	if err != nil {
		return nil, err
	}
	found, err := h.find(c, anywhere, -1, c.BoolOr(3, false))
	if err != nil {
		return nil, err
	}
	none := h.engine.value("")
	out := make([]starlark.Value, len(found))
	for i, loc := range found {
		m := regexpMatch{engine: h.engine, text: h.text, loc: loc}
		switch len(loc) {
		case 2:
			out[i] = m.group(0, none)
		case 4:
			out[i] = m.group(1, none)
		default:
			out[i] = m.groups(none)
		}
	}
	return list(out), object.Steps(c.Thread, len(found))
}

func patternSplit(self *object.Instance, c *call) (starlark.Value, error) {
	h, err := newHunt(self, c, 0)
	if err != nil {
		return nil, err
	}
	most := c.IntOr(1, 0)
	if c.Err != nil {
		return nil, c.Err
	}
	found, err := h.replaced(c, most)
	if err != nil {
		return nil, err
	}
	var out []starlark.Value
	at := 0
	for _, loc := range found {
		m := regexpMatch{engine: h.engine, text: h.text, loc: loc}
		out = append(out, h.engine.value(h.text[at:loc[0]]))
		out = append(out, m.groups(starlark.None)...)
		at = loc[1]
	}
	return list(append(out, h.engine.value(h.text[at:]))), object.GrowTimes(c.Thread, len(out), 32)
}

// replaced are the matches that count says: 0 means all, and less none.
func (h *hunt) replaced(c *call, count int) ([][]int, error) {
	switch {
	case count < 0:
		return nil, nil
	case count == 0:
		count = -1
	}
	return h.find(c, anywhere, count, false)
}

// patternReplace replaces matches by a text, a template, or what a function gives of them.
func patternReplace(self *object.Instance, c *call) (v starlark.Value, n int, err error) {
	h, err := newHunt(self, c, 1)
	if err != nil {
		return nil, 0, err
	}
	count := c.IntOr(2, 0)
	if c.Err != nil {
		return nil, 0, c.Err
	}
	found, err := h.replaced(c, count)
	if err != nil {
		return nil, 0, err
	}
	repl := c.Arg(0)
	_, function := repl.(starlark.Callable)
	if _, text := object.AsString(repl); text {
		function = false
	}
	var parts []templatePart
	if !function {
		s, err := h.engine.patternText(repl)
		if err != nil {
			return nil, 0, err
		}
		parts = []templatePart{{s, -1}}
		if strings.IndexByte(s, '\\') >= 0 && len(found) > 0 {
			if parts, err = h.engine.template(c.Thread, s); err != nil {
				return nil, 0, err
			}
		}
	}
	var out strings.Builder
	var meter object.Meter
	at := 0
	for _, loc := range found {
		out.WriteString(h.text[at:loc[0]])
		at = loc[1]
		m := regexpMatch{pattern: h.pattern, engine: h.engine, given: h.given, text: h.text, loc: loc, endpos: h.endpos}
		if function {
			given := m
			v, err := object.Call(c.Thread, repl, starlark.Tuple{&given}, nil)
			if err != nil {
				return nil, 0, err
			}
			s, err := h.engine.patternText(v)
			if err != nil {
				return nil, 0, err
			}
			out.WriteString(s)
		} else {
			m.expand(&out, parts)
		}
		if err := meter.Grow(c.Thread, out.Len()); err != nil {
			return nil, 0, err
		}
	}
	out.WriteString(h.text[at:])
	return h.engine.value(out.String()), len(found), object.Steps(c.Thread, len(found))
}
