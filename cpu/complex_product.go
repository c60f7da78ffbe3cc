package cpu

import "github.com/mlxstar/mlxstar/engine"

// Products of complex matrices are those of real ones: the real and imaginary parts of a row
// of a, as they lie, times two rows of b for each, the parts of its elements and those of i
// times them, are the parts of a row of the product, as they are to lie.

// pairedProduct is one task of products of matrices of C, whose parts are T.
type pairedProduct[C complexNumber, T float] struct {
	*matProduct[C, C]
	real *arithmetic[T, T]
	grid grid // of the parts
	room packing[T]
}

// pairedFew is the least number of rows and columns of products that are made of real ones.
const pairedFew = 4

// paired is the kernel of complex products: large ones by their parts, others by another
// kernel's.
func paired[C complexNumber, T float](ar *arithmetic[C, C], real *arithmetic[T, T]) (kernel, func(w *workers, t *engine.Task) int) {
	other, scratch := matmul(ar), matmulWorkspace(ar)
	run := func(w *workers, t *engine.Task) error {
		p := newPaired(ar, real, t, w.threads)
		if p == nil {
			return other(w, t)
		}
		var err error
		if p.room, err = newPacking[T](t.Op, t.Workspace.Data, p.sizes()); err != nil {
			return err
		}
		return w.run(t.Ctx, p.pieces(), p.grid.grain(), p.part)
	}
	return run, func(w *workers, t *engine.Task) int {
		p := newPaired(ar, real, t, w.threads)
		if p == nil {
			return scratch(w, t)
		}
		return w.packedWorkspace(chunksOf(p.pieces(), p.grid.grain()), p.sizes(), sizeOf[T]())
	}
}

// newPaired is nil for products that are better made otherwise.
func newPaired[C complexNumber, T float](ar *arithmetic[C, C], real *arithmetic[T, T], t *engine.Task, threads int) *pairedProduct[C, T] {
	if t.Out[0].Len() == 0 {
		return nil
	}
	p := &pairedProduct[C, T]{matProduct: newProduct(ar, t), real: real}
	if min(p.m, p.n) < pairedFew || p.m*p.n*p.k <= matSmall {
		return nil
	}
	p.grid = grid{m: p.m, n: 2 * p.n, k: 2 * p.k, mr: real.micro.mr, nr: real.micro.nr, maxN: matCols}
	p.grid.cut(p.batch(), threads)
	return p
}

func (p *pairedProduct[C, T]) batch() int { return p.task.Out[0].Len() / (p.m * p.n) }

func (p *pairedProduct[C, T]) pieces() int { return p.batch() * p.grid.tiles() }

func (p *pairedProduct[C, T]) sizes() packedSizes {
	z := forTiles(p.grid.tileM, p.grid.k)
	if p.add {
		z.line = min(2*p.n, lineMax)
	}
	return z
}

// part computes the tiles lo to hi of the parts.
func (p *pairedProduct[C, T]) part(_ *tiles, lo, hi int) error {
	s := p.room.get()
	defer p.room.put(s)
	out := partsOf[T](p.out)
	for i := lo; i < hi; i++ {
		index := i / p.grid.tiles()
		var t matTile[T]
		t.row, t.col, t.m, t.n = p.grid.tile(i % p.grid.tiles())
		t.to, t.stride = out[2*index*p.m*p.n+t.row*p.grid.n+t.col:], p.grid.n
		left, right := pairedRows[C, T]{p.a.at(index)}, pairedColumns[C, T]{p.b.at(index)}
		if err := p.real.micro.multiply(p.task.Ctx, s, left, right, &t, p.grid.k); err != nil {
			return err
		}
		if p.add {
			for r := range t.m {
				p.addend(s.line, index, t.row+r, t.col/2, t.to[r*t.stride:][:t.n])
			}
		}
	}
	return nil
}

// addend applies alpha, beta and c to the parts of some elements of a row.
func (p *pairedProduct[C, T]) addend(line []T, index, i, j int, row []T) {
	c := p.c.at(index).from(i, j)
	for at := 0; at < len(row); at += len(line) {
		n := min(len(line), len(row)-at)
		copyRun(pairsOf[C](line[:n]), c.data, c.offset+at/2*c.cols, c.cols)
		p.real.scale(row[at:][:n], p.alpha, line[:n], p.beta)
	}
}

// pairedRows are the panels of the parts of rows.
type pairedRows[C complexNumber, T float] struct{ matrix[C] }

func (x pairedRows[C, T]) panel(m *micro[T], s *packed[T], dst []T, i, n, width, k, depth int) {
	for r := range n {
		copyRun(pairsOf[C](s.rows[r*depth:][:depth]), x.data, x.offset+(i+r)*x.rows+k/2*x.cols, x.cols)
	}
	m.fold(s, dst, n, width, depth)
}

// pairedColumns are the panels of the parts of columns, and of i times them.
type pairedColumns[C complexNumber, T float] struct{ matrix[C] }

func (x pairedColumns[C, T]) panel(_ *micro[T], _ *packed[T], dst []T, j, n, width, k, depth int) {
	if n < width {
		clear(dst)
	}
	from := x.offset + k/2*x.rows + j/2*x.cols
	for d := 0; d < depth; d += 2 {
		plain, turned := dst[d*width:][:n], dst[(d+1)*width:][:n]
		at := from
		for c := 0; c+1 < n; c += 2 {
			v := complex128(x.data[at])
			re, im := T(real(v)), T(imag(v))
			plain[c], plain[c+1] = re, im
			turned[c], turned[c+1] = -im, re
			at += x.cols
		}
		from += x.rows
	}
}
