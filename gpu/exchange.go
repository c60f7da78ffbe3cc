package gpu

import (
	"context"

	"github.com/mlxstar/mlxstar/engine"
)

// Exchanger is a Driver whose lanes carry out operations of groups.
type Exchanger interface {
	// Exchanges tells why the driver does not take part in an operation of a group on
	// elements of a dtype, nil if it does.
	Exchanges(g engine.Group, op *engine.Op, d engine.Dtype) error
}

// Exchange is an operation of a group on arrays of the GPU. The processes must run those of a
// group in one order, which is that of the recordings and, within one, of the levels;
// messages of one level may be under way at once.
type Exchange struct {
	Ctx     context.Context
	Group   engine.Group
	Op      *engine.Op
	Dtype   engine.Dtype
	Peer    int
	In, Out Elements // Out may be In itself
}

// Elements are some that lie next to each other.
type Elements struct {
	Buffer Buffer
	Offset int // in bytes
	Count  int
}

// Message reports whether the operation is between two processes.
func (x *Exchange) Message() bool { return x.Op == engine.OpSend || x.Op == engine.OpRecv }

// collectives are the operations of groups.
var collectives = []*engine.Op{
	engine.OpAllSum, engine.OpAllMax, engine.OpAllMin, engine.OpAllGather, engine.OpSumScatter, engine.OpSend, engine.OpRecv,
}

func init() { register(&family{encode: exchange}, collectives...) }

// exchange records an operation of a group.
func exchange(j *job) error {
	t := j.task
	at := t.Attrs.(engine.CollectiveAttrs)
	x := &Exchange{Ctx: t.Ctx, Group: at.Group, Op: t.Op, Dtype: t.Out[0].Dtype, Peer: at.Peer}
	e, ok := j.queue.backend.driver.(Exchanger)
	if !ok {
		return Refusal(t.Op, nil, nil)
	}
	if err := e.Exchanges(x.Group, x.Op, x.Dtype); err != nil {
		return err
	}
	if t.Out[0].Len() == 0 {
		return nil // nobody sends anything
	}
	if !j.record.takesMessage() || !x.Message() {
		j.endPass() // others run before: the order of groups is that of passes
		if err := j.commands.Open(); err != nil {
			return err
		}
	}
	j.with(pipeline{})
	for i := range t.In {
		h, from, err := j.whereRead(&t.In[i])
		if err != nil {
			return err
		}
		x.In = Elements{h, from, t.In[i].Len()}
	}
	h, to, err := j.whereWritten(&t.Out[0])
	if err != nil {
		return err
	}
	x.Out = Elements{h, to, t.Out[0].Len()}
	j.order()
	j.record.Join(x)
	return nil
}

// takesMessage reports whether there is nothing in the recording but messages.
func (r *Recording) takesMessage() bool { return len(r.dispatches) == 0 || r.messages() }

// messages reports whether there are messages in the recording, and nothing else.
func (r *Recording) messages() bool {
	for i := range r.dispatches {
		if x := r.dispatches[i].Exchange; x == nil || !x.Message() {
			return false
		}
	}
	return len(r.dispatches) > 0
}
