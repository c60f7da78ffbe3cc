package stdlib

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

func makeItertools(m *Modules) *native.Module {
	mod := native.NewModule("itertools", "Functional tools for creating and using iterators.")
	for _, table := range [][]iteratorRow{endlessIterators, iterators, combinatoric} {
		for _, row := range table {
			define(mod, []function{{row.sig, row.doc, func(c *call) (starlark.Value, error) {
				l := &lazy{m: m}
				l.next = row.start(l, c)
				if c.Err != nil {
					l.Close()
					return nil, c.Err
				}
				return object.NewIterator("itertools."+c.Name, l), nil
			}}})
		}
	}
	mod.Members["chain"] = &chainFunction{Function: mod.Members["chain"].(*native.Function), flat: mod.Members["from_iterable"]}
	delete(mod.Members, "from_iterable")
	define(mod, []function{{"tee(iterable, n=2, /)", "Returns a tuple of n independent iterators.", m.tee}})
	return mod
}

// chainFunction is itertools.chain, which has a constructor of its own.
type chainFunction struct {
	*native.Function
	flat starlark.Value
}

// Attr gives from_iterable.
func (f *chainFunction) Attr(name string) (starlark.Value, error) {
	if name == "from_iterable" {
		return f.flat, nil
	}
	return f.Function.Attr(name)
}

// iteratorRow is a function that gives an iterator. Start takes the arguments
// and gives the step.
type iteratorRow struct {
	sig, doc string
	start    func(l *lazy, c *call) step
}

type step func(thread *starlark.Thread) (starlark.Value, bool, error)

// lazy is an iterator made of a step function. It ends when the runtime's
// context does, however long it runs in Go.
type lazy struct {
	m     *Modules
	next  step
	parts object.NextParts // what next makes tuples of, if it does
	from  []object.Iterator
	steps int
}

var _ object.Iterator = (*lazy)(nil)

func (l *lazy) Next(thread *starlark.Thread) (starlark.Value, bool, error) {
	if l.next == nil {
		return nil, false, nil
	}
	if err := l.pace(thread); err != nil {
		return nil, false, err
	}
	return l.next(thread)
}

// pace asks the budget now and then.
func (l *lazy) pace(thread *starlark.Thread) error {
	if l.steps++; l.steps%object.LongStep != 0 {
		return nil
	}
	if err := object.Steps(thread, object.LongStep); err != nil {
		return err
	}
	return l.m.env.context().Err()
}

// tuples has the iterator give tuples of the parts, or the parts themselves.
func (l *lazy) tuples(n int, parts object.NextParts) step {
	l.parts = parts
	return func(thread *starlark.Thread) (starlark.Value, bool, error) { return parts.Tuple(thread, n) }
}

// Parts gives the elements of tuples.
func (l *lazy) Parts() object.NextParts {
	if l.parts == nil {
		return nil
	}
	return func(thread *starlark.Thread, to []starlark.Value) ([]starlark.Value, bool, error) {
		if l.next == nil {
			return nil, false, nil
		}
		if err := l.pace(thread); err != nil {
			return nil, false, err
		}
		return l.parts(thread, to)
	}
}

// Close closes what the iterator reads from.
func (l *lazy) Close() {
	for _, it := range l.from {
		it.Close()
	}
	l.from, l.next, l.parts = nil, nil, nil
}

// source starts the iteration of an argument.
func (l *lazy) source(c *call, v starlark.Value) object.Iterator {
	if c.Err != nil {
		return nil
	}
	it, err := object.Iterate(c.Thread, v)
	if err != nil {
		c.Note(err)
		return nil
	}
	l.from = append(l.from, it)
	return it
}

var endlessIterators = []iteratorRow{
	{"count(start=0, step=1)", "Return a count object whose next() returns consecutive values.", func(_ *lazy, c *call) step {
		at, by := c.ValueOr(0, starlark.MakeInt(0)), c.ValueOr(1, starlark.MakeInt(1))
		if !isNumeric(at) || !isNumeric(by) {
			c.Fail(object.TypeError, "a number is required")
		}
		return func(thread *starlark.Thread) (starlark.Value, bool, error) {
			v := at
			var err error
			at, err = object.Binary(thread, object.Add, at, by)
			return v, true, err
		}
	}},
	{"cycle(iterable, /)", "Return elements from the iterable until it is exhausted. Then repeat the sequence indefinitely.", func(l *lazy, c *call) step {
		it := l.source(c, c.Arg(0))
		var seen []starlark.Value
		i := -1
		return func(thread *starlark.Thread) (starlark.Value, bool, error) {
			if i < 0 {
				v, ok, err := it.Next(thread)
				if ok || err != nil {
					seen = append(seen, v)
					return v, ok, err
				}
			}
			if len(seen) == 0 {
				return nil, false, nil
			}
			i = (i + 1) % len(seen)
			return seen[i], true, nil
		}
	}},
	{"repeat(object, times=None)", "Return the object the given number of times, or endlessly.", func(_ *lazy, c *call) step {
		n := -1
		if c.Arg(1) != nil {
			n = max(0, c.Int(1))
		}
		v := c.Arg(0)
		return func(*starlark.Thread) (starlark.Value, bool, error) {
			if n == 0 {
				return nil, false, nil
			}
			n--
			return v, true, nil
		}
	}},
}

