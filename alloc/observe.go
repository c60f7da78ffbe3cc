package alloc

// EventKind says what happened to memory.
type EventKind uint8

// The kinds.
const (
	Allocated EventKind = iota + 1 // a buffer was given out
	Freed                          // a buffer's memory was taken back
	Described                      // a buffer holds another array from now on
	Trimmed                        // cached memory went back to the system
	Collected                      // buffers were looked through for dead ones, which were freed
)

// Label says what an array is, for profiles.
type Label struct {
	Operation string
	Dtype     string
	Shape     []int // not changed afterwards
	Device    string
	Stream    int // of the device's
}

// Event is one change of a pool.
type Event struct {
	Kind   EventKind
	Pool   *Pool
	ID     uint64 // of the buffer, unique while a pool is observed; else 0
	Bytes  int64  // by which the buffer counts as active; what the cache gave up; what was dead
	Cache  int64  // the pool's cache after it
	Site   Site
	Reused bool   // the block had been in the cache
	Label  *Label // of Described
}

// Observer is told of a pool's events in their order. It is called with the pool's lock
// held: it must be quick, and must not call the pool or its accounts.
type Observer interface {
	Observe(e Event)
}

// Observe has o told of the pool's events from now on, or nobody if it is nil. The
// buffers that are live come first, as if they had just been allocated.
func (p *Pool) Observe(o Observer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.observer = o
	if o == nil {
		return
	}
	for i := range p.reg.live {
		p.tell(Allocated, p.reg.live[i].blk)
	}
}

// tell emits an event of a block.
func (p *Pool) tell(kind EventKind, blk *block) {
	if kind == Allocated {
		blk.id = p.acct.tree.serial.Add(1)
	}
	p.observer.Observe(Event{
		Kind: kind, Pool: p, ID: blk.id, Bytes: blk.charge, Cache: p.cached, Site: blk.site, Reused: blk.counted > 0 && kind == Allocated,
	})
}

// Describe tells the pool's observer, if there is one, what array the buffer holds from
// now on: the line that made it, and its label.
func (b *Buffer) Describe(site Site, label Label) {
	p := b.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.observer == nil || b.blk == nil {
		return
	}
	b.site, b.blk.site = site, site
	p.observer.Observe(Event{Kind: Described, Pool: p, ID: b.blk.id, Bytes: b.blk.charge, Cache: p.cached, Site: site, Label: &label})
}

// Charges lists the site and the charge of each live buffer, at one instant.
func (p *Pool) Charges(yield func(site Site, bytes int64)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range p.reg.live {
		yield(p.reg.live[i].blk.site, p.reg.live[i].blk.charge)
	}
}

// Free lists the sizes of the blocks that are kept for reuse, at one instant.
func (p *Pool) Free(yield func(bytes int64)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for blk := p.free.newest; blk != nil; blk = blk.lruNext {
		yield(blk.counted)
	}
}

// ID is the number by which the pool's observer knows the buffer; 0 if it was never told.
func (b *Buffer) ID() uint64 {
	if b.blk == nil {
		return 0
	}
	return b.blk.id
}
