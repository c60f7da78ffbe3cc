package cpu

import (
	"github.com/mlxstar/mlxstar/cpu/internal/simd"
	"github.com/mlxstar/mlxstar/engine"
)

// convolution is one task: for each phase a product of what the kernel sees at each
// place, which is looked up as panels are packed, and the weights.
type convolution[E, T any] struct {
	arith *arithmetic[E, T]
	task  *engine.Task
	seen[E]
	w      []E
	out    []E
	outs   int // of all groups
	run    int // elements of x that lie together and that weights do, too
	merged bool
	phases []convPhase
	room   packing[T]
}

// convPhase is the product that a phase is.
type convPhase struct {
	phase
	grid          // of a group
	from    int   // pieces of work of the phases before
	weights []int // where the elements' weights lie in a filter; nil is all in order
}

func conv[E, T any](ar *arithmetic[E, T], mul func(dst, a, b []T)) kernel {
	return func(w *workers, t *engine.Task) error {
		x, weight, out := &t.In[0], &t.In[1], &t.Out[0]
		if out.Len() == 0 {
			return nil
		}
		if isDepthwise(t.Attrs.(engine.ConvAttrs), x, weight) {
			return newDepthwise(ar, mul, t).run(w)
		}
		if same, ok := any(ar).(*arithmetic[T, T]); ok && ar.narrow == nil && isByLines(t.Attrs.(engine.ConvAttrs), weight) {
			return newGroupLines(same, t).run(w)
		}
		p := newConvolution(ar, t)
		pieces, grain := p.divide(w.threads)
		var err error
		if p.room, err = newPacking[T](t.Op, t.Workspace.Data, p.scratch()); err != nil {
			return err
		}
		return w.run(t.Ctx, pieces, grain, p.part)
	}
}

func newConvolution[E, T any](ar *arithmetic[E, T], t *engine.Task) *convolution[E, T] {
	x, weight, out := &t.In[0], &t.In[1], &t.Out[0]
	at := t.Attrs.(engine.ConvAttrs)
	p := &convolution[E, T]{arith: ar, task: t, seen: newSeen[E](at, x, weight.Shape, out.Shape), w: dense[E](weight), out: dense[E](out)}
	p.outs, p.run = lastOf(out.Shape), p.each
	if last := p.rank - 1; p.at.Groups == 1 && p.at.KernelDilation[last] == 1 && p.at.InputDilation[last] == 1 && !p.at.Flip {
		p.merged, p.run = true, p.kernel[last]*p.each
	}
	return p
}

// convWorkspace is the rule of convolutions.
func convWorkspace[E, T any](ar *arithmetic[E, T]) func(w *workers, t *engine.Task) int {
	return func(w *workers, t *engine.Task) int {
		if t.Out[0].Len() == 0 {
			return 0
		}
		if isDepthwise(t.Attrs.(engine.ConvAttrs), &t.In[0], &t.In[1]) {
			return depthwiseWorkspace[E, T](ar, w, t)
		}
		if ar.narrow == nil && isByLines(t.Attrs.(engine.ConvAttrs), &t.In[1]) {
			return groupLinesWorkspace[T](t)
		}
		p := newConvolution(ar, t)
		pieces, grain := p.divide(w.threads)
		return w.packedWorkspace(chunksOf(pieces, grain), p.scratch(), sizeOf[T]())
	}
}

// direct reports whether tiles are worked out where they are to lie.
func (p *convolution[E, T]) direct() bool { return p.arith.narrow == nil && len(p.phases) == 1 }

// scratch is what a processor wants.
func (p *convolution[E, T]) scratch() packedSizes {
	var rows, k, area int
	for i := range p.phases {
		ph := &p.phases[i]
		rows, k, area = max(rows, ph.tileM), max(k, ph.k), max(area, ph.tileM*ph.tileN)
	}
	z := forTiles(rows, k)
	if !p.direct() {
		z.out = area
	}
	return z
}

