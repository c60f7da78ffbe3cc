package object

import (
	"unicode/utf8"
	"unsafe"

	"go.starlark.net/starlark"
)

// Iterate starts Python's iteration of x.
func Iterate(thread *starlark.Thread, x starlark.Value) (Iterator, error) {
	switch c := x.(type) {
	case *starlark.List:
		return &listIter{list: c}, nil
	case starlark.Tuple:
		return &tupleIter{elems: c}, nil
	case starlark.String:
		return &stringIter{s: string(c)}, nil
	case *starlark.Dict:
		return newTableIter(c, c.Iterate, "dictionary"), nil
	case *starlark.Set:
		return newTableIter(c, c.Iterate, "Set"), nil
	case HasIter:
		return c.Iter(thread)
	case starlark.Bytes:
		return &bytesIter{b: string(c)}, nil
	case *Instance, *Type:
		return classIterate(thread, c)
	case starlark.Iterable:
		return &starlarkIter{it: c.Iterate()}, nil
	}
	return nil, Errorf(TypeError, "'%s' object is not iterable", typeName(x))
}

func classIterate(thread *starlark.Thread, x starlark.Value) (Iterator, error) {
	b, err := Deeper(thread)
	if err != nil {
		return nil, err
	}
	defer b.Shallower()
	if fn := special(x, "__iter__"); fn != nil {
		if fn == starlark.None {
			return nil, Errorf(TypeError, "'%s' object is not iterable", typeName(x))
		}
		v, err := callBound(thread, fn, x)
		if err != nil {
			return nil, err
		}
		return iteratorOf(thread, v)
	}
	// A class that derives from a sequence has its iteration, whatever its items are.
	u := unwrap(x)
	if u != x {
		if it, err := Iterate(thread, u); err == nil || !isException(err, TypeError) {
			return it, err
		}
	}
	if fn := special(x, "__getitem__"); fn != nil {
		return &getitemIter{x: x}, nil
	}
	return nil, Errorf(TypeError, "'%s' object is not iterable", typeName(x))
}

// iteratorOf takes what an __iter__ method returned.
func iteratorOf(thread *starlark.Thread, v starlark.Value) (Iterator, error) {
	switch it := v.(type) {
	case *Instance:
		if it.class.lookupUser("__next__") == nil {
			return nil, Errorf(TypeError, "iter() returned non-iterator of type '%s'", typeName(v))
		}
		return &nextIter{x: it}, nil
	case HasNext:
		return &stepIter{x: it}, nil
	}
	return nil, Errorf(TypeError, "iter() returned non-iterator of type '%s'", typeName(v))
}

// HasNext is a value that next(x) steps: an iterator a script can hold.
type HasNext interface {
	starlark.Value
	NextValue(thread *starlark.Thread) (v starlark.Value, ok bool, err error)
}

type listIter struct {
	list *starlark.List
	i    int
	pace pace
}

func (it *listIter) Next(thread *starlark.Thread) (starlark.Value, bool, error) {
	if it.list == nil || it.i >= it.list.Len() {
		it.list = nil
		return nil, false, nil
	}
	if err := it.pace.step(thread); err != nil {
		return nil, false, err
	}
	v := it.list.Index(it.i)
	it.i++
	return v, true, nil
}

func (it *listIter) Close() { it.list = nil }

type tupleIter struct {
	elems starlark.Tuple
	i     int
	pace  pace
}

func (it *tupleIter) Next(thread *starlark.Thread) (starlark.Value, bool, error) {
	if it.i >= len(it.elems) {
		it.elems = nil
		return nil, false, nil
	}
	if err := it.pace.step(thread); err != nil {
		return nil, false, err
	}
	v := it.elems[it.i]
	it.i++
	return v, true, nil
}

func (it *tupleIter) Close() { it.elems = nil }

type stringIter struct {
	s    string
	pace pace
}

func (it *stringIter) Next(thread *starlark.Thread) (starlark.Value, bool, error) {
	if it.s == "" {
		return nil, false, nil
	}
	if err := it.pace.step(thread); err != nil {
		return nil, false, err
	}
	if c := it.s[0]; c < utf8.RuneSelf {
		it.s = it.s[1:]
		return asciiTexts[c], true, nil
	}
	_, n := utf8.DecodeRuneInString(it.s)
	v := starlark.String(it.s[:n])
	it.s = it.s[n:]
	return v, true, nil
}

// asciiTexts are the texts of one character each, which are never changed.
var asciiTexts = func() (all [utf8.RuneSelf]starlark.Value) {
	for c := range all {
		all[c] = starlark.String(rune(c))
	}
	return all
}()

func (it *stringIter) Close() { it.s = "" }

