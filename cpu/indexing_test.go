package cpu

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/dtype"
)

func TestContiguousAndConcatenate(t *testing.T) {
	e := newEngine(t, Options{})
	for _, d := range []engine.Dtype{engine.Bool, engine.Int16, engine.Float32, engine.Complex64, engine.Complex128} {
		for i, l := range layouts {
			for _, shape := range [][]int{{5, 130}, {130, 5}, {70, 80}, {3, 4, 5}, {33, 2, 40}, {0, 3}} {
				x, xe := values(t, e, d, l, shape, 0)
				m := layouts[(i+3)%len(layouts)]
				_, o, err := evaluate(e, func(b *engine.Builder) *engine.Node { return b.Contiguous(x.Node()) })
				if err != nil {
					t.Fatal(err)
				}
				if !o.IsRowMajor() {
					t.Errorf("contiguous %s %s: the answer is not row-major", d, l.name)
				}
				agree(t, d, elementsOf(o), xe, 0, "contiguous", d, l.name, shape)
				for axis := range shape {
					other := slices.Clone(shape)
					other[axis] = 2
					y, ye := values(t, e, d, m, other, 1)
					n, o, err := evaluate(e, func(b *engine.Builder) *engine.Node {
						return b.Concatenate([]*engine.Node{x.Node(), y.Node(), x.Node()}, axis)
					})
					if err != nil {
						t.Fatal(err)
					}
					var want []engine.Element
					for _, p := range places(n.Shape()) {
						switch k := shape[axis]; {
						case p[axis] < k:
							want = append(want, xe[flat(shape, p)])
						case p[axis] < k+2:
							p[axis] -= k
							want = append(want, ye[flat(other, p)])
						default:
							p[axis] -= k + 2
							want = append(want, xe[flat(shape, p)])
						}
					}
					agree(t, d, elementsOf(o), want, 0, "concatenate", d, l.name, m.name, shape, axis)
				}
			}
		}
	}
}

// indexDtypes are the dtypes that index arrays are tried in.
var indexDtypes = []engine.Dtype{engine.Int32, engine.Uint32, engine.Int64, engine.Uint8, engine.Int8, engine.Uint16, engine.Int16, engine.Uint64}

// indexArray makes indices below a limit within an axis of a length, some counted from the end where the
// dtype is signed, and gives what they mean.
func indexArray(t *testing.T, e *engine.Engine, r *rand.Rand, d engine.Dtype, l layout, shape []int, limit, length int) (*engine.Array, []int) {
	t.Helper()
	var v []complex128
	for range 23 {
		i := r.IntN(limit)
		if d.IsSigned() && r.IntN(2) == 0 {
			i -= length
		}
		v = append(v, complex(float64(i), 0))
	}
	var x *engine.Array
	n, o, err := evaluate(e, func(b *engine.Builder) *engine.Node {
		x = e.NewArray(l.make(b, fillWith(b, d, v, 0), shape))
		return x.Node()
	})
	if err != nil {
		t.Fatal(err)
	}
	var at []int
	for _, el := range elementsOf(o) {
		i := int(real(number(n.Dtype(), el)))
		if i < 0 {
			i += length
		}
		at = append(at, i)
	}
	return x, at
}

func TestGather(t *testing.T) {
	e := newEngine(t, Options{})
	r := rand.New(rand.NewPCG(1, 2))
	shape := []int{5, 6, 7}
	for k, l := range layouts {
		x, xe := values(t, e, dtype.All()[k], l, shape, 0)
		i0, at0 := indexArray(t, e, r, indexDtypes[k%8], layouts[k%3], []int{3, 2}, 5, 5)
		i2, at2 := indexArray(t, e, r, indexDtypes[(k+1)%8], layouts[(k+4)%len(layouts)], []int{3, 2}, 6, 7)
		sizes := []int{1, 4, 2}
		n, o, err := evaluate(e, func(b *engine.Builder) *engine.Node {
			return b.Gather(x.Node(), []*engine.Node{i0.Node(), i2.Node()}, []int{0, 2}, sizes)
		})
		if err != nil {
			t.Fatal(err)
		}
		var want []engine.Element
		for _, p := range places(n.Shape()) {
			j := p[0]*2 + p[1]
			want = append(want, xe[flat(shape, []int{at0[j] + p[2], p[3], at2[j] + p[4]})])
		}
		agree(t, n.Dtype(), elementsOf(o), want, 0, "gather", l.name)
		for axis := range shape {
			ix, at := indexArray(t, e, r, indexDtypes[k%8], layouts[k%3], []int{4}, shape[axis], shape[axis])
			n, o, err := evaluate(e, func(b *engine.Builder) *engine.Node { return b.Take(x.Node(), ix.Node(), axis) })
			if err != nil {
				t.Fatal(err)
			}
			var want []engine.Element
			for _, p := range places(n.Shape()) {
				p[axis] = at[p[axis]]
				want = append(want, xe[flat(shape, p)])
			}
			agree(t, n.Dtype(), elementsOf(o), want, 0, "take", l.name, axis)
		}
	}
}

