package stdlib

import (
	"strings"
	"unicode/utf8"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/syntax"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

func makeAST(*Modules) *native.Module {
	mod := native.NewModule("_ast", "Parts of ast.")
	define(mod, []function{
		{"literal(text, /)", "The value of an expression of literals.", func(c *call) (starlark.Value, error) {
			text := c.Str(0)
			if c.Err != nil {
				return nil, c.Err
			}
			return dialect.EvalLiteral(c.Thread, text)
		}},
		{"parse(source, filename, expression, node, /)", "The tree of a program. node(kind, fields, place) makes each of its nodes.", func(c *call) (starlark.Value, error) {
			source, file, expression := c.Str(0), c.Str(1), c.BoolOr(2, false)
			if c.Err != nil {
				return nil, c.Err
			}
			tree, err := dialect.ParseTree(c.Thread, file, source, expression)
			if err != nil {
				return nil, err
			}
			m := &treeMaker{thread: c.Thread, node: c.Arg(3), lines: strings.Split(source, "\n"), starts: map[int32][]int{}, plain: map[string]starlark.Value{}}
			var v starlark.Value
			if expression {
				v = m.expr(tree.Body[0].(*syntax.ExprStmt).X)
			} else {
				v = m.stmts(tree.Body)
			}
			return v, m.err
		}},
	})
	return mod
}

// treeMaker turns a syntax tree into nodes of ast, which a function of that module makes. The
// fields of a node are in the order in which its class names them. After an error it makes
// no more.
type treeMaker struct {
	thread *starlark.Thread
	node   starlark.Value
	lines  []string                  // of the source, for columns in bytes
	starts map[int32][]int           // of the characters of lines
	plain  map[string]starlark.Value // the nodes without fields, one of each kind
	text   syntax.Span               // of the f-string around, whose parts have its place
	err    error
}

// make has a node made, whose place is none where the span is the zero one.
func (m *treeMaker) make(kind string, at syntax.Span, fields ...starlark.Value) starlark.Value {
	if m.err != nil {
		return starlark.None
	}
	var place starlark.Value = starlark.None
	if at.Start.Valid() {
		place = starlark.Tuple{starlark.MakeInt(int(at.Start.Line)), starlark.MakeInt(m.column(at.Start)),
			starlark.MakeInt(int(at.Stop.Line)), starlark.MakeInt(m.column(at.Stop))}
	}
	v, err := object.Call(m.thread, m.node, starlark.Tuple{starlark.String(kind), starlark.Tuple(fields), place}, nil)
	if err != nil {
		m.err = err
		return starlark.None
	}
	return v
}

// kind gives the node of a kind that has no fields.
func (m *treeMaker) kind(name string) starlark.Value {
	v := m.plain[name]
	if v == nil {
		v = m.make(name, syntax.Span{})
		m.plain[name] = v
	}
	return v
}

// column is where a place is in its line, in bytes, from 0.
func (m *treeMaker) column(p syntax.Pos) int {
	n := int(p.Col) - 1
	starts, known := m.starts[p.Line]
	if !known && int(p.Line) <= len(m.lines) {
		starts = characterStarts(m.lines[p.Line-1])
		m.starts[p.Line] = starts
	}
	if n < len(starts) {
		return starts[n]
	}
	return n
}

// characterStarts is where each character of a line and its end are, in bytes; nil where that is its number.
func characterStarts(line string) []int {
	if strings.IndexFunc(line, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
		return nil
	}
	var starts []int
	for i := range line {
		starts = append(starts, i)
	}
	return append(starts, len(line))
}

// within runs f a level deeper.
func (m *treeMaker) within(f func() starlark.Value) starlark.Value {
	if m.err != nil {
		return starlark.None
	}
	b, err := object.Deeper(m.thread)
	if err != nil {
		m.err = err
		return starlark.None
	}
	defer b.Shallower()
	return f()
}

// list makes a list of n nodes.
func (m *treeMaker) list(n int, at func(i int) starlark.Value) starlark.Value {
	elems := make([]starlark.Value, n)
	for i := range elems {
		elems[i] = at(i)
	}
	return starlark.NewList(elems)
}

func (m *treeMaker) stmts(body []syntax.Stmt) starlark.Value {
	return m.list(len(body), func(i int) starlark.Value { return m.stmt(body[i]) })
}

func (m *treeMaker) exprs(xs []syntax.Expr) starlark.Value {
	return m.list(len(xs), func(i int) starlark.Value { return m.expr(xs[i]) })
}

// expr makes the node of an expression that is read; of none, None.
func (m *treeMaker) expr(x syntax.Expr) starlark.Value { return m.use(x, "Load") }

// nameOrNone is a name, or None for the empty one.
func nameOrNone(name string) starlark.Value {
	if name == "" {
		return starlark.None
	}
	return starlark.String(name)
}

func flag(b bool) starlark.Value {
	if b {
		return starlark.MakeInt(1)
	}
	return starlark.MakeInt(0)
}
