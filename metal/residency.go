package metal

import (
	"sync"

	"github.com/mlxstar/mlxstar/metal/internal/mtl"
)

// residency keeps buffers wired, up to a limit: the system then never pages them
// out. It knows every buffer and queue, since either may be there before a limit
// is set.
type residency struct {
	api    *mtl.API
	device mtl.Device

	mu     sync.Mutex
	set    mtl.ResidencySet // 0 until a limit is set, and on systems that have none
	limit  int64
	wired  int64
	sizes  map[mtl.Buffer]int64
	inSet  map[mtl.Buffer]bool
	queues map[mtl.CommandQueue]bool
}

func newResidency(api *mtl.API, d mtl.Device) *residency {
	return &residency{api: api, device: d, sizes: map[mtl.Buffer]int64{}, inSet: map[mtl.Buffer]bool{}, queues: map[mtl.CommandQueue]bool{}}
}

// setLimit wires what fits a new limit, or lets go of what does not, and gives
// the old one.
func (r *residency) setLimit(limit int64) (old int64, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if limit > 0 && r.set == 0 && r.api.HasResidencySets(r.device) {
		if r.set, err = r.api.NewResidencySet(r.device); err != nil {
			return r.limit, err
		}
		for q := range r.queues {
			r.api.AddResidencySet(q, r.set)
		}
	}
	old, r.limit = r.limit, limit
	if r.set == 0 {
		return old, nil
	}
	for b := range r.inSet {
		if r.wired <= limit {
			break
		}
		r.unwire(b)
	}
	for b := range r.sizes {
		r.wire(b)
	}
	r.commit()
	return old, nil
}

// wire puts a buffer into the set if there is room. The lock is held.
func (r *residency) wire(b mtl.Buffer) {
	if size := r.sizes[b]; !r.inSet[b] && r.wired+size <= r.limit {
		r.api.AddAllocation(r.set, b)
		r.inSet[b] = true
		r.wired += size
	}
}

func (r *residency) unwire(b mtl.Buffer) {
	r.api.RemoveAllocation(r.set, b)
	delete(r.inSet, b)
	r.wired -= r.sizes[b]
}

func (r *residency) commit() {
	r.api.CommitResidency(r.set)
	r.api.RequestResidency(r.set)
}

// add tells of a new buffer.
func (r *residency) add(b mtl.Buffer, size int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sizes[b] = int64(size)
	if r.set == 0 {
		return
	}
	if r.wire(b); r.inSet[b] {
		r.commit()
	}
}

// remove tells that a buffer is about to die.
func (r *residency) remove(b mtl.Buffer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.inSet[b] {
		r.unwire(b)
		r.api.CommitResidency(r.set)
	}
	delete(r.sizes, b)
}

// attach makes wired buffers resident for a queue.
func (r *residency) attach(q mtl.CommandQueue) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.queues[q] = true
	if r.set != 0 {
		r.api.AddResidencySet(q, r.set)
	}
}

// detach tells that a queue is about to die.
func (r *residency) detach(q mtl.CommandQueue) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.queues[q] && r.set != 0 {
		r.api.RemoveResidencySet(q, r.set)
	}
	delete(r.queues, q)
}

// close lets everything go. Buffers may outlive it.
func (r *residency) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.set != 0 {
		r.api.EndResidency(r.set)
		r.api.Release(mtl.Object(r.set))
	}
	r.set = 0
	clear(r.inSet)
}