func TestAlong(t *testing.T) {
	e := newEngine(t, Options{})
	r := rand.New(rand.NewPCG(3, 4))
	shape := []int{4, 5, 6}
	for k, l := range layouts {
		d := dtype.All()[13-k]
		x, xe := values(t, e, d, l, shape, 0)
		for axis := range shape {
			is := slices.Clone(shape)
			is[axis] = 3
			ix, at := indexArray(t, e, r, indexDtypes[k%8], layouts[(k+2)%len(layouts)], is, shape[axis], shape[axis])
			n, o, err := evaluate(e, func(b *engine.Builder) *engine.Node { return b.TakeAlong(x.Node(), ix.Node(), axis) })
			if err != nil {
				t.Fatal(err)
			}
			var want []engine.Element
			for i, p := range places(n.Shape()) {
				p[axis] = at[i]
				want = append(want, xe[flat(shape, p)])
			}
			agree(t, d, elementsOf(o), want, 0, "take_along_axis", d, l.name, axis)

			v, ve := values(t, e, d, layouts[(k+1)%len(layouts)], is, 2)
			for mode := engine.Replace; mode <= engine.Min; mode++ {
				_, o, err := evaluate(e, func(b *engine.Builder) *engine.Node {
					return b.ScatterAlong(x.Node(), ix.Node(), v.Node(), axis, mode)
				})
				if err != nil {
					t.Fatal(err)
				}
				want := slices.Clone(xe)
				for i, p := range places(is) {
					p[axis] = at[i]
					j := flat(shape, p)
					want[j] = meet(d, mode, want[j], ve[i])
				}
				agree(t, d, elementsOf(o), want, 1, "put_along_axis", d, l.name, axis, mode)
			}
		}
	}
}

// meet is what an update makes of a value.
func meet(d engine.Dtype, mode engine.UpdateMode, now, v engine.Element) engine.Element {
	op := map[engine.UpdateMode]*engine.Op{
		engine.Sum: engine.OpAdd, engine.Prod: engine.OpMultiply, engine.Max: engine.OpMaximum, engine.Min: engine.OpMinimum,
	}[mode]
	if mode == engine.Replace {
		return v
	}
	return references2[op].apply(op, d, d, now, v)
}

func TestScatter(t *testing.T) {
	e := newEngine(t, Options{})
	r := rand.New(rand.NewPCG(5, 6))
	shape := []int{5, 6, 7}
	for k, l := range layouts {
		for _, d := range dtype.All() {
			x, xe := values(t, e, d, l, shape, 0)
			i0, at0 := indexArray(t, e, r, indexDtypes[k%8], layouts[k%3], []int{3, 2}, 5, 5)
			i2, at2 := indexArray(t, e, r, indexDtypes[(k+1)%8], layouts[(k+4)%len(layouts)], []int{3, 2}, 7, 7)
			for _, sizes := range [][]int{{1, 1, 1}, {1, 6, 1}} {
				us := append([]int{3, 2}, sizes...)
				u, ue := values(t, e, d, layouts[(k+1)%len(layouts)], us, 3)
				for mode := engine.Replace; mode <= engine.Min; mode++ {
					_, o, err := evaluate(e, func(b *engine.Builder) *engine.Node {
						return b.Scatter(x.Node(), []*engine.Node{i0.Node(), i2.Node()}, u.Node(), []int{0, 2}, mode)
					})
					if err != nil {
						t.Fatal(err)
					}
					want := slices.Clone(xe)
					for i, p := range places(us) {
						j := p[0]*2 + p[1]
						to := flat(shape, []int{at0[j], p[3], at2[j]})
						want[to] = meet(d, mode, want[to], ue[i])
					}
					agree(t, d, elementsOf(o), want, 1, "scatter", d, l.name, sizes, mode)
				}
			}
		}
	}
}

