package alloc

import (
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"unsafe"
)

// Options configure a pool. The zero value is a good choice.
type Options struct {
	// Sites names the sites that buffers carry, for errors and profiles.
	Sites *SiteTable
	// CacheLimit bounds the bytes held for reuse. 0 is the account's limit, or the
	// default limit where the account has none; less than 0 keeps nothing.
	CacheLimit int64
	// Wait waits for work in flight that will release buffers. It is called before a
	// request is refused for a limit, with no lock held, on the goroutine that asks.
	Wait func()
}

// Pool gives out buffers from one source and keeps what is freed for reuse. Its
// methods may be called from several goroutines at once.
type Pool struct {
	src    Source
	shrink Shrinker // src, if it can shrink blocks
	remote Remote   // src, if the processor does not see its blocks
	acct   *Account
	sites  *SiteTable
	wait   func()
	page   int
	goMax  int
	zero   unsafe.Pointer // where buffers of size 0 point to
	note   atomic.Pointer[cycleNote]

	mu         sync.Mutex // guards what follows; taken before the tree's lock
	closed     bool
	reg        registry
	free       freeBlocks
	cacheLimit int64
	bounded    bool  // somebody chose the limit
	reused     int64 // the largest block that was lately reused
	reusedAt   int64 // the epoch in which that was
	cached     int64 // bytes held for reuse, slack included
	slack      int64 // bytes of live blocks beyond what is charged for
	live       int64 // active bytes in blocks of the source and of Go
	base       int64 // the least live since the last sweep
	postponed  int64 // do not ask for a collection until live has risen by this much
	vain       int64 // live bytes at which a collection found little, in this epoch
	fruitless  int   // collections in a row that were asked for and found little
	observer   Observer
	age        ageing
	stats      Stats
}

// Stats are a pool's counts since it was made.
type Stats struct {
	Hits       int64 // buffers served from the cache
	Misses     int64 // buffers that needed new memory
	Cut        int64 // buffers served by cutting a larger cached block
	Returned   int64 // blocks given back to the source
	Sweeps     int64 // passes over the live buffers
	Swept      int64 // buffers found dead by sweeps
	CacheBytes int64 // bytes held for reuse now
	CacheLimit int64 // the most that may be
	LiveBytes  int64 // bytes of live buffers now, foreign memory excluded
}

// smallAlign is the alignment and size step of blocks in Go memory: a cache line,
// and the widest vector register.
const smallAlign = 64

// NewPool returns a pool that draws on src and charges acct. It must be closed.
func NewPool(src Source, acct *Account, opts Options) *Pool {
	p := &Pool{src: src, acct: acct, sites: opts.Sites, wait: opts.Wait, page: 16}
	p.shrink, _ = src.(Shrinker)
	if p.remote, _ = src.(Remote); p.remote != nil {
		acct.tree.collect.serveRemote()
	}
	if s, ok := src.(Paged); ok {
		p.page = s.PageSize()
	}
	if s, ok := src.(GoMemory); ok {
		p.goMax = s.MaxGoMemory()
	}
	p.zero = goMemory(smallAlign)
	switch {
	case opts.CacheLimit > 0:
		p.cacheLimit, p.bounded = opts.CacheLimit, true
	case opts.CacheLimit == 0:
		p.cacheLimit = defaultCacheLimit(acct)
	}
	p.age.init()
	p.awaitCycle()
	acct.tree.mu.Lock()
	acct.tree.pools = append(acct.tree.pools, p)
	acct.tree.mu.Unlock()
	return p
}

// Remote reports whether only a device sees the pool's memory.
func (p *Pool) Remote() bool { return p.remote != nil }

// Account returns the account that the pool charges.
func (p *Pool) Account() *Account { return p.acct }

// Get returns a buffer of size bytes whose content is unspecified. It fails with
// a *LimitError if an account's limit does not allow it and with a *SystemError if
// the source refuses, and has then changed nothing.
func (p *Pool) Get(size int, site Site) (*Buffer, error) { return p.get(size, site, nil) }

// Charge returns what a buffer of size bytes counts as active, for planning. A source
// that gives more than it is asked for, and cannot shrink blocks, makes it more.
func (p *Pool) Charge(size int) int64 {
	if size <= p.goMax {
		return roundSmall(max(size, 0))
	}
	if want, ok := p.roundUp(size); ok {
		return int64(want)
	}
	return math.MaxInt64
}

// charger counts a buffer of n bytes, or names the account that does not allow it.
type charger func(n, cache int64, strict, sure bool) *Account

