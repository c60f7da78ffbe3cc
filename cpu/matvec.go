package cpu

// vectors multiplies where one of the matrices is a row or a column. The other
// is read once, so that packing it would only cost.
func (p *matProduct[E, T]) vectors(w *workers, batch int) error {
	rows := p.m != 1
	n := p.n
	if rows {
		n = p.m
	}
	// A piece of work is a stretch of the result of one matrix, long because short
	// parts of rows are slow to read.
	part := min(max(n/w.threads, vectorMin), vectorMax)
	pieces := (n + part - 1) / part
	return w.run(p.task.Ctx, batch*pieces, max(int(light)*4/(part*p.k), 1), func(_ *tiles, lo, hi int) error {
		s := p.arith.micro.scratch.get()
		defer p.arith.micro.scratch.put(s)
		for i := lo; i < hi; i++ {
			index, from := i/pieces, i%pieces*part
			x, a := p.a.at(index), p.b.at(index)
			if rows { // the product's transpose is a row
				x, a = p.b.at(index).transposed(), p.a.at(index).transposed()
			}
			y := s.out[:min(part, n-from)]
			if err := p.vector(s, y, x, a.from(0, from)); err != nil {
				return err
			}
			place := index*n + from
			if rows {
				for j := range y {
					p.addend(s.line[:1], index, from+j, 0, y[j:j+1])
				}
			} else {
				p.addend(s.line[:], index, 0, from, y)
			}
			p.store(place, y)
		}
		return nil
	})
}

// vectorMin and vectorMax bound the number of results of a piece. What a result
// adds up does not depend on it.
const (
	vectorMin = 256
	vectorMax = 2048
)

// vector computes y = x @ a for a row x of k elements, stretch by stretch.
func (p *matProduct[E, T]) vector(s *packed[T], y []T, x, a matrix[E]) error {
	clear(y)
	for k := 0; k < p.k; k += vectorDepth {
		if err := p.task.Ctx.Err(); err != nil {
			return err
		}
		xs := s.line[:min(vectorDepth, p.k-k)]
		fetch(xs, x.data, x.offset+k*x.cols, x.cols, p.arith.widen)
		at := a.from(k, 0)
		if a.rows == 1 && a.cols != 1 {
			for j := range y {
				y[j] = p.arith.sum(y[j], p.arith.dot(xs, p.numbers(s, at, j*at.cols, len(xs), 1)))
			}
			continue
		}
		for i, v := range xs {
			p.arith.axpy(y, v, p.numbers(s, at, i*at.rows, len(y), at.cols))
		}
	}
	return nil
}

// vectorDepth is the length of a stretch.
const vectorDepth = 2048

// numbers gives n elements of a matrix as numbers, in place where they are
// contiguous already.
func (p *matProduct[E, T]) numbers(s *packed[T], m matrix[E], at, n, step int) []T {
	if data, ok := any(m.data).([]T); ok && step == 1 {
		return data[m.offset+at:][:n]
	}
	row := s.a[:n]
	fetch(row, m.data, m.offset+at, step, p.arith.widen)
	return row
}
