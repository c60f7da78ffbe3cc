package object

import (
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object/text"
)

// formatter runs str.format: it resolves the replacement fields.
type formatter struct {
	thread *starlark.Thread
	args   starlark.Tuple
	lookup func(name string) (starlark.Value, error)
	auto   int
	mode   byte // 'a' for {} and 'm' for {0}, once one was seen
	mapped bool // format_map: there are no positions
}

// formatStr is s.format(*args, **kwargs).
func formatStr(thread *starlark.Thread, s string, args starlark.Tuple, kwargs []starlark.Tuple) (string, error) {
	f := &formatter{thread: thread, args: args}
	f.lookup = func(name string) (starlark.Value, error) {
		for _, kv := range kwargs {
			if k, _ := starlark.AsString(kv[0]); k == name {
				return kv[1], nil
			}
		}
		return nil, NewException(KeyError, starlark.String(name))
	}
	return f.expand(s, 2)
}

// formatMap is s.format_map(m).
func formatMap(thread *starlark.Thread, s string, m starlark.Value) (string, error) {
	f := &formatter{thread: thread, mapped: true}
	f.lookup = func(name string) (starlark.Value, error) { return GetItem(thread, m, starlark.String(name)) }
	return f.expand(s, 2)
}

func (f *formatter) expand(s string, depth int) (string, error) {
	if depth == 0 {
		return "", Errorf(ValueError, "Max string recursion exceeded")
	}
	var buf strings.Builder
	var meter Meter
	for i := 0; i < len(s); {
		if err := meter.Grow(f.thread, buf.Len()+len(s)); err != nil {
			return "", err
		}
		c := s[i]
		switch {
		case c != '{' && c != '}':
			j := strings.IndexAny(s[i:], "{}")
			if j < 0 {
				j = len(s) - i
			}
			buf.WriteString(s[i : i+j])
			i += j
		case i+1 < len(s) && s[i+1] == c:
			buf.WriteByte(c)
			i += 2
		case c == '}':
			return "", Errorf(ValueError, "Single '}' encountered in format string")
		case i+1 == len(s):
			return "", Errorf(ValueError, "Single '{' encountered in format string")
		default:
			text, end, err := f.field(s, i+1, depth)
			if err != nil {
				return "", err
			}
			if err := meter.Grow(f.thread, buf.Len()+len(text)); err != nil {
				return "", err
			}
			buf.WriteString(text)
			i = end
		}
	}
	return buf.String(), nil
}

// field expands the replacement field whose text starts at i, and gives where it ends.
func (f *formatter) field(s string, i, depth int) (string, int, error) {
	start := i
	bracket := false
	for ; i < len(s); i++ {
		switch s[i] {
		case '[':
			bracket = true
			continue
		case ']':
			bracket = false
			continue
		case '{':
			return "", 0, Errorf(ValueError, "unexpected '{' in field name")
		case '}', ':', '!':
			if bracket {
				continue
			}
		default:
			continue
		}
		break
	}
	if i >= len(s) {
		return "", 0, Errorf(ValueError, "expected '}' before end of string")
	}
	name := s[start:i]
	conv := byte(0)
	if s[i] == '!' {
		if i+1 < len(s) && s[i+1] == '}' {
			return "", 0, Errorf(ValueError, "unmatched '{' in format spec")
		}
		if i+2 >= len(s) {
			return "", 0, Errorf(ValueError, "end of string while looking for conversion specifier")
		}
		conv = s[i+1]
		i += 2
		if s[i] != ':' && s[i] != '}' {
			return "", 0, Errorf(ValueError, "expected ':' after conversion specifier")
		}
	}
	spec := ""
	if s[i] == ':' {
		open := 1
		from := i + 1
		for i++; i < len(s); i++ {
			if s[i] == '{' {
				open++
			} else if s[i] == '}' {
				if open--; open == 0 {
					break
				}
			}
		}
		if i >= len(s) {
			return "", 0, Errorf(ValueError, "unmatched '{' in format spec")
		}
		spec = s[from:i]
	}
	v, err := f.resolve(name)
	if err != nil {
		return "", 0, err
	}
	text, err := f.present(v, conv, spec, depth)
	return text, i + 1, err
}

