package cpu

import (
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/dtype"
)

// collectives are the operations of groups. All take and give one dtype.
var collectives = []*engine.Op{
	engine.OpAllSum, engine.OpAllMax, engine.OpAllMin, engine.OpAllGather, engine.OpSumScatter, engine.OpSend, engine.OpRecv,
}

// addCollectives enters the kernels that hand their bytes to a group. What the group
// combines it combines by the kernels of the table.
func (t table) addCollectives() {
	for _, op := range collectives {
		for _, d := range dtype.All() {
			in := d
			if op == engine.OpRecv {
				in = 0
			}
			t.add(op, in, d, t.exchange)
			t.scratch(op, in, d, func(_ *workers, task *engine.Task) int {
				return task.Attrs.(engine.CollectiveAttrs).Group.Scratch(exchangeOf(task))
			})
		}
	}
}

// exchangeOf describes a task to its group, without storage.
func exchangeOf(task *engine.Task) *engine.Exchange {
	o := &task.Out[0]
	if len(task.In) > 0 {
		o = &task.In[0]
	}
	return &engine.Exchange{
		Kind: task.Op, Dtype: o.Dtype, Bytes: o.Len() * o.Dtype.Size(), Peer: task.Attrs.(engine.CollectiveAttrs).Peer,
	}
}

func (t table) exchange(w *workers, task *engine.Task) error {
	x := exchangeOf(task)
	x.Out = elementBytes(&task.Out[0])
	if len(task.In) > 0 {
		x.In = elementBytes(&task.In[0])
	}
	if task.Workspace.Buffer != nil {
		x.Scratch = elementBytes(&task.Workspace)
	}
	if op := engine.FoldOf(task.Op); op != nil {
		x.Fold = func(dst, src []byte) error { return t.fold2(w, task, op, x.Dtype, dst, src) }
	}
	err := task.Attrs.(engine.CollectiveAttrs).Group.Exchange(task.Ctx, x)
	if err == nil || task.Ctx.Err() != nil {
		return err
	}
	return engine.GroupError(task.Op.Name, err)
}

// fold2 combines the elements of src into dst by an elementwise operation.
func (t table) fold2(w *workers, task *engine.Task, op *engine.Op, d engine.Dtype, dst, src []byte) error {
	n := len(dst) / d.Size()
	if n == 0 {
		return nil
	}
	shape, strides := []int{n}, []int{1}
	a := engine.Operand{Data: dst, Dtype: d, Shape: shape, Strides: strides}
	b := engine.Operand{Data: src, Dtype: d, Shape: shape, Strides: strides}
	return t[key{op, d, d}].kernel(w, &engine.Task{Ctx: task.Ctx, Op: op, In: []engine.Operand{a, b}, Out: []engine.Operand{a}})
}
