package cpu

import (
	"context"

	"github.com/mlxstar/mlxstar/cpu/internal/simd"
)

// Products of many rows by the processor's tiles. Rows of x are brought into fixed point by
// blocks of them, which fit a cache beside the codes of 16 columns; what a processor gets is a stretch
// of the columns of a block. Results are gathered for some columns before they are written, or narrowed.

const (
	// tileArea is about how many numbers a block of rows has, and tileBlock the rows of the largest.
	tileArea  = 1 << 19
	tileBlock = 256
	// tileColumns is how many columns results are gathered for, and tileStretch the least stretch of
	// columns that is worth the arrangement of a block's rows.
	tileColumns = 64
	tileStretch = 512
	// tileShares is how many pieces there are for each processor, where that makes no stretch too short.
	tileShares = 4
)

// tiles are the kernels for many rows, or nil.
func (p *quantizedProduct[E]) tiles() *simd.CodeTiles {
	d := p.modes[p.at.Mode].decoder
	if !p.at.Transpose || p.m <= codeRowsMost || d.Tiles == nil || p.at.GroupSize%32 != 0 || p.codeFloats() == nil {
		return nil
	}
	return d.Tiles
}

// tileGrid is how a product is cut: blocks of rows, and stretches of columns of each.
type tileGrid struct{ rows, blocks, columns, stretches int }

func (p *quantizedProduct[E]) tileGrid(batch, threads int) (g tileGrid) {
	g.rows = min(max(tileArea/p.k, 2*simd.TileRows), tileBlock, p.m+simd.TileRows-1) / simd.TileRows * simd.TileRows
	g.blocks = (p.m + g.rows - 1) / g.rows
	wanted := (tileShares*threads + batch*g.blocks - 1) / (batch * g.blocks)
	g.columns = max((p.n+wanted-1)/wanted, tileStretch)
	g.columns = (g.columns + tileColumns - 1) / tileColumns * tileColumns
	g.stretches = (p.n + g.columns - 1) / g.columns
	return g
}

// tileSizes are the parts of a processor's scratch, in numbers.
type tileSizes struct{ x, fixed, line, w, out, scales int }

func (p *quantizedProduct[E]) tileSizes(g *tileGrid) tileSizes {
	a := p.codeMatrix()
	blocks := a.Whole(simd.CodeBlock) / simd.CodeBlock
	return tileSizes{
		x:      g.rows * (a.TilePlanes() + blocks + a.Groups),
		fixed:  simd.TileRows * p.planesApart(),
		line:   a.Whole(simd.CodeBlock) + blocks,
		w:      simd.TileRows*(a.TileStride()/4+a.TileSteps()+a.Groups) + simd.TileRows*simd.TileRows + simd.TileRoom,
		out:    g.rows * tileColumns,
		scales: 2 * codeScales,
	}
}

// planesApart is how far the planes of rows are apart, in words: not by a power of two.
func (p *quantizedProduct[E]) planesApart() int {
	a := p.codeMatrix()
	return a.TilePlanes() + rowGap
}

// tileScratch is what a processor wants.
func (p *quantizedProduct[E]) tileScratch(g *tileGrid) packedSizes {
	z := p.tileSizes(g)
	return packedSizes{a: z.x, b: z.w, out: z.out, edge: z.fixed, line: z.line, rows: z.scales}
}

// tiled multiplies many rows.
func (p *quantizedProduct[E]) tiled(w *workers, batch int) error {
	g := p.tileGrid(batch, w.threads)
	room, err := newPacking[float32](p.task.Op, p.task.Workspace.Data, p.tileScratch(&g))
	if err != nil {
		return err
	}
	each := g.blocks * g.stretches
	return w.run(p.task.Ctx, batch*each, 1, func(_ *tiles, lo, hi int) error {
		s := room.get()
		defer room.put(s)
		for i := lo; i < hi; i++ {
			x, mat, err := p.pick(i / each)
			if err != nil {
				return err
			}
			b := tileTask[E]{p: p, s: s, a: p.codeMatrix(), mat: mat}
			first, from := i%each/g.stretches*g.rows, i%g.stretches*g.columns
			rows := min(g.rows, p.m-first)
			b.arrange(x[first*p.k:][:rows*p.k], rows)
			if err := b.stretch(p.task.Ctx, p.out[(i/each*p.m+first)*p.n:], from, min(from+g.columns, p.n)); err != nil {
				return err
			}
			if err := b.odd(x[first*p.k:], p.out[(i/each*p.m+first)*p.n:], from, min(from+g.columns, p.n)); err != nil {
				return err
			}
		}
		return nil
	})
}

// tileTask is a block of rows that a processor works on.
type tileTask[E any] struct {
	p      *quantizedProduct[E]
	s      *packed[float32]
	a      simd.CodeMatrix
	mat    int
	rows   int
	floats [tileBlock]bool // rows that have no units, which are multiplied as floats
}

// numbers is the i-th tile of rows.
func (b *tileTask[E]) numbers(i int) (x simd.TileNumbers) {
	blocks := b.a.Whole(simd.CodeBlock) / simd.CodeBlock
	room := b.s.a[i*simd.TileRows*(b.a.TilePlanes()+blocks+b.a.Groups):]
	take := func(n int) []float32 {
		part := room[:simd.TileRows*n]
		room = room[simd.TileRows*n:]
		return part
	}
	x.Planes, x.Units, x.Sums = typed[uint32](bytesOf(take(b.a.TilePlanes()))), take(blocks), take(b.a.Groups)
	return x
}

