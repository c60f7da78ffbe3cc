package object

import (
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object/signature"
)

// ParameterKind says how an argument may reach a parameter. The values are
// those of inspect.Parameter.
type ParameterKind int

// The kinds.
const (
	PositionalOnly ParameterKind = iota
	PositionalOrKeyword
	VarPositional // *args
	KeywordOnly
	VarKeyword // **kwargs
)

// Parameter is one parameter of a callable.
type Parameter struct {
	Name       string
	Kind       ParameterKind
	Default    starlark.Value // nil for one that must be given
	Annotation string         // or ""
}

// HasParameters is a callable of another package that knows its parameters. A
// method's include self.
type HasParameters interface {
	starlark.Callable
	Parameters() []Parameter
}

// ParametersOf lists the parameters of a callable as a call sees them: those of
// a bound method without self, those of a class as its constructor takes them.
// It reports false for a callable that does not tell.
func ParametersOf(x starlark.Value) ([]Parameter, bool) {
	switch x := x.(type) {
	case *starlark.Function:
		return functionParameters(x), true
	case *Function:
		return SignatureParameters(x.sig), true
	case *Method:
		if x.sig == nil {
			return nil, false
		}
		if x.kind == staticMethod {
			return SignatureParameters(x.sig), true
		}
		return append([]Parameter{{Name: "self", Kind: PositionalOnly}}, SignatureParameters(x.sig)...), true
	case *BoundMethod:
		return withoutFirst(ParametersOf(x.Func))
	case *wrapper:
		return ParametersOf(x.fn)
	case *Type:
		return x.parameters()
	case *Instance:
		if call := x.class.lookupUser("__call__"); call != nil {
			return withoutFirst(ParametersOf(call))
		}
	case HasParameters:
		return x.Parameters(), true
	}
	return nil, false
}

func withoutFirst(ps []Parameter, ok bool) ([]Parameter, bool) {
	if ok && len(ps) > 0 && ps[0].Kind <= PositionalOrKeyword {
		return ps[1:], true
	}
	return ps, ok
}

// parameters are those of the type's constructor: of the metaclass's __call__,
// or the class's __new__ or __init__, whichever comes first in the order.
func (t *Type) parameters() ([]Parameter, bool) {
	if t.meta != nil {
		if call := t.meta.lookupUser("__call__"); call != nil && !t.builtin {
			return withoutFirst(ParametersOf(call))
		}
	}
	for _, m := range t.mro {
		for _, name := range []string{"__init__", "__new__"} {
			if v, ok := m.attrs.Get(name); ok && !m.builtin {
				return withoutFirst(ParametersOf(v))
			}
		}
		if m.params != nil {
			return *m.params, true
		}
	}
	return nil, !t.builtin
}

// SetParameters declares the parameters of a Go type's constructor.
func (t *Type) SetParameters(ps []Parameter) { t.params = &ps }

func functionParameters(f *starlark.Function) []Parameter {
	n := f.NumParams()
	rest, kwrest := -1, -1
	if f.HasKwargs() {
		n--
		kwrest = n
	}
	if f.HasVarargs() {
		n--
		rest = n
	}
	var ps []Parameter
	variadic := func(i int, kind ParameterKind) {
		if i >= 0 {
			name, _ := f.Param(i)
			ps = append(ps, Parameter{Name: name, Kind: kind})
		}
	}
	plain := n - f.NumKwonlyParams()
	for i := range n {
		if i == plain {
			variadic(rest, VarPositional)
		}
		name, _ := f.Param(i)
		p := Parameter{Name: name, Kind: PositionalOrKeyword, Default: f.ParamDefault(i)}
		if i >= plain {
			p.Kind = KeywordOnly
		} else if only, ok := strings.CutSuffix(name, positionalSuffix); ok {
			p.Name, p.Kind = only, PositionalOnly
		}
		ps = append(ps, p)
	}
	if n == plain {
		variadic(rest, VarPositional)
	}
	variadic(kwrest, VarKeyword)
	return ps
}

// positionalSuffix ends the native name of a positional-only parameter, so that
// no keyword can spell it.
const positionalSuffix = "/"

// SignatureParameters are a signature's parameters with the values of their defaults.
func SignatureParameters(s *signature.Signature) []Parameter {
	ps := make([]Parameter, len(s.Params))
	for i, p := range s.Params {
		ps[i] = Parameter{Name: p.Name, Kind: ParameterKind(p.Kind), Annotation: p.Type}
		if p.Default != "" {
			ps[i].Default = Literal(p.Default)
		}
	}
	return ps
}

// FormatParameters writes a parameter list as Python does.
func FormatParameters(ps []Parameter) string {
	var parts []string
	starred := false
	for i, p := range ps {
		text := p.Name
		if p.Annotation != "" {
			text += ": " + p.Annotation
		}
		switch {
		case p.Default == nil:
		case p.Annotation != "":
			text += " = " + reprOrType(p.Default)
		default:
			text += "=" + reprOrType(p.Default)
		}
		switch p.Kind {
		case VarPositional:
			text, starred = "*"+text, true
		case VarKeyword:
			text = "**" + text
		case KeywordOnly:
			if !starred {
				parts, starred = append(parts, "*"), true
			}
		}
		parts = append(parts, text)
		if p.Kind == PositionalOnly && (i+1 == len(ps) || ps[i+1].Kind != PositionalOnly) {
			parts = append(parts, "/")
		}
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

// FunctionName gives the qualified name of a function, or of any other callable.
func FunctionName(f starlark.Callable) string { return signature.FunctionName(f.Name()) }

// Describe is the one line that help shows of a callable: its name and parameters.
func Describe(x starlark.Value) string {
	name := TypeName(x)
	switch f := x.(type) {
	case *BoundMethod:
		name = f.Name()
	case *Type:
		name = f.name
	case interface{ Signature() *signature.Signature }:
		return f.Signature().Text
	case starlark.Callable:
		name = FunctionName(f)
	}
	if ps, ok := ParametersOf(x); ok {
		return name + FormatParameters(ps)
	}
	return name + "(...)"
}
