package signature

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object/fault"
)

// Bind places the arguments of a call. Bound has an entry for each parameter, nil where
// none was given and for *args and **kwargs, which are rest and extra. It lies in
// space, where that has room; space must be zero. The error is Python's TypeError.
func (s *Signature) Bind(space []starlark.Value, args starlark.Tuple, kwargs []starlark.Tuple) (bound []starlark.Value, rest starlark.Tuple, extra []starlark.Tuple, err error) {
	if n := len(s.Params); n <= len(space) {
		bound = space[:n:n]
	} else {
		bound = make([]starlark.Value, n)
	}
	n := copy(bound[:s.npos], args)
	if len(args) > s.npos {
		if s.rest < 0 {
			return nil, nil, nil, s.tooMany(len(args)-s.self, len(kwargs))
		}
		rest = args[s.npos:len(args):len(args)]
	}
	for _, kv := range kwargs {
		name, _ := starlark.AsString(kv[0])
		i := s.Find(name)
		switch {
		case i >= 0 && bound[i] != nil:
			return nil, nil, nil, mismatch("argument for %s() given by name ('%s') and position (%d)", s.Name, name, i+1-s.self)
		case i >= 0:
			bound[i] = kv[1]
		case s.kwrest >= 0:
			extra = append(extra, kv)
		case s.named == s.posOnly:
			return nil, nil, nil, mismatch("%s() takes no keyword arguments", s.Full)
		default:
			return nil, nil, nil, mismatch("'%s' is an invalid keyword argument for %s()", name, s.Name)
		}
	}
	if s.required>>n != 0 {
		err = s.checkRequired(bound, len(args))
	}
	return bound, rest, extra, err
}

// Find is the index of the parameter that a keyword reaches, or -1.
func (s *Signature) Find(keyword string) int {
	for i := s.posOnly; i < len(s.Params); i++ {
		if p := &s.Params[i]; p.Name == keyword && (p.Kind == Positional || p.Kind == KeywordOnly) {
			return i
		}
	}
	return -1
}

func mismatch(format string, args ...any) error {
	return fault.Errorf(fault.TypeError, format, args...)
}

func (s *Signature) checkRequired(bound []starlark.Value, given int) error {
	for i, p := range s.Params {
		if s.required>>i&1 == 0 || bound[i] != nil {
			continue
		}
		if i >= s.npos {
			return mismatch("%s() missing required keyword-only argument: '%s'", s.Name, p.Name)
		}
		if i >= s.posOnly {
			return mismatch("%s() missing required argument '%s' (pos %d)", s.Name, p.Name, i+1-s.self)
		}
		return s.tooFew(given - s.self)
	}
	return nil
}

// most is how many arguments can be given by position, without self.
func (s *Signature) most() int { return s.npos - s.self }

// least is how many must be.
func (s *Signature) least() int {
	n := -s.self
	for i := range s.npos {
		n += int(s.required >> i & 1)
	}
	return n
}

// single tells whether a function takes one argument by position and nothing else.
func (s *Signature) single() bool {
	return s.most() == 1 && s.least() == 1 && s.plain()
}

// plain tells whether no parameter can be given by name.
func (s *Signature) plain() bool { return s.named == s.posOnly && s.rest < 0 && s.kwrest < 0 }

func (s *Signature) tooFew(given int) error {
	least := s.least()
	quantity := "at least "
	if least == s.most() && s.rest < 0 {
		quantity = ""
	}
	switch {
	case s.single():
		return mismatch("%s() takes exactly one argument (%d given)", s.Full, given)
	case s.plain() || s.rest >= 0 || least == 1 && s.most() == 1:
		return mismatch("%s expected %s%d argument%s, got %d", s.Name, quantity, least, plural(least), given)
	}
	if quantity == "" {
		quantity = "exactly "
	}
	return mismatch("%s() takes %s%d positional argument%s (%d given)", s.Name, quantity, least, plural(least), given)
}

func (s *Signature) tooMany(given, named int) error {
	least, most := s.least(), s.most()
	quantity := "at most "
	if least == most {
		quantity = ""
	}
	switch {
	case most == 0 && s.named == s.npos && s.kwrest < 0:
		return mismatch("%s() takes no arguments (%d given)", s.Full, given)
	case most == 0:
		return mismatch("%s() takes no positional arguments", s.Name)
	case s.single():
		return mismatch("%s() takes exactly one argument (%d given)", s.Full, given)
	case s.plain() || least == 1 && most == 1:
		return mismatch("%s expected %s%d argument%s, got %d", s.Name, quantity, most, plural(most), given)
	}
	if quantity == "" {
		quantity = "exactly "
	}
	if all := s.named - s.self; given+named > all {
		return mismatch("%s() takes %s%d argument%s (%d given)", s.Name, quantity, all, plural(all), given+named)
	}
	return mismatch("%s() takes %s%d positional argument%s (%d given)", s.Name, quantity, most, plural(most), given)
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}
