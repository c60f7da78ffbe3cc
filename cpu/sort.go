package cpu

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/mlxstar/mlxstar/cpu/internal/simd"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/dtype"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// Sorting works on rows that are contiguous or brought together in scratch.
// Values that compare equal are the same value, but for the sign of zero, which
// orders -0 first; indices of equal values ascend.

// sortedPiece is the length up to which a row is left to the library's sort,
// which cannot be interrupted.
const sortedPiece = 1 << 16

// order puts x in ascending order. It divides long rows around a pivot itself,
// so that a cancelled context stops it.
func order[E any](ctx context.Context, x []E, compare func(a, b E) int, finish func([]E)) error {
	for depth := 0; len(x) > sortedPiece && depth < 64; depth++ {
		below, above, err := divide(ctx, x, compare)
		if err != nil {
			return err
		}
		small, large := x[:below], x[above:]
		if len(small) > len(large) {
			small, large = large, small
		}
		if err := order(ctx, small, compare, finish); err != nil {
			return err
		}
		x = large
	}
	finish(x)
	return nil
}

// divide reorders x into elements below a pivot, equal to it and above it, and
// gives the two borders.
func divide[E any](ctx context.Context, x []E, compare func(a, b E) int) (below, above int, err error) {
	n := len(x)
	pivot := middle(middle(x[0], x[n/8], x[n/4], compare), middle(x[n*3/8], x[n/2], x[n*5/8], compare),
		middle(x[n*3/4], x[n*7/8], x[n-1], compare), compare)
	at, above := 0, n
	for step := 0; at < above; step++ {
		if step%sortedPiece == 0 && ctx.Err() != nil {
			return 0, 0, ctx.Err()
		}
		switch c := compare(x[at], pivot); {
		case c < 0:
			x[at], x[below] = x[below], x[at]
			below++
			at++
		case c > 0:
			above--
			x[at], x[above] = x[above], x[at]
		default:
			at++
		}
	}
	return below, above, nil
}

func middle[E any](a, b, c E, compare func(a, b E) int) E {
	if compare(b, a) < 0 {
		a, b = b, a
	}
	if compare(c, b) < 0 {
		b = c
		if compare(b, a) < 0 {
			b = a
		}
	}
	return b
}

// sorter orders values of T, NaN last.
type sorter[T any] struct {
	compare func(a, b T) int
	finish  func([]T) // orders a short row
	radix   digits[T] // orders long rows; nil where no key suffices
}

// compareReal orders numbers, NaN last.
func compareReal[T realNumber](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	case a == b:
		return 0
	case a == a:
		return -1
	case b == b:
		return 1
	}
	return 0
}

// compareComplex is lexicographic; a number with a NaN in either part is last.
func compareComplex[T complexNumber](a, b T) int {
	switch an, bn := nanComplex(a), nanComplex(b); {
	case an && bn:
		return 0
	case an:
		return 1
	case bn:
		return -1
	case lessComplex(a, b):
		return -1
	case lessComplex(b, a):
		return 1
	}
	return 0
}

func unsignedSorter[T unsigned]() sorter[T] {
	return sorter[T]{compare: compareReal[T], finish: slices.Sort[[]T]}
}

func signedSorter[T signed]() sorter[T] {
	return sorter[T]{compare: compareReal[T], finish: slices.Sort[[]T]}
}

func floatSorter[T float]() sorter[T] {
	return sorter[T]{compare: compareReal[T], finish: sortFloats[T]}
}

// sortFloats sorts with NaN last. The library's sort puts it first.
func sortFloats[T float](x []T) {
	end := len(x)
	for i := 0; i < end; {
		if x[i] == x[i] {
			i++
			continue
		}
		end--
		x[i], x[end] = x[end], x[i]
	}
	slices.Sort(x[:end])
	for i := 0; i < end && x[i] <= 0; i++ { // zeros are together: order them by sign
		if x[i] == 0 {
			orderZeros(x[i:end])
			break
		}
	}
}

// orderZeros moves negative zeros before the positive ones that x begins with.
func orderZeros[T float](x []T) {
	negative, n := 0, 0
	for ; n < len(x) && x[n] == 0; n++ {
		if math.Signbit(float64(x[n])) {
			negative++
		}
	}
	for i := range n {
		x[i] = 0
		if i < negative {
			x[i] = T(math.Copysign(0, -1))
		}
	}
}

func comparedSorter[T any](compare func(a, b T) int) sorter[T] {
	return sorter[T]{compare: compare, finish: func(x []T) { slices.SortFunc(x, compare) }}
}

// lines is the geometry of rows along an axis: where each begins, and how far
// apart its elements lie.
type lines struct {
	walk
	step   int
	length int
	count  int
}

