package builtins

import (
	"slices"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/shapes"
	"github.com/mlxstar/mlxstar/formats/mlxfn"
)

// decoder builds what a primitive computes. What files say is not believed: what the
// builder takes for granted is checked here.
type decoder struct {
	b  *engine.Builder
	p  *mlxfn.Primitive
	in []*engine.Node
}

// decode is how a primitive is built, of at least so many inputs.
type decode struct {
	inputs int
	build  func(d *decoder) []*engine.Node
}

// single is for primitives with one output.
func single(inputs int, f func(d *decoder) *engine.Node) decode {
	return decode{inputs, func(d *decoder) []*engine.Node { return []*engine.Node{f(d)} }}
}

// build gives the outputs of a primitive.
func (d *decoder) build() []*engine.Node {
	how, ok := decoders[d.p.Name]
	if !ok {
		d.fail("primitive %s cannot be computed here", d.p.Name)
	}
	if len(d.in) < how.inputs {
		d.fail("primitive %s has %d inputs, want %d", d.p.Name, len(d.in), how.inputs)
	}
	outs := how.build(d)
	if len(outs) != len(d.p.Outputs) {
		d.fail("primitive %s gives %d arrays, and the file has %d", d.p.Name, len(outs), len(d.p.Outputs))
	}
	for i, o := range outs {
		outs[i] = d.b.AsType(o, d.p.Outputs[i].Dtype) // such as moduli, which are complex there
	}
	return outs
}

func (d *decoder) fail(format string, args ...any) {
	d.b.Fail(object.Errorf(object.ValueError, "import_function: "+format, args...))
}

func (d *decoder) int(i int) int       { return int(d.p.State[i].(int64)) }
func (d *decoder) bool(i int) bool     { return d.p.State[i].(bool) }
func (d *decoder) float(i int) float64 { return d.p.State[i].(float64) }
func (d *decoder) ints(i int) []int    { return slices.Clone(d.p.State[i].([]int)) }

// each are numbers for all axes of x.
func (d *decoder) each(i int, x *engine.Node) []int {
	v := d.ints(i)
	if len(v) != x.Rank() {
		d.fail("primitive %s has %d numbers for %d axes", d.p.Name, len(v), x.Rank())
	}
	return v
}

// dtype is that of the first output.
func (d *decoder) dtype() engine.Dtype { return d.p.Outputs[0].Dtype }

