package cuda

import (
	"context"
	"fmt"
	"time"

	"github.com/mlxstar/mlxstar/cuda/internal/driver"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/gpu"
)

var _ gpu.Exchanger = (*card)(nil)

// Group is a group of processes whose operations run on streams of this GPU.
type Group interface {
	engine.OnDevice
	// Takes tells why the group has no operation on elements of a dtype, nil if it has.
	Takes(op *engine.Op, d engine.Dtype) error
	// Enqueue puts operations on a stream of the GPU whose context is the calling
	// thread's. Several are messages, and may be under way at once.
	Enqueue(stream uintptr, list []Operation) error
	// Attend has the group look after work with operations of its own, until it is
	// forgotten: whether it is over where another process leaves.
	Attend(p Pending)
	Forget(p Pending)
	// Fault is why the group is lost, or nil. Then its operations have ended, and what
	// they wrote is nothing.
	Fault() error
	// Lose ends the group's operations here and has the other processes know.
	Lose(err error)
}

// Operation is one of a group. In and Out are addresses of the GPU, which may be one.
type Operation struct {
	Op           *engine.Op
	Dtype        engine.Dtype
	Peer         int
	In, Out      uint64
	Given, Taken int // elements
}

// Pending is work of the GPU.
type Pending interface {
	// Over reports whether it is done.
	Over() bool
}

// Exchanges reports whether a group is one of this GPU's.
func (c *card) Exchanges(g engine.Group, op *engine.Op, d engine.Dtype) error {
	own, ok := g.(Group)
	if !ok {
		return gpu.Refusal(op, nil, nil)
	}
	return own.Takes(op, d)
}

// joined is a batch's part in groups.
type joined struct {
	groups []Group
	name   string        // of the first operation
	ends   []func() bool // of what watches the contexts
}

// exchange puts the operations that begin a list on the stream: one, or messages that may
// be under way at once. It gives how many those are.
func (c *commands) exchange(list []*gpu.Dispatch) (n int, err error) {
	first := list[0]
	g := first.Exchange.Group.(Group)
	var ops []Operation
	for _, d := range list {
		x := d.Exchange
		if x == nil || len(ops) > 0 && !(x.Message() && x.Group == first.Exchange.Group && d.Level == first.Level) {
			break
		}
		if err := x.Ctx.Err(); err != nil {
			return 0, err // before others count on this process
		}
		ops = append(ops, c.operation(x))
		if !x.Message() {
			break
		}
	}
	c.attend(g, first.Exchange)
	for i := range ops {
		o, x := &ops[i], list[i].Exchange
		if o.Op == engine.OpSend && o.In != o.Out {
			if err := c.api.MemcpyDtoD(driver.DevicePtr(o.Out), driver.DevicePtr(o.In), o.Taken*x.Dtype.Size(), c.stream); err != nil {
				return 0, err
			}
		}
	}
	if err := g.Enqueue(uintptr(c.stream), ops); err != nil {
		return 0, engine.GroupError(first.Exchange.Op.Name, err)
	}
	return len(ops), nil
}

func (c *commands) operation(x *gpu.Exchange) Operation {
	at := func(e gpu.Elements) uint64 { return uint64(e.Buffer) + uint64(e.Offset) }
	return Operation{Op: x.Op, Dtype: x.Dtype, Peer: x.Peer, In: at(x.In), Out: at(x.Out), Given: x.In.Count, Taken: x.Out.Count}
}

// attend has the group know of the batch, and the batch of the end of its call: others
// would wait for operations that nobody wants any more.
func (c *commands) attend(g Group, x *gpu.Exchange) {
	for _, have := range c.joined.groups {
		if have == g {
			return
		}
	}
	if c.joined.name == "" {
		c.joined.name = x.Op.Name
	}
	c.joined.groups = append(c.joined.groups, g)
	g.Attend(c)
	ctx := x.Ctx
	c.joined.ends = append(c.joined.ends, context.AfterFunc(ctx, func() {
		if !c.Over() {
			g.Lose(fmt.Errorf("its script was ended: %w", ctx.Err()))
		}
	}))
}

// verdictTime is how long a batch that failed waits to be told that the reason is another
// process.
const verdictTime = time.Second

// verdict is the error of a batch that has ended: that of a group which was lost before
// all others.
func (c *commands) verdict(err error) error {
	for from := time.Now(); len(c.joined.groups) > 0; time.Sleep(10 * time.Millisecond) {
		for _, g := range c.joined.groups {
			if lost := g.Fault(); lost != nil {
				return engine.GroupError(c.joined.name, lost)
			}
		}
		if err == nil || time.Since(from) > verdictTime {
			break
		}
	}
	return err
}

// part ends the batch's part in groups.
func (c *commands) part() {
	for _, end := range c.joined.ends {
		end()
	}
	for _, g := range c.joined.groups {
		g.Forget(c)
	}
	c.joined = joined{}
}
