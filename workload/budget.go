package workload

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/mlxstar/mlxstar"
)

// ErrRefused is behind the error of a run that was not admitted, by policy and not for want
// of time: what it needs is more than the whole budget, or too many wait already.
var ErrRefused = errors.New("refused")

// ErrBusy is behind the error of a run that was refused since too many wait; it might be
// admitted later.
var ErrBusy = fmt.Errorf("%w: too many runs wait", ErrRefused)

// budget is the memory and the places of all runs. A run that does not fit waits: first
// come those of higher priority, then those of the tenant that has least, then who came
// first. One that waits is passed by a few smaller ones that fit, and not by more.
type budget struct {
	mu      sync.Mutex
	memory  int64 // in all
	places  int
	used    int64
	running int
	peak    int64            // the most that was used at once
	tenants map[string]int64 // what each has
	queue   []*waiter        // as they came
	most    int              // that may wait; 0 is no bound
}

type waiter struct {
	need     int64
	tenant   string
	priority int
	passed   int
	ready    chan struct{}
}

// maxPassed is how often a run that waits may be passed by others.
const maxPassed = 8

func newBudget(memory int64, places int) *budget {
	return &budget{memory: memory, places: places, tenants: map[string]int64{}}
}

// lease is what a run has of the budget.
type lease struct {
	b      *budget
	tenant string
	bytes  int64
	once   sync.Once
}

// acquire waits until the run fits, or the context ends.
func (b *budget) acquire(ctx context.Context, need int64, tenant string, priority int) (*lease, error) {
	b.mu.Lock()
	if need > b.memory {
		b.mu.Unlock()
		return nil, fmt.Errorf("%w: needs %s, and the budget is %s", ErrRefused, mlxstar.FormatSize(need), mlxstar.FormatSize(b.memory))
	}
	if b.most > 0 && len(b.queue) >= b.most {
		b.mu.Unlock()
		return nil, fmt.Errorf("%w: %d", ErrBusy, b.most)
	}
	w := &waiter{need: need, tenant: tenant, priority: priority, ready: make(chan struct{})}
	b.queue = append(b.queue, w)
	b.admit()
	b.mu.Unlock()
	select {
	case <-w.ready:
		return &lease{b: b, tenant: tenant, bytes: need}, nil
	case <-ctx.Done():
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, x := range b.queue {
		if x == w {
			b.queue = append(b.queue[:i], b.queue[i+1:]...)
			b.admit()
			return nil, context.Cause(ctx)
		}
	}
	// It was admitted meanwhile.
	b.free(tenant, need, 1)
	b.admit()
	return nil, context.Cause(ctx)
}

// admit lets in what fits. The lock is held.
func (b *budget) admit() {
	for {
		w, at := b.next()
		if w == nil {
			return
		}
		for i, x := range b.queue {
			if b.before(x, w) || i < at && !b.before(w, x) {
				x.passed++
			}
		}
		b.queue = append(b.queue[:at], b.queue[at+1:]...)
		b.used += w.need
		b.peak = max(b.peak, b.used)
		b.running++
		b.tenants[w.tenant] += w.need
		close(w.ready)
	}
}

// next gives the waiter that goes next, if one may: the first that fits, unless one before
// it has been passed too often.
func (b *budget) next() (*waiter, int) {
	if b.running >= b.places {
		return nil, 0
	}
	var best *waiter
	at := 0
	barred := false
	for _, w := range b.queue {
		if w.passed >= maxPassed && b.used+w.need > b.memory {
			barred = true
		}
	}
	for i, w := range b.queue {
		if b.used+w.need > b.memory || barred && w.passed < maxPassed {
			continue
		}
		if best == nil || b.before(w, best) {
			best, at = w, i
		}
	}
	return best, at
}

// before tells whether x goes before y, which came at another time: the queue's order says
// the rest.
func (b *budget) before(x, y *waiter) bool {
	if x.priority != y.priority {
		return x.priority > y.priority
	}
	return b.tenants[x.tenant] < b.tenants[y.tenant]
}

// free gives back memory and places. The lock is held.
func (b *budget) free(tenant string, bytes int64, places int) {
	b.used -= bytes
	b.running -= places
	if b.tenants[tenant] -= bytes; b.tenants[tenant] <= 0 {
		delete(b.tenants, tenant)
	}
}

// release gives back all.
func (l *lease) release() {
	l.once.Do(func() {
		l.b.mu.Lock()
		defer l.b.mu.Unlock()
		l.b.free(l.tenant, l.bytes, 1)
		l.b.admit()
	})
}

// shrink gives back all but some bytes.
func (l *lease) shrink(to int64) {
	l.b.mu.Lock()
	defer l.b.mu.Unlock()
	if to < l.bytes {
		l.b.free(l.tenant, l.bytes-to, 0)
		l.bytes = to
		l.b.admit()
	}
}

// state tells what is used and how many wait.
func (b *budget) state() (used, peak int64, running, waiting int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.used, b.peak, b.running, len(b.queue)
}
