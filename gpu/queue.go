package gpu

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/mlxstar/mlxstar/engine"
)

var (
	_ engine.Queue = (*queue)(nil)
	_ engine.Event = (*event)(nil)
)

// A command buffer is committed when it holds so many tasks, or tasks that make so
// many bytes: the GPU starts on the beginning of a long evaluation while its rest is
// being encoded. Those that follow without a flush are twice and four times as long,
// since the GPU is busy by then.
const (
	batchTasks   = 64
	batchBytes   = 64 << 20
	batchGrowths = 2
)

// queue encodes tasks in order.
type queue struct {
	backend *Backend
	lane    Lane

	mu        sync.Mutex
	batch     *batch
	last      *event // of the tasks encoded last
	committed uint64 // command buffers so far
	unflushed int    // of them, since the last flush
	awaited   uint64 // events of other backends so far
	awaiting  chan struct{}
	waits     []waiting // for the next command buffer to begin with
	inFlight  []*batch
	watching  bool // a goroutine waits for command buffers
	wanted    bool // somebody waits for an event
	awaits    bool // who encoded the last task means to wait for it
	idle      *sync.Cond
	closed    bool
}

func newQueue(b *Backend) (*queue, error) {
	l, err := b.driver.NewLane()
	if err != nil {
		return nil, err
	}
	q := &queue{backend: b, lane: l}
	q.idle = sync.NewCond(&q.mu)
	return q, nil
}

// Encode appends a task. It runs when its command buffer is committed, never
// before Encode returns.
func (q *queue) Encode(t *engine.Task, inline bool) (done bool, err error) {
	f := families[t.Op]
	if t.Fusion != nil {
		f = fusedFamily
	}
	if f == nil {
		return false, engine.Errorf(engine.NotImplementedError, t.Op.Name, "gpu has no kernel for it")
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false, errClosed
	}
	q.awaits = inline
	if f.host != nil {
		return true, q.onHost(f, t)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if q.batch == nil {
		if q.batch, err = q.newBatch(); err != nil {
			return false, err
		}
	}
	if err := q.batch.encode(f, t); err != nil {
		return false, err
	}
	if q.lane.Eager() && !q.batch.record.holdsMessages() {
		q.batch.endPass()
	}
	if q.batch.full(min(q.unflushed, batchGrowths)) {
		q.commit()
		q.watched()
	}
	return false, nil
}

// onHost runs a task on the processor, after all that was encoded before.
func (q *queue) onHost(f *family, t *engine.Task) error {
	q.commit()
	q.rest()
	out := &t.Out[0]
	if out.Data != nil || out.Len() == 0 {
		return f.host(t)
	}
	local := *t
	local.Out = slices.Clone(t.Out)
	o := &local.Out[0]
	o.Data, o.Offset = make([]byte, out.Len()*out.Dtype.Size()), 0
	if err := f.host(&local); err != nil {
		return err
	}
	return out.Buffer.Write(o.Data, out.Offset*out.Dtype.Size())
}

func (q *queue) newBatch() (*batch, error) {
	e := q.last
	if e == nil || e.flushed {
		e = newEvent(q)
	}
	b, err := newBatch(q, e)
	if err != nil {
		return nil, err
	}
	q.last = e
	for _, w := range q.waits {
		b.await(w)
	}
	q.waits = nil
	return b, nil
}

// commit hands what was encoded to the GPU. The lock is held.
func (q *queue) commit() {
	b := q.batch
	if b == nil {
		return
	}
	q.batch = nil
	q.committed++
	q.unflushed++
	b.number = q.committed
	b.event.number = b.number
	b.event.left++
	b.finish()
	q.inFlight = append(q.inFlight, b)
}

// watched has a goroutine wait for what is in flight, if none does. Where batches can be
// asked, and somebody is about to wait for them, it is not worth one.
func (q *queue) watched() {
	if !q.watching && len(q.inFlight) > 0 {
		q.watching = true
		go q.watch()
	}
}

// rest waits until nothing is in flight. The lock is held, but for the while.
func (q *queue) rest() {
	q.watched()
	for q.watching {
		q.idle.Wait()
	}
}

// watch waits for command buffers, one after the other, until none is left.
func (q *queue) watch() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.inFlight) > 0 {
		q.settleFirst()
	}
	q.unwatched()
}

// settleFirst waits for the first command buffer in flight. The caller watches.
func (q *queue) settleFirst() {
	b := q.inFlight[0]
	q.inFlight = q.inFlight[1:]
	q.mu.Unlock()
	err := b.wait()
	q.mu.Lock()
	if e := b.event; e.err == nil {
		e.err = err
	}
	b.event.left--
	b.event.settle()
}

