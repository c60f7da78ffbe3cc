package alloc

import (
	"errors"
	"runtime"
	"testing"
	"unsafe"
)

func newTestPool(t testing.TB, limit int64) (*Pool, *Account) {
	t.Helper()
	a := NewAccount("test", nil, limit)
	p := NewPool(NewSystem(), a, Options{Sites: &SiteTable{}})
	t.Cleanup(func() {
		p.Close()
		runtime.KeepAlive(p)
	})
	return p, a
}

func mustGet(t testing.TB, p *Pool, size int) *Buffer {
	t.Helper()
	b, err := p.Get(size, 0)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func want(t *testing.T, a *Account, active, cache, buffers int64) {
	t.Helper()
	c := a.Counters()
	if c.Active != active || c.Cache != cache || c.Buffers != buffers {
		t.Fatalf("active %d, cache %d, buffers %d; want %d, %d, %d", c.Active, c.Cache, c.Buffers, active, cache, buffers)
	}
}

func TestCountsOfOneBuffer(t *testing.T) {
	page := int64(NewSystem().PageSize())
	for _, size := range []int{1, 15, 16, 17, 63, 64, 65, 4096, 4097, 40_000, 4_000_000, 4 << 20} {
		p, a := newTestPool(t, 0)
		b := mustGet(t, p, size)
		n := a.Active()
		if n != p.Charge(size) || n != b.Charge() {
			t.Errorf("size %d counts as %d, but Charge says %d and %d", size, n, p.Charge(size), b.Charge())
		}
		if size <= maxGoMemory && (n < int64(size) || n >= int64(size)+16) || n < int64(size) || n >= int64(size)+page {
			t.Errorf("size %d counts as %d", size, n)
		}
		if len(b.Bytes()) != size || b.Size() != size || uintptr(b.Ptr())%smallAlign != 0 {
			t.Errorf("size %d: got %d bytes at %p", size, len(b.Bytes()), b.Ptr())
		}
		if size > maxGoMemory && uintptr(b.Ptr())%uintptr(page) != 0 {
			t.Errorf("size %d: %p is not on a page", size, b.Ptr())
		}
		clear(b.Bytes())
		b.Release()
		b.Release()
		want(t, a, 0, n, 0)
		if b.Ptr() != nil || b.Bytes() != nil || b.Charge() != 0 {
			t.Errorf("size %d: a released buffer still has memory", size)
		}
		a.ClearCache()
		want(t, a, 0, 0, 0)
	}
}

func TestZeroSize(t *testing.T) {
	p, a := newTestPool(t, 1)
	b := mustGet(t, p, 0)
	if b.Ptr() == nil || len(b.Bytes()) != 0 {
		t.Errorf("got %p and %d bytes, want a pointer and none", b.Ptr(), len(b.Bytes()))
	}
	b.Release()
	want(t, a, 0, 0, 0)
	if _, err := p.Get(-1, 0); err == nil {
		t.Error("a negative size was accepted")
	}
}

//go:noinline
func makeGarbage(t testing.TB, p *Pool, n, size int) {
	for range n {
		b := mustGet(t, p, size)
		b.Bytes()[0] = 1
	}
}

func TestCollectFindsTheDead(t *testing.T) {
	p, a := newTestPool(t, 0)
	keep := mustGet(t, p, 1<<20)
	for _, n := range []int{1, 5, maxYoung + 3, 1000} {
		makeGarbage(t, p, n, 8192)
		if got := a.Buffers(); got < 2 {
			t.Fatalf("%d buffers before the collection", got)
		}
		a.Collect(ForAnswer)
		c := a.Counters()
		if c.Active != 1<<20 || c.Buffers != 1 || c.Cache == 0 {
			t.Fatalf("after %d dead ones: active %d in %d buffers, cache %d", n, c.Active, c.Buffers, c.Cache)
		}
		a.ClearCache()
		want(t, a, 1<<20, 0, 1)
	}
	runtime.KeepAlive(keep)
}

// One collection suffices also while automatic ones run all the time.
func TestCollectDuringAutomaticCollections(t *testing.T) {
	p, a := newTestPool(t, 0)
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		var sink [][]byte
		for {
			select {
			case <-stop:
				runtime.KeepAlive(sink)
				return
			default:
				sink = append(sink[:len(sink)%64], make([]byte, 64<<10))
			}
		}
	}()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := range 100 {
		makeGarbage(t, p, 3, 8192)
		a.Collect(ForAnswer)
		if n := a.Buffers(); n != 0 {
			t.Fatalf("round %d: %d dead buffers survived a collection", i, n)
		}
	}
	runtime.ReadMemStats(&after)
	close(stop)
	<-done
	if after.NumGC-after.NumForcedGC <= before.NumGC-before.NumForcedGC {
		t.Skip("no automatic collection ran meanwhile")
	}
}

