//go:build amd64 || arm64

package simd

// fewKernels are kernels of four, two and one rows of the small operand; those of
// dots take several rows of the large one and one.
type fewKernels[T float, E float | uint16] struct {
	together int // rows of the large operand
	dots     [3][2]func(c, x *T, a *E, n, apart, stride, across int)
	rows     [3]func(c, x *T, a *E, n, depth, across, apart, stride int)
}

// fewCounts are the rows that the kernels take.
var fewCounts = [3]int{4, 2, 1}

// split calls f for each kernel and each row of the small operand that it begins with.
func split(count int, f func(kernel, i int)) {
	for i := 0; i < count; {
		for k, n := range fewCounts {
			if i+n <= count {
				f(k, i)
				i += n
				break
			}
		}
	}
}

func (f *fewKernels[T, E]) kernels() Few[T, E] {
	return Few[T, E]{
		Dots: func(c, x Lines[T], a Lines[E], count, rows, n int) {
			if count == 0 || rows == 0 || n == 0 {
				return
			}
			c.reach(count, rows)
			x.reach(count, n)
			a.reach(rows, n)
			for j := 0; j < rows; {
				which, wide := 0, f.together
				if rows-j < wide {
					which, wide = 1, 1
				}
				split(count, func(k, i int) {
					f.dots[k][which](c.at(i, j), x.at(i, 0), a.at(j, 0), n, x.Stride, a.Stride, c.Stride)
				})
				j += wide
			}
		},
		Rows: func(c, x Lines[T], a Lines[E], count, depth, n int) {
			if count == 0 || depth == 0 || n == 0 {
				return
			}
			c.reach(count, n)
			x.reach(count, depth)
			a.reach(depth, n)
			split(count, func(k, i int) {
				f.rows[k](c.at(i, 0), x.at(i, 0), a.at(0, 0), n, depth, c.Stride, x.Stride, a.Stride)
			})
		},
	}
}

// reach sees to it that so many rows of n elements are there.
func (l Lines[T]) reach(rows, n int) { _ = l.Data[(rows-1)*l.Stride:][:n] }

func (l Lines[T]) at(i, j int) *T { return &l.Data[i*l.Stride+j] }
