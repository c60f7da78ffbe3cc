package cpu

import (
	"github.com/mlxstar/mlxstar/cpu/internal/accelerate"
	"github.com/mlxstar/mlxstar/cpu/internal/simd"
	"github.com/mlxstar/mlxstar/engine"
)

// matrix is a two-dimensional operand: element (i, j) is data[offset + i*rows + j*cols].
type matrix[E any] struct {
	data       []E
	offset     int
	rows, cols int
}

func (m matrix[E]) transposed() matrix[E] {
	m.rows, m.cols = m.cols, m.rows
	return m
}

// from is the matrix without its first i rows and j columns.
func (m matrix[E]) from(i, j int) matrix[E] {
	m.offset += i*m.rows + j*m.cols
	return m
}

// stack is a stack of matrices: the last two axes of an operand, and a walk over
// the others.
type stack[E any] struct {
	matrix[E]
	lead walk
}

func newStack[E any](o *engine.Operand) stack[E] {
	r := len(o.Shape)
	s := stack[E]{matrix: matrix[E]{data: storage[E](o), offset: o.Offset, rows: o.Strides[r-2], cols: o.Strides[r-1]}}
	if r == 2 {
		return s
	}
	lead := walk{shape: o.Shape[:r-2], strides: o.Strides[:r-2]}
	s.lead = lead.collapsed()
	return s
}

func (s *stack[E]) at(i int) matrix[E] {
	m := s.matrix
	m.offset += s.lead.place(i)
	return m
}

// matProduct is one task of matrix products of elements E that are computed in T:
// out = alpha * a @ b + beta * c, c being optional.
type matProduct[E, T any] struct {
	arith   *arithmetic[E, T]
	task    *engine.Task
	a, b, c stack[E]
	out     []E
	grid
	alpha, beta float64
	add         bool // there is a c
	unlaid      bool // where an operand will lie is not known
	room        packing[T]
}

// stackOf is newStack for operands that may have no place yet.
func (p *matProduct[E, T]) stackOf(o *engine.Operand) stack[E] {
	if o.Strides == nil {
		p.unlaid = true
		return stack[E]{}
	}
	return newStack[E](o)
}

// arithmetic is how elements E are multiplied as numbers T.
type arithmetic[E, T any] struct {
	widen  func(dst []T, src []E) // nil where E is T
	narrow func(dst []E, src []T)
	scale  func(dst []T, alpha float64, c []T, beta float64) // dst = alpha*dst + beta*c
	micro  micro[T]
	dot    func(a, b []T) T
	axpy   func(y []T, x T, a []T) // y += x*a
	times  func(y []T, x T)        // y *= x
	few    simd.Few[T, T]
	stored simd.Few[T, E] // of elements as they are, nil where they are widened first
	// library gives the system's product, or nil; nil itself where there can be none.
	library func() libraryProduct[T]
}

// The cutting of products. A tile of the output is one piece of work. Depth is the
// stretch of the inner axis that is packed at once: a tile's rows then stay in the
// second-level cache, and a panel of its columns, packed when its turn comes, in the
// first.
const (
	matDepth = 256
	matRows  = 512
	matCols  = 4096
	matArea  = 512 * 512 // of a tile that is narrowed from numbers set aside
	matSmall = 4096      // multiplications below which packing does not pay
	// directMost are those up to which operands are multiplied where they lie, if they lie so that
	// they can be, unless there is more than directWide of one of their sides.
	directMost = 1 << 17
	directWide = 128
)

