package builtins

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// ArrayAt is mx.ArrayAt, what a.at and a.at[i] give: its methods make a new
// array with the elements at the indices updated, once for each occurrence.
type ArrayAt struct {
	a   *Array         // a handle of its own: the array as it was
	key starlark.Value // nil before any was given
}

var (
	_ object.HasType  = (*ArrayAt)(nil)
	_ object.HasItems = (*ArrayAt)(nil)
)

func (at *ArrayAt) String() string        { return "<mlx.core.ArrayAt object>" }
func (at *ArrayAt) Type() string          { return "ArrayAt" }
func (at *ArrayAt) Freeze()               {}
func (at *ArrayAt) Truth() starlark.Bool  { return true }
func (at *ArrayAt) Hash() (uint32, error) { return at.a.Hash() }

// PyType is mx.ArrayAt.
func (at *ArrayAt) PyType() *object.Type { return at.a.m.types.arrayAt }

// GetItem notes the indices.
func (at *ArrayAt) GetItem(_ *starlark.Thread, key starlark.Value) (starlark.Value, error) {
	return &ArrayAt{at.a, key}, nil
}

// update is how a method of ArrayAt meets the elements.
type update struct {
	mode  engine.UpdateMode
	whole *engine.Op // for a key that stands for the whole array
	// adapt makes the value one that the mode takes; nil leaves it.
	adapt func(b *engine.Builder, v *engine.Node, d engine.Dtype) *engine.Node
}

var updates = map[string]update{
	"add":      {mode: engine.Sum, whole: engine.OpAdd},
	"subtract": {mode: engine.Sum, whole: engine.OpSubtract, adapt: negated},
	"multiply": {mode: engine.Prod, whole: engine.OpMultiply},
	"divide":   {mode: engine.Prod, whole: engine.OpDivide, adapt: reciprocal},
	"maximum":  {mode: engine.Max, whole: engine.OpMaximum},
	"minimum":  {mode: engine.Min, whole: engine.OpMinimum},
}

func negated(b *engine.Builder, v *engine.Node, d engine.Dtype) *engine.Node {
	if v.Dtype() == engine.Bool {
		v = b.AsType(v, d)
	}
	return b.Unary(engine.OpNegative, v)
}

// reciprocal turns a division into a product. Of an integer array it is cast to
// an integer before, as in MLX, so that dividing by 2 gives 0.
func reciprocal(b *engine.Builder, v *engine.Node, _ engine.Dtype) *engine.Node {
	return b.Binary(engine.OpDivide, b.Full(nil, 1, v.Dtype()), v)
}

// atMethods are the methods of ArrayAt.
var atMethods = []function{
	{"__getitem__(self, indices) -> ArrayAt", "The updates at the indices.", func(c *Call) starlark.Value {
		return &ArrayAt{c.bound[0].(*ArrayAt).a, c.arg("indices")}
	}},
	{"add(self, value) -> array", "The array with the value added at the indices.", atBody},
	{"subtract(self, value) -> array", "The array with the value subtracted at the indices.", atBody},
	{"multiply(self, value) -> array", "The array multiplied by the value at the indices.", atBody},
	{"divide(self, value) -> array", "The array divided by the value at the indices. An integer array is multiplied by the reciprocal's integer part.", atBody},
	{"maximum(self, value) -> array", "The array with the larger of element and value at the indices.", atBody},
	{"minimum(self, value) -> array", "The array with the smaller of element and value at the indices.", atBody},
}

func atBody(c *Call) starlark.Value {
	at := c.bound[0].(*ArrayAt)
	if at.key == nil {
		c.fail(object.ValueError, "%s: array.at needs indices first, a.at[i].%s(v)", c.sig.Name, c.sig.Name)
	}
	x, u := at.a.Node(), updates[c.sig.Name]
	value := c.update(x, c.arg("value"))
	if c.mask(at.key) != nil {
		c.fail(object.ValueError, "%s: array.at takes no boolean indices; use where", c.sig.Name)
	}
	if c.isWhole(x, at.key) {
		return c.out(c.b.Binary(u.whole, x, c.fit(value, x.Shape())))
	}
	if u.adapt != nil {
		value = u.adapt(c.b, value, x.Dtype())
	}
	return c.out(c.put(x, c.selection(x, at.key), value, u.mode))
}
