package stdlib

import (
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// makeTraceback is what the modules traceback and warnings need of the interpreter.
func makeTraceback(m *Modules) *native.Module {
	mod := native.NewModule("_traceback", "Exceptions as they are printed, and places in the script.")
	define(mod, []function{
		{"current()", "Return the exception being handled, or None.", func(c *call) (starlark.Value, error) {
			return handled(c.Thread), nil
		}},
		{"format(exception, /)", "Return the exception as the interpreter prints one that is not caught.", func(c *call) (starlark.Value, error) {
			e, ok := c.Arg(0).(*object.Exception)
			if !ok {
				return nil, object.Errorf(object.TypeError, "Exception expected for value, %s found", object.TypeName(c.Arg(0)))
			}
			return starlark.String(dialect.Traceback(e, m.env.Source)), nil
		}},
		{"site(up, /)", "Return the file and line of the script's own frame that many callers up.", func(c *call) (starlark.Value, error) {
			file, line := dialect.SiteAbove(c.Thread, c.Int(0))
			return starlark.Tuple{starlark.String(file), starlark.MakeInt(line)}, nil
		}},
		{"frames(exception, /)", "Return the frames of an exception's traceback: file, line and function of each.", func(c *call) (starlark.Value, error) {
			e, ok := c.Arg(0).(*object.Exception)
			if !ok {
				return starlark.NewList(nil), nil
			}
			out := make([]starlark.Value, len(e.Traceback))
			for i, f := range e.Traceback {
				name := f.Function
				if name == "<toplevel>" {
					name = "<module>"
				}
				out[i] = starlark.Tuple{starlark.String(f.File), starlark.MakeInt(f.Line), starlark.String(name)}
			}
			return starlark.NewList(out), nil
		}},
		{"line(file, number, /)", "Return a line of a source file without the space around it, or an empty string.", func(c *call) (starlark.Value, error) {
			file, number := c.Str(0), c.Int(1)
			if c.Err != nil || m.env.Source == nil {
				return starlark.String(""), nil
			}
			src, ok := m.env.Source(file)
			lines := strings.Split(string(src), "\n")
			if !ok || number < 1 || number > len(lines) {
				return starlark.String(""), nil
			}
			return starlark.String(strings.TrimSpace(lines[number-1])), nil
		}},
	})
	return mod
}

// handled is the exception being handled, or None.
func handled(thread *starlark.Thread) starlark.Value {
	if e := dialect.Handling(thread); e != nil {
		return e
	}
	return starlark.None
}

// excInfo is sys.exc_info().
func excInfo(c *call) (starlark.Value, error) {
	e := dialect.Handling(c.Thread)
	if e == nil {
		return starlark.Tuple{starlark.None, starlark.None, starlark.None}, nil
	}
	trace, err := object.GetAttr(c.Thread, e, "__traceback__")
	return starlark.Tuple{e.Class, e, trace}, err
}
