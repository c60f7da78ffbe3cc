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
	if err := e.run(ctx, nodes, false); err != nil {
		return err
	}
	e.follow(nodes)
	return nil
}

// launched is what async_eval began on a stream.
type launched struct {
	stream *Stream
	end    Event
}

// follow keeps the ends of what is under way, for Synchronize to tell how it ended.
func (e *Engine) follow(nodes []*Node) {
	e.launched = slices.DeleteFunc(e.launched, func(l launched) bool {
		return l.end.Done() && l.end.Wait(context.Background()) == nil
	})
	for _, n := range nodes {
		if n.ready != nil && len(e.launched) < maxLaunched {
			e.launched = append(e.launched, launched{n.stream, n.ready})
		}
	}
}

// maxLaunched bounds what is kept of work whose outcome nobody asked for.
const maxLaunched = 1 << 12

// outcome forgets what was begun on a stream, nil being all, and gives its first error.
func (e *Engine) outcome(ctx context.Context, s *Stream) (first error) {
	e.launched = slices.DeleteFunc(e.launched, func(l launched) bool {
		if s != nil && l.stream != s {
			return false
		}
		if err := l.end.Wait(ctx); err != nil && first == nil {
			first = err
		}
		return true
	})
	return first
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
	if o := e.observer.Load(); o != nil {
		(*o).EvalBegun(len(order))
		defer (*o).EvalEnded()
	}
	if e.Evaluating == nil {
		return e.evaluate(ctx, roots, order, wait)
	}
	end := e.Evaluating(len(order))
	err = e.evaluate(ctx, roots, order, wait)
	if end != nil {
		end(err)
	}
	return err
}

