package alloc

import (
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"sync"
	"testing"
	"time"
)

func touch(b *Buffer) {
	bytes := b.Bytes()
	for i := 0; i < len(bytes); i += 4096 {
		bytes[i] = 1
	}
}

func resident(t testing.TB) int64 {
	t.Helper()
	n, err := ResidentSet()
	if err != nil {
		t.Skip(err)
	}
	return n
}

// After clearing, the memory really is back with the system.
func TestClearCacheReturnsMemory(t *testing.T) {
	const size = 128 << 20
	p, a := newTestPool(t, 0)
	before := resident(t)
	b := mustGet(t, p, size)
	touch(b)
	during := resident(t)
	b.Release()
	if a.Cache() != size {
		t.Fatalf("cache %d", a.Cache())
	}
	a.ClearCache()
	after := resident(t)
	if during-before < size*9/10 {
		t.Errorf("resident rose by %d for %d bytes", during-before, size)
	}
	if during-after < size*9/10 {
		t.Errorf("resident fell by %d of %d bytes", during-after, size)
	}
}

// Steps whose results are dropped by the script, as y = tanh(x @ w) in a loop:
// the dead are found before they add up, however short of time the pacing is.
func TestSteadyLoop(t *testing.T) {
	const size, steps = 1 << 20, 500
	p, a := newTestPool(t, 0)
	w, x := mustGet(t, p, size), mustGet(t, p, size)
	touch(x)
	for range steps {
		temp, y := mustGet(t, p, size), mustGet(t, p, size)
		touch(temp)
		touch(y)
		temp.Release()
		x = y
	}
	runtime.KeepAlive(x)
	runtime.KeepAlive(w)
	c, s := a.Counters(), a.CollectStats()
	t.Logf("peak %s, cache %s, %d collections took %v, %+v", FormatBytes(c.Peak), FormatBytes(c.Cache), s.Forced, s.Time, p.Stats())
	if s.Paced == 0 {
		t.Error("no collection was forced")
	}
	// Live are w, x, and a step's two; the rest is what may pile up before a
	// collection is due whatever it costs.
	if most := int64(2*4*size + overgrowth + 4*size); c.Peak > most {
		t.Errorf("peak %d for a live set of %d, want at most %d", c.Peak, 4*size, most)
	}
}

// Evaluations over varying lengths must not fill the cache with blocks that fit
// none of the next requests.
func TestVaryingLengths(t *testing.T) {
	if testing.Short() {
		t.Skip("touches some gigabytes")
	}
	debug.FreeOSMemory()
	p, a := newTestPool(t, 0)
	base := resident(t)
	rng := rand.New(rand.NewPCG(1, 2))
	w := mustGet(t, p, 512*512*4)
	touch(w)
	var most, steps int64
	start := time.Now()
	for range 200 {
		n := 64 + rng.IntN(4096-64+1)
		h := mustGet(t, p, n*512*4)
		touch(h)
		for range 6 {
			m := mustGet(t, p, n*512*4)
			touch(m)
			h.Release()
			h = mustGet(t, p, n*512*4)
			touch(h)
			m.Release()
			steps++
		}
		h.Release()
		most = max(most, resident(t))
	}
	c, s := a.Counters(), p.Stats()
	t.Logf("peak active %s, cache %s, resident +%s, %d of %d served from the cache, %d cut, %v",
		FormatBytes(c.Peak), FormatBytes(c.Cache), FormatBytes(most-base), s.Hits, s.Hits+s.Misses, s.Cut, time.Since(start))
	if limit := c.Peak*13/10 + 64<<20; most-base > limit {
		t.Errorf("resident rose by %d, want at most %d", most-base, limit)
	}
	runtime.KeepAlive(w)
}

// The kernel bounds the number of mappings, and freeing every other block of many
// would ask for more of them if each were a mapping. The memory comes back all the same.
func TestManyMappings(t *testing.T) {
	if testing.Short() {
		t.Skip("maps a hundred thousand blocks")
	}
	const n, size = 140_000, 8192
	p, a := newTestPool(t, 0)
	a.SetCollectShare(0)
	bs := make([]*Buffer, n)
	for i := range bs {
		bs[i] = mustGet(t, p, size)
		bs[i].Bytes()[0] = 1
	}
	before := resident(t)
	for i := 0; i < n; i += 2 {
		bs[i].Release()
	}
	a.ClearCache()
	want(t, a, n/2*size, 0, n/2)
	if fell := before - resident(t); fell < n/2*4096*9/10 {
		t.Errorf("resident fell by %d", fell)
	}
	for i := 1; i < n; i += 2 {
		bs[i].Bytes()[size-1] = 1
		bs[i].Release()
	}
	a.ClearCache()
	want(t, a, 0, 0, 0)
	mustGet(t, p, 1<<20).Release()
}

func TestOldBlocksAreReturned(t *testing.T) {
	p, a := newTestPool(t, 0)
	now := time.Now()
	p.age.now = func() time.Time { return now }
	old := mustGet(t, p, 8<<20)
	old.Release()
	for i := range 3 * maxAge * clockEvery {
		mustGet(t, p, 1<<20).Release()
		now = now.Add(epochQuiet / clockEvery)
		if c := a.Cache(); i < maxAge/2*clockEvery && c != 9<<20 {
			t.Fatalf("cache %d after %d requests, too early", c, i)
		}
	}
	if c := a.Cache(); c != 1<<20 {
		t.Errorf("cache %d, want only what is in use again and again, %d", c, 1<<20)
	}
	// A pause alone returns nothing: what follows it may need the same again.
	now = now.Add(time.Hour)
	mustGet(t, p, 16).Release()
	if c := a.Cache(); c < 1<<20 {
		t.Errorf("cache %d after a pause", c)
	}
}

