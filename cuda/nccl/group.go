package nccl

import (
	"context"
	"errors"
	"fmt"

	"github.com/mlxstar/mlxstar/cuda"
	"github.com/mlxstar/mlxstar/cuda/internal/driver"
	"github.com/mlxstar/mlxstar/distributed"
	"github.com/mlxstar/mlxstar/engine"
)

// group is a communicator.
type group struct {
	*world
	comm       driver.Comm
	whole      bool // of all processes
	rank, size int
}

var (
	_ distributed.Group     = (*group)(nil)
	_ distributed.Abandoner = (*group)(nil)
	_ distributed.Named     = (*group)(nil)
	_ cuda.Group            = (*group)(nil)
)

func (g *group) Rank() int                 { return g.rank }
func (g *group) Size() int                 { return g.size }
func (g *group) Device() engine.DeviceType { return engine.GPU }

// Name is the address of the first process.
func (g *group) Name() string { return g.address }

// AsBuilt: all processes are of this program.
func (g *group) AsBuilt() bool { return true }

// Scratch is none: NCCL has memory of its own.
func (g *group) Scratch(*engine.Exchange) int { return 0 }

// Exchange is not for arrays of the processor.
func (g *group) Exchange(context.Context, *engine.Exchange) error {
	return errors.New("NCCL exchanges arrays on GPUs, and this one is the processor's")
}

// elements are how NCCL combines those of a dtype: each as so many of its own.
type elements struct {
	as    driver.NCCLType
	each  int
	folds map[*engine.Op]driver.Reduction
}

var (
	number = map[*engine.Op]driver.Reduction{
		engine.OpAllSum: driver.NCCLSum, engine.OpSumScatter: driver.NCCLSum, engine.OpAllMax: driver.NCCLMax, engine.OpAllMin: driver.NCCLMin,
	}
	// A sum of truths is whether one of them is, and parts of complex numbers add up.
	truth    = map[*engine.Op]driver.Reduction{engine.OpAllSum: driver.NCCLMax, engine.OpSumScatter: driver.NCCLMax, engine.OpAllMax: driver.NCCLMax, engine.OpAllMin: driver.NCCLMin}
	addition = map[*engine.Op]driver.Reduction{engine.OpAllSum: driver.NCCLSum, engine.OpSumScatter: driver.NCCLSum}
)

// combined are the dtypes that there are reductions of. NCCL has no integers of 16 bits.
var combined = map[engine.Dtype]elements{
	engine.Bool: {driver.NCCLUint8, 1, truth}, engine.Int8: {driver.NCCLInt8, 1, number}, engine.Uint8: {driver.NCCLUint8, 1, number},
	engine.Int32: {driver.NCCLInt32, 1, number}, engine.Uint32: {driver.NCCLUint32, 1, number},
	engine.Int64: {driver.NCCLInt64, 1, number}, engine.Uint64: {driver.NCCLUint64, 1, number},
	engine.Float16: {driver.NCCLFloat16, 1, number}, engine.BFloat16: {driver.NCCLBFloat16, 1, number},
	engine.Float32: {driver.NCCLFloat32, 1, number}, engine.Complex64: {driver.NCCLFloat32, 2, addition},
}

// of tells how an operation treats elements: those that are not combined are bytes.
func of(op *engine.Op, d engine.Dtype) (e elements, by driver.Reduction, err error) {
	if engine.FoldOf(op) == nil {
		return elements{as: driver.NCCLUint8, each: d.Size()}, 0, nil
	}
	e = combined[d]
	by, ok := e.folds[op]
	if !ok {
		return e, 0, engine.Errorf(engine.ValueError, "distributed."+op.Name, "NCCL does not combine elements of %s so", d)
	}
	return e, by, nil
}

// Takes refuses what NCCL does not combine.
func (g *group) Takes(op *engine.Op, d engine.Dtype) error {
	_, _, err := of(op, d)
	return err
}

