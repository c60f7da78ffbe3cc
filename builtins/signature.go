package builtins

import (
	"fmt"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// Signature is a Python parameter list, parsed from its text:
// "sum(a: array, /, axis: None | int = None, *, stream=None) -> array".
type Signature struct {
	Name   string
	Text   string
	Params []Param
	rest   int // index of *args, or -1
	kwrest int // index of **kwargs, or -1

	callbacks bool // a parameter is a function
}

// Param is one parameter.
type Param struct {
	Name    string
	Type    string // the annotation, or ""
	Default string // the default's text, or "" for a required parameter
	Kind    ParamKind
}

// ParamKind says how an argument may reach a parameter.
type ParamKind uint8

// The kinds.
const (
	PositionalOnly ParamKind = iota + 1
	Positional               // or by keyword
	KeywordOnly
	Rest       // *args
	KeywordMap // **kwargs
)

// ParseSignature reads a signature's text. It panics on a malformed one: the
// texts are constants of this package.
func ParseSignature(text string) *Signature {
	open := strings.IndexByte(text, '(')
	s := &Signature{Name: strings.TrimSpace(text[:open]), Text: text, rest: -1, kwrest: -1}
	fields, _ := splitTop(text[open+1:])
	kind := Positional
	for _, f := range fields {
		f = strings.TrimSpace(f)
		switch {
		case f == "":
		case f == "/":
			for i := range s.Params {
				s.Params[i].Kind = PositionalOnly
			}
		case f == "*":
			kind = KeywordOnly
		default:
			s.add(f, &kind)
		}
	}
	return s
}

func (s *Signature) add(field string, kind *ParamKind) {
	p := Param{Kind: *kind}
	switch {
	case strings.HasPrefix(field, "**"):
		p.Kind, field, s.kwrest = KeywordMap, field[2:], len(s.Params)
	case strings.HasPrefix(field, "*"):
		p.Kind, field, s.rest = Rest, field[1:], len(s.Params)
		*kind = KeywordOnly
	}
	if i := topIndex(field, '='); i >= 0 {
		p.Default, field = strings.TrimSpace(field[i+1:]), field[:i]
	}
	if i := topIndex(field, ':'); i >= 0 {
		p.Type, field = strings.TrimSpace(field[i+1:]), field[:i]
		s.callbacks = s.callbacks || takesFunction(p.Type)
	}
	p.Name = strings.TrimSpace(field)
	s.Params = append(s.Params, p)
}

// splitTop cuts a parameter list at its top-level commas, up to the bracket
// that closes it.
func splitTop(text string) (fields []string, rest string) {
	depth, from := 0, 0
	quoted := byte(0)
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quoted != 0:
			if c == quoted {
				quoted = 0
			}
		case c == '\'' || c == '"':
			quoted = c
		case strings.IndexByte("([{", c) >= 0:
			depth++
		case strings.IndexByte(")]}", c) >= 0:
			if depth == 0 {
				return append(fields, text[from:i]), text[i+1:]
			}
			depth--
		case c == ',' && depth == 0:
			fields, from = append(fields, text[from:i]), i+1
		}
	}
	panic("builtins: unclosed signature " + text)
}

func topIndex(s string, want byte) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == want && depth == 0:
			return i
		case strings.IndexByte("([{", c) >= 0:
			depth++
		case strings.IndexByte(")]}", c) >= 0:
			depth--
		}
	}
	return -1
}

// Bind places arguments. An entry is nil where the default serves.
func (s *Signature) Bind(args starlark.Tuple, kwargs []starlark.Tuple) (bound []starlark.Value, rest starlark.Tuple, extra []starlark.Tuple, err error) {
	return s.bind(nil, args, kwargs)
}

// bind is Bind into the memory given, where that is enough.
func (s *Signature) bind(space []starlark.Value, args starlark.Tuple, kwargs []starlark.Tuple) (bound []starlark.Value, rest starlark.Tuple, extra []starlark.Tuple, err error) {
	if n := len(s.Params); n <= len(space) {
		bound = space[:n:n]
	} else {
		bound = make([]starlark.Value, n)
	}
	next := 0
	for i, a := range args {
		for next < len(s.Params) && s.Params[next].Kind > Positional && s.Params[next].Kind != Rest {
			next = len(s.Params)
		}
		switch {
		case next >= len(s.Params):
			return nil, nil, nil, object.Errorf(object.TypeError, "%s", s.tooMany(len(args)))
		case s.Params[next].Kind == Rest:
			if rest == nil { // it takes all that are left
				rest = args[i:len(args):len(args)]
			}
		default:
			bound[next] = a
			next++
		}
	}
	for _, kv := range kwargs {
		name := string(kv[0].(starlark.String))
		i := s.find(name)
		switch {
		case i < 0 && s.kwrest >= 0:
			extra = append(extra, kv)
		case i < 0:
			return nil, nil, nil, object.Errorf(object.TypeError, "%s() got an unexpected keyword argument '%s'", s.Name, name)
		case bound[i] != nil:
			return nil, nil, nil, object.Errorf(object.TypeError, "%s() got multiple values for argument '%s'", s.Name, name)
		default:
			bound[i] = kv[1]
		}
	}
	return bound, rest, extra, s.checkMissing(bound)
}

func (s *Signature) find(name string) int {
	for i := range s.Params {
		if s.Params[i].Name == name && (s.Params[i].Kind == Positional || s.Params[i].Kind == KeywordOnly) {
			return i
		}
	}
	return -1
}

func (s *Signature) tooMany(got int) string {
	most := 0
	for _, p := range s.Params {
		if p.Kind <= Positional {
			most++
		}
	}
	return fmt.Sprintf("%s() takes at most %d positional arguments but %d were given", s.Name, most, got)
}

func (s *Signature) checkMissing(bound []starlark.Value) error {
	var missing []string
	for i, p := range s.Params {
		if bound[i] == nil && p.Default == "" && p.Kind <= KeywordOnly {
			missing = append(missing, "'"+p.Name+"'")
		}
	}
	if missing == nil {
		return nil
	}
	plural := ""
	if len(missing) > 1 {
		plural = "s"
	}
	return object.Errorf(object.TypeError, "%s() missing %d required argument%s: %s", s.Name, len(missing), plural, strings.Join(missing, ", "))
}

// Parameters are the parameters as inspect shows them.
func (s *Signature) Parameters() []object.Parameter {
	kinds := map[ParamKind]object.ParameterKind{
		PositionalOnly: object.PositionalOnly, Positional: object.PositionalOrKeyword, Rest: object.VarPositional,
		KeywordOnly: object.KeywordOnly, KeywordMap: object.VarKeyword,
	}
	out := make([]object.Parameter, len(s.Params))
	for i, p := range s.Params {
		out[i] = object.Parameter{Name: p.Name, Kind: kinds[p.Kind], Annotation: p.Type}
		if p.Default != "" {
			out[i].Default = object.Literal(p.Default)
		}
	}
	return out
}
