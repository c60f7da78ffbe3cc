package engine

import (
	"context"
	"slices"
	"weak"

	"github.com/mlxstar/mlxstar/alloc"
)

// Node is one array of the graph: what it is (shape, dtype), how it comes about
// (operation, attributes, inputs) until it has been evaluated, and where its
// elements lie afterwards. Nodes are made by a Builder and are immutable to
// everybody but the evaluator.
type Node struct {
	shape []int
	dtype Dtype
	epoch uint32 // how many evaluations there had been when it was built

	op     *Op
	attrs  any
	inputs []*Node
	index  int   // which output of its operation this is
	family *call // the outputs of an operation with several, else nil
	stream *Stream
	site   alloc.Site

	// waiting counts the consumers of this node that have been built and not
	// evaluated. It is never too small; dead consumers may keep it too large.
	waiting int32
	visit   uint64 // the last traversal that saw this node
	at      int32  // the number of its operation in the running evaluation's outline
	cell    int32  // that of its memory there
	again   bool   // computed a second time rather than kept, see again.go
	// abandoned is set where nothing refers to the pending node, so that it does not count
	// as a consumer of its inputs.
	abandoned bool
	uses      int32  // consumers left in the running evaluation
	known     int32  // those among waiting that it computes
	number    int32  // of the node among those that the evaluation sees
	group     int32  // the group of that evaluation that it is a member of, or 0
	inner     int32  // consumers in that group
	slot      int32  // its place in the group
	age       uint32 // evaluations that pending inputs have outlived, see grow.go

	store *storage // nil until evaluated
	place Placement
	ready Event // nil once completion was seen
	fail  error // the failure that poisoned this node

	watch watch
	trace *trace
	born  *trace // the one that ran when the node was made
}

// call ties the outputs of one operation together. The evaluator fills it at
// once; dead outputs are released with it.
type call struct{ outputs []*Node }

// storage is a buffer and the number of evaluated nodes known to hold it. The
// evaluator releases the buffer when the last of them lets go; nodes that just
// become unreachable never do, and the pool finds their buffer after a
// collection instead.
type storage struct {
	buffer *alloc.Buffer
	pool   *alloc.Pool
	users  int32
	epoch  uint32 // the evaluation that it was made in
	reader reader // whose queued tasks read it

	outline uint64 // the last outline that it was numbered in
	cell    int32  // its number there

	rehearsal uint64   // the last rehearsal that it was seen in
	planned   *planned // what it is there
}

// watch answers whether a handle of the node may still be alive.
type watch struct {
	handle weak.Pointer[Array]
	more   []weak.Pointer[Array]
	blind  int32 // handles that are not watched
}

// watchBytes is the size from which handles are watched: a weak pointer costs
// 0.3 us, which only pays where an early release matters. What a transform traces is
// watched whatever its size, since much may be alive only for what nobody asks for.
const watchBytes = 2048

// Shape is the node's shape; it must not be changed.
func (n *Node) Shape() []int { return n.shape }

// Dtype is the node's dtype.
func (n *Node) Dtype() Dtype { return n.dtype }

// Rank is the number of axes.
func (n *Node) Rank() int { return len(n.shape) }

// Len is the number of elements.
func (n *Node) Len() int { return Elements(n.shape) }

// Bytes is the size of the elements, in bytes.
func (n *Node) Bytes() int { return n.Len() * n.dtype.Size() }

// Op is the operation that makes the node, or nil once it has been evaluated.
func (n *Node) Op() *Op { return n.op }

// Attrs holds the operation's attributes.
func (n *Node) Attrs() any { return n.attrs }

// Inputs are the operation's inputs; empty once it has been evaluated.
func (n *Node) Inputs() []*Node { return n.inputs }

// Stream is where the node is or was computed.
func (n *Node) Stream() *Stream { return n.stream }

// Evaluated reports whether the elements have been computed, or are on their way.
func (n *Node) Evaluated() bool { return n.store != nil }

// Traced reports whether the node depends on an argument of a function that is
// being traced.
func (n *Node) Traced() bool { return n.trace.running() != nil }

// Batched reports whether the node stands for one example of a batch, under vmap.
func (n *Node) Batched() bool {
	t := n.trace.running()
	return t != nil && t.what == "vmap"
}

// Outputs lists all outputs of the node's operation.
func (n *Node) Outputs() []*Node { return append([]*Node(nil), n.outputs()...) }

// Pending lists the operations that have not been evaluated and that the roots
// are computed by, inputs first: the first output of each.
func Pending(roots []*Node) []*Node {
	type frame struct {
		n    *Node
		next int
	}
	var order []*Node
	seen := map[*Node]bool{}
	var stack []frame
	push := func(n *Node) {
		first := n.outputs()[0]
		if n.op != nil && !seen[first] {
			seen[first] = true
			stack = append(stack, frame{n: first})
		}
	}
	for _, root := range roots {
		push(root)
		for len(stack) > 0 {
			top := &stack[len(stack)-1]
			if top.next < len(top.n.inputs) {
				top.next++
				push(top.n.inputs[top.next-1])
				continue
			}
			order = append(order, top.n)
			stack = stack[:len(stack)-1]
		}
	}
	return order
}

