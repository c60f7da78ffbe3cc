package alloc

import (
	"errors"
	"math"
	"math/bits"
	"runtime"
	"unsafe"
)

var errTooLarge = errors.New("larger than the address space")

type blockKind uint8

const (
	sourceBlock  blockKind = iota + 1 // from the source
	goBlock                           // Go memory
	foreignBlock                      // handed to Adopt, never cached
)

// block is a piece of memory on its way between the live buffers and the cache.
type block struct {
	Block
	kind    blockKind
	site    Site
	idx     int   // place in the registry while live, else -1
	charge  int64 // counted as active while live
	id      uint64
	slack   int64 // the part of Size beyond charge that counts as cache while live
	counted int64 // counted as cache while free
	epoch   int64 // when it was freed
	release func()
	young   *Buffer // the live buffer, while the registry still holds it strongly

	binPrev, binNext *block
	lruPrev, lruNext *block
}

// goMemory returns n bytes of Go memory, aligned to smallAlign.
func goMemory(n int) unsafe.Pointer {
	b := make([]byte, n)
	p := unsafe.Pointer(&b[0])
	// Go's size classes align multiples of 64 so, but do not promise it.
	if off := uintptr(p) % smallAlign; off != 0 {
		b = make([]byte, n+smallAlign)
		p = unsafe.Pointer(&b[0])
		p = unsafe.Add(p, -uintptr(p)&(smallAlign-1))
	}
	return p
}

// The free blocks of a pool are kept in bins by size, each a stack, so that what
// was used last and may still be in the processor's caches is reused first. All
// of them also form one list from the most to the least recently freed.
type freeBlocks struct {
	small  [65]*block // by size in units of smallAlign
	large  [400]*block
	newest *block
	oldest *block
}

// bin finds the bin of a large block: seven of one to seven units, then eight to
// each doubling. The sizes in a bin differ by less than an eighth, and what is an
// eighth larger than a size is at most two bins on.
func bin(size int) int {
	units := uint(size) / 4096
	if units < 8 {
		return int(units)
	}
	e := bits.Len(units) - 1
	return 8*(e-2) + int(units>>(e-3)&7)
}

func (f *freeBlocks) bin(blk *block) **block {
	if blk.kind == goBlock {
		return &f.small[blk.Size/smallAlign]
	}
	return &f.large[bin(blk.Size)]
}

func (f *freeBlocks) put(blk *block) {
	head := f.bin(blk)
	blk.binPrev, blk.binNext = nil, *head
	if *head != nil {
		(*head).binPrev = blk
	}
	*head = blk
	blk.lruPrev, blk.lruNext = nil, f.newest
	if f.newest != nil {
		f.newest.lruPrev = blk
	} else {
		f.oldest = blk
	}
	f.newest = blk
}

func (f *freeBlocks) remove(blk *block) {
	if blk.binPrev != nil {
		blk.binPrev.binNext = blk.binNext
	} else {
		*f.bin(blk) = blk.binNext
	}
	if blk.binNext != nil {
		blk.binNext.binPrev = blk.binPrev
	}
	if blk.lruPrev != nil {
		blk.lruPrev.lruNext = blk.lruNext
	} else {
		f.newest = blk.lruNext
	}
	if blk.lruNext != nil {
		blk.lruNext.lruPrev = blk.lruPrev
	} else {
		f.oldest = blk.lruPrev
	}
	blk.binPrev, blk.binNext, blk.lruPrev, blk.lruNext = nil, nil, nil, nil
}

func (f *freeBlocks) takeSmall(size int) *block {
	blk := f.small[(size+smallAlign-1)/smallAlign]
	if blk != nil {
		f.remove(blk)
	}
	return blk
}

// binScan is how many blocks of a bin are looked at for the best fit.
const binScan = 8

