package cpu

import "github.com/mlxstar/mlxstar/cpu/internal/simd"

// Products of which one side has few rows, or columns, read the other where it lies,
// once: packing it would only cost.

const (
	fewMost    = 16   // rows of the small side
	fewWidthLo = 256  // results of a row of a piece of work
	fewPage    = 4096 // bytes of a row of the large side that are read at one go
	fewRun     = 1024 // products that are added up at once
	fewSpace   = 1 << 16
)

// fewProduct is one product x @ a with few rows x, or the transpose of one.
type fewProduct[E, T any] struct {
	*matProduct[E, T]
	s     *packed[T]
	x, a  matrix[E]
	count int // rows of x
	k, n  int // rows and columns of a
	// columns of a lie together, and not its rows
	byColumn bool
}

// isFew reports whether a product is one of few rows or columns, whose large side
// has rows or columns that lie together.
func (p *matProduct[E, T]) isFew() bool {
	if min(p.m, p.n) > fewMost {
		return false
	}
	large := p.b.matrix
	if p.n < p.m {
		large = p.a.matrix
	}
	return min(p.m, p.n) == 1 || large.rows == 1 || large.cols == 1
}

// few multiplies few rows, or few columns, which make the transpose of a product of
// few rows.
func (p *matProduct[E, T]) few(w *workers, batch int) error {
	columns, count, n, part := p.fewParts(w)
	pieces := (n + part - 1) / part
	return w.run(p.task.Ctx, batch*pieces, p.fewGrain(part), func(_ *tiles, lo, hi int) error {
		s := p.room.get()
		defer p.room.put(s)
		for i := lo; i < hi; i++ {
			index, from := i/pieces, i%pieces*part
			f := fewProduct[E, T]{matProduct: p, s: s, x: p.a.at(index), a: p.b.at(index), count: count, k: p.k, n: min(part, n-from)}
			if columns {
				f.x, f.a = p.b.at(index).transposed(), p.a.at(index).transposed()
			}
			f.a = f.a.from(0, from)
			f.byColumn = f.a.rows == 1 && f.a.cols != 1
			y := simd.Lines[T]{Data: s.out, Stride: f.n}
			if err := f.multiply(y); err != nil {
				return err
			}
			if columns {
				f.storeColumns(y, index, from)
			} else {
				f.storeRows(y, index, from)
			}
		}
		return nil
	})
}

// fewParts tells which side is the small one, how many rows and results of a row there
// are, and how many of these a piece of work has.
func (p *matProduct[E, T]) fewParts(w *workers) (columns bool, count, n, part int) {
	columns, count, n = p.n < p.m, p.m, p.n
	if columns {
		count, n = n, count
	}
	return columns, count, n, min(max(n/w.threads, fewWidthLo), fewPage/sizeOf[E]())
}

func (p *matProduct[E, T]) fewGrain(part int) int { return max(int(light)*4/max(part*p.k, 1), 1) }

// fewDepth is the stretch of the inner axis whose numbers are set aside at once.
func fewDepth(count int) int { return max(fewSpace/count/fewRun*fewRun, fewRun) }

// fewScratch is scratch for products of few rows.
func (p *matProduct[E, T]) fewScratch(w *workers, batch int) (z packedSizes, chunks int) {
	columns, count, n, part := p.fewParts(w)
	part = min(part, n)
	z = packedSizes{out: count * part, a: count * min(p.k, fewDepth(count)), rows: rowsRoom}
	if columns {
		z.a = max(z.a, count*part)
	}
	if p.add {
		z.line = max(min(n, lineMax), count)
	}
	return z, chunksOf(batch*((n+part-1)/part), p.fewGrain(part))
}

// multiply computes y = x @ a, stretch by stretch of the inner axis where the
// numbers of x must be set aside.
func (f *fewProduct[E, T]) multiply(y simd.Lines[T]) error {
	clear(y.Data[:f.count*f.n])
	direct, same := any(f.x.data).([]T)
	if same && f.x.cols == 1 {
		return f.stretch(y, simd.Lines[T]{Data: direct[f.x.offset:], Stride: f.x.rows}, 0, f.k)
	}
	most := fewDepth(f.count)
	for k := 0; k < f.k; k += most {
		depth := min(most, f.k-k)
		x := simd.Lines[T]{Data: f.s.a, Stride: depth}
		for i := range f.count {
			fetch(x.Data[i*depth:][:depth], f.x.data, f.x.offset+i*f.x.rows+k*f.x.cols, f.x.cols, f.arith.widen)
		}
		if err := f.stretch(y, x, k, depth); err != nil {
			return err
		}
	}
	return nil
}

