package builtins

import (
	"fmt"
	"io"
	"slices"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/shapes"
	"github.com/mlxstar/mlxstar/formats/mlxfn"
)

// encoder writes graphs down as MLX's primitives. These do not broadcast by themselves and
// keep the axes that they fold, so that a node may take several. What has no primitive is
// written as what it is made of.
type encoder struct {
	m         *Module
	b         *engine.Builder
	shapeless bool
	ids       map[*engine.Node]mlxfn.Array
	last      uint64
	constants map[*engine.Node]*mlxfn.Constant // of evaluated arrays
	scalars   map[scalarKey]*mlxfn.Constant
	told      map[*mlxfn.Constant]bool // that the tape has
	made      map[string][]mlxfn.Array // what primitives gave, by all that decides it
	tape      []mlxfn.Entry
}

// scalarKey tells constants that are one element apart.
type scalarKey struct {
	element engine.ElementBytes
	dtype   engine.Dtype
}

func newEncoder(m *Module, shapeless bool) *encoder {
	return &encoder{m: m, shapeless: shapeless, constants: map[*engine.Node]*mlxfn.Constant{}, scalars: map[scalarKey]*mlxfn.Constant{}}
}

// function writes down what the outputs are computed by from the placeholders.
func (e *encoder) function(b *engine.Builder, placeholders, outputs []*engine.Node, keywords []string) (f mlxfn.Function, err error) {
	e.b, e.tape = b, nil
	e.ids, e.told, e.made = map[*engine.Node]mlxfn.Array{}, map[*mlxfn.Constant]bool{}, map[string][]mlxfn.Array{}
	f.Keywords = keywords
	for _, p := range placeholders {
		a := e.number(p.Shape(), p.Dtype())
		e.ids[p] = a
		f.Inputs = append(f.Inputs, a)
	}
	err = b.Try(func() {
		e.write(outputs)
		for _, o := range outputs {
			f.Outputs = append(f.Outputs, e.ids[o].ID)
		}
	})
	f.Tape = e.tape
	return f, err
}

func (e *encoder) number(shape []int, d engine.Dtype) mlxfn.Array {
	e.last++
	return mlxfn.Array{ID: e.last, Shape: slices.Clone(shape), Dtype: d}
}

// write writes down all that the roots are computed by, inputs first, without recursion.
func (e *encoder) write(roots []*engine.Node) {
	type frame struct {
		n    *engine.Node
		next int
	}
	var stack []frame
	push := func(n *engine.Node) {
		if _, done := e.ids[n]; !done {
			stack = append(stack, frame{n: n})
		}
	}
	for _, root := range roots {
		push(root)
		for len(stack) > 0 {
			top := &stack[len(stack)-1]
			if _, done := e.ids[top.n]; done {
				stack = stack[:len(stack)-1]
				continue
			}
			if e.isConstant(top.n) {
				e.ids[top.n] = e.constant(top.n)
				continue
			}
			if inputs := top.n.Inputs(); top.next < len(inputs) {
				in := inputs[top.next]
				top.next++
				push(in)
				continue
			}
			e.node(top.n)
		}
	}
}

func (e *encoder) isConstant(n *engine.Node) bool { return n.Evaluated() || n.Op() == engine.OpLoad }

// nodeElements are those of an array that is kept.
type nodeElements struct{ a *Array }

var _ io.WriterTo = nodeElements{}

// WriteTo evaluates the array and writes its elements.
func (x nodeElements) WriteTo(w io.Writer) (int64, error) {
	m := x.a.m
	data, err := m.Engine.Dense(m.host.Context(), x.a.Node())
	if err != nil {
		return 0, err
	}
	n, err := w.Write(data)
	return int64(n), err
}

func (e *encoder) constant(n *engine.Node) mlxfn.Array {
	c := e.constants[n]
	if c == nil {
		c = &mlxfn.Constant{Array: e.number(n.Shape(), n.Dtype()), Data: nodeElements{e.m.wrap(n)}}
		e.constants[n] = c
	}
	return e.tell(c)
}

// tell has the tape of the function name a constant.
func (e *encoder) tell(c *mlxfn.Constant) mlxfn.Array {
	if !e.told[c] {
		e.told[c] = true
		e.tape = append(e.tape, mlxfn.Entry{ID: c.ID, Constant: c})
	}
	return c.Array
}

// scalar is a constant of one element.
func (e *encoder) scalar(element engine.ElementBytes, d engine.Dtype) mlxfn.Array {
	key := scalarKey{element, d}
	c := e.scalars[key]
	if c == nil {
		c = &mlxfn.Constant{Array: e.number(nil, d), Data: elementBytes(element[:d.Size()])}
		e.scalars[key] = c
	}
	return e.tell(c)
}

type elementBytes []byte

func (b elementBytes) WriteTo(w io.Writer) (int64, error) {
	n, err := w.Write(b)
	return int64(n), err
}

