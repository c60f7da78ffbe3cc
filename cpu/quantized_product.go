package cpu

import (
	"context"

	"github.com/mlxstar/mlxstar/cpu/internal/simd"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// quantizedKernel multiplies by matrices of codes.
type quantizedKernel[E any] struct {
	arith  *arithmetic[E, float32]
	codes  simd.Decoders
	modes  map[engine.QuantizeMode]quantizedMode
	widen  func(dst []float32, src []E)
	narrow func(dst []E, src []float32)
	sum    func(x []float32) float32
	turn   func(dst, src []uint32, deep, step, apart int) // transposes, for tiles
}

// quantizedMode is how a mode's scales are read, nil where they have the dtype of x.
type quantizedMode struct {
	decoder *simd.Decoder
	scales  *[256]float32
}

// rowGap keeps rows apart, which often are as long as powers of two, so that the
// same elements of several do not contend for one place of a cache.
const rowGap = 16

const (
	// quantizedFew is the number of rows of x up to which codes are read once for all
	// rows. The workspace holds the numbers of the rows as float32, where they do not lie
	// well as they are, for one row the sums of its groups, and the results where those are
	// to be rounded.
	quantizedFew = 64
	// contendingRows is how many rows are read as they lie even where they contend for the
	// same places of a cache, which has that many ways at least, and contendingStride the
	// distance, in bytes, at which they do.
	contendingRows   = 8
	contendingStride = 4096
)

// quantizedSpace is how the workspace of few rows is divided, in numbers.
type quantizedSpace struct{ numbers, stride, sums, results int }

// spaceOf divides the workspace of few rows.
func (p *quantizedProduct[E]) spaceOf() (s quantizedSpace) {
	if p.narrow != nil {
		s.results = p.m * p.n // else they are the output
	}
	if p.codeRows() != nil {
		a := p.codeMatrix()
		s.stride = alignPart(a.Arranged()) + rowGap
		s.numbers = p.m*s.stride + a.Whole(simd.FixedBlock)
		return s
	}
	if s.stride = p.k; p.narrow != nil || p.m > contendingRows && 4*p.k%contendingStride == 0 {
		s.stride = p.k + rowGap
		s.numbers = p.m * s.stride
	}
	if p.m == 1 {
		s.sums = p.k / p.at.GroupSize
	}
	return s
}

// workspace is the rule of products with quantized matrices.
func (q *quantizedKernel[E]) workspace(w *workers, t *engine.Task) int {
	if t.Out[0].Len() == 0 {
		return 0
	}
	at, x := t.Attrs.(engine.QuantizedProductAttrs), &t.In[0]
	p := &quantizedProduct[E]{quantizedKernel: q, task: t, at: at, m: shapes.Elements(x.Shape[:len(x.Shape)-1]), n: lastOf(t.Out[0].Shape), k: lastOf(x.Shape)}
	batch := 1
	if at.Picked {
		p.m = x.Shape[len(x.Shape)-2]
		batch = t.Out[0].Len() / (p.m * p.n)
	}
	p.matrix = p.k * p.n
	if p.tiles() != nil {
		g := p.tileGrid(batch, w.threads)
		return w.packedWorkspace(batch*g.blocks*g.stretches, p.tileScratch(&g), sizeOf[float32]())
	}
	if p.m > quantizedFew {
		g := p.grid(batch, w.threads)
		return w.packedWorkspace(chunksOf(batch*g.tiles(), g.grain()), p.packedScratch(&g), sizeOf[float32]())
	}
	return p.fewBytes() + w.packedWorkspace(chunksOf(p.parts(w.threads)), p.fewScratch(), sizeOf[float32]())
}

// fewBytes is the part of the workspace that is divided.
func (p *quantizedProduct[E]) fewBytes() int {
	s := p.spaceOf()
	return alignShare(4 * (s.numbers + s.sums + s.results))
}

// fewScratch is what a processor wants for few rows.
func (p *quantizedProduct[E]) fewScratch() packedSizes {
	if p.codeRows() != nil {
		return packedSizes{rows: 2 * codeScales}
	}
	if p.at.Transpose && p.m == 1 {
		return packedSizes{} // codes are multiplied as they are read
	}
	return packedSizes{rows: rowsRoom}
}

// parts is the number of columns, or stretches of them, that few rows are multiplied
// with, and how many are worth another processor.
func (p *quantizedProduct[E]) parts(threads int) (each, grain int) {
	each = p.n
	if p.codeRows() != nil {
		return each, p.shareOfRows(threads)
	}
	if !p.at.Transpose {
		// Columns in stretches, so that a row of codes is read in whole groups.
		each = (p.n + columnStretch - 1) / columnStretch
	}
	grain = max(int(light)*4/(p.m*p.matrix/each+1), 1)
	if p.at.Transpose {
		grain = (grain + fewTogether - 1) / fewTogether * fewTogether
	}
	return each, grain
}

// grid cuts products of many rows.
func (p *quantizedProduct[E]) grid(batch, threads int) grid {
	g := grid{m: p.m, n: p.n, k: p.k, mr: p.arith.micro.mr, nr: p.arith.micro.nr, maxN: matCols}
	if p.narrow != nil {
		g.maxN = matArea / min(matRows, p.m)
	}
	g.cut(batch, threads)
	return g
}

// packedScratch is what a processor wants for many rows.
func (p *quantizedProduct[E]) packedScratch(g *grid) packedSizes {
	z := forTiles(g.tileM, p.k)
	if p.narrow != nil {
		z.out = g.tileM * g.tileN
	}
	return z
}

// quantizedProduct is one task. The quantized matrices have rows of codes along the
// inner axis, if they are transposed, or along the outer one.
type quantizedProduct[E any] struct {
	*quantizedKernel[E]
	mode             quantizedMode
	at               engine.QuantizedProductAttrs
	task             *engine.Task
	x, out           []E
	words            []byte
	scales, biases   []E // of the mode "affine"
	exponents        []byte
	m, n, k          int
	rows, cols       int // of a quantized matrix, in codes
	xIndex, wIndex   *indices
	numbers          []float32 // x, widened, or x itself
	stride           int       // between rows of numbers
	floats           uint      // which rows are arranged as floats, and not in fixed point
	room             packing[float32]
	sums             []float32 // of its groups
	results          []float32
	groups           int // of a row of codes
	rowBytes, matrix int // bytes of a row of codes, codes of a matrix
}

func (q *quantizedKernel[E]) run(w *workers, t *engine.Task) error {
	p := &quantizedProduct[E]{quantizedKernel: q, task: t, at: t.Attrs.(engine.QuantizedProductAttrs)}
	batch, err := p.bind()
	if err != nil || len(p.out) == 0 {
		return err
	}
	if p.tiles() != nil {
		return p.tiled(w, batch)
	}
	if p.m > quantizedFew {
		return p.packed(w, batch)
	}
	for i := range batch {
		x, mat, err := p.pick(i)
		if err != nil {
			return err
		}
		if err := p.few(w, x, mat, p.out[i*p.m*p.n:][:p.m*p.n]); err != nil {
			return err
		}
	}
	return nil
}

// bind lays the operands out and gives the number of products.
func (p *quantizedProduct[E]) bind() (batch int, err error) {
	in := p.task.In
	x, codes := &in[0], &in[1]
	p.mode = p.modes[p.at.Mode]
	p.x, p.out = dense[E](x), dense[E](&p.task.Out[0])
	p.words = codes.Data[4*codes.Offset:][:4*codes.Len()]
	r := len(codes.Shape)
	p.rows, p.cols = codes.Shape[r-2], codes.Shape[r-1]*32/p.at.Bits
	p.groups, p.rowBytes, p.matrix = p.cols/p.at.GroupSize, 4*codes.Shape[r-1], p.rows*p.cols
	p.k, p.n = lastOf(x.Shape), lastOf(p.task.Out[0].Shape)
	rest := in[3:]
	if p.mode.scales == nil {
		p.scales, p.biases, rest = dense[E](&in[2]), dense[E](&rest[0]), rest[1:]
	} else {
		p.exponents = dense[byte](&in[2])
	}
	if !p.at.Picked {
		p.m = len(p.out) / max(p.n, 1)
		return 1, p.space()
	}
	p.m = x.Shape[len(x.Shape)-2]
	for i, to := range []**indices{&p.xIndex, &p.wIndex} {
		of := []*engine.Operand{x, codes}[i]
		index, err := newIndices(&rest[i], 0, shapes.Elements(of.Shape[:len(of.Shape)-2]), 1)
		if err != nil {
			return 0, err
		}
		*to = &index
	}
	return rest[0].Len(), p.space()
}

// space divides the workspace.
func (p *quantizedProduct[E]) space() error {
	if p.m > quantizedFew || p.tiles() != nil {
		return nil
	}
	space := typed[float32](p.task.Workspace.Data)
	take := func(n int) []float32 {
		part := space[:n]
		space = space[n:]
		return part
	}
	s := p.spaceOf()
	p.numbers, p.sums, p.results, p.stride = take(s.numbers), take(s.sums), take(s.results), s.stride
	var err error
	p.room, err = newPacking[float32](p.task.Op, p.task.Workspace.Data[p.fewBytes():], p.fewScratch())
	return err
}

// pick gives the matrices of the i-th product: the rows of x, and the number of the
// quantized one.
func (p *quantizedProduct[E]) pick(i int) (x []E, mat int, err error) {
	if !p.at.Picked {
		return p.x, 0, nil
	}
	at, err := p.xIndex.get(p.task.Op.Name, i)
	if err == nil {
		mat, err = p.wIndex.get(p.task.Op.Name, i)
	}
	return p.x[at*p.m*p.k:][:p.m*p.k], mat, err
}

// line reads codes of a row of a quantized matrix, from the from-th on, as many as
// there is room for, and the scales and biases of their groups. From is a multiple
// of 8.
func (p *quantizedProduct[E]) line(mat, row, from int, codes []byte, scales, biases []float32) {
	at := (mat*p.rows+row)*p.rowBytes + from*p.at.Bits/8
	p.codes.Unpack(codes, p.words[at:(mat*p.rows+row+1)*p.rowBytes], p.at.Bits)
	group := (mat*p.rows+row)*p.groups + from/p.at.GroupSize
	if s := p.mode.scales; s != nil {
		for i, e := range p.exponents[group:][:len(scales)] {
			scales[i] = s[e]
		}
		return
	}
	p.widenTo(scales, p.scales[group:])
	p.widenTo(biases[:len(scales)], p.biases[group:])
}

func (q *quantizedKernel[E]) widenTo(dst []float32, src []E) {
	if same, ok := any(src).([]float32); ok {
		copy(dst, same)
		return
	}
	q.widen(dst, src[:len(dst)])
}

// codeStretch is the number of codes that are read at once: whole groups.
const codeStretch = 2048

// codeLine is a stretch of codes with its scales and biases.
type codeLine struct {
	codes          [codeStretch]byte
	scales, biases [codeStretch / 16]float32
}

// few multiplies few rows by one quantized matrix, reading its codes once.
func (p *quantizedProduct[E]) few(w *workers, x []E, mat int, out []E) error {
	if p.codeRows() != nil {
		p.arrange(x)
	} else if p.stride > p.k {
		for i := range p.m {
			p.widenTo(p.numbers[i*p.stride:][:p.k], x[i*p.k:][:p.k])
		}
	} else {
		p.numbers = any(x).([]float32)
	}
	results := p.results
	if direct, ok := any(out).([]float32); ok {
		results = direct
	}
	do := p.across
	if p.codeRows() != nil {
		do = p.stored
	} else if p.at.Transpose {
		do = p.along
		if p.m == 1 {
			for i := range p.sums {
				p.sums[i] = 0
				for _, v := range p.numbers[i*p.at.GroupSize:][:p.at.GroupSize] {
					p.sums[i] += v
				}
			}
		}
	}
	each, grain := p.parts(w.threads)
	return w.run(p.task.Ctx, each, grain, func(_ *tiles, lo, hi int) error {
		s := p.room.get()
		defer p.room.put(s)
		if err := do(p.task.Ctx, s, results, mat, lo, hi); err != nil {
			return err
		}
		if p.narrow != nil {
			if !p.at.Transpose {
				lo, hi = lo*columnStretch, min(hi*columnStretch, p.n)
			}
			for i := range p.m {
				p.narrow(out[i*p.n+lo:i*p.n+hi], results[i*p.n+lo:])
			}
		}
		return nil
	})
}

// columnStretch is the number of columns that are worked on at once where codes run
// across the inner axis, acrossLines that of rows.
const (
	columnStretch = 512
	acrossLines   = 16
)

// along computes the columns lo to hi of a product whose inner axis the codes run
// along. Several rows have the codes of some columns decoded first.
func (p *quantizedProduct[E]) along(ctx context.Context, s *packed[float32], results []float32, mat, lo, hi int) error {
	if p.m == 1 {
		return p.alone(ctx, results, mat, lo, hi)
	}
	var l codeLine
	for j := lo; j < hi; j += fewTogether {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		columns := min(fewTogether, hi-j)
		for i := range p.m {
			clear(results[i*p.n+j:][:columns])
		}
		to := simd.Lines[float32]{Data: results[j:], Stride: p.n}
		for from := 0; from < p.k; from += fewRun {
			n := min(fewRun, p.k-from)
			for c := range columns {
				p.decode(&l, s.rows[c*n:][:n], mat, j+c, from)
			}
			xs, rows := simd.Lines[float32]{Data: p.numbers[from:], Stride: p.stride}, simd.Lines[float32]{Data: s.rows, Stride: n}
			p.arith.few.Dots(to, xs, rows, p.m, columns, n)
		}
	}
	return nil
}

// alone is along for one row: sums of codes times numbers, group by group, and of
// biases times the numbers' sums.
func (p *quantizedProduct[E]) alone(ctx context.Context, results []float32, mat, lo, hi int) error {
	var l codeLine
	size := p.at.GroupSize
	for j := lo; j < hi; j++ {
		if j%64 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		results[j] = 0
		for from := 0; from < p.k; from += codeStretch {
			n := min(codeStretch, p.k-from)
			codes, scales, biases := l.codes[:n], l.scales[:n/size], l.biases[:n/size]
			p.line(mat, j, from, codes, scales, biases)
			sum := p.mode.decoder.Dot(codes, p.numbers[from:][:n], scales)
			if p.mode.scales == nil {
				sum += p.arith.dot(biases, p.sums[from/size:][:len(biases)])
			}
			results[j] += sum
		}
	}
	return nil
}

// decode writes the numbers of a row of a quantized matrix, from the from-th on.
func (p *quantizedProduct[E]) decode(l *codeLine, dst []float32, mat, row, from int) {
	n := len(dst)
	codes, scales, biases := l.codes[:n], l.scales[:n/p.at.GroupSize], l.biases[:n/p.at.GroupSize]
	p.line(mat, row, from, codes, scales, biases)
	p.mode.decoder.Fill(dst, codes, scales, biases)
}

// across computes stretches of the columns of a product whose inner axis the codes
// run across.
func (p *quantizedProduct[E]) across(ctx context.Context, s *packed[float32], results []float32, mat, lo, hi int) error {
	var l codeLine
	for part := lo; part < hi; part++ {
		from := part * columnStretch
		n := min(columnStretch, p.n-from)
		for i := range p.m {
			clear(results[i*p.n+from:][:n])
		}
		to, rows := simd.Lines[float32]{Data: results[from:], Stride: p.n}, simd.Lines[float32]{Data: s.rows, Stride: n}
		for k := 0; k < p.k; k += acrossLines {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			deep := min(acrossLines, p.k-k)
			for r := range deep {
				p.decode(&l, s.rows[r*n:][:n], mat, k+r, from)
			}
			p.arith.few.Rows(to, simd.Lines[float32]{Data: p.numbers[k:], Stride: p.stride}, rows, p.m, deep, n)
		}
	}
	return nil
}

// packed multiplies many rows: panels of the quantized matrix are decoded where
// those of another would be copied.
func (p *quantizedProduct[E]) packed(w *workers, batch int) error {
	g := p.grid(batch, w.threads)
	room, err := newPacking[float32](p.task.Op, p.task.Workspace.Data, p.packedScratch(&g))
	if err != nil {
		return err
	}
	return w.run(p.task.Ctx, batch*g.tiles(), g.grain(), func(_ *tiles, lo, hi int) error {
		s := room.get()
		defer room.put(s)
		for i := lo; i < hi; i++ {
			x, mat, err := p.pick(i / g.tiles())
			if err != nil {
				return err
			}
			var t matTile[float32]
			t.row, t.col, t.m, t.n = g.tile(i % g.tiles())
			place := i/g.tiles()*p.m*p.n + t.row*p.n + t.col
			direct, same := any(p.out).([]float32)
			if same {
				t.to, t.stride = direct[place:], p.n
			} else {
				t.to, t.stride = s.out, t.n
			}
			left := matrixPanels[E, float32]{matrix[E]{data: x, rows: p.k, cols: 1}, p.arith.widen}
			if err := p.arith.micro.multiply(p.task.Ctx, s, left, quantizedPanels[E]{p, mat}, &t, p.k); err != nil {
				return err
			}
			if !same {
				for r := range t.m {
					p.narrow(p.out[place+r*p.n:][:t.n], t.to[r*t.stride:])
				}
			}
		}
		return nil
	})
}

// quantizedPanels are the columns of a quantized matrix.
type quantizedPanels[E any] struct {
	*quantizedProduct[E]
	mat int
}

func (q quantizedPanels[E]) panel(m *micro[float32], s *packed[float32], dst []float32, j, n, width, k, depth int) {
	var l codeLine
	size := q.at.GroupSize
	if q.at.Transpose { // a column's codes lie together
		codes, scales, biases := l.codes[:depth], l.scales[:depth/size], l.biases[:depth/size]
		for r := range n {
			q.line(q.mat, j+r, k, codes, scales, biases)
			q.mode.decoder.Fill(s.rows[r*depth:][:depth], codes, scales, biases)
		}
		m.fold(s, dst, n, width, depth)
		return
	}
	// A row's codes do: whole groups around the columns are decoded.
	from := j / size * size
	have := min((j+n+size-1)/size*size, q.n) - from
	values := s.edge[:have]
	if n < width {
		clear(dst)
	}
	for d := range depth {
		scales, biases := l.scales[:have/size], l.biases[:have/size]
		q.line(q.mat, k+d, from, l.codes[:have], scales, biases)
		q.mode.decoder.Fill(values, l.codes[:have], scales, biases)
		copy(dst[d*width:][:n], values[j-from:])
	}
}

// addQuantizedProducts enters the products with quantized matrices.
func (t table) addQuantizedProducts(k *simd.Kernels, f32 *arithmetic[float32, float32]) {
	codes := decoders()
	var sum func([]float32) float32 // for kernels in assembly, as turn is
	var turn func(dst, src []uint32, deep, step, apart int)
	if k != nil {
		codes = k.Codes
		sum = func(x []float32) float32 { return float32(k.Float32.Sum(x)) }
		turn = k.Transpose
	}
	f16, bf16 := codecs(k)
	enterQuantized(t, engine.Float32, codes, sum, turn, f32)
	enterQuantized(t, engine.Float16, codes, sum, turn, widenedProduct(f16, f32))
	enterQuantized(t, engine.BFloat16, codes, sum, turn, widenedProduct(bf16, f32))
}

func enterQuantized[E any](t table, d engine.Dtype, codes simd.Decoders, sum func([]float32) float32, turn func(dst, src []uint32, deep, step, apart int), ar *arithmetic[E, float32]) {
	q := &quantizedKernel[E]{arith: ar, codes: codes, widen: ar.widen, narrow: ar.narrow, sum: sum, turn: turn}
	exponents := exponentScales()
	q.modes = map[engine.QuantizeMode]quantizedMode{
		"affine": {&q.codes.Whole, nil},
		"mxfp4":  {&q.codes.FP4, exponents},
		"mxfp8":  {&q.codes.FP8, exponents},
		"nvfp4":  {&q.codes.FP4, e4m3Values()},
	}
	t.add(engine.OpQuantizedMatMul, d, d, q.run)
	t.scratch(engine.OpQuantizedMatMul, d, d, q.workspace)
}
