package dialect

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/syntax"
)

// ParseTree gives the syntax tree of a program; with expr, which holds one expression alone, its
// body is that.
func ParseTree(thread *starlark.Thread, name, src string, expr bool) (*syntax.File, error) {
	if err := object.Grow(thread, sourceGrowth*int64(len(src))); err != nil {
		return nil, err
	}
	file, err := object.Aside(thread, func() (*syntax.File, error) {
		if !expr {
			return syntax.Parse(name, []byte(src))
		}
		x, err := syntax.ParseExpr(name, []byte(src))
		if err != nil {
			return nil, err
		}
		return &syntax.File{Name: name, Body: []syntax.Stmt{&syntax.ExprStmt{Span: x.Range(), X: x}}}, nil
	})
	return file, syntaxException(err)
}