type bytesIter struct {
	b    string
	pace pace
}

func (it *bytesIter) Next(thread *starlark.Thread) (starlark.Value, bool, error) {
	if it.b == "" {
		return nil, false, nil
	}
	if err := it.pace.step(thread); err != nil {
		return nil, false, err
	}
	v := starlark.MakeInt(int(it.b[0]))
	it.b = it.b[1:]
	return v, true, nil
}

func (it *bytesIter) Close() { it.b = "" }

// tableIter iterates over a dict's keys or a set's elements. It gives up
// Starlark's lock at once, so that values may change meanwhile, and notices a
// change of size itself, as Python does.
type tableIter struct {
	table interface{ Len() int }
	it    starlark.Iterator
	size  int
	what  string
	pace  pace
}

func newTableIter(table interface{ Len() int }, iterate func() starlark.Iterator, what string) *tableIter {
	it := iterate()
	it.Done()
	return &tableIter{table: table, it: it, size: table.Len(), what: what}
}

func (it *tableIter) Next(thread *starlark.Thread) (starlark.Value, bool, error) {
	if it.table == nil {
		return nil, false, nil
	}
	if err := it.pace.step(thread); err != nil {
		return nil, false, err
	}
	if it.table.Len() != it.size {
		it.size = -1 // and it stays so
		return nil, false, Errorf(RuntimeError, "%s changed size during iteration", it.what)
	}
	var k starlark.Value
	if !it.it.Next(&k) {
		it.Close()
		return nil, false, nil
	}
	return k, true, nil
}

func (it *tableIter) Close() { it.table, it.it = nil, nil }

// starlarkIter adapts Starlark's iterator.
type starlarkIter struct {
	it   starlark.Iterator
	pace pace
}

func (it *starlarkIter) Next(thread *starlark.Thread) (starlark.Value, bool, error) {
	if it.it == nil {
		return nil, false, nil
	}
	if err := it.pace.step(thread); err != nil {
		return nil, false, err
	}
	var v starlark.Value
	if it.it.Next(&v) {
		return v, true, nil
	}
	err := iteratorError(it.it)
	it.Close()
	return nil, false, err
}

func (it *starlarkIter) Close() {
	if it.it != nil {
		it.it.Done()
		it.it = nil
	}
}

// iteratorError asks an iterator of another package why it stopped.
func iteratorError(it starlark.Iterator) error {
	if e, ok := it.(interface{ Err() error }); ok {
		return e.Err()
	}
	return nil
}

// nextIter steps an instance whose class defines __next__.
type nextIter struct{ x *Instance }

func (it *nextIter) Next(thread *starlark.Thread) (starlark.Value, bool, error) {
	if it.x == nil {
		return nil, false, nil
	}
	v, err := callBound(thread, it.x.class.lookupUser("__next__"), it.x)
	if err != nil {
		if isException(err, StopIteration) {
			return nil, false, nil
		}
		return nil, false, err
	}
	return v, true, nil
}

func (it *nextIter) Close() { it.x = nil }

// stepIter steps an iterator that a script holds; it does not end with the loop.
type stepIter struct{ x HasNext }

func (it *stepIter) Next(thread *starlark.Thread) (starlark.Value, bool, error) {
	if it.x == nil {
		return nil, false, nil
	}
	return it.x.NextValue(thread)
}

func (it *stepIter) Close() { it.x = nil }

// getitemIter iterates by x[0], x[1], ... until IndexError.
type getitemIter struct {
	x    starlark.Value
	i    int
	pace pace
}

func (it *getitemIter) Next(thread *starlark.Thread) (starlark.Value, bool, error) {
	if it.x == nil {
		return nil, false, nil
	}
	if err := it.pace.step(thread); err != nil {
		return nil, false, err
	}
	v, err := GetItem(thread, it.x, starlark.MakeInt(it.i))
	if err != nil {
		it.x = nil
		if isException(err, IndexError) || isException(err, StopIteration) {
			return nil, false, nil
		}
		return nil, false, err
	}
	it.i++
	return v, true, nil
}

func (it *getitemIter) Close() { it.x = nil }

// each calls f with the elements of x.
func each(thread *starlark.Thread, x starlark.Value, f func(starlark.Value) error) error {
	it, err := Iterate(thread, x)
	if err != nil {
		return err
	}
	defer it.Close()
	for {
		v, ok, err := it.Next(thread)
		if err != nil || !ok {
			return err
		}
		if err := f(v); err != nil {
			return err
		}
	}
}

