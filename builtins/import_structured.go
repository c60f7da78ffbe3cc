package builtins

import (
	"slices"

	"github.com/mlxstar/mlxstar/engine"
)

// Primitives that select, move, fold and multiply.

// selection reads the starts, ends and steps of a slice of x, of which the first stands at
// the given place of the state.
func (d *decoder) selection(at int, x *engine.Node) (start, step, count []int) {
	start, step = d.each(at, x), d.each(at+2, x)
	stop := d.each(at+1, x)
	count = make([]int, len(start))
	for i, n := range x.Shape() {
		if step[i] == 0 {
			d.fail("primitive %s has a step of 0", d.p.Name)
		}
		s, e := start[i], stop[i]
		if s < 0 {
			s += n
		}
		if e < 0 {
			e += n
		}
		if step[i] < 0 {
			s, e = min(s, n-1), max(e, -1)
			count[i] = max(s-e-step[i]-1, 0) / -step[i]
		} else {
			s, e = max(0, min(s, n)), max(0, min(e, n))
			count[i] = max(e-s+step[i]-1, 0) / step[i]
		}
		if s < 0 {
			s, count[i] = 0, 0
		}
		start[i] = s
	}
	return start, step, count
}

func (d *decoder) slice() *engine.Node {
	start, step, count := d.selection(0, d.in[0])
	return d.b.Slice(d.in[0], start, step, count)
}

func (d *decoder) mode(i int) engine.UpdateMode {
	for mode, number := range updateNumbers {
		if int(number) == d.int(i) {
			return mode
		}
	}
	d.fail("primitive %s updates in the way %d, want 0 to 4", d.p.Name, d.int(i))
	return 0
}

func (d *decoder) sliceUpdate() *engine.Node {
	x := d.in[0]
	start, step, count := d.selection(1, x)
	return d.b.SliceUpdate(x, d.b.Broadcast(d.in[1], count), start, step, d.mode(0))
}

func (d *decoder) pad() *engine.Node {
	x, axes, low, high := d.in[0], d.ints(0), d.ints(1), d.ints(2)
	if len(low) != len(axes) || len(high) != len(axes) {
		d.fail("primitive %s has %d axes and widths for %d and %d", d.p.Name, len(axes), len(low), len(high))
	}
	lows, highs := make([]int, x.Rank()), make([]int, x.Rank())
	for i, a := range d.b.Places("pad", x, axes) {
		lows[a], highs[a] = low[i], high[i]
	}
	return d.b.Pad(x, lows, highs, engine.PadConstant, d.in[1])
}

// places checks the axes that index arrays run over, and the sizes of what they pick.
func (d *decoder) places(x *engine.Node, indices []*engine.Node, axes, sizes []int) []int {
	if len(axes) != len(indices) || len(sizes) != x.Rank() {
		d.fail("primitive %s has %d index arrays, %d axes and sizes %v for %d axes", d.p.Name, len(indices), len(axes), sizes, x.Rank())
	}
	for i, n := range sizes {
		if n < 0 || n > x.Shape()[i] {
			d.fail("primitive %s picks %v of %v", d.p.Name, sizes, x.Shape())
		}
	}
	return d.b.Places("take", x, axes)
}

func (d *decoder) gather() *engine.Node {
	x, indices, sizes := d.in[0], d.in[1:], d.ints(1)
	return d.b.Gather(x, indices, d.places(x, indices, d.ints(0), sizes), sizes)
}

func (d *decoder) scatter() *engine.Node {
	x, last := d.in[0], len(d.in)-1
	indices, updates := d.in[1:last], d.in[last]
	if updates.Rank() < x.Rank() {
		d.fail("primitive %s has updates of %d axes for an array of %d", d.p.Name, updates.Rank(), x.Rank())
	}
	axes := d.places(x, indices, d.ints(1), updates.Shape()[updates.Rank()-x.Rank():])
	return d.b.Scatter(x, indices, updates, axes, d.mode(0))
}

