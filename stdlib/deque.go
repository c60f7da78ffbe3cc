package stdlib

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// Deque is collections.deque: a ring that grows at both ends.
type Deque struct {
	ring  []starlark.Value
	head  int
	size  int
	limit int // -1: none
	edits int // counted, so that iteration notices a change
}

var (
	_ object.HasType     = (*Deque)(nil)
	_ object.HasIter     = (*Deque)(nil)
	_ object.HasItems    = (*Deque)(nil)
	_ object.HasSetItems = (*Deque)(nil)
	_ object.HasDelItem  = (*Deque)(nil)
	_ object.HasContains = (*Deque)(nil)
	_ object.HasLength   = (*Deque)(nil)
	_ object.HasCompare  = (*Deque)(nil)
	_ object.HasOperator = (*Deque)(nil)
	_ object.HasInplace  = (*Deque)(nil)
	_ object.HasStr      = (*Deque)(nil)

	_ object.HasReferents = (*Deque)(nil)
	_ starlark.HasAttrs   = (*Deque)(nil)
)

var dequeType = object.NewGoType("collections", "deque", "deque([iterable[, maxlen]]) --> deque object\n\nA list-like sequence optimized for data accesses near its endpoints.", newDeque)

func newDeque(thread *starlark.Thread, _ *object.Type, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	return dequeRow.CallInternal(thread, args, kwargs)
}

var dequeRow = native.NewFunction("collections", "deque(iterable=(), maxlen=None)", "", func(c *call) (starlark.Value, error) {
	d := &Deque{limit: -1}
	if c.Given(1) {
		if _, ok := object.Unwrap(c.Arg(1)).(starlark.Int); !ok {
			return nil, object.Errorf(object.TypeError, "an integer is required")
		}
		if d.limit = c.Int(1); d.limit < 0 && c.Err == nil {
			return nil, object.Errorf(object.ValueError, "maxlen must be non-negative")
		}
	}
	if c.Arg(0) == nil || c.Err != nil {
		return d, nil
	}
	return d, d.extend(c.Thread, c.Arg(0), d.pushBack)
})

func (d *Deque) String() string {
	s, err := d.Repr(&starlark.Thread{Name: "repr"})
	if err != nil {
		return "<deque object>"
	}
	return s
}
func (d *Deque) Type() string { return "deque" }

// MatchesSequence lets sequence patterns match deques.
func (d *Deque) MatchesSequence() bool { return true }
func (d *Deque) Freeze()               {}
func (d *Deque) Truth() starlark.Bool  { return d.size > 0 }
func (d *Deque) Hash() (uint32, error) {
	return 0, object.Errorf(object.TypeError, "unhashable type: 'collections.deque'")
}
func (d *Deque) PyType() *object.Type { return dequeType }
func (d *Deque) AttrNames() []string  { return []string{"maxlen"} }

// Attr gives maxlen.
func (d *Deque) Attr(name string) (starlark.Value, error) {
	if name != "maxlen" {
		return nil, nil
	}
	if d.limit < 0 {
		return starlark.None, nil
	}
	return starlark.MakeInt(d.limit), nil
}

// Length is the number of elements.
func (d *Deque) Length(*starlark.Thread) (int, error) { return d.size, nil }

func (d *Deque) at(i int) *starlark.Value { return &d.ring[(d.head+i)%len(d.ring)] }

func (d *Deque) elements() []starlark.Value {
	out := make([]starlark.Value, d.size)
	for i := range out {
		out[i] = *d.at(i)
	}
	return out
}

func (d *Deque) grow() {
	if d.size < len(d.ring) {
		return
	}
	ring := make([]starlark.Value, max(8, 2*len(d.ring)))
	for i := range d.size {
		ring[i] = *d.at(i)
	}
	d.ring, d.head = ring, 0
}

func (d *Deque) pushBack(v starlark.Value) {
	d.edits++
	if d.limit == 0 {
		return
	}
	if d.size == d.limit {
		d.popFront()
	}
	d.grow()
	d.size++
	*d.at(d.size - 1) = v
}

