package engine

import (
	"context"
	"errors"

	"github.com/mlxstar/mlxstar/engine/shapes"
)

// Group is the processes that compute together, each of which runs the same
// collective operations in the same order. What carries bytes between them is no
// part of the engine.
type Group interface {
	// Rank is this process's place, from 0 on, and Size the number of processes.
	Rank() int
	Size() int
	// Scratch is how many bytes of scratch an exchange wants, whose Kind, Dtype and
	// Bytes are set and nothing else.
	Scratch(x *Exchange) int
	// Exchange performs an operation and waits until it is done. After an error, that
	// of the context included, the group is lost.
	Exchange(ctx context.Context, x *Exchange) error
	// AsBuilt tells that every process runs operations in the order in which its script
	// made them. Otherwise the order is MLX's, by the graph.
	AsBuilt() bool
}

// ErrLost is behind the error of an operation whose group has lost a process.
var ErrLost = errors.New("a process of the group was lost")

// GroupError is that of a function of mx.distributed which failed.
func GroupError(name string, err error) error {
	e := Errorf(RuntimeError, "distributed."+name, "%v", err)
	if errors.Is(err, ErrLost) {
		e.Err = ErrLost // and nothing that ends a script
	}
	return e
}

// OnDevice is a group whose operations run on streams of a device, on arrays that live
// there, and not on the processor's.
type OnDevice interface {
	Group
	Device() DeviceType
}

// deviceOf is where a group's operations run.
func deviceOf(g Group) DeviceType {
	if d, ok := g.(OnDevice); ok {
		return d.Device()
	}
	return CPU
}

// Exchange is one operation of a group.
type Exchange struct {
	Kind  *Op
	Dtype Dtype
	Bytes int // of this process's operand; of a recv, of what comes
	Peer  int // whom to send to, or receive from

	In, Out []byte // row-major elements; Out may be the very bytes of In
	Scratch []byte
	// Fold combines the elements of src into those of dst, as the operation says.
	// It may be called from several goroutines for different elements.
	Fold func(dst, src []byte) error
}

// CollectiveAttrs tell who takes part in an operation.
type CollectiveAttrs struct {
	Group  Group
	Peer   int    // of send and recv
	number uint64 // in the order in which they were made
}

func collective(name string, inPlace bool, g Gradient, doc string) *Op {
	return define(Op{Name: name, Class: Structured, Layout: RowsLayout, InPlace: inPlace, Gradient: g, Collective: true, Doc: doc})
}

// The operations of groups. They run on a stream of the processor, or of the device that
// their group is on.
var (
	OpAllSum     = collective("all_sum", true, Differentiable, "The sum of the processes' arrays.")
	OpAllMax     = collective("all_max", true, Differentiable, "The largest of the processes' elements at each place.")
	OpAllMin     = collective("all_min", true, Differentiable, "The smallest of the processes' elements at each place.")
	OpAllGather  = collective("all_gather", false, Differentiable, "The processes' arrays along the first axis, by rank.")
	OpSumScatter = collective("sum_scatter", false, NotYetDefined, "This process's part, along the first axis, of the sum of the processes' arrays.")
	OpSend       = collective("send", true, NotYetDefined, "The array, which another process gets, too.")
	OpRecv       = collective("recv", false, NotYetDefined, "An array that another process sends.")
)

// folds are what the reductions do to two elements.
var folds = map[*Op]*Op{OpAllSum: OpAdd, OpAllMax: OpMaximum, OpAllMin: OpMinimum, OpSumScatter: OpAdd}

// FoldOf is the elementwise operation that a collective combines elements by, or nil.
func FoldOf(op *Op) *Op { return folds[op] }

// Collect applies a reduction, all_gather or sum_scatter to x.
func (b *Builder) Collect(op *Op, g Group, x *Node) *Node {
	return b.collect(op, CollectiveAttrs{Group: g}, x)
}

func (b *Builder) collect(op *Op, at CollectiveAttrs, x *Node) *Node {
	size, shape := at.Group.Size(), x.shape
	switch {
	case op == OpAllGather && len(shape) == 0:
		shape = []int{size}
	case op == OpAllGather:
		shape = append([]int{size * shape[0]}, shape[1:]...)
	case op == OpSumScatter && (len(shape) == 0 || shape[0]%size != 0):
		b.failf(ValueError, op.Name, "the array has the shape %s, want a first axis that the group's %d processes divide", shapes.Format(shape), size)
	case op == OpSumScatter:
		shape = append([]int{shape[0] / size}, shape[1:]...)
	}
	return b.exchange(op, at, x.dtype, shape, x)
}