func (d *decoder) scatterAlong() *engine.Node {
	mode := engine.Replace
	if d.int(0) == 0 {
		mode = engine.Sum
	}
	return d.b.ScatterAlong(d.in[0], d.in[1], d.in[2], d.int(1), mode)
}

// maskedScatter takes apart the batch axis, whose examples have values of their own.
func (d *decoder) maskedScatter() *engine.Node {
	x, mask, values := d.in[0], d.in[1], d.in[2]
	if x.Rank() == 0 || values.Rank() == 0 || mask.Rank() != x.Rank() || values.Shape()[0] != x.Shape()[0] || mask.Shape()[0] != x.Shape()[0] {
		d.fail("primitive %s has no batch axis", d.p.Name)
	}
	var rows []*engine.Node
	of := func(n *engine.Node, i int) *engine.Node { return d.b.Squeeze(d.b.Narrow(n, 0, i, i+1), 0) }
	for i := range x.Shape()[0] {
		rows = append(rows, d.b.MaskedScatter(of(x, i), of(mask, i), of(values, i)))
	}
	if rows == nil {
		return d.b.Identity(x)
	}
	return d.b.Stack(rows, 0)
}

func (d *decoder) reduce() *engine.Node {
	for op, number := range foldPrimitives {
		if int(number) == d.int(0) {
			axes := d.ints(1)
			if len(axes) == 0 {
				return d.b.AsType(d.in[0], d.dtype())
			}
			return d.b.Reduce(op, d.in[0], axes, true)
		}
	}
	d.fail("primitive %s folds in the way %d, want 0 to 5", d.p.Name, d.int(0))
	return nil
}

func (d *decoder) argReduce() *engine.Node {
	op := engine.OpArgMin
	if d.int(0) != 0 {
		op = engine.OpArgMax
	}
	return d.b.ArgReduce(op, d.in[0], d.int(1), true)
}

func (d *decoder) scan() *engine.Node {
	for op, number := range scanPrimitives {
		if int(number) == d.int(0) {
			return d.b.Scan(op, d.in[0], d.int(1), d.bool(2), d.bool(3))
		}
	}
	d.fail("primitive %s folds in the way %d, want 0 to 4", d.p.Name, d.int(0))
	return nil
}

// fourier transforms the axes. How long the last one of an inverse real transform becomes
// is what the file says, unless the input has another length than there.
func (d *decoder) fourier() *engine.Node {
	x, axes := d.in[0], d.ints(0)
	f := engine.Fourier{Name: "fft", Inverse: d.bool(1), Real: d.bool(2)}
	places := d.b.Places("fft", x, axes)
	if len(places) == 0 {
		d.fail("primitive %s has no axes", d.p.Name)
	}
	sizes := make([]int, len(places))
	for i, a := range places {
		sizes[i] = x.Shape()[a]
	}
	if f.Real && f.Inverse {
		last := places[len(places)-1]
		out := d.p.Outputs[0].Shape
		n := 2 * (x.Shape()[last] - 1)
		if last < len(out) && out[last]/2+1 == x.Shape()[last] {
			n = out[last]
		}
		sizes[len(sizes)-1] = n
	}
	return d.b.Transform(f, x, sizes, places, "backward")
}

func (d *decoder) blockMasked() *engine.Node {
	masks := d.in[2:]
	var out, left, right *engine.Node
	switch len(masks) {
	case 0:
	case 1:
		out = masks[0]
	case 2:
		left, right = masks[0], masks[1]
	default:
		out, left, right = masks[0], masks[1], masks[2]
	}
	return d.b.BlockMaskedMM(d.in[0], d.in[1], d.int(0), out, left, right)
}

func (d *decoder) convolution() *engine.Node {
	x, w := d.in[0], d.in[1]
	at := engine.ConvAttrs{Stride: d.ints(0), Low: d.ints(1), High: d.ints(2), KernelDilation: d.ints(3), InputDilation: d.ints(4), Groups: d.int(5), Flip: d.bool(6)}
	for _, list := range [][]int{at.Stride, at.Low, at.High, at.KernelDilation, at.InputDilation} {
		if len(list) != x.Rank()-2 || w.Rank() != x.Rank() {
			d.fail("primitive %s has numbers for %d axes, an input of %d and a weight of %d", d.p.Name, len(list), x.Rank(), w.Rank())
		}
	}
	return d.b.Conv("conv_general", x, w, at)
}

