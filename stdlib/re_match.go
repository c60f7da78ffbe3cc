package stdlib

import (
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/object/text"
)

// regexpMatch is what a pattern found.
type regexpMatch struct {
	pattern     *object.Instance // of Pattern
	engine      *compiledRegexp
	given       starlark.Value // what was searched
	text        string         // the text it stands for
	loc         []int          // where the groups begin and end, in bytes; -1 where they are not
	pos, endpos int            // the part that was searched, in characters
}

var (
	_ starlark.HasAttrs   = (*regexpMatch)(nil)
	_ object.HasType      = (*regexpMatch)(nil)
	_ object.HasItems     = (*regexpMatch)(nil)
	_ object.HasStr       = (*regexpMatch)(nil)
	_ object.HasReferents = (*regexpMatch)(nil)

	matchType = object.NewGoType("re", "Match", "What a pattern found.", nil)
)

func (m *regexpMatch) String() string        { return "<re.Match object>" }
func (m *regexpMatch) Type() string          { return "Match" }
func (m *regexpMatch) Freeze()               {}
func (m *regexpMatch) Truth() starlark.Bool  { return true }
func (m *regexpMatch) Hash() (uint32, error) { return starlark.String(m.text).Hash() }
func (m *regexpMatch) PyType() *object.Type  { return matchType }

// Referents yields the pattern and what was searched.
func (m *regexpMatch) Referents(yield func(key, v starlark.Value)) {
	yield(starlark.String("re"), m.pattern)
	yield(starlark.String("string"), m.given)
}

// Str is str(m).
func (m *regexpMatch) Str(thread *starlark.Thread) (string, error) { return m.Repr(thread) }

// Repr shows the span and the text of the match.
func (m *regexpMatch) Repr(thread *starlark.Thread) (string, error) {
	span, err := m.span(thread, 0)
	if err != nil {
		return "", err
	}
	shown, err := object.Repr(thread, m.group(0, starlark.None))
	return "<re.Match object; span=" + span.String() + ", match=" + shown + ">", err
}

// group is the text of a group, or another value where there is none.
func (m *regexpMatch) group(i int, absent starlark.Value) starlark.Value {
	start, end := m.loc[2*i], m.loc[2*i+1]
	if start < 0 {
		return absent
	}
	return m.engine.value(m.text[start:end])
}

// value is a part of the text that was searched, as scripts have it.
func (r *compiledRegexp) value(s string) starlark.Value {
	if r.bytes {
		return starlark.Bytes(latin1(s))
	}
	return starlark.String(s)
}

// latin1 is a text of characters below 256 as bytes.
func latin1(s string) string {
	if text.IsASCII(s) {
		return s
	}
	out := make([]byte, 0, len(s))
	for _, c := range s {
		out = append(out, byte(c))
	}
	return string(out)
}

// number is the group that a number or a name means.
func (m *regexpMatch) number(thread *starlark.Thread, group starlark.Value) (int, error) {
	if i, ok := group.(starlark.Int); ok {
		if n, ok := i.Int64(); ok && n >= 0 && n < int64(len(m.loc)/2) {
			return int(n), nil
		}
	} else if s, ok := object.AsString(group); ok {
		if v, found, _ := m.engine.index.Get(starlark.String(s)); found {
			return starlark.AsInt32(v)
		}
	} else if n, err := object.AsIndex(thread, group); err == nil && n >= 0 && n < len(m.loc)/2 {
		return n, nil
	}
	return 0, object.Errorf(object.IndexError, "no such group")
}

// GetItem is m[group].
func (m *regexpMatch) GetItem(thread *starlark.Thread, key starlark.Value) (starlark.Value, error) {
	i, err := m.number(thread, key)
	if err != nil {
		return nil, err
	}
	return m.group(i, starlark.None), nil
}

// span is where a group begins and ends, in characters.
func (m *regexpMatch) span(thread *starlark.Thread, i int) (starlark.Tuple, error) {
	out := starlark.Tuple{starlark.MakeInt(-1), starlark.MakeInt(-1)}
	for k := range out {
		if m.loc[2*i] < 0 {
			break
		}
		n, err := object.CharacterAt(thread, m.text, m.loc[2*i+k])
		if err != nil {
			return nil, err
		}
		out[k] = starlark.MakeInt(n)
	}
	return out, nil
}

// last is the last group that took part, or 0.
func (m *regexpMatch) last() int {
	last, end := 0, -1
	for i := 1; i < len(m.loc)/2; i++ {
		if m.loc[2*i+1] > end {
			last, end = i, m.loc[2*i+1]
		}
	}
	return last
}