// divide cuts the products into pieces of work.
func (p *convolution[E, T]) divide(threads int) (pieces, grain int) {
	all := phases(&p.at, p.kernel, p.sizes)
	for _, ph := range all {
		c := convPhase{phase: ph, from: pieces}
		c.m, c.n, c.k = p.batches, p.outs/p.at.Groups, p.each
		for i := range p.rank {
			c.m *= ph.count[i]
			c.k *= len(ph.elements[i])
		}
		c.mr, c.nr, c.maxN = p.arith.micro.mr, p.arith.micro.nr, matCols
		if len(all) > 1 || c.k < engine.Elements(p.kernel)*p.each { // not every element meets input
			c.weights = p.filterPlaces(&c.phase)
		}
		if len(all) > 1 || p.arith.narrow != nil {
			c.maxN = matArea / min(matRows, c.m)
		}
		c.cut(p.at.Groups, threads)
		pieces += p.at.Groups * c.tiles()
		grain = max(grain, c.grain())
		p.phases = append(p.phases, c)
	}
	return pieces, grain
}

// filterPlaces lists where the weights of a phase's elements lie in a filter.
func (p *convolution[E, T]) filterPlaces(ph *phase) []int {
	places := []int{0}
	for i := range p.rank {
		var next []int
		for _, at := range places {
			for _, e := range ph.elements[i] {
				next = append(next, at*p.kernel[i]+e)
			}
		}
		places = next
	}
	return places
}

// part computes the pieces lo to hi.
func (p *convolution[E, T]) part(_ *tiles, lo, hi int) error {
	s := p.room.get()
	defer p.room.put(s)
	at := 0
	for i := lo; i < hi; i++ {
		for at+1 < len(p.phases) && i >= p.phases[at+1].from {
			at++
		}
		ph := &p.phases[at]
		if err := p.tile(s, ph, (i-ph.from)/ph.tiles(), (i-ph.from)%ph.tiles()); err != nil {
			return err
		}
	}
	return nil
}

// tile computes a tile of the product of a phase and a group.
func (p *convolution[E, T]) tile(s *packed[T], ph *convPhase, group, number int) error {
	var t matTile[T]
	t.row, t.col, t.m, t.n = ph.tile(number)
	column := group*ph.n + t.col
	direct, same := any(p.out).([]T)
	if same = same && len(p.phases) == 1; same {
		t.to, t.stride = direct[t.row*p.outs+column:], p.outs
	} else {
		t.to, t.stride = s.out, t.n
	}
	filters := convFilters[E, T]{
		matrixPanels: matrixPanels[E, T]{matrix[E]{data: p.w, offset: group * ph.n * engine.Elements(p.kernel) * p.each, rows: engine.Elements(p.kernel) * p.each, cols: 1}, p.arith.widen},
		each:         p.each, places: ph.weights,
	}
	var right panels[T] = filters
	if ph.weights == nil {
		right = filters.matrixPanels
	}
	if err := p.arith.micro.multiply(p.task.Ctx, s, patchPanels[E, T]{p, ph, group * p.each}, right, &t, ph.k); err != nil {
		return err
	}
	if same {
		return nil
	}
	for r := range t.m {
		dst, src := p.out[p.place(ph, t.row+r)*p.outs+column:][:t.n], t.to[r*t.stride:][:t.n]
		if numbers, ok := any(dst).([]T); ok {
			copy(numbers, src)
		} else {
			p.arith.narrow(dst, src)
		}
	}
	return nil
}

// place is the number, among all places, of one of a phase.
func (p *convolution[E, T]) place(ph *convPhase, number int) int {
	if len(p.phases) == 1 {
		return number
	}
	at, by := 0, 1
	for i := p.rank - 1; i >= 0; i-- {
		at += (ph.first[i] + number%ph.count[i]*ph.step[i]) * by
		by *= p.sizes[i]
		number /= ph.count[i]
	}
	return at + number*by
}

// convFilters are the weights of some elements of the kernel.
type convFilters[E, T any] struct {
	matrixPanels[E, T]
	each   int
	places []int
}