// node writes down one operation, whose inputs are.
func (e *encoder) node(n *engine.Node) {
	outs := n.Outputs()
	in := make([]mlxfn.Array, len(n.Inputs()))
	for i, x := range n.Inputs() {
		in[i] = e.ids[x]
	}
	if encode := encoders[n.Op()]; encode != nil {
		for i, a := range encode(e, n, in) {
			e.ids[outs[i]] = a
		}
		return
	}
	expand := spelled[n.Op()]
	if expand == nil {
		expand = n.Op().Expand
	}
	if expand == nil {
		e.b.Fail(object.Errorf(object.ValueError, "[export_function] Unable to serialize primitive %s", n.Op().Name))
	}
	for i, a := range e.instead(expand(e.b, n)) {
		e.ids[outs[i]] = a
	}
}

// instead writes down what stands for an operation.
func (e *encoder) instead(parts []*engine.Node) []mlxfn.Array {
	e.write(parts)
	out := make([]mlxfn.Array, len(parts))
	for i, p := range parts {
		out[i] = e.ids[p]
	}
	return out
}

// emit adds a primitive with one output.
func (e *encoder) emit(name string, shape []int, d engine.Dtype, in []mlxfn.Array, state ...any) mlxfn.Array {
	return e.emitAll(name, []mlxfn.Array{e.number(shape, d)}, in, state...)[0]
}

func (e *encoder) emitAll(name string, outs, in []mlxfn.Array, state ...any) []mlxfn.Array {
	p := &mlxfn.Primitive{Name: name, State: state, Outputs: outs}
	for _, a := range in {
		p.Inputs = append(p.Inputs, a.ID)
	}
	key := fmt.Sprint(name, p.Inputs, state, outs[0].Shape, outs[0].Dtype)
	if same := e.made[key]; same != nil {
		return same
	}
	e.made[key] = outs
	e.tape = append(e.tape, mlxfn.Entry{ID: outs[0].ID, Primitive: p})
	return outs
}

// spread broadcasts operands to a shape. Where other shapes are to come, each says what it
// is broadcast with.
func (e *encoder) spread(in []mlxfn.Array, shape []int) []mlxfn.Array {
	out := make([]mlxfn.Array, len(in))
	for i, a := range in {
		out[i] = a
		switch {
		case e.shapeless && len(in) > 1:
			with := []mlxfn.Array{a}
			for k, other := range in {
				if k != i {
					with = append(with, other)
				}
			}
			out[i] = e.emit("Broadcast", shape, a.Dtype, with, slices.Clone(shape))
		case !slices.Equal(a.Shape, shape):
			out[i] = e.emit("Broadcast", shape, a.Dtype, []mlxfn.Array{a}, slices.Clone(shape))
		}
	}
	return out
}

// squeeze drops unit axes where the shape is without them.
func (e *encoder) squeeze(a mlxfn.Array, axes, shape []int) mlxfn.Array {
	if len(shape) == len(a.Shape) || len(axes) == 0 {
		return a
	}
	return e.emit("Squeeze", shape, a.Dtype, []mlxfn.Array{a}, slices.Clone(axes))
}

// folded is the shape with length 1 along axes.
func folded(shape, axes []int) []int {
	out := slices.Clone(shape)
	for _, a := range axes {
		out[a] = 1
	}
	return out
}

// reshape gives an array another shape, by the primitive that says most about what it
// means: those of axes serve arrays of other shapes, too.
func (e *encoder) reshape(a mlxfn.Array, shape []int) mlxfn.Array {
	if slices.Equal(a.Shape, shape) {
		return a
	}
	in := []mlxfn.Array{a}
	if axes, ok := unitAxes(a.Shape, shape); ok {
		return e.emit("Squeeze", shape, a.Dtype, in, axes)
	}
	if axes, ok := unitAxes(shape, a.Shape); ok {
		return e.emit("ExpandDims", shape, a.Dtype, in, axes)
	}
	if start, end, ok := joinedAxes(a.Shape, shape); ok {
		return e.emit("Flatten", shape, a.Dtype, in, int64(start), int64(end))
	}
	if start, end, ok := joinedAxes(shape, a.Shape); ok {
		return e.emit("Unflatten", shape, a.Dtype, in, int64(start), slices.Clone(shape[start:end+1]))
	}
	return e.emit("Reshape", shape, a.Dtype, in, slices.Clone(shape))
}

// unitAxes are the axes of length 1 that long has and short has not.
func unitAxes(long, short []int) (axes []int, ok bool) {
	k := 0
	for i, d := range long {
		switch {
		case k < len(short) && short[k] == d:
			k++
		case d == 1:
			axes = append(axes, i)
		default:
			return nil, false
		}
	}
	return axes, k == len(short) && len(axes) > 0
}

// joinedAxes are the first and the last of the axes of long that are one of short.
func joinedAxes(long, short []int) (start, end int, ok bool) {
	if len(short) == 0 || len(long) <= len(short) {
		return 0, 0, false
	}
	for start < len(short) && long[start] == short[start] {
		start++
	}
	start = min(start, len(short)-1)
	end = len(long) - len(short) + start
	return start, end, shapes.Elements(long[start:end+1]) == short[start] && slices.Equal(long[end+1:], short[start+1:])
}