// matmul makes the kernel of matmul and addmm.
func matmul[E, T any](ar *arithmetic[E, T]) kernel {
	return func(w *workers, t *engine.Task) error {
		if ar.directly(t) {
			y, x := dense[T](&t.Out[0]), lines2[T](&t.In[0])
			m, k, n := t.In[0].Shape[0], t.In[0].Shape[1], t.In[1].Shape[1]
			clear(y)
			ar.few.Rows(simd.Lines[T]{Data: y, Stride: n}, x, lines2[T](&t.In[1]), m, k, n)
			return nil
		}
		p := newProduct(ar, t)
		if len(p.out) == 0 {
			return nil
		}
		batch := len(p.out) / (p.m * p.n)
		work := p.m * p.n * p.k
		sizes, _ := p.scratch(w, batch)
		var err error
		if p.room, err = newPacking[T](t.Op, t.Workspace.Data, sizes); err != nil {
			return err
		}
		switch {
		case p.isDirect():
			return w.run(t.Ctx, batch, smallGrain(work), p.direct)
		case work <= matSmall && p.k > 0:
			return w.run(t.Ctx, batch, smallGrain(work), p.small)
		case p.k > 0 && p.isFew():
			return p.few(w, batch)
		}
		if product := p.library(); product != nil {
			return p.byLibrary(w, batch, product)
		}
		p.cut(batch, w.threads)
		return w.run(t.Ctx, batch*p.tiles(), p.grain(), p.part)
	}
}

// smallGrain is the number of small products that are worth another processor.
func smallGrain(work int) int { return max(8*matSmall/work, 1) }

// scratch is what a processor wants for the products, and in how many chunks they are
// done at most.
func (p *matProduct[E, T]) scratch(w *workers, batch int) (z packedSizes, chunks int) {
	work := p.m * p.n * p.k
	line := 0
	if p.add {
		line = min(p.n, lineMax)
	}
	switch {
	case p.isDirect():
		return packedSizes{line: line}, chunksOf(batch, smallGrain(work))
	case work <= matSmall && p.k > 0:
		return packedSizes{a: p.m * p.k, b: p.k * p.n, out: p.m * p.n, line: line}, chunksOf(batch, smallGrain(work))
	case p.k > 0 && p.isFew():
		return p.fewScratch(w, batch)
	}
	if p.library() != nil {
		return packedSizes{line: line}, w.threads
	}
	p.cut(batch, w.threads)
	z = forTiles(p.tileM, p.k)
	if p.arith.narrow != nil {
		z.out = p.tileM * p.tileN
	}
	z.line = line
	return z, chunksOf(batch*p.tiles(), p.grain())
}

// matmulWorkspace is the rule of products.
func matmulWorkspace[E, T any](ar *arithmetic[E, T]) func(w *workers, t *engine.Task) int {
	return func(w *workers, t *engine.Task) int {
		n := t.Out[0].Len()
		if n == 0 || ar.directly(t) {
			return 0
		}
		p := newProduct(ar, t)
		batch := n / (p.m * p.n)
		z, chunks := p.scratch(w, batch)
		if p.unlaid && min(p.m, p.n) <= fewMost {
			few, pieces := p.fewScratch(w, batch)
			return max(w.packedWorkspace(chunks, z, sizeOf[T]()), w.packedWorkspace(pieces, few, sizeOf[T]()))
		}
		return w.packedWorkspace(chunks, z, sizeOf[T]())
	}
}

// newProduct lays a task out, whose operands may have no storage yet.
func newProduct[E, T any](ar *arithmetic[E, T], t *engine.Task) *matProduct[E, T] {
	p := &matProduct[E, T]{arith: ar, task: t, out: dense[E](&t.Out[0]), alpha: 1}
	in := t.In
	if at, ok := t.Attrs.(engine.AddMMAttrs); ok {
		p.alpha, p.beta, p.add = at.Alpha, at.Beta, true
		p.c = p.stackOf(&in[0])
		in = in[1:]
	}
	p.a, p.b = p.stackOf(&in[0]), p.stackOf(&in[1])
	r := len(in[0].Shape)
	p.m, p.k, p.n = in[0].Shape[r-2], in[0].Shape[r-1], in[1].Shape[r-1]
	p.mr, p.nr, p.maxN = ar.micro.mr, ar.micro.nr, matCols
	if ar.narrow != nil {
		p.maxN = matArea / min(matRows, max(p.m, 1))
	}
	return p
}

