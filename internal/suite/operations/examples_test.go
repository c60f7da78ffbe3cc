package operations_test

import (
	"context"
	"math"

	"github.com/mlxstar/mlxstar/engine"
)

// operands makes the small arrays that examples of operations read.
type operands struct {
	*engine.Builder
	dtype engine.Dtype // that the operation is asked for
}

// sample are the numbers that operands consist of; integers are four times as large.
var sample = []float64{0.5, -0.75, 1.5, 2.25, 0.125, -1.25, 0.875, 3, -0.25, 1, 1.75}

// element is the k-th element of an operand of a dtype.
func element(d engine.Dtype, k int) complex128 {
	v := sample[k%len(sample)]
	switch {
	case d == engine.Bool:
		return complex(float64(k%3%2), 0)
	case d.IsInteger():
		v = math.Round(4 * v)
		if d.IsUnsigned() {
			v = math.Abs(v)
		}
	case d.IsComplex():
		return complex(v, sample[(k+3)%len(sample)])
	}
	return complex(v, 0)
}

// array makes an array of elements that at gives by their place.
func (o operands) array(d engine.Dtype, at func(k int) complex128, shape ...int) *engine.Node {
	data := make([]byte, engine.Elements(shape)*d.Size())
	for k := range engine.Elements(shape) {
		engine.PutElement(data[k*d.Size():], d, at(k))
	}
	return o.FromBytes(data, d, shape)
}

// x makes an array of the dtype in question, whose elements start at a place of the sample.
func (o operands) x(from int, shape ...int) *engine.Node { return o.of(o.dtype, from, shape...) }

func (o operands) of(d engine.Dtype, from int, shape ...int) *engine.Node {
	return o.array(d, func(k int) complex128 { return element(d, from+k) }, shape...)
}

// pulled are the cotangents of a function's operands.
func (o operands) pulled(f func(in ...*engine.Node) *engine.Node, in ...*engine.Node) []*engine.Node {
	t := o.Builder.Engine().StartTrace("vjp", false)
	defer t.End()
	for i := range in {
		in[i] = t.Tracer(o.Builder, in[i])
	}
	out := f(in...)
	return t.VJP(o.Builder, []*engine.Node{out}, in, []*engine.Node{o.x(2, out.Shape()...)})
}

// positive is x without signs, and at most 3.
func (o operands) positive(from int, shape ...int) *engine.Node {
	return o.array(o.dtype, func(k int) complex128 {
		v := math.Abs(sample[(from+k)%len(sample)])
		if o.dtype.IsInteger() {
			v = math.Ceil(v)
		}
		return complex(v, 0)
	}, shape...)
}

// definite makes a symmetric positive definite matrix.
func (o operands) definite() *engine.Node {
	m := []complex128{4, 1, 0.5, 1, 5, 2, 0.5, 2, 7}
	return o.array(o.dtype, func(k int) complex128 { return m[k] }, 3, 3)
}

// indices makes an array of int32.
func (o operands) indices(shape []int, at ...int) *engine.Node {
	return o.array(engine.Int32, func(k int) complex128 { return complex(float64(at[k]), 0) }, shape...)
}

// example builds arrays by one operation, of operands of one dtype.
type example func(o operands, op *engine.Op) []*engine.Node

// one makes an example of a function with one answer.
func one(f func(o operands, op *engine.Op) *engine.Node) example {
	return func(o operands, op *engine.Op) []*engine.Node { return []*engine.Node{f(o, op)} }
}

// classExamples serve all operations of a class that have none of their own.
var classExamples = map[engine.Class]example{
	engine.Unary: one(func(o operands, op *engine.Op) *engine.Node { return o.Unary(op, o.x(0, 3, 4)) }),
	engine.Binary: one(func(o operands, op *engine.Op) *engine.Node {
		return o.Binary(op, o.x(0, 3, 4), o.positive(2, 4))
	}),
	engine.Reduction: one(func(o operands, op *engine.Op) *engine.Node {
		return o.Reduce(op, o.x(0, 3, 5), []int{1}, false)
	}),
	engine.ArgReduction: one(func(o operands, op *engine.Op) *engine.Node { return o.ArgReduce(op, o.x(0, 3, 5), 1, false) }),
	engine.Scan:         one(func(o operands, op *engine.Op) *engine.Node { return o.Scan(op, o.x(0, 3, 5), 1, false, true) }),
}

