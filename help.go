package mlxstar

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/builtins"
	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/object/signature"
	"github.com/mlxstar/mlxstar/engine"
)

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

// Help gives what help(x) prints of the value of an expression.
func (rt *Runtime) Help(ctx context.Context, name, expression string) (text string, err error) {
	_, err = rt.runWith(ctx, Span{Kind: SpanEval, Name: name}, nil, func(thread *starlark.Thread) (starlark.Value, error) {
		v, err := rt.chunk(thread, name, expression, dialect.ModeInteractive)
		if err == nil {
			text = rt.describe(thread, v)
		}
		return starlark.None, err
	})
	return text, err
}

func (rt *Runtime) describe(thread *starlark.Thread, x starlark.Value) string {
	doc := docOf(thread, x)
	switch x := x.(type) {
	case *builtins.Array:
		return fmt.Sprintf("An array of %s with shape %s. Its methods are those of mx.array: help(mx.array).", x.Dtype(), engine.FormatShape(x.Shape()))
	case *object.Type:
		return describeClass(thread, x, doc)
	case starlark.Callable:
		return "Help on " + kindOf(x) + " " + object.FunctionName(x) + inModule(thread, x) + ":\n\n" + object.Describe(x) + "\n" + indent(doc)
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

// kindOf is what help calls a callable.
func kindOf(x starlark.Callable) string {
	switch object.TypeOf(x) {
	case object.MethodType:
		return "method"
	case object.FunctionType:
		return "function"
	}
	return "built-in function"
}

// docOf is a value's documentation. That of a function of mlx.core begins with its
// signature, as Python's does, which is left out.
func docOf(thread *starlark.Thread, x starlark.Value) string {
	v, err := object.GetAttr(thread, x, "__doc__")
	doc, ok := starlark.AsString(v)
	if err != nil || !ok {
		return ""
	}
	if b, bound := x.(*object.BoundMethod); bound {
		x = b.Func
	}
	if f, ok := x.(interface{ Signature() *signature.Signature }); ok {
		doc = strings.TrimPrefix(doc, f.Signature().Text)
	}
	return strings.TrimSpace(doc)
}

// inModule is " in module json" for what tells where it was defined.
func inModule(thread *starlark.Thread, x starlark.Value) string {
	v, err := object.GetAttr(thread, x, "__module__")
	if err != nil {
		return ""
	}
	name, ok := starlark.AsString(v)
	if !ok {
		return ""
	}
	return " in module " + name
}

// describeClass shows how a class is called and what its methods do: its own, then
// those it inherits.
func describeClass(thread *starlark.Thread, t *object.Type, doc string) string {
	var s strings.Builder
	fmt.Fprintf(&s, "Help on class %s%s:\n\nclass %s\n%s", t.Name(), inModule(thread, t), object.Describe(t), indent(doc))
	seen := map[string]bool{}
	for i, m := range t.MRO() {
		if i > 0 && m.Builtin() {
			continue
		}
		var lines []string
		for _, name := range slices.Sorted(slices.Values(m.Attrs().Names())) {
			if strings.HasPrefix(name, "_") || seen[name] {
				continue
			}
			seen[name] = true
			if v, err := object.GetAttr(thread, t, name); err == nil {
				lines = append(lines, memberLine(thread, name, v))
			}
		}
		if len(lines) == 0 {
			continue
		}
		title := "Members"
		if i > 0 {
			title += " of " + m.Name()
		}
		s.WriteString("\n\n" + title + ":\n    " + strings.Join(lines, "\n    "))
	}
	return s.String()
}

// memberLine is a member's name, with its parameters where it is called, and the
// first line of its documentation.
func memberLine(thread *starlark.Thread, name string, v starlark.Value) string {
	line := name
	if f, ok := v.(starlark.Callable); ok {
		if head := object.Describe(f); strings.Contains(head, "(") {
			line += head[strings.IndexByte(head, '('):]
		}
	} else if object.TypeOf(v) != object.PropertyType {
		return line
	}
	doc, _, _ := strings.Cut(docOf(thread, v), "\n")
	if doc == "" {
		return line
	}
	return line + ": " + doc
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
