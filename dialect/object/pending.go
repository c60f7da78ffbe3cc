package object

import (
	"errors"

	"go.starlark.net/starlark"
)

var errAbandoned = errors.New("generator abandoned")

func formatPercent(thread *starlark.Thread, format string, args starlark.Value) (string, error) {
	return "", Errorf(NotImplementedError, "percent formatting")
}

// Format is format(x, spec).
func Format(thread *starlark.Thread, x starlark.Value, spec string) (string, error) {
	if spec == "" {
		return Str(thread, x)
	}
	return "", Errorf(NotImplementedError, "format specs")
}

// Builtins returns the builtin names.
func Builtins() starlark.StringDict {
	d := starlark.StringDict{}
	for _, t := range exceptionTypes() {
		d[t.name] = t
	}
	return d
}

// Generator is Python's generator.
type Generator struct{ starlark.NoneType }

// NewGenerator makes a generator.
func NewGenerator(thread *starlark.Thread, name string, body func(thread *starlark.Thread, yield func(starlark.Value) (starlark.Value, error)) (starlark.Value, error)) *Generator {
	return &Generator{}
}

func listExtend(thread *starlark.Thread, l *starlark.List, x starlark.Value) error {
	vals, err := collect(thread, x)
	if err != nil {
		return err
	}
	for _, v := range vals {
		if err := l.Append(v); err != nil {
			return frozenList(err)
		}
	}
	return nil
}