func (f *formatter) present(v starlark.Value, conv byte, spec string, depth int) (string, error) {
	if strings.Contains(spec, "{") || strings.Contains(spec, "}") {
		var err error
		if spec, err = f.expand(spec, depth-1); err != nil {
			return "", err
		}
	}
	if conv == 0 {
		return Format(f.thread, v, spec)
	}
	s, err := Convert(f.thread, v, rune(conv))
	if err != nil {
		return "", err
	}
	return Format(f.thread, starlark.String(s), spec)
}

// Convert applies a conversion of a replacement field: !r, !s or !a.
func Convert(thread *starlark.Thread, v starlark.Value, conv rune) (string, error) {
	switch conv {
	case 'r':
		return Repr(thread, v)
	case 's':
		return Str(thread, v)
	case 'a':
		return ascii(thread, v)
	}
	return "", Errorf(ValueError, "Unknown conversion specifier %c", conv)
}

// ascii is ascii(x): the repr with what is not ASCII escaped.
func ascii(thread *starlark.Thread, x starlark.Value) (string, error) {
	if s, ok := x.(starlark.String); ok {
		return quote(thread, string(s), text.QuoteASCII)
	}
	s, err := Repr(thread, x)
	if err != nil || text.IsASCII(s) {
		return s, err
	}
	var buf strings.Builder
	for _, r := range s {
		if r < 0x80 {
			buf.WriteRune(r)
			continue
		}
		q := text.QuoteASCII(string(r))
		buf.WriteString(q[1 : len(q)-1])
	}
	return buf.String(), nil
}

// resolve finds the value of a field name: a first part, then .attr and [index].
func (f *formatter) resolve(name string) (starlark.Value, error) {
	end := strings.IndexAny(name, ".[")
	first, rest := name, ""
	if end >= 0 {
		first, rest = name[:end], name[end:]
	}
	v, err := f.first(first)
	if err != nil {
		return nil, err
	}
	for rest != "" {
		if rest[0] == '.' {
			end := strings.IndexAny(rest[1:], ".[")
			attr := rest[1:]
			rest = ""
			if end >= 0 {
				attr, rest = attr[:end], attr[end:]
			}
			if attr == "" {
				return nil, Errorf(ValueError, "Empty attribute in format string")
			}
			if v, err = GetAttr(f.thread, v, attr); err != nil {
				return nil, err
			}
			continue
		}
		if rest[0] != '[' {
			return nil, Errorf(ValueError, "Only '.' or '[' may follow ']' in format field specifier")
		}
		end := strings.IndexByte(rest, ']')
		if end < 0 {
			return nil, Errorf(ValueError, "Missing ']' in format string")
		}
		key := rest[1:end]
		rest = rest[end+1:]
		if key == "" {
			return nil, Errorf(ValueError, "Empty attribute in format string")
		}
		var k starlark.Value = starlark.String(key)
		if n, ok := decimal(key); ok {
			k = starlark.MakeInt(n)
		}
		if v, err = GetItem(f.thread, v, k); err != nil {
			return nil, err
		}
	}
	return v, nil
}

func (f *formatter) first(name string) (starlark.Value, error) {
	n, numeric := decimal(name)
	switch {
	case name != "" && !numeric:
		return f.lookup(name)
	case f.mapped:
		return nil, Errorf(ValueError, "Format string contains positional fields")
	case name == "":
		if f.mode == 'm' {
			return nil, Errorf(ValueError, "cannot switch from manual field specification to automatic field numbering")
		}
		f.mode = 'a'
		n = f.auto
		f.auto++
	default:
		if f.mode == 'a' {
			return nil, Errorf(ValueError, "cannot switch from automatic field numbering to manual field specification")
		}
		f.mode = 'm'
	}
	if n >= len(f.args) {
		return nil, Errorf(IndexError, "Replacement index %d out of range for positional args tuple", n)
	}
	return f.args[n], nil
}

func decimal(s string) (int, bool) {
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' || i > 17 {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, s != ""
}
