package builtins

import (
	"runtime"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/object/number"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// data evaluates a node and gives its elements.
func (m *Module) data(n *engine.Node) (engine.Operand, error) {
	o, err := m.Engine.Data(m.host.Context(), n)
	return o, pythonError(err)
}

// item is the only element of an array.
func (a *Array) item() (starlark.Value, error) {
	defer runtime.KeepAlive(a)
	n := a.Node()
	if n.Len() != 1 {
		return nil, object.Errorf(object.ValueError, "convert: only length-1 arrays can be converted to Python scalars, got shape %s", shapes.Format(n.Shape()))
	}
	o, err := a.m.data(n)
	if err != nil {
		return nil, err
	}
	return Number(o.At(o.Offset), n.Dtype()), nil
}

// list is the array as nested lists of Python numbers; a number where it is 0-d.
func (a *Array) list(thread *starlark.Thread) (starlark.Value, error) {
	defer runtime.KeepAlive(a) // the elements live as long as the handle
	n := a.Node()
	if n.Rank() == 0 {
		return a.item()
	}
	o, err := a.m.data(n)
	if err != nil {
		return nil, err
	}
	if err := object.GrowTimes(thread, n.Len(), listedSize); err != nil {
		return nil, err
	}
	flat := make([]starlark.Value, 0, n.Len())
	o.Each(func(at int) { flat = append(flat, Number(o.At(at), n.Dtype())) })
	return Nest(flat, n.Shape()), nil
}

// listedSize is the bytes of a number in a list.
const listedSize = 32

// TruthValue is whether the only element is not zero.
func (a *Array) TruthValue(*starlark.Thread) (bool, error) {
	v, err := a.item()
	if err != nil {
		return false, err
	}
	return bool(v.Truth()), nil
}

// Length is the length of the first axis.
func (a *Array) Length(*starlark.Thread) (int, error) {
	if a.Node().Rank() == 0 {
		return 0, object.Errorf(object.TypeError, "len() of a 0-dimensional array")
	}
	return a.Shape()[0], nil
}

// Convert serves int(a), float(a), complex(a), abs(a) and, of a 0-d array of integers,
// its use as an index. Python's round does not round arrays.
func (a *Array) Convert(thread *starlark.Thread, what string) (starlark.Value, error) {
	switch what {
	case "abs":
		v, err := a.m.node(thread, func(b *engine.Builder) *engine.Node { return b.Unary(engine.OpAbs, a.Node()) })
		if err == nil {
			a.m.note("abs", starlark.Tuple{a}, nil, v)
		}
		return v, err
	case "index":
		if d := a.Dtype(); a.Node().Rank() > 0 || !d.IsInteger() {
			return nil, object.Errorf(object.TypeError, "only 0-d arrays of integers are indices, got %s of shape %s", d, shapes.Format(a.Shape()))
		}
		return a.item()
	case "int", "float", "complex":
	default:
		return nil, nil
	}
	v, err := a.item()
	if err != nil {
		return nil, err
	}
	switch what {
	case "int":
		return toInt(v)
	case "float":
		f, ok := floatOf(v)
		if !ok {
			return nil, object.Errorf(object.TypeError, "float() argument must be a string or a real number, not 'complex'")
		}
		return starlark.Float(f), nil
	}
	if z, ok := v.(object.Complex); ok {
		return z, nil
	}
	f, _ := floatOf(v)
	return object.Complex(complex(f, 0)), nil
}

func toInt(v starlark.Value) (starlark.Value, error) {
	switch v := v.(type) {
	case starlark.Bool:
		if v {
			return starlark.MakeInt(1), nil
		}
		return starlark.MakeInt(0), nil
	case starlark.Float:
		return number.Truncate(float64(v))
	case object.Complex:
		return nil, object.Errorf(object.TypeError, "int() argument must be a string, a bytes-like object or a real number, not 'complex'")
	}
	return v, nil
}

// Format formats a 0-d array as the number it holds; other arrays have no
// format but the empty one.
func (a *Array) Format(thread *starlark.Thread, spec string) (string, error) {
	if a.Node().Rank() == 0 {
		v, err := a.item()
		if err != nil {
			return "", err
		}
		return object.Format(thread, v, spec)
	}
	if spec == "" {
		return a.Str(thread)
	}
	return "", object.Errorf(object.TypeError, "unsupported format string passed to mx.array.__format__")
}

// Contains is v in a: whether a row equals v. A row of several elements has no
// truth.
func (a *Array) Contains(thread *starlark.Thread, v starlark.Value) (bool, error) {
	rows, err := a.rows()
	if err != nil || rows == 0 {
		return false, err
	}
	eq, err := a.RichCompare(thread, object.Eq, v, starlark.Left)
	if err != nil {
		return false, err
	}
	found, ok := eq.(*Array)
	if !ok {
		return false, nil
	}
	n := found.Node()
	if n.Rank() == 0 || n.Shape()[0] != rows || n.Len() != rows {
		return false, object.Errorf(object.ValueError, "convert: only length-1 arrays can be converted to Python scalars; a row compares as shape %s", shapes.Format(n.Shape()))
	}
	o, err := a.m.data(n)
	if err != nil {
		return false, err
	}
	o.Each(func(at int) { ok = ok && o.At(at).Int == 0 })
	runtime.KeepAlive(found)
	return !ok, nil
}

// DelItem fails: an array's elements cannot be deleted.
func (a *Array) DelItem(*starlark.Thread, starlark.Value) error {
	return object.Errorf(object.AttributeError, "'array' object has no attribute '__delitem__': elements of an array cannot be deleted")
}

// rows is the length of the first axis, for iteration.
func (a *Array) rows() (int, error) {
	if a.Node().Rank() == 0 {
		return 0, object.Errorf(object.IndexError, "iteration over a 0-dimensional array")
	}
	return a.Shape()[0], nil
}

// arrayIterator yields the rows of an array as it was when the iteration began.
type arrayIterator struct {
	m     *Module
	array *Array // a handle of its own, which keeps the elements
	next  int
}

// Iter iterates over the first axis.
func (a *Array) Iter(*starlark.Thread) (object.Iterator, error) {
	if _, err := a.rows(); err != nil {
		return nil, err
	}
	return &arrayIterator{m: a.m, array: a.m.wrap(a.Node())}, nil
}

// Next gives the next row.
func (it *arrayIterator) Next(thread *starlark.Thread) (starlark.Value, bool, error) {
	if it.array == nil || it.next >= it.array.Shape()[0] {
		return nil, false, nil
	}
	i := it.next
	it.next++
	v, err := it.array.m.node(thread, func(b *engine.Builder) *engine.Node {
		return b.Squeeze(b.Narrow(it.array.Node(), 0, i, i+1), 0)
	})
	if err == nil {
		it.m.note("getitem", starlark.Tuple{it.array, starlark.MakeInt(i)}, nil, v)
	}
	return v, err == nil, err
}

// IteratorType is mx.ArrayIterator.
func (it *arrayIterator) IteratorType() *object.Type { return it.m.types.arrayIterator }

// Close lets go of the array.
func (it *arrayIterator) Close() { it.array = nil }
