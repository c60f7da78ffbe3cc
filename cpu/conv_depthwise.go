package cpu

import "github.com/mlxstar/mlxstar/engine"

// Convolutions whose groups have one channel of the input: what a kernel's element sees,
// times the element's weights, is added up for all channels, and some places, at once.

const (
	// depthwiseRun is the number of products that are made at once, where channels are
	// few of several places.
	depthwiseRun = 512
	// depthwiseMost bounds it where channels are many.
	depthwiseMost = 2048
)

func isDepthwise(at engine.ConvAttrs, x, weight *engine.Operand) bool {
	return at.Groups > 1 && lastOf(weight.Shape) == 1 && at.Groups == lastOf(x.Shape)
}

// depthwiseBlock is the number of places whose channels are worked on at once.
func depthwiseBlock(outs int) int { return max(depthwiseRun/max(outs, 1), 1) }

// depthwiseScratch is what a processor wants.
var depthwiseScratch = packedSizes{line: lineMax, rows: rowsRoom}

// depthwiseWeights is how much of the workspace the weights take: by element of the
// kernel, as often as there are places in a block.
func depthwiseWeights[T any](weight *engine.Operand) int {
	return alignShare(weight.Len() * depthwiseBlock(weight.Shape[0]) * sizeOf[T]())
}

// depthwiseWorkspace is the rule of convolutions by channels.
func depthwiseWorkspace[E, T any](ar *arithmetic[E, T], w *workers, t *engine.Task) int {
	d := newDepthwise(ar, nil, t)
	return depthwiseWeights[T](&t.In[1]) + w.packedWorkspace(chunksOf(d.pieces(), d.grain()), depthwiseScratch, sizeOf[T]())
}

// pieces is the number of lines of all phases.
func (d *depthwise[E, T]) pieces() int { return d.lines[len(d.phases)] }

func (d *depthwise[E, T]) grain() int {
	each := d.task.Out[0].Len() / d.pieces() * engine.Elements(d.kernel)
	return max(int(light)/max(each, 1), 1)
}

// channels is what convolutions by channels, and the gradients of their weights, have in
// common.
type channels[E, T any] struct {
	arith *arithmetic[E, T]
	mul   func(dst, a, b []T)
	task  *engine.Task
	seen[E]
	outs  int
	times int // channels of the output for each of the input
	block int // places at once
}

func newChannels[E, T any](ar *arithmetic[E, T], mul func(dst, a, b []T), t *engine.Task, at engine.ConvAttrs, weight, out []int) channels[E, T] {
	c := channels[E, T]{arith: ar, mul: mul, task: t, seen: newSeen[E](at, &t.In[0], weight, out)}
	c.outs = weight[0]
	c.times, c.block = c.outs/at.Groups, depthwiseBlock(c.outs)
	return c
}

// numbers are elements of the input from one on, as many as out channels from the c-th
// on look at, in a buffer if they have to be converted or repeated.
func (c *channels[E, T]) numbers(buffer []T, at, from, n int) []T {
	if c.times == 1 {
		return widenRun(c.arith, buffer, c.x[at+from:][:n])
	}
	first := from / c.times
	distinct := (from+n-1)/c.times - first + 1
	few := widenRun(c.arith, buffer[n:], c.x[at+first:][:distinct])
	for i := range n {
		buffer[i] = few[(from+i)/c.times-first]
	}
	return buffer[:n]
}

// widenRun gives elements as numbers, in the buffer if they have to be converted.
func widenRun[E, T any](ar *arithmetic[E, T], buffer []T, src []E) []T {
	if ar.widen == nil {
		return any(src).([]T)
	}
	ar.widen(buffer[:len(src)], src)
	return buffer[:len(src)]
}

// depthwise is one task.
type depthwise[E, T any] struct {
	channels[E, T]
	w, out  []E
	phases  []phase
	lines   []int // of the phases before, and of all
	weights []T   // a block of each element's
}

func newDepthwise[E, T any](ar *arithmetic[E, T], mul func(dst, a, b []T), t *engine.Task) *depthwise[E, T] {
	weight, out := &t.In[1], &t.Out[0]
	at := t.Attrs.(engine.ConvAttrs)
	d := &depthwise[E, T]{channels: newChannels(ar, mul, t, at, weight.Shape, out.Shape), w: dense[E](weight), out: dense[E](out)}
	d.phases, d.lines = phases(&at, d.kernel, d.sizes), []int{0}
	for _, ph := range d.phases {
		lines := d.batches
		for i := range d.rank - 1 {
			lines *= ph.count[i]
		}
		d.lines = append(d.lines, d.lines[len(d.lines)-1]+lines)
	}
	return d
}

