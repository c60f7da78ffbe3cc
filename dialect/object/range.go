package object

import (
	"math/big"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object/number"
)

// Range is Python's range, of integers of any size.
type Range struct {
	start, stop, step starlark.Int
	n                 int // the length, or -1 where it exceeds an int
	small             bool
	first, by         int64 // start and step where all values fit in int64
}

var (
	_ starlark.Sequence = (*Range)(nil)
	_ HasIter           = (*Range)(nil)
	_ HasItems          = (*Range)(nil)
	_ HasContains       = (*Range)(nil)
	_ HasCompare        = (*Range)(nil)
	_ HasLength         = (*Range)(nil)
	_ HasType           = (*Range)(nil)
)

// NewRange makes range(start, stop, step).
func NewRange(start, stop, step starlark.Int) (*Range, error) {
	if step.Sign() == 0 {
		return nil, Errorf(ValueError, "range() arg 3 must not be zero")
	}
	r := &Range{start: start, stop: stop, step: step}
	a, oka := start.Int64()
	b, okb := stop.Int64()
	s, oks := step.Int64()
	const far = 1 << 61
	if oka && okb && oks && -far < a && a < far && -far < b && b < far && -far < s && s < far {
		r.small, r.first, r.by = true, a, s
		switch {
		case s > 0 && a < b:
			r.n = int((b-a-1)/s + 1)
		case s < 0 && a > b:
			r.n = int((a-b-1)/-s + 1)
		}
		return r, nil
	}
	r.n = -1
	if n := r.length(); n.IsInt64() {
		r.n = int(n.Int64())
	}
	return r, nil
}

func (r *Range) length() *big.Int {
	if r.n >= 0 && r.small {
		return big.NewInt(int64(r.n))
	}
	span := new(big.Int).Sub(r.stop.BigInt(), r.start.BigInt())
	step := r.step.BigInt()
	if step.Sign() < 0 {
		span.Neg(span)
		step.Neg(step)
	}
	if span.Sign() <= 0 {
		return new(big.Int)
	}
	span.Sub(span, big.NewInt(1))
	return span.Div(span, step).Add(span, big.NewInt(1))
}

func (r *Range) String() string {
	s := "range(" + r.start.String() + ", " + r.stop.String()
	if one, _ := r.step.Int64(); one != 1 {
		s += ", " + r.step.String()
	}
	return s + ")"
}
func (r *Range) Type() string         { return "range" }
func (r *Range) Freeze()              {}
func (r *Range) Truth() starlark.Bool { return r.n != 0 }

// Hash depends on the values the range gives.
func (r *Range) Hash() (uint32, error) {
	if r.n == 0 {
		return 0, nil
	}
	return starlark.Tuple{starlark.MakeBigInt(r.length()), r.start, r.step}.Hash()
}

// PyType is range.
func (r *Range) PyType() *Type { return RangeType }

// Len is the number of values, for Starlark's own operations.
func (r *Range) Len() int { return max(r.n, 0) }

// Length is len(r).
func (r *Range) Length(*starlark.Thread) (int, error) {
	if r.n < 0 {
		return 0, Errorf(OverflowError, "Python int too large to convert to C ssize_t")
	}
	return r.n, nil
}

// at is the value at index i, in bounds.
func (r *Range) at(i int) starlark.Int {
	if r.small {
		return starlark.MakeInt64(r.first + int64(i)*r.by)
	}
	return r.start.Add(r.step.Mul(starlark.MakeInt(i)))
}

// Small gives the first value, the step and the length, where all values are small ints.
func (r *Range) Small() (first, by int64, n int, ok bool) { return r.first, r.by, r.n, r.small }

// Index is the value at index i, for Starlark's own operations.
func (r *Range) Index(i int) starlark.Value { return r.at(i) }

// Iterate serves Starlark's own loops.
func (r *Range) Iterate() starlark.Iterator { return &rangeIter{r: r} }

// Iter iterates over the values.
func (r *Range) Iter(*starlark.Thread) (Iterator, error) {
	return &rangeSteps{rangeIter: rangeIter{r: r}}, nil
}

// rangeIter steps through a range that may have no int length.
type rangeIter struct {
	r    *Range
	i    int
	next starlark.Int // for ranges beyond int64
	used bool
}

func (it *rangeIter) Next(p *starlark.Value) bool {
	r := it.r
	if r == nil {
		return false
	}
	if r.small {
		if it.i >= r.n {
			return false
		}
		*p = starlark.MakeInt64(r.first + int64(it.i)*r.by)
		it.i++
		return true
	}
	if !it.used {
		it.next, it.used = r.start, true
	}
	c := number.CompareInts(it.next, r.stop)
	if r.step.Sign() > 0 && c >= 0 || r.step.Sign() < 0 && c <= 0 {
		return false
	}
	*p = it.next
	it.next = it.next.Add(r.step)
	return true
}

func (it *rangeIter) Done() { it.r = nil }

// rangeSteps is the same for this package's iteration.
type rangeSteps struct {
	rangeIter
	pace pace
}

func (it *rangeSteps) Next(thread *starlark.Thread) (starlark.Value, bool, error) {
	if err := it.pace.step(thread); err != nil {
		return nil, false, err
	}
	var v starlark.Value
	if it.rangeIter.Next(&v) {
		return v, true, nil
	}
	return nil, false, nil
}

