package cpu

import "github.com/mlxstar/mlxstar/engine"

// depthwiseWeight is the gradient of the weights of a convolution by channels. Lines of
// places are cut into stretches whose sums are worked out apart and added up in order.
type depthwiseWeight[E, T any] struct {
	channels[E, T]
	ct, out   []E
	lines     int // of places that differ along the last axis alone
	stretches int
	sums      []T // of each stretch, of each element of the kernel, a block
	results   []T
}

// depthwiseStretches is the number of stretches that lines are cut into, which depends on
// the shapes alone.
func depthwiseStretches(lines, sums int) int {
	return max(min(lines, stretchMost, stretchSums/max(sums, 1)), 1)
}

// depthwiseWeightRoom is how many numbers of the workspace sums and results take, and how
// many stretches there are.
func depthwiseWeightRoom(t *engine.Task) (n, stretches int) {
	ct, out := &t.In[1], &t.Out[0]
	sums := out.Len() * depthwiseBlock(out.Shape[0])
	stretches = depthwiseStretches(engine.Elements(ct.Shape[:len(ct.Shape)-2]), sums)
	return sums*stretches + out.Len(), stretches
}

func depthwiseWeightWorkspace[E, T any](w *workers, t *engine.Task) int {
	n, stretches := depthwiseWeightRoom(t)
	return alignShare(n*sizeOf[T]()) + w.packedWorkspace(stretches, depthwiseScratch, sizeOf[T]())
}

func newDepthwiseWeight[E, T any](ar *arithmetic[E, T], mul func(dst, a, b []T), t *engine.Task) *depthwiseWeight[E, T] {
	ct, out := &t.In[1], &t.Out[0]
	at := t.Attrs.(engine.ConvWeightAttrs).ConvAttrs
	d := &depthwiseWeight[E, T]{channels: newChannels(ar, mul, t, at, out.Shape, ct.Shape), ct: dense[E](ct), out: dense[E](out)}
	d.lines = engine.Elements(ct.Shape[:len(ct.Shape)-2])
	size := out.Len() * d.block
	d.stretches = depthwiseStretches(d.lines, size)
	space := typed[T](t.Workspace.Data)
	d.sums, d.results = space[:size*d.stretches], space[size*d.stretches:][:out.Len()]
	return d
}

func (d *depthwiseWeight[E, T]) run(w *workers) error {
	size := len(d.sums) / d.stretches
	n, _ := depthwiseWeightRoom(d.task)
	room, err := newPacking[T](d.task.Op, d.task.Workspace.Data[alignShare(n*sizeOf[T]()):], depthwiseScratch)
	if err != nil {
		return err
	}
	err = w.run(d.task.Ctx, d.stretches, 1, func(_ *tiles, lo, hi int) error {
		s := room.get()
		defer room.put(s)
		for i := lo; i < hi; i++ {
			sums := d.sums[i*size:][:size]
			clear(sums)
			for line := i * d.lines / d.stretches; line < (i+1)*d.lines/d.stretches; line++ {
				if err := d.task.Ctx.Err(); err != nil {
					return err
				}
				d.line(s, sums, line)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	elements := len(d.out) / d.outs
	err = w.run(d.task.Ctx, elements, max(int(light)/(d.outs*d.block*d.stretches), 1), func(_ *tiles, lo, hi int) error {
		for e := lo; e < hi; e++ {
			total := d.sums[e*d.block*d.outs:][:d.outs]
			for i := range d.stretches {
				for p := range d.block {
					if i+p > 0 {
						d.arith.micro.add(total, d.sums[i*size+(e*d.block+p)*d.outs:][:d.outs])
					}
				}
			}
			for o, v := range total {
				d.results[o*elements+e] = v
			}
		}
		return nil
	})
	if err == nil {
		store(d.arith, d.out, d.results)
	}
	return err
}

// line adds what a line of places gives to the sums of each of the kernel's elements.
func (d *depthwiseWeight[E, T]) line(s *packed[T], sums []T, line int) {
	length := d.sizes[d.rank-1]
	for e := range len(d.out) / d.outs {
		to := sums[e*d.block*d.outs:][:d.block*d.outs]
		d.element(e, line*length, length, func(x, place, step, count int) {
			for i := 0; i < count; {
				run := 1
				if step == 1 && d.times == 1 {
					run = min(d.block, count-i)
				}
				d.add(s, to, x+i*step*d.all, (line*length+place+i)*d.outs, run*d.outs)
				i += run
			}
		})
	}
}

// add adds products of elements of the input, from one on, and of cotangents.
func (d *depthwiseWeight[E, T]) add(s *packed[T], to []T, x, ct, n int) {
	for from := 0; from < n; from += depthwiseMost {
		count := min(depthwiseMost, n-from)
		product := s.rows[:count]
		cts := widenRun(d.arith, s.line[:], d.ct[ct+from:][:count])
		d.mul(product, d.numbers(s.rows[depthwiseMost:], x, from, count), cts)
		d.arith.micro.add(to[from:][:count], product)
	}
}