// Send gives x, which process dst gets when it is evaluated.
func (b *Builder) Send(g Group, x *Node, dst int) *Node {
	b.checkPeer(OpSend, g, dst)
	return b.exchange(OpSend, CollectiveAttrs{Group: g, Peer: dst}, x.dtype, x.shape, x)
}

// Recv makes an array that process src sends.
func (b *Builder) Recv(g Group, shape []int, d Dtype, src int) *Node {
	b.checkPeer(OpRecv, g, src)
	b.checkShape(OpRecv.Name, shape)
	return b.exchange(OpRecv, CollectiveAttrs{Group: g, Peer: src}, d, shape)
}

func (b *Builder) checkPeer(op *Op, g Group, peer int) {
	if peer < 0 || peer >= g.Size() {
		b.failf(ValueError, op.Name, "there is no process %d in a group of %d", peer, g.Size())
	}
}

// exchange makes a collective's node, on the builder's stream if one was asked for, else
// on one of the group's device.
func (b *Builder) exchange(op *Op, at CollectiveAttrs, d Dtype, shape []int, inputs ...*Node) *Node {
	saved := b.Stream
	defer func() { b.Stream = saved }()
	on := deviceOf(at.Group)
	switch {
	case b.Stream == nil:
		b.Stream = b.groupStream(op, on, Elements(shape)*d.Size())
	case on != CPU && b.Stream.Device.Type != on:
		b.failf(ValueError, op.Name, "the stream is one of the %s, and the group's processes exchange arrays on the %s", b.Stream.Device.Type, on)
	}
	return b.node(op, at, d, shape, inputs...)
}

// besideBytes is the size from which a reduction on a device runs on a stream of its own:
// it takes long enough to have other operations run meanwhile, which for less is not
// worth that streams wait for each other.
const besideBytes = 1 << 20

// groupStream is where a collective runs that no stream was named for: the default one of
// the device, or, for a large reduction, one that the engine keeps for these.
func (b *Builder) groupStream(op *Op, on DeviceType, bytes int) *Stream {
	e := b.engine
	s := e.defaultStreams[Device{Type: on}]
	if s == nil {
		b.failf(ValueError, op.Name, "the group's processes exchange arrays on the %s, and there is none here", on)
	}
	if on == CPU || folds[op] == nil || bytes < besideBytes {
		return s
	}
	if e.beside == nil {
		made, err := e.NewStream(s.Device)
		if err != nil {
			b.failf(RuntimeError, op.Name, "%v", err)
		}
		e.beside = made
	}
	return e.beside
}

// numbered gives a collective's attributes the place of its making.
func (e *Engine) numbered(attrs any) any {
	at := attrs.(CollectiveAttrs)
	e.collectives++
	at.number = e.collectives
	return at
}

// reduceRules: MLX's derivative takes a reduction for the identity, and its tangent is
// the same reduction of the tangents, which for a sum is the sum.
func reduceVJP(_ *Builder, _ *Node, ct []*Node, _ []bool) []*Node { return ct }

// batchedAlong is the rule of operations on the first axis: a batch goes behind it.
func batchedAlong(b *Builder, n *Node, in []*Node, _ []int) ([]*Node, []int) {
	x := in[0]
	if len(x.shape) == 1 { // examples without axes
		x = b.Reshape(x, []int{1, x.shape[0]})
	} else {
		x = b.moveAxis(x, 0, 1)
	}
	return []*Node{b.collect(n.op, n.attrs.(CollectiveAttrs), x)}, []int{1}
}

func init() {
	for _, op := range []*Op{OpAllSum, OpAllMax, OpAllMin} {
		op.VJP, op.VMap = reduceVJP, sameRule
	}
	OpSend.VMap = sameRule
	OpAllGather.VMap, OpSumScatter.VMap = batchedAlong, batchedAlong
	OpAllGather.VJP = func(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
		x, rank := n.inputs[0], n.attrs.(CollectiveAttrs).Group.Rank()
		if len(x.shape) == 0 {
			return []*Node{b.Reshape(b.Narrow(ct[0], 0, rank, rank+1), nil)}
		}
		return []*Node{b.Narrow(ct[0], 0, rank*x.shape[0], (rank+1)*x.shape[0])}
	}
}
