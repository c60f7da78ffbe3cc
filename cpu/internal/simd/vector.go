//go:build amd64 || arm64

package simd

// The functions here make kernels of slices from assembly that takes pointers:
// they see to it that operands are long enough, and that nothing is done where
// there is nothing to do.

type float interface{ float32 | float64 }

func unary[T float](f func(dst, a *T, n int)) Unary[T] {
	return func(dst, a []T) {
		if n := len(dst); n > 0 {
			f(&dst[0], &a[:n][0], n)
		}
	}
}

func binary[T float](f func(dst, a, b *T, n int)) Binary[T] {
	return func(dst, a, b []T) {
		if n := len(dst); n > 0 {
			f(&dst[0], &a[:n][0], &b[:n][0], n)
		}
	}
}

// bounded leaves the numbers that are too large for a kernel to the function that
// defines it. The kernel stops at a register of which one is too large; the others
// of that register are then given to it alone, so that no number's result depends
// on its neighbours.
func bounded(f func(dst, a *float32, n int) int, large func(float64) float64) Unary[float32] {
	return func(dst, a []float32) {
		a = a[:len(dst)]
		for len(dst) > 0 {
			n := f(&dst[0], &a[0], len(dst))
			dst, a = dst[n:], a[n:]
			n = min(len(dst), 8)
			for i, x := range a[:n] {
				if f(&dst[i], &a[i], 1) == 0 {
					dst[i] = float32(large(float64(x)))
				}
			}
			dst, a = dst[n:], a[n:]
		}
	}
}

func sum[T float](f func(a *T, n int) float64) func(a []T) float64 {
	return func(a []T) float64 {
		if len(a) == 0 {
			return 0
		}
		return f(&a[0], len(a))
	}
}

// extremeMin is the least number of elements that the kernels of extremes take.
const extremeMin = 8

// extreme folds a few elements one by one, and many in assembly.
func extreme[T float](f func(a *T, n int) T, better func(a, b T) bool) func(a []T) T {
	return func(a []T) T {
		if len(a) >= extremeMin {
			return f(&a[0], len(a))
		}
		r := a[0]
		for _, v := range a[1:] {
			if v != v || better(v, r) {
				r = v
			}
		}
		return r
	}
}

func greater[T float](a, b T) bool { return a > b }

func less[T float](a, b T) bool { return a < b }

func dot[T float](f func(a, b *T, n int) T) func(a, b []T) T {
	return func(a, b []T) T {
		n := len(a)
		if n == 0 {
			return 0
		}
		return f(&a[0], &b[:n][0], n)
	}
}

func axpy[T float](f func(y, a *T, n int, x T)) func(y []T, x T, a []T) {
	return func(y []T, x T, a []T) {
		if n := len(y); n > 0 {
			f(&y[0], &a[:n][0], n, x)
		}
	}
}

func scale[T float](f func(y, a *T, n int, x T)) func(y []T, x T) {
	return func(y []T, x T) {
		if n := len(y); n > 0 {
			f(&y[0], &y[0], n, x)
		}
	}
}

// blocks converts eight elements at a time, and the few that remain one by one.
func blocks[R, T any](f func(dst *R, src *T, blocks int), one func(T) R) func(dst []R, src []T) {
	return func(dst []R, src []T) {
		src = src[:len(dst)]
		if n := len(dst) / 8; n > 0 {
			f(&dst[0], &src[0], n)
			dst, src = dst[8*n:], src[8*n:]
		}
		for i, x := range src {
			dst[i] = one(x)
		}
	}
}

func affine(f func(dst, a *float32, n int, scale, shift float32)) func(dst, a []float32, scale, shift float32) {
	return func(dst, a []float32, scale, shift float32) {
		if n := len(dst); n > 0 {
			f(&dst[0], &a[:n][0], n, scale, shift)
		}
	}
}

func threefry(f func(x, y *byte, blocks int, key0, key1, low, high uint32)) func(x, y []byte, key [2]uint32, low, high uint32) int {
	return func(x, y []byte, key [2]uint32, low, high uint32) int {
		blocks := min(len(x), len(y)) / 32
		if blocks > 0 {
			f(&x[0], &y[0], blocks, key[0], key[1], low, high)
		}
		return 8 * blocks
	}
}

func choose(f func(dst *uint32, where *byte, a, b *uint32, blocks int)) func(dst []uint32, where []uint8, a, b []uint32) {
	return func(dst []uint32, where []uint8, a, b []uint32) {
		where, a, b = where[:len(dst)], a[:len(dst)], b[:len(dst)]
		if n := len(dst) / 8; n > 0 {
			f(&dst[0], &where[0], &a[0], &b[0], n)
			dst, where, a, b = dst[8*n:], where[8*n:], a[8*n:], b[8*n:]
		}
		for i := range dst {
			if where[i] != 0 {
				dst[i] = a[i]
			} else {
				dst[i] = b[i]
			}
		}
	}
}