// arrange brings rows of x into fixed point.
func (b *tileTask[E]) arrange(x []E, rows int) {
	b.rows = rows
	p, k := b.p, b.p.tiles()
	whole := b.a.Whole(simd.CodeBlock)
	line, units := b.s.line[:whole], b.s.line[whole:]
	apart := p.planesApart()
	for first := 0; first < rows; first += simd.TileRows {
		to := b.numbers(first / simd.TileRows)
		for i := range simd.TileRows {
			planes := b.s.edge[i*apart:][:b.a.TilePlanes()]
			there := first+i < rows
			if there {
				p.widenTo(line[:p.k], x[(first+i)*p.k:][:p.k])
				clear(line[p.k:])
			}
			if b.floats[first+i] = there && !k.Fix(planes, units, line); b.floats[first+i] || !there {
				clear(planes)
				clear(units)
				clear(line)
			}
			for at, unit := range units {
				to.Units[at*simd.TileRows+i] = unit
			}
			for g := range b.a.Groups {
				to.Sums[g*simd.TileRows+i] = p.sum(line[g*b.a.Size:][:b.a.Size])
			}
		}
		k.Arrange(to.Planes, typed[uint32](bytesOf(b.s.edge)), apart)
	}
}

// columns brings up to 16 columns from the j-th on, of as many as there are before hi, into the order of tiles.
func (b *tileTask[E]) columns(j, hi int) (w simd.TileCodes) {
	p, a := b.p, b.a
	room := b.s.b
	take := func(n int) []float32 {
		part := room[:n]
		room = room[n:]
		return part
	}
	w.Codes = bytesOf(take(simd.TileRows * a.TileStride() / 4))
	w.Scales, w.Biases = take(simd.TileRows*a.TileSteps()), take(simd.TileRows*a.Groups)
	a.Rows = min(simd.TileRows, hi-j)
	first := b.mat*p.rows + j
	a.Codes = p.words[first*p.rowBytes:][:a.Rows*p.rowBytes]
	p.tiles().Unpack(w.Codes, &a)
	clear(w.Scales)
	clear(w.Biases)
	line := b.s.rows[:a.Groups]
	repeat := max(a.Size/simd.CodeBlock, 1)
	for i := range a.Rows {
		from := (first + i) * a.Groups
		p.widenTo(line, p.scales[from:])
		for s := range a.TileSteps() {
			if g := s / repeat; g < a.Groups { // a last block may be half of one
				w.Scales[s*simd.TileRows+i] = line[g]
			}
		}
		p.widenTo(line, p.biases[from:])
		for g, bias := range line {
			w.Biases[g*simd.TileRows+i] = bias
		}
	}
	return w
}

// stretch computes the columns lo to hi of the block's rows, which out begins with.
func (b *tileTask[E]) stretch(ctx context.Context, out []E, lo, hi int) error {
	p, k := b.p, b.p.tiles()
	rest := b.s.b[len(b.s.b)-simd.TileRows*simd.TileRows-simd.TileRoom:]
	c, room := rest[:simd.TileRows*simd.TileRows], rest[simd.TileRows*simd.TileRows:]
	for from := lo; from < hi; from += tileColumns {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		to := min(from+tileColumns, hi)
		for j := from; j < to; j += simd.TileRows {
			w := b.columns(j, to)
			for first := 0; first < b.rows; first += simd.TileRows {
				k.Multiply(c, b.numbers(first/simd.TileRows), w, &b.a, room)
				results := typed[uint32](bytesOf(b.s.out[first*tileColumns+j-from:]))
				for half := 0; half < simd.TileRows; half += 8 {
					p.turn(results[half:], typed[uint32](bytesOf(c[half*simd.TileRows:])), simd.TileRows, simd.TileRows, tileColumns)
				}
			}
		}
		for i := range b.rows {
			b.write(out[i*p.n+from:][:to-from], b.s.out[i*tileColumns:])
		}
	}
	return nil
}

// write rounds results to the dtype of the output.
func (b *tileTask[E]) write(to []E, results []float32) {
	if same, ok := any(to).([]float32); ok {
		copy(same, results)
		return
	}
	b.p.narrow(to, results)
}

// odd computes what is left: the columns lo to hi of rows that have no units.
func (b *tileTask[E]) odd(x, out []E, lo, hi int) error {
	p := b.p
	blocks := b.a.Whole(simd.CodeBlock)
	for i, floats := range b.floats[:b.rows] {
		if !floats {
			continue
		}
		line, row := b.s.line[:blocks], b.s.edge[:blocks+b.a.Groups]
		p.widenTo(line[:p.k], x[i*p.k:][:p.k])
		clear(line[p.k:])
		p.codes.Arrange(row, line)
		for g := range b.a.Groups {
			row[blocks+g] = p.sum(line[g*b.a.Size:][:b.a.Size])
		}
		a := b.a
		some := min(codeScales/a.Scaled(), tileColumns)
		for j := lo; j < hi; j += some {
			a.Rows = min(some, hi-j)
			first := b.mat*p.rows + j
			a.Codes = p.words[first*p.rowBytes:][:a.Rows*p.rowBytes]
			a.Scales, a.Biases = p.scalesOf(&a, b.s.rows, first)
			p.codeFloats()(simd.Lines[float32]{Data: b.s.out, Stride: tileColumns}, simd.Lines[float32]{Data: row, Stride: len(row)}, 1, a)
			b.write(out[i*p.n+j:][:a.Rows], b.s.out)
		}
	}
	return nil
}
