package object

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"sync"
	"syscall"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object/fault"
	"github.com/mlxstar/mlxstar/dialect/object/signature"
	"github.com/mlxstar/mlxstar/dialect/object/text"
)

// IsUncatchable reports whether err must end the script: a cancellation, a
// step or time limit. No except clause sees it.
func IsUncatchable(err error) bool {
	for plain := err; ; {
		switch e := plain.(type) {
		case nil:
			return false
		case *starlark.EvalError:
			if plain = e.Unwrap(); plain != nil {
				continue
			}
		case *Exception:
			if e.goErr == nil {
				return false
			}
		}
		break
	}
	var u interface{ Uncatchable() bool }
	if errors.As(err, &u) {
		return u.Uncatchable()
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, errAbandoned) {
		return true
	}
	var e *Exception
	if errors.As(err, &e) {
		return false
	}
	return strings.Contains(err.Error(), "Starlark computation cancelled")
}

// AsException turns any Go error into the exception a script catches. An error
// that is one already, perhaps wrapped in Starlark's own, gives itself. An error
// of another package names its type by a method PythonError() (kind, msg string).
func AsException(err error) *Exception {
	if err == nil {
		return nil
	}
	if e, ok := err.(*Exception); ok {
		return e
	}
	var eval *starlark.EvalError
	errors.As(err, &eval)
	var e *Exception
	if errors.As(err, &e) {
		if len(e.Traceback) == 0 && eval != nil {
			e.Traceback = framesOf(eval.CallStack)
		}
		return e
	}
	var frames []Frame
	if eval != nil {
		frames = framesOf(eval.CallStack)
	}
	cause := err
	if eval != nil && eval.Unwrap() != nil {
		cause = eval.Unwrap()
	}
	e = translate(cause)
	if eval != nil && e.Class == IndexError && len(eval.CallStack) > 0 {
		at := eval.CallStack.At(0)
		if signature.Sets(at.Name, signature.Place{Line: at.Pos.Line, Col: at.Pos.Col}) {
			e.Args = starlark.Tuple{starlark.String("list assignment index out of range")}
		}
	}
	e.Traceback = frames
	e.goErr = err
	return e
}

// Raised is the exception for an error of a package below; any other error stays.
func Raised(err error) error {
	if err == nil {
		return nil
	}
	var f *fault.Error
	if errors.As(err, &f) {
		return AsException(err)
	}
	return err
}

// framesOf gives the frames of Starlark functions; builtins have no lines.
func framesOf(stack starlark.CallStack) []Frame {
	frames := make([]Frame, 0, len(stack))
	for _, f := range stack {
		if f.Pos.Filename() == "<builtin>" {
			continue
		}
		name := f.Name
		if name == "<toplevel>" {
			name = "<module>"
		}
		frames = append(frames, Frame{File: f.Pos.Filename(), Line: int(f.Pos.Line), Col: int(f.Pos.Col), Function: name})
	}
	return frames
}

// translate finds the Python exception for an error of Starlark's or Go's.
func translate(err error) *Exception {
	var path *fs.PathError
	if errors.As(err, &path) {
		return fileError(path)
	}
	msg := err.Error()
	var kind interface{ PythonError() (kind, msg string) }
	if errors.As(err, &kind) {
		name, text := kind.PythonError()
		for _, t := range exceptionTypes() {
			if t.name == name {
				return &Exception{Class: t, Args: starlark.Tuple{starlark.String(text)}}
			}
		}
	}
	for _, r := range translations() {
		if m := r.pattern.FindStringSubmatch(msg); m != nil {
			t, text := r.make(m)
			return &Exception{Class: t, Args: starlark.Tuple{starlark.String(text)}}
		}
	}
	return &Exception{Class: RuntimeError, Args: starlark.Tuple{starlark.String(msg)}}
}

// fileError is Python's OSError for a failed file operation.
func fileError(err *fs.PathError) *Exception {
	var errno syscall.Errno
	code, text := 5, err.Err.Error()
	if errors.As(err, &errno) {
		code = int(errno)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		code, text = 2, "No such file or directory"
	case errors.Is(err, fs.ErrExist):
		code, text = 17, "File exists"
	case errors.Is(err, fs.ErrPermission):
		code, text = 13, "Permission denied"
	case code == 21:
		text = "Is a directory"
	case code == 20:
		text = "Not a directory"
	}
	t := osErrorTypes[code]
	if t == nil {
		t = OSError
	}
	e := NewException(t, starlark.MakeInt(code), starlark.String(text)).SetAttr("filename", starlark.String(err.Path))
	e.goErr = err
	return e
}

// translation maps one of Starlark's error texts to Python's.
type translation struct {
	pattern *regexp.Regexp
	make    func(m []string) (*Type, string)
}

