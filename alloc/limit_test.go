package alloc

import (
	"errors"
	"runtime"
	"strings"
	"testing"
)

func TestLimitIsTrue(t *testing.T) {
	p, a := newTestPool(t, 10<<20)
	sites := p.sites
	hold := func(n int, line int) *Buffer {
		b, err := p.Get(n, sites.Intern("train.py", line))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	keep := []*Buffer{hold(5<<20, 12), hold(1<<20, 12), hold(1<<20, 7), hold(16, 9), hold(16, 10)}
	before := a.Counters()
	_, err := p.Get(4<<20, sites.Intern("train.py", 20))
	var limit *LimitError
	if !errors.As(err, &limit) {
		t.Fatalf("got %v, want a limit error", err)
	}
	const text = "allocate: memory limit: needed 4 MiB, in use 7 MiB, limit 10 MiB; most is held by " +
		"train.py:12 (6 MiB in 2 arrays), train.py:7 (1 MiB in 1 array), train.py:10 (16 B in 1 array)"
	if err.Error() != text {
		t.Errorf("got  %s\nwant %s", err, text)
	}
	if after := a.Counters(); after != before {
		t.Errorf("a refusal changed %+v to %+v", before, after)
	}
	// What fits still does.
	mustGet(t, p, 2<<20).Release()
	runtime.KeepAlive(keep)
}

func TestLimitCollectsTheDead(t *testing.T) {
	p, a := newTestPool(t, 10<<20)
	a.SetCollectShare(0)
	for range 20 {
		makeGarbage(t, p, 1, 3<<20)
		if c := a.Counters(); c.Active+c.Cache > 10<<20 {
			t.Fatalf("active %d and cache %d exceed the limit", c.Active, c.Cache)
		}
	}
	// What was collected to make room is what is then used.
	if s := p.Stats(); s.Misses != 3 || s.Returned != 0 {
		t.Errorf("%d blocks were asked of the system and %d returned, want 3 and 0", s.Misses, s.Returned)
	}
	if n := a.CollectStats().Forced; n < 5 || n > 10 {
		t.Errorf("%d collections for 20 buffers of which 3 fit, want 6 or 7", n)
	}
}

// The cache makes way for new memory under a limit, also another pool's.
func TestLimitCountsTheCache(t *testing.T) {
	process := NewAccount("process", nil, 10<<20)
	one, two := NewAccount("one", process, 0), NewAccount("two", process, 0)
	p, q := NewPool(NewSystem(), one, Options{}), NewPool(NewSystem(), two, Options{})
	defer p.Close()
	defer q.Close()
	mustGet(t, p, 8<<20).Release()
	want(t, one, 0, 8<<20, 0)
	b := mustGet(t, q, 6<<20)
	want(t, one, 0, 0, 0)
	want(t, process, 6<<20, 0, 1)
	// A larger cached block is cut rather than dropped.
	b.Release()
	b = mustGet(t, q, 3<<20)
	mustGet(t, p, 3<<20).Release()
	mustGet(t, p, 2<<20).Release()
	if c := process.Counters(); c.Active+c.Cache > 10<<20 {
		t.Errorf("active %d and cache %d exceed the limit", c.Active, c.Cache)
	}
	b.Release()
}

func TestTreeSharesALimit(t *testing.T) {
	process := NewAccount("process", nil, 10<<20)
	one, two := NewAccount("one", process, 8<<20), NewAccount("two", process, 8<<20)
	p, q := NewPool(NewSystem(), one, Options{Sites: &SiteTable{}}), NewPool(NewSystem(), two, Options{Sites: &SiteTable{}})
	defer p.Close()
	defer q.Close()
	b := mustGet(t, p, 6<<20)
	var limit *LimitError
	if _, err := q.Get(6<<20, 0); !errors.As(err, &limit) || limit.Account != "process" || limit.Limit != 10<<20 {
		t.Fatalf("got %v, want the process's limit", err)
	}
	if _, err := p.Get(3<<20, 0); !errors.As(err, &limit) || limit.Account != "one" || limit.Active != 6<<20 {
		t.Fatalf("got %v, want the limit of one", err)
	}
	c := mustGet(t, q, 4<<20)
	want(t, process, 10<<20, 0, 2)
	want(t, one, 6<<20, 0, 1)
	want(t, two, 4<<20, 0, 1)
	b.Release()
	c.Release()
	if process.Peak() != 10<<20 || one.Peak() != 6<<20 || two.Peak() != 4<<20 {
		t.Errorf("peaks %d, %d, %d", process.Peak(), one.Peak(), two.Peak())
	}
	// One runtime's garbage makes room for the other.
	makeGarbage(t, p, 1, 8<<20)
	mustGet(t, q, 8<<20).Release()
}

func TestSetLimit(t *testing.T) {
	p, a := newTestPool(t, 0)
	if old := a.SetLimit(123456789, false); old != 0 {
		t.Errorf("previous limit %d, want 0", old)
	}
	b := mustGet(t, p, 1<<20)
	mustGet(t, p, 4<<20).Release()
	if old := a.SetLimit(1000, false); old != 123456789 {
		t.Errorf("previous limit %d", old)
	}
	// Below what is active: nothing is lost but the cache, and nothing is given.
	want(t, a, 1<<20, 0, 1)
	b.Bytes()[1<<20-1] = 1
	if _, err := p.Get(16, 0); err == nil {
		t.Error("an allocation above the limit succeeded")
	}
	a.SetLimit(1000, true)
	c := mustGet(t, p, 1<<20) // a guideline
	if a.Limit() != 1000 {
		t.Errorf("limit %d, want 1000", a.Limit())
	}
	a.SetLimit(0, false)
	if old := a.SetLimit(-5, false); old != 0 || a.Limit() != 0 {
		t.Errorf("limits %d and %d, want 0", old, a.Limit())
	}
	d := mustGet(t, p, 1<<20)
	runtime.KeepAlive([]*Buffer{b, c, d})
}

func TestWaitBeforeRefusal(t *testing.T) {
	a := NewAccount("test", nil, 1<<20)
	var inFlight *Buffer
	waits := 0
	p := NewPool(NewSystem(), a, Options{Wait: func() {
		waits++
		if inFlight != nil {
			inFlight.Release()
		}
	}})
	defer p.Close()
	inFlight = mustGet(t, p, 1<<20)
	mustGet(t, p, 1<<20).Release()
	if waits != 1 {
		t.Errorf("waited %d times, want once", waits)
	}
}

func TestReservation(t *testing.T) {
	p, a := newTestPool(t, 10<<20)
	r, err := p.Reserve("eval", 6<<20, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Get(5<<20, 0); err == nil {
		t.Error("what is reserved was given to another")
	}
	if _, err = p.Reserve("eval", 5<<20, 0); err == nil || !strings.HasPrefix(err.Error(), "eval: memory limit: needed 5 MiB, in use 6 MiB") {
		t.Errorf("got %v", err)
	}
	temp := func() *Buffer {
		b, err := r.Get(3<<20, 0)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for range 5 { // more in all than is reserved, never at once
		x, y := temp(), temp()
		if c := a.Counters(); c.Active != 6<<20 || c.Reserved != 0 {
			t.Fatalf("active %d, reserved %d", c.Active, c.Reserved)
		}
		r.Release(x)
		r.Release(y)
		r.Release(y)
	}
	if c := a.Counters(); c.Active != 0 || c.Reserved != 6<<20 {
		t.Fatalf("active %d, reserved %d", c.Active, c.Reserved)
	}
	x := temp()
	r.Close()
	r.Close()
	r.Release(x)
	if c := a.Counters(); c.Active != 0 || c.Reserved != 0 {
		t.Errorf("active %d, reserved %d after the end", c.Active, c.Reserved)
	}
	if a.Peak() != 6<<20 {
		t.Errorf("peak %d", a.Peak())
	}
}

func TestHugeRequests(t *testing.T) {
	p, a := newTestPool(t, 0)
	const most = int(^uint(0) >> 1)
	for _, size := range []int{most, most - 1, most - 4096, most - 5000, most / 2} {
		var refused *SystemError
		if _, err := p.Get(size, 0); !errors.As(err, &refused) {
			t.Errorf("size %d: got %v, want a system error", size, err)
		}
	}
	want(t, a, 0, 0, 0)
	a.SetLimit(1<<30, false)
	var limit *LimitError
	if _, err := p.Get(most-5000, 0); !errors.As(err, &limit) {
		t.Errorf("got %v, want a limit error", err)
	}
	if _, err := p.Reserve("eval", int64(most), 0); !errors.As(err, &limit) {
		t.Errorf("got %v, want a limit error", err)
	}
}
