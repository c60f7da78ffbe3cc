package cpu

import "github.com/mlxstar/mlxstar/engine"

// convWeights is one task: for each group the product of the cotangents, transposed,
// and what the kernel saw at each place, which is looked up as panels are packed. The
// places, which are many where weights are few, are cut into stretches whose sums are
// worked out apart and added up in order.
type convWeights[E, T any] struct {
	arith     *arithmetic[E, T]
	task      *engine.Task
	seen[E]   // the input
	ct, out   []E
	outs      int // of all groups
	count     int // of weights
	stretches int
	length    int // of a stretch, in places
	sums      []T // of the stretches, a weight each
	room      packing[T]
	grid      // of a group
}

// seen is an input and how a kernel moves over it.
type seen[E any] struct {
	at      engine.ConvAttrs
	x       []E
	rank    int
	in      []int // lengths of the axes
	kernel  []int
	sizes   []int
	each    int // channels of a group
	all     int // channels
	batches int
	places  int
}

func newSeen[E any](at engine.ConvAttrs, x *engine.Operand, weight, out []int) seen[E] {
	rank := len(x.Shape) - 2
	s := seen[E]{at: at, x: dense[E](x), rank: rank, in: x.Shape[1 : rank+1], kernel: weight[1 : rank+1], sizes: out[1 : rank+1]}
	s.each, s.all, s.batches = lastOf(weight), lastOf(x.Shape), x.Shape[0]
	s.places = s.batches * engine.Elements(s.sizes)
	return s
}

const (
	// weightStretch is the least number of places of a stretch, stretchMost bounds their
	// number and stretchSums the numbers that their sums take.
	weightStretch = 1024
	stretchMost   = 16
	stretchSums   = 1 << 19
)

// weightStretches is the number of stretches that places are cut into, which depends on
// the shapes alone.
func weightStretches(places, weights int) int {
	return max(min(places/weightStretch, stretchMost, stretchSums/max(weights, 1)), 1)
}

// convWeightWorkspace is the rule of the gradients of weights: room for the stretches'
// sums, and for products.
func convWeightWorkspace[E, T any](ar *arithmetic[E, T]) func(w *workers, t *engine.Task) int {
	return func(w *workers, t *engine.Task) int {
		if t.Out[0].Len() == 0 {
			return 0
		}
		if isDepthwise(t.Attrs.(engine.ConvWeightAttrs).ConvAttrs, &t.In[0], &t.Out[0]) {
			return depthwiseWeightWorkspace[E, T](w, t)
		}
		p := newConvWeights(ar, t, w.threads)
		return p.sumBytes() + w.packedWorkspace(chunksOf(p.pieces(), p.grain()), p.scratch(), sizeOf[T]())
	}
}

func newConvWeights[E, T any](ar *arithmetic[E, T], t *engine.Task, threads int) *convWeights[E, T] {
	out, at := &t.Out[0], t.Attrs.(engine.ConvWeightAttrs).ConvAttrs
	p := &convWeights[E, T]{arith: ar, task: t, seen: newSeen[E](at, &t.In[0], out.Shape, t.In[1].Shape), ct: dense[E](&t.In[1]), out: dense[E](out)}
	p.outs, p.count = out.Shape[0], out.Len()
	p.m, p.n = p.outs/at.Groups, engine.Elements(p.kernel)*p.each
	p.stretches = weightStretches(p.places, p.count)
	p.length = (p.places + p.stretches - 1) / p.stretches
	p.k = p.length
	p.mr, p.nr, p.maxN = ar.micro.mr, ar.micro.nr, matCols
	if p.stretches == 1 && ar.narrow != nil {
		p.maxN = matArea / min(matRows, p.m)
	}
	p.cut(at.Groups*p.stretches, threads)
	return p
}

// pieces is the number of tiles of all groups and stretches.
func (p *convWeights[E, T]) pieces() int { return p.at.Groups * p.stretches * p.tiles() }

// sumBytes is the part of the workspace that the stretches' sums take.
func (p *convWeights[E, T]) sumBytes() int {
	if p.stretches == 1 {
		return 0
	}
	return alignShare(p.stretches * p.count * sizeOf[T]())
}

// scratch is what a processor wants.
func (p *convWeights[E, T]) scratch() packedSizes {
	z := forTiles(p.tileM, p.k)
	if p.stretches == 1 && p.arith.narrow != nil {
		z.out = p.tileM * p.tileN
	}
	return z
}

func convWeight[E, T any](ar *arithmetic[E, T], mul func(dst, a, b []T)) kernel {
	return func(w *workers, t *engine.Task) error {
		out := &t.Out[0]
		if out.Len() == 0 {
			return nil
		}
		at := t.Attrs.(engine.ConvWeightAttrs).ConvAttrs
		if isDepthwise(at, &t.In[0], out) {
			return newDepthwiseWeight(ar, mul, t).run(w)
		}
		p := newConvWeights(ar, t, w.threads)
		space := t.Workspace.Data
		if p.stretches > 1 {
			p.sums, space = typed[T](space)[:p.stretches*p.count], space[p.sumBytes():]
		}
		var err error
		if p.room, err = newPacking[T](t.Op, space, p.scratch()); err != nil {
			return err
		}
		if err := w.run(t.Ctx, p.pieces(), p.grain(), p.part); err != nil || p.stretches == 1 {
			return err
		}
		return w.run(t.Ctx, len(p.out), int(light), func(_ *tiles, lo, hi int) error {
			addStretches(ar, p.out[lo:hi], p.sums[lo:], len(p.out), p.stretches)
			return nil
		})
	}
}

