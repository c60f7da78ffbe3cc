package gpu

import (
	"unsafe"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/engine"
)

func init() {
	register(&family{encode: fouriers, scratch: fourierScratch}, engine.OpFFT, engine.OpRFFT, engine.OpIRFFT)
	generators["fourier"] = func(library) string { return fourierScaling }
}

// How the kernel reads and writes numbers.
const (
	loadComplex = iota
	loadReal
	loadHalf
	loadFilter
	loadProduct
	chirped      = 8
	storeComplex = 0
	storeReal    = 1
)

// pass is the Pass of the kernels.
type pass struct {
	columns, inWidth, outWidth  uint64
	n, p, stride, length        uint32
	tile, across, stages, table uint32
	radix                       [fourierStages]uint32
	roots, chirp                roots
	load, store                 uint32
	sign, scale                 float32
}

// transform encodes the passes of one task.
type transform struct {
	*job
	plan    fourierPlan
	table   *fourierTable
	tables  alloc.Block
	sign    float32
	between []engine.Operand // what passes leave to each other
	filter  engine.Operand
}

// end is where the first pass reads, or the last one writes: rows of some width.
type end struct {
	operand *engine.Operand
	width   int
	mode    uint32
	scale   float32
}

// fouriers transforms rows, as many at a time as the scratch is for.
func fouriers(j *job) error {
	t := j.task
	at, in, out := t.Attrs.(engine.FourierAttrs), t.In[0], t.Out[0]
	if out.Len() == 0 {
		return nil
	}
	if ok, err := j.byTransforms(at, &in, &out); ok {
		return err
	}
	f := transform{job: j, plan: planFourier(at.N, j.queue.backend.fourierTile()), sign: -1}
	if f.plan.size > fourierMost {
		return engine.Errorf(engine.ValueError, t.Op.Name, "gpu transforms %d numbers at most, and %d become %d", fourierMost, at.N, f.plan.size)
	}
	if at.Inverse {
		f.sign = 1
	}
	var err error
	if f.table, f.tables, err = j.fourierTables(&f.plan, float64(f.sign)); err != nil {
		return err
	}
	from := end{&in, in.Shape[len(in.Shape)-1], loadComplex, 1}
	to := end{&out, out.Shape[len(out.Shape)-1], storeComplex, float32(at.Scale)}
	switch t.Op {
	case engine.OpRFFT:
		from.mode = loadReal
	case engine.OpIRFFT:
		from.mode, to.mode = loadHalf, storeReal
	}
	rows := out.Len() / to.width
	parts, err := j.carve(f.plan.scratch(rows)...)
	if err != nil {
		return err
	}
	f.between = parts
	if f.plan.chirp {
		last := len(parts) - 1
		f.between, f.filter = parts[:last], parts[last]
		if err := f.run(1, end{&in, 0, loadFilter, 1}, end{&f.filter, f.plan.size, storeComplex, 1 / float32(f.plan.size)}); err != nil {
			return err
		}
	}
	step := f.plan.rows(rows)
	for first := 0; first < rows; first += step {
		if err := f.rows(min(step, rows-first), from, to); err != nil {
			return err
		}
		in.Offset += step * from.width
		out.Offset += step * to.width
	}
	return nil
}

// rows transforms rows; where the chirp turns them, by way of the product of their
// spectrum with the filter's.
func (f *transform) rows(rows int, from, to end) error {
	if !f.plan.chirp {
		return f.run(rows, from, to)
	}
	from.mode |= chirped
	to.mode |= chirped
	// The passes back begin where those there have ended.
	middle := &f.between[(len(f.plan.passes)-1)%len(f.between)]
	if err := f.run(rows, from, end{middle, f.plan.size, storeComplex, 1}); err != nil {
		return err
	}
	return f.run(rows, end{middle, f.plan.size, loadProduct, 1}, to)
}