func (f convFilters[E, T]) panel(m *micro[T], s *packed[T], dst []T, at, n, width, k, depth int) {
	for r := range n {
		row, from := s.rows[r*depth:][:depth], f.offset+(at+r)*f.rows
		for k := k; len(row) > 0; {
			in := k % f.each
			run := min(f.each-in, len(row))
			fetch(row[:run], f.data, from+f.places[k/f.each]*f.each+in, 1, f.widen)
			row, k = row[run:], k+run
		}
	}
	m.fold(s, dst, n, width, depth)
}

// patchPanels are what the kernel sees at each place of a phase, of the channels of a
// group.
type patchPanels[E, T any] struct {
	*convolution[E, T]
	phase   *convPhase
	channel int
}

func (p patchPanels[E, T]) panel(m *micro[T], s *packed[T], dst []T, at, n, width, k, depth int) {
	for r := range n {
		p.patch(s.rows[r*depth:][:depth], at+r, k)
	}
	m.fold(s, dst, n, width, depth)
}

// patch writes elements of what the kernel sees at a place, from the k-th on.
func (p patchPanels[E, T]) patch(row []T, place, k int) {
	var moved [engine.ConvAxes]int // how far the kernel is from where it is at first
	for i := p.rank - 1; i >= 0; i-- {
		moved[i] = place % p.phase.count[i] * p.phase.move[i]
		place /= p.phase.count[i]
	}
	for len(row) > 0 {
		from := k % p.run
		n := min(p.run-from, len(row))
		at, lo, hi := p.locate(place, &moved, k/p.run)
		lo, hi = min(max(lo-from, 0), n), min(max(hi-from, 0), n)
		if hi <= lo {
			clear(row[:n])
		} else {
			clear(row[:lo])
			fetch(row[lo:hi], p.x, at+from+lo, 1, p.arith.widen)
			clear(row[hi:n])
		}
		row, k = row[n:], k+n
	}
}

// locate finds the run of x under an element of the kernel or, where runs are merged,
// under a row of it: where it would begin, and which part of it is there.
func (p patchPanels[E, T]) locate(batch int, moved *[engine.ConvAxes]int, element int) (at, lo, hi int) {
	outer := p.rank
	if p.merged {
		outer--
	}
	var to [engine.ConvAxes]int
	for i := outer - 1; i >= 0; i-- {
		origin := p.phase.origin[i]
		to[i] = origin[element%len(origin)] + moved[i]
		element /= len(origin)
		if to[i] < 0 || to[i] >= p.in[i] {
			return 0, 0, 0
		}
	}
	at = batch
	for i := range outer {
		at = at*p.in[i] + to[i]
	}
	if !p.merged {
		return at*p.all + p.channel, 0, p.run
	}
	first, length := p.phase.origin[outer][0]+moved[outer], p.in[outer]
	return (at*length + first) * p.all, max(-first, 0) * p.all, min(p.kernel[outer], length-first) * p.all
}

// addConvolutions enters the convolutions.
func (t table) addConvolutions(k *simd.Kernels, f32 *arithmetic[float32, float32], f64 *arithmetic[float64, float64]) {
	f16, bf16 := codecs(k)
	mul32, mul64 := mulLoop[float32], mulLoop[float64]
	if k != nil {
		mul32, mul64 = k.Float32.Mul, k.Float64.Mul
	}
	enterConvolutions(t, engine.Float32, f32, mul32)
	enterConvolutions(t, engine.Float64, f64, mul64)
	enterConvolutions(t, engine.Float16, widenedProduct(f16, f32), mul32)
	enterConvolutions(t, engine.BFloat16, widenedProduct(bf16, f32), mul32)
}

func enterConvolutions[E, T any](t table, d engine.Dtype, ar *arithmetic[E, T], mul func(dst, a, b []T)) {
	t.add(engine.OpConv, d, d, conv(ar, mul))
	t.scratch(engine.OpConv, d, d, convWorkspace(ar))
	t.add(engine.OpConvWeight, d, d, convWeight(ar, mul))
	t.scratch(engine.OpConvWeight, d, d, convWeightWorkspace(ar))
}
