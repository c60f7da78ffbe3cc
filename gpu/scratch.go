package gpu

import (
	"fmt"

	"github.com/mlxstar/mlxstar/engine"
)

// scratchAlign is where parts of a workspace begin: any element's alignment.
const scratchAlign = 16

func aligned(bytes int) int { return (bytes + scratchAlign - 1) / scratchAlign * scratchAlign }

// scratchSize is the workspace that holds parts of these numbers of bytes.
func scratchSize(parts ...int) int {
	total := 0
	for _, n := range parts {
		total += aligned(n)
	}
	return total
}

// carve cuts parts of some numbers of bytes out of the task's workspace, which must
// hold them; once for each task.
func (j *job) carve(parts ...int) ([]engine.Operand, error) {
	w := &j.task.Workspace
	if have, want := w.Len(), scratchSize(parts...); have < want {
		return nil, fmt.Errorf("%s: the workspace has %d bytes, want %d", j.task.Op.Name, have, want)
	}
	out, at := make([]engine.Operand, len(parts)), w.Offset
	j.carving = j.record.number()
	for i, n := range parts {
		out[i] = *w
		out[i].Offset = at
		j.carved = append(j.carved, at)
		at += aligned(n)
	}
	return out, nil
}

// placeOf is the place of an operand: its storage, or, in the workspace, the part in
// which it begins. Kernels do not leave the part that they are given.
func (j *job) placeOf(o *engine.Operand) place {
	p := place{buffer: o.Buffer}
	if o.Buffer == j.task.Workspace.Buffer && j.carving != 0 {
		p.carving = j.carving
		for i, from := range j.carved {
			if o.Offset*o.Dtype.Size() >= from {
				p.part = int32(i)
			}
		}
	}
	return p
}