// stretch adds the products of rows k to k+depth of a.
func (f *fewProduct[E, T]) stretch(y, x simd.Lines[T], k, depth int) error {
	a := f.a.from(k, 0)
	step, lines := len(f.s.rows)/f.n, depth // as many as there is room to widen
	if f.byColumn {
		step, lines = fewTogether, f.n
	}
	for at := 0; at < lines; at += step {
		if err := f.task.Ctx.Err(); err != nil {
			return err
		}
		n := min(step, lines-at)
		if f.byColumn {
			f.dots(simd.Lines[T]{Data: y.Data[at:], Stride: y.Stride}, x, a.from(0, at), depth, n)
			continue
		}
		factors, rows := simd.Lines[T]{Data: x.Data[at:], Stride: x.Stride}, a.from(at, 0)
		if f.arith.stored.Rows != nil && a.cols == 1 {
			f.arith.stored.Rows(y, factors, rows.lines(), f.count, n, f.n)
			continue
		}
		f.arith.few.Rows(y, factors, f.numbers(rows, n, f.n), f.count, n, f.n)
	}
	return nil
}

// fewTogether is the number of columns whose products are added up together.
const fewTogether = 4

// dots adds the products of the rows of x and some columns of a to columns of y, run
// by run.
func (f *fewProduct[E, T]) dots(y, x simd.Lines[T], a matrix[E], depth, columns int) {
	for k := 0; k < depth; k += fewRun {
		n := min(fewRun, depth-k)
		xs, rows := simd.Lines[T]{Data: x.Data[k:], Stride: x.Stride}, a.from(k, 0).transposed()
		if f.arith.stored.Dots != nil {
			f.arith.stored.Dots(y, xs, rows.lines(), f.count, columns, n)
		} else {
			f.arith.few.Dots(y, xs, f.numbers(rows, columns, n), f.count, columns, n)
		}
	}
}

// lines is a matrix whose rows are contiguous.
func (m matrix[E]) lines() simd.Lines[E] {
	return simd.Lines[E]{Data: m.data[m.offset:], Stride: m.rows}
}

// numbers gives rows of a matrix as numbers, in place where they are contiguous
// already.
func (f *fewProduct[E, T]) numbers(m matrix[E], rows, n int) simd.Lines[T] {
	if data, ok := any(m.data).([]T); ok && m.cols == 1 {
		return simd.Lines[T]{Data: data[m.offset:], Stride: m.rows}
	}
	for i := range rows {
		fetch(f.s.rows[i*n:][:n], m.data, m.offset+i*m.rows, m.cols, f.arith.widen)
	}
	return simd.Lines[T]{Data: f.s.rows, Stride: n}
}

// storeRows writes results that are parts of rows.
func (f *fewProduct[E, T]) storeRows(y simd.Lines[T], index, from int) {
	for i := range f.count {
		row := y.Data[i*y.Stride:][:f.n]
		f.addend(f.s.line, index, i, from, row)
		f.store((index*f.count+i)*f.matProduct.n+from, row)
	}
}

// storeColumns writes results that are whole rows, transposed, from the from-th on.
func (f *fewProduct[E, T]) storeColumns(y simd.Lines[T], index, from int) {
	rows := y.Data[:f.count*f.n]
	if f.count > 1 {
		rows = f.s.a[:f.count*f.n]
		for i := range f.count {
			for j, v := range y.Data[i*y.Stride:][:f.n] {
				rows[j*f.count+i] = v
			}
		}
	}
	if f.add {
		for j := range f.n {
			f.addend(f.s.line[:f.count], index, from+j, 0, rows[j*f.count:][:f.count])
		}
	}
	f.store((index*f.m+from)*f.count, rows)
}
