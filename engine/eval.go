package engine

import (
	"context"
	"slices"

	"github.com/mlxstar/mlxstar/alloc"
)

// Eval computes the nodes and waits for them. It returns an *alloc.LimitError,
// before anything ran, where the memory that the evaluation needs at its peak
// does not fit the account.
func (e *Engine) Eval(ctx context.Context, nodes ...*Node) error {
	if err := e.run(ctx, nodes, true); err != nil {
		return err
	}
	for _, n := range nodes {
		if err := n.wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

// AsyncEval starts computing the nodes and returns without waiting.
func (e *Engine) AsyncEval(ctx context.Context, nodes ...*Node) error {
	return e.run(ctx, nodes, false)
}

func (e *Engine) run(ctx context.Context, roots []*Node, wait bool) error {
	if e.closed {
		return Errorf(RuntimeError, "eval", "the engine is closed")
	}
	pending := false
	for _, r := range roots {
		if r.fail != nil {
			return r.fail
		}
		if r.store == nil {
			if t := r.trace; t.active() && t.forbidsValues() {
				return Errorf(ValueError, t.what, "an array cannot be evaluated inside a function that is being traced by %s", t.what)
			}
			pending = true
		}
	}
	if !pending {
		return nil
	}
	e.epoch++
	e.reap()
	order, err := e.schedule(roots)
	if err != nil {
		return err
	}
	ev := e.begin(ctx, wait)
	defer e.end(ev)
	units, err := ev.admit(order)
	if err != nil {
		return err
	}
	clear(order) // what was evaluated and dropped can be collected
	e.keep(order)
	for i, u := range units {
		if err := ev.run(u); err != nil {
			ev.finish()
			ev.abandon(units[i:])
			return err
		}
		units[i] = unit{}
	}
	ev.finish()
	return nil
}

// evaluation is one run of the evaluator.
type evaluation struct {
	engine *Engine
	ctx    context.Context
	inline bool // the caller waits: tasks may run on its goroutine

	queued  []*Node    // ran on a queue, not yet covered by an event
	streams []*Stream  // with tasks that were not flushed
	spare   []*storage // released by queued tasks: reusable on the same stream, in order
	spareOn []*Stream

	reserved *alloc.Reservation // room set aside near the limit, or nil

	single [1]unit    // the units where there is one operation
	given  []*storage // of the operation that is being computed
	held   []*storage // its scratch
}

// collectFloor is the size of an evaluation below which it is not worth a
// collection: the memory that dead handles hold is at most of that order.
const collectFloor = 64 << 10

// collectShare: an evaluation that may add less than this part of the active
// memory is not worth a collection either.
const collectShare = 32

// admit plans the evaluation: what runs together, and its memory. An upper bound
// decides in most cases; if it does not fit, dead arrays are collected, the exact
// peak is computed and that much is reserved. A group holds on to all that it
// reads until it has run, which can take more memory than its operations one by
// one: where that is what does not fit, they run one by one.
func (ev *evaluation) admit(order []*Node) ([]unit, error) {
	var units []unit
	if len(order) == 1 {
		ev.single[0].node = order[0]
		units = ev.single[:]
	} else {
		units = ev.engine.fuse(order)
	}
	var bound int64
	for _, u := range units {
		bound += u.worstBytes()
	}
	acct := ev.engine.account
	if bound >= collectFloor && bound > acct.Active()/collectShare {
		acct.Collect(alloc.ForPlan)
	}
	if bound <= acct.Room() {
		return units, nil
	}
	ev.engine.waitRetired(ev.ctx)
	acct.Collect(alloc.ForLimit)
	peak := ev.engine.plannedPeak(units)
	if peak > acct.Room() {
		single := unfused(order)
		if p := ev.engine.plannedPeak(single); p < peak {
			units, peak = single, p
		}
	}
	last := order[len(order)-1]
	r, err := last.stream.pool.Reserve("eval", peak, last.site)
	ev.reserved = r
	return units, err
}

// worstBytes bounds the memory that the unit allocates.
func (u unit) worstBytes() (b int64) {
	if u.group == nil {
		return u.node.worstBytes()
	}
	for _, n := range u.group.members {
		if u.group.kept(n) {
			b += int64(n.Bytes())
		}
	}
	return b + int64(u.group.worstWorkspace())
}

// worstBytes bounds the memory that the node's operation allocates: outputs,
// scratch, and a copy of each input that its layout may ask for.
func (n *Node) worstBytes() int64 {
	var b int64
	for _, o := range n.outputs() {
		b += int64(o.Bytes())
	}
	if n.op.Layout != AnyLayout {
		for _, in := range n.inputs[min(n.op.Free, len(n.inputs)):] {
			b += int64(in.Bytes())
		}
	}
	return b + int64(n.worstWorkspace())
}

// run computes a unit.
func (ev *evaluation) run(u unit) error {
	if err := ev.ctx.Err(); err != nil {
		return err
	}
	if u.group != nil {
		return ev.group(u.group)
	}
	return ev.step(u.node)
}

// step computes one operation and lets go of what it read for the last time.
func (ev *evaluation) step(n *Node) error {
	if err := ev.order(n); err != nil {
		return err
	}
	if n.op.Class == View {
		for _, o := range n.outputs() {
			if err := ev.view(o); err != nil {
				return err
			}
		}
	} else if err := ev.compute(n); err != nil {
		return err
	}
	ev.release(n)
	return nil
}

// order makes the node's stream wait for inputs that other streams compute.
func (ev *evaluation) order(n *Node) error {
	for _, in := range n.inputs {
		if in.fail != nil {
			return in.fail
		}
		if in.stream == n.stream || in.immediate() {
			continue
		}
		if ev.isQueued(in) {
			ev.flush(in.stream)
		}
		if in.ready != nil && !in.ready.Done() {
			n.stream.queue.Wait(in.ready)
		}
	}
	return nil
}

func (ev *evaluation) isQueued(n *Node) bool {
	for _, s := range ev.streams {
		if s == n.stream {
			return n.ready == nil
		}
	}
	return false
}

// view gives the node its input's storage where the strides allow it, else a
// copy. Of several outputs each is a view of the input of its number.
func (ev *evaluation) view(n *Node) error {
	in := n.inputs[n.index]
	if p, ok := n.op.Alias(n, in.place); ok {
		ev.share(n, in, p)
		return nil
	}
	out, err := ev.allocate(n, in.Bytes())
	if err != nil {
		return err
	}
	dense := Operand{Buffer: out.buffer, Data: out.buffer.Bytes(), Dtype: in.dtype, Shape: in.shape, Strides: RowMajor(in.shape)}
	if err := ev.encode(n, &Task{Ctx: ev.ctx, Op: OpCopy, In: []Operand{in.operand()}, Out: []Operand{dense}}); err != nil {
		out.drop(ev, n.stream)
		return err
	}
	p, ok := n.op.Alias(n, Placement{Strides: dense.Strides})
	if !ok {
		return Errorf(RuntimeError, n.op.Name, "no view of a row-major array of shape %s", FormatShape(in.shape))
	}
	n.store, n.place = out, p
	return nil
}

func (ev *evaluation) share(n, in *Node, p Placement) {
	n.store, n.place = in.store, p
	n.store.users++
	if in.ready != nil || in.fail != nil {
		n.ready = in.ready
	} else if ev.isQueued(in) {
		ev.queued = append(ev.queued, n)
		if n.stream != in.stream {
			n.stream = in.stream
		}
	}
}

// compute allocates the outputs and hands the task to the queue.
func (ev *evaluation) compute(n *Node) error {
	t := ev.engine.task(ev.ctx, n.op)
	t.Attrs = n.attrs
	outs := n.outputs()
	err := ev.bind(n, outs, t)
	if err == nil {
		err = ev.encode(n, t)
	}
	if err != nil {
		ev.dropNew(n.inputs, n.stream, ev.given)
	} else {
		for i, o := range outs {
			o.store, o.place = ev.given[i], Placement{Strides: t.Out[i].Strides}
		}
	}
	ev.dropHeld(n.stream)
	clear(ev.given)
	ev.given = ev.given[:0]
	ev.reuse(t)
	return err
}

// bind gives the task its operands: the inputs, copied where their layout asks for
// it, storage for the outputs, and scratch.
func (ev *evaluation) bind(n *Node, outs []*Node, t *Task) error {
	for i, in := range n.inputs {
		t.In = append(t.In, in.operand())
		if o := &t.In[len(t.In)-1]; !n.op.accepts(i, o) {
			s, err := ev.dense(n, o)
			if err != nil {
				return err
			}
			ev.held = append(ev.held, s)
		}
	}
	for _, o := range outs {
		s := ev.donated(n, o, t.In, ev.given)
		if s == nil {
			var err error
			if s, err = ev.allocate(o, o.Bytes()); err != nil {
				return err
			}
		}
		ev.given = append(ev.given, s)
		t.Out = append(t.Out, Operand{Buffer: s.buffer, Data: s.buffer.Bytes(), Dtype: o.dtype, Shape: o.shape, Strides: RowMajor(o.shape)})
	}
	return ev.workspace(n, t)
}

// accepts reports whether the operation's kernel reads the i-th operand as it lies.
func (op *Op) accepts(i int, o *Operand) bool {
	if i < op.Free {
		return true
	}
	switch op.Layout {
	case RowsLayout:
		return o.IsRowMajor()
	case TileLayout:
		return isTile(o.Shape, o.Strides)
	}
	return true
}

// isTile reports whether the last two axes are row-major or transposed, with
// any stride between rows that leaves no overlap.
func isTile(shape, strides []int) bool {
	r := len(shape)
	if r < 2 {
		return r == 0 || strides[0] == 1 || shape[0] == 1
	}
	m, n := shape[r-2], shape[r-1]
	rows, cols := strides[r-2], strides[r-1]
	return (cols == 1 || n == 1) && (rows >= n || m == 1) || (rows == 1 || m == 1) && (cols >= m || n == 1)
}

// dense copies the operand to row-major scratch and points it there.
func (ev *evaluation) dense(n *Node, o *Operand) (*storage, error) {
	s, err := ev.allocate(n, o.Len()*o.Dtype.Size())
	if err != nil {
		return nil, err
	}
	to := Operand{Buffer: s.buffer, Data: s.buffer.Bytes(), Dtype: o.Dtype, Shape: o.Shape, Strides: RowMajor(o.Shape)}
	if err := ev.encode(n, &Task{Ctx: ev.ctx, Op: OpCopy, In: []Operand{*o}, Out: []Operand{to}}); err != nil {
		s.drop(ev, n.stream)
		return nil, err
	}
	*o = to
	return s, nil
}

// donated gives the output the storage of an input that dies here: the
// operation allows it, the size and dtype agree, the input is dense, and nobody
// else reads or will read it.
func (ev *evaluation) donated(n, out *Node, in []Operand, given []*storage) *storage {
	if !n.op.InPlace || n.trace.active() {
		return nil
	}
	for i, src := range n.inputs {
		if i > 0 && n.op.Class == Movement {
			break // an update goes over the array that it updates, never the other way round
		}
		s := src.store
		if s == nil || src.dtype.Size() != out.dtype.Size() || s.users != 1 || in[i].Buffer != s.buffer ||
			src.place.Offset != 0 || !equalInts(src.shape, out.shape) || !IsRowMajor(src.shape, src.place.Strides) {
			continue
		}
		if s.pool != n.stream.pool || src.stream != n.stream && src.ready != nil {
			continue
		}
		if int(src.uses) != countOf(n.inputs, src) || !src.expendable(n) || s.buffer.Foreign() || taken(given, s) {
			continue
		}
		return s
	}
	return nil
}

func taken(given []*storage, s *storage) bool {
	for _, g := range given {
		if g == s {
			return true
		}
	}
	return false
}

func countOf(nodes []*Node, n *Node) (c int) {
	for _, m := range nodes {
		if m == n {
			c++
		}
	}
	return c
}

// expendable reports whether nothing reads the node once the consumer has.
func (n *Node) expendable(consumer *Node) bool {
	n.waiting -= int32(countOf(consumer.inputs, n))
	free := !n.held()
	n.waiting += int32(countOf(consumer.inputs, n))
	return free
}

// encode hands a task to the node's queue.
func (ev *evaluation) encode(n *Node, t *Task) error {
	done, err := n.stream.queue.Encode(t, ev.inline)
	t.encoded = !done && err == nil
	if !t.encoded {
		return err
	}
	ev.noteStream(n.stream)
	ev.queued = append(ev.queued, n.outputs()...)
	return nil
}

func (ev *evaluation) noteStream(s *Stream) {
	for _, t := range ev.streams {
		if t == s {
			return
		}
	}
	ev.streams = append(ev.streams, s)
}

// allocate gets memory on the node's device.
func (ev *evaluation) allocate(n *Node, size int) (*storage, error) {
	for i, s := range ev.spare {
		if ev.spareOn[i] == n.stream && s.pool == n.stream.pool && s.buffer.Size() == size {
			ev.forgetSpare(i)
			s.users = 1
			return s, nil
		}
	}
	get := n.stream.pool.Get
	if ev.reserved != nil {
		get = ev.reserved.Get
	}
	buf, err := get(size, n.site)
	if err != nil {
		return nil, err
	}
	return &storage{buffer: buf, pool: n.stream.pool, users: 1}, nil
}

// forgetSpare keeps the order: what was released first is reused first, so that a
// GPU need not wait for what it has just begun to read.
func (ev *evaluation) forgetSpare(i int) {
	ev.spare, ev.spareOn = slices.Delete(ev.spare, i, i+1), slices.Delete(ev.spareOn, i, i+1)
}

// drop lets one holder of the storage go. The last one releases it: at once
// where all streams are idle, else for reuse by later tasks of the same stream
// and, after the tasks in flight, by everybody.
func (s *storage) drop(ev *evaluation, on *Stream) {
	s.users--
	if s.users > 0 {
		return
	}
	if len(ev.streams) > 0 || ev.engine.busy() {
		ev.spare = append(ev.spare, s)
		ev.spareOn = append(ev.spareOn, on)
		return
	}
	if ev.reserved != nil {
		ev.reserved.Release(s.buffer)
		return
	}
	s.buffer.Release()
}

// dropNew lets go of storage for outputs that will not be, but for what inputs
// were to give.
func (ev *evaluation) dropNew(inputs []*Node, on *Stream, stores []*storage) {
	for _, s := range stores {
		donated := false
		for _, in := range inputs {
			donated = donated || in.store == s
		}
		if !donated {
			s.drop(ev, on)
		}
	}
}

// release ends a computed node's hold on its inputs and drops those that
// nothing else will read. Nodes of an active trace keep their graph.
func (ev *evaluation) release(n *Node) {
	outs := n.outputs()
	inputs := n.inputs
	if !n.trace.active() {
		for _, o := range outs {
			o.detach()
		}
	}
	for _, in := range inputs {
		in.uses--
		if in.store == nil || in.uses > 0 || in.held() {
			continue
		}
		s := in.store
		in.store = nil
		if s.users == 1 && shares(outs, s) {
			continue // donated: the output owns it now
		}
		s.drop(ev, n.stream)
	}
	for _, o := range outs { // outputs that nobody asked for
		if len(outs) > 1 && o.uses == 0 && !o.held() && o.store != nil {
			s := o.store
			o.store = nil
			s.drop(ev, n.stream)
		}
	}
}

func shares(outs []*Node, s *storage) bool {
	for _, o := range outs {
		if o.store == s {
			return true
		}
	}
	return false
}