// TestScatterRows puts several rows at once, which lie as one, also where those of
// the updates do not.
func TestScatterRows(t *testing.T) {
	e := newEngine(t, Options{})
	shape, us := []int{6, 200}, []int{2, 3, 200}
	index, at := indexArray(t, e, rand.New(rand.NewPCG(7, 8)), engine.Uint32, layouts[0], []int{2}, 4, 6)
	for _, l := range layouts {
		x, xe := values(t, e, engine.Float32, layouts[0], shape, 0)
		u, ue := values(t, e, engine.Float32, l, us, 3)
		_, o, err := evaluate(e, func(b *engine.Builder) *engine.Node {
			return b.Scatter(x.Node(), []*engine.Node{index.Node()}, u.Node(), []int{0}, engine.Sum)
		})
		if err != nil {
			t.Fatal(err)
		}
		want := slices.Clone(xe)
		for i, p := range places(us) {
			to := flat(shape, []int{at[p[0]] + p[1], p[2]})
			want[to] = meet(engine.Float32, engine.Sum, want[to], ue[i])
		}
		agree(t, engine.Float32, elementsOf(o), want, 1, "scatter", l.name)
	}
}

func TestSliceUpdate(t *testing.T) {
	e := newEngine(t, Options{})
	shape := []int{6, 200}
	cuts := []struct{ start, step, count []int }{
		{[]int{1, 0}, []int{2, 1}, []int{2, 200}},
		{[]int{5, 199}, []int{-2, -3}, []int{3, 60}},
		{[]int{0, 3}, []int{1, 4}, []int{6, 40}},
		{[]int{2, 7}, []int{1, 1}, []int{1, 1}},
		{[]int{1, 0}, []int{1, 1}, []int{3, 200}}, // rows that lie as one, also where those of the values do not
	}
	for k, l := range layouts {
		for _, d := range dtype.All() {
			x, xe := values(t, e, d, l, shape, 0)
			for _, c := range cuts {
				u, ue := values(t, e, d, layouts[(k+3)%len(layouts)], c.count, 1)
				for mode := engine.Replace; mode <= engine.Min; mode++ {
					_, o, err := evaluate(e, func(b *engine.Builder) *engine.Node {
						return b.SliceUpdate(x.Node(), u.Node(), c.start, c.step, mode)
					})
					if err != nil {
						t.Fatal(err)
					}
					want := slices.Clone(xe)
					for i, p := range places(c.count) {
						to := flat(shape, []int{c.start[0] + p[0]*c.step[0], c.start[1] + p[1]*c.step[1]})
						want[to] = meet(d, mode, want[to], ue[i])
					}
					agree(t, d, elementsOf(o), want, 1, "slice_update", d, l.name, c, mode)
				}
			}
		}
	}
}

func TestSorts(t *testing.T) {
	e := newEngine(t, Options{})
	for k, l := range layouts {
		for _, d := range dtype.All() {
			for _, shape := range [][]int{{40}, {5, 30}, {3, 4, 5}, {0, 2}} {
				x, xe := values(t, e, d, l, shape, k)
				for axis := range shape {
					testSort(t, e, d, x, xe, axis)
				}
			}
		}
	}
}

// before orders elements, NaN last.
func before(d engine.Dtype, a, b engine.Element) int {
	x, y := number(d, a), number(d, b)
	if d.IsFloat() && (nanComplex(complex64(x)) || nanComplex(complex64(y))) {
		return int(answer(nanComplex(complex64(x))) - answer(nanComplex(complex64(y))))
	}
	return compareNumbers(d, x, y)
}