func (p *Pool) get(size int, site Site, r *Reservation) (*Buffer, error) {
	if size <= 0 {
		if size < 0 {
			return nil, fmt.Errorf("allocate: negative size %d", size)
		}
		return &Buffer{data: p.zero, pool: p, site: site}, nil
	}
	if p.note.Load().take() {
		p.Sweep()
	}
	b, collect := p.getCached(size, site, r, true)
	if collect {
		p.collectForReuse()
		b, _ = p.getCached(size, site, r, false)
	}
	if b != nil {
		return b, nil
	}
	return p.getNew(size, site, r)
}

func (p *Pool) charger(r *Reservation) charger {
	if r != nil {
		return r.charge
	}
	return p.acct.charge
}

// getCached serves a request from the cache, and returns nil if it does not. With
// ask set it may instead answer that a collection is worth while first.
func (p *Pool) getCached(size int, site Site, r *Reservation, ask bool) (b *Buffer, collect bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, false
	}
	if p.age.tick(p.live) {
		// Seldom: returning memory to the system under the lock does not matter.
		p.retireOld()
		p.vain = 0
	}
	if ask && p.worthCollecting() {
		return nil, true
	}
	blk := p.takeFit(size)
	if blk == nil {
		return nil, false
	}
	charge := p.chargeFor(size, blk)
	uncached := min(charge, blk.counted)
	if blk.kind == goBlock {
		uncached = blk.counted
	}
	if p.charger(r)(charge, -uncached, true, true) != nil {
		p.free.put(blk)
		return nil, false // getNew makes room, or reports it
	}
	p.cached -= uncached
	p.stats.Hits++
	p.noteReuse(int64(blk.Size))
	return p.hand(blk, size, charge, site), false
}

// takeFit takes a cached block out that can serve size bytes without much waste.
func (p *Pool) takeFit(size int) *block {
	if size <= p.goMax {
		return p.free.takeSmall(size)
	}
	want, ok := p.roundUp(size)
	if !ok {
		return nil
	}
	return p.free.takeLarge(want, max(want/8, p.page))
}

// roundUp rounds a size up to whole pages; ok is false if there is no such number.
func (p *Pool) roundUp(size int) (want int, ok bool) {
	if size > math.MaxInt-p.page {
		return 0, false
	}
	return (size + p.page - 1) / p.page * p.page, true
}

// chargeFor returns what a request counts as active when blk serves it.
func (p *Pool) chargeFor(size int, blk *block) int64 {
	if blk.kind == goBlock {
		return roundSmall(size)
	}
	if p.shrink == nil {
		return int64(blk.Size)
	}
	want, _ := p.roundUp(size)
	return int64(min(want, blk.Size))
}

func roundSmall(size int) int64 { return int64(size+15) &^ 15 }

// hand turns a block that has been charged for into a live buffer.
func (p *Pool) hand(blk *block, size int, charge int64, site Site) *Buffer {
	b := &Buffer{data: blk.Data, size: size, blk: blk, pool: p, site: site}
	blk.charge, blk.site = charge, site
	if blk.kind == sourceBlock {
		blk.slack = int64(blk.Size) - charge
		p.slack += blk.slack
	}
	if blk.kind != foreignBlock {
		p.live += charge
		p.age.active(p.live)
	}
	p.reg.add(b, blk)
	if p.observer != nil {
		p.tell(Allocated, blk)
	}
	return b
}