// decoders are how files' primitives are built.
var decoders = map[string]decode{
	"Equal":         single(2, (*decoder).equal),
	"Log":           single(1, func(d *decoder) *engine.Node { return d.chosen(0, engine.OpLog2, engine.OpLog10, engine.OpLog) }),
	"BitwiseBinary": single(2, (*decoder).bitwise),
	"Sqrt": single(1, func(d *decoder) *engine.Node {
		if d.bool(0) {
			return d.b.Unary(engine.OpRsqrt, d.in[0])
		}
		return d.b.Unary(engine.OpSqrt, d.in[0])
	}),
	"Divide": single(2, func(d *decoder) *engine.Node {
		if d.dtype().IsInteger() {
			return d.b.Binary(engine.OpFloorDivide, d.in[0], d.in[1])
		}
		return d.b.Div(d.in[0], d.in[1])
	}),
	"DivMod": {2, func(d *decoder) []*engine.Node {
		q, r := d.b.DivMod(d.in[0], d.in[1])
		return []*engine.Node{q, r}
	}},
	"Select":       single(3, func(d *decoder) *engine.Node { return d.b.Where(d.in[0], d.in[1], d.in[2]) }),
	"AsType":       single(1, func(d *decoder) *engine.Node { return d.b.AsType(d.in[0], d.p.State[0].(engine.Dtype)) }),
	"View":         single(1, func(d *decoder) *engine.Node { return d.b.Bitcast(d.in[0], d.p.State[0].(engine.Dtype)) }),
	"Full":         single(1, func(d *decoder) *engine.Node { return d.b.AsType(d.in[0], d.dtype()) }),
	"Copy":         single(1, func(d *decoder) *engine.Node { return d.b.Identity(d.in[0]) }),
	"StopGradient": single(1, func(d *decoder) *engine.Node { return d.b.StopGradient(d.in[0]) }),
	"Depends":      {1, (*decoder).depends},
	"Arange":       single(0, (*decoder).arange),
	"RandomBits":   single(1, (*decoder).randomBits),
	"NumberOfElements": single(1, func(d *decoder) *engine.Node {
		return d.b.NumberOfElements(d.in[0], d.ints(0), d.bool(1), d.p.State[2].(engine.Dtype))
	}),

	"Broadcast":     single(1, (*decoder).broadcast),
	"BroadcastAxes": single(1, (*decoder).broadcastAxes),
	"ExpandDims":    single(1, func(d *decoder) *engine.Node { return d.b.ExpandDims(d.in[0], d.ints(0)...) }),
	"Squeeze":       single(1, (*decoder).squeeze),
	"Flatten":       single(1, func(d *decoder) *engine.Node { return d.b.Flatten(d.in[0], d.int(0), d.int(1)) }),
	"Unflatten":     single(1, func(d *decoder) *engine.Node { return d.b.Unflatten(d.in[0], d.int(0), d.ints(1)) }),
	"Reshape":       single(1, func(d *decoder) *engine.Node { return d.b.Reshape(d.in[0], d.ints(0)) }),
	"Transpose":     single(1, func(d *decoder) *engine.Node { return d.b.Transpose(d.in[0], d.each(0, d.in[0])) }),
	"AsStrided":     single(1, func(d *decoder) *engine.Node { return d.b.AsStrided(d.in[0], d.ints(0), d.ints(1), d.int(2)) }),
	"Slice":         single(1, (*decoder).slice),
	"SliceUpdate":   single(2, (*decoder).sliceUpdate),
	"DynamicSlice":  single(2, func(d *decoder) *engine.Node { return d.b.DynamicSlice(d.in[0], d.in[1], d.ints(0), d.ints(1)) }),
	"DynamicSliceUpdate": single(3, func(d *decoder) *engine.Node {
		return d.b.DynamicSliceUpdate(d.in[0], d.in[1], d.in[2], d.ints(0))
	}),
	"Split":         {1, func(d *decoder) []*engine.Node { return d.b.SplitAt(d.in[0], d.ints(0), d.int(1)) }},
	"Concatenate":   single(1, func(d *decoder) *engine.Node { return d.b.Concatenate(d.in, d.int(0)) }),
	"Pad":           single(2, (*decoder).pad),
	"Gather":        single(1, (*decoder).gather),
	"GatherAxis":    single(2, func(d *decoder) *engine.Node { return d.b.TakeAlong(d.in[0], d.in[1], d.int(0)) }),
	"Scatter":       single(2, (*decoder).scatter),
	"ScatterAxis":   single(3, (*decoder).scatterAlong),
	"MaskedScatter": single(3, (*decoder).maskedScatter),

	"Reduce":       single(1, (*decoder).reduce),
	"ArgReduce":    single(1, (*decoder).argReduce),
	"Scan":         single(1, (*decoder).scan),
	"LogSumExp":    single(1, func(d *decoder) *engine.Node { return d.b.Reduce(engine.OpLogSumExp, d.in[0], []int{-1}, true) }),
	"Softmax":      single(1, func(d *decoder) *engine.Node { return d.b.Softmax(d.in[0], []int{-1}, d.bool(0)) }),
	"Sort":         single(1, func(d *decoder) *engine.Node { return d.b.Sort(d.in[0], d.int(0)) }),
	"ArgSort":      single(1, func(d *decoder) *engine.Node { return d.b.ArgSort(d.in[0], d.int(0)) }),
	"Partition":    single(1, func(d *decoder) *engine.Node { return d.b.Partition(d.in[0], d.int(0), d.int(1)) }),
	"ArgPartition": single(1, func(d *decoder) *engine.Node { return d.b.ArgPartition(d.in[0], d.int(0), d.int(1)) }),
	"SearchSorted": single(2, func(d *decoder) *engine.Node { return d.b.SearchSorted(d.in[0], d.in[1], d.bool(0)) }),
	"Hadamard":     single(1, func(d *decoder) *engine.Node { return d.b.Hadamard(d.in[0], d.float(0)) }),
	"FFT":          single(1, (*decoder).fourier),

	"Matmul":        single(2, func(d *decoder) *engine.Node { return d.b.MatMul(d.in[0], d.in[1]) }),
	"AddMM":         single(3, func(d *decoder) *engine.Node { return d.b.AddMM(d.in[2], d.in[0], d.in[1], d.float(0), d.float(1)) }),
	"BlockMaskedMM": single(2, (*decoder).blockMasked),
	"GatherMM":      single(4, func(d *decoder) *engine.Node { return d.b.GatherMM(d.in[0], d.in[1], d.in[2], d.in[3]) }),
	"Convolution":   single(2, (*decoder).convolution),

	"QuantizedMatmul":           single(3, (*decoder).quantizedMatmul),
	"GatherQMM":                 single(5, (*decoder).gatherQuantized),
	"Quantize":                  {1, (*decoder).quantize},
	"RMSNorm":                   single(2, (*decoder).rmsNorm),
	"LayerNorm":                 single(3, (*decoder).layerNorm),
	"RoPE":                      single(2, (*decoder).rope),
	"ScaledDotProductAttention": single(3, (*decoder).attention),

	"Inverse":  single(1, func(d *decoder) *engine.Node { return d.b.Inverse(d.in[0], d.triangle()) }),
	"Cholesky": single(1, func(d *decoder) *engine.Node { return d.b.Cholesky(d.in[0], d.bool(0)) }),
	"QRF":      {1, func(d *decoder) []*engine.Node { return d.b.QR(d.in[0]) }},
	"SVD":      {1, func(d *decoder) []*engine.Node { return d.b.SVD(d.in[0], d.bool(0)) }},
	"Eig":      {1, func(d *decoder) []*engine.Node { return d.b.Eig(d.in[0])[:1+b2i(d.bool(0))] }},
	"Eigh": {1, func(d *decoder) []*engine.Node {
		return d.b.Eigh(d.in[0], d.p.State[0].(string) == "U")[:1+b2i(d.bool(1))]
	}},
}

