package cpu

import "github.com/mlxstar/mlxstar/engine"

// candidate is the best element so far and its place.
type candidate[T any] struct {
	value T
	at    int
	found bool
}

// arg is the fold that answers with the place of the best element: better tells
// whether v beats what was found earlier.
func arg[T any](better func(v, than T) bool) fold[T, candidate[T], uint32] {
	return fold[T, candidate[T], uint32]{
		row: func(_ *tiles, acc candidate[T], x []T, at int) candidate[T] {
			for i, v := range x {
				if !acc.found || better(v, acc.value) {
					acc = candidate[T]{v, at + i, true}
				}
			}
			return acc
		},
		column: func(_ *tiles, acc []candidate[T], x []T, at int) {
			x = x[:len(acc)]
			for i := range acc {
				if !acc[i].found || better(x[i], acc[i].value) {
					acc[i] = candidate[T]{x[i], at, true}
				}
			}
		},
		join: func(a, b candidate[T]) candidate[T] {
			if !a.found || b.found && better(b.value, a.value) {
				return b
			}
			return a
		},
		done: func(c candidate[T]) uint32 { return uint32(c.at) },
	}
}

// argOf is arg for numbers: best finds the value of a row's best element, NaN if there is
// one, and where it beats what was found its place is looked for.
func argOf[T realNumber](better func(v, than T) bool, best func([]T) T) fold[T, candidate[T], uint32] {
	f := arg(better)
	f.row = func(_ *tiles, acc candidate[T], x []T, at int) candidate[T] {
		if len(x) == 0 {
			return acc
		}
		if v := best(x); !acc.found || better(v, acc.value) {
			i := placeOf(x, v)
			return candidate[T]{x[i], at + i, true}
		}
		return acc
	}
	return f
}

// placeOf is where v, which may be NaN, first is in x.
func placeOf[T realNumber](x []T, v T) int {
	if v == v {
		for i, a := range x {
			if a == v {
				return i
			}
		}
	}
	for i, a := range x {
		if a != a {
			return i
		}
	}
	return 0
}

// greatestOf and leastOf are the extremes of elements of which there is one at least, NaN
// if one is.
func greatestOf[T realNumber](x []T) T {
	v := x[0]
	for _, a := range x {
		v = max(v, a)
	}
	return v
}

func leastOf[T realNumber](x []T) T {
	v := x[0]
	for _, a := range x {
		v = min(v, a)
	}
	return v
}

// greater and less let the first NaN win.
func greater[T realNumber](v, than T) bool { return v > than || v != v && than == than }

func less[T realNumber](v, than T) bool { return v < than || v != v && than == than }

func greaterComplex[T complexNumber](v, than T) bool {
	return firstComplex(v, than, lessComplex(than, v))
}

func leastComplex[T complexNumber](v, than T) bool {
	return firstComplex(v, than, lessComplex(v, than))
}

// firstComplex decides as before, but for numbers with a part that is NaN, the first of which wins.
func firstComplex[T complexNumber](v, than T, before bool) bool {
	return !nanComplex(than) && (before || nanComplex(v))
}

func argRows[T any](t table, d engine.Dtype, greater, less func(v, than T) bool) {
	t.fold(engine.OpArgMax, d, engine.Uint32, reduce(light, arg(greater)))
	t.fold(engine.OpArgMin, d, engine.Uint32, reduce(light, arg(less)))
}

func argNumbers[T realNumber](t table, d engine.Dtype) {
	t.fold(engine.OpArgMax, d, engine.Uint32, reduce(light, argOf(greater[T], greatestOf[T])))
	t.fold(engine.OpArgMin, d, engine.Uint32, reduce(light, argOf(less[T], leastOf[T])))
}

func argHalf[H half | brain](t table, d engine.Dtype, k codec[H]) {
	t.fold(engine.OpArgMax, d, engine.Uint32, reduce(light, widenedFold(k, argOf(greater[float32], greatestOf[float32]))))
	t.fold(engine.OpArgMin, d, engine.Uint32, reduce(light, widenedFold(k, argOf(less[float32], leastOf[float32]))))
}

// addArgReductions enters the reductions to a place.
func (t table) addArgReductions() {
	argRows(t, engine.Bool, func(v, than truth) bool { return v != 0 && than == 0 }, func(v, than truth) bool { return v == 0 && than != 0 })
	argNumbers[uint8](t, engine.Uint8)
	argNumbers[uint16](t, engine.Uint16)
	argNumbers[uint32](t, engine.Uint32)
	argNumbers[uint64](t, engine.Uint64)
	argNumbers[int8](t, engine.Int8)
	argNumbers[int16](t, engine.Int16)
	argNumbers[int32](t, engine.Int32)
	argNumbers[int64](t, engine.Int64)
	argNumbers[float32](t, engine.Float32)
	argNumbers[float64](t, engine.Float64)
	argRows(t, engine.Complex64, greaterComplex[complex64], leastComplex[complex64])
	argRows(t, engine.Complex128, greaterComplex[complex128], leastComplex[complex128])
	argHalf(t, engine.Float16, halfCodec)
	argHalf(t, engine.BFloat16, brainCodec)
}