func (d *depthwise[E, T]) run(w *workers) error {
	d.lay(typed[T](d.task.Workspace.Data))
	room, err := newPacking[T](d.task.Op, d.task.Workspace.Data[depthwiseWeights[T](&d.task.In[1]):], depthwiseScratch)
	if err != nil {
		return err
	}
	return w.run(d.task.Ctx, d.pieces(), d.grain(), func(_ *tiles, lo, hi int) error {
		s := room.get()
		defer room.put(s)
		at := 0
		for i := lo; i < hi; i++ {
			for i >= d.lines[at+1] {
				at++
			}
			d.line(s, &d.phases[at], i-d.lines[at])
		}
		return d.task.Ctx.Err()
	})
}

// lay writes the weights as they are multiplied.
func (d *depthwise[E, T]) lay(to []T) {
	elements := engine.Elements(d.kernel)
	d.weights = to[:elements*d.block*d.outs]
	for e := range elements {
		block := d.weights[e*d.block*d.outs:][:d.block*d.outs]
		fetch(block[:d.outs], d.w, e, elements, d.arith.widen)
		for p := 1; p < d.block; p++ {
			copy(block[p*d.outs:], block[:d.outs])
		}
	}
}

// begin finds the batch and the line of the output of a line of a phase, and how far the
// kernel has moved there.
func (d *depthwise[E, T]) begin(ph *phase, number int) (batch, line int, moved [engine.ConvAxes]int) {
	by := 1
	batch = number
	for i := d.rank - 2; i >= 0; i-- {
		j := batch % ph.count[i]
		batch /= ph.count[i]
		moved[i] = j * ph.move[i]
		line += (ph.first[i] + j*ph.step[i]) * by
		by *= d.sizes[i]
	}
	return batch, line + batch*by, moved
}

// line computes the places of a phase that differ along the last axis alone.
func (d *depthwise[E, T]) line(s *packed[T], ph *phase, number int) {
	last := d.rank - 1
	batch, line, moved := d.begin(ph, number)
	width := min(d.outs, depthwiseMost)
	for j := 0; j < ph.count[last]; j += d.block {
		n := min(d.block, ph.count[last]-j)
		for from := 0; from < d.outs; from += width {
			wide := min(width, d.outs-from)
			acc := s.line[:n*wide]
			clear(acc)
			d.places(s, ph, batch, &moved, j, n, from, wide, acc)
			for i := 0; i < n; {
				run := 1
				if wide == d.outs && ph.step[last] == 1 {
					run = n
				}
				at := line*d.sizes[last] + ph.first[last] + (j+i)*ph.step[last]
				store(d.arith, d.out[at*d.outs+from:][:run*wide], acc[i*wide:][:run*wide])
				i += run
			}
		}
	}
}

// places adds up what all of the kernel's elements give to n places from the j-th on, of
// wide channels.
func (d *depthwise[E, T]) places(s *packed[T], ph *phase, batch int, moved *[engine.ConvAxes]int, j, n, from, wide int, acc []T) {
	last := d.rank - 1
	outer := 1
	for i := range last {
		outer *= len(ph.elements[i])
	}
	for number := range outer {
		x, element, ok := d.reach(ph, batch, moved, number)
		if !ok {
			continue
		}
		for e, origin := range ph.origin[last] {
			to := origin + j*ph.move[last]
			lo, hi := inside(to, ph.move[last], n, d.in[last])
			weights := d.weights[(element*d.kernel[last]+ph.elements[last][e])*d.block*d.outs:]
			for i := lo; i < hi; {
				run := 1
				if ph.move[last] == 1 && d.times == 1 && wide == d.outs {
					run = hi - i
				}
				at := (x*d.in[last] + to + i*ph.move[last]) * d.all
				count := run * wide
				seen := d.numbers(s.rows[depthwiseMost:], at, from, count)
				product := s.rows[:count]
				d.mul(product, seen, weights[from:][:count])
				d.arith.micro.add(acc[i*wide:][:count], product)
				i += run
			}
		}
	}
}

// reach finds the line of the input, and the number of the kernel's line, of one of the
// kernel's lines that meet input.
func (d *depthwise[E, T]) reach(ph *phase, batch int, moved *[engine.ConvAxes]int, number int) (x, element int, ok bool) {
	byX, byElement := 1, 1
	for i := d.rank - 2; i >= 0; i-- {
		k := number % len(ph.elements[i])
		number /= len(ph.elements[i])
		to := ph.origin[i][k] + moved[i]
		if to < 0 || to >= d.in[i] {
			return 0, 0, false
		}
		x, element = x+to*byX, element+ph.elements[i][k]*byElement
		byX, byElement = byX*d.in[i], byElement*d.kernel[i]
	}
	return x + batch*byX, element, true
}