var iterators = []iteratorRow{
	{"chain(*iterables)", "Return a chain object whose next() returns elements from the first iterable until it is exhausted, then from the next.", func(_ *lazy, c *call) step {
		return chained((&tupleSource{c.Rest}).next)
	}},
	{"from_iterable(iterable, /)", "Alternative chain() constructor taking a single iterable argument that evaluates lazily.", func(l *lazy, c *call) step {
		it := l.source(c, c.Arg(0))
		if it == nil {
			return nil
		}
		return chained(it.Next)
	}},
	{"accumulate(iterable, func=None, *, initial=None)", "Return series of accumulated sums (or other binary function results).", accumulate},
	{"compress(data, selectors)", "Return data elements corresponding to true selector elements.", func(l *lazy, c *call) step {
		data, selectors := l.source(c, c.Arg(0)), l.source(c, c.Arg(1))
		return func(thread *starlark.Thread) (starlark.Value, bool, error) {
			for {
				v, ok, err := data.Next(thread)
				if !ok || err != nil {
					return nil, false, err
				}
				s, ok, err := selectors.Next(thread)
				if !ok || err != nil {
					return nil, false, err
				}
				if keep, err := object.Truth(thread, s); keep || err != nil {
					return v, err == nil, err
				}
			}
		}
	}},
	{"takewhile(predicate, iterable, /)", "Return successive entries from an iterable as long as the predicate evaluates to true for each entry.", func(l *lazy, c *call) step {
		it, test := l.source(c, c.Arg(1)), predicate(c.Arg(0))
		return func(thread *starlark.Thread) (starlark.Value, bool, error) {
			v, ok, err := it.Next(thread)
			if !ok || err != nil {
				return nil, false, err
			}
			keep, err := test(thread, v)
			if !keep && err == nil {
				it = emptyIterator{}
			}
			return v, keep, err
		}
	}},
	{"dropwhile(predicate, iterable, /)", "Drop items from the iterable while predicate(item) is true.", func(l *lazy, c *call) step {
		it, test, dropping := l.source(c, c.Arg(1)), predicate(c.Arg(0)), true
		return func(thread *starlark.Thread) (starlark.Value, bool, error) {
			for {
				v, ok, err := it.Next(thread)
				if !ok || err != nil || !dropping {
					return v, ok, err
				}
				if dropping, err = test(thread, v); err != nil || !dropping {
					return v, err == nil, err
				}
			}
		}
	}},
	{"filterfalse(function, iterable, /)", "Return those items of iterable for which function(item) is false.", func(l *lazy, c *call) step {
		it, test := l.source(c, c.Arg(1)), predicate(c.Arg(0))
		return func(thread *starlark.Thread) (starlark.Value, bool, error) {
			for {
				v, ok, err := it.Next(thread)
				if !ok || err != nil {
					return v, ok, err
				}
				if drop, err := test(thread, v); !drop || err != nil {
					return v, err == nil, err
				}
			}
		}
	}},
	{"starmap(function, iterable, /)", "Return an iterator whose values are returned from the function evaluated with an argument tuple taken from the given sequence.", func(l *lazy, c *call) step {
		it, fn := l.source(c, c.Arg(1)), c.Arg(0)
		return func(thread *starlark.Thread) (starlark.Value, bool, error) {
			v, ok, err := it.Next(thread)
			if !ok || err != nil {
				return v, ok, err
			}
			args, err := object.Collect(thread, v)
			if err != nil {
				return nil, false, err
			}
			r, err := object.Call(thread, fn, args, nil)
			return r, err == nil, err
		}
	}},
	{"pairwise(iterable, /)", "Return an iterator of overlapping pairs taken from the input iterator.", func(l *lazy, c *call) step {
		it := l.source(c, c.Arg(0))
		var last starlark.Value
		return func(thread *starlark.Thread) (starlark.Value, bool, error) {
			for {
				v, ok, err := it.Next(thread)
				if !ok || err != nil {
					return nil, ok, err
				}
				before := last
				last = v
				if before != nil {
					return starlark.Tuple{before, v}, true, nil
				}
			}
		}
	}},
	{"islice(iterable, *bounds)", "islice(iterable, stop) or islice(iterable, start, stop[, step]): the selected elements of the iterable.", islice},
	{"zip_longest(*iterables, fillvalue=None)", "Return a zip_longest object whose next() returns a tuple of the next elements, with fillvalue for those that are exhausted.", zipLongest},
	{"groupby(iterable, key=None)", "Return an iterator of keys and groups of consecutive elements that share the key.", groupBy},
}

