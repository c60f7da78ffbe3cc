package alloc

import (
	"runtime"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"time"
)

// Reason says why a collection is asked for, and so whether it may be put off.
type Reason uint8

// The reasons.
const (
	// ForReuse hopes to find dead buffers that save asking the system for memory. Paced.
	ForReuse Reason = iota + 1
	// ForPlan comes before an evaluation that could reuse what is dead. Paced.
	ForPlan
	// ForAnswer comes before a question about memory is answered. It always runs.
	ForAnswer
	// ForClear comes before the cache is given back. It always runs.
	ForClear
	// ForLimit comes before a request is refused for a limit. It always runs.
	ForLimit
	// ForPressure comes after the system refused memory. It always runs.
	ForPressure
)

// paced tells the reasons whose collections only save memory.
var paced = [...]bool{ForReuse: true, ForPlan: true, ForPressure: false}

// collector forces garbage collections and keeps their cost in bounds. A
// collection serves every pool of a tree, so the tree shares one.
//
// Credit is time that paced collections may take. It accrues as a share of the
// time that passes and is saved up to a cap, so that a long quiet spell does not
// pay for a burst. A collection runs when the credit covers what one is expected to
// cost, and is charged what it took, into debt if need be; so a host program with a large heap, whose
// collections are dear, gets them seldom.
type collector struct {
	running sync.Mutex // held during a collection

	mu      sync.Mutex // guards what follows
	now     func() time.Time
	share   float64
	credit  time.Duration
	accrued time.Time     // when credit was last brought up to date
	cost    time.Duration // what an undisturbed collection takes, an estimate
	should  time.Duration // what one should take on a quiet machine, by the size of the heap
	stats   CollectStats
	after   int64 // active memory after the last collection
	between int64 // the same of the last one that was not in the middle of an evaluation, or the least since
	growth  int64 // how much active memory had grown by before it
	gain    int64 // what it has given since: bytes freed, or written again instead of kept
	live    [1]metrics.Sample
	yield   float64 // gain for each byte of growth, lately
	worth   time.Duration
}

// CollectStats tells what forced collections have cost.
type CollectStats struct {
	Forced    int           // collections forced, for any reason
	Paced     int           // those among them that only saved memory
	Deferred  int           // paced ones that were asked for and put off
	Time      time.Duration // time that all forced ones took, sweeps included
	PacedTime time.Duration // time that the paced ones took
}

const (
	// collectShare is the share of wall time that paced collections may take.
	collectShare = 0.06
	// remoteShare is that share where arrays are in a device's own memory: what dead handles keep
	// there makes peaks vary, and blocks that come and go with them have the driver wait.
	remoteShare = 0.1
	// creditCap bounds the credit saved up: at most this much is spent in a row. It is there
	// from the start, so that a short program takes no more memory than a long one.
	creditCap = 40 * time.Millisecond
	// worth is the time that a MiB is worth that need not be taken from the system: what it
	// takes to map, clear and fault in, at least. Collections that
	// gain more than they take are not put off.
	worth = 100 * time.Microsecond
	// remoteWorth is that of memory of a device of its own, whose driver has no pages to
	// clear and none that are missed: what a collection takes, kernels of a GPU write GiBs in.
	remoteWorth = 100 * time.Nanosecond
	// liveCost and baseCost say what a collection takes: so much for each MiB of the Go
	// heap, mostly small objects, and so much for any. What is
	// measured counts up to a bound, so that a busy machine does not make a program take
	// more memory.
	liveCost = 150 * time.Microsecond
	baseCost = 200 * time.Microsecond
	// slowness is how many times that a collection is charged at most.
	slowness = 2
	// maxYield bounds what is believed of one collection.
	maxYield = 8
	// surprise is how many times its expected cost a collection is charged at most.
	surprise = 8
	// growthShare: memory that grew by no more than this part has not grown, nor has what grew by no
	// more than growthLeast.
	growthShare = 128
	growthLeast = 4 << 10
	// firstCost is the assumed cost of a collection before one was measured. On two
	// cores it was 0.2 ms with one buffer, 1 ms with ten thousand and, for the sweep
	// alone, 12 to 16 ms with a million.
	firstCost = 500 * time.Microsecond
)