func testSort(t *testing.T, e *engine.Engine, d engine.Dtype, x *engine.Array, xe []engine.Element, axis int) {
	t.Helper()
	shape := x.Shape()
	rows := map[int][]int{} // by the row's first element: indices in order
	for i, p := range places(shape) {
		p[axis] = 0
		r := flat(shape, p)
		rows[r] = append(rows[r], i)
	}
	want, wantAt := make([]engine.Element, len(xe)), make([]engine.Element, len(xe))
	for _, row := range rows {
		sorted := make([]int, len(row))
		for i := range sorted {
			sorted[i] = i
		}
		slices.SortStableFunc(sorted, func(i, j int) int { return before(d, xe[row[i]], xe[row[j]]) })
		for i, j := range sorted {
			want[row[i]], wantAt[row[i]] = xe[row[j]], engine.Element{Int: int64(j)}
		}
	}
	_, o, err := evaluate(e, func(b *engine.Builder) *engine.Node { return b.Sort(x.Node(), axis) })
	if err != nil {
		t.Fatal(err)
	}
	agree(t, d, elementsOf(o), want, 0, "sort", d, shape, axis)
	if _, o, err = evaluate(e, func(b *engine.Builder) *engine.Node { return b.ArgSort(x.Node(), axis) }); err != nil {
		t.Fatal(err)
	}
	agree(t, engine.Uint32, elementsOf(o), wantAt, 0, "argsort", d, shape, axis)
	if shape[axis] == 0 {
		return
	}
	kth := shape[axis] / 2
	if _, o, err = evaluate(e, func(b *engine.Builder) *engine.Node { return b.Partition(x.Node(), kth, axis) }); err != nil {
		t.Fatal(err)
	}
	got := elementsOf(o)
	for i, p := range places(shape) {
		q := slices.Clone(p)
		q[axis] = kth
		pivot := got[flat(shape, q)]
		if c := before(d, got[i], pivot); p[axis] < kth && c > 0 || p[axis] > kth && c < 0 || p[axis] == kth && before(d, pivot, want[i]) != 0 {
			t.Errorf("partition %s of %v along %d: element %v is on the wrong side", d, shape, axis, p)
		}
	}
	if _, o, err = evaluate(e, func(b *engine.Builder) *engine.Node {
		return b.TakeAlong(x.Node(), b.ArgPartition(x.Node(), kth, axis), axis)
	}); err != nil {
		t.Fatal(err)
	}
	for i, p := range places(shape) {
		if p[axis] == kth && before(d, elementsOf(o)[i], want[i]) != 0 {
			t.Errorf("argpartition %s of %v along %d: the k-th element is not in its place", d, shape, axis)
		}
	}
}

// TestLongSort is of rows that are divided before they are sorted.
func TestLongSort(t *testing.T) {
	e := newEngine(t, Options{})
	const n = 300_000
	for _, repeats := range []int64{1, 1 << 40} { // few and many different values
		var x *engine.Array
		_, o, err := evaluate(e, func(b *engine.Builder) *engine.Node {
			v := b.Bits([]int{n}, 4, b.Key(5))
			if repeats == 1 {
				v = b.Binary(engine.OpRemainder, v, b.Scalar(7, engine.Uint32))
			}
			x = e.NewArray(v)
			return x.Node()
		})
		if err != nil {
			t.Fatal(err)
		}
		var want []int64
		for _, el := range elementsOf(o) {
			want = append(want, el.Int)
		}
		slices.Sort(want)
		for _, f := range []func(b *engine.Builder) *engine.Node{
			func(b *engine.Builder) *engine.Node { return b.Sort(x.Node(), 0) },
			func(b *engine.Builder) *engine.Node { return b.Take(x.Node(), b.ArgSort(x.Node(), 0), 0) },
		} {
			_, o, err := evaluate(e, f)
			if err != nil {
				t.Fatal(err)
			}
			for i, el := range elementsOf(o) {
				if el.Int != want[i] {
					t.Fatalf("element %d is %d, want %d", i, el.Int, want[i])
				}
			}
		}
	}
}

func TestSearchSorted(t *testing.T) {
	e := newEngine(t, Options{})
	for _, d := range dtype.All() {
		x, xe := values(t, e, d, layouts[0], []int{30}, 0)
		slices.SortStableFunc(xe, func(a, b engine.Element) int { return before(d, a, b) })
		v, ve := values(t, e, d, layouts[1], []int{4, 5}, 2)
		for _, right := range []bool{false, true} {
			_, o, err := evaluate(e, func(b *engine.Builder) *engine.Node {
				return b.SearchSorted(b.Sort(x.Node(), 0), v.Node(), right)
			})
			if err != nil {
				t.Fatal(err)
			}
			var want []engine.Element
			for _, a := range ve {
				n := int64(0)
				for _, s := range xe {
					if c := before(d, s, a); c < 0 || right && c == 0 {
						n++
					}
				}
				want = append(want, engine.Element{Int: n})
			}
			agree(t, engine.Uint32, elementsOf(o), want, 0, "searchsorted", d, right)
		}
	}
}