// AttrNames lists what Attr gives.
func (m *regexpMatch) AttrNames() []string {
	return []string{"endpos", "lastgroup", "lastindex", "pos", "re", "string"}
}

// Attr gives what the match is of.
func (m *regexpMatch) Attr(name string) (starlark.Value, error) {
	switch name {
	case "re":
		return m.pattern, nil
	case "string":
		return m.given, nil
	case "pos":
		return starlark.MakeInt(m.pos), nil
	case "endpos":
		return starlark.MakeInt(m.endpos), nil
	case "lastindex":
		if i := m.last(); i > 0 {
			return starlark.MakeInt(i), nil
		}
		return starlark.None, nil
	case "lastgroup":
		if i := m.last(); i > 0 && m.engine.names[i] != "" {
			return starlark.String(m.engine.names[i]), nil
		}
		return starlark.None, nil
	}
	return nil, nil
}

var _ object.HasLateAttr = (*regexpMatch)(nil)

// LateAttr gives regs.
func (m *regexpMatch) LateAttr(thread *starlark.Thread, name string) (starlark.Value, error) {
	if name != "regs" {
		return nil, nil
	}
	out := make(starlark.Tuple, len(m.loc)/2)
	for i := range out {
		span, err := m.span(thread, i)
		if err != nil {
			return nil, err
		}
		out[i] = span
	}
	return out, nil
}

func init() {
	place := func(k int) func(m *regexpMatch, c *call) (starlark.Value, error) {
		return func(m *regexpMatch, c *call) (starlark.Value, error) {
			i, err := m.number(c.Thread, c.ValueOr(0, starlark.MakeInt(0)))
			if err != nil {
				return nil, err
			}
			span, err := m.span(c.Thread, i)
			if err != nil || k == 2 {
				return span, err
			}
			return span[k], nil
		}
	}
	defineMethods(matchType, []method[*regexpMatch]{
		{"group(*groups)", "The texts of groups.", func(m *regexpMatch, c *call) (starlark.Value, error) {
			if len(c.Rest) == 0 {
				return m.group(0, starlark.None), nil
			}
			out := make(starlark.Tuple, len(c.Rest))
			for i, g := range c.Rest {
				n, err := m.number(c.Thread, g)
				if err != nil {
					return nil, err
				}
				out[i] = m.group(n, starlark.None)
			}
			if len(out) == 1 {
				return out[0], nil
			}
			return out, nil
		}},
		{"groups(default=None)", "The texts of all groups.", func(m *regexpMatch, c *call) (starlark.Value, error) {
			return m.groups(c.ValueOr(0, starlark.None)), nil
		}},
		{"groupdict(default=None)", "The texts of the groups with names.", func(m *regexpMatch, c *call) (starlark.Value, error) {
			d := new(starlark.Dict)
			for i, name := range m.engine.names {
				if name != "" {
					if err := d.SetKey(starlark.String(name), m.group(i, c.ValueOr(0, starlark.None))); err != nil {
						return nil, err
					}
				}
			}
			return d, nil
		}},
		{"span(group=0, /)", "Where a group begins and ends.", place(2)},
		{"start(group=0, /)", "Where a group begins.", place(0)},
		{"end(group=0, /)", "Where a group ends.", place(1)},
		{"expand(template)", "A template with its references to groups filled in.", func(m *regexpMatch, c *call) (starlark.Value, error) {
			s, err := m.engine.patternText(c.Arg(0))
			if err != nil {
				return nil, err
			}
			parts, err := m.engine.template(c.Thread, s)
			if err != nil {
				return nil, err
			}
			var out strings.Builder
			m.expand(&out, parts)
			return m.engine.value(out.String()), nil
		}},
	})
}

// groups are the texts of all groups but the whole.
func (m *regexpMatch) groups(absent starlark.Value) starlark.Tuple {
	out := make(starlark.Tuple, len(m.loc)/2-1)
	for i := range out {
		out[i] = m.group(i+1, absent)
	}
	return out
}

// expand writes a template.
func (m *regexpMatch) expand(out *strings.Builder, parts []templatePart) {
	for _, p := range parts {
		out.WriteString(p.text)
		if p.group >= 0 && m.loc[2*p.group] >= 0 {
			out.WriteString(m.text[m.loc[2*p.group]:m.loc[2*p.group+1]])
		}
	}
}
