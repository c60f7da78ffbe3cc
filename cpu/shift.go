package cpu

import "github.com/mlxstar/mlxstar/engine"

// Shifts count modulo 32, and modulo 64 for 64-bit integers, as the processor's
// instructions do; narrower integers shift as 32-bit ones and are cut.

func shiftRows[T integer](t table, d engine.Dtype) {
	mask := T(31)
	if d.Size() == 8 {
		mask = 63
	}
	left := func(a, n T) T { return T(int64(a) << uint64(n&mask)) }
	right := func(a, n T) T { return T(int64(a) >> uint64(n&mask)) }
	if d == engine.Uint64 {
		right = func(a, n T) T { return T(uint64(a) >> uint64(n&mask)) }
	}
	same2(t, engine.OpLeftShift, d, each2(left))
	same2(t, engine.OpRightShift, d, each2(right))
}
