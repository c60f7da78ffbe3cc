package dialect

import (
	"go.starlark.net/starlark"
	stars "go.starlark.net/syntax"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/syntax"
)

// Annotations have no effect on a script but that it can read them. Those of a
// class and of the module are evaluated where they stand, those of a function when
// __annotations__ is first read. What cannot be evaluated, a name that is not
// there, stays the text that was written, and no error: an annotation may name what
// only a type checker knows.

// textAnnotations tells whether a file asks for annotations as texts.
func textAnnotations(body []syntax.Stmt) bool {
	for _, s := range body {
		if imp, ok := s.(*syntax.ImportFrom); ok && imp.Module == "__future__" {
			for _, n := range imp.Names {
				if n.Name == "annotations" {
					return true
				}
			}
		}
	}
	return false
}

// annotation is a tuple of a name, the annotation's text, and a function that
// evaluates it.
func (l *lowerer) annotation(name string, x syntax.Expr, text string) stars.Expr {
	at := x.Range().Start
	out := l.tuple(at, l.str(name, at), l.str(text, at))
	if !l.text {
		out.List = append(out.List, &stars.LambdaExpr{Lambda: l.pos(at), Body: l.expr(x)})
	}
	return out
}

// annotateDef gives a function its annotations. One that mentions a variable of a
// function around stays a text: the table of attributes would keep the variable's
// value alive.
func (l *lowerer) annotateDef(s *syntax.FuncDef, made string) {
	args := []stars.Expr{l.ident(made, s.Start)}
	add := func(name string, x syntax.Expr, text string) {
		if x == nil {
			return
		}
		plain := l.text
		l.text = l.text || l.mentionsLocal(x)
		args = append(args, l.annotation(name, x, text))
		l.text = plain
	}
	for _, p := range s.Params.All() {
		add(l.scope.mangle(p.Name), p.Annotation, p.Text)
	}
	add("return", s.Returns, s.Text)
	if len(args) > 1 {
		l.exprStmt(l.spread("annotated", s.Start, args))
	}
}

// mentionsLocal tells whether an expression reads a variable of a function.
func (l *lowerer) mentionsLocal(x syntax.Expr) bool {
	found := false
	syntax.Walk(&syntax.File{Body: []syntax.Stmt{&syntax.ExprStmt{Span: x.Range(), X: x}}}, func(n syntax.Node) bool {
		if name, ok := n.(*syntax.Name); ok {
			owner, _ := l.scope.lookup(l.scope.mangle(name.ID))
			found = found || owner != nil && owner.isFunction()
		}
		return !found
	})
	return found
}

var annotationHelpers = map[string]operation{
	// annotate(place, annotation) notes the annotation of a variable in a class body
	// or, given the cell of __annotations__, in the module.
	"annotate": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		var d *starlark.Dict
		switch place := args[0].(type) {
		case *classNames:
			v, _ := place.names.Get("__annotations__")
			if d, _ = v.(*starlark.Dict); d == nil {
				d = new(starlark.Dict)
				place.names.Set("__annotations__", d)
			}
		case *cell:
			if d, _ = place.module.Get("__annotations__").(*starlark.Dict); d == nil {
				d = new(starlark.Dict)
				place.module.Set("__annotations__", d)
			}
		}
		return starlark.None, annotate(thread, d, args[1].(starlark.Tuple))
	},
	// annotated(function, annotation...) gives a function its annotations.
	"annotated": func(_ *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		object.SetAnnotations(args[0].(*starlark.Function), func(thread *starlark.Thread) (*starlark.Dict, error) {
			d := starlark.NewDict(len(args) - 1)
			for _, a := range args[1:] {
				if err := annotate(thread, d, a.(starlark.Tuple)); err != nil {
					return nil, err
				}
			}
			return d, nil
		})
		return starlark.None, nil
	},
}

// annotate evaluates an annotation into a dict.
func annotate(thread *starlark.Thread, d *starlark.Dict, annotation starlark.Tuple) error {
	value := annotation[1]
	if len(annotation) > 2 {
		v, err := starlark.Call(thread, annotation[2], nil, nil)
		switch {
		case err == nil:
			value = v
		case object.IsUncatchable(err):
			return err
		}
	}
	return d.SetKey(annotation[0], value)
}
