package engine

import "context"

// retired is storage that was let go while tasks in flight may still use it.
type retired struct {
	events []Event
	stores []*storage
}

// flush starts the tasks encoded on a stream and marks the nodes they compute.
func (ev *evaluation) flush(s *Stream) {
	e := s.queue.Flush()
	s.pending = e
	rest := ev.queued[:0]
	for _, n := range ev.queued {
		if n.stream == s {
			n.ready = e
		} else {
			rest = append(rest, n)
		}
	}
	ev.queued = rest
}

// finish flushes what was encoded and retires the storage let go meanwhile.
func (ev *evaluation) finish() {
	for _, s := range ev.streams {
		ev.flush(s)
	}
	if len(ev.spare) == 0 {
		return
	}
	r := retired{stores: ev.spare}
	for _, s := range ev.engine.streams {
		if s.pending != nil && !s.pending.Done() {
			r.events = append(r.events, s.pending)
		}
	}
	ev.engine.retired = append(ev.engine.retired, r)
	ev.engine.reap()
}

// abandon drops the counts of operations that will not run.
func (ev *evaluation) abandon(units []unit) {
	for _, u := range units {
		for _, n := range u.nodes() {
			for _, in := range n.inputs {
				in.uses = 0
			}
		}
	}
}

// busy reports whether any stream has tasks in flight.
func (e *Engine) busy() bool {
	for _, s := range e.streams {
		if s.pending != nil {
			if !s.pending.Done() {
				return true
			}
			s.pending = nil
		}
	}
	return false
}

// reap releases retired storage whose tasks have completed, after which the pools hold
// more than they are to keep.
func (e *Engine) reap() {
	if len(e.retired) == 0 {
		return
	}
	rest, released := e.retired[:0], 0
	for _, r := range e.retired {
		if !r.over() {
			rest = append(rest, r)
			continue
		}
		for _, s := range r.stores {
			released += s.buffer.Size()
			s.buffer.Release()
		}
	}
	clear(e.retired[len(rest):])
	e.retired = rest
	if released >= largeRelease {
		for _, p := range e.Pools() {
			p.Rest()
		}
	}
}

// largeRelease is how many bytes are worth a look at what the pools keep.
const largeRelease = 1 << 20

func (r *retired) over() bool {
	for _, e := range r.events {
		if !e.Done() {
			return false
		}
	}
	return true
}

// waitRetired waits for the tasks in flight, so that what they hold is released.
func (e *Engine) waitRetired(ctx context.Context) {
	for _, r := range e.retired {
		for _, ev := range r.events {
			if ev.Wait(ctx) != nil && ctx.Err() != nil {
				return
			}
		}
	}
	e.reap()
}
