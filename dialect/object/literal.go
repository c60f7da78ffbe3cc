package object

import (
	"strconv"
	"strings"

	"go.starlark.net/starlark"
)

// Literal is the value that the text of a default stands for in Python: a
// number, a string, None, True, False, or an empty list, tuple or dict. Other
// text stands for a value that prints as it.
func Literal(text string) starlark.Value {
	switch text {
	case "None":
		return starlark.None
	case "True":
		return starlark.True
	case "False":
		return starlark.False
	case "[]":
		return starlark.NewList(nil)
	case "()":
		return starlark.Tuple{}
	case "{}":
		return new(starlark.Dict)
	}
	if n, err := strconv.ParseInt(text, 0, 64); err == nil {
		return starlark.MakeInt64(n)
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil && strings.ContainsAny(text, "0123456789") {
		return starlark.Float(f)
	}
	if n := len(text); n >= 2 && (text[0] == '\'' || text[0] == '"') && text[n-1] == text[0] && !strings.ContainsRune(text, '\\') {
		return starlark.String(text[1 : n-1])
	}
	return sourceText(text)
}

// sourceText is a default that is known by its text alone.
type sourceText string

func (s sourceText) String() string        { return string(s) }
func (s sourceText) Type() string          { return "object" }
func (s sourceText) Freeze()               {}
func (s sourceText) Truth() starlark.Bool  { return true }
func (s sourceText) Hash() (uint32, error) { return starlark.String(s).Hash() }
