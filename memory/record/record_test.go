package record

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/memory"
)

// play tells a recorder of a loop's events: each step allocates what it frees, and some
// more at one of them.
func play(r *memory.Recorder, sites *alloc.SiteTable, steps, peakAt int) {
	pool := new(alloc.Pool)
	id := uint64(0)
	for i := range steps {
		r.EvalBegun(8)
		first := id + 1
		for k := range 8 {
			id++
			n := int64(1000 * (k + 1))
			if i == peakAt {
				n *= 100
			}
			site := sites.Intern("loop.py", k+1)
			r.Observe(alloc.Event{Kind: alloc.Allocated, Pool: pool, ID: id, Bytes: n, Site: site, Reused: i > 0, Cache: int64(k)})
			r.Observe(alloc.Event{Kind: alloc.Described, Pool: pool, ID: id, Bytes: n, Site: site, Cache: int64(k), Label: &alloc.Label{Operation: "add", Shape: []int{k}}})
		}
		r.EvalEnded()
		for k := first; k <= id; k++ {
			r.Observe(alloc.Event{Kind: alloc.Freed, Pool: pool, ID: k, Cache: 9})
		}
		r.Mark("")
	}
}

func collect(t *testing.T, f *File) (all []memory.Change) {
	t.Helper()
	if err := f.Changes(func(c memory.Change) bool { all = append(all, c); return true }); err != nil {
		t.Fatal(err)
	}
	return all
}

// What a file has is what the recorder's own ring has, to the microsecond.
func TestFileHasAll(t *testing.T) {
	sites := new(alloc.SiteTable)
	r := memory.NewRecorder(sites, 64<<20)
	path := filepath.Join(t.TempDir(), "run.mem")
	w, err := Create(path, 0, r)
	if err != nil {
		t.Fatal(err)
	}
	play(r, sites, 500, 77)
	want := r.Profile(true)
	if lost, err := w.Finish(r.Profile(false)); lost != 0 || err != nil {
		t.Fatalf("lost %d: %v", lost, err)
	}
	f, err := Open(path)
	if err != nil || !f.Ended {
		t.Fatalf("%+v: %v", f, err)
	}
	got := collect(t, f)
	if len(got) != len(want.Trace) || f.Profile.Peak != want.Peak || len(f.Profile.Rows) != len(want.Rows) {
		t.Fatalf("%d events of %d, peak %d, %d rows", len(got), len(want.Trace), f.Profile.Peak, len(f.Profile.Rows))
	}
	for i, c := range got {
		x := want.Trace[i]
		if d := c.At - x.At; d > 2e-6 || d < -2e-6 {
			t.Fatalf("event %d is at %v, want %v", i, c.At, x.At)
		}
		if c.At = x.At; c != x {
			t.Fatalf("event %d is %+v, want %+v", i, c, x)
		}
	}
	n := 0
	if err := f.Changes(func(memory.Change) bool { n++; return n < 10 }); err != nil || n != 10 {
		t.Errorf("%d events were given after enough: %v", n, err)
	}
}

// A file stays within its bound however long the run is, and keeps the peak's stretch;
// where it is cut off in the middle the rest is read.
func TestBound(t *testing.T) {
	sites := new(alloc.SiteTable)
	r := memory.NewRecorder(sites, 1<<12)
	path := filepath.Join(t.TempDir(), "run.mem")
	const most = 256 << 10
	w, err := Create(path, most, r)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 60 { // the writer keeps up
		peak := -1
		if i == 20 {
			peak = 700
		}
		play(r, sites, 1500, peak)
		for len(w.batches) > 0 {
			time.Sleep(time.Millisecond)
		}
	}
	if lost, err := w.Finish(r.Profile(false)); err != nil {
		t.Fatalf("lost %d: %v", lost, err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > most*3/2 {
		t.Errorf("the file has %d bytes, its bound is %d", info.Size(), most)
	}
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	all := collect(t, f)
	peak := false
	for i, c := range all {
		peak = peak || c.Active == f.Profile.Peak
		if i > 0 && c.At < all[i-1].At {
			t.Fatalf("event %d is at %v, after one at %v", i, c.At, all[i-1].At)
		}
	}
	if int64(len(all)) >= f.Profile.Events || !peak || len(all) < batchEvents {
		t.Errorf("%d events of %d, the peak among them: %v", len(all), f.Profile.Events, peak)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".mlxmem-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{len(magic), len(magic) + 1, len(text) / 3, len(text) / 2, len(text) - 1} {
		if err := os.WriteFile(path, text[:n], 0o666); err != nil {
			t.Fatal(err)
		}
		f, err := Open(path)
		if err != nil || f.Ended {
			t.Errorf("cut to %d bytes: %+v, %v", n, f, err)
			continue
		}
		collect(t, f)
	}
}

// A profile in JSON, as snapshot() writes it, is read, too.
func TestOpenJSON(t *testing.T) {
	sites := new(alloc.SiteTable)
	r := memory.NewRecorder(sites, 0)
	play(r, sites, 3, 1)
	path := filepath.Join(t.TempDir(), "snapshot.json")
	text, err := json.Marshal(r.Profile(true))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o666); err != nil {
		t.Fatal(err)
	}
	f, err := Open(path)
	if err != nil || !f.Ended || len(collect(t, f)) != int(f.Profile.Events) {
		t.Errorf("%+v: %v", f, err)
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("opened what is not there")
	}
}

func FuzzOpen(f *testing.F) {
	sites := new(alloc.SiteTable)
	r := memory.NewRecorder(sites, 0)
	path := filepath.Join(f.TempDir(), "run.mem")
	w, err := Create(path, 0, r)
	if err != nil {
		f.Fatal(err)
	}
	play(r, sites, 3, 1)
	if _, err := w.Finish(r.Profile(false)); err != nil {
		f.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(magic + "E\x00"))
	f.Add([]byte(magic + "R\xff\xff\xff\xff\x0f"))
	f.Add([]byte(`{"version": 1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "x")
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
		in, err := Open(path)
		if err != nil {
			return
		}
		n := 0
		_ = in.Changes(func(memory.Change) bool { n++; return n < 1000 })
	})
}

func FuzzEvents(f *testing.F) {
	f.Add(appendEvents(nil, before{}, []memory.Event{{Kind: alloc.Allocated, ID: 3, Bytes: 5, Row: 2}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		events, err := decodeEvents(data)
		if err != nil {
			return
		}
		again, err := decodeEvents(appendEvents(nil, before{}, events))
		if err != nil || len(again) != len(events) {
			t.Fatalf("%d events, and %d again: %v", len(events), len(again), err)
		}
		for i := range again {
			if again[i].ID != events[i].ID || again[i].Row != events[i].Row || again[i].Bytes != events[i].Bytes || again[i].Kind != events[i].Kind {
				t.Fatalf("event %d is %+v, and %+v again", i, events[i], again[i])
			}
		}
	})
}