// evaluate runs the operations that the roots need, in an order in which they can run.
func (e *Engine) evaluate(ctx context.Context, roots, order []*Node, wait bool) error {
	ev := e.begin(ctx, wait)
	defer e.end(ev)
	units, err := ev.admit(roots, order)
	if err != nil {
		return err
	}
	if e.admitted != nil {
		e.admitted(units)
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
	if ev.freed > 0 {
		e.account.Repaid(ev.freed)
	}
	if ev.large {
		for _, p := range e.Pools() {
			p.Rest()
		}
	}
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

	large bool  // it may have freed much
	freed int64 // bytes of earlier evaluations that were let go of thanks to collections

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

// largeBytes is the size of an evaluation from which it is worth looking at what it left
// in the cache.
const largeBytes = 1 << 20

// admit plans the evaluation: its order, what runs together, and its memory. An upper
// bound decides in most cases; if it does not fit, dead arrays are collected, the exact
// peak is computed and that much is reserved. A group holds on to all that it
// reads until it has run, which can take more memory than its operations one by
// one: where that is what does not fit, they run one by one.
func (ev *evaluation) admit(roots, order []*Node) ([]unit, error) {
	e := ev.engine
	acct := e.account
	if len(order) == 1 {
		ev.single[0].node = order[0]
		bound := order[0].worstBytes()
		ev.collect(bound, 0)
		if bound <= acct.Room() {
			return ev.single[:], nil
		}
		return ev.reserve(order, ev.single[:])
	}
	bound, hoped := weigh(roots, order)
	ev.collect(bound, hoped)
	units, _ := e.arrange(roots, order, bound)
	if bound <= acct.Room() {
		return units, nil
	}
	return ev.reserve(order, units)
}

// weigh bounds what the operations allocate, and says how much of it would be kept for handles
// and consumers, those of the roots aside, that a collection may find dead.
func weigh(roots, order []*Node) (bound, hoped int64) {
	for _, n := range order {
		bound += n.worstBytes()
		hoped += n.doubtful()
	}
	for _, n := range roots {
		hoped -= n.doubtful()
	}
	return bound, max(hoped, 0)
}

// doubtful is the bytes of the node if they have to be kept for a handle that may be dead, or
// for a consumer that nobody may want any more. A view keeps its base, and so does an update
// of what nothing else reads, as of a cache of keys; where that is there already, nothing is added.
func (n *Node) doubtful() int64 {
	if !n.outlasts() {
		return 0
	}
	base := n
	for range basesLookedThrough {
		if base.store != nil {
			return 0
		}
		over := base.op.Class == View || base.op.Class == Movement && base.op.InPlace && !base.inputs[0].outlasts()
		if !over {
			break
		}
		base = base.inputs[base.index]
	}
	if base.store != nil {
		return 0
	}
	return int64(min(n.Bytes(), base.Bytes()))
}

// basesLookedThrough bounds the views of views that are looked through for an estimate.
const basesLookedThrough = 8

// collect has dead arrays collected where that may matter to an evaluation of that size,
// which would keep so many bytes for handles that may be dead.
func (ev *evaluation) collect(bound, hoped int64) {
	acct := ev.engine.account
	ev.large = bound >= largeBytes
	collected := bound >= collectFloor && bound > acct.Active()/collectShare && acct.CollectFor(alloc.ForPlan, hoped)
	if len(ev.engine.doubted) > 0 {
		ev.engine.settleDoubts(collected)
	}
}

// reserve sets aside what the units take at their peak.
func (ev *evaluation) reserve(order []*Node, units []unit) ([]unit, error) {
	e := ev.engine
	e.waitRetired(ev.ctx)
	e.account.Collect(alloc.ForLimit)
	peak := e.rehearse(units)
	if peak > e.account.Room() {
		single := unfused(order)
		if p := e.rehearse(single); p < peak {
			units, peak = single, p
		}
	}
	last := order[len(order)-1]
	r, err := last.stream.pool.Reserve("eval", peak, last.site)
	ev.reserved = r
	return units, err
}

// worstBytes bounds the memory that the node's operation allocates: outputs,
// scratch, and a copy of each input that its layout may ask for.
func (n *Node) worstBytes() int64 {
	var b int64
	for _, o := range n.outputs() {
		b += int64(o.Bytes())
	}
	for i, in := range n.inputs {
		if n.op.Layout != AnyLayout && i >= n.op.Free || n.far(i) {
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
	if n.op.Collective {
		ev.orderCollective(n)
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
			o.store, o.place = ev.given[i], Placement{Offset: t.Out[i].Offset, Strides: t.Out[i].Strides}
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
		if o := &t.In[len(t.In)-1]; !n.takes(i, o) {
			s, err := ev.dense(n, o)
			if err != nil {
				return err
			}
			ev.held = append(ev.held, s)
		}
	}
	for _, o := range outs {
		var s *storage
		at := Placement{}
		if i, there := donor(ev, n, o, func(i int) bool { return slices.Contains(ev.given, n.inputs[i].store) }); i >= 0 {
			s, at = n.inputs[i].store, there
			ev.describe(o, s)
		} else {
			var err error
			if s, err = ev.allocate(o, o.Bytes()); err != nil {
				return err
			}
			at.Strides = RowMajor(o.shape)
		}
		ev.given = append(ev.given, s)
		t.Out = append(t.Out, Operand{Buffer: s.buffer, Data: s.buffer.Bytes(), Dtype: o.dtype, Shape: o.shape, Strides: at.Strides, Offset: at.Offset})
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

// encode hands a task to the node's queue.
func (ev *evaluation) encode(n *Node, t *Task) error {
	ev.engine.tasks++
	done, err := n.stream.queue.Encode(t, ev.inline)
	t.encoded = !done && err == nil
	if !t.encoded {
		return err
	}
	ev.noteStream(n.stream)
	for _, in := range n.inputs {
		if in.store != nil {
			in.store.reader.note(n.stream)
		}
	}
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
			ev.describe(n, s)
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
	s := &storage{buffer: buf, pool: n.stream.pool, users: 1, epoch: ev.engine.epoch}
	ev.describe(n, s)
	return s, nil
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
		if s.reader.other(on) {
			on = nil // no stream's order tells when it is free
		}
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
		ev.repaid(in)
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

// repaid counts what is let go of although it was not made here.
func (ev *evaluation) repaid(n *Node) {
	if s := n.store; s.users == 1 && s.epoch != ev.engine.epoch && n.collected() {
		ev.freed += s.buffer.Charge()
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
