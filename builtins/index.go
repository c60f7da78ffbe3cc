package builtins

import (
	"slices"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// entryKind is what one part of an index does.
type entryKind uint8

const (
	sliceEntry   entryKind = iota + 1 // keeps an axis, or a regular part of it
	intEntry                          // picks one place of an axis and drops it
	arrayEntry                        // takes an axis at the places an array names
	newAxisEntry                      // None: inserts an axis of length 1
)

// entry is one part of an index. Axis is the array's; start, step and count
// select along it, also for an int, which selects one place.
type entry struct {
	kind               entryKind
	axis               int
	start, step, count int
	places             *engine.Node
}

// selection is a whole index of an array: an entry for every axis, in order,
// and the new axes between them.
type selection struct {
	entries []entry
	places  []*engine.Node // of the array entries, as they broadcast
	spread  []int          // the shape that places broadcast to
}

// GetItem is a[key].
func (a *Array) GetItem(thread *starlark.Thread, key starlark.Value) (starlark.Value, error) {
	c := &Call{m: a.m, thread: thread}
	var out starlark.Value
	err := c.run(func() { out = c.out(c.get(a.Node(), key)) })
	if err == nil {
		a.m.note("getitem", starlark.Tuple{a, key}, nil, out)
	}
	return out, err
}

func (c *Call) get(x *engine.Node, key starlark.Value) *engine.Node {
	if key == object.Ellipsis {
		return c.b.Identity(x)
	}
	s := c.selection(x, key)
	part := c.b.Slice(x, s.starts(), s.steps(), s.counts())
	l := s.layout(true)
	if len(s.places) == 0 {
		return c.b.Reshape(part, l.shape)
	}
	axes, sizes := s.gathered(part.Shape())
	out := c.b.Gather(part, s.places, axes, sizes)
	out = c.b.Reshape(out, append(slices.Clone(s.spread), s.kept()...))
	out = c.b.Transpose(out, l.perm)
	return c.b.Reshape(out, l.shape)
}

// selection reads an index.
func (c *Call) selection(x *engine.Node, key starlark.Value) *selection {
	s := &selection{}
	rank := x.Rank()
	if t, ok := key.(starlark.Tuple); ok {
		for _, part := range c.spell(t, rank) {
			s.add(c, x, part, true)
		}
	} else {
		if rank == 0 && key != starlark.None {
			c.checkKey(key)
			c.fail(object.ValueError, "index: too many indices for array: array is 0-dimensional")
		}
		s.add(c, x, key, false)
	}
	for s.axes() < rank {
		s.add(c, x, fullSlice, true)
	}
	if len(s.places) > 0 {
		s.broadcast(c)
	}
	return s
}

var fullSlice = object.NewSlice(nil, nil, nil)

// spell writes an ellipsis of a tuple out as the slices it stands for.
func (c *Call) spell(t starlark.Tuple, rank int) starlark.Tuple {
	named, at := 0, -1
	for i, part := range t {
		switch {
		case part == object.Ellipsis && at >= 0:
			c.fail(object.ValueError, "index: an index can only have a single ellipsis (...)")
		case part == object.Ellipsis:
			at = i
		case part != starlark.None:
			named++
		}
	}
	if named > rank {
		c.fail(object.ValueError, "index: too many indices for array with %d dimensions: got %d", rank, named)
	}
	if at < 0 {
		return t
	}
	out := slices.Clone(t[:at])
	for range rank - named {
		out = append(out, fullSlice)
	}
	return append(out, t[at+1:]...)
}

// axes is how many axes of the array the entries cover.
func (s *selection) axes() (n int) {
	for _, e := range s.entries {
		if e.kind != newAxisEntry {
			n++
		}
	}
	return n
}

// add reads one part of an index. Within a tuple MLX words some errors
// differently.
func (s *selection) add(c *Call, x *engine.Node, part starlark.Value, inTuple bool) {
	if part == starlark.None {
		s.entries = append(s.entries, entry{kind: newAxisEntry})
		return
	}
	e := entry{axis: s.axes(), step: 1}
	size := x.Shape()[e.axis]
	switch v := plain(part).(type) {
	case *object.Slice:
		e.kind = sliceEntry
		e.start, e.step, e.count = c.span(v, size)
	case starlark.Int:
		e.kind, e.count = intEntry, 1
		e.start = c.place(v, e.axis, size, inTuple)
	default:
		e.kind, e.count = arrayEntry, size
		e.places = c.places(part)
		s.places = append(s.places, e.places)
	}
	s.entries = append(s.entries, e)
}

// span resolves a slice along an axis.
func (c *Call) span(v *object.Slice, size int) (start, step, count int) {
	for _, part := range []starlark.Value{v.Start, v.Stop, v.Step} {
		if _, ok := part.(starlark.Int); !ok && part != starlark.None {
			c.fail(object.ValueError, "index: slice indices must be integers or None, not %s", object.TypeName(part))
		} else if n, ok := indexOf(part); part != starlark.None && (!ok || int64(int32(n)) != int64(n)) {
			c.fail(object.ValueError, "index: slice indices must be 32-bit integers, not %s", part)
		}
	}
	start, step, count, err := v.Indices(c.thread, size)
	c.check(err)
	if count == 0 {
		return 0, 1, 0
	}
	return start, step, count
}

// place resolves a Python integer along an axis.
func (c *Call) place(v starlark.Int, axis, size int, inTuple bool) int {
	i, ok := v.Int64()
	if !ok || i != int64(int32(i)) {
		c.fail(object.ValueError, "index: indices must be 32-bit integers, got %s", v)
	}
	at := int(i)
	if at < 0 {
		at += size
	}
	if at < 0 || at >= size {
		kind := object.IndexError
		if inTuple || size == 0 {
			kind = object.ValueError
		}
		c.fail(kind, "index: %d is out of bounds for axis %d with size %d", i, axis, size)
	}
	return at
}

// checkKey fails for what can be no index at all.
func (c *Call) checkKey(v starlark.Value) {
	switch v.(type) {
	case starlark.Int, *object.Slice, starlark.NoneType, starlark.Tuple, *starlark.List, *Array:
		return
	}
	if v != object.Ellipsis && c.asArray(v) == nil {
		c.fail(object.ValueError, "index: cannot index an array with %s", object.TypeName(v))
	}
}

// places makes an index array of a list or an array.
func (c *Call) places(v starlark.Value) *engine.Node {
	c.checkKey(v)
	n := c.asArray(v)
	if n == nil {
		if _, ok := v.(*starlark.List); !ok {
			c.fail(object.ValueError, "index: cannot index an array with %s", object.TypeName(v))
		}
		n = c.newArray(v, 0)
	}
	switch d := n.Dtype(); {
	case d == engine.Bool:
		c.fail(object.ValueError, "index: boolean indices serve assignment alone, a[mask] = v without other indices; to select use where")
	case !d.IsInteger():
		c.fail(object.ValueError, "index: got indices with dtype %s, want integers", d)
	}
	return n
}

// broadcast gives the index arrays one shape.
func (s *selection) broadcast(c *Call) {
	all := make([][]int, len(s.places))
	for i, p := range s.places {
		all[i] = p.Shape()
	}
	shape, ok := shapes.Broadcast(all...)
	if !ok {
		text := shapes.Format(all[0])
		for _, shape := range all[1:] {
			text += " and " + shapes.Format(shape)
		}
		c.fail(object.ValueError, "index: index arrays of all %s cannot be broadcast", text)
	}
	s.spread = shape
	for i, p := range s.places {
		s.places[i] = c.b.Broadcast(p, shape)
	}
}

// along lists a value of every axis.
func (s *selection) along(of func(e *entry) int) []int {
	var out []int
	for i := range s.entries {
		if s.entries[i].kind != newAxisEntry {
			out = append(out, of(&s.entries[i]))
		}
	}
	return out
}

func (s *selection) starts() []int { return s.along(func(e *entry) int { return e.start }) }
func (s *selection) steps() []int  { return s.along(func(e *entry) int { return e.step }) }
func (s *selection) counts() []int { return s.along(func(e *entry) int { return e.count }) }

// kept lists the lengths of the axes that slices keep.
func (s *selection) kept() []int {
	var out []int
	for _, e := range s.entries {
		if e.kind == sliceEntry {
			out = append(out, e.count)
		}
	}
	return out
}

// gathered lists the axes that arrays index, and the shape of what each place
// selects.
func (s *selection) gathered(shape []int) (axes, sizes []int) {
	sizes = slices.Clone(shape)
	for _, e := range s.entries {
		if e.kind == arrayEntry {
			axes = append(axes, e.axis)
			sizes[e.axis] = 1
		}
	}
	return axes, sizes
}

// layout is how the indexed array's axes are ordered.
type layout struct {
	shape []int // with the new axes
	plain []int // without them
	perm  []int // plain axis i is axis perm[i] of the index arrays' axes followed by the kept ones
}

// layout works out where the index arrays' axes go: to the place of the first
// array, or in front of everything if something stands between the arrays.
// IntsJoin counts ints among the arrays, as reading does and assignment does not.
func (s *selection) layout(intsJoin bool) (l layout) {
	parts := make([]IndexPart, len(s.entries))
	for i, e := range s.entries {
		switch {
		case e.kind == arrayEntry || intsJoin && e.kind == intEntry:
			parts[i] = PicksByArray
		case e.kind == intEntry:
			parts[i] = DropsAxis
		}
	}
	first := SpreadPart(parts)
	kept := len(s.spread)
	for i, e := range s.entries {
		if i == first && len(s.places) > 0 {
			for axis, n := range s.spread {
				l.shape, l.plain, l.perm = append(l.shape, n), append(l.plain, n), append(l.perm, axis)
			}
		}
		switch e.kind {
		case newAxisEntry:
			l.shape = append(l.shape, 1)
		case sliceEntry:
			l.shape, l.plain, l.perm = append(l.shape, e.count), append(l.plain, e.count), append(l.perm, kept)
			kept++
		}
	}
	return l
}
