package simd

// sets gives the kernels of each set of instructions that the processor has, the
// best last.
func sets() []set {
	all := all()
	for _, s := range all {
		s.kernels.complete()
	}
	return all
}

// complete has loops do what a set of instructions has no kernels for.
func (k *Kernels) complete() {
	k.Float32.complete()
	k.Float64.complete()
	if k.Codes.Unpack == nil {
		k.Codes.Unpack = UnpackLoop
	}
}

func (k *Numbers[T]) complete() {
	if k.Few.Dots == nil {
		k.Few = FewBy(k.Dot, k.Axpy)
	}
	c := &k.Columns
	c.Sum = c.Sum.or(func(acc float64, v T) float64 { return acc + float64(v) })
	c.Product = c.Product.or(func(acc float64, v T) float64 { return acc * float64(v) })
	c.Greatest = c.Greatest.or(func(acc, v T) T { return better(acc, v, acc > v) })
	c.Least = c.Least.or(func(acc, v T) T { return better(acc, v, acc < v) })
}

func better[T float32 | float64](acc, v T, keep bool) T {
	if keep || acc != acc {
		return acc
	}
	return v
}

// or is the kernel, or a loop of the step where there is none.
func (f ColumnFold[A, T]) or(step func(acc A, v T) A) ColumnFold[A, T] {
	if f != nil {
		return f
	}
	return func(acc []A, a []T, rows, stride int) {
		for r := range rows {
			row := a[r*stride:][:len(acc)]
			for i, v := range row {
				acc[i] = step(acc[i], v)
			}
		}
	}
}