// quantization reads the group size, bits and mode that the state begins with.
func (d *decoder) quantization() engine.Quantization {
	for mode, number := range quantizeNumbers {
		if int(number) == d.int(2) {
			return engine.Quantization{Mode: mode, GroupSize: d.int(0), Bits: d.int(1)}
		}
	}
	d.fail("primitive %s quantizes in the way %d, want 0 to 3", d.p.Name, d.int(2))
	return engine.Quantization{}
}

// biases takes those of the mode that has any off the front.
func (d *decoder) biases(q engine.Quantization, rest []*engine.Node) (biases *engine.Node, others []*engine.Node) {
	if q.Mode != "affine" {
		return nil, rest
	}
	if len(rest) == 0 {
		d.fail("primitive %s has no biases", d.p.Name)
	}
	return rest[0], rest[1:]
}

func (d *decoder) quantizedMatmul() *engine.Node {
	q := d.quantization()
	biases, _ := d.biases(q, d.in[3:])
	return d.b.QuantizedMatMul(d.in[0], d.in[1], d.in[2], biases, d.bool(3), q)
}

func (d *decoder) gatherQuantized() *engine.Node {
	q := d.quantization()
	biases, places := d.biases(q, d.in[3:])
	if len(places) < 2 {
		d.fail("primitive %s has %d lists of matrices, want 2", d.p.Name, len(places))
	}
	return d.b.GatherQuantizedMatMul(d.in[0], d.in[1], d.in[2], biases, places[0], places[1], d.bool(3), q)
}

func (d *decoder) quantize() []*engine.Node {
	q := d.quantization()
	if !d.bool(3) {
		return d.b.Quantize(d.in[0], q)
	}
	if len(d.in) < 2 {
		d.fail("primitive %s has no scales", d.p.Name)
	}
	biases, _ := d.biases(q, d.in[2:])
	return []*engine.Node{d.b.Dequantize(d.in[0], d.in[1], biases, q, d.dtype())}
}

// vector is a weight; a scalar stands for one that multiplies or adds the same everywhere.
func (d *decoder) vector(n, x *engine.Node) *engine.Node {
	if n.Rank() > 0 || x.Rank() == 0 {
		return n
	}
	return d.b.Broadcast(n, x.Shape()[x.Rank()-1:])
}

func (d *decoder) rmsNorm() *engine.Node {
	return d.b.RMSNorm(d.in[0], d.vector(d.in[1], d.in[0]), d.float(0))
}

func (d *decoder) layerNorm() *engine.Node {
	return d.b.LayerNorm(d.in[0], d.vector(d.in[1], d.in[0]), d.vector(d.in[2], d.in[0]), d.float(0))
}

func (d *decoder) rope() *engine.Node {
	if !d.bool(4) {
		d.fail("primitive %s is a derivative, which is not supported", d.p.Name)
	}
	at := engine.RotaryAttrs{Dims: d.int(0), Traditional: d.bool(1), Base: d.float(2), Scale: d.float(3)}
	if len(d.in) > 2 {
		at.Freqs = d.in[2]
	}
	return d.b.Rotary(d.in[0], d.in[1], at)
}

func (d *decoder) attention() *engine.Node {
	at := engine.AttentionAttrs{Scale: d.float(0), Causal: d.bool(1)}
	rest := slices.Clone(d.in[3:])
	if d.bool(2) {
		if len(rest) == 0 {
			d.fail("primitive %s has no sinks", d.p.Name)
		}
		at.Sinks, rest = rest[len(rest)-1], rest[:len(rest)-1]
	}
	if len(rest) > 0 {
		at.Mask = rest[0]
	}
	return d.b.Attention(d.in[0], d.in[1], d.in[2], at)
}