// collect gathers the elements of x in a new slice.
func collect(thread *starlark.Thread, x starlark.Value) ([]starlark.Value, error) {
	switch c := x.(type) {
	case *starlark.List:
		if err := GrowTimes(thread, c.Len(), valueSize); err != nil {
			return nil, err
		}
		return gather(thread, *elements(c))
	case starlark.Tuple:
		if err := GrowTimes(thread, len(c), valueSize); err != nil {
			return nil, err
		}
		return gather(thread, c)
	}
	var out []starlark.Value
	err := each(thread, x, func(v starlark.Value) error {
		if err := growList(thread, out); err != nil {
			return err
		}
		out = append(out, v)
		return nil
	})
	return out, err
}

// growList asks for the storage that appending to a full slice takes.
func growList(thread *starlark.Thread, vals []starlark.Value) error {
	if len(vals) < cap(vals) || len(vals) < 1<<10 {
		return nil
	}
	return GrowTimes(thread, len(vals)+len(vals)/4, valueSize)
}

// Collect gathers the elements of any iterable in a new slice.
func Collect(thread *starlark.Thread, x starlark.Value) ([]starlark.Value, error) {
	return collect(thread, x)
}

// IteratorValue is an iterator that a script holds: iter(x), zip(...), map(...).
type IteratorValue struct {
	typ  *Type
	name string
	it   Iterator
}

var (
	_ HasNext = (*IteratorValue)(nil)
	_ HasIter = (*IteratorValue)(nil)
	_ HasType = (*IteratorValue)(nil)
)

// HasIteratorType is an iterator of a type of its own, which has the methods
// __iter__ and __next__.
type HasIteratorType interface {
	Iterator
	IteratorType() *Type
}

// NewIterator makes a script's iterator whose type is called name.
func NewIterator(name string, it Iterator) *IteratorValue {
	return &IteratorValue{typ: IteratorType, name: name, it: it}
}

func (v *IteratorValue) String() string { return "<" + v.Type() + " object at " + addressOf(v) + ">" }

// Type is the name of the kind of iterator.
func (v *IteratorValue) Type() string {
	if v.name != "" {
		return v.name
	}
	return v.typ.name
}
func (v *IteratorValue) Freeze()               {}
func (v *IteratorValue) Truth() starlark.Bool  { return true }
func (v *IteratorValue) Hash() (uint32, error) { return hashPointer(unsafe.Pointer(v)), nil }

// PyType is the iterator's type.
func (v *IteratorValue) PyType() *Type {
	if v.name != "" && v.typ == IteratorType {
		t := foreignType(v.name)
		t.attrs = IteratorType.attrs
		return t
	}
	return v.typ
}

// NextValue steps the iterator and drops it when it is exhausted.
func (v *IteratorValue) NextValue(thread *starlark.Thread) (starlark.Value, bool, error) {
	if v.it == nil {
		return nil, false, nil
	}
	b, err := Deeper(thread) // iterators read from iterators
	if err != nil {
		return nil, false, err
	}
	x, ok, err := v.it.Next(thread)
	b.Shallower()
	if !ok && err == nil {
		v.it.Close()
		v.it = nil
	}
	return x, ok, err
}

// Iter gives the iterator itself.
func (v *IteratorValue) Iter(*starlark.Thread) (Iterator, error) { return &stepIter{x: v}, nil }

// Unpack spreads x over before targets, a starred one if star, and after more.
// The starred target gets a list.
func Unpack(thread *starlark.Thread, x starlark.Value, before int, star bool, after int) (starlark.Tuple, error) {
	want := before + after
	if t, ok := x.(starlark.Tuple); ok && !star && len(t) == want {
		return t, nil
	}
	it, err := Iterate(thread, x)
	if err != nil {
		if isException(err, TypeError) {
			return nil, Errorf(TypeError, "cannot unpack non-iterable %s object", typeName(x))
		}
		return nil, err
	}
	defer it.Close()
	out := make(starlark.Tuple, 0, want+1)
	for star || len(out) < want {
		v, ok, err := it.Next(thread)
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		out = append(out, v)
	}
	if len(out) < want {
		least := ""
		if star {
			least = "at least "
		}
		return nil, Errorf(ValueError, "not enough values to unpack (expected %s%d, got %d)", least, want, len(out))
	}
	if !star {
		_, more, err := it.Next(thread)
		if err != nil {
			return nil, err
		}
		if more {
			return nil, Errorf(ValueError, "too many values to unpack (expected %d)", want)
		}
		return out, nil
	}
	middle := append([]starlark.Value(nil), out[before:len(out)-after]...)
	res := make(starlark.Tuple, 0, want+1)
	res = append(append(res, out[:before]...), starlark.NewList(middle))
	return append(res, out[len(out)-after:]...), nil
}
