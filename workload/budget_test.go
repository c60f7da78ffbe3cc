package workload

import (
	"context"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Whatever comes, the budget is never passed and nobody waits for ever.
func TestBudgetHolds(t *testing.T) {
	const memory = 1000
	b := newBudget(memory, 7)
	var used, running atomic.Int64
	var all sync.WaitGroup
	for i := range 400 {
		rnd := rand.New(rand.NewPCG(uint64(i), 1))
		need := 1 + rnd.Int64N(memory)
		if i%3 == 0 {
			need = 1 + rnd.Int64N(50)
		}
		all.Go(func() {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			if i%10 == 0 {
				time.AfterFunc(time.Duration(rnd.IntN(3000))*time.Microsecond, cancel)
			}
			l, err := b.acquire(ctx, need, string(rune('a'+i%4)), i%3)
			if err != nil {
				if !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
				return
			}
			defer l.release()
			if n := used.Add(need); n > memory {
				t.Errorf("%d bytes are used", n)
			}
			if n := running.Add(1); n > 7 {
				t.Errorf("%d run", n)
			}
			time.Sleep(time.Duration(rnd.IntN(200)) * time.Microsecond)
			running.Add(-1)
			if i%2 == 0 {
				used.Add(need/2 - need)
				l.shrink(need / 2)
				used.Add(-need / 2)
			} else {
				used.Add(-need)
			}
		})
	}
	all.Wait()
	if used, peak, running, waiting := b.state(); used != 0 || running != 0 || waiting != 0 || peak > memory || len(b.tenants) != 0 {
		t.Errorf("in the end %d used, %d at most, %d run, %d wait, tenants %v", used, peak, running, waiting, b.tenants)
	}
}

// order gives who is let in, one after the other, of those who wait while all is taken.
func order(t *testing.T, b *budget, waiters []waiter) []int {
	t.Helper()
	ctx := context.Background()
	all, err := b.acquire(ctx, b.memory, "first", 0)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var got []int
	var group sync.WaitGroup
	for i, w := range waiters {
		group.Go(func() {
			l, err := b.acquire(ctx, w.need, w.tenant, w.priority)
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			got = append(got, i)
			mu.Unlock()
			l.release()
		})
		for { // they come in this order
			if _, _, _, waiting := b.state(); waiting == i+1 {
				break
			}
			time.Sleep(time.Millisecond)
		}
	}
	all.release()
	group.Wait()
	return got
}

func TestBudgetOrder(t *testing.T) {
	got := order(t, newBudget(10, 1), []waiter{{need: 1}, {need: 1}, {need: 1, priority: 2}, {need: 1, priority: 1}})
	if len(got) != 4 || got[0] != 2 || got[1] != 3 || got[2] != 0 || got[3] != 1 {
		t.Errorf("got %v", got)
	}
}

// The tenant that has least goes first.
func TestBudgetIsFair(t *testing.T) {
	b := newBudget(100, 10)
	ctx := context.Background()
	var held []*lease
	take := func(need int64, tenant string) {
		l, err := b.acquire(ctx, need, tenant, 0)
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, l)
	}
	take(50, "a")
	take(10, "b")
	take(40, "c")
	came := make(chan string, 2)
	for i, tenant := range []string{"a", "b"} {
		go func() {
			if _, err := b.acquire(ctx, 40, tenant, 0); err != nil {
				t.Error(err)
			}
			came <- tenant
		}()
		for {
			if _, _, _, waiting := b.state(); waiting == i+1 {
				break
			}
			time.Sleep(time.Millisecond)
		}
	}
	held[2].release()
	if first := <-came; first != "b" {
		t.Errorf("%s, which has more, went first", first)
	}
	held[0].release()
	<-came
}

// One that needs much is passed a few times only.
func TestBudgetStarvesNobody(t *testing.T) {
	b := newBudget(100, 100)
	ctx := context.Background()
	l, err := b.acquire(ctx, 10, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	big := make(chan struct{})
	go func() {
		l, err := b.acquire(ctx, 95, "", 0)
		if err != nil {
			t.Error(err)
			return
		}
		close(big)
		l.release()
	}()
	for {
		if _, _, _, waiting := b.state(); waiting == 1 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	passed := 0
	for {
		short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
		small, err := b.acquire(short, 5, "", 0)
		cancel()
		if err != nil {
			break
		}
		small.release()
		if passed++; passed > 100 {
			t.Fatal("small ones pass for ever")
		}
	}
	if passed != maxPassed {
		t.Errorf("%d passed, want %d", passed, maxPassed)
	}
	l.release()
	<-big
}

func TestBudgetRefuses(t *testing.T) {
	b := newBudget(100, 1)
	b.most = 1
	ctx, cancel := context.WithCancel(context.Background())
	if _, err := b.acquire(ctx, 101, "", 0); !errors.Is(err, ErrRefused) {
		t.Errorf("got %v", err)
	}
	if _, err := b.acquire(ctx, 100, "", 0); err != nil {
		t.Fatal(err)
	}
	waits := make(chan error)
	go func() {
		_, err := b.acquire(ctx, 1, "", 0)
		waits <- err
	}()
	for {
		if _, _, _, waiting := b.state(); waiting == 1 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	if _, err := b.acquire(ctx, 1, "", 0); !errors.Is(err, ErrRefused) {
		t.Errorf("got %v", err)
	}
	cancel()
	if err := <-waits; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// What a job that runs for months has measured stays bounded, and percentiles are of late
// values.
func TestSeriesIsBounded(t *testing.T) {
	var s series
	for i := range 100_000 {
		s.add(float64(i))
	}
	if n := len(s.sample); n > maxSeries || n < maxSeries/4 {
		t.Errorf("%d values are kept", n)
	}
	if v, ok := s.aggregate("p0"); !ok || v < 70_000 {
		t.Errorf("the least of the latest is %v", v)
	}
	if v, _ := s.aggregate("min"); v != 0 || s.count != 100_000 {
		t.Errorf("the least is %v of %d", v, s.count)
	}
}

// A job that runs again and again leaves the last of its results, for those that need it.
func TestResultsDoNotPileUp(t *testing.T) {
	w := newWorkplace(t, map[string]string{"jobs.toml": "[defaults]\nisolation = 'none'\n[jobs.a]\ncode = 'def f(): return 1'\nentry = 'f'\n[jobs.b]\ncode = 'pass'\ninputs.x = { from = 'a' }\n"})
	r := w.runner(Options{})
	for range 4 {
		s, err := r.RunAll(context.Background(), nil)
		if err != nil {
			t.Fatal(err)
		}
		ok(t, s)
	}
	files, err := filepath.Glob(filepath.Join(w.dir, ".mlxstar", "results", "*"))
	if err != nil || len(files) != 2 {
		t.Errorf("there are %v, %v, want one result of two files", files, err)
	}
}
