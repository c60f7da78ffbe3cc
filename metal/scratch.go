package metal

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
// hold them.
func (j *job) carve(parts ...int) ([]engine.Operand, error) {
	w := &j.task.Workspace
	if have, want := len(w.Data), scratchSize(parts...); have < want {
		return nil, fmt.Errorf("%s: the workspace has %d bytes, want %d", j.task.Op.Name, have, want)
	}
	out, at := make([]engine.Operand, len(parts)), w.Offset
	for i, n := range parts {
		out[i] = *w
		out[i].Offset = at
		at += aligned(n)
	}
	return out, nil
}
