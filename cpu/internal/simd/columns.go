//go:build amd64 || arm64

package simd

// columnFold sees to it that the rows of a fold are there.
func columnFold[A, T float](f func(acc *A, a *T, n, rows, stride int)) ColumnFold[A, T] {
	return func(acc []A, a []T, rows, stride int) {
		if n := len(acc); n > 0 && rows > 0 {
			f(&acc[0], &a[: (rows-1)*stride+n : len(a)][0], n, rows, stride)
		}
	}
}