func (d *Deque) pushFront(v starlark.Value) {
	d.edits++
	if d.limit == 0 {
		return
	}
	if d.size == d.limit {
		d.popBack()
	}
	d.grow()
	d.head = (d.head + len(d.ring) - 1) % len(d.ring)
	d.size++
	*d.at(0) = v
}

func (d *Deque) popFront() starlark.Value {
	d.edits++
	slot := d.at(0)
	v := *slot
	*slot = nil // the element must be free to die
	d.head = (d.head + 1) % len(d.ring)
	d.size--
	return v
}

func (d *Deque) popBack() starlark.Value {
	d.edits++
	slot := d.at(d.size - 1)
	v := *slot
	*slot = nil
	d.size--
	return v
}

func (d *Deque) reset(vs []starlark.Value) {
	d.edits++
	d.ring, d.head, d.size = append([]starlark.Value(nil), vs...), 0, len(vs)
}

func (d *Deque) extend(thread *starlark.Thread, from starlark.Value, push func(starlark.Value)) error {
	if from == starlark.Value(d) {
		for _, v := range d.elements() {
			push(v)
		}
		return nil
	}
	it, err := object.Iterate(thread, from)
	if err != nil {
		return err
	}
	defer it.Close()
	for {
		v, ok, err := it.Next(thread)
		if err != nil || !ok {
			return err
		}
		push(v)
	}
}

func (d *Deque) copy() *Deque {
	c := &Deque{limit: d.limit}
	c.reset(d.elements())
	return c
}

// index resolves an index that a script gave.
func (d *Deque) index(thread *starlark.Thread, key starlark.Value) (int, error) {
	i, err := object.AsIndex(thread, key)
	if err != nil {
		return 0, object.Errorf(object.TypeError, "sequence index must be integer, not '%s'", object.TypeName(key))
	}
	if i < 0 {
		i += d.size
	}
	if i < 0 || i >= d.size {
		return 0, object.Errorf(object.IndexError, "deque index out of range")
	}
	return i, nil
}

// GetItem is d[i].
func (d *Deque) GetItem(thread *starlark.Thread, key starlark.Value) (starlark.Value, error) {
	i, err := d.index(thread, key)
	if err != nil {
		return nil, err
	}
	return *d.at(i), nil
}

// SetItem is d[i] = v.
func (d *Deque) SetItem(thread *starlark.Thread, key, v starlark.Value) error {
	i, err := d.index(thread, key)
	if err == nil {
		*d.at(i) = v
	}
	return err
}

// DelItem is del d[i].
func (d *Deque) DelItem(thread *starlark.Thread, key starlark.Value) error {
	i, err := d.index(thread, key)
	if err == nil {
		d.removeAt(i)
	}
	return err
}

func (d *Deque) removeAt(i int) {
	vs := d.elements()
	d.reset(append(vs[:i], vs[i+1:]...))
}

// find gives the index of the first element equal to v, or -1.
func (d *Deque) find(thread *starlark.Thread, v starlark.Value, from, to int) (int, error) {
	edits := d.edits
	for i := from; i < to && i < d.size; i++ {
		same, err := object.Equal(thread, *d.at(i), v)
		if err != nil {
			return 0, err
		}
		if d.edits != edits {
			return 0, object.Errorf(object.RuntimeError, "deque mutated during iteration")
		}
		if same {
			return i, nil
		}
	}
	return -1, nil
}

// Contains is v in d.
func (d *Deque) Contains(thread *starlark.Thread, v starlark.Value) (bool, error) {
	i, err := d.find(thread, v, 0, d.size)
	return i >= 0, err
}

// RichCompare orders deques as lists.
func (d *Deque) RichCompare(thread *starlark.Thread, op object.Op, other starlark.Value, _ starlark.Side) (starlark.Value, error) {
	o, ok := other.(*Deque)
	if !ok {
		return nil, nil
	}
	return object.Compare(thread, op, list(d.elements()), list(o.elements()))
}

// Operator is d + d and d * n.
func (d *Deque) Operator(thread *starlark.Thread, op object.Op, other starlark.Value, side starlark.Side) (starlark.Value, error) {
	switch o := other.(type) {
	case *Deque:
		if op == object.Add && side == starlark.Left {
			c := d.copy()
			return c, c.extend(thread, o, c.pushBack)
		}
	case starlark.Int:
		if op == object.Mul {
			c := d.copy()
			return c, c.repeat(thread, o)
		}
	}
	return nil, nil
}