// outputs lists all outputs of the node's operation.
func (n *Node) outputs() []*Node {
	if n.family != nil {
		return n.family.outputs
	}
	return []*Node{n}
}

// held reports whether something outside the running evaluation may still read
// the node: a handle, or a consumer that was built and not evaluated.
func (n *Node) held() bool {
	if n.waiting > 0 || n.watch.blind > 0 || n.trace.active() {
		return true
	}
	if n.watch.of(n, n.watch.handle) {
		return true
	}
	for _, w := range n.watch.more {
		if n.watch.of(n, w) {
			return true
		}
	}
	return false
}

func (w *watch) of(n *Node, p weak.Pointer[Array]) bool {
	a := p.Value()
	return a != nil && a.node == n
}

// collected reports whether the node had a handle of which only a collection can tell
// that it is dead.
func (n *Node) collected() bool { return n.watch.handle != (weak.Pointer[Array]{}) }

// add notes a handle of n.
func (w *watch) add(n *Node, a *Array) {
	switch {
	case n.Bytes() < watchBytes && !n.trace.active():
		w.blind++
	case w.handle == (weak.Pointer[Array]{}):
		w.handle = weak.Make(a)
	default:
		w.more = append(w.more, weak.Make(a))
	}
}

// wait blocks until the elements are there.
func (n *Node) wait(ctx context.Context) error {
	if n.fail != nil {
		return n.fail
	}
	if n.ready == nil {
		return nil
	}
	if err := n.ready.Wait(ctx); err != nil {
		if ctx.Err() == nil {
			n.fail = err
		}
		return err
	}
	n.ready = nil
	return nil
}

// immediate reports whether the node is a pending 0-d constant: operations read
// it from the graph, and it takes no memory unless it is evaluated for itself.
func (n *Node) immediate() bool {
	return n.op == OpFull && len(n.shape) == 0 && n.store == nil
}

// operand describes the evaluated node, or the constant, to a kernel.
func (n *Node) operand() Operand {
	if n.immediate() {
		return Operand{Dtype: n.dtype, Data: n.attrs.(*FullAttrs).Element[:n.dtype.Size()]}
	}
	o := Operand{Dtype: n.dtype, Shape: n.shape, Strides: n.place.Strides, Offset: n.place.Offset}
	if n.store.buffer != nil {
		o.Buffer = n.store.buffer
		o.Data = n.store.buffer.Bytes()
	}
	return o
}

// detach cuts an evaluated node from the graph, so that what it was computed
// from can be released.
func (n *Node) detach() {
	for _, in := range n.inputs {
		in.waiting--
	}
	n.op, n.attrs, n.inputs, n.family = nil, nil, nil, nil
}

// Array is a handle of a node: what a script's variable or a Go program holds.
// While a handle is reachable its array keeps its elements once evaluated; the
// elements of a node without a live handle are released at their last use. An
// operation in place points the handle at another node.
type Array struct {
	node   *Node
	engine *Engine
}

// Node is the graph's node that the handle stands for now.
func (a *Array) Node() *Node { return a.node }

// Engine is the engine the array belongs to.
func (a *Array) Engine() *Engine { return a.engine }

// remove forgets a handle of n that is known to be dead, or to point elsewhere.
func (w *watch) remove(n *Node, a *Array) {
	if w.handle == (weak.Pointer[Array]{}) && len(w.more) == 0 {
		w.blind--
		return
	}
	p := weak.Make(a)
	if w.handle == p {
		w.handle = weak.Pointer[Array]{}
		return
	}
	if i := slices.Index(w.more, p); i >= 0 {
		w.more = slices.Delete(w.more, i, i+1)
		return
	}
	w.blind--
}

// Rebind points the handle at another node: the outcome of an operation in place.
func (a *Array) Rebind(n *Node) {
	if a.node == n {
		return
	}
	if a.node != nil {
		a.Discard()
	}
	a.node = n
	n.revive()
	n.watch.add(n, a)
}

// Discard tells that nothing refers to the handle any more, so that its elements
// can be let go without waiting for a collection. They go at once, or, if a
// pending operation or a view needs them, after that. A pending node that nothing else
// refers to is no consumer of what it reads any more.
func (a *Array) Discard() {
	n := a.node
	n.watch.remove(n, a)
	if n.store == nil {
		a.engine.abandon(n)
		return
	}
	if n.held() || n.ready != nil && !n.ready.Done() || a.engine.busy() {
		return
	}
	s := n.store
	n.store = nil
	n.fail = errDiscarded
	if s.users--; s.users == 0 {
		s.buffer.Release()
	}
}

var errDiscarded = Errorf(RuntimeError, "eval", "the array was let go of")

// Hold makes *a a handle of the node.
func (e *Engine) Hold(a *Array, n *Node) {
	a.engine = e
	a.Rebind(n)
}

// NewArray makes a handle of the node.
func (e *Engine) NewArray(n *Node) *Array {
	a := new(Array)
	e.Hold(a, n)
	return a
}

// Shape is the array's shape; it must not be changed.
func (a *Array) Shape() []int { return a.node.shape }

// Dtype is the array's dtype.
func (a *Array) Dtype() Dtype { return a.node.dtype }

// Eval computes the elements.
func (a *Array) Eval(ctx context.Context) error { return a.engine.Eval(ctx, a.node) }
