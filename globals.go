package mlxstar

import (
	"fmt"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/builtins"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/stdlib"
)

// declareGlobals gathers what scripts find without importing it.
func (rt *Runtime) declareGlobals() {
	rt.globals = object.Builtins()
	rt.std = stdlib.New(rt.env, rt.globals)
	for name, v := range rt.std.Builtins() {
		rt.globals[name] = v
	}
	rt.globals["help"] = starlark.NewBuiltin("help", rt.help)
	for _, name := range []string{"exit", "quit"} {
		rt.globals[name] = starlark.NewBuiltin(name, exit)
	}
}

// exit ends the script, as sys.exit does.
func exit(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var code starlark.Value = starlark.None
	if err := starlark.UnpackArgs(b.Name(), args, kwargs, "code?", &code); err != nil {
		return nil, err
	}
	return nil, object.NewException(object.SystemExit, code)
}

// help prints what a value is, how it is called, and its documentation.
func (rt *Runtime) help(thread *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if len(args) == 0 && len(kwargs) == 0 {
		fmt.Fprintln(rt.stdout, "help(x) shows what x is and how it is used, e.g. help(mx.softmax). help(mx) lists a module's names.")
		return starlark.None, nil
	}
	var x starlark.Value
	if err := starlark.UnpackArgs(b.Name(), args, kwargs, "object", &x); err != nil {
		return nil, err
	}
	fmt.Fprintln(rt.stdout, rt.describe(thread, x))
	return starlark.None, nil
}

func (rt *Runtime) describe(thread *starlark.Thread, x starlark.Value) string {
	doc := ""
	if v, err := object.GetAttr(thread, x, "__doc__"); err == nil {
		if s, ok := starlark.AsString(v); ok {
			doc = strings.TrimSpace(s)
		}
	}
	switch x := x.(type) {
	case *builtins.Array:
		return fmt.Sprintf("An array of %s with shape %s. Its methods are those of mx.array: help(mx.array).", x.Dtype(), engine.FormatShape(x.Shape()))
	case *object.Type:
		return fmt.Sprintf("Help on class %s:\n\n%s\n\nMembers:\n%s", x.Name(), indent(doc), columns(object.AttrNames(x)))
	case starlark.Callable:
		signature := object.Describe(x)
		if f, ok := x.(interface{ Signature() *builtins.Signature }); ok {
			signature = f.Signature().Text
		}
		// The doc of a function of mlx.core begins with its signature, as Python's does.
		return fmt.Sprintf("Help on function %s:\n\n    %s\n\n%s", x.Name(), signature, indent(strings.TrimSpace(strings.TrimPrefix(doc, signature))))
	}
	if x.Type() == "module" {
		text := "Help on " + x.String() + ":\n\n"
		if doc != "" {
			text += indent(doc) + "\n\n"
		}
		return text + "Names:\n" + columns(object.AttrNames(x))
	}
	text := "A value of type " + object.TypeName(x) + "."
	if doc != "" {
		text += "\n\n" + indent(doc)
	}
	return text
}

func indent(s string) string {
	if s == "" {
		return "    (no documentation)"
	}
	return "    " + strings.ReplaceAll(s, "\n", "\n    ")
}

// columns sets public names in columns of a terminal's width.
func columns(names []string) string {
	const width = 76
	var s strings.Builder
	widest, column := 0, 0
	for _, n := range names {
		widest = max(widest, len(n))
	}
	for _, n := range names {
		if strings.HasPrefix(n, "_") {
			continue
		}
		if column > 0 && column+widest+2 > width {
			s.WriteByte('\n')
			column = 0
		}
		if column == 0 {
			s.WriteString("    ")
		}
		fmt.Fprintf(&s, "%-*s", widest+2, n)
		column += widest + 2
	}
	return strings.TrimRight(s.String(), " ")
}

// wrapFunc makes a Go function callable from scripts.
func (rt *Runtime) wrapFunc(f Func) starlark.Value {
	return starlark.NewBuiltin("function", func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		in := make([]any, len(args))
		for i, a := range args {
			in[i] = fromScript(a)
		}
		named := make(map[string]any, len(kwargs))
		for _, kv := range kwargs {
			named[string(kv[0].(starlark.String))] = fromScript(kv[1])
		}
		out, err := f(in, named)
		if err != nil {
			return nil, object.AsException(err)
		}
		return rt.toScript(out)
	})
}
