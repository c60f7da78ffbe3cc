package object

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object/format"
)

// Format is format(x, spec).
func Format(thread *starlark.Thread, x starlark.Value, spec string) (string, error) {
	switch v := x.(type) {
	case *Instance:
		if fn := v.class.lookupUser("__format__"); fn != nil {
			r, err := callBound(thread, fn, v, starlark.String(spec))
			if err != nil {
				return "", err
			}
			s, ok := AsString(r)
			if !ok {
				return "", Errorf(TypeError, "__format__ must return a str, not %s", typeName(r))
			}
			return s, nil
		}
		if spec != "" && v.base != nil {
			return formatBuiltin(thread, v.base, spec)
		}
		return formatDefault(thread, x, spec)
	case HasFormat:
		return v.Format(thread, spec)
	}
	return formatBuiltin(thread, x, spec)
}

func formatDefault(thread *starlark.Thread, x starlark.Value, spec string) (string, error) {
	if spec == "" {
		return Str(thread, x)
	}
	return "", Errorf(TypeError, "unsupported format string passed to %s.__format__", typeName(x))
}

func formatBuiltin(thread *starlark.Thread, x starlark.Value, spec string) (string, error) {
	if spec == "" {
		return Str(thread, x)
	}
	switch x.(type) {
	case starlark.Int, starlark.Bool, starlark.Float, starlark.String, Complex:
	default:
		return formatDefault(thread, x, spec)
	}
	if i, ok := x.(starlark.Int); ok {
		if err := growDigits(thread, i); err != nil {
			return "", err
		}
	}
	text, err := present(thread, x, spec)
	return text, Raised(err)
}

// growDigits asks for the digits of an int in the smallest base.
func growDigits(thread *starlark.Thread, i starlark.Int) error {
	if _, small := i.Int64(); small {
		return nil
	}
	return Grow(thread, 3*int64(i.BigInt().BitLen()))
}

// present writes a number or a str as a specifier says.
func present(thread *starlark.Thread, x starlark.Value, spec string) (string, error) {
	f, err := format.Parse(spec, typeName(x))
	if err != nil {
		return "", err
	}
	f.Decimal = func(i starlark.Int) (string, error) { return decimalText(thread, i) }
	switch v := x.(type) {
	case starlark.String:
		return format.String(string(v), f)
	case starlark.Int:
		return format.Int(v, f, "int")
	case starlark.Bool:
		return format.Int(boolInt(v), f, "bool")
	case starlark.Float:
		return format.Float(float64(v), f, "float")
	}
	return format.Complex(complex128(x.(Complex)), f)
}
