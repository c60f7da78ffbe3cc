package engine

import "context"

// scratch is what one evaluation leaves for the next to use again, so that an
// evaluation of a few small operations allocates next to nothing. Nothing in it is
// referred to between evaluations but empty memory.
type scratch struct {
	run     *evaluation
	task    *Task
	order   []*Node
	stack   []frame
	dead    []*Node
	in, out []Dtype
}

// keptScratch is the most entries that scratch lists may have between evaluations.
const keptScratch = 2048

// begin starts an evaluation.
func (e *Engine) begin(ctx context.Context, inline bool) *evaluation {
	ev := e.scratch.run
	e.scratch.run = nil
	if ev == nil {
		ev = new(evaluation)
	}
	ev.engine, ev.ctx, ev.inline = e, ctx, inline
	return ev
}

// end closes what the evaluation had set aside.
func (e *Engine) end(ev *evaluation) {
	if ev.reserved != nil {
		ev.reserved.Close()
	}
	*ev = evaluation{given: ev.given[:0], held: ev.held[:0]}
	e.scratch.run = ev
}

// task is an empty task.
func (e *Engine) task(ctx context.Context, op *Op) *Task {
	t := e.scratch.task
	e.scratch.task = nil
	if t == nil {
		t = new(Task)
	}
	t.Ctx, t.Op = ctx, op
	return t
}

// reuse keeps a task for the next, if no queue holds on to it.
func (ev *evaluation) reuse(t *Task) {
	if t.encoded {
		return
	}
	clear(t.In)
	clear(t.Out)
	*t = Task{In: t.In[:0], Out: t.Out[:0]}
	ev.engine.scratch.task = t
}

// keep keeps an order's memory.
func (e *Engine) keep(order []*Node) {
	if cap(order) <= keptScratch {
		e.scratch.order = order[:0]
	}
}
