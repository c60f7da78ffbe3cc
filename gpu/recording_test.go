package gpu

import (
	"math/rand/v2"
	"testing"
)

// TestLevels: dispatches that need each other are levels apart, and no level is
// higher than the longest chain.
func TestLevels(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 50 {
		rec := newRecording()
		type made struct {
			reads, writes []place
			level         int
		}
		var all []made
		for range 30 {
			d := made{level: 1}
			draw := func() place {
				p := place{scratch: Buffer(1 + r.IntN(8))}
				if r.IntN(2) == 0 { // a task has a few dispatches
					p.carving, p.part = uint32(len(all)/5+1), r.Int32N(3)
				}
				return p
			}
			for range r.IntN(3) {
				d.reads = append(d.reads, draw())
			}
			d.writes = append(d.writes, draw())
			for _, before := range all {
				if meet(before.writes, d.reads) || meet(before.writes, d.writes) || meet(before.reads, d.writes) {
					d.level = max(d.level, before.level+1)
				}
			}
			rec.order(d.reads, d.writes, 0)
			if got := int(rec.next.Level); got != d.level {
				t.Fatalf("dispatch %d is at level %d, want %d", len(all), got, d.level)
			}
			all = append(all, d)
		}
	}
}

func meet(a, b []place) bool {
	for _, x := range a {
		for _, y := range b {
			if x.scratch == y.scratch && (x == y || x.carving == 0 || y.carving == 0 || x.carving != y.carving) {
				return true
			}
		}
	}
	return false
}

// TestLevelsApart: writes apart share a level, after what was before them and
// before what comes after.
func TestLevelsApart(t *testing.T) {
	rec := newRecording()
	p, q := []place{{scratch: 1}}, []place{{scratch: 2}}
	for i, c := range []struct {
		reads, writes []place
		stretch       uint32
		level         int32
	}{
		{nil, p, 0, 1}, {p, q, 0, 2}, {nil, p, 1, 3}, {q, p, 1, 3}, {nil, p, 1, 3}, {p, q, 0, 4}, {nil, p, 2, 5}, {nil, p, 0, 6},
	} {
		if rec.order(c.reads, c.writes, c.stretch); rec.next.Level != c.level {
			t.Errorf("dispatch %d is at level %d, want %d", i, rec.next.Level, c.level)
		}
	}
}
