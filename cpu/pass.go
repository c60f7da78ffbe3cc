package cpu

import (
	"context"

	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// pass computes elementwise operations, one or several that are fused, stretch by
// stretch: all steps on one stretch of elements before the next, so that what they
// hand on stays in the processor's caches. Every loop gives an element the same
// result wherever a stretch begins and ends, so that the lengths chosen here do
// not show.
//
// The operands have places: first the task's inputs, then its outputs, then
// registers, which hold what steps hand on.
type pass struct {
	n      int // elements
	length int // elements of a stretch at most
	row    int // stretches end where rows of so many do; 0 is anywhere
	weight float64

	moving    []operand // lie as the elements do: move on with the stretch
	constant  []operand // one element for all
	spread    []operand // anything else: gathered, or read in place row by row
	places    int
	steps     []step
	registers int // that steps, constants and gathered operands take
	widest    int // bytes of the largest element
	across    int // operands whose rows lie across the storage
}

// operand is an input or output of a pass.
type operand struct {
	place int
	size  int // bytes of an element
	data  []byte
	from  int  // bytes before the first element
	walk  walk // of a spread one
	reg   int  // the register of one that is constant or gathered
	rows  bool // a spread one that is read in place
	// across is 1 more than the number of a spread one whose rows lie across the storage.
	across int
}

// step is one operation on places.
type step struct {
	loop stretchLoop
	args [maxOperands]int32
	n    int32 // of args
	dst  int32 // -1 is register reg
	reg  int32
	size int32 // bytes of an element of dst
}

// passScratch is what a worker keeps for passes.
type passScratch struct {
	memory []byte   // of the registers
	blocks []byte   // of operands whose rows lie across the storage
	ops    [][]byte // where each place is at the moment
	args   [maxOperands][]byte
}

const (
	// registerBytes is the memory of a worker's registers, unless a pass needs very
	// many: well within a second-level cache.
	registerBytes = 64 << 10
	// stretchBytes bounds one register, so that a few of them fit a first-level cache.
	stretchBytes = 8 << 10
	// rowDirect is the length from which the rows of a broadcast operand are read in
	// place, by stretches that end with the row.
	rowDirect = 512
	// checkStretches is the number of stretches after which a chunk asks whether it is
	// still wanted.
	checkStretches = 128
)

// run computes one operation.
func (e *elementwise) run(w *workers, t *engine.Task) error {
	if n := t.Out[0].Len(); n <= tileLen {
		ts := w.tiles.get()
		defer w.tiles.put(ts)
		if e.short(ts, t, n) {
			return nil
		}
	}
	p := newPass(t.Out[0].Shape, t, false)
	s := step{loop: e.loop, n: int32(len(t.In)), dst: int32(len(t.In)), size: int32(t.Out[0].Dtype.Size())}
	for i := range t.In {
		s.args[i] = int32(i)
	}
	p.add(e, s)
	p.measure()
	return p.run(w, t)
}

// short computes a few elements at once, if no operand is spread out.
func (e *elementwise) short(ts *tiles, t *engine.Task, n int) bool {
	in := &ts.pass.args
	defer clear(in[:])
	for i := range t.In {
		o := &t.In[i]
		if o.Len() != n || !o.IsRowMajor() {
			return false
		}
		in[i] = o.Data[o.Offset*o.Dtype.Size():][:n*o.Dtype.Size()]
	}
	if n > 0 {
		out := &t.Out[0]
		e.loop(ts, out.Data[out.Offset*out.Dtype.Size():][:n*out.Dtype.Size()], in)
	}
	return true
}

// newPass prepares the operands of a task that computes arrays of the shape.
func newPass(shape []int, t *engine.Task, folds bool) *pass {
	p := &pass{n: shapes.Elements(shape), places: len(t.In) + len(t.Out), moving: make([]operand, 0, len(t.In)+len(t.Out))}
	for i := range t.In {
		o := &t.In[i]
		at := p.operand(i, o)
		switch {
		case o.Len() == 1:
			at.reg = p.register()
			p.constant = append(p.constant, at)
		case o.Len() == p.n && o.IsRowMajor():
			p.moving = append(p.moving, at)
		default:
			p.spread = append(p.spread, at)
		}
	}
	for i := range t.Out {
		if o := p.operand(len(t.In)+i, &t.Out[i]); t.Out[i].Len() == p.n {
			p.moving = append(p.moving, o) // what is folded is written in the end
		}
	}
	if len(p.spread) > 0 {
		p.walk(shape, t, folds)
	}
	return p
}

func (p *pass) operand(place int, o *engine.Operand) operand {
	size := o.Dtype.Size()
	p.widest = max(p.widest, size)
	return operand{place: place, size: size, data: o.Data, from: o.Offset * size}
}

// walk finds how the spread operands lie. Where a pass folds its answers, stretches
// must not end with rows.
func (p *pass) walk(shape []int, t *engine.Task, folds bool) {
	strides := [][]int{shapes.RowMajor(shape)}
	for _, s := range p.spread {
		o := &t.In[s.place]
		strides = append(strides, shapes.BroadcastStrides(o.Shape, o.Strides, shape))
	}
	shape, strides = shapes.Collapse(shape, strides...)
	last := len(shape) - 1
	for i := range p.spread {
		s := &p.spread[i]
		s.walk = walk{shape: shape, strides: strides[i+1], offset: t.In[s.place].Offset}
		if !folds && last >= 0 && shape[last] >= rowDirect && s.walk.strides[last] == 1 {
			s.rows, p.row = true, shape[last]
			continue
		}
		if !folds && p.across < overMost && s.liesAcross() {
			p.across++
			s.across, p.row = p.across, shape[last]
			continue
		}
		s.reg = p.register()
	}
}

func (p *pass) register() int {
	p.registers++
	return p.registers - 1
}

// add appends a step that the operation computes.
func (p *pass) add(e *elementwise, s step) {
	p.weight += 1 / float64(e.cost)
	p.widest = max(p.widest, int(s.size))
	p.steps = append(p.steps, s)
}

// passEnd folds or packs the answers at a place as a pass makes them, and writes the
// results to out. Those of a reduction are of trailing axes.
type passEnd func(p *pass, w *workers, t *engine.Task, value int32, out *engine.Operand) error

// run computes the pass in chunks.
func (p *pass) run(w *workers, t *engine.Task) error {
	if p.n == 0 {
		return nil
	}
	if p.across > 0 {
		return p.runAcross(w, t)
	}
	return w.run(t.Ctx, p.n, p.grain(w), func(ts *tiles, lo, hi int) error {
		return p.chunk(t.Ctx, ts, lo, hi, nil)
	})
}

// grain is the number of elements of a chunk.
func (p *pass) grain(w *workers) int {
	weight := max(p.weight, 1/float64(light))
	return max(int(1/weight), tileLen, min(p.n/(16*w.threads), int(light)))
}

// measure settles how long stretches are. They are of whole runs of folds.
func (p *pass) measure() {
	bytes := max(min(stretchBytes, registerBytes/max(p.registers, 1)), foldRun*p.widest)
	p.length = bytes / p.widest / foldRun * foldRun
}

// chunk computes the elements lo to hi. After each stretch it calls each, if that
// is not nil, with the first element's number and how many there are.
func (p *pass) chunk(ctx context.Context, ts *tiles, lo, hi int, each func(at, n int)) error {
	ops := p.prepare(ts, hi-lo)
	defer clear(ops) // the operands must not be kept alive
	for k := 1; lo < hi; k++ {
		if k%checkStretches == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		n := min(hi-lo, p.length)
		if p.row > 0 {
			n = min(n, p.row-lo%p.row)
		}
		p.at(ts, ops, lo, n)
		p.stretch(ts, ops, n)
		if each != nil {
			each(lo, n)
		}
		lo += n
	}
	clear(ts.pass.args[:])
	return nil
}

// prepare gives the places of operands, of which the constant ones hold what they do for up
// to n elements.
func (p *pass) prepare(ts *tiles, n int) (ops [][]byte) {
	sc := &ts.pass
	if need := p.registers * p.stride(); len(sc.memory) < need {
		sc.memory = make([]byte, max(need, registerBytes))
	}
	for len(sc.ops) < p.places {
		sc.ops = append(sc.ops, nil)
	}
	ops = sc.ops[:p.places]
	for i := range p.constant {
		c := &p.constant[i]
		to := sc.memory[c.reg*p.stride():][:min(n, p.length)*c.size]
		repeat(to, c.data[c.from:][:c.size])
		ops[c.place] = to
	}
	for i := range p.spread {
		if s := &p.spread[i]; !s.rows && s.across == 0 {
			ops[s.place] = sc.memory[s.reg*p.stride():][:p.length*s.size]
		}
	}
	return ops
}

// at brings the operands' n elements from the lo-th on to their places.
func (p *pass) at(ts *tiles, ops [][]byte, lo, n int) {
	for i := range p.moving {
		m := &p.moving[i]
		ops[m.place] = m.data[m.from+lo*m.size:][:n*m.size]
	}
	for i := range p.spread {
		switch s := &p.spread[i]; {
		case s.across > 0: // there already
		case s.rows:
			ops[s.place] = s.data[s.walk.place(lo)*s.size:][:n*s.size]
		default:
			s.gather(ops[s.place][:n*s.size], lo)
		}
	}
}

// value is what a place holds at the moment, or register ^at.
func (p *pass) value(ts *tiles, at int32) []byte {
	if at < 0 {
		return ts.pass.memory[int(^at)*p.stride():][:p.stride()]
	}
	return ts.pass.ops[at]
}

// stride is the memory of a register.
func (p *pass) stride() int { return p.length * p.widest }

// stretch runs the steps on n elements.
func (p *pass) stretch(ts *tiles, ops [][]byte, n int) {
	sc := &ts.pass
	for i := range p.steps {
		s := &p.steps[i]
		for k, at := range s.args[:s.n] {
			sc.args[k] = p.value(ts, at)
		}
		size := n * int(s.size)
		dst := sc.memory
		if s.dst >= 0 {
			dst = ops[s.dst]
		} else {
			dst = dst[int(s.reg)*p.stride():]
		}
		s.loop(ts, dst[:size], &sc.args)
	}
}

// gather copies the elements from the at-th on.
func (s *operand) gather(dst []byte, at int) {
	switch s.size {
	case 1:
		gatherRows(dst, s.data, &s.walk, at)
	case 2:
		gatherRows(typed[uint16](dst), typed[uint16](s.data), &s.walk, at)
	case 4:
		gatherRows(typed[uint32](dst), typed[uint32](s.data), &s.walk, at)
	case 8:
		gatherRows(typed[uint64](dst), typed[uint64](s.data), &s.walk, at)
	default:
		gatherRows(typed[wide](dst), typed[wide](s.data), &s.walk, at)
	}
}

// repeat fills dst with an element.
func repeat(dst, element []byte) {
	for n := copy(dst, element); n < len(dst); n *= 2 {
		copy(dst[n:], dst[:n])
	}
}