// takeLarge takes out a block of at least want and at most want+waste bytes.
func (f *freeBlocks) takeLarge(want, waste int) *block {
	var best *block
	c := bin(want)
	for _, head := range f.large[c:min(c+3, len(f.large))] {
		for blk, n := head, 0; blk != nil && n < binScan; blk, n = blk.binNext, n+1 {
			if blk.Size >= want && blk.Size-want <= waste && (best == nil || blk.Size < best.Size) {
				best = blk
				if blk.Size == want {
					break
				}
			}
		}
		if best != nil {
			f.remove(best)
			return best
		}
	}
	return nil
}

// takeLarger takes out a block of more than want bytes from the nearest bin.
func (f *freeBlocks) takeLarger(want int) *block {
	for c := bin(want); c < len(f.large); c++ {
		for blk, n := f.large[c], 0; blk != nil && n < binScan; blk, n = blk.binNext, n+1 {
			if blk.Size > want {
				f.remove(blk)
				return blk
			}
		}
	}
	return nil
}

// retired gathers what a change took away: the sums to uncount, and the blocks to
// give back to the source when no lock is held.
type retired struct {
	active, cache, buffers int64
	blocks                 *block // linked by lruNext
}

func (g *retired) push(blk *block) {
	blk.lruNext = g.blocks
	g.blocks = blk
}

// retire puts a block that is no longer live into the cache, as far as that may
// hold it. The caller holds the lock and has taken it out of the registry.
func (p *Pool) retire(blk *block, gone *retired) {
	gone.active += blk.charge
	gone.buffers++
	if p.observer != nil {
		defer p.tell(Freed, blk)
	}
	if blk.kind == foreignBlock {
		gone.push(blk)
		return
	}
	p.live -= blk.charge
	p.age.passive(p.live)
	p.slack -= blk.slack
	p.cached += blk.charge
	gone.cache += blk.charge
	blk.counted, blk.slack = blk.charge+blk.slack, 0
	blk.epoch = p.age.epoch
	p.free.put(blk)
	if p.cached > p.cacheLimit {
		p.dropTo(p.cacheLimit, gone)
	}
}

// drop takes a free block out of the cache for good.
func (p *Pool) drop(blk *block, gone *retired) {
	p.free.remove(blk)
	p.cached -= blk.counted
	gone.cache -= blk.counted
	if p.observer != nil {
		p.observer.Observe(Event{Kind: Trimmed, Pool: p, Bytes: blk.counted, Cache: p.cached})
	}
	if blk.kind == sourceBlock {
		gone.push(blk)
	}
}

// dropTo drops the blocks that were freed first until the cache holds at most n bytes.
func (p *Pool) dropTo(n int64, gone *retired) {
	for p.cached > n && p.free.oldest != nil {
		p.drop(p.free.oldest, gone)
	}
	if p.cached > n {
		p.cutSlack(gone)
	}
}

// cutSlack gives back the unused ends of live blocks. Only a source that can
// shrink blocks leaves such ends.
func (p *Pool) cutSlack(gone *retired) {
	if p.slack == 0 {
		return
	}
	for i := range p.reg.live {
		blk := p.reg.live[i].blk
		if blk.slack == 0 {
			continue
		}
		rest, err := p.shrink.Shrink(blk.Block, int(blk.charge))
		if err != nil {
			continue
		}
		cut := int64(blk.Size - rest)
		blk.Size = rest
		blk.slack -= cut
		p.slack -= cut
		p.cached -= cut
		gone.cache -= cut
	}
}

// settle brings the accounts in line with a change, and gives up cached memory that
// stands above a limit. The caller holds the lock.
func (p *Pool) settle(gone *retired) {
	if gone.active == 0 && gone.cache == 0 && gone.buffers == 0 {
		return
	}
	over := p.acct.refund(gone.active, gone.cache, gone.buffers)
	gone.active, gone.cache, gone.buffers = 0, 0, 0
	if over > 0 && p.cached > 0 {
		p.dropTo(max(p.cached-over, 0), gone)
		p.acct.refund(0, gone.cache, 0)
		gone.cache = 0
	}
}