// Enqueue puts operations on a stream.
func (g *group) Enqueue(stream uintptr, list []cuda.Operation) error {
	select {
	case g.turn <- struct{}{}:
	case <-g.star.Lost():
		return g.star.Fault()
	}
	defer func() { <-g.turn }()
	if rank, left := g.star.Left(); left && g.whole {
		g.star.Lose(distributed.LostTo(rank, "it left the group"))
	}
	if err := g.star.Fault(); err != nil {
		return err
	}
	err := g.put(driver.Stream(stream), list)
	if lost := g.star.Fault(); err != nil && lost != nil {
		return lost
	}
	return err
}

func (g *group) put(s driver.Stream, list []cuda.Operation) (err error) {
	if len(list) == 1 {
		return g.one(s, &list[0])
	}
	if err := g.lib.GroupStart(); err != nil {
		return err
	}
	for i := range list {
		if err = g.one(s, &list[i]); err != nil {
			break
		}
	}
	return errors.Join(err, g.lib.GroupEnd())
}

func (g *group) one(s driver.Stream, o *cuda.Operation) error {
	e, by, err := of(o.Op, o.Dtype)
	if err != nil {
		return err
	}
	in, out := driver.DevicePtr(o.In), driver.DevicePtr(o.Out)
	given, taken := o.Given*e.each, o.Taken*e.each
	switch o.Op {
	case engine.OpAllGather:
		return g.lib.AllGather(in, out, given, e.as, g.comm, s)
	case engine.OpSumScatter:
		return g.lib.ReduceScatter(in, out, taken, e.as, by, g.comm, s)
	case engine.OpSend:
		return g.lib.Send(in, given, e.as, o.Peer, g.comm, s)
	case engine.OpRecv:
		return g.lib.Recv(out, taken, e.as, o.Peer, g.comm, s)
	case engine.OpAllSum, engine.OpAllMax, engine.OpAllMin:
		return g.lib.AllReduce(in, out, taken, e.as, by, g.comm, s)
	}
	return fmt.Errorf("NCCL has no %s", o.Op.Name)
}

// Attend looks after work until it is forgotten.
func (g *group) Attend(p cuda.Pending) { g.count(p, 1) }

// Forget forgets it.
func (g *group) Forget(p cuda.Pending) { g.count(p, -1) }

func (g *group) count(p cuda.Pending, n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	of := g.pending[p]
	if g.whole {
		of.whole += n
	} else {
		of.parts += n
	}
	if g.pending[p] = of; of == (interest{}) {
		delete(g.pending, p)
	}
}

// Fault is why the group is lost.
func (g *group) Fault() error { return g.star.Fault() }

// Lose ends the groups of all processes.
func (g *group) Lose(err error) { g.star.Lose(distributed.LostTo(g.star.Rank(), err.Error())) }

// Abandon has the others know that the script failed.
func (g *group) Abandon() { g.Lose(errors.New("its script failed")) }

// Split makes the group of the processes that name the same colour. A key below 0 stands
// for the rank.
func (g *group) Split(ctx context.Context, color, key int) (distributed.Group, error) {
	if color < 0 {
		return nil, errors.New("a colour is 0 or more")
	}
	if key < 0 {
		key = g.rank
	}
	if err := g.star.Fault(); err != nil {
		return nil, err
	}
	part := &group{world: g.world}
	err := g.call(ctx, func() (err error) {
		if part.comm, err = g.lib.Split(g.comm, color, key); err != nil {
			return err
		}
		if part.rank, err = g.lib.UserRank(part.comm); err != nil {
			return err
		}
		part.size, err = g.lib.Count(part.comm)
		return err
	})
	if err != nil {
		return nil, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.groups = append(g.groups, part)
	return part, nil
}

// Close leaves the groups, with that of all processes. Parts go with it.
func (g *group) Close() error {
	if !g.whole {
		return nil
	}
	return g.leave()
}