// stored gives the elements of an operand that is loaded.
type stored []byte

func (s stored) ReadElements(_ context.Context, dst []byte) error {
	copy(dst, s)
	return nil
}

func (o operands) load() *engine.Node {
	d := o.dtype
	data := make(stored, 6*d.Size())
	for k := range 6 {
		engine.PutElement(data[k*d.Size():], d, element(d, k))
	}
	return o.Load(data, d, []int{2, 3})
}

// conversions converts to a dtype of each kind but its own.
func conversions(o operands, _ *engine.Op) (out []*engine.Node) {
	x := o.x(0, 3, 4)
	for _, to := range []engine.Dtype{engine.Bool, engine.Int32, engine.Float32, engine.BFloat16, engine.Complex64} {
		if to != o.dtype {
			out = append(out, o.AsType(x, to))
		}
	}
	return out
}

// quantized multiplies by codes of 4 bits in groups of 32.
func quantized(o operands, _ *engine.Op) *engine.Node {
	words := o.array(engine.Uint32, func(k int) complex128 { return complex(float64(0x12345678*(k+1)%(1<<32)), 0) }, 6, 4)
	return o.QuantizedMatMul(o.x(0, 2, 32), words, o.x(2, 6, 1), o.x(4, 6, 1), true,
		engine.Quantization{Mode: "affine", GroupSize: 32, Bits: 4})
}

// collected is an operation of two processes, the other of which has the same.
func collected(o operands, op *engine.Op) []*engine.Node {
	return []*engine.Node{o.Collect(op, echo{}, o.x(0, 2, 3))}
}

// doubling is a kernel in Metal's language.
func doubling(o operands, op *engine.Op) []*engine.Node {
	at := &engine.KernelAttrs{
		Name: "twice", Inputs: []string{"inp"}, Outputs: []string{"out"},
		Body: "uint i = thread_position_in_grid.x; out[i] = inp[i];",
		Grid: [3]int{12, 1, 1}, Group: [3]int{4, 1, 1}, Math: "safe",
	}
	return o.Kernel(at, op == engine.OpKernel, nil, [][]int{{3, 4}}, []engine.Dtype{o.dtype}, o.x(0, 3, 4))
}