type emptyIterator struct{}

func (emptyIterator) Next(*starlark.Thread) (starlark.Value, bool, error) { return nil, false, nil }
func (emptyIterator) Close()                                              {}

type tupleSource struct{ rest starlark.Tuple }

func (t *tupleSource) next(*starlark.Thread) (starlark.Value, bool, error) {
	if len(t.rest) == 0 {
		return nil, false, nil
	}
	v := t.rest[0]
	t.rest = t.rest[1:]
	return v, true, nil
}

func chained(sources step) step {
	var it object.Iterator
	return func(thread *starlark.Thread) (starlark.Value, bool, error) {
		for {
			if it != nil {
				v, ok, err := it.Next(thread)
				if ok || err != nil {
					return v, ok, err
				}
				it.Close()
				it = nil
			}
			source, ok, err := sources(thread)
			if !ok || err != nil {
				return nil, false, err
			}
			if it, err = object.Iterate(thread, source); err != nil {
				return nil, false, err
			}
		}
	}
}

// predicate is a test that a script gave; None tests the truth.
func predicate(fn starlark.Value) func(*starlark.Thread, starlark.Value) (bool, error) {
	return func(thread *starlark.Thread, v starlark.Value) (bool, error) {
		if fn != starlark.None {
			r, err := object.Call(thread, fn, starlark.Tuple{v}, nil)
			if err != nil {
				return false, err
			}
			v = r
		}
		return object.Truth(thread, v)
	}
}

func accumulate(l *lazy, c *call) step {
	it := l.source(c, c.Arg(0))
	var acc starlark.Value
	first := true
	if c.Given(2) {
		acc = c.Arg(2)
	}
	combine := func(thread *starlark.Thread, a, b starlark.Value) (starlark.Value, error) {
		return object.Binary(thread, object.Add, a, b)
	}
	if c.Given(1) {
		fn := c.Arg(1)
		combine = func(thread *starlark.Thread, a, b starlark.Value) (starlark.Value, error) {
			return object.Call(thread, fn, starlark.Tuple{a, b}, nil)
		}
	}
	return func(thread *starlark.Thread) (starlark.Value, bool, error) {
		if first && acc != nil {
			first = false
			return acc, true, nil
		}
		v, ok, err := it.Next(thread)
		if !ok || err != nil {
			return nil, false, err
		}
		if acc == nil {
			acc = v
		} else {
			acc, err = combine(thread, acc, v)
		}
		first = false
		return acc, err == nil, err
	}
}