// giveBack returns blocks to where they came from. The caller holds no lock.
func (p *Pool) giveBack(blk *block) {
	if blk == nil {
		return
	}
	n := p.giveBackBlocks(blk)
	p.mu.Lock()
	p.stats.Returned += n
	p.mu.Unlock()
}

// giveBackBlocks returns how many blocks went back to the source.
func (p *Pool) giveBackBlocks(blk *block) (n int64) {
	for blk != nil {
		next := blk.lruNext
		blk.lruNext = nil
		if blk.kind == sourceBlock {
			p.src.Free(blk.Block)
			n++
		} else if blk.release != nil {
			blk.release()
		}
		blk = next
	}
	return n
}

// trim gives at least n cached bytes back to the system if there are so many, and
// returns how many it were.
func (p *Pool) trim(n int64) int64 {
	var gone retired
	p.mu.Lock()
	before := p.cached
	p.dropTo(max(before-n, 0), &gone)
	freed := before - p.cached
	p.settle(&gone)
	p.mu.Unlock()
	p.giveBack(gone.blocks)
	return freed
}

// ClearCache gives all cached memory back to the system. It does not collect dead
// buffers first; Account.ClearCache does.
func (p *Pool) ClearCache() { p.trim(math.MaxInt64) }

// reuse takes a block for want bytes out of the cache without much waste.
func (p *Pool) reuse(want int) *block {
	p.mu.Lock()
	defer p.mu.Unlock()
	blk := p.free.takeLarge(want, max(want/8, p.page))
	if blk != nil {
		p.uncache(blk)
		p.stats.Hits++
	}
	return blk
}

// uncache no longer counts a block that was taken out as cached.
func (p *Pool) uncache(blk *block) {
	p.cached -= blk.counted
	p.acct.adjust(0, -blk.counted)
}

// cut makes a block of want bytes out of a larger cached one, whose end goes back
// to the system. Its beginning is mapped and paged in already, so this is cheaper
// than dropping the large block and asking for a new one.
func (p *Pool) cut(want int) *block {
	if p.shrink == nil {
		return nil
	}
	p.mu.Lock()
	blk := p.free.takeLarger(want)
	if blk == nil {
		p.mu.Unlock()
		return nil
	}
	p.uncache(blk)
	p.stats.Cut++
	p.mu.Unlock()
	left, err := p.shrink.Shrink(blk.Block, want)
	if err != nil {
		p.giveBack(blk)
		return nil
	}
	blk.Size = left
	return blk
}

// Close gives all memory back and refuses further requests. The memory of buffers
// that are still reachable stays valid, and follows when they die. It returns the
// number of bytes that are still live.
func (p *Pool) Close() int64 {
	p.acct.Collect(ForClear)
	var gone retired
	p.mu.Lock()
	p.closed = true
	p.cacheLimit = 0
	p.dropTo(0, &gone)
	p.settle(&gone)
	p.reg.promote()
	left := int64(0)
	for i := range p.reg.live {
		blk := p.reg.live[i].blk
		left += blk.charge
		if b := p.reg.live[i].w.Value(); b != nil {
			// Nobody sweeps a closed pool.
			runtime.AddCleanup(b, p.reap, blk)
		} else {
			defer p.reap(blk)
		}
	}
	p.mu.Unlock()
	p.giveBack(gone.blocks)

	t := p.acct.tree
	t.mu.Lock()
	for i, q := range t.pools {
		if q == p {
			t.pools = append(t.pools[:i], t.pools[i+1:]...)
			break
		}
	}
	t.mu.Unlock()
	return left
}

// reap gives back the memory of a buffer that died after the pool was closed.
func (p *Pool) reap(blk *block) {
	var gone retired
	p.mu.Lock()
	if blk.idx >= 0 {
		p.reg.remove(blk)
		p.retire(blk, &gone)
		p.settle(&gone)
	}
	p.mu.Unlock()
	p.giveBack(gone.blocks)
}
