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

// greater and less let the first NaN win.
func greater[T realNumber](v, than T) bool { return v > than || v != v && than == than }

func less[T realNumber](v, than T) bool { return v < than || v != v && than == than }

func greaterComplex[T complexNumber](v, than T) bool { return lessComplex(than, v) }

func argRows[T any](t table, d engine.Dtype, greater, less func(v, than T) bool) {
	t.fold(engine.OpArgMax, d, engine.Uint32, reduce(light, arg(greater)))
	t.fold(engine.OpArgMin, d, engine.Uint32, reduce(light, arg(less)))
}

func argHalf[H half | brain](t table, d engine.Dtype, k codec[H]) {
	t.fold(engine.OpArgMax, d, engine.Uint32, reduce(light, widenedFold(k, arg(greater[float32]))))
	t.fold(engine.OpArgMin, d, engine.Uint32, reduce(light, widenedFold(k, arg(less[float32]))))
}

// addArgReductions enters the reductions to a place.
func (t table) addArgReductions() {
	argRows(t, engine.Bool, func(v, than truth) bool { return v != 0 && than == 0 }, func(v, than truth) bool { return v == 0 && than != 0 })
	argRows(t, engine.Uint8, greater[uint8], less[uint8])
	argRows(t, engine.Uint16, greater[uint16], less[uint16])
	argRows(t, engine.Uint32, greater[uint32], less[uint32])
	argRows(t, engine.Uint64, greater[uint64], less[uint64])
	argRows(t, engine.Int8, greater[int8], less[int8])
	argRows(t, engine.Int16, greater[int16], less[int16])
	argRows(t, engine.Int32, greater[int32], less[int32])
	argRows(t, engine.Int64, greater[int64], less[int64])
	argRows(t, engine.Float32, greater[float32], less[float32])
	argRows(t, engine.Float64, greater[float64], less[float64])
	argRows(t, engine.Complex64, greaterComplex[complex64], lessComplex[complex64])
	argRows(t, engine.Complex128, greaterComplex[complex128], lessComplex[complex128])
	argHalf(t, engine.Float16, halfCodec)
	argHalf(t, engine.BFloat16, brainCodec)
}