func islice(l *lazy, c *call) step {
	bounds := [3]int{0, -1, 1} // start, stop, step; a stop of -1 is none
	slots := []int{1}
	switch len(c.Rest) {
	case 1:
	case 2:
		slots = []int{0, 1}
	case 3:
		slots = []int{0, 1, 2}
	default:
		c.Fail(object.TypeError, "islice expected at least 2 arguments, got %d", len(c.Rest)+1)
		return nil
	}
	for i, slot := range slots {
		if c.Rest[i] == starlark.None {
			continue
		}
		n, err := object.AsIndex(c.Thread, c.Rest[i])
		switch {
		case (err != nil || n < 1) && slot == 2:
			c.Fail(object.ValueError, "Step for islice() must be a positive integer or None.")
		case (err != nil || n < 0) && slot == 1:
			c.Fail(object.ValueError, "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
		case err != nil || n < 0:
			c.Fail(object.ValueError, "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
		}
		bounds[slot] = n
	}
	it := l.source(c, c.Arg(0))
	next, stop, by := bounds[0], bounds[1], bounds[2]
	at := 0
	return func(thread *starlark.Thread) (starlark.Value, bool, error) {
		if stop >= 0 && next >= stop {
			for ; at < stop; at++ { // what Python's islice consumes to reach its stop
				if _, ok, err := it.Next(thread); !ok || err != nil {
					return nil, false, err
				}
			}
			return nil, false, nil
		}
		for {
			v, ok, err := it.Next(thread)
			if !ok || err != nil {
				return nil, false, err
			}
			at++
			if at-1 == next {
				next += by
				return v, true, nil
			}
		}
	}
}

func zipLongest(l *lazy, c *call) step {
	var its []object.Iterator
	for _, v := range c.Rest {
		its = append(its, l.source(c, v))
	}
	fill := c.ValueOr(1, starlark.None)
	live := len(its)
	return func(thread *starlark.Thread) (starlark.Value, bool, error) {
		if live == 0 {
			return nil, false, nil
		}
		out := make(starlark.Tuple, len(its))
		for i, it := range its {
			out[i] = fill
			if it == nil {
				continue
			}
			v, ok, err := it.Next(thread)
			switch {
			case err != nil:
				return nil, false, err
			case ok:
				out[i] = v
			default:
				its[i] = nil
				if live--; live == 0 {
					return nil, false, nil
				}
			}
		}
		return out, true, nil
	}
}

// grouping is the state that a groupby and its groups share.
type grouping struct {
	it       object.Iterator
	key      func(*starlark.Thread, starlark.Value) (starlark.Value, error)
	value    starlark.Value // read and not yet given out
	valueKey starlark.Value
	current  starlark.Value // the key of the group being read
	group    int
}

// fetch reads the next element if none is waiting.
func (g *grouping) fetch(thread *starlark.Thread) (bool, error) {
	if g.value != nil {
		return true, nil
	}
	v, ok, err := g.it.Next(thread)
	if !ok || err != nil {
		return false, err
	}
	k, err := g.key(thread, v)
	if err != nil {
		return false, err
	}
	g.value, g.valueKey = v, k
	return true, nil
}

// within reads the next element of the current group.
func (g *grouping) within(thread *starlark.Thread) (starlark.Value, bool, error) {
	ok, err := g.fetch(thread)
	if !ok || err != nil {
		return nil, false, err
	}
	same, err := object.Equal(thread, g.current, g.valueKey)
	if !same || err != nil {
		return nil, false, err
	}
	v := g.value
	g.value = nil
	return v, true, nil
}

func groupBy(l *lazy, c *call) step {
	g := &grouping{it: l.source(c, c.Arg(0)), key: func(_ *starlark.Thread, v starlark.Value) (starlark.Value, error) { return v, nil }}
	if c.Given(1) {
		fn := c.Arg(1)
		g.key = func(thread *starlark.Thread, v starlark.Value) (starlark.Value, error) {
			return object.Call(thread, fn, starlark.Tuple{v}, nil)
		}
	}
	return func(thread *starlark.Thread) (starlark.Value, bool, error) {
		for g.current != nil { // pass over what is left of the last group
			_, ok, err := g.within(thread)
			if err != nil {
				return nil, false, err
			}
			if !ok {
				break
			}
		}
		ok, err := g.fetch(thread)
		if !ok || err != nil {
			return nil, false, err
		}
		g.current = g.valueKey
		g.group++
		number := g.group
		group := &lazy{m: l.m, next: func(thread *starlark.Thread) (starlark.Value, bool, error) {
			if g.group != number {
				return nil, false, nil
			}
			return g.within(thread)
		}}
		return starlark.Tuple{g.current, object.NewIterator("itertools._grouper", group)}, true, nil
	}
}

// shared is the queue that the iterators of a tee read from: links of elements
// that live while an iterator has yet to pass them.
type shared struct {
	value starlark.Value
	next  *shared
}

// teeSize is the bytes of an iterator of tee.
const teeSize = 256

func (m *Modules) tee(c *call) (starlark.Value, error) {
	n := c.IntOr(1, 2)
	if c.Err == nil && n < 0 {
		return nil, object.Errorf(object.ValueError, "n must be >= 0")
	}
	if err := object.GrowTimes(c.Thread, n, teeSize); err != nil {
		return nil, err
	}
	it, err := object.Iterate(c.Thread, c.Arg(0))
	if err != nil || c.Err != nil {
		return nil, err
	}
	head := &shared{}
	out := make(starlark.Tuple, n)
	for i := range out {
		at := head
		out[i] = object.NewIterator("itertools._tee", &lazy{m: m, next: func(thread *starlark.Thread) (starlark.Value, bool, error) {
			if at.next == nil {
				v, ok, err := it.Next(thread)
				if !ok || err != nil {
					return nil, false, err
				}
				at.next = &shared{value: v}
			}
			at = at.next
			return at.value, true, nil
		}})
	}
	return out, nil
}