func (it *rangeSteps) Close() { it.r = nil }

// GetItem is r[i] or r[i:j:k].
func (r *Range) GetItem(thread *starlark.Thread, key starlark.Value) (starlark.Value, error) {
	if r.n < 0 {
		return r.bigItem(thread, key)
	}
	n := r.n
	s, ok := key.(*Slice)
	if !ok {
		i, err := position(thread, "range", key, n)
		if err != nil {
			return nil, err
		}
		return r.at(i), nil
	}
	start, stop, step, _, err := s.bounds(thread, n)
	if err != nil {
		return nil, err
	}
	return NewRange(r.at(start), r.at(stop), r.step.Mul(starlark.MakeInt(step)))
}

// bigItem indexes a range of more values than an int counts.
func (r *Range) bigItem(thread *starlark.Thread, key starlark.Value) (starlark.Value, error) {
	i, err := Index(thread, key)
	if err != nil {
		return nil, Errorf(OverflowError, "Python int too large to convert to C ssize_t")
	}
	n := starlark.MakeBigInt(r.length())
	if i.Sign() < 0 {
		i = i.Add(n)
	}
	if i.Sign() < 0 || number.CompareInts(i, n) >= 0 {
		return nil, Errorf(IndexError, "range object index out of range")
	}
	return r.start.Add(i.Mul(r.step)), nil
}

// Contains is x in r.
func (r *Range) Contains(thread *starlark.Thread, x starlark.Value) (bool, error) {
	i, ok := r.find(x)
	if ok {
		return i != nil, nil
	}
	return scan(thread, r, x)
}

// scan looks for x by iteration, which uses x's own equality.
func scan(thread *starlark.Thread, r *Range, x starlark.Value) (bool, error) {
	it := rangeIter{r: r}
	var v starlark.Value
	var turns pace
	for it.Next(&v) {
		if err := turns.step(thread); err != nil {
			return false, err
		}
		if same, err := Equal(thread, v, x); err != nil || same {
			return same, err
		}
	}
	return false, nil
}

// find is the index of a number; ok is false for a value that is none.
func (r *Range) find(x starlark.Value) (index *big.Int, ok bool) {
	var v starlark.Int
	switch n := unwrap(x).(type) {
	case starlark.Int:
		v = n
	case starlark.Bool:
		v = boolInt(n)
	case starlark.Float:
		t, err := number.Truncate(float64(n))
		if err != nil || number.CompareIntFloat(t, float64(n)) != 0 {
			return nil, true
		}
		v = t
	case starlark.String, starlark.NoneType, *starlark.List, starlark.Tuple, *starlark.Dict:
		return nil, true
	default:
		return nil, false
	}
	d := v.Sub(r.start).BigInt()
	q, m := new(big.Int).QuoRem(d, r.step.BigInt(), new(big.Int))
	if m.Sign() != 0 || q.Sign() < 0 || q.Cmp(r.length()) >= 0 {
		return nil, true
	}
	return q, true
}

// RichCompare compares ranges by the values they give.
func (r *Range) RichCompare(_ *starlark.Thread, op Op, other starlark.Value, _ starlark.Side) (starlark.Value, error) {
	o, ok := other.(*Range)
	if !ok || op != Eq && op != Ne {
		return nil, nil
	}
	n := r.length()
	same := n.Cmp(o.length()) == 0
	if same && n.Sign() > 0 {
		same = number.CompareInts(r.start, o.start) == 0
		if same && n.Cmp(big.NewInt(1)) > 0 {
			same = number.CompareInts(r.step, o.step) == 0
		}
	}
	return starlark.Bool(same == (op == Eq)), nil
}

func rangeMethods() []methodSpec {
	return []methodSpec{
		{name: "index", sig: "value, /", fn: func(c *call) (starlark.Value, error) {
			if i, _ := c.self.(*Range).find(c.arg(0)); i != nil {
				return starlark.MakeBigInt(i), nil
			}
			s, err := Repr(c.thread, c.arg(0))
			if err != nil {
				return nil, err
			}
			return nil, Errorf(ValueError, "%s is not in range", s)
		}},
		{name: "count", sig: "value, /", fn: func(c *call) (starlark.Value, error) {
			found, err := c.self.(*Range).Contains(c.thread, c.arg(0))
			if found {
				return starlark.MakeInt(1), err
			}
			return starlark.MakeInt(0), err
		}},
	}
}

// constructRange is range(stop) and range(start, stop, step).
func constructRange(thread *starlark.Thread, _ *Type, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if len(kwargs) > 0 {
		return nil, Errorf(TypeError, "range() takes no keyword arguments")
	}
	if len(args) == 0 {
		return nil, Errorf(TypeError, "range expected at least 1 argument, got 0")
	}
	if len(args) > 3 {
		return nil, Errorf(TypeError, "range expected at most 3 arguments, got %d", len(args))
	}
	part := [3]starlark.Int{starlark.MakeInt(0), starlark.MakeInt(0), starlark.MakeInt(1)}
	for i, a := range args {
		v, err := Index(thread, a)
		if err != nil {
			return nil, err
		}
		part[i] = v
	}
	if len(args) == 1 {
		part[0], part[1] = part[1], part[0]
	}
	return NewRange(part[0], part[1], part[2])
}
