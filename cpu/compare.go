package cpu

import "github.com/mlxstar/mlxstar/engine"

func equalLoop[T numeric](dst []truth, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = truthOf(a[i] == b[i])
	}
}

func unequalLoop[T numeric](dst []truth, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = truthOf(a[i] != b[i])
	}
}

func lessLoop[T realNumber](dst []truth, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = truthOf(a[i] < b[i])
	}
}

func lessEqualLoop[T realNumber](dst []truth, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = truthOf(a[i] <= b[i])
	}
}

// swapped is a loop with its operands exchanged: a > b is b < a.
func swapped[T, R any](loop binaryLoop[T, R]) binaryLoop[T, R] {
	return func(dst []R, a, b []T) { loop(dst, b, a) }
}

// comparison is the loops of the operations that answer in bools.
type comparison[T any] map[*engine.Op]binaryLoop[T, truth]

func comparisons[T realNumber]() comparison[T] {
	return comparison[T]{
		engine.OpEqual:        equalLoop[T],
		engine.OpNotEqual:     unequalLoop[T],
		engine.OpLess:         lessLoop[T],
		engine.OpLessEqual:    lessEqualLoop[T],
		engine.OpGreater:      swapped(lessLoop[T]),
		engine.OpGreaterEqual: swapped(lessEqualLoop[T]),
	}
}

func complexComparisons[T complexNumber]() comparison[T] {
	less := func(a, b T) truth { return truthOf(lessComplex(a, b)) }
	atMost := func(a, b T) truth { return truthOf(lessComplex(a, b) || a == b) }
	return comparison[T]{
		engine.OpEqual:        equalLoop[T],
		engine.OpNotEqual:     unequalLoop[T],
		engine.OpLess:         each2(less),
		engine.OpLessEqual:    each2(atMost),
		engine.OpGreater:      swapped(each2(less)),
		engine.OpGreaterEqual: swapped(each2(atMost)),
	}
}

// boolComparisons compare what bytes mean, not what they are.
func boolComparisons() comparison[truth] {
	less := each2(func(a, b truth) truth { return truthOf(a == 0 && b != 0) })
	atMost := each2(func(a, b truth) truth { return truthOf(a == 0 || b != 0) })
	return comparison[truth]{
		engine.OpEqual:        each2(func(a, b truth) truth { return truthOf((a != 0) == (b != 0)) }),
		engine.OpNotEqual:     each2(func(a, b truth) truth { return truthOf((a != 0) != (b != 0)) }),
		engine.OpLess:         less,
		engine.OpLessEqual:    atMost,
		engine.OpGreater:      swapped(less),
		engine.OpGreaterEqual: swapped(atMost),
	}
}

func addComparison[T any](t table, d engine.Dtype, rows comparison[T]) {
	for op, loop := range rows {
		t.loop(op, d, engine.Bool, binary(light, loop))
	}
}

func addWidenedComparison[H half | brain](t table, d engine.Dtype, k codec[H]) {
	for op, loop := range comparisons[float32]() {
		t.loop(op, d, engine.Bool, chunkedBinary(light, func(ts *tiles, dst []truth, a, b []H) {
			x, y := tile[float32](ts, 4, len(dst)), tile[float32](ts, 5, len(dst))
			k.widen(x, a)
			k.widen(y, b)
			loop(dst, x, y)
		}))
	}
}

// addComparisons enters the operations that answer in bools.
func (t table) addComparisons() {
	addComparison(t, engine.Bool, boolComparisons())
	addComparison(t, engine.Uint8, comparisons[uint8]())
	addComparison(t, engine.Uint16, comparisons[uint16]())
	addComparison(t, engine.Uint32, comparisons[uint32]())
	addComparison(t, engine.Uint64, comparisons[uint64]())
	addComparison(t, engine.Int8, comparisons[int8]())
	addComparison(t, engine.Int16, comparisons[int16]())
	addComparison(t, engine.Int32, comparisons[int32]())
	addComparison(t, engine.Int64, comparisons[int64]())
	addComparison(t, engine.Float32, comparisons[float32]())
	addComparison(t, engine.Float64, comparisons[float64]())
	addComparison(t, engine.Complex64, complexComparisons[complex64]())
	addComparison(t, engine.Complex128, complexComparisons[complex128]())
	addWidenedComparison(t, engine.Float16, halfCodec)
	addWidenedComparison(t, engine.BFloat16, brainCodec)
}
