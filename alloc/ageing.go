package alloc

import (
	"time"
)

// ageing decides how much a pool may hold, and for how long, by its recent past.
//
// Time is cut into epochs, of at least a tenth of a second and 256 requests, or of
// a second if requests are rare. A block that has not been reused for maxAge
// epochs is given back. And since a program that repeats itself never needs more
// than its largest recent active memory, the pool holds that and an eighth, plus
// a constant, before new memory displaces old: programs over varying lengths fill
// the cache with blocks that fit none of the next requests.
type ageing struct {
	now   func() time.Time
	epoch int64
	began time.Time
	gets  int
	high  [2]int64 // largest live bytes in this window and the one before

	crest, trough int64             // live bytes since the pool rested, at most and at least
	swells        [swellRests]int64 // how far these were apart, lately
	rests         int
}

const (
	epochGets  = 256
	epochTime  = 100 * time.Millisecond
	epochQuiet = time.Second
	maxAge     = 20
	// clockEvery is how many requests share one reading of the clock.
	clockEvery = 16
	// A window is maxAge/2 epochs, so that high covers between that and maxAge.
	windowEpochs = maxAge / 2
	// spareBytes may always be held beyond what recent use justifies.
	spareBytes = 32 << 20
	// swellRests is how many rests a large stretch of work is remembered for that has come more
	// than once, and onceRests for how many any: an evaluation has one as it ends and one as
	// the device is done with it.
	swellRests = 32
	onceRests  = 4
)

func (g *ageing) init() {
	g.now = time.Now
	g.began = g.now()
}

// active notes the live bytes after they have risen.
func (g *ageing) active(live int64) {
	g.high[0] = max(g.high[0], live)
	g.crest = max(g.crest, live)
}

// passive notes the live bytes after they have fallen.
func (g *ageing) passive(live int64) { g.trough = min(g.trough, live) }

// rest ends a stretch of work, and returns how many bytes the largest of the recent ones took
// that were not live before or after it. What came once, as a program made itself ready, is
// forgotten soon, and what comes again and again is not.
func (g *ageing) rest(live int64) int64 {
	g.swells[g.rests%swellRests] = g.crest - g.trough
	g.rests++
	g.crest, g.trough = live, live
	var recent, most, second int64
	for k := range min(g.rests, onceRests) {
		recent = max(recent, g.swells[(g.rests-1-k)%swellRests])
	}
	for _, swell := range g.swells {
		most, second = max(most, swell), max(second, min(most, swell))
	}
	return max(recent, second)
}

// bound returns how many bytes, live and free, the pool may hold.
func (g *ageing) bound() int64 {
	high := max(g.high[0], g.high[1])
	return high + high/8 + spareBytes
}

// tick counts a request and reports whether an epoch has ended.
func (g *ageing) tick(live int64) bool {
	g.gets++
	if g.gets%clockEvery != 0 {
		return false
	}
	now := g.now()
	passed := now.Sub(g.began)
	if passed < epochTime || (g.gets < epochGets && passed < epochQuiet) {
		return false
	}
	g.began, g.gets = now, 0
	g.epoch++
	if g.epoch%windowEpochs == 0 {
		g.high[1], g.high[0] = g.high[0], live
	}
	return true
}

// retireOld drops the blocks that have not been reused for long, and what is held
// beyond the bound. The caller holds the lock.
func (p *Pool) retireOld() {
	var gone retired
	for p.free.oldest != nil && p.age.epoch-p.free.oldest.epoch >= maxAge {
		p.drop(p.free.oldest, &gone)
	}
	if over := p.live + p.cached - p.age.bound(); over > 0 {
		p.dropTo(max(p.cached-over, 0), &gone)
	}
	p.settle(&gone)
	p.stats.Returned += p.giveBackBlocks(gone.blocks)
}

// excess returns how many cached bytes must go before the pool may grow by n.
func (p *Pool) excess(n int64) int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.age.active(p.live + n)
	return min(p.live+p.cached+n-p.age.bound(), p.cached)
}

// collectFloor is the growth in bytes below which no collection is forced to save
// memory: a page fault for each page of it costs less than a collection.
const collectFloor = 256 << 10

// maxFruitless bounds how often the growth that is waited for doubles.
const maxFruitless = 4

// worthCollecting reports whether live memory has risen enough since the last sweep
// for dead buffers among it to matter: by a thirty-second, or more if that was lately
// due to buffers in use. It counts what the cache served too, for otherwise a peak
// reached once would be reached again and again before anything is collected. The
// caller holds the lock.
func (p *Pool) worthCollecting() bool {
	if p.live < p.base {
		p.base, p.postponed = p.live, 0
	}
	enough := max(collectFloor, p.base/32) << p.fruitless
	return p.live-p.base >= max(enough, p.postponed) && p.live > p.vain+p.vain/8
}

// collectForReuse collects if the pacing allows it, and learns from what it found.
func (p *Pool) collectForReuse() {
	p.mu.Lock()
	before, rise := p.live, p.live-p.base
	p.mu.Unlock()
	ran := p.acct.Collect(ForReuse)
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case !ran:
		// Not at every request; the credit grows slowly.
		p.postponed = rise + rise/8
	case before-p.live < rise/4:
		p.fruitless = min(p.fruitless+1, maxFruitless)
		p.vain = before
	default:
		p.fruitless, p.vain = 0, 0
	}
}

// defaultCacheLimit is the account's limit: what is held is bounded by recent use
// long before that, and a lower figure would only return what the next step needs.
func defaultCacheLimit(a *Account) int64 {
	for x := a; x != nil; x = x.parent {
		if n := x.Limit(); n > 0 {
			return n
		}
	}
	return DefaultLimit()
}

// keptBytes may stay in the cache between evaluations: about what faults of its pages
// would cost more to have anew than the arithmetic on it.
const keptBytes = 32 << 20

// noteReuse notes that a block from the cache served a request. The caller holds the lock.
func (p *Pool) noteReuse(size int64) {
	if size > keptBytes && (size >= p.reused || p.age.epoch-p.reusedAt > maxAge) {
		p.reused, p.reusedAt = size, p.age.epoch
	}
}

// Rest tells that an evaluation has ended, or that what it held was let go. What is free then
// stays free until the next, so that no more of it is kept than keptBytes, or one larger block
// that is used again and again. Memory of a device of its own takes long to have, and its
// driver waits for all work before it takes a block back: of such there stays what a recent
// evaluation has used again. A limit that somebody chose counts instead.
func (p *Pool) Rest() {
	var gone retired
	p.mu.Lock()
	keep := p.keep()
	if p.remote != nil {
		swell := p.age.rest(p.live)
		keep = max(keptBytes, swell+swell/8) // blocks do not fit each other to the byte
	}
	if !p.bounded && p.cached > keep {
		p.dropTo(keep, &gone)
		p.settle(&gone)
	}
	p.mu.Unlock()
	p.giveBack(gone.blocks)
}

func (p *Pool) keep() int64 {
	if p.reused > 0 && p.age.epoch-p.reusedAt > maxAge {
		p.reused = 0
	}
	return max(keptBytes, p.reused)
}
