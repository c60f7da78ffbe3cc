package gpu

import (
	"slices"

	"github.com/mlxstar/mlxstar/engine"
)

// Sources are the texts of the libraries that operations can ask for, in the kernels'
// dialect, by names that tell which. Kernels of scripts, of fused operations and of
// quantized matrices in other formats than these are not among them.
func Sources() map[string]string {
	all := map[string]string{}
	add := func(l library) { all[l.family+" "+l.in+" "+l.out] = sourceOf(l) }
	for _, family := range []string{"bits", "fourier", "random", "slices"} {
		add(library{family: family})
	}
	for _, word := range wordNames {
		add(library{family: "move", in: word})
		for _, index := range typeNames {
			if d := domainOfType(index); d == signed || d == unsigned {
				add(library{"take", word, index})
			}
		}
		add(library{family: "full", in: word})
		if word != wordNames[16] {
			add(library{family: "select", in: word})
		}
	}
	for in, name := range typeNames {
		for out, to := range typeNames {
			add(library{"cast", name, to})
			for _, op := range engine.Ops() {
				if _, ok := unaryTable[op]; ok && answersIn(op, library{in: name, out: to}) {
					add(library{"unary", name, to})
				}
				if _, ok := binaryTable[op]; ok && answersIn(op, library{in: name, out: to}) {
					add(library{"binary", name, to})
				}
				if s, ok := scannings[op]; ok && in == out && s.take[domainOf(in)] != "" {
					add(library{"scan " + op.Name, name, to})
				}
				if foldingOf(op, domainOf(in)) != nil && foldsTo(op, in, out) {
					add(library{"fold " + op.Name, name, to})
				}
			}
		}
		add(library{family: "arange", in: name})
		add(library{family: "sort", in: name})
		if in.Size() <= 4 {
			add(library{family: "radix", in: name})
		}
		for _, mode := range updateNames {
			add(library{family: "update " + mode, in: name})
			add(library{family: "scatter " + mode, in: name})
		}
		if domainOf(in) == floats {
			for index, name := range typeNames {
				if d := domainOf(index); d == signed || d == unsigned {
					add(library{"cross_entropy", typeNames[in], name})
				}
			}
			for _, family := range []string{"attention", "conv", "matmul", "norm", "norm_gradient", "rope", "softmax"} {
				add(library{family: family, in: name})
			}
			if in != engine.Float32 {
				add(library{family: "attention_cores", in: name})
				add(library{family: "attention_groups", in: name})
				add(library{family: "conv_cores", in: name})
				add(library{family: "attention_gradient", in: name})
			}
			for _, format := range []string{"affine 4", "affine 8", "mxfp4 4"} {
				add(library{"quantized", name, format})
				if in != engine.Float32 {
					add(library{"quantized_cores", name, format})
				}
			}
		}
	}
	return all
}

// foldsTo reports whether a reduction of one dtype can give another.
func foldsTo(op *engine.Op, in, out engine.Dtype) bool {
	switch op {
	case engine.OpArgMax, engine.OpArgMin:
		return out == engine.Uint32
	case engine.OpSum, engine.OpProd:
		return in == out || out == engine.Int32 && slices.Contains([]engine.Dtype{engine.Bool, engine.Int8, engine.Int16, engine.Uint8, engine.Uint16}, in)
	}
	return in == out
}
