package object

import (
	"errors"
	"unicode"

	"go.starlark.net/starlark"
)

var errAbandoned = errors.New("generator abandoned")

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

func isSpace(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f }

func digitValue(r rune) (int, bool) { return 0, false }