func (c *collector) init() {
	c.now = time.Now
	c.share = collectShare
	c.credit = creditCap
	c.cost = firstCost
	c.yield, c.should, c.worth = 1, baseCost, worth
	c.accrued = c.now()
}

// serveRemote says that what programs allocate is mostly a device's own memory.
func (c *collector) serveRemote() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.worth = remoteWorth
	if c.share == collectShare {
		c.share = remoteShare
	}
}

// pays reports whether a collection is likely to gain more than it takes, by how much
// active memory has grown since the last and what those before gained.
func (c *collector) pays(active int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.share > 0 && c.worthOf(c.yield*float64(active-c.after)) >= c.should
}

func (c *collector) worthOf(bytes float64) time.Duration {
	return time.Duration(bytes / (1 << 20) * float64(c.worth))
}

// Repaid notes bytes that an evaluation could let go of or write again because a
// collection had found out that nobody refers to them.
func (a *Account) Repaid(bytes int64) {
	c := &a.tree.collect
	c.mu.Lock()
	c.gain += bytes
	c.mu.Unlock()
}

// allow brings the credit up to date and tells whether a paced collection may run. None
// runs where active memory has not grown since the last and nothing else is hoped for: what
// became dead was then replaced by nothing, and programs that leave nothing dead are left in peace.
func (c *collector) allow(why Reason, active, hoped int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.after, c.between = min(c.after, active), min(c.between, active)
	since := c.after
	if why == ForPlan {
		since = c.between
	}
	if active-since+hoped <= max(since/growthShare, growthLeast) {
		return false
	}
	now := c.now()
	c.credit += time.Duration(float64(now.Sub(c.accrued)) * c.share)
	c.accrued = now
	c.credit = min(c.credit, max(creditCap, c.cost))
	if c.credit < c.cost {
		c.stats.Deferred++
		return false
	}
	return true
}

// overgrown reports whether so much was added since the last collection that one
// is due whatever it costs: memory doubled, and by more than a fixed allowance.
// On a busy machine a collection may take ten times as long as on a quiet one,
// and the pacing alone would let dead arrays pile up. Filling what is allowed
// takes about as long as a collection of a small heap does.
func (c *collector) overgrown(active int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.share > 0 && active > 2*c.after+overgrowth
}

// overgrowth is what dead arrays may add to small amounts of live memory.
const overgrowth = 16 << 20

// settled notes what a collection found and left.
func (c *collector) settled(why Reason, before, after int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.growth >= overgrowth/16 {
		c.yield = (c.yield + min(float64(c.gain)/float64(c.growth), maxYield)) / 2
	}
	c.growth, c.gain, c.after = before-c.after, before-after, after
	if c.between = min(c.between, after); why != ForReuse {
		c.between = after
	}
	c.live[0].Name = "/gc/heap/live:bytes"
	metrics.Read(c.live[:])
	if c.live[0].Value.Kind() == metrics.KindUint64 {
		c.should = baseCost + time.Duration(float64(liveCost)*float64(c.live[0].Value.Uint64())/(1<<20))
	}
}

// charge records a collection that took d.
func (c *collector) charge(d time.Duration, paced bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	// One that took far longer than expected was kept waiting by other processes, and
	// should not put the next ones off for seconds. Where collections have truly become
	// so dear, the estimate follows within a few.
	charged := d
	if c.should > 0 {
		charged = min(charged, slowness*c.should)
	}
	if c.stats.Forced > 0 {
		charged = min(charged, surprise*c.cost)
		c.cost += (charged - c.cost) / 2
	} else {
		c.cost = charged
	}
	c.stats.Forced++
	c.stats.Time += d
	if paced {
		c.stats.Paced++
		c.stats.PacedTime += d
		c.credit -= max(charged-c.worthOf(float64(c.gain)), 0)
	}
}