// grid is the cutting of an output into tiles.
type grid struct {
	m, n, k        int
	mr, nr         int // of the micro-kernel
	maxN           int // columns of a tile at most
	tileM, tileN   int
	tilesM, tilesN int
}

// cut chooses the tiles: the grid that should take the least time, given that each
// tile packs its rows and its columns anew. What an element sums, and in which
// order, does not depend on it.
func (g *grid) cut(batch, threads int) {
	part := func(n, tiles, width int) int { return (n + tiles*width - 1) / (tiles * width) * width }
	best := -1
	// Tiles are whole panels, and so are the bounds: a tile must not exceed them.
	fewest := func(n, most, width int) int { return (n + most/width*width - 1) / (most / width * width) }
	rowTiles, colTiles := fewest(g.m, matRows, g.mr), fewest(g.n, g.maxN, g.nr)
	for m := rowTiles; m <= rowTiles+2*threads; m++ {
		for n := colTiles; n <= colTiles+2*threads; n++ {
			tileM, tileN := part(g.m, m, g.mr), part(g.n, n, g.nr)
			tilesM, tilesN := (g.m+tileM-1)/tileM, (g.n+tileN-1)/tileN
			rounds := (batch*tilesM*tilesN + threads - 1) / threads
			time := rounds * (g.k*(tileM*tileN+packCost*(tileM+tileN)) + tileCost)
			if best < 0 || time < best {
				best, g.tileM, g.tileN, g.tilesM, g.tilesN = time, tileM, tileN, tilesM, tilesN
			}
		}
	}
}

func (g *grid) tiles() int { return g.tilesM * g.tilesN }

// grain is the number of tiles that are worth handing to another processor.
func (g *grid) grain() int { return max(matPiece/(g.tileM*g.tileN*max(g.k, 1)), 1) }

// tile gives where the i-th tile begins and how large it is.
func (g *grid) tile(i int) (row, col, m, n int) {
	row, col = i/g.tilesN*g.tileM, i%g.tilesN*g.tileN
	return row, col, min(g.tileM, g.m-row), min(g.tileN, g.n-col)
}

// What packing an element costs, and a tile of its own, in multiplications.
const (
	packCost = 16
	tileCost = 1 << 18
)

// matPiece is the number of multiplications below which handing a tile to another
// processor does not pay.
const matPiece = 1 << 19

// part computes the output tiles lo to hi.
func (p *matProduct[E, T]) part(_ *tiles, lo, hi int) error {
	s := p.room.get()
	defer p.room.put(s)
	for i := lo; i < hi; i++ {
		var t matTile[T]
		t.row, t.col, t.m, t.n = p.tile(i % p.tiles())
		if err := p.fill(s, i/p.tiles(), &t); err != nil {
			return err
		}
	}
	return nil
}

// matTile is a part of the output, and where its numbers are worked out.
type matTile[T any] struct {
	row, col, m, n int
	to             []T
	stride         int
	onto           bool // the product is added to what is there
}

// fill computes one tile of one matrix of the stack.
func (p *matProduct[E, T]) fill(s *packed[T], index int, t *matTile[T]) error {
	place := index*p.m*p.n + t.row*p.n + t.col
	if direct, ok := any(p.out).([]T); ok {
		t.to, t.stride = direct[place:], p.n
	} else {
		t.to, t.stride = s.out, t.n
	}
	left := matrixPanels[E, T]{p.a.at(index), p.arith.widen}
	right := matrixPanels[E, T]{p.b.at(index).transposed(), p.arith.widen}
	if err := p.arith.micro.multiply(p.task.Ctx, s, left, right, t, p.k); err != nil {
		return err
	}
	p.finish(s, index, place, t)
	return nil
}

// finish scales, adds c and rounds.
func (p *matProduct[E, T]) finish(s *packed[T], index, place int, t *matTile[T]) {
	for i := range t.m {
		row := t.to[i*t.stride:][:t.n]
		p.addend(s.line, index, t.row+i, t.col, row)
		if p.arith.narrow != nil {
			p.arith.narrow(p.out[place+i*p.n:][:t.n], row)
		}
	}
}

