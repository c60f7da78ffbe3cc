package numpy

import (
	"math"
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/builtins"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/object/number"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// array makes an array of whatever numpy.asarray takes; an array of the dtype is
// itself. A dtype of 0 is worked out.
func (p *np) array(v starlark.Value, d engine.Dtype) *ndarray {
	to := func(a *ndarray) *ndarray {
		if d.Valid() {
			return p.astype(a, d)
		}
		return a
	}
	switch x := v.(type) {
	case *ndarray:
		return to(x)
	case *scalar:
		return to(p.filled(x.v, x.d, nil))
	case *builtins.Array:
		return to(p.fromMLX(x))
	case *object.MemoryView:
		return to(p.fromBuffer(x))
	case starlark.String, starlark.Bytes, *starlark.Dict, *starlark.Set, starlark.NoneType, *object.Type:
		p.fail(object.TypeError, "numpy: arrays of %s are not among those provided here, only of numbers and bools", object.TypeName(v))
	}
	if i, ok := v.(*object.Instance); ok {
		if _, ok := i.Class().Lookup("__array__"); ok {
			fn, err := object.GetAttr(p.thread, v, "__array__")
			p.check(err)
			out, err := object.Call(p.thread, fn, nil, nil)
			p.check(err)
			return p.array(out, d)
		}
	}
	l := &literal{p: p}
	l.read(v, 0)
	if l.arrays {
		return to(l.stack(v, d))
	}
	if !d.Valid() {
		d = l.dtype()
	}
	p.grow(len(l.leaves), 2*d.Size())
	data := make([]byte, len(l.leaves)*d.Size())
	for i, leaf := range l.leaves {
		p.look(i)
		p.put(data[i*d.Size():][:d.Size()], leaf, d)
	}
	return p.fromBytes(data, d, l.shape)
}

// fromMLX copies an array of mlx.core.
func (p *np) fromMLX(x *builtins.Array) *ndarray {
	if x.Dtype() == engine.BFloat16 {
		p.fail(object.ValueError, "'bfloat16' is not a valid PEP 3118 buffer format string: convert the array first, with .astype(mx.float32)")
	}
	dense, err := p.mx.Engine.Dense(p.host.Context(), x.Node())
	p.check(builtins.PythonError(err))
	return p.fromBytes(dense, x.Dtype(), x.Shape())
}

// literal is a nested sequence on its way to an array.
type literal struct {
	p      *np
	shape  []int
	leaves []starlark.Value
	depth  int // at which the leaves are; set by the first
	found  bool
	arrays bool
	d      engine.Dtype // of the numpy scalars among the leaves
	rank   int          // of the Python numbers: as rankOf, -1 for none
	big    bool         // an int beyond int64
}

const deepestArray = 64

// read gathers the leaves below v and finds the shape.
func (l *literal) read(v starlark.Value, depth int) {
	if depth > deepestArray {
		l.p.fail(object.ValueError, "array: lists are nested deeper than %d", deepestArray)
	}
	switch x := v.(type) {
	case *ndarray, *builtins.Array:
		l.arrays = true
		return
	case starlark.Bool, starlark.Int, starlark.Float, object.Complex, *scalar:
		l.leaf(x, depth)
		return
	}
	l.p.check(object.Steps(l.p.thread, 1))
	items, ok := l.sequence(v)
	if !ok {
		l.p.fail(object.TypeError, "numpy: arrays of %s are not among those provided here, only of numbers and bools", object.TypeName(v))
	}
	if len(l.shape) == depth && !l.found {
		l.shape = append(l.shape, len(items))
	} else if depth >= len(l.shape) || l.shape[depth] != len(items) {
		l.ragged(min(depth, len(l.shape)))
	}
	for _, item := range items {
		l.read(item, depth+1)
		if l.arrays {
			return
		}
	}
}

func (l *literal) ragged(depth int) {
	l.p.fail(object.ValueError, "setting an array element with a sequence. The requested array has an inhomogeneous shape after %d dimensions. The detected shape was %s + inhomogeneous part.", depth, shapeText(l.shape[:depth]))
}

// sequence gives the elements of what is a sequence.
func (l *literal) sequence(v starlark.Value) ([]starlark.Value, bool) {
	if t, ok := object.AsTuple(v); ok {
		return t, true
	}
	if list, ok := object.AsList(v); ok {
		out := make([]starlark.Value, list.Len())
		for i := range out {
			out[i] = list.Index(i)
		}
		return out, true
	}
	switch object.Unwrap(v).(type) {
	case *object.Range, interface{ MatchesSequence() bool }: // such as a deque
		out, err := object.Collect(l.p.thread, v)
		l.p.check(err)
		return out, true
	}
	return nil, false
}

func (l *literal) leaf(v starlark.Value, depth int) {
	if !l.found {
		l.found, l.depth = true, depth
		l.rank = -1
	}
	if depth != len(l.shape) {
		l.ragged(min(depth, len(l.shape)))
	}
	l.leaves = append(l.leaves, v)
	rank := 0
	switch x := v.(type) {
	case *scalar:
		if !l.d.Valid() {
			l.d = x.d
		}
		l.d = promote(l.d, x.d)
		return
	case starlark.Int:
		rank = 1
		if _, ok := x.Int64(); !ok {
			l.big = true
		}
	case starlark.Float:
		rank = 2
	case object.Complex:
		rank = 3
	}
	l.rank = max(l.rank, rank)
}

// weakDtypes are the dtypes of Python's numbers, by rank.
var weakDtypes = [...]engine.Dtype{engine.Bool, engine.Int64, engine.Float64, engine.Complex128}

func (l *literal) dtype() engine.Dtype {
	switch {
	case !l.found:
		return engine.Float64
	case l.rank < 0:
		return l.d
	}
	d := weakDtypes[l.rank]
	if l.big && d == engine.Int64 {
		d = engine.Uint64
	}
	if l.d.Valid() {
		d = promote(d, l.d)
	}
	return d
}

// stack joins the rows of a sequence that holds arrays.
func (l *literal) stack(v starlark.Value, d engine.Dtype) *ndarray {
	if a, ok := v.(*ndarray); ok {
		return a
	}
	items, ok := l.sequence(v)
	if !ok || len(items) == 0 {
		return l.p.array(v, d)
	}
	parts := make([]*ndarray, len(items))
	for i, item := range items {
		parts[i] = l.p.array(item, d)
		if !slices.Equal(parts[i].shape, parts[0].shape) {
			l.shape = append([]int{len(items)}, l.shape[:0]...)
			l.ragged(1)
		}
	}
	if !d.Valid() {
		d = parts[0].dtype
		for _, a := range parts[1:] {
			d = promote(d, a.dtype)
		}
	}
	var data []byte
	for _, a := range parts {
		data = append(data, l.p.astype(a, d).dense()...)
	}
	return l.p.fromBytes(data, d, append([]int{len(items)}, parts[0].shape...))
}

// filled makes an array of one number.
func (p *np) filled(v starlark.Value, d engine.Dtype, shape []int) *ndarray {
	one := make([]byte, d.Size())
	p.put(one, v, d)
	if len(shape) == 0 {
		return p.fromBytes(one, d, shape)
	}
	a := p.zeros(d, shape)
	repeatCell(a.store.data, one)
	return a
}

// repeatCell fills memory with one element.
func repeatCell(data, cell []byte) {
	for n := copy(data, cell); n < len(data); {
		n += copy(data[n:], data[:n])
	}
}

// put writes one number as dtype d. A Python int must fit an integer dtype;
// floats are cut, as C does.
func (p *np) put(to []byte, v starlark.Value, d engine.Dtype) {
	strong := false
	if s, ok := v.(*scalar); ok {
		v, strong = s.v, true
	}
	switch x := v.(type) {
	case starlark.Bool:
		n := int64(0)
		if x {
			n = 1
		}
		p.putInt(to, n, d)
	case starlark.Int:
		if d.IsInteger() {
			big := x.BigInt()
			low, high := intRange(d)
			if (big.Cmp(low) < 0 || big.Cmp(high) > 0) && !strong {
				p.fail(object.OverflowError, "Python integer %s out of bounds for %s", x, d)
			}
			n, _ := builtins.Bits64(x)
			p.putInt(to, n, d)
			return
		}
		f, err := native.AsFloat(p.thread, x)
		p.check(err)
		engine.PutElement(to, d, complex(f, 0))
	case starlark.Float:
		f := float64(x)
		switch {
		case d.IsInteger() && (math.IsNaN(f) || math.IsInf(f, 0)):
			_, err := number.Truncate(f)
			p.check(err)
		case d == engine.Uint64 && f >= 1<<63:
			p.putInt(to, int64(uint64(f)), d)
		case d.IsInteger():
			p.putInt(to, int64(f), d)
		default:
			engine.PutElement(to, d, complex(f, 0))
		}
	case object.Complex:
		if !d.IsComplex() && d != engine.Bool {
			p.fail(object.TypeError, "float() argument must be a string or a real number, not 'complex'")
		}
		engine.PutElement(to, d, complex128(x))
	case starlark.String:
		p.put(to, p.parsed(string(x), d), d)
	default:
		p.fail(object.TypeError, "float() argument must be a string or a real number, not '%s'", object.TypeName(v))
	}
}

// parsed reads a number from text, as numpy's scalar types do.
func (p *np) parsed(s string, d engine.Dtype) starlark.Value {
	t := object.FloatType
	switch {
	case d.IsInteger():
		t = object.IntType
	case d.IsComplex():
		t = object.ComplexType
	case d == engine.Bool:
		return starlark.Bool(strings.TrimSpace(s) != "")
	}
	v, err := object.Call(p.thread, t, starlark.Tuple{starlark.String(s)}, nil)
	p.check(err)
	return v
}

func (p *np) putInt(to []byte, n int64, d engine.Dtype) {
	if !d.IsInteger() {
		engine.PutElement(to, d, complex(float64(n), 0))
		return
	}
	builtins.PutInt(to[:d.Size()], n)
}

// MLXNode offers the elements to mlx.core, which copies them.
func (a *ndarray) MLXNode(b *engine.Builder) *engine.Node {
	b.CheckLengths(a.shape) // before the elements are gathered
	if n, limit := a.size()*a.dtype.Size(), a.m.mx.Engine.Account().Limit(); limit > 0 && int64(n) > limit {
		b.Fail(object.Errorf(object.MemoryError, "array: %d bytes are beyond the memory limit of %d", n, limit))
	}
	d := a.dtype.InMLX()
	return b.FromBytes(a.denseAs(d), d, slices.Clone(a.shape))
}

// denseAs is dense for the elements of complex numbers in another complex dtype.
func (a *ndarray) denseAs(d engine.Dtype) []byte {
	from := a.dense()
	if d == a.dtype {
		return from
	}
	a.m.reserve(a.size(), d.Size())
	out, turns := make([]byte, a.size()*d.Size()), 0
	for to := out; len(to) > 0; to, from = to[d.Size():], from[a.dtype.Size():] {
		a.m.turn(&turns)
		engine.PutElement(to, d, engine.ReadElement(from, a.dtype).Complex)
	}
	return out
}

// MLXNode offers the scalar to mlx.core as a 0-d array.
func (s *scalar) MLXNode(b *engine.Builder) *engine.Node {
	switch v := s.v.(type) {
	case starlark.Int:
		n, _ := builtins.Bits64(v)
		return b.FullInt(nil, n, s.d)
	case starlark.Float:
		return b.Full(nil, complex(float64(v), 0), s.d)
	case object.Complex:
		return b.Full(nil, complex128(v), s.d.InMLX())
	}
	if s.v.Truth() {
		return b.Full(nil, 1, s.d)
	}
	return b.Full(nil, 0, s.d)
}

var (
	_ builtins.Offer = (*ndarray)(nil)
	_ builtins.Offer = (*scalar)(nil)
)

// operand is an argument of an elementwise operation: an array, or a number
// that takes part in promotion with its dtype or, a Python number, weakly.
type operand struct {
	a *ndarray
	v starlark.Value
	d engine.Dtype // 0 for Python numbers
}

// operand reads an argument; ok is false where it is nothing numpy takes.
func (p *np) operand(v starlark.Value) (o operand, ok bool) {
	switch x := v.(type) {
	case *ndarray:
		return operand{a: x, d: x.dtype}, true
	case *scalar:
		return operand{v: x.v, d: x.d}, true
	case starlark.Bool, starlark.Int, starlark.Float, object.Complex:
		return operand{v: x}, true
	case *builtins.Array:
		a := p.fromMLX(x)
		return operand{a: a, d: a.dtype}, true
	}
	if _, ok := (&literal{p: p}).sequence(v); ok {
		a := p.array(v, 0)
		return operand{a: a, d: a.dtype}, true
	}
	if i, ok := v.(*object.Instance); ok {
		if _, ok := i.Class().Lookup("__array__"); ok {
			a := p.array(v, 0)
			return operand{a: a, d: a.dtype}, true
		}
	}
	return operand{}, false
}

// weakRank is the rank of a Python number.
func weakRank(v starlark.Value) int {
	switch v.(type) {
	case starlark.Int:
		return 1
	case starlark.Float:
		return 2
	case object.Complex:
		return 3
	}
	return 0
}

// meet is the dtype in which operands meet by NumPy 2's rules: a Python number
// takes the others' dtype unless it is of a higher kind.
func (p *np) meet(ops ...operand) engine.Dtype {
	var d engine.Dtype
	weak := -1
	for _, o := range ops {
		switch {
		case !o.d.Valid():
			weak = max(weak, weakRank(o.v))
		case !d.Valid():
			d = o.d
		default:
			d = promote(d, o.d)
		}
	}
	switch {
	case weak < 0:
		return d
	case !d.Valid():
		d = weakDtypes[weak]
		for _, o := range ops {
			if n, ok := o.v.(starlark.Int); ok && d == engine.Int64 {
				if _, ok := n.Int64(); !ok {
					d = engine.Uint64
				}
			}
		}
	case weak > rankOf(d) && d.IsFloat():
		d = d.Complex()
	case weak > rankOf(d):
		d = promote(d, weakDtypes[weak])
	}
	return d
}

// nodeOf is an operand as dtype d.
func (p *np) nodeOf(b *engine.Builder, o operand, d engine.Dtype) *engine.Node {
	if o.a != nil {
		return o.a.as(b, d)
	}
	at := d
	if o.d.Valid() {
		at = o.d
	}
	var element engine.ElementBytes
	p.put(element[:at.Size()], o.v, at)
	n := b.OperandBytes(element, at)
	return b.AsType(n, d)
}