func newLines(o *engine.Operand, axis int) lines {
	if len(o.Shape) == 0 {
		return lines{walk: walk{offset: o.Offset}, step: 1, length: 1, count: 1}
	}
	l := lines{step: o.Strides[axis], length: o.Shape[axis]}
	rest := walk{offset: o.Offset}
	rest.shape = append(append(rest.shape, o.Shape[:axis]...), o.Shape[axis+1:]...)
	rest.strides = append(append(rest.strides, o.Strides[:axis]...), o.Strides[axis+1:]...)
	l.count = shapes.Elements(rest.shape)
	l.walk = rest.collapsed()
	return l
}

// packed reports whether the rows lie one after another.
func (l lines) packed() bool {
	return l.step == 1 && (l.count == 1 || len(l.shape) == 1 && l.strides[0] == l.length)
}

func sortAxis(attrs any) int {
	if at, ok := attrs.(engine.PartitionAttrs); ok {
		return at.Axis
	}
	return attrs.(engine.SortAttrs).Axis
}

// sortGrain is the number of rows of a chunk.
func sortGrain(w *workers, l lines) int {
	return max(int(heavy)/l.length, l.count/(8*w.threads), 1)
}

// sortScratch is the number of bytes of scratch for a row that is ordered: two keys an
// element where rows are ordered by keys, room for the row where it is not contiguous.
func sortScratch(l lines, d engine.Dtype) int {
	switch {
	case l.length >= vectorMin && hasRadix(d):
		return 2 * max(d.Size(), 4) * l.length
	case l.step != 1:
		return d.Size() * l.length
	}
	return 0
}

// hasRadix reports whether keys order the dtype's values, so that long rows are ordered digit
// by digit.
func hasRadix(d engine.Dtype) bool { return d != engine.Bool && !d.IsComplex() }

// argsortScratch is the same for a row whose places are ordered: two keys with their
// places an element, or one value with its place.
func argsortScratch(l lines, d engine.Dtype) int { return (max(d.Size(), 8) + 8) * l.length }

// orderingWorkspace is the rule of operations that order rows.
func (w *workers) orderingWorkspace(scratch func(l lines, d engine.Dtype) int) engine.WorkspaceRule {
	return func(t *engine.Task) int {
		if t.Out[0].Len() == 0 {
			return 0
		}
		l := newLines(&t.Out[0], sortAxis(t.Attrs))
		grain := sortGrain(w, l)
		return w.sharesSize((l.count+grain-1)/grain, scratch(l, t.In[0].Dtype))
	}
}