func TestPacing(t *testing.T) {
	a := NewAccount("test", nil, 0)
	c := &a.tree.collect
	now := c.accrued
	c.now = func() time.Time { return now }
	for _, cost := range []time.Duration{200 * time.Microsecond, 5 * time.Millisecond, 300 * time.Millisecond} {
		*c = collector{now: c.now, share: collectShare, cost: firstCost, accrued: now}
		var spent time.Duration
		start := now
		for now.Sub(start) < 2*time.Minute {
			now = now.Add(time.Millisecond)
			if c.allow(ForPlan, 0, 1<<20) {
				c.charge(cost, true)
				spent += cost
				now = now.Add(cost)
			}
		}
		share := float64(spent) / float64(now.Sub(start))
		t.Logf("collections of %v: %.2f%%", cost, 100*share)
		if share > collectShare*1.1 || share < collectShare*0.8 {
			t.Errorf("collections of %v took %.2f%% of the time, want about 6%%", cost, 100*share)
		}
	}
	// One collection that was kept waiting does not put the others off for long.
	*c = collector{now: c.now, share: collectShare, cost: firstCost, accrued: now}
	c.charge(time.Millisecond, true)
	c.charge(time.Second, true)
	now = now.Add(500 * time.Millisecond)
	if !c.allow(ForPlan, 0, 1<<20) {
		t.Error("an outlier puts collections off for long")
	}
	// Where they stay dear, they soon keep to the share.
	var dear time.Duration
	start := now
	for now.Sub(start) < 5*time.Minute {
		now = now.Add(time.Millisecond)
		if c.allow(ForPlan, 0, 1<<20) {
			c.charge(300*time.Millisecond, true)
			dear += 300 * time.Millisecond
			now = now.Add(300 * time.Millisecond)
		}
	}
	if share := float64(dear) / float64(now.Sub(start)); share > collectShare*1.2 {
		t.Errorf("collections that became dear took %.2f%% of the time", 100*share)
	}
	// After a long pause at most the cap is spent at once.
	*c = collector{now: c.now, share: collectShare, cost: time.Millisecond, accrued: now}
	now = now.Add(time.Hour)
	n := 0
	for c.allow(ForPlan, 0, 1<<20) {
		c.charge(time.Millisecond, true)
		n++
	}
	if n != int(creditCap/time.Millisecond) {
		t.Errorf("%d collections in a row after a pause", n)
	}
	a.SetCollectShare(0)
	now = now.Add(time.Hour)
	if c.allow(ForPlan, 0, 1<<20) {
		t.Error("a paced collection ran although none are allowed")
	}
}

// A collection by the host program is noticed, and the next request sweeps.
func TestAutomaticSweep(t *testing.T) {
	p, a := newTestPool(t, 0)
	a.SetCollectShare(0)
	makeGarbage(t, p, maxYoung+10, 8192)
	for range 200 {
		runtime.GC()
		time.Sleep(time.Millisecond)
		mustGet(t, p, 16).Release()
		if a.Buffers() == 0 {
			break
		}
	}
	if n := a.Buffers(); n != 0 {
		t.Errorf("%d dead buffers are still counted", n)
	}
	if n := a.CollectStats().Forced; n != 0 {
		t.Errorf("%d collections were forced", n)
	}
}

func TestConcurrentUse(t *testing.T) {
	process := NewAccount("process", nil, 64<<20)
	src := NewSystem()
	var wg sync.WaitGroup
	for g := range 4 {
		p := NewPool(src, NewAccount("runtime", process, 0), Options{})
		defer p.Close()
		for h := range 2 {
			wg.Go(func() {
				rng := rand.New(rand.NewPCG(uint64(g), uint64(h)))
				var kept [4]*Buffer
				for i := range 400 {
					b, err := p.Get(1<<rng.IntN(20), Site(i))
					if err != nil {
						t.Error(err)
						return
					}
					b.Bytes()[0] = byte(i)
					switch i % 5 {
					case 0:
						kept[i/5%4] = b
					case 1, 2:
						b.Release()
					}
					switch i % 100 {
					case 50:
						p.Collect(ForAnswer)
					case 75:
						p.acct.ClearCache()
					case 80:
						process.Holders(-1)
						r, err := p.Reserve("eval", 1<<20, 0)
						if err != nil {
							t.Error(err)
							return
						}
						if b, err := r.Get(1<<19, 0); err == nil {
							r.Release(b)
						}
						r.Close()
					}
				}
				runtime.KeepAlive(kept)
			})
		}
	}
	wg.Wait()
	process.ClearCache()
	want(t, process, 0, 0, 0)
	if n := process.Counters().Reserved; n != 0 {
		t.Errorf("%d reserved", n)
	}
}

// Temporaries that are released after their last use cause no collections.
func TestTemporariesAreNotCollected(t *testing.T) {
	p, a := newTestPool(t, 0)
	x := mustGet(t, p, 64<<20)
	for start := time.Now(); time.Since(start) < 200*time.Millisecond; {
		b, c := mustGet(t, p, 4<<20), mustGet(t, p, 4<<20)
		b.Release()
		d := mustGet(t, p, 4<<20)
		c.Release()
		d.Release()
	}
	if s := a.CollectStats(); s.Forced > 8 {
		t.Errorf("%d collections in 0.2 s took %v and could find nothing", s.Forced, s.Time)
	}
	runtime.KeepAlive(x)
}
