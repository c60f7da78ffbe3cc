package memory

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar/alloc"
)

// clocked is a recorder whose clock moves by step with each look.
func clocked(sites *alloc.SiteTable, ring int, step time.Duration) *Recorder {
	r := NewRecorder(sites, ring)
	now := time.Duration(0)
	r.now = func() time.Duration { now += step; return now }
	return r
}

// Over random events the rows add up to what is live, and to what was at the peak, which
// a list of all buffers knows.
func TestRowsAddUp(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		sites := new(alloc.SiteTable)
		r := clocked(sites, 1<<12, time.Millisecond)
		pool := new(alloc.Pool)
		live := map[uint64]int64{}
		at := map[uint64]string{} // the row that each belongs to
		var active, peak, id int64
		var atPeak map[string]int64
		for range 2000 {
			switch k := rng.IntN(5); {
			case k < 3 || len(live) == 0:
				id++
				n := int64(1 + rng.IntN(1000))
				site := sites.Intern("a.py", 1+rng.IntN(5))
				r.Observe(alloc.Event{Kind: alloc.Allocated, Pool: pool, ID: uint64(id), Bytes: n, Site: site})
				live[uint64(id)], at[uint64(id)] = n, sites.Where(site)
				active += n
				if rng.IntN(2) == 0 {
					site = sites.Intern("b.py", 1+rng.IntN(3))
					r.Observe(alloc.Event{Kind: alloc.Described, Pool: pool, ID: uint64(id), Bytes: n, Site: site, Label: &alloc.Label{Operation: "add", Shape: []int{int(n)}}})
					at[uint64(id)] = sites.Where(site)
				}
				if active > peak {
					peak, atPeak = active, map[string]int64{}
					for id, n := range live {
						atPeak[at[id]] += n
					}
				}
			case k == 3:
				for id, n := range live {
					r.Observe(alloc.Event{Kind: alloc.Freed, Pool: pool, ID: id, Bytes: n})
					active -= n
					delete(live, id)
					break
				}
			default: // an array takes over another's buffer
				for id := range live {
					site := sites.Intern("c.py", 7)
					r.Observe(alloc.Event{Kind: alloc.Described, Pool: pool, ID: id, Site: site, Label: &alloc.Label{Operation: "mul"}})
					at[id] = "c.py:7"
					break
				}
			}
		}
		p := r.Profile(false)
		if p.Active != active || p.Peak != peak || p.Buffers != int64(len(live)) {
			t.Fatalf("active %d, peak %d, buffers %d; want %d, %d, %d", p.Active, p.Peak, p.Buffers, active, peak, len(live))
		}
		now := map[string]int64{}
		for id, n := range live {
			now[at[id]] += n
		}
		for _, l := range p.ByLine() {
			if l.Live.Bytes != now[l.Where] || l.AtPeak.Bytes != atPeak[l.Where] {
				t.Errorf("%s: %d live, %d at the peak; want %d, %d", l.Where, l.Live.Bytes, l.AtPeak.Bytes, now[l.Where], atPeak[l.Where])
			}
			delete(now, l.Where)
		}
		if len(now) > 0 {
			t.Errorf("no lines for %v", now)
		}
	}
}

// However long a recorder goes on, what it keeps stays bounded, and its timeline keeps
// the extremes.
func TestBounds(t *testing.T) {
	r := clocked(new(alloc.SiteTable), 1<<12, 3*time.Millisecond)
	pool := new(alloc.Pool)
	for i := range 20000 {
		id := uint64(i + 1)
		n := int64(10)
		if i == 7000 {
			n = 1 << 30
		}
		r.Observe(alloc.Event{Kind: alloc.Allocated, Pool: pool, ID: id, Bytes: n})
		r.Observe(alloc.Event{Kind: alloc.Freed, Pool: pool, ID: id, Bytes: n})
		r.Mark("")
	}
	p := r.Profile(true)
	if len(p.Trace) > 1<<12/40 || len(p.Timeline) > maxPoints || len(p.Steps) != maxSteps || p.Events != 60000 {
		t.Errorf("%d changes of %d, %d points, %d steps", len(p.Trace), p.Events, len(p.Timeline), len(p.Steps))
	}
	var high int64
	for i, x := range p.Timeline {
		high = max(high, x.High)
		if i > 0 && x.At <= p.Timeline[i-1].At {
			t.Fatalf("points at %v and %v", p.Timeline[i-1].At, x.At)
		}
	}
	if high != 1<<30 || p.Peak != 1<<30 || p.PeakStep != 7000 {
		t.Errorf("the timeline's highest is %d, the peak %d in step %d", high, p.Peak, p.PeakStep)
	}
	if last := p.Steps[len(p.Steps)-1]; last.Number != 19999 {
		t.Errorf("the last step is %d", last.Number)
	}
}

// Shapes of more than eight axes are told apart by their size.
func TestLabels(t *testing.T) {
	r := clocked(new(alloc.SiteTable), 0, time.Millisecond)
	a := r.label(&alloc.Label{Shape: []int{2, 3, 1, 1, 1, 1, 1, 1, 5}})
	b := r.label(&alloc.Label{Shape: []int{3, 2, 1, 1, 1, 1, 1, 1, 5}})
	if a != b || r.labels[a].shape != [8]int{6, 1, 1, 1, 1, 1, 1, 5} || r.labels[a].rank != 8 {
		t.Errorf("%v, %v", r.labels[a], r.labels[b])
	}
	if c := r.label(&alloc.Label{Shape: []int{6, 1, 1, 1, 1, 1, 1, 5, 1}}); c == a {
		t.Error("a shape of nine axes has another's label")
	}
}

// A profile is read as it was written, and one of a later version is refused.
func TestReadWrite(t *testing.T) {
	r := clocked(new(alloc.SiteTable), 0, time.Millisecond)
	r.Observe(alloc.Event{Kind: alloc.Allocated, Pool: new(alloc.Pool), ID: 1, Bytes: 64})
	var buf, again bytes.Buffer
	if err := r.Profile(true).Write(&buf); err != nil {
		t.Fatal(err)
	}
	text := buf.String()
	p, err := Read(&buf)
	if err != nil {
		t.Fatal(err)
	}
	if p.Write(&again) != nil || again.Len() == 0 || p.Rows[0].Live.Bytes != 64 {
		t.Errorf("read %+v of %s", p, text)
	}
	for _, bad := range []string{`{"version": 2}`, `{}`, `[]`, `{"version": 1`} {
		if _, err := Read(bytes.NewReader([]byte(bad))); err == nil {
			t.Errorf("read %s", bad)
		}
	}
}