// unwatched ends a watch, which another goroutine takes over if something is in flight.
func (q *queue) unwatched() {
	q.watching = false
	if len(q.inFlight) > 0 {
		q.watched()
		return
	}
	q.inFlight = nil
	q.idle.Broadcast()
}

// poll settles what is over, and goes on looking for some time until the event is. If that
// is not enough, another goroutine waits from then on.
func (q *queue) poll(e *event, patience time.Duration) {
	if !q.lane.Polls() {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if !e.flushed || e.settled {
		return
	}
	q.wanted = q.wanted || patience > 0
	if q.watching {
		return
	}
	q.watching = true
	defer func() {
		if q.watching = false; q.wanted || len(q.inFlight) == 0 {
			q.wanted = false
			q.unwatched()
		}
	}()
	for from := time.Now(); len(q.inFlight) > 0 && !e.settled; {
		b := q.inFlight[0]
		q.mu.Unlock()
		over := b.commands.Over()
		for !over && time.Since(from) < patience {
			over = b.commands.Over()
		}
		q.mu.Lock()
		if !over {
			return
		}
		q.settleFirst()
	}
}

// Flush starts what was encoded.
func (q *queue) Flush() engine.Event {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.commit()
	if !q.awaits || !q.lane.Polls() {
		q.watched()
	}
	q.unflushed = 0
	e := q.last
	if e == nil || e.flushed && e.over() {
		e = newEvent(q) // covers nothing: what was flushed before has told its error
		q.last = e
	}
	e.flushed = true
	e.settle()
	return e
}

// Wait makes later tasks run after the event.
func (q *queue) Wait(e engine.Event) {
	if e == nil || e.Done() {
		return
	}
	own, ok := e.(*event)
	if ok = ok && q.backend.awaits(own.queue.backend); !ok && !q.lane.Signals() {
		_ = e.Wait(context.Background()) // tasks that read what it covers tell its error
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return
	}
	if ok {
		if own.queue != q {
			q.await(waiting{own.number, own})
		}
		return
	}
	q.awaited++
	value, before, done := q.awaited, q.awaiting, make(chan struct{})
	q.awaiting = done
	go func() {
		defer close(done)
		if before != nil {
			<-before // values must rise
		}
		// Its error is not this queue's: tasks that read what it should have
		// computed fail by themselves.
		_ = e.Wait(context.Background())
		q.lane.Signal(value)
	}()
	q.await(waiting{value, nil})
}

// awaits reports whether batches can wait for those of another backend without the
// processor.
func (b *Backend) awaits(other *Backend) bool {
	if b == other {
		return true
	}
	d, ok := b.driver.(Neighbour)
	return ok && d.Awaits(other.driver)
}

// await makes what is encoded later wait.
func (q *queue) await(w waiting) {
	if q.batch == nil {
		q.waits = append(q.waits, w)
		return
	}
	q.batch.await(w)
}

// waiting is for a batch of another queue, whose tasks must have been settled, or for
// a value that the processor signals.
type waiting struct {
	value uint64
	of    *event // or nil
}

// Close waits for work in flight and gives the queue back.
func (q *queue) Close() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return nil
	}
	q.closed = true
	q.commit()
	q.rest()
	if q.awaiting != nil {
		wait := q.awaiting
		q.mu.Unlock()
		<-wait
		q.mu.Lock()
	}
	q.lane.Close()
	return nil
}

// event completes when the command buffers of one flush have. Its fields are
// guarded by the queue's lock until done is closed.
type event struct {
	queue   *queue
	number  uint64 // of the last command buffer that it covers
	left    int    // command buffers in flight
	flushed bool
	settled bool
	err     error
	done    chan struct{}
}

func newEvent(q *queue) *event { return &event{queue: q, done: make(chan struct{})} }

// settle closes the event once nothing is to come. The queue's lock is held.
func (e *event) settle() {
	if e.flushed && e.left == 0 && !e.settled {
		e.settled = true
		close(e.done)
	}
}

// Done reports completion without blocking.
func (e *event) Done() bool {
	if e.over() {
		return true
	}
	e.queue.poll(e, 0)
	return e.over()
}

func (e *event) over() bool {
	select {
	case <-e.done:
		return true
	default:
		return false
	}
}

// patience is how long a goroutine looks at the GPU before it lets another one wait: less
// than it would take to be woken.
const patience = 50 * time.Microsecond

// Wait blocks until completion and gives the first error of the tasks covered.
func (e *event) Wait(ctx context.Context) error {
	if e.over() {
		return e.err
	}
	e.queue.poll(e, patience)
	select {
	case <-e.done:
		return e.err
	case <-ctx.Done():
		return ctx.Err()
	}
}