func (d *Deque) repeat(thread *starlark.Thread, times starlark.Int) error {
	n, err := object.AsIndex(thread, times)
	if err != nil {
		return err
	}
	if err := object.GrowTimes(thread, max(n, 0)*32, len(d.ring)); err != nil {
		return err
	}
	vs := d.elements()
	if n <= 0 {
		d.reset(nil)
	}
	for ; n > 1; n-- {
		for _, v := range vs {
			d.pushBack(v)
		}
		if err := object.Steps(thread, len(vs)); err != nil {
			return err
		}
	}
	return nil
}

// Inplace is d += iterable and d *= n.
func (d *Deque) Inplace(thread *starlark.Thread, op object.Op, other starlark.Value) (starlark.Value, error) {
	switch op {
	case object.Add:
		return d, d.extend(thread, other, d.pushBack)
	case object.Mul:
		if n, ok := other.(starlark.Int); ok {
			return d, d.repeat(thread, n)
		}
	}
	return nil, nil
}

// Repr is deque([...], maxlen=n).
func (d *Deque) Repr(thread *starlark.Thread) (string, error) {
	s, err := object.Repr(thread, list(d.elements()))
	if err != nil {
		return "", err
	}
	if d.limit >= 0 {
		s += ", maxlen=" + starlark.MakeInt(d.limit).String()
	}
	return "deque(" + s + ")", nil
}

// Str is Repr.
func (d *Deque) Str(thread *starlark.Thread) (string, error) { return d.Repr(thread) }

// Iter iterates from the left.
func (d *Deque) Iter(*starlark.Thread) (object.Iterator, error) {
	return &dequeIterator{d: d, edits: d.edits, step: 1}, nil
}

type dequeIterator struct {
	d              *Deque
	i, step, edits int
}

func (it *dequeIterator) Next(*starlark.Thread) (starlark.Value, bool, error) {
	if it.d == nil || it.i < 0 || it.i >= it.d.size && it.edits == it.d.edits {
		it.d = nil
		return nil, false, nil
	}
	if it.edits != it.d.edits {
		return nil, false, object.Errorf(object.RuntimeError, "deque mutated during iteration")
	}
	v := *it.d.at(it.i)
	it.i += it.step
	return v, true, nil
}

func (it *dequeIterator) Close() { it.d = nil }

func makeCollections(*Modules) *native.Module {
	mod := native.NewModule("_collections", "Parts of collections.")
	mod.Members["deque"] = dequeType
	define(mod, []function{{"tuplegetter(index, doc, /)", "A property that gives an element of a tuple.", func(c *call) (starlark.Value, error) {
		return &tupleGetter{index: c.Int(0), doc: c.Str(1)}, nil
	}}, {"count(mapping, iterable, /)", "Count the elements of an iterable in a mapping.", countElements}})
	return mod
}

func init() { defineBriefMethods(dequeType, dequeMethods) }

func errEmpty() error { return object.Errorf(object.IndexError, "pop from an empty deque") }