// addend applies alpha, beta and c to a part of a row of the product.
func (p *matProduct[E, T]) addend(line []T, index, i, j int, row []T) {
	if !p.add {
		return
	}
	c := p.c.at(index).from(i, j)
	for at := 0; at < len(row); at += len(line) {
		n := min(len(line), len(row)-at)
		fetch(line[:n], c.data, c.offset+at*c.cols, c.cols, p.arith.widen)
		p.arith.scale(row[at:][:n], p.alpha, line[:n], p.beta)
	}
}

// fetch brings elements that lie step apart together as numbers.
func fetch[E, T any](dst []T, data []E, from, step int, widen func([]T, []E)) {
	if widen == nil {
		copyRun(dst, any(data).([]T), from, step)
		return
	}
	if step == 1 {
		widen(dst, data[from:][:len(dst)])
		return
	}
	for i := range dst {
		widen(dst[i:i+1], data[from+i*step:][:1])
	}
}

// directly reports whether a task is one product of two small matrices whose rows lie together, which
// nothing need be laid out for.
func (ar *arithmetic[E, T]) directly(t *engine.Task) bool {
	if len(t.In) != 2 || len(t.In[0].Shape) != 2 || len(t.In[1].Shape) != 2 || ar.widen != nil {
		return false
	}
	a, b := &t.In[0], &t.In[1]
	m, k, n := a.Shape[0], a.Shape[1], b.Shape[1]
	return a.Strides != nil && b.Strides != nil && a.Strides[1] == 1 && b.Strides[1] == 1 &&
		min(m, k, n) > 0 && max(m, k, n) <= directWide && m*k*n <= directMost &&
		(m*k*n < libraryLeast || ar.library == nil || ar.library() == nil)
}

// lines2 is a matrix whose rows lie together.
func lines2[T any](o *engine.Operand) simd.Lines[T] {
	return simd.Lines[T]{Data: storage[T](o)[o.Offset:], Stride: o.Strides[0]}
}

// isDirect reports whether the product is one of small matrices of numbers whose rows, or of the right one
// whose columns, lie together.
func (p *matProduct[E, T]) isDirect() bool {
	if _, same := any(p.out).([]T); !same || p.unlaid || p.k == 0 || p.a.cols != 1 || p.b.cols != 1 && p.b.rows != 1 {
		return false
	}
	return max(p.m, p.k, p.n) <= directWide && p.m*p.k*p.n <= directMost && p.library() == nil
}

// direct multiplies small matrices where they lie, lo to hi of the stack.
func (p *matProduct[E, T]) direct(_ *tiles, lo, hi int) error {
	s := p.room.get()
	defer p.room.put(s)
	out, left, right := any(p.out).([]T), any(p.a.data).([]T), any(p.b.data).([]T)
	for index := lo; index < hi; index++ {
		a, b := p.a.at(index), p.b.at(index)
		y := simd.Lines[T]{Data: out[index*p.m*p.n:][:p.m*p.n], Stride: p.n}
		x := simd.Lines[T]{Data: left[a.offset:], Stride: a.rows}
		clear(y.Data)
		if b.cols == 1 {
			p.arith.few.Rows(y, x, simd.Lines[T]{Data: right[b.offset:], Stride: b.rows}, p.m, p.k, p.n)
		} else {
			p.arith.few.Dots(y, x, simd.Lines[T]{Data: right[b.offset:], Stride: b.cols}, p.m, p.n, p.k)
		}
		for i := 0; p.add && i < p.m; i++ {
			p.addend(s.line, index, i, 0, y.Data[i*p.n:][:p.n])
		}
	}
	return nil
}

