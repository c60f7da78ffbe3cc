package memory

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar/alloc"
)

// What was alive at the peak of the latest step is what a list of all buffers knows, also
// where the events since are many and buffers change what they hold.
func TestLastStep(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 50 {
		sites := new(alloc.SiteTable)
		r := clocked(sites, 1<<20, time.Millisecond)
		pool := new(alloc.Pool)
		type held struct {
			bytes int64
			where string
		}
		live := map[uint64]held{}
		var active, peak int64
		alive := map[string]int64{}
		note := func() {
			if active <= peak {
				return
			}
			peak, alive = active, map[string]int64{}
			for _, h := range live {
				alive[h.where] += h.bytes
			}
		}
		var wantPeak int64
		var want map[string]int64
		id := uint64(0)
		for i := range 400 {
			switch k := rng.IntN(8); {
			case k < 4 || len(live) == 0:
				id++
				h := held{int64(1 + rng.IntN(1000)), sites.Where(sites.Intern("a.py", 1+rng.IntN(4)))}
				site := sites.Intern("a.py", int(h.where[len("a.py:")]-'0'))
				r.Observe(alloc.Event{Kind: alloc.Allocated, Pool: pool, ID: id, Bytes: h.bytes, Site: site})
				live[id] = h
				active += h.bytes
				note()
			case k < 6:
				for id, h := range live {
					r.Observe(alloc.Event{Kind: alloc.Freed, Pool: pool, ID: id, Bytes: h.bytes})
					delete(live, id)
					active -= h.bytes
					break
				}
			default:
				for id, h := range live {
					r.Observe(alloc.Event{Kind: alloc.Described, Pool: pool, ID: id, Bytes: h.bytes, Site: sites.Intern("b.py", 9), Label: &alloc.Label{Operation: "mul"}})
					live[id] = held{h.bytes, "b.py:9"}
					break
				}
			}
			if i%50 == 49 {
				r.Mark("")
				wantPeak, want = peak, alive
				peak = active
				alive = map[string]int64{}
				for _, h := range live {
					alive[h.where] += h.bytes
				}
			}
			if i > 120 && rng.IntN(100) == 0 {
				break
			}
		}
		s := r.LastStep(20, 1000)
		if s == nil || s.Peak != wantPeak {
			t.Fatalf("%+v, want a peak of %d", s, wantPeak)
		}
		got := map[string]int64{}
		for _, w := range s.Alive {
			got[w.Where()] += w.AtPeak.Bytes
		}
		sum := int64(0)
		for where, n := range want {
			sum += n
			if got[where] != n {
				t.Fatalf("%s has %d, want %d (%v, %v)", where, got[where], n, got, want)
			}
		}
		if sum != s.Peak {
			t.Fatalf("the rows add up to %d of %d", sum, s.Peak)
		}
		high := int64(0)
		for _, n := range s.High {
			high = max(high, n)
		}
		if high != s.Peak || len(s.High) > 20 {
			t.Errorf("%d stretches, their highest is %d of %d", len(s.High), high, s.Peak)
		}
	}
	if s := clocked(new(alloc.SiteTable), 0, 1).LastStep(10, 10); s != nil {
		t.Errorf("no step ended, got %+v", s)
	}
}
