package gpu

import (
	"slices"

	"github.com/mlxstar/mlxstar/engine"
)

// onProcessor is MLX's word for what no GPU does.
const onProcessor = "This op is not yet supported on the GPU. Explicitly pass a CPU stream to run it."

// refused are the operations without a family and without an expansion, with the
// reason that a script is told. A test holds it to the table of operations.
var refused = map[*engine.Op]string{
	engine.OpSolve:    onProcessor,
	engine.OpCholesky: onProcessor,
	engine.OpQR:       onProcessor,
	engine.OpSVD:      onProcessor,
	engine.OpEigh:     onProcessor,
	engine.OpEig:      onProcessor,
	engine.OpLU:       onProcessor,
	engine.OpDet:      onProcessor,
	engine.OpSlogDet:  onProcessor,
}

// Refusal is the error of what a GPU does not do: operations on float64, and those of
// the list. It is the same for every GPU, and asks none.
func Refusal(op *engine.Op, in, out []engine.Dtype) error {
	for _, d := range slices.Concat(in, out) {
		if d.Real() == engine.Float64 {
			return engine.Errorf(engine.ValueError, op.Name, "%s is not supported on the GPU", d)
		}
	}
	why, ok := refused[op]
	if op.Collective {
		why, ok = onProcessor, true // but for drivers with groups of their own
	}
	if ok {
		return engine.Errorf(engine.ValueError, op.Name, "%s", why)
	}
	return nil
}

// Refusal is the error of what the GPU does not do, or nil.
func (b *Backend) Refusal(op *engine.Op, in, out []engine.Dtype) error { return Refusal(op, in, out) }
