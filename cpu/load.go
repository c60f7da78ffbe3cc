package cpu

import (
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/dtype"
)

// addLoads enters the kernel that reads elements straight into the output.
func (t table) addLoads() {
	for _, d := range dtype.All() {
		t.add(engine.OpLoad, 0, d, func(_ *workers, t *engine.Task) error {
			o := &t.Out[0]
			size := o.Dtype.Size()
			return t.Attrs.(engine.LoadAttrs).From.ReadElements(t.Ctx, o.Data[o.Offset*size:][:o.Len()*size])
		})
	}
}