// run encodes the passes of one transform, from one end to the other.
func (f *transform) run(rows int, from, to end) error {
	stride, at := 1, from
	for k, p := range f.plan.passes {
		next := to
		if k < len(f.plan.passes)-1 {
			next = end{f.other(at.operand), f.plan.size, storeComplex, 1}
		}
		if err := f.pass(rows, k, stride, at, next); err != nil {
			return err
		}
		stride *= p
		at = end{next.operand, next.width, loadComplex, 1}
	}
	return nil
}

// other is scratch that is not what a pass reads.
func (f *transform) other(than *engine.Operand) *engine.Operand {
	if than == &f.between[0] {
		return &f.between[1]
	}
	return &f.between[0]
}

func (f *transform) pass(rows, k, stride int, from, to end) error {
	if err := f.use(kernelName{library{family: "fourier"}, "pass"}); err != nil {
		return err
	}
	if err := f.read(from.operand, 0); err != nil {
		return err
	}
	if err := f.write(to.operand, 1); err != nil {
		return err
	}
	filter := from.operand // not looked at
	if from.mode == loadProduct {
		filter = &f.filter
	}
	if err := f.read(filter, 2); err != nil {
		return err
	}
	f.record.SetBuffer(f.tables.Handle.(Buffer), 0, 3)
	length := f.plan.passes[k]
	columns := rows * (f.plan.size / length)
	tile := max(min(f.plan.tile/length, columns), 1)
	groups := (columns + tile - 1) / tile
	x := min(groups, lines)
	p := pass{
		columns: uint64(columns), inWidth: uint64(from.width), outWidth: uint64(to.width),
		n: uint32(f.plan.size), p: uint32(length), stride: uint32(stride), length: uint32(f.plan.length),
		tile: uint32(tile), across: uint32(x), table: f.table.passes[k],
		roots: f.table.whole, chirp: f.table.chirp, load: from.mode, store: to.mode, sign: f.sign, scale: to.scale,
	}
	for _, r := range radices(length) {
		p.radix[p.stages] = uint32(r)
		p.stages++
	}
	params(f.job, &p, 4)
	f.record.SetThreadgroupMemory(16*tile*length, 0)
	threads := min((tile*length/fourierPerThread+lanesPerSimd)/lanesPerSimd*lanesPerSimd, f.plan.tile/fourierPerThread, f.kernel.maxThreads)
	f.groups(Size{Width: uint(x), Height: uint((groups + x - 1) / x), Depth: 1}, Size{Width: uint(threads), Height: 1, Depth: 1})
	return nil
}

// fourierPerThread is how many numbers of a tile a thread has, unless it is large.
const fourierPerThread = 8

// fourierKey names tables of roots: of a length, in one direction.
type fourierKey struct {
	length  int
	inverse bool
}

// uploaded is a table in memory that the GPU reads.
type uploaded struct {
	table *fourierTable
	block alloc.Block
}

// mostFourierTables is how many tables a backend keeps. They grow with the root of
// the length, so that all of them together are small.
const mostFourierTables = 64

// fourierTables gives a plan's roots. The first that are asked for are kept until
// the backend is closed, later ones until the batch is done.
func (j *job) fourierTables(p *fourierPlan, sign float64) (*fourierTable, alloc.Block, error) {
	b, key := j.queue.backend, fourierKey{p.length, sign > 0}
	b.mu.Lock()
	defer b.mu.Unlock()
	if u, ok := b.fourier[key]; ok {
		return u.table, u.block, nil
	}
	u := uploaded{table: newFourierTable(p, sign)}
	data := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(u.table.numbers))), 8*len(u.table.numbers))
	var err error
	if u.block, err = b.driver.NewFilled(data); err != nil {
		return nil, u.block, err
	}
	if len(b.fourier) < mostFourierTables {
		b.fourier[key] = u
	} else {
		j.scratch = append(j.scratch, u.block)
	}
	return u.table, u.block, nil
}
