package engine

import "github.com/mlxstar/mlxstar/engine/shapes"

// fastDtype is the dtype in which the functions of mlx.core.fast compute: half types do so
// in float32 and round once.
func fastDtype(d Dtype) Dtype {
	if d == Float64 {
		return d
	}
	return Float32
}

// wide is x in the dtype in which these functions compute.
func (b *Builder) wide(x *Node) *Node { return b.AsType(x, fastDtype(x.dtype)) }

// normed checks the operands of a normalization over the last axis and gives the
// dtype of the answer.
func (b *Builder) normed(op string, x *Node, params map[string]*Node) Dtype {
	if len(x.shape) == 0 {
		b.failf(ValueError, op, "got a 0-d array, want at least one axis")
	}
	d := x.dtype
	for _, name := range []string{"weight", "bias"} {
		p := params[name]
		if p == nil {
			continue
		}
		if len(p.shape) != 1 || p.shape[0] != x.shape[len(x.shape)-1] {
			b.failf(ValueError, op, "the %s has the shape %s, want (%d,)", name, shapes.Format(p.shape), x.shape[len(x.shape)-1])
		}
		d = Promote(d, p.dtype)
	}
	if !d.IsFloat() {
		b.failf(ValueError, op, "got %s, want a floating dtype", d)
	}
	return d
}

// RMSNorm divides the last axis by the root of the mean of its squares and
// multiplies by a weight, which may be nil.
func (b *Builder) RMSNorm(x, weight *Node, eps float64) *Node {
	d := b.normed("rms_norm", x, map[string]*Node{"weight": weight})
	return b.norm(OpRMSNorm, d, eps, x, weight, nil)
}

// LayerNorm brings the last axis to mean 0 and variance 1, multiplies by a
// weight and adds a bias, either of which may be nil.
func (b *Builder) LayerNorm(x, weight, bias *Node, eps float64) *Node {
	d := b.normed("layer_norm", x, map[string]*Node{"weight": weight, "bias": bias})
	return b.norm(OpLayerNorm, d, eps, x, weight, bias)
}