func init() {
	for _, p := range elementwisePrimitives {
		if _, there := decoders[p.name]; there {
			continue
		}
		switch p.op.Class {
		case engine.Unary:
			decoders[p.name] = single(1, func(d *decoder) *engine.Node { return d.b.Unary(p.op, d.in[0]) })
		case engine.Binary:
			decoders[p.name] = single(2, func(d *decoder) *engine.Node { return d.b.Binary(p.op, d.in[0], d.in[1]) })
		}
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// chosen is the operation that a number stands for.
func (d *decoder) chosen(i int, ops ...*engine.Op) *engine.Node {
	k := d.int(i)
	if k < 0 || k >= len(ops) {
		d.fail("primitive %s has the number %d, want 0 to %d", d.p.Name, k, len(ops)-1)
	}
	return d.b.Unary(ops[k], d.in[0])
}

func (d *decoder) bitwise() *engine.Node {
	ops := []*engine.Op{engine.OpBitAnd, engine.OpBitOr, engine.OpBitXor, engine.OpLeftShift, engine.OpRightShift}
	k := d.int(0)
	if k < 0 || k >= len(ops) {
		d.fail("primitive %s has the number %d, want 0 to %d", d.p.Name, k, len(ops)-1)
	}
	return d.b.Binary(ops[k], d.in[0], d.in[1])
}

func (d *decoder) equal() *engine.Node {
	x, y := d.in[0], d.in[1]
	same := d.b.Binary(engine.OpEqual, x, y)
	if !d.bool(0) {
		return same
	}
	return d.b.Binary(engine.OpLogicalOr, same, d.b.Binary(engine.OpLogicalAnd, d.b.IsNaN(x), d.b.IsNaN(y)))
}

func (d *decoder) depends() []*engine.Node {
	n := len(d.p.Outputs)
	if n > len(d.in) {
		d.fail("primitive %s has %d outputs for %d inputs", d.p.Name, n, len(d.in))
	}
	return d.b.Depends(d.in[:n], d.in[n:])
}

func (d *decoder) arange() *engine.Node {
	shape := d.p.Outputs[0].Shape
	if len(shape) != 1 {
		d.fail("primitive %s gives %d axes", d.p.Name, len(shape))
	}
	return d.b.Arange(d.float(0), d.float(2), shape[0], d.dtype())
}

func (d *decoder) randomBits() *engine.Node {
	keys, shape := d.in[0], d.ints(0)
	lead := keys.Rank() - 1
	if lead < 0 || lead > len(shape) || !slices.Equal(shape[:lead], keys.Shape()[:lead]) {
		d.fail("random bits of shape %s for keys of %s", shapes.Format(shape), shapes.Format(keys.Shape()))
	}
	return d.b.KeyedBits(shape[lead:], d.int(1), keys)
}

// broadcast repeats the first input along what the others have, or to the shape.
func (d *decoder) broadcast() *engine.Node {
	if len(d.in) == 1 {
		return d.b.Broadcast(d.in[0], d.ints(0))
	}
	return d.b.BroadcastAll(d.in)[0]
}

// broadcastAxes is broadcast with axes, counted from the last, that keep their lengths.
func (d *decoder) broadcastAxes() *engine.Node {
	x, kept := d.in[0], d.ints(0)
	var shape []int
	for _, in := range d.in {
		s := slices.Clone(in.Shape())
		for _, a := range slices.Backward(kept) {
			at := in.Rank() + a
			if a >= 0 || at < 0 || at >= len(s) {
				d.fail("primitive %s keeps axis %d of shape %s", d.p.Name, a, shapes.Format(in.Shape()))
			}
			s = slices.Delete(s, at, at+1)
		}
		to, ok := shapes.Broadcast(shape, s)
		if !ok {
			d.fail("shapes %s and %s do not broadcast", shapes.Format(shape), shapes.Format(s))
		}
		shape = slices.Clone(to)
	}
	rank := len(shape) + len(kept)
	for _, a := range kept {
		at := rank + a
		if at < 0 || at > len(shape) {
			d.fail("primitive %s keeps the axes %v", d.p.Name, kept)
		}
		shape = slices.Insert(shape, at, x.Shape()[x.Rank()+a])
	}
	return d.b.Broadcast(x, shape)
}

// squeeze drops the axes; where none is named, none.
func (d *decoder) squeeze() *engine.Node {
	if axes := d.ints(0); len(axes) > 0 {
		return d.b.Squeeze(d.in[0], axes...)
	}
	return d.b.Identity(d.in[0])
}

func (d *decoder) triangle() engine.Triangle {
	switch {
	case !d.bool(0):
		return engine.Whole
	case d.bool(1):
		return engine.Upper
	}
	return engine.Lower
}