// sorting makes the kernel that orders values. Rows that are not contiguous in
// the output are ordered in scratch.
//
//go:noinline
func sorting[T any](s sorter[T]) kernel {
	return func(w *workers, t *engine.Task) error {
		axis := sortAxis(t.Attrs)
		from, to := newLines(&t.In[0], axis), newLines(&t.Out[0], axis)
		data, out := storage[T](&t.In[0]), storage[T](&t.Out[0])
		if len(out) == 0 || t.Out[0].Len() == 0 {
			return nil
		}
		rooms, err := newShares(t.Op, t.Workspace.Data, sortScratch(to, t.In[0].Dtype))
		if err != nil {
			return err
		}
		return w.run(t.Ctx, to.count, sortGrain(w, to), func(ts *tiles, lo, hi int) error {
			room := rooms.take()
			defer rooms.done(room)
			if s.radix != nil && to.length >= s.radix.least() {
				if from.packed() && to.packed() && hi > lo {
					at, n := to.place(lo), (hi-lo)*to.length
					if s.radix.rows(ts, out[at:][:n], data[from.place(lo):][:n], to.length) {
						return nil
					}
				}
				for i := lo; i < hi; i++ {
					if err := t.Ctx.Err(); err != nil {
						return err
					}
					if err := s.radix.order(t.Ctx, w, room, kthOf(t.Attrs), data, from.place(i), from.step, out, to.place(i), to.step); err != nil {
						return err
					}
				}
				return nil
			}
			var scratch []T
			if to.step != 1 {
				scratch = typed[T](room)[:to.length]
			}
			for i := lo; i < hi; i++ {
				place := to.place(i)
				row := scratch
				if to.step == 1 {
					row = out[place:][:to.length]
				}
				p := from.place(i)
				err := stretchwise(t.Ctx, len(row), func(lo, hi int) { copyRun(row[lo:hi], data, p+lo*from.step, from.step) })
				if err == nil {
					err = order(t.Ctx, row, s.compare, s.finish)
				}
				if err == nil && to.step != 1 {
					err = spread(t.Ctx, out, place, to.step, row, self[T])
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// stretchwise calls f with the bounds of stretches of n elements, until the context
// ends.
func stretchwise(ctx context.Context, n int, f func(lo, hi int)) error {
	for at := 0; at < n; at += checkEvery {
		if err := ctx.Err(); err != nil {
			return err
		}
		f(at, min(at+checkEvery, n))
	}
	return nil
}

// spread writes what is made of elements to places that lie step apart.
func spread[T, R any](ctx context.Context, out []R, place, step int, x []T, of func(T) R) error {
	if step == 1 {
		return stretchwise(ctx, len(x), func(lo, hi int) {
			to := out[place+lo:][:hi-lo]
			for k, v := range x[lo:hi] {
				to[k] = of(v)
			}
		})
	}
	return stretchwise(ctx, len(x), func(lo, hi int) {
		for k, v := range x[lo:hi] {
			out[place+(lo+k)*step] = of(v)
		}
	})
}

// keysorting is argsorting for values that keys of 32 bits order: a key and its place
// are sorted as one number. Zeros are one value where they have two keys.
//
//go:noinline
func keysorting[T any](r *radixKeys[T, uint32], zeros bool, vector *simd.Keys[uint64]) kernel {
	least := vectorMin
	if vector.Most == 0 {
		vector, least = nil, radixMin
	}
	negativeZero, one := uint32(math.MaxUint32), uint32(0)
	if zeros {
		negativeZero, one = 1<<31-1, 1
	}
	return func(w *workers, t *engine.Task) error {
		axis := sortAxis(t.Attrs)
		from, to := newLines(&t.In[0], axis), newLines(&t.Out[0], axis)
		data, out := storage[T](&t.In[0]), storage[uint32](&t.Out[0])
		if len(out) == 0 || t.Out[0].Len() == 0 {
			return nil
		}
		rooms, err := newShares(t.Op, t.Workspace.Data, argsortScratch(to, t.In[0].Dtype))
		if err != nil {
			return err
		}
		return w.run(t.Ctx, to.count, sortGrain(w, to), func(ts *tiles, lo, hi int) error {
			room := rooms.take()
			defer rooms.done(room)
			scratch := typed[uint64](room)
			for i := lo; i < hi; i++ {
				p, sorted := from.place(i), scratch[:to.length]
				err := tilewise(t.Ctx, to.length, func(lo, hi int) {
					x, keys := data[p+lo*from.step:], tile[uint32](ts, 0, hi-lo)
					if from.step != 1 {
						x = tile[T](ts, 1, hi-lo)
						copyRun(x, data, p+lo*from.step, from.step)
					}
					r.keys(keys, x[:hi-lo])
					for k, key := range keys {
						if key == negativeZero {
							key += one
						}
						sorted[lo+k] = uint64(key)<<32 | uint64(lo+k)
					}
				})
				switch {
				case err != nil:
				case to.length >= least:
					sorted, err = orderKeys(t.Ctx, w, vector, sorted, scratch[to.length:], kthOf(t.Attrs), 32, 4)
				default:
					err = order(t.Ctx, sorted, cmp.Compare[uint64], slices.Sort[[]uint64])
				}
				if err == nil {
					err = spread(t.Ctx, out, to.place(i), to.step, sorted, func(v uint64) uint32 { return uint32(v) })
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// argsorting makes the kernel that orders indices by the values they name.
//
//go:noinline
func argsorting[T any](compare func(a, b T) int) kernel {
	return func(w *workers, t *engine.Task) error {
		axis := sortAxis(t.Attrs)
		from, to := newLines(&t.In[0], axis), newLines(&t.Out[0], axis)
		data, out := storage[T](&t.In[0]), storage[uint32](&t.Out[0])
		if len(out) == 0 || t.Out[0].Len() == 0 {
			return nil
		}
		rooms, err := newShares(t.Op, t.Workspace.Data, argsortScratch(to, t.In[0].Dtype))
		if err != nil {
			return err
		}
		return w.run(t.Ctx, to.count, sortGrain(w, to), func(_ *tiles, lo, hi int) error {
			room := rooms.take()
			defer rooms.done(room)
			scratch := typed[keyed[T]](room)[:to.length]
			by := func(a, b keyed[T]) int {
				if c := compare(a.value, b.value); c != 0 {
					return c
				}
				return int(a.at) - int(b.at)
			}
			for i := lo; i < hi; i++ {
				p := from.place(i)
				err := stretchwise(t.Ctx, to.length, func(lo, hi int) {
					for k := lo; k < hi; k++ {
						scratch[k] = keyed[T]{data[p+k*from.step], uint32(k)}
					}
				})
				if err == nil {
					err = order(t.Ctx, scratch, by, func(x []keyed[T]) { slices.SortFunc(x, by) })
				}
				if err == nil {
					err = spread(t.Ctx, out, to.place(i), to.step, scratch, func(k keyed[T]) uint32 { return k.at })
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// keyed is a value with its place.
type keyed[T any] struct {
	value T
	at    uint32
}

// searchSorted finds, by halving, the first place whose element is not below
// the value, or above it where Right is set.
//
//go:noinline
func searchSorted[T any](compare func(a, b T) int) kernel {
	return func(w *workers, t *engine.Task) error {
		bound := 0 // compare(element, value) from which the place counts as found
		if t.Attrs.(engine.SearchAttrs).Right {
			bound = 1
		}
		sorted, values, out := dense[T](&t.In[0]), dense[T](&t.In[1]), dense[uint32](&t.Out[0])
		return w.run(t.Ctx, len(out), int(heavy), func(_ *tiles, lo, hi int) error {
			for i := lo; i < hi; i++ {
				from, to := 0, len(sorted)
				for from < to {
					m := from + (to-from)/2
					if compare(sorted[m], values[i]) >= bound {
						to = m
					} else {
						from = m + 1
					}
				}
				out[i] = uint32(from)
			}
			return nil
		})
	}
}

// sortRows enters the orderings of a dtype; places orders indices.
func sortRows[T any](t table, d engine.Dtype, s sorter[T], places kernel) {
	values := sorting(s)
	t.add(engine.OpSort, d, d, values)
	t.add(engine.OpPartition, d, d, values)
	t.add(engine.OpArgSort, d, engine.Uint32, places)
	t.add(engine.OpArgPartition, d, engine.Uint32, places)
	t.add(engine.OpSearchSorted, d, engine.Uint32, searchSorted(s.compare))
}

// sortByKey is sortRows for values that 32 bits order.
func sortByKey[T any](t table, k *simd.Kernels, d engine.Dtype, s sorter[T]) {
	sortRows(t, d, s, keysorting(s.radix.(*radixKeys[T, uint32]), d.IsFloat(), &k.Quads))
}

// sortByValue is sortRows for all others.
func sortByValue[T any](t table, d engine.Dtype, s sorter[T]) {
	sortRows(t, d, s, argsorting(s.compare))
}

// addSorts enters the orderings. K may be nil.
func (t table) addSorts(k *simd.Kernels) {
	if k == nil {
		k = new(simd.Kernels)
	}
	sortByValue(t, engine.Bool, comparedSorter(func(a, b truth) int { return int(truthOf(a != 0)) - int(truthOf(b != 0)) }))
	sortByKey(t, k, engine.Uint8, unsignedSorter[uint8]().by(unsignedKeys[uint8](1, &k.Words)))
	sortByKey(t, k, engine.Uint16, unsignedSorter[uint16]().by(unsignedKeys[uint16](2, &k.Words)))
	sortByKey(t, k, engine.Uint32, unsignedSorter[uint32]().by(unsignedKeys[uint32](4, &k.Words)))
	sortByValue(t, engine.Uint64, unsignedSorter[uint64]().by(longKeys[uint64](0, &k.Quads)))
	sortByKey(t, k, engine.Int8, signedSorter[int8]().by(signedKeys[int8](1, &k.Words)))
	sortByKey(t, k, engine.Int16, signedSorter[int16]().by(signedKeys[int16](2, &k.Words)))
	sortByKey(t, k, engine.Int32, signedSorter[int32]().by(signedKeys[int32](4, &k.Words)))
	sortByValue(t, engine.Int64, signedSorter[int64]().by(longKeys[int64](math.MinInt64, &k.Quads)))
	sortByKey(t, k, engine.Float32, floatSorter[float32]().by(singleKeys(k)))
	sortByValue(t, engine.Float64, floatSorter[float64]().by(doubleKeys(&k.Quads)))
	sortByValue(t, engine.Complex64, comparedSorter(compareComplex[complex64]))
	sortByValue(t, engine.Complex128, comparedSorter(compareComplex[complex128]))
	sortByKey(t, k, engine.Float16, halfSorter[half](dtype.Float16Value, dtype.Float16Bits, &k.Words))
	sortByKey(t, k, engine.BFloat16, halfSorter[brain](dtype.BFloat16Value, dtype.BFloat16Bits, &k.Words))
}

func halfSorter[H half | brain](value func(uint16) float32, bits func(float32) uint16, vector *simd.Keys[uint32]) sorter[H] {
	s := comparedSorter(func(a, b H) int { return compareReal(value(uint16(a)), value(uint16(b))) })
	return s.by(halfKeys[H](value, bits, vector))
}

// by has long rows ordered by keys.
func (s sorter[T]) by(r digits[T]) sorter[T] {
	s.radix = r
	return s
}