// operationExamples are those of operations that their class does not tell how to call.
var operationExamples = map[string]example{
	"from_fp8": one(func(o operands, _ *engine.Op) *engine.Node { return o.FromFP8(o.of(engine.Uint8, 0, 3, 4), o.dtype) }),
	"astype":   conversions,
	"where": one(func(o operands, _ *engine.Op) *engine.Node {
		return o.Where(o.of(engine.Bool, 0, 3, 4), o.x(0, 3, 4), o.x(5, 3, 4))
	}),

	"matmul": one(func(o operands, _ *engine.Op) *engine.Node { return o.MatMul(o.x(0, 3, 4), o.x(2, 4, 5)) }),
	"addmm": one(func(o operands, _ *engine.Op) *engine.Node {
		return o.AddMM(o.x(1, 5), o.x(0, 3, 4), o.x(2, 4, 5), 0.5, 2)
	}),
	"gather_mm": one(func(o operands, _ *engine.Op) *engine.Node {
		return o.GatherMM(o.x(0, 2, 3, 4), o.x(2, 3, 4, 5), nil, o.indices([]int{2}, 2, 0))
	}),
	"quantized_matmul": one(quantized),
	"conv": one(func(o operands, _ *engine.Op) *engine.Node {
		return o.Conv("conv2d", o.x(0, 1, 5, 5, 3), o.x(4, 2, 3, 3, 3), engine.ConvAttrs{Stride: []int{1, 2}, Low: []int{1, 1}, High: []int{1, 1},
			KernelDilation: []int{1, 1}, InputDilation: []int{1, 1}, Groups: 1})
	}),
	"conv_weight": one(func(o operands, _ *engine.Op) *engine.Node {
		return o.ConvWeight(o.x(0, 1, 5, 5, 3), o.x(4, 1, 5, 3, 2), engine.ConvAttrs{Stride: []int{1, 2}, Low: []int{1, 1}, High: []int{1, 1},
			KernelDilation: []int{1, 1}, InputDilation: []int{1, 1}, Groups: 1}, []int{2, 3, 3, 3})
	}),

	"full": one(func(o operands, _ *engine.Op) *engine.Node { return o.Full([]int{3}, element(o.dtype, 3), o.dtype) }),
	"arange": one(func(o operands, _ *engine.Op) *engine.Node {
		if o.dtype == engine.Bool {
			return o.Arange(0, 1, 2, o.dtype)
		}
		return o.Arange(1, 2, 5, o.dtype)
	}),
	"load": one(func(o operands, _ *engine.Op) *engine.Node { return o.load() }),
	"random_bits": one(func(o operands, op *engine.Op) *engine.Node {
		if !o.dtype.IsUnsigned() || o.dtype.Size() > 4 {
			o.Fail(engine.Errorf(engine.ValueError, op.Name, "not asked for %s", o.dtype))
		}
		return o.Bits([]int{7}, o.dtype.Size(), o.Key(5))
	}),

	"softmax":  one(func(o operands, _ *engine.Op) *engine.Node { return o.Softmax(o.x(0, 3, 5), []int{1}, false) }),
	"rms_norm": one(func(o operands, _ *engine.Op) *engine.Node { return o.RMSNorm(o.x(0, 3, 8), o.x(3, 8), 1e-5) }),
	"layer_norm": one(func(o operands, _ *engine.Op) *engine.Node {
		return o.LayerNorm(o.x(0, 3, 8), o.x(3, 8), o.x(5, 8), 1e-5)
	}),
	"rope": one(func(o operands, _ *engine.Op) *engine.Node {
		return o.Rotary(o.x(0, 1, 2, 3, 8), o.indices(nil, 2), engine.RotaryAttrs{Dims: 4, Base: 100, Scale: 1})
	}),
	"scaled_dot_product_attention": one(func(o operands, _ *engine.Op) *engine.Node {
		return o.Attention(o.x(0, 1, 2, 3, 8), o.x(3, 1, 1, 4, 8), o.x(5, 1, 1, 4, 8), engine.AttentionAttrs{Scale: 0.3, Causal: true})
	}),

	"scaled_dot_product_attention_vjp": func(o operands, op *engine.Op) []*engine.Node {
		return o.pulled(func(in ...*engine.Node) *engine.Node {
			return o.Attention(in[0], o.x(3, 1, 1, 4, 8), o.x(5, 1, 1, 4, 8), engine.AttentionAttrs{Scale: 0.3, Causal: true})
		}, o.x(0, 1, 2, 3, 8))
	},

	"cross_entropy": func(o operands, _ *engine.Op) []*engine.Node {
		return []*engine.Node{o.CrossEntropy(o.x(0, 3, 8), o.array(engine.Int32, func(k int) complex128 { return complex(float64(k), 0) }, 3))}
	},
	"cross_entropy_vjp": func(o operands, _ *engine.Op) []*engine.Node {
		return o.pulled(func(in ...*engine.Node) *engine.Node {
			return o.CrossEntropy(in[0], o.array(engine.Int32, func(k int) complex128 { return complex(float64(k), 0) }, 3))
		}, o.x(0, 3, 8))
	},
	"rms_norm_vjp": func(o operands, op *engine.Op) []*engine.Node {
		return o.pulled(func(in ...*engine.Node) *engine.Node { return o.RMSNorm(in[0], in[1], 1e-5) }, o.x(0, 3, 8), o.x(3, 8))
	},
	"layer_norm_vjp": func(o operands, op *engine.Op) []*engine.Node {
		return o.pulled(func(in ...*engine.Node) *engine.Node { return o.LayerNorm(in[0], in[1], in[2], 1e-5) }, o.x(0, 3, 8), o.x(3, 8), o.x(5, 8))
	},

	"fft": one(func(o operands, _ *engine.Op) *engine.Node {
		return o.Transform(engine.Fourier{Name: "fft"}, o.x(0, 2, 6), nil, []int{1}, "backward")
	}),
	"rfft": one(func(o operands, _ *engine.Op) *engine.Node {
		return o.Transform(engine.Fourier{Name: "rfft", Real: true}, o.x(0, 2, 6), nil, []int{1}, "backward")
	}),
	"irfft": one(func(o operands, _ *engine.Op) *engine.Node {
		return o.Transform(engine.Fourier{Name: "irfft", Real: true, Inverse: true}, o.x(0, 2, 4), nil, []int{1}, "backward")
	}),

	"all_sum":     collected,
	"all_max":     collected,
	"all_min":     collected,
	"all_gather":  collected,
	"sum_scatter": collected,
	"send":        one(func(o operands, _ *engine.Op) *engine.Node { return o.Send(echo{}, o.x(0, 2, 3), 1) }),
	"recv":        one(func(o operands, _ *engine.Op) *engine.Node { return o.Recv(echo{}, []int{2, 3}, o.dtype, 1) }),

	"metal_kernel":         doubling,
	"metal_kernel_strided": doubling,

	"contiguous": one(func(o operands, _ *engine.Op) *engine.Node {
		return o.Contiguous(o.Transpose(o.x(0, 3, 4), []int{1, 0}))
	}),
	"concatenate": one(func(o operands, _ *engine.Op) *engine.Node {
		return o.Concatenate([]*engine.Node{o.x(0, 3, 4), o.x(4, 3, 2)}, 1)
	}),
	"gather": one(func(o operands, _ *engine.Op) *engine.Node {
		return o.Take(o.x(0, 4, 3), o.indices([]int{3}, 2, 0, -1), 0)
	}),
	"take_along_axis": one(func(o operands, _ *engine.Op) *engine.Node {
		return o.TakeAlong(o.x(0, 2, 4), o.indices([]int{2, 2}, 3, 0, -1, 1), 1)
	}),
	"scatter": one(func(o operands, _ *engine.Op) *engine.Node {
		return o.Scatter(o.x(0, 4, 3), []*engine.Node{o.indices([]int{3}, 2, 0, 2)}, o.x(5, 3, 1, 3), []int{0}, engine.Sum)
	}),
	"put_along_axis": one(func(o operands, _ *engine.Op) *engine.Node {
		return o.ScatterAlong(o.x(0, 2, 4), o.indices([]int{2, 2}, 3, 0, -1, 1), o.x(5, 2, 2), 1, engine.Replace)
	}),
	"slice_update": one(func(o operands, _ *engine.Op) *engine.Node {
		return o.SliceUpdate(o.x(0, 4, 5), o.x(6, 2, 2), []int{1, 0}, []int{1, 3}, engine.Replace)
	}),
	"masked_scatter": one(func(o operands, _ *engine.Op) *engine.Node {
		return o.MaskedScatter(o.x(0, 3, 4), o.of(engine.Bool, 0, 3, 4), o.x(5, 8))
	}),

	"sort":    one(func(o operands, _ *engine.Op) *engine.Node { return o.Sort(o.x(0, 2, 7), 1) }),
	"argsort": one(func(o operands, _ *engine.Op) *engine.Node { return o.ArgSort(o.x(0, 2, 7), 1) }),
	// What is left and right of the element in its place may be in any order.
	"partition": one(func(o operands, _ *engine.Op) *engine.Node {
		return o.Sort(o.Narrow(o.Partition(o.x(0, 2, 7), 3, 1), 1, 0, 4), 1)
	}),
	"argpartition": one(func(o operands, _ *engine.Op) *engine.Node {
		x := o.x(0, 2, 7)
		return o.Sort(o.TakeAlong(x, o.Narrow(o.ArgPartition(x, 3, 1), 1, 0, 4), 1), 1)
	}),
	"searchsorted": one(func(o operands, _ *engine.Op) *engine.Node {
		line := o.array(o.dtype, func(k int) complex128 { return complex(float64(k/2%2+k/4), 0) }, 7)
		return o.SearchSorted(line, o.x(0, 5), false)
	}),

	"linalg.solve":    one(func(o operands, _ *engine.Op) *engine.Node { return o.Solve(o.definite(), o.x(0, 3, 2), engine.Whole) }),
	"linalg.cholesky": one(func(o operands, _ *engine.Op) *engine.Node { return o.Cholesky(o.definite(), false) }),
	"linalg.qr":       func(o operands, _ *engine.Op) []*engine.Node { return o.QR(o.definite()) },
	"linalg.svd":      func(o operands, _ *engine.Op) []*engine.Node { return o.SVD(o.definite(), true) },
	"linalg.eigh":     func(o operands, _ *engine.Op) []*engine.Node { return o.Eigh(o.definite(), false) },
	"linalg.eig":      func(o operands, _ *engine.Op) []*engine.Node { return o.Eig(o.definite()) },
	"linalg.lu":       func(o operands, _ *engine.Op) []*engine.Node { return o.LUFactor(o.definite()) },
	"linalg.det":      one(func(o operands, _ *engine.Op) *engine.Node { return o.Det(o.definite()) }),
	"linalg.slogdet":  func(o operands, _ *engine.Op) []*engine.Node { return o.SlogDet(o.definite()) },
	"linalg.pinv":     one(func(o operands, _ *engine.Op) *engine.Node { return o.PseudoInverse(o.definite()) }),

	"pack_bits":   one(func(o operands, _ *engine.Op) *engine.Node { return o.PackBits(o.positive(0, 2, 8), 4) }),
	"unpack_bits": one(func(o operands, _ *engine.Op) *engine.Node { return o.UnpackBits(o.x(0, 2, 2), 4) }),

	"number_of_elements": one(func(o operands, _ *engine.Op) *engine.Node {
		return o.NumberOfElements(o.x(0, 3, 2), []int{0}, false, engine.Float32)
	}),
	"depends": func(o operands, _ *engine.Op) []*engine.Node {
		return o.Depends([]*engine.Node{o.x(0, 3)}, []*engine.Node{o.x(1, 2)})
	},
	"identity_view": one(func(o operands, _ *engine.Op) *engine.Node { return o.Identity(o.x(0, 3)) }),
	"stop_gradient": one(func(o operands, _ *engine.Op) *engine.Node { return o.StopGradient(o.x(0, 3)) }),
	"broadcast_to":  one(func(o operands, _ *engine.Op) *engine.Node { return o.Broadcast(o.x(0, 3), []int{2, 3}) }),
	"reshape":       one(func(o operands, _ *engine.Op) *engine.Node { return o.Reshape(o.x(0, 3, 4), []int{2, 6}) }),
	"transpose":     one(func(o operands, _ *engine.Op) *engine.Node { return o.Transpose(o.x(0, 3, 4), []int{1, 0}) }),
	"slice":         one(func(o operands, _ *engine.Op) *engine.Node { return o.Narrow(o.x(0, 3, 4), 1, 1, 3) }),
	"as_strided": one(func(o operands, _ *engine.Op) *engine.Node {
		return o.AsStrided(o.x(0, 3, 4), []int{3, 2}, []int{3, 2}, 1)
	}),
	"view": one(func(o operands, _ *engine.Op) *engine.Node {
		if o.dtype == engine.Uint8 {
			return o.Bitcast(o.x(0, 3, 4), engine.Int8)
		}
		return o.Bitcast(o.x(0, 3, 4), engine.Uint8)
	}),
	"tracer": func(o operands, _ *engine.Op) []*engine.Node {
		trace := o.Engine().StartTrace("example", true)
		defer trace.End()
		return []*engine.Node{trace.Placeholder(o.Builder, []int{3}, o.dtype)}
	},
	"custom_function": func(o operands, _ *engine.Op) []*engine.Node {
		x := o.x(0, 3)
		return o.Custom([]*engine.Node{o.x(1, 3)}, []*engine.Node{x}, &engine.CustomRule{})
	},
}
