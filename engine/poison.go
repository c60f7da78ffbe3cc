package engine

import (
	"sync"
	"sync/atomic"
	"weak"

	"github.com/mlxstar/mlxstar/alloc"
)

// Poison remembers which buffers a failed task left unwritten, so that a task
// that reads one fails with the same error, whenever and on whichever queue it
// runs. Backends that read each other's arrays share one. It does not keep
// buffers alive, and costs one atomic load while nothing has failed. The zero
// value is empty; methods may be called from several goroutines.
type Poison struct {
	count atomic.Int64
	mu    sync.Mutex
	bad   map[weak.Pointer[alloc.Buffer]]error
}

// Check gives the error of the first input that was left unwritten.
func (p *Poison) Check(t *Task) error {
	if p.count.Load() == 0 {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range t.In {
		if b := t.In[i].Buffer; b != nil {
			if err := p.bad[weak.Make(b)]; err != nil {
				return err
			}
		}
	}
	return nil
}

// Mark notes the task's outputs as unwritten and forgets buffers that are gone.
func (p *Poison) Mark(t *Task, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bad == nil {
		p.bad = map[weak.Pointer[alloc.Buffer]]error{}
	}
	for w := range p.bad {
		if w.Value() == nil {
			delete(p.bad, w)
		}
	}
	for i := range t.Out {
		if b := t.Out[i].Buffer; b != nil {
			p.bad[weak.Make(b)] = err
		}
	}
	p.count.Store(int64(len(p.bad)))
}

// Clear notes that the task's outputs have been written.
func (p *Poison) Clear(t *Task) {
	if p.count.Load() == 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range t.Out {
		if b := t.Out[i].Buffer; b != nil {
			delete(p.bad, weak.Make(b))
		}
	}
	p.count.Store(int64(len(p.bad)))
}

// Len is the number of buffers that are marked.
func (p *Poison) Len() int { return int(p.count.Load()) }
