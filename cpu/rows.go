package cpu

import "github.com/mlxstar/mlxstar/engine"

// Rows of the table for the floating dtypes: a loop over float32 serves the
// 16-bit ones too, which compute in float32 and round once.

// floats enters a unary operation that answers in the dtype it takes.
func (t table) floats(op *engine.Op, c cost, f32 unaryLoop[float32, float32], f64 unaryLoop[float64, float64]) {
	t.loop(op, engine.Float32, engine.Float32, unary(c, f32))
	t.loop(op, engine.Float64, engine.Float64, unary(c, f64))
	t.loop(op, engine.Float16, engine.Float16, widenedUnary(c, halfCodec, f32))
	t.loop(op, engine.BFloat16, engine.BFloat16, widenedUnary(c, brainCodec, f32))
}

// floats2 is floats for a binary operation.
func (t table) floats2(op *engine.Op, c cost, f32 binaryLoop[float32, float32], f64 binaryLoop[float64, float64]) {
	t.loop(op, engine.Float32, engine.Float32, binary(c, f32))
	t.loop(op, engine.Float64, engine.Float64, binary(c, f64))
	t.loop(op, engine.Float16, engine.Float16, widenedBinary(c, halfCodec, f32))
	t.loop(op, engine.BFloat16, engine.BFloat16, widenedBinary(c, brainCodec, f32))
}

// same enters a unary operation that answers in the dtype d that it takes, for
// elements of T.
func same[T any](t table, op *engine.Op, d engine.Dtype, loop unaryLoop[T, T]) {
	t.loop(op, d, d, unary(light, loop))
}

// same2 is same for a binary operation.
func same2[T any](t table, op *engine.Op, d engine.Dtype, loop binaryLoop[T, T]) {
	t.loop(op, d, d, binary(light, loop))
}

// integerDtypes enters rows for each integer dtype.
func (t table) addIntegers() {
	addUnsigned[uint8](t, engine.Uint8)
	addUnsigned[uint16](t, engine.Uint16)
	addUnsigned[uint32](t, engine.Uint32)
	addUnsigned[uint64](t, engine.Uint64)
	addSigned[int8](t, engine.Int8)
	addSigned[int16](t, engine.Int16)
	addSigned[int32](t, engine.Int32)
	addSigned[int64](t, engine.Int64)
}

// each makes a loop of a function of one element.
func each[T, R any](f func(T) R) unaryLoop[T, R] {
	return func(dst []R, a []T) {
		a = a[:len(dst)]
		for i := range dst {
			dst[i] = f(a[i])
		}
	}
}

// each2 makes a loop of a function of two elements.
func each2[T, R any](f func(a, b T) R) binaryLoop[T, R] {
	return func(dst []R, a, b []T) {
		a, b = a[:len(dst)], b[:len(dst)]
		for i := range dst {
			dst[i] = f(a[i], b[i])
		}
	}
}

// through makes a float32 loop of a float64 function: what it gives is rounded
// once, which is within a unit in the last place of the true value.
func through(f func(float64) float64) unaryLoop[float32, float32] {
	return func(dst, a []float32) {
		a = a[:len(dst)]
		for i := range dst {
			dst[i] = float32(f(float64(a[i])))
		}
	}
}

func through2(f func(a, b float64) float64) binaryLoop[float32, float32] {
	return func(dst, a, b []float32) {
		a, b = a[:len(dst)], b[:len(dst)]
		for i := range dst {
			dst[i] = float32(f(float64(a[i]), float64(b[i])))
		}
	}
}

// identity is the loop of operations that leave real numbers as they are.
func identity[T any](dst, a []T) { copy(dst, a) }
