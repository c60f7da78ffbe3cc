package cpu

import (
	"github.com/mlxstar/mlxstar/cpu/internal/simd"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// convolution is one task: a product of what the kernel sees at each place, which is
// looked up as panels are packed, and the weights.
type convolution[E, T any] struct {
	arith  *arithmetic[E, T]
	task   *engine.Task
	at     engine.ConvAttrs
	x, w   []E
	out    []E
	rank   int
	in     []int // lengths of the axes
	kernel []int
	sizes  []int
	each   int // channels of a group
	all    int // channels
	outs   int // of all groups
	run    int // elements of x that lie together and that weights do, too
	merged bool
	grid   // of a group
}

func conv[E, T any](ar *arithmetic[E, T]) kernel {
	return func(w *workers, t *engine.Task) error {
		x, weight, out := &t.In[0], &t.In[1], &t.Out[0]
		p := &convolution[E, T]{arith: ar, task: t, at: t.Attrs.(engine.ConvAttrs), x: dense[E](x), w: dense[E](weight), out: dense[E](out)}
		p.rank = len(x.Shape) - 2
		p.in, p.kernel, p.sizes = x.Shape[1:p.rank+1], weight.Shape[1:p.rank+1], out.Shape[1:p.rank+1]
		p.each, p.all, p.outs = lastOf(weight.Shape), lastOf(x.Shape), lastOf(out.Shape)
		p.run = p.each
		if last := p.rank - 1; p.at.Groups == 1 && p.at.KernelDilation[last] == 1 && p.at.InputDilation[last] == 1 && !p.at.Flip {
			p.merged, p.run = true, p.kernel[last]*p.each
		}
		p.m, p.n, p.k = len(p.out)/p.outs, p.outs/p.at.Groups, shapes.Elements(p.kernel)*p.each
		p.mr, p.nr, p.maxN = ar.micro.mr, ar.micro.nr, matCols
		if ar.narrow != nil {
			p.maxN = matArea / min(matRows, p.m)
		}
		p.cut(p.at.Groups, w.threads)
		return w.run(t.Ctx, p.at.Groups*p.tiles(), p.grain(), p.part)
	}
}

// part computes the tiles lo to hi, counted over all groups.
func (p *convolution[E, T]) part(_ *tiles, lo, hi int) error {
	s := p.arith.micro.scratch.get()
	defer p.arith.micro.scratch.put(s)
	for i := lo; i < hi; i++ {
		group := i / p.tiles()
		var t matTile[T]
		t.row, t.col, t.m, t.n = p.tile(i % p.tiles())
		place := t.row*p.outs + group*p.n + t.col
		direct, same := any(p.out).([]T)
		if same {
			t.to, t.stride = direct[place:], p.outs
		} else {
			t.to, t.stride = s.out[:], t.n
		}
		weights := matrix[E]{data: p.w, offset: group * p.n * p.k, rows: p.k, cols: 1}
		err := p.arith.micro.multiply(p.task.Ctx, s, patchPanels[E, T]{p, group * p.each}, matrixPanels[E, T]{weights, p.arith.widen}, &t, p.k)
		if err != nil {
			return err
		}
		if !same {
			for r := range t.m {
				p.arith.narrow(p.out[place+r*p.outs:][:t.n], t.to[r*t.stride:])
			}
		}
	}
	return nil
}

// patchPanels are what the kernel sees at each place, of the channels of a group.
type patchPanels[E, T any] struct {
	*convolution[E, T]
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
	var corner [engine.ConvAxes]int // where the kernel begins
	for i := p.rank - 1; i >= 0; i-- {
		corner[i] = place%p.sizes[i]*p.at.Stride[i] - p.at.Low[i]
		place /= p.sizes[i]
	}
	for len(row) > 0 {
		from := k % p.run
		n := min(p.run-from, len(row))
		at, lo, hi := p.locate(place, &corner, k/p.run)
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
func (p patchPanels[E, T]) locate(batch int, corner *[engine.ConvAxes]int, element int) (at, lo, hi int) {
	outer := p.rank
	if p.merged {
		outer--
	}
	var where [engine.ConvAxes]int
	for i := outer - 1; i >= 0; i-- {
		where[i] = element % p.kernel[i]
		element /= p.kernel[i]
	}
	at = batch
	for i := range outer {
		if p.at.Flip {
			where[i] = p.kernel[i] - 1 - where[i]
		}
		to := corner[i] + where[i]*p.at.KernelDilation[i]
		if to < 0 || to%p.at.InputDilation[i] != 0 || to/p.at.InputDilation[i] >= p.in[i] {
			return 0, 0, 0
		}
		at = at*p.in[i] + to/p.at.InputDilation[i]
	}
	if !p.merged {
		return at*p.all + p.channel, 0, p.run
	}
	first, length := corner[outer], p.in[outer]
	return (at*length + first) * p.all, max(-first, 0) * p.all, min(p.kernel[outer], length-first) * p.all
}

// addConvolutions enters the convolutions.
func (t table) addConvolutions(k *simd.Kernels, f32 *arithmetic[float32, float32], f64 *arithmetic[float64, float64]) {
	f16, bf16 := codecs(k)
	t.add(engine.OpConv, engine.Float32, engine.Float32, conv(f32))
	t.add(engine.OpConv, engine.Float64, engine.Float64, conv(f64))
	t.add(engine.OpConv, engine.Float16, engine.Float16, conv(widenedProduct(f16, f32)))
	t.add(engine.OpConv, engine.BFloat16, engine.BFloat16, conv(widenedProduct(bf16, f32)))
}
