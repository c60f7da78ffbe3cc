package cpu

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mlxstar/mlxstar/cpu/internal/simd"
)

// workers is a pool of goroutines that share the chunks of a job. The goroutine
// that brings a job works on it too, so that a job finishes even where all
// workers are busy, and a pool of one thread has no goroutines at all.
//
// Waking a goroutine takes longer than many jobs do. So workers look out for the next
// job for a while before they sleep, and who waits for a job's last chunk does so, too.
type workers struct {
	threads int
	jobs    chan *job           // wakes those that sleep
	newest  atomic.Pointer[job] // what those that look out see
	looking atomic.Int32        // workers that do
	quit    chan struct{}
	start   sync.Once
	stop    sync.Once
	gone    sync.WaitGroup
	tiles   *spares[tiles]

	detached *detached
}

func newWorkers(threads int) *workers {
	return &workers{threads: threads, jobs: make(chan *job, 4*threads), quit: make(chan struct{}), tiles: newSpares[tiles](), detached: newDetached(threads)}
}

// close stops the goroutines. A job that runs ends with errClosed.
func (w *workers) close() {
	w.start.Do(func() {}) // a pool that never started must not start now
	w.stop.Do(func() { close(w.quit) })
	w.gone.Wait()
}

func (w *workers) closed() bool {
	select {
	case <-w.quit:
		return true
	default:
		return false
	}
}

func (w *workers) launch() {
	w.start.Do(func() {
		for range w.threads - 1 {
			w.gone.Go(w.serve)
		}
	})
}

func (w *workers) serve() {
	for {
		select {
		case <-w.quit:
			return
		case j := <-w.jobs:
			for j != nil {
				t := w.tiles.get()
				j.work(t)
				w.tiles.put(t)
				j = w.lookOut(j)
			}
		}
	}
}

const (
	// lookTime is how long a worker looks out for another job: longer than the small
	// operations between two large ones take.
	lookTime = 100 * time.Microsecond
	// lookTurns is how many times one looks before the clock is read.
	lookTurns = 16
)

// lookOut gives the next job after the last one, or nil if none comes for a while.
func (w *workers) lookOut(last *job) *job {
	next := func() *job {
		if j := w.newest.Load(); j != last {
			return j
		}
		return nil
	}
	w.looking.Add(1)
	j := next()
	for start := time.Now(); j == nil && time.Since(start) < lookTime && !w.closed(); {
		for range lookTurns {
			if j = next(); j != nil {
				break
			}
			simd.Pause()
		}
	}
	w.looking.Add(-1)
	if j == nil {
		j = next() // which may have counted on this worker
	}
	return j
}

// chunk is a part of a job: indices lo to hi. Scratch tiles are the caller's
// until it returns.
type chunk func(t *tiles, lo, hi int) error

// job is a range of indices cut into chunks of grain, handed out in order.
type job struct {
	ctx     context.Context
	quit    <-chan struct{}
	n       int
	grain   int
	chunks  int64
	do      chunk
	next    atomic.Int64
	done    atomic.Int64
	failed  atomic.Pointer[error]
	over    chan struct{}
	waiting bool // someone may wait on over
}

// run does the chunks of [0, n) on the calling goroutine and on idle workers and
// returns the first error that a chunk gave, the context's if it ended
// meanwhile. A panic in a chunk is an error.
func (w *workers) run(ctx context.Context, n, grain int, do chunk) error {
	if n <= 0 {
		return nil
	}
	grain = max(grain, 1)
	if n <= grain {
		t := w.tiles.get()
		err := guarded(t, do, 0, n)
		w.tiles.put(t)
		return err
	}
	j := &job{ctx: ctx, quit: w.quit, n: n, grain: grain, chunks: int64((n + grain - 1) / grain), do: do}
	if w.threads > 1 {
		j.over, j.waiting = make(chan struct{}), true
		w.launch()
		w.offer(j)
	}
	t := w.tiles.get()
	j.work(t)
	w.tiles.put(t)
	if j.waiting {
		w.newest.CompareAndSwap(j, nil)
		j.wait()
	}
	// A worker that was invited and comes late still finds the job; it must not
	// keep the operands alive until then. No chunk is left that would read these.
	j.do, j.ctx = nil, nil
	if e := j.failed.Load(); e != nil {
		return *e
	}
	return nil
}

// wait waits until all chunks are done: the last ones mostly are soon.
func (j *job) wait() {
	for start := time.Now(); time.Since(start) < lookTime; {
		for range lookTurns {
			if j.done.Load() == j.chunks {
				return
			}
			simd.Pause()
		}
	}
	<-j.over
}

// offer invites as many workers as the job can use: those that look out, and others by
// waking them. Those that are busy find it finished later and drop it.
func (w *workers) offer(j *job) {
	w.newest.Store(j)
	for range min(int64(w.threads), j.chunks) - 1 - int64(w.looking.Load()) {
		select {
		case w.jobs <- j:
		default:
			return
		}
	}
}

// work does chunks until none is left. After a failure the rest is counted as
// done without being run.
func (j *job) work(t *tiles) {
	for {
		k := j.next.Add(1) - 1
		if k >= j.chunks {
			return
		}
		if j.failed.Load() == nil {
			lo := int(k) * j.grain
			if err := j.chunk(t, lo, min(lo+j.grain, j.n)); err != nil {
				j.failed.CompareAndSwap(nil, &err)
			}
		}
		if j.done.Add(1) == j.chunks && j.waiting {
			close(j.over)
		}
	}
}

func (j *job) chunk(t *tiles, lo, hi int) error {
	if err := j.ctx.Err(); err != nil {
		return err
	}
	select {
	case <-j.quit:
		return errClosed
	default:
	}
	return guarded(t, j.do, lo, hi)
}

// guarded turns a panic into an error, so that a defect of one kernel ends one
// evaluation and not the program.
func guarded(t *tiles, do chunk, lo, hi int) (err error) {
	defer recovered(&err)
	return do(t, lo, hi)
}

func recovered(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("cpu: a kernel failed: %v\n%s", r, debug.Stack())
	}
}