var translations = sync.OnceValue(func() []translation {
	var out []translation
	add := func(pattern string, make func(m []string) (*Type, string)) {
		out = append(out, translation{regexp.MustCompile(`(?s)^` + pattern + `$`), make})
	}
	text := func(pattern string, t *Type, format func(m []string) string) {
		add(pattern, func(m []string) (*Type, string) { return t, format(m) })
	}
	text(`function (\S+) missing \d+ arguments? \((.*)\)`, TypeError, func(m []string) string {
		return signature.Missing(m[1], strings.Split(m[2], ", "))
	})
	text(`function (\S+) accepts no arguments \((\d+) given\)`, TypeError, func(m []string) string {
		return signature.TooMany(m[1], "", "0", m[2])
	})
	text(`function (\S+) accepts (at most )?(\d+) positional arguments? \((\d+) given\)`, TypeError, func(m []string) string {
		return signature.TooMany(m[1], m[2], m[3], m[4])
	})
	text(`function (\S+) got multiple values for parameter "?([^"]*)"?`, TypeError, func(m []string) string {
		return signature.FunctionName(m[1]) + "() got multiple values for argument '" + m[2] + "'"
	})
	text(`function (\S+) got an unexpected keyword argument "?([^"]*)"?`, TypeError, func(m []string) string {
		return signature.Unexpected(m[1], m[2])
	})
	text(`function (\S+) called recursively|Starlark stack overflow`, RecursionError, func([]string) string {
		return "maximum recursion depth exceeded"
	})
	text(`local variable (\S+) referenced before assignment`, UnboundLocalError, func(m []string) string {
		return "cannot access local variable '" + m[1] + "' where it is not associated with a value"
	})
	text(`global variable (\S+) referenced before assignment`, NameError, func(m []string) string {
		return "name '" + m[1] + "' is not defined"
	})
	text(`undefined: (\S+)`, NameError, func(m []string) string { return "name '" + m[1] + "' is not defined" })
	text(`invalid call of non-function \((.*)\)`, TypeError, func(m []string) string {
		return "'" + pyName(m[1]) + "' object is not callable"
	})
	text(`unhashable(?: type)?: (.*)`, TypeError, func(m []string) string { return "unhashable type: '" + pyName(m[1]) + "'" })
	text(`(\S+) value is not iterable`, TypeError, func(m []string) string { return "'" + pyName(m[1]) + "' object is not iterable" })
	text(`got (\S+) in sequence assignment`, TypeError, func(m []string) string {
		return "cannot unpack non-iterable " + pyName(m[1]) + " object"
	})
	text(`too many values to unpack \(got \S+, want (\d+)\)`, ValueError, func(m []string) string {
		return "too many values to unpack (expected " + m[1] + ")"
	})
	text(`too few values to unpack \(got (\d+), want (\d+)\)`, ValueError, func(m []string) string {
		return "not enough values to unpack (expected " + m[2] + ", got " + m[1] + ")"
	})
	text(`argument after (\*\*?) must be (?:a mapping|iterable), not (.*)`, TypeError, func(m []string) string {
		if m[1] == "*" {
			return "argument after * must be an iterable, not " + pyName(m[2])
		}
		return "argument after ** must be a mapping, not " + pyName(m[2])
	})
	text(`keywords must be strings, not .*`, TypeError, func([]string) string { return "keywords must be strings" })
	text(`(\S+) has no \.(\S+) field or method.*`, AttributeError, func(m []string) string {
		return "'" + pyName(m[1]) + "' object has no attribute '" + m[2] + "'"
	})
	text(`(\S+) index (-?\d+) out of range.*`, IndexError, func(m []string) string { return pyName(m[1]) + " index out of range" })
	text(`index -?\d+ out of range: empty (\S+)`, IndexError, func(m []string) string { return pyName(m[1]) + " index out of range" })
	text(`key (.*) not in \S+`, KeyError, func(m []string) string { return m[1] })
	text(`unknown binary op: (\S+) (\S+) (\S+)`, TypeError, func(m []string) string {
		return "unsupported operand type(s) for " + m[2] + ": '" + pyName(m[1]) + "' and '" + pyName(m[3]) + "'"
	})
	text(`unknown unary op: (\S+) (\S+)`, TypeError, func(m []string) string {
		return "bad operand type for unary " + m[1] + ": '" + pyName(m[2]) + "'"
	})
	text(`(\S+) (\S+) (\S+) not implemented`, TypeError, func(m []string) string {
		return "'" + m[2] + "' not supported between instances of '" + pyName(m[1]) + "' and '" + pyName(m[3]) + "'"
	})
	text(`(floating-point division|floored division|integer modulo|floating-point modulo) by zero`, ZeroDivisionError, func(m []string) string {
		return map[string]string{"floating-point division": "division by zero", "floating-point modulo": "float modulo"}[m[1]] +
			map[string]string{"floored division": "integer division or modulo by zero", "integer modulo": "integer division or modulo by zero"}[m[1]]
	})
	text(`cannot load (.*): (.*)`, ImportError, func(m []string) string { return "cannot load " + m[1] + ": " + m[2] })
	text(`load: name (\S+) not found in module (\S+).*`, ImportError, func(m []string) string {
		return "cannot import name '" + m[1] + "' from '" + m[2] + "'"
	})
	text(`(cannot .* (?:frozen|during iteration).*)`, TypeError, func(m []string) string { return m[1] })
	text(`((?:\S+: )?(?:got|missing argument|unexpected|for parameter|want).*)`, TypeError, func(m []string) string { return m[1] })
	return out
})

func itoa(n int) string { return starlark.MakeInt(n).String() }

// pyName is Python's name of a type that Starlark names.
func pyName(s string) string {
	if s == "string" {
		return "str"
	}
	return s
}

// EncodeError is the exception for a text whose character i, and maybe those
// behind it, do not lie below the limit of a codec.
func EncodeError(codec, whole string, i int, limit rune) *Exception {
	end := i
	for _, r := range whole[text.Offset(whole, i):] {
		if r < limit {
			break
		}
		end++
	}
	return NewException(UnicodeEncodeError, starlark.String(codec), starlark.String(whole),
		starlark.MakeInt(i), starlark.MakeInt(end), starlark.String(fmt.Sprintf("ordinal not in range(%d)", limit)))
}
