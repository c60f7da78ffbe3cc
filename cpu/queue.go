package cpu

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/mlxstar/mlxstar/engine"
)

var (
	_ engine.Queue = (*queue)(nil)
	_ engine.Event = (*event)(nil)
)

var errClosed = errors.New("cpu: the backend is closed")

// queue runs tasks in order. Work that the caller waits for runs on the
// caller's goroutine where nothing is before it; other work runs on a goroutine
// that Flush starts and that ends when nothing is left.
//
// A failed task fails the event that covers it; the rest of that flush is not
// run. Tasks of other flushes, of this queue or another, fail only if they read
// what the failed ones should have written.
type queue struct {
	backend *Backend
	state   atomic.Uint32 // lets an idle queue be used without the lock

	mu      sync.Mutex
	items   []item
	flushes int    // ends of flushes among the items
	batch   *event // covers the tasks encoded since the last flush, or nil
	running bool   // a goroutine works on the queue, or a caller that is attended to runs a task
	idle    *sync.Cond
	closed  bool
}

// The states of a queue. Without any it is idle: nothing is before a task.
const (
	lent     = 1 << iota // a caller runs a task
	attended             // the lock guards what happens next
)

// item is one entry of a queue: a task with the event that covers it, an event
// to wait for, or the end of a flush.
type item struct {
	task  *engine.Task
	after engine.Event
	event *event // of the task; without one, completed by this item
}

func newQueue(b *Backend) *queue {
	q := &queue{backend: b}
	q.idle = sync.NewCond(&q.mu)
	return q
}

// Encode appends a task, or runs it at once if inline is set and nothing is
// before it.
func (q *queue) Encode(t *engine.Task, inline bool) (done bool, err error) {
	if inline && q.state.CompareAndSwap(0, lent) {
		err := q.backend.execute(t)
		if !q.state.CompareAndSwap(lent, 0) {
			q.giveBack()
		}
		return true, err
	}
	q.attend()
	defer q.mu.Unlock()
	if q.closed {
		return false, errClosed
	}
	if q.batch == nil {
		q.batch = newEvent()
	}
	q.items = append(q.items, item{task: t, event: q.batch})
	return false, nil
}

// attend takes the lock, and keeps callers from the queue until it is idle again.
func (q *queue) attend() {
	q.mu.Lock()
	if q.state.Or(attended)&lent != 0 {
		q.running = true
	}
}

// giveBack ends a caller's task during which the queue was attended to.
func (q *queue) giveBack() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.state.And(^uint32(lent))
	q.running = false
	q.resume()
}

// Flush starts what was encoded.
func (q *queue) Flush() engine.Event {
	q.attend()
	defer q.mu.Unlock()
	e := q.batch
	q.batch = nil
	if e == nil {
		e = newEvent()
		if !q.running && len(q.items) == 0 {
			e.complete()
			q.rest()
			return e
		}
	}
	q.end(e)
	return e
}

// end appends the end of a flush and starts it. The lock is held.
func (q *queue) end(e *event) {
	q.items = append(q.items, item{event: e})
	q.flushes++
	q.resume()
}

// resume lets a goroutine work on what Flush has started. The lock is held.
func (q *queue) resume() {
	if !q.running {
		if q.flushes > 0 {
			q.running = true
			go q.drain()
			return
		}
		q.rest()
	}
}

// rest lets callers have the queue if nothing is left in it. Nothing runs, and the
// lock is held.
func (q *queue) rest() {
	if len(q.items) == 0 && !q.closed {
		q.state.Store(0)
	}
	q.idle.Broadcast()
}

// drain works on the queue until no flush is left in it.
func (q *queue) drain() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.flushes > 0 {
		it := q.items[0]
		q.items[0] = item{}
		q.items = q.items[1:]
		if it.task == nil && it.after == nil {
			q.flushes--
		}
		closed := q.closed
		q.mu.Unlock()
		q.do(it, closed)
		q.mu.Lock()
	}
	if len(q.items) == 0 {
		q.items = nil
	}
	q.running = false
	q.rest()
}

func (q *queue) do(it item, closed bool) {
	switch {
	case it.after != nil:
		if !closed {
			q.await(it.after)
		}
	case it.task == nil:
		it.event.complete()
	case it.event.err != nil:
		q.backend.poison.Mark(it.task, it.event.err)
	case closed:
		it.event.err = errClosed
	default:
		it.event.err = q.backend.execute(it.task)
	}
}

// await waits for another queue's event. Its error is not this queue's: tasks
// that read what it should have computed fail by themselves.
func (q *queue) await(e engine.Event) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		select {
		case <-q.backend.workers.quit:
			cancel()
		case <-stop:
		}
	}()
	_ = e.Wait(ctx)
}

// Wait makes later tasks run after the event.
func (q *queue) Wait(e engine.Event) {
	if e == nil || e.Done() {
		return
	}
	q.attend()
	q.items = append(q.items, item{after: e})
	q.mu.Unlock()
}

// Close fails what has not run and waits for the task that runs.
func (q *queue) Close() error {
	q.attend()
	defer q.mu.Unlock()
	q.closed = true
	if e := q.batch; e != nil {
		q.batch = nil
		q.end(e)
	}
	for q.running {
		q.idle.Wait()
	}
	return nil
}

// event completes when the tasks of one flush have run.
type event struct {
	done chan struct{}
	err  error // written before done is closed
}

func newEvent() *event { return &event{done: make(chan struct{})} }

func (e *event) complete() { close(e.done) }

// Done reports completion without blocking.
func (e *event) Done() bool {
	select {
	case <-e.done:
		return true
	default:
		return false
	}
}

// Wait blocks until completion and gives the first error of the tasks covered.
func (e *event) Wait(ctx context.Context) error {
	if e.Done() {
		return e.err
	}
	select {
	case <-e.done:
		return e.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// execute runs one task and notes what it leaves unwritten if it fails.
func (b *Backend) execute(t *engine.Task) (err error) {
	if err = b.poison.Check(t); err == nil {
		err = fetchInputs(t)
	}
	if err == nil {
		err = b.run(t)
	}
	if err != nil {
		b.poison.Mark(t, err)
	} else {
		b.poison.Clear(t)
	}
	runtime.KeepAlive(t)
	return err
}

// fetchInputs brings inputs that only another device sees.
func fetchInputs(t *engine.Task) error {
	for i := range t.In {
		if err := t.In[i].Fetch(); err != nil {
			return engine.Errorf(engine.RuntimeError, t.Op.Name, "%v", err)
		}
	}
	return nil
}
