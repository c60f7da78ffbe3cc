package simd

// Lines are rows of elements that begin Stride apart.
type Lines[T any] struct {
	Data   []T
	Stride int
}

// Few are what products of a few rows x by a large matrix a of elements of E are made
// of. The matrix is read where it lies.
type Few[T, E any] struct {
	// Dots adds to element j of row i of c, of count rows, the sum of products of n
	// elements of row i of x and row j, of as many as rows says, of a. How a sum is
	// added up depends on n alone.
	Dots func(c, x Lines[T], a Lines[E], count, rows, n int)
	// Rows adds to n elements of row i of c, of count rows, those of row k of a times
	// element k of row i of x, for depth rows of a in order.
	Rows func(c, x Lines[T], a Lines[E], count, depth, n int)
}

// Number is a type that products are made of.
type Number interface {
	int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64 | float32 | float64 | complex64 | complex128
}

// FewBy makes loops of sums of products and of additions of multiples: y += x*a.
func FewBy[T Number](dot func(a, b []T) T, axpy func(y []T, x T, a []T)) Few[T, T] {
	return Few[T, T]{
		Dots: func(c, x, a Lines[T], count, rows, n int) {
			for j := range rows {
				for i := range count {
					c.Data[i*c.Stride+j] += dot(x.row(i, n), a.row(j, n))
				}
			}
		},
		Rows: func(c, x, a Lines[T], count, depth, n int) {
			for k := range depth {
				for i := range count {
					axpy(c.row(i, n), x.Data[i*x.Stride+k], a.row(k, n))
				}
			}
		},
	}
}

func (l Lines[T]) row(i, n int) []T { return l.Data[i*l.Stride:][:n] }