var dequeMethods = []method[*Deque]{
	{"append(x, /)", "Add an element to the right side of the deque.", func(d *Deque, c *call) (starlark.Value, error) { d.pushBack(c.Arg(0)); return nil, nil }},
	{"appendleft(x, /)", "Add an element to the left side of the deque.", func(d *Deque, c *call) (starlark.Value, error) { d.pushFront(c.Arg(0)); return nil, nil }},
	{"pop()", "Remove and return the rightmost element.", func(d *Deque, _ *call) (starlark.Value, error) {
		if d.size == 0 {
			return nil, errEmpty()
		}
		return d.popBack(), nil
	}},
	{"popleft()", "Remove and return the leftmost element.", func(d *Deque, _ *call) (starlark.Value, error) {
		if d.size == 0 {
			return nil, errEmpty()
		}
		return d.popFront(), nil
	}},
	{"extend(iterable, /)", "Extend the right side of the deque with elements from the iterable.", func(d *Deque, c *call) (starlark.Value, error) {
		return nil, d.extend(c.Thread, c.Arg(0), d.pushBack)
	}},
	{"extendleft(iterable, /)", "Extend the left side of the deque with elements from the iterable.", func(d *Deque, c *call) (starlark.Value, error) {
		return nil, d.extend(c.Thread, c.Arg(0), d.pushFront)
	}},
	{"clear()", "Remove all elements from the deque.", func(d *Deque, _ *call) (starlark.Value, error) { d.reset(nil); return nil, nil }},
	{"copy()", "Return a shallow copy of a deque.", func(d *Deque, _ *call) (starlark.Value, error) { return d.copy(), nil }},
	{"__copy__()", "Return a shallow copy of a deque.", func(d *Deque, _ *call) (starlark.Value, error) { return d.copy(), nil }},
	{"count(x, /)", "Return number of occurrences of value.", func(d *Deque, c *call) (starlark.Value, error) {
		n := 0
		for i := 0; ; i++ {
			at, err := d.find(c.Thread, c.Arg(0), i, d.size)
			if err != nil || at < 0 {
				return starlark.MakeInt(n), err
			}
			i, n = at, n+1
		}
	}},
	{"index(x, start=0, stop=None, /)", "Return first index of value. Raises ValueError if the value is not present.", func(d *Deque, c *call) (starlark.Value, error) {
		from, to := c.IntOr(1, 0), c.IntOr(2, d.size)
		if c.Err != nil {
			return nil, c.Err
		}
		if from < 0 {
			from = max(0, from+d.size)
		}
		if to < 0 {
			to += d.size
		}
		i, err := d.find(c.Thread, c.Arg(0), from, to)
		if err == nil && i < 0 {
			return nil, d.absent(c, "is not in deque")
		}
		return starlark.MakeInt(i), err
	}},
	{"insert(index, x, /)", "Insert value before index.", func(d *Deque, c *call) (starlark.Value, error) {
		i := c.Int(0)
		if c.Err != nil {
			return nil, c.Err
		}
		if d.size == d.limit {
			return nil, object.Errorf(object.IndexError, "deque already at its maximum size")
		}
		if i < 0 {
			i = max(0, i+d.size)
		}
		i = min(i, d.size)
		vs := d.elements()
		d.reset(append(vs[:i:i], append([]starlark.Value{c.Arg(1)}, vs[i:]...)...))
		return nil, nil
	}},
	{"remove(x, /)", "Remove first occurrence of value.", func(d *Deque, c *call) (starlark.Value, error) {
		i, err := d.find(c.Thread, c.Arg(0), 0, d.size)
		if err == nil && i < 0 {
			return nil, d.absent(c, "is not in deque")
		}
		if err == nil {
			d.removeAt(i)
		}
		return nil, err
	}},
	{"reverse()", "Reverse *IN PLACE*.", func(d *Deque, _ *call) (starlark.Value, error) {
		for i, j := 0, d.size-1; i < j; i, j = i+1, j-1 {
			*d.at(i), *d.at(j) = *d.at(j), *d.at(i)
		}
		return nil, nil
	}},
	{"rotate(n=1, /)", "Rotate the deque n steps to the right (default n=1).  If n is negative, rotates left.", func(d *Deque, c *call) (starlark.Value, error) {
		n := c.IntOr(0, 1)
		if d.size == 0 || c.Err != nil {
			return nil, c.Err
		}
		n = ((n % d.size) + d.size) % d.size
		vs := d.elements()
		d.reset(append(vs[d.size-n:len(vs):len(vs)], vs[:d.size-n]...))
		return nil, nil
	}},
	{"__reversed__()", "Iterate from the right.", func(d *Deque, _ *call) (starlark.Value, error) {
		return object.NewIterator("_collections._deque_reverse_iterator", &dequeIterator{d: d, i: d.size - 1, step: -1, edits: d.edits}), nil
	}},
}

func (d *Deque) absent(c *call, what string) error {
	s, err := object.Repr(c.Thread, c.Arg(0))
	if err != nil {
		return err
	}
	return object.Errorf(object.ValueError, "%s %s", s, what)
}

// Referents yields the items.
func (d *Deque) Referents(yield func(key, v starlark.Value)) {
	for i := range d.size {
		yield(starlark.MakeInt(i), d.ring[(d.head+i)%len(d.ring)])
	}
}
