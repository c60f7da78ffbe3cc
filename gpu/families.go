package gpu

import "github.com/mlxstar/mlxstar/engine"

// family is how operations of one kind run: which dtypes there are kernels for,
// and how a task becomes dispatches, or, for the few that the GPU cannot do,
// runs on the processor.
type family struct {
	takes     func(op *engine.Op, in, out []engine.Dtype) bool
	encode    func(j *job) error
	workspace engine.WorkspaceRule                 // nil where no task wants scratch
	scratch   func(b *Backend, t *engine.Task) int // the same where it depends on the GPU
	host      func(t *engine.Task) error
	cores     bool // only some GPUs have what it takes: see kernels/cores.metal
}

// families are the operations that have kernels. The table is filled while
// package variables are initialised and never changes.
var families = map[*engine.Op]*family{}

func register(f *family, ops ...*engine.Op) {
	for _, op := range ops {
		families[op] = f
	}
}

// Supports reports whether there is a kernel for the operation on these dtypes. It is
// the same for every GPU, and asks none.
func Supports(op *engine.Op, in, out []engine.Dtype) bool {
	f := families[op]
	return f != nil && !op.Collective && !f.cores && f.supports(op, in, out)
}

func (f *family) supports(op *engine.Op, in, out []engine.Dtype) bool {
	if f.host != nil {
		return true
	}
	for _, list := range [][]engine.Dtype{in, out} {
		for _, d := range list {
			if typeNames[d] == "" {
				return false
			}
		}
	}
	return f.takes == nil || f.takes(op, in, out)
}

// domain is the kind of number that an elementwise expression is written for.
type domain uint8

const (
	floats domain = iota
	signed
	unsigned
	truths
	complexes
	domains
)

func domainOf(d engine.Dtype) domain {
	switch {
	case d == engine.Bool:
		return truths
	case d.IsComplex():
		return complexes
	case d.IsFloat():
		return floats
	case d.IsUnsigned():
		return unsigned
	}
	return signed
}

// domainOfType is domainOf of the dtype that a type name stands for.
func domainOfType(name string) domain {
	for d, n := range typeNames {
		if n == name {
			return domainOf(d)
		}
	}
	return domains
}
