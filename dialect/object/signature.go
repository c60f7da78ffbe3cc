package object

import (
	"fmt"
	"strings"

	"go.starlark.net/starlark"
)

// signature is the parameter list of a builtin, written as Python writes it:
// "x, /, key=None, *rest, reverse=False, **kw".
type signature struct {
	text     string
	params   []string // in slot order
	posOnly  int      // params that no keyword reaches
	npos     int      // params that can be given by position
	required uint64   // bit i: params[i] has no default
	star     bool     // *rest
	kwargs   bool     // **kw
}

func parseSignature(text string) *signature {
	s := &signature{text: text}
	if text == "" {
		return s
	}
	kwOnly := false
	for _, part := range strings.Split(text, ", ") {
		switch {
		case part == "/":
			s.posOnly = len(s.params)
		case strings.HasPrefix(part, "**"):
			s.kwargs = true
		case strings.HasPrefix(part, "*"):
			s.star = part != "*"
			kwOnly = true
		default:
			name, _, optional := strings.Cut(part, "=")
			if !optional {
				s.required |= 1 << len(s.params)
			}
			s.params = append(s.params, name)
			if !kwOnly {
				s.npos++
			}
		}
	}
	return s
}

// call is one call of a builtin, its arguments bound to slots. A slot whose
// parameter was not given is nil.
type call struct {
	thread *starlark.Thread
	name   string
	owner  *Type // of a method
	self   starlark.Value
	slots  []starlark.Value
	rest   starlark.Tuple
	kw     []starlark.Tuple
	space  [4]starlark.Value
}

// full is the name of the function, or of the method with its type.
func (c *call) full() string {
	if c.owner != nil {
		return c.owner.name + "." + c.name
	}
	return c.name
}

// arg is the argument in slot i, or nil.
func (c *call) arg(i int) starlark.Value { return c.slots[i] }

// given reports whether slot i has an argument other than None.
func (c *call) given(i int) bool { return c.slots[i] != nil && c.slots[i] != starlark.None }

// bind distributes args and kwargs over the signature's slots.
func (s *signature) bind(c *call, args starlark.Tuple, kwargs []starlark.Tuple) error {
	if n := len(s.params); n <= len(c.space) {
		c.slots = c.space[:n]
	} else {
		c.slots = make([]starlark.Value, n)
	}
	n := copy(c.slots[:s.npos], args)
	if len(args) > s.npos {
		if !s.star {
			return s.tooMany(c, len(args), len(kwargs))
		}
		c.rest = args[s.npos:]
	}
	for _, kv := range kwargs {
		name, _ := starlark.AsString(kv[0])
		i := s.slot(name)
		switch {
		case i >= 0 && c.slots[i] != nil:
			return Errorf(TypeError, "argument for %s() given by name ('%s') and position (%d)", c.name, name, i+1)
		case i >= 0:
			c.slots[i] = kv[1]
		case s.kwargs:
			c.kw = append(c.kw, kv)
		case len(s.params) == s.posOnly:
			return Errorf(TypeError, "%s() takes no keyword arguments", c.full())
		default:
			return Errorf(TypeError, "'%s' is an invalid keyword argument for %s()", name, c.name)
		}
	}
	if s.required>>n != 0 {
		return s.checkRequired(c, len(args))
	}
	return nil
}

func (s *signature) slot(name string) int {
	for i := s.posOnly; i < len(s.params); i++ {
		if s.params[i] == name {
			return i
		}
	}
	return -1
}

func (s *signature) checkRequired(c *call, given int) error {
	for i, p := range s.params {
		if s.required>>i&1 == 0 || c.slots[i] != nil {
			continue
		}
		if i >= s.npos {
			return Errorf(TypeError, "%s() missing required keyword-only argument: '%s'", c.name, p)
		}
		if i >= s.posOnly {
			return Errorf(TypeError, "%s() missing required argument '%s' (pos %d)", c.name, p, i+1)
		}
		return s.tooFew(c, given)
	}
	return nil
}

func (s *signature) least() int {
	n := 0
	for i := 0; i < s.npos; i++ {
		if s.required>>i&1 == 1 {
			n++
		}
	}
	return n
}

// single tells whether a function takes one argument by position and nothing else.
func (s *signature) single() bool {
	return s.npos == 1 && s.least() == 1 && s.plain()
}

// plain tells whether no parameter can be given by name.
func (s *signature) plain() bool { return len(s.params) == s.posOnly && !s.star && !s.kwargs }

func (s *signature) tooFew(c *call, given int) error {
	least := s.least()
	quantity := "at least "
	if least == s.npos && !s.star {
		quantity = ""
	}
	switch {
	case s.single():
		return Errorf(TypeError, "%s() takes exactly one argument (%d given)", c.full(), given)
	case s.plain() || s.star || least == 1 && s.npos == 1:
		return Errorf(TypeError, "%s expected %s%d argument%s, got %d", c.name, quantity, least, plural(least), given)
	}
	if quantity == "" {
		quantity = "exactly "
	}
	return Errorf(TypeError, "%s() takes %s%d positional argument%s (%d given)", c.name, quantity, least, plural(least), given)
}

func (s *signature) tooMany(c *call, given, named int) error {
	least := s.least()
	quantity := "at most "
	if least == s.npos {
		quantity = ""
	}
	switch {
	case s.npos == 0 && s.plain():
		return Errorf(TypeError, "%s() takes no arguments (%d given)", c.full(), given)
	case s.npos == 0:
		return Errorf(TypeError, "%s() takes no positional arguments", c.name)
	case s.single():
		return Errorf(TypeError, "%s() takes exactly one argument (%d given)", c.full(), given)
	case s.plain() || least == 1 && s.npos == 1:
		return Errorf(TypeError, "%s expected %s%d argument%s, got %d", c.name, quantity, s.npos, plural(s.npos), given)
	case given+named > len(s.params):
		if quantity == "" {
			quantity = "exactly "
		}
		return Errorf(TypeError, "%s() takes %s%d argument%s (%d given)", c.name, quantity, len(s.params), plural(len(s.params)), given+named)
	}
	if quantity == "" {
		quantity = "exactly "
	}
	return Errorf(TypeError, "%s() takes %s%d positional argument%s (%d given)", c.name, quantity, s.npos, plural(s.npos), given)
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

// intArg converts an argument to a Go int, as operator.index does.
func (c *call) intArg(i, otherwise int) (int, error) {
	if c.slots[i] == nil {
		return otherwise, nil
	}
	return AsIndex(c.thread, c.slots[i])
}

// boolArg is the truth of an argument.
func (c *call) boolArg(i int, otherwise bool) (bool, error) {
	if c.slots[i] == nil {
		return otherwise, nil
	}
	return Truth(c.thread, c.slots[i])
}

// strArg is a required string argument.
func (c *call) strArg(i int) (string, error) {
	if s, ok := AsString(c.slots[i]); ok {
		return s, nil
	}
	return "", Errorf(TypeError, "%s() argument %d must be str, not %s", c.name, i+1, typeName(c.slots[i]))
}

func newString(s string) (starlark.Value, error) { return starlark.String(s), nil }

func newBool(b bool) (starlark.Value, error) { return starlark.Bool(b), nil }

func newInt(i int) (starlark.Value, error) { return starlark.MakeInt(i), nil }

func addressOf(p any) string { return fmt.Sprintf("%p", p) }
