package builtins

import (
	"encoding/binary"
	"math"
	"slices"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/dtype"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

func constructArray(c *Call) starlark.Value {
	return c.out(c.newArray(c.bound[0], c.dtype("dtype", 0)))
}

// newArray makes an array of whatever mx.array takes. A dtype of 0 is worked out.
func (c *Call) newArray(v starlark.Value, d engine.Dtype) *engine.Node {
	if o, ok := v.(Offer); ok {
		return c.offered(o, d)
	}
	if n := c.asArray(v); n != nil {
		if !d.Valid() {
			d = n.Dtype()
		}
		return c.b.AsType(c.b.Identity(n), d)
	}
	if raw, ok := v.(starlark.Bytes); ok {
		n := c.b.FromBytes([]byte(raw), engine.Uint8, []int{len(raw)})
		if d.Valid() {
			n = c.b.AsType(n, d)
		}
		return n
	}
	if h, ok := v.(object.HasBuffer); ok {
		n := c.fromBuffer(h)
		if d.Valid() {
			n = c.b.AsType(n, d)
		}
		return n
	}
	if a, ok := v.(*object.ByteArray); ok {
		n := c.b.FromBytes(append([]byte(nil), a.Bytes()...), engine.Uint8, []int{a.Len()})
		if d.Valid() {
			n = c.b.AsType(n, d)
		}
		return n
	}
	if v == starlark.None {
		c.mistyped("val", v, "a number, a list, a tuple or an array")
	}
	l := literal{c: c}
	l.measure(v, 0)
	l.check(v, 0)
	if !d.Valid() {
		d = l.dtype()
	}
	if l.nodes {
		return c.b.AsType(l.stack(v, 0), d)
	}
	return l.fill(v, d)
}

// literal is a nested list on its way to an array.
type literal struct {
	c     *Call
	shape []int
	found engine.Dtype // of the elements so far; 0 for none
	wide  bool         // an integer does not fit int32
	nodes bool         // there are arrays among the elements
}

// measure finds the shape along the first elements.
func (l *literal) measure(v starlark.Value, depth int) {
	const deepest = 128 // lists that contain themselves end here
	if depth == deepest {
		l.c.fail(object.ValueError, "array: lists are nested deeper than %d", deepest)
	}
	if a, ok := v.(*Array); ok {
		l.shape = append(l.shape, a.Shape()...)
		return
	}
	items, ok := rowsOf(v)
	if !ok {
		return
	}
	l.shape = append(l.shape, items.len())
	if items.len() > 0 {
		l.measure(items.at(0), depth+1)
	}
}

// check makes sure that everything has the measured shape and finds the dtype.
func (l *literal) check(v starlark.Value, depth int) {
	switch v := plain(v).(type) {
	case starlark.Int:
		l.leaf(depth, engine.Int32)
		if n, ok := v.Int64(); !ok || n != int64(int32(n)) {
			l.wide = true
		}
		return
	case starlark.Float:
		l.leaf(depth, engine.Float32)
		return
	case starlark.Bool:
		l.leaf(depth, engine.Bool)
		return
	case object.Complex:
		l.leaf(depth, engine.Complex64)
		return
	case *Array:
		l.nodes = true
		if !slices.Equal(v.Shape(), l.shape[depth:]) {
			l.ragged()
		}
		l.meet(v.Dtype())
		return
	}
	items, ok := rowsOf(v)
	if !ok {
		l.c.fail(object.ValueError, "array: invalid type %s in array initialization, want numbers, lists, tuples and arrays", object.TypeName(v))
	}
	n := items.len()
	if depth >= len(l.shape) {
		l.c.fail(object.ValueError, "Initialization encountered extra dimension.")
	}
	if n != l.shape[depth] {
		l.ragged()
	}
	if err := object.Steps(l.c.thread, 1); err != nil {
		l.c.check(err)
	}
	for i := range n {
		l.check(items.at(i), depth+1)
	}
}

func (l *literal) ragged() {
	l.c.fail(object.ValueError, "Initialization encountered non-uniform length.")
}

// leaf notes a number.
func (l *literal) leaf(depth int, d engine.Dtype) {
	if depth != len(l.shape) {
		l.ragged()
	}
	l.meet(d)
}

func (l *literal) meet(d engine.Dtype) {
	switch {
	case l.found == d:
	case !l.found.Valid():
		l.found = d
	default:
		l.found = dtype.Promote(l.found, d)
	}
}

func (l *literal) dtype() engine.Dtype {
	switch {
	case !l.found.Valid():
		return engine.Float32
	case l.found == engine.Int32 && l.wide:
		return engine.Int64
	}
	return l.found
}

// fill writes the numbers of a literal without arrays.
func (l *literal) fill(v starlark.Value, d engine.Dtype) *engine.Node {
	size := d.Size()
	data := make([]byte, shapes.Elements(l.shape)*size)
	left := data
	var walk func(v starlark.Value)
	walk = func(v starlark.Value) {
		if items, ok := rowsOf(v); ok {
			for i := range items.len() {
				walk(items.at(i))
			}
			return
		}
		l.put(left[:size], v, d)
		left = left[size:]
	}
	walk(v)
	return l.c.b.FromBytes(data, d, append([]int{}, l.shape...))
}

// put writes one number as dtype d. Integers wrap, as they do in MLX.
func (l *literal) put(to []byte, v starlark.Value, d engine.Dtype) {
	switch v := plain(v).(type) {
	case starlark.Float:
		if d == engine.Float32 {
			binary.NativeEndian.PutUint32(to, math.Float32bits(float32(v)))
			return
		}
		dtype.PutElement(to, d, complex(float64(v), 0))
	case starlark.Int:
		l.putInt(to, v, d)
	case starlark.Bool:
		x := complex128(0)
		if v {
			x = 1
		}
		dtype.PutElement(to, d, x)
	case object.Complex:
		if !d.IsComplex() && d != engine.Bool {
			v = object.Complex(complex(real(v), 0))
		}
		dtype.PutElement(to, d, complex128(v))
	}
}

func (l *literal) putInt(to []byte, v starlark.Int, d engine.Dtype) {
	if !d.IsInteger() {
		dtype.PutElement(to, d, complex(float64(v.Float()), 0))
		return
	}
	n, ok := Bits64(v)
	if _, signed := v.Int64(); !ok || !signed && d != engine.Uint64 {
		l.c.fail(object.RuntimeError, "array: the integer %s does not fit 64 bits; give a floating dtype", v)
	}
	PutInt(to, n)
}

// stack joins the rows of a literal that holds arrays.
func (l *literal) stack(v starlark.Value, depth int) *engine.Node {
	if a, ok := v.(*Array); ok {
		return a.Node()
	}
	items, ok := rowsOf(v)
	if !ok || items.len() == 0 || !holdsArray(v) {
		part := literal{c: l.c, shape: l.shape[depth:]}
		d := l.found
		if l.wide && d == engine.Int32 {
			d = engine.Int64
		}
		return part.fill(v, d)
	}
	parts := make([]*engine.Node, items.len())
	for i := range parts {
		parts[i] = l.stack(items.at(i), depth+1)
	}
	return l.c.b.Stack(parts, 0)
}

func holdsArray(v starlark.Value) bool {
	if _, ok := v.(*Array); ok {
		return true
	}
	items, ok := rowsOf(v)
	for i := 0; ok && i < items.len(); i++ {
		if holdsArray(items.at(i)) {
			return true
		}
	}
	return false
}

// rows reads a list or a tuple without copying it.
type rows struct {
	list  *starlark.List
	tuple starlark.Tuple
}

func rowsOf(v starlark.Value) (rows, bool) {
	switch v := v.(type) {
	case *starlark.List:
		return rows{list: v}, true
	case starlark.Tuple:
		return rows{tuple: v}, true
	case *object.Instance: // a class derived from list or tuple
		if l, ok := object.AsList(v); ok {
			return rows{list: l}, true
		}
		if t, ok := object.AsTuple(v); ok {
			return rows{tuple: t}, true
		}
	}
	return rows{}, false
}

func (r rows) len() int {
	if r.list != nil {
		return r.list.Len()
	}
	return len(r.tuple)
}

func (r rows) at(i int) starlark.Value {
	if r.list != nil {
		return r.list.Index(i)
	}
	return r.tuple[i]
}

// arrayProtocol is the method by which an object offers itself as an array.
const arrayProtocol = "__mlx_array__"

// fromProtocol is the array that an object with __mlx_array__ offers, or nil.
func (m *Module) fromProtocol(c *Call, v starlark.Value) *engine.Node {
	var offer starlark.Value
	switch v := v.(type) {
	case *object.Instance:
		if _, ok := v.Class().Lookup(arrayProtocol); !ok {
			return nil
		}
		f, err := object.GetAttr(c.thread, v, arrayProtocol)
		c.check(err)
		offer, err = object.Call(c.thread, f, nil, nil)
		c.check(err)
	case *ArrayLike:
		return m.fromProtocol(c, v.value)
	case Offer:
		return c.offered(v, 0)
	default:
		return nil
	}
	a, ok := offer.(*Array)
	if !ok {
		c.fail(object.TypeError, "%s() of %s must give an array, not %s", arrayProtocol, object.TypeName(v), object.TypeName(offer))
	}
	return a.Node()
}

// ArrayLike is mx.ArrayLike: a holder of an object with __mlx_array__.
type ArrayLike struct {
	value starlark.Value
	m     *Module
}

var _ object.HasType = (*ArrayLike)(nil)

func (a *ArrayLike) String() string        { return "<mlx.core.ArrayLike object>" }
func (a *ArrayLike) Type() string          { return "ArrayLike" }
func (a *ArrayLike) Freeze()               {}
func (a *ArrayLike) Truth() starlark.Bool  { return true }
func (a *ArrayLike) Hash() (uint32, error) { return a.value.Hash() }

// PyType is mx.ArrayLike.
func (a *ArrayLike) PyType() *object.Type { return a.m.types.arrayLike }

func constructArrayLike(c *Call) starlark.Value {
	v := c.arg("value")
	if i, ok := v.(*object.Instance); ok {
		if _, ok := i.Class().Lookup(arrayProtocol); ok {
			return &ArrayLike{v, c.m}
		}
	}
	c.mistyped("value", v, "an object with "+arrayProtocol)
	return nil
}