// addStretches adds up, in order, sums that begin apart from each other, into the first.
func addStretches[E, T any](ar *arithmetic[E, T], out []E, sums []T, apart, count int) {
	first := sums[:len(out)]
	for i := 1; i < count; i++ {
		ar.micro.add(first, sums[i*apart:][:len(out)])
	}
	store(ar, out, first)
}

// store writes numbers as elements.
func store[E, T any](ar *arithmetic[E, T], dst []E, src []T) {
	if ar.narrow != nil {
		ar.narrow(dst, src)
		return
	}
	copy(any(dst).([]T), src)
}

// part computes tiles, counted over groups and stretches.
func (p *convWeights[E, T]) part(_ *tiles, lo, hi int) error {
	s := p.room.get()
	defer p.room.put(s)
	for i := lo; i < hi; i++ {
		group, stretch := i/p.tiles()/p.stretches, i/p.tiles()%p.stretches
		first := stretch * p.length
		var t matTile[T]
		t.row, t.col, t.m, t.n = p.tile(i % p.tiles())
		place := (group*p.m+t.row)*p.n + t.col
		direct, same := any(p.out).([]T)
		if p.stretches > 1 {
			direct, same = p.sums[stretch*len(p.out):][:len(p.out)], true
		}
		if same {
			t.to, t.stride = direct[place:], p.n
		} else {
			t.to, t.stride = s.out, t.n
		}
		cts := matrix[E]{data: p.ct, offset: first*p.outs + group*p.m, rows: 1, cols: p.outs}
		left := matrixPanels[E, T]{cts, p.arith.widen}
		right := seenPanels[E, T]{&p.seen, p.arith.widen, group * p.each, first}
		if err := p.arith.micro.multiply(p.task.Ctx, s, left, right, &t, max(min(p.length, p.places-first), 0)); err != nil {
			return err
		}
		if !same {
			for r := range t.m {
				p.arith.narrow(p.out[place+r*p.n:][:t.n], t.to[r*t.stride:][:t.n])
			}
		}
	}
	return nil
}

// seenPanels are the elements that a kernel sees, from a place on: a row for each of the
// kernel's elements and the channels of a group, along the places.
type seenPanels[E, T any] struct {
	*seen[E]
	widen   func([]T, []E)
	channel int
	first   int
}

func (p seenPanels[E, T]) panel(_ *micro[T], _ *packed[T], dst []T, at, n, width, k, depth int) {
	clear(dst)
	for r := 0; r < n; {
		element, channel := (at+r)/p.each, (at+r)%p.each
		run := min(p.each-channel, n-r)
		p.element(element, p.first+k, depth, func(x, place, step, count int) {
			x += p.channel + channel
			to := place*width + r
			if same, ok := any(p.x).([]T); ok && run == width {
				copyRows(dst[to:], same[x:], count, width, step*p.all)
				return
			}
			for range count {
				fetch(dst[to:][:run], p.x, x, 1, p.widen)
				to += width
				x += step * p.all
			}
		})
		r += run
	}
}

// copyRows copies rows of width numbers that begin stride apart.
func copyRows[T any](dst, src []T, rows, width, stride int) {
	for i := range rows {
		copy(dst[i*width:][:width], src[i*stride:][:width])
	}
}

// element walks over places, from the first on, and calls each with stretches of them
// at which an element of the kernel meets the input: where in the input the first is,
// which place that is, how much further in the input the next is, and how many there are.
func (s *seen[E]) element(element, first, count int, each func(x, place, step, count int)) {
	last := s.rank - 1
	var reach [engine.ConvAxes]int
	for i := last; i >= 0; i-- {
		reach[i] = reached(&s.at, i, element%s.kernel[i], s.kernel[i])
		element /= s.kernel[i]
	}
	spread := s.at.InputDilation[last]
	for done := 0; done < count; {
		place := first + done
		from := place % s.sizes[last]
		n := min(s.sizes[last]-from, count-done)
		if x, ok := s.line(place/s.sizes[last], &reach); ok {
			to := reach[last] + from*s.at.Stride[last]
			if spread == 1 {
				lo, hi := inside(to, s.at.Stride[last], n, s.in[last])
				if hi > lo {
					each((x*s.in[last]+to+lo*s.at.Stride[last])*s.all, done+lo, s.at.Stride[last], hi-lo)
				}
			} else {
				for i := range n {
					if at := to + i*s.at.Stride[last]; at >= 0 && at%spread == 0 && at/spread < s.in[last] {
						each((x*s.in[last]+at/spread)*s.all, done+i, 1, 1)
					}
				}
			}
		}
		done += n
	}
}

// line is the number of the input's line that an element of the kernel meets at a line
// of places.
func (s *seen[E]) line(places int, reach *[engine.ConvAxes]int) (x int, ok bool) {
	by := 1
	for i := s.rank - 2; i >= 0; i-- {
		to := reach[i] + places%s.sizes[i]*s.at.Stride[i]
		if to < 0 || to%s.at.InputDilation[i] != 0 || to/s.at.InputDilation[i] >= s.in[i] {
			return 0, false
		}
		x += to / s.at.InputDilation[i] * by
		by *= s.in[i]
		places /= s.sizes[i]
	}
	return x + places*by, true
}