// getNew serves a request with memory that the pool does not have yet.
func (p *Pool) getNew(size int, site Site, r *Reservation) (*Buffer, error) {
	want, charge := size, roundSmall(size)
	if size > p.goMax {
		var ok bool
		if want, ok = p.roundUp(size); !ok {
			return nil, &SystemError{Op: "allocate", Requested: int64(size), Active: p.acct.Active(), Err: errTooLarge}
		}
		charge = int64(want)
	}
	p.mu.Lock()
	closed := p.closed
	p.mu.Unlock()
	if closed {
		return nil, ErrClosed
	}
	count := p.charger(r)
	err := p.withRoom("allocate", charge, func(strict bool) *Account { return count(charge, 0, strict, false) })
	if err != nil {
		return nil, err
	}
	var blk *block
	if size <= p.goMax {
		n := (size + smallAlign - 1) / smallAlign * smallAlign
		blk = &block{Block: Block{Data: goMemory(n), Size: n}, kind: goBlock, idx: -1}
	} else if blk, err = p.acquire(want); err != nil {
		p.acct.refund(charge, 0, 1)
		if r != nil {
			r.unused(charge)
		}
		return nil, &SystemError{Op: "allocate", Requested: charge, Active: p.acct.Active(), Err: err}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if blk.counted == 0 { // it was never in the cache
		p.stats.Misses++
	}
	// What the source gave beyond what was asked can be cut off, or is in use.
	extra := int64(0)
	if blk.kind == sourceBlock {
		extra = int64(blk.Size) - charge
	}
	if p.shrink != nil {
		p.acct.adjust(0, extra)
		p.cached += extra
	} else {
		p.acct.adjust(extra, 0)
		charge += extra
	}
	return p.hand(blk, size, charge, site), nil
}

// withRoom attempts to charge n bytes, and makes room as long as a limit stands
// against it: dead buffers are collected, work in flight is waited for. A relaxed
// limit gives way in the end, any other is an error that names the holders.
func (p *Pool) withRoom(op string, n int64, attempt func(strict bool) *Account) error {
	x := attempt(true)
	if x == nil {
		return nil
	}
	x.Collect(ForLimit)
	if x = attempt(true); x == nil {
		return nil
	}
	waited := false
	for _, q := range x.poolsUnder() {
		if q.wait != nil {
			q.wait()
			waited = true
		}
	}
	if waited {
		x.Collect(ForLimit)
	}
	if x = attempt(false); x == nil {
		return nil
	}
	c := x.Counters()
	return &LimitError{
		Op: op, Account: x.name, Requested: n, Active: c.Active + c.Reserved, Limit: c.Limit,
		Holders: x.Holders(maxHolders),
	}
}

// acquire gets a block of want bytes for a request that has been charged: one that
// was freed while room was made for it, or one from the source. Cached memory makes
// way for new memory where a limit or the pool's own bound asks for it.
func (p *Pool) acquire(want int) (*block, error) {
	if blk := p.reuse(want); blk != nil {
		return blk, nil
	}
	if over := p.acct.over(0); over > 0 {
		if blk := p.cut(want); blk != nil {
			return blk, nil
		}
		p.acct.trim(over)
	}
	if excess := p.excess(int64(want)); excess > 0 {
		if blk := p.cut(want); blk != nil {
			return blk, nil
		}
		p.trim(excess)
	}
	b, err := p.src.Alloc(want)
	if err != nil {
		root := p.acct.root()
		root.Collect(ForPressure)
		for _, q := range root.poolsUnder() {
			q.ClearCache()
		}
		if b, err = p.src.Alloc(want); err != nil {
			return nil, err
		}
	}
	return &block{Block: b, kind: sourceBlock, idx: -1}, nil
}

// Adopt makes a buffer of memory that the pool did not give out, such as a mapped
// file or a Go slice, and counts it as active. The release function, if not nil,
// is called once when the buffer dies; if Adopt fails it is not called. It runs
// during a sweep and must not call the pool or its accounts.
func (p *Pool) Adopt(b Block, release func(), site Site) (*Buffer, error) {
	if b.Size < 0 {
		return nil, fmt.Errorf("adopt: negative size %d", b.Size)
	}
	charge := int64(b.Size)
	err := p.withRoom("adopt", charge, func(strict bool) *Account { return p.acct.charge(charge, 0, strict, true) })
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		p.acct.refund(charge, 0, 1)
		return nil, ErrClosed
	}
	return p.hand(&block{Block: b, kind: foreignBlock, idx: -1, release: release}, b.Size, charge, site), nil
}

// release takes a buffer's memory back and returns what it was charged.
func (p *Pool) release(b *Buffer) int64 {
	var gone retired
	p.mu.Lock()
	blk := b.blk
	if blk == nil {
		p.mu.Unlock()
		return 0
	}
	b.blk, b.data = nil, nil
	charge := blk.charge
	p.reg.remove(blk)
	p.retire(blk, &gone)
	p.settle(&gone)
	p.mu.Unlock()
	p.giveBack(gone.blocks)
	return charge
}

// SetCacheLimit bounds the bytes held for reuse, gives back at once what is held
// beyond it, and returns the bound before. 0 or less keeps nothing.
func (p *Pool) SetCacheLimit(n int64) (old int64) {
	var gone retired
	p.mu.Lock()
	old, p.cacheLimit, p.bounded = p.cacheLimit, max(n, 0), true
	p.dropTo(p.cacheLimit, &gone)
	p.settle(&gone)
	p.mu.Unlock()
	p.giveBack(gone.blocks)
	return old
}

// CacheLimit returns the bound on the bytes held for reuse.
func (p *Pool) CacheLimit() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cacheLimit
}

// Stats returns the pool's counts.
func (p *Pool) Stats() Stats {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.stats
	s.CacheBytes, s.CacheLimit, s.LiveBytes = p.cached, p.cacheLimit, p.live
	return s
}

// Collect is Account.Collect on the pool's account.
func (p *Pool) Collect(why Reason) bool { return p.acct.Collect(why) }