// Collect forces a garbage collection and sweeps the pools of every account that
// shares the root with a, so that afterwards the counters include no buffer that
// was unreachable at the call. It reports whether it did: a paced reason is put
// off when collections have lately taken their share of the time.
//
// One runtime.GC suffices: it starts a cycle after the call even when an
// automatic one is under way, and returns when that cycle has swept.
func (a *Account) Collect(why Reason) bool { return a.CollectFor(why, 0) }

// CollectFor is Collect for who hopes that it lets them do without so many bytes, beside what
// active memory has grown by since the last one. It finds dead handles also where no buffer is live.
func (a *Account) CollectFor(why Reason, hoped int64) bool {
	c := &a.tree.collect
	optional := paced[why]
	if optional {
		if !c.running.TryLock() {
			return false // another goroutine is at it
		}
		if active := a.root().Active(); !c.allow(why, active, hoped) && !c.pays(active) && !c.overgrown(active) {
			c.running.Unlock()
			return false
		}
	} else {
		c.running.Lock()
	}
	defer c.running.Unlock()
	pools := a.root().poolsUnder()
	watched := false
	for _, p := range pools {
		watched = p.promote() || watched
	}
	if !watched && hoped == 0 {
		return true // no live buffer, so no dead one
	}
	start, before := time.Now(), a.root().Active()
	if !a.collectGarbage() {
		return false // who waited for it has no use for it any more
	}
	for _, p := range pools {
		p.sweep()
		p.awaitCycle()
	}
	c.settled(why, before, a.root().Active())
	c.charge(time.Since(start), optional)
	return true
}

// Patience has collections that are made for the account wait no longer than the channel
// that f gives is open; nil gives up never. It is called before the account is used.
func (a *Account) Patience(f func() <-chan struct{}) { a.patience = f }

// collectGarbage collects the process's garbage. It reports whether it waited for that.
func (a *Account) collectGarbage() bool {
	var over <-chan struct{}
	if a.patience != nil {
		over = a.patience()
	}
	if over == nil {
		runtime.GC()
		return true
	}
	done := make(chan struct{})
	go func() {
		runtime.GC()
		close(done)
	}()
	select {
	case <-done:
		return true
	case <-over:
		return false
	}
}

// CollectStats returns what forced collections have cost under a's root.
func (a *Account) CollectStats() CollectStats {
	c := &a.tree.collect
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stats
}

// SetCollectShare sets the share of wall time that paced collections under a's
// root may take: 0.06 if it is never called, and 0.1 with memory of a device's own. 0 leaves only those that must run.
func (a *Account) SetCollectShare(share float64) {
	c := &a.tree.collect
	c.mu.Lock()
	c.share = max(share, 0)
	if share <= 0 {
		c.credit = 0
	}
	c.mu.Unlock()
}

func (a *Account) root() *Account {
	for a.parent != nil {
		a = a.parent
	}
	return a
}

// cycleNote is set some time after a garbage collection has ended. It is only a
// hint that a sweep would find something.
type cycleNote struct {
	ended atomic.Bool
}

// awaitCycle asks to be told about the next collection, and forgets the last.
func (p *Pool) awaitCycle() {
	n := &cycleNote{}
	// Sixteen bytes or more without pointers get an allocation of their own.
	sentinel := new([32]byte)
	runtime.AddCleanup(sentinel, func(n *cycleNote) { n.ended.Store(true) }, n)
	p.note.Store(n)
}

// take reports, to one of its callers, that a collection has ended.
func (n *cycleNote) take() bool {
	return n.ended.Load() && n.ended.Swap(false)
}