// small multiplies matrices too small for packing, lo to hi of the stack.
func (p *matProduct[E, T]) small(_ *tiles, lo, hi int) error {
	s := p.room.get()
	defer p.room.put(s)
	// The operands fit the scratch: each has at most matSmall elements.
	x, y := s.a[:p.m*p.k], s.b[:p.k*p.n]
	for index := lo; index < hi; index++ {
		a, b := p.a.at(index), p.b.at(index)
		for i := range p.m {
			fetch(x[i*p.k:][:p.k], a.data, a.offset+i*a.rows, a.cols, p.arith.widen)
		}
		for i := range p.k {
			fetch(y[i*p.n:][:p.n], b.data, b.offset+i*b.rows, b.cols, p.arith.widen)
		}
		all := s.out[:p.m*p.n]
		clear(all)
		for i := 0; i < p.m; i += fewMost {
			rows := simd.Lines[T]{Data: all[i*p.n:], Stride: p.n}
			p.arith.few.Rows(rows, simd.Lines[T]{Data: x[i*p.k:], Stride: p.k}, simd.Lines[T]{Data: y, Stride: p.n}, min(fewMost, p.m-i), p.k, p.n)
		}
		if p.add {
			for i := range p.m {
				p.addend(s.line, index, i, 0, all[i*p.n:][:p.n])
			}
		}
		p.store(index*p.m*p.n, all)
	}
	return nil
}

func (p *matProduct[E, T]) store(place int, row []T) {
	if p.arith.narrow != nil {
		p.arith.narrow(p.out[place:][:len(row)], row)
		return
	}
	copy(any(p.out).([]T)[place:], row)
}

// floatProducts are the products of floats, which the processor's kernels make where
// there are some, and those of whole matrices the library where it has any.
func floatProducts(k *simd.Kernels, library func() *accelerate.Library) (f32 *arithmetic[float32, float32], f64 *arithmetic[float64, float64]) {
	f32, f64 = native(scaleReal[float32]), native(scaleReal[float64])
	if k != nil {
		vectorProducts(f32, &k.Float32)
		vectorProducts(f64, &k.Float64)
	}
	f32.library = func() libraryProduct[float32] {
		if l := library(); l != nil {
			return libraryProduct[float32](l.Float32)
		}
		return nil
	}
	f64.library = func() libraryProduct[float64] {
		if l := library(); l != nil {
			return libraryProduct[float64](l.Float64)
		}
		return nil
	}
	return f32, f64
}

// halfProducts are the products of 16-bit floats, by way of those of float32.
func halfProducts(k *simd.Kernels, f32 *arithmetic[float32, float32]) (*arithmetic[half, float32], *arithmetic[brain, float32]) {
	h, b := codecs(k)
	f16, bf16 := widenedProduct(h, f32), widenedProduct(b, f32)
	if k != nil {
		f16.stored, bf16.stored = storedFew[half](&k.FewHalf), storedFew[brain](&k.FewBrain)
	}
	return f16, bf16
}

// addProducts enters the matrix products.
func (t table) addProducts(k *simd.Kernels, f32 *arithmetic[float32, float32], f64 *arithmetic[float64, float64]) {
	f16Product, bf16Product := halfProducts(k, f32)
	for _, op := range []*engine.Op{engine.OpMatMul, engine.OpAddMM} {
		enterProduct(t, op, engine.Float32, f32)
		enterProduct(t, op, engine.Float64, f64)
		enterPaired(t, op, engine.Complex64, native(scaleComplex[complex64]), f32)
		enterPaired(t, op, engine.Complex128, native(scaleComplex[complex128]), f64)
		enterProduct(t, op, engine.Float16, f16Product)
		enterProduct(t, op, engine.BFloat16, bf16Product)
	}
}

func enterProduct[E, T any](t table, op *engine.Op, d engine.Dtype, ar *arithmetic[E, T]) {
	t.add(op, d, d, matmul(ar))
	t.scratch(op, d, d, matmulWorkspace(ar))
}

func enterPaired[C complexNumber, T float](t table, op *engine.Op, d engine.Dtype, ar *arithmetic[C, C], real *arithmetic[T, T]) {
	run, scratch := paired(ar, real)
	t.add(op, d, d, run)
	t.scratch(op, d, d, scratch)
}