func TestCacheReuse(t *testing.T) {
	p, a := newTestPool(t, 0)
	page := p.src.(*System).PageSize()
	b := mustGet(t, p, 64*page)
	at := b.Ptr()
	b.Release()

	// An eighth less is close enough; the unused end counts as cache.
	b = mustGet(t, p, 57*page)
	if b.Ptr() != at {
		t.Fatal("a cached block that fits was not used")
	}
	want(t, a, int64(57*page), int64(7*page), 1)
	a.ClearCache()
	want(t, a, int64(57*page), 0, 1)
	b.Bytes()[57*page-1] = 1
	b.Release()
	want(t, a, 0, int64(57*page), 0)

	// Much less is not.
	b = mustGet(t, p, 40*page)
	if b.Ptr() == at {
		t.Fatal("a cached block was used for much less than its size")
	}
	want(t, a, int64(40*page), int64(57*page), 1)
	b.Release()
	a.ClearCache()
	want(t, a, 0, 0, 0)
}

func TestCacheLimit(t *testing.T) {
	p, a := newTestPool(t, 0)
	old := p.SetCacheLimit(3 << 20)
	if old <= 0 {
		t.Errorf("default cache limit %d", old)
	}
	var bs []*Buffer
	for range 6 {
		bs = append(bs, mustGet(t, p, 1<<20))
	}
	for _, b := range bs {
		b.Release()
	}
	want(t, a, 0, 3<<20, 0)
	if got := p.SetCacheLimit(1 << 20); got != 3<<20 {
		t.Errorf("previous cache limit %d", got)
	}
	want(t, a, 0, 1<<20, 0)
	p.SetCacheLimit(0)
	want(t, a, 0, 0, 0)
	mustGet(t, p, 1<<20).Release()
	mustGet(t, p, 100).Release()
	want(t, a, 0, 0, 0)
}

func TestPeak(t *testing.T) {
	p, a := newTestPool(t, 0)
	x := mustGet(t, p, 1<<20)
	y := mustGet(t, p, 2<<20)
	y.Release()
	if got := a.Peak(); got != 3<<20 {
		t.Errorf("peak %d, want %d", got, 3<<20)
	}
	a.ResetPeak()
	if got := a.Peak(); got != 0 {
		t.Errorf("peak %d after the reset, want 0", got)
	}
	mustGet(t, p, 16).Release()
	if got := a.Peak(); got != 1<<20+16 {
		t.Errorf("peak %d after the next allocation, want %d", got, 1<<20+16)
	}
	x.Release()
}

func TestAdopt(t *testing.T) {
	p, a := newTestPool(t, 1<<20)
	data := make([]byte, 1000)
	released := 0
	block := Block{Data: unsafe.Pointer(&data[0]), Size: len(data)}
	b, err := p.Adopt(block, func() { released++ }, 0)
	if err != nil {
		t.Fatal(err)
	}
	want(t, a, 1000, 0, 1)
	if &b.Bytes()[0] != &data[0] || !b.Foreign() {
		t.Error("the buffer is not the memory handed over")
	}
	b.Release()
	b.Release()
	want(t, a, 0, 0, 0)
	if released != 1 {
		t.Errorf("released %d times", released)
	}
	func() {
		if _, err := p.Adopt(block, func() { released++ }, 0); err != nil {
			t.Fatal(err)
		}
	}()
	a.Collect(ForAnswer)
	if released != 2 {
		t.Errorf("a dead foreign buffer: released %d times, want 2", released)
	}
	block.Size = 2 << 20
	var limit *LimitError
	if _, err := p.Adopt(block, func() { released++ }, 0); !errors.As(err, &limit) || released != 2 {
		t.Errorf("got %v and %d releases, want a limit error and 2", err, released)
	}
}

func TestCloseKeepsReachableMemoryValid(t *testing.T) {
	a := NewAccount("test", nil, 0)
	p := NewPool(NewSystem(), a, Options{})
	b := mustGet(t, p, 1<<20)
	c := mustGet(t, p, 1<<20)
	mustGet(t, p, 1<<20).Release()
	if left := p.Close(); left != 2<<20 {
		t.Errorf("%d bytes left", left)
	}
	want(t, a, 2<<20, 0, 2)
	b.Bytes()[1<<20-1] = 7
	b.Release()
	want(t, a, 1<<20, 0, 1)
	if _, err := p.Get(10, 0); !errors.Is(err, ErrClosed) {
		t.Errorf("got %v, want ErrClosed", err)
	}
	runtime.KeepAlive(c)
	c = nil
	for range 100 {
		runtime.GC() // the cleanup runs some time after it
		if a.Buffers() == 0 {
			break
		}
		runtime.Gosched()
	}
	want(t, a, 0, 0, 0)
	if p.Close() != 0 {
		t.Error("closing again found memory")
	}
}
