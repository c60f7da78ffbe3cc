package alloc

import (
	"math/rand/v2"
	"testing"
	"unsafe"
)

// Blocks of every small size, freed in any order, never overlap and leave nothing behind.
func TestRuns(t *testing.T) {
	s := NewSystem()
	rng := rand.New(rand.NewPCG(3, 4))
	type held struct {
		Block
		mark byte
	}
	fill := func(b Block, v byte) {
		bytes := unsafe.Slice((*byte)(b.Data), b.Size)
		for i := 0; i < len(bytes); i += 512 {
			bytes[i] = v
		}
	}
	var live []held
	for i := range 20_000 {
		if len(live) > 0 && (rng.IntN(2) == 0 || len(live) > 300) {
			k := rng.IntN(len(live))
			h := live[k]
			live[k] = live[len(live)-1]
			live = live[:len(live)-1]
			bytes := unsafe.Slice((*byte)(h.Data), h.Size)
			for j := 0; j < len(bytes); j += 512 {
				if bytes[j] != h.mark {
					t.Fatalf("step %d: byte %d of a block of %d was overwritten", i, j, h.Size)
				}
			}
			if n := h.Size / 2; rng.IntN(4) == 0 && n > 0 {
				left, err := s.Shrink(h.Block, n)
				if err != nil || left < n || left > h.Size {
					t.Fatalf("shrinking %d to %d left %d, %v", h.Size, n, left, err)
				}
				h.Size = left
			}
			s.Free(h.Block)
			continue
		}
		b, err := s.Alloc(1 + rng.IntN(2*maxRun>>rng.IntN(6)))
		if err != nil {
			t.Fatal(err)
		}
		bytes := unsafe.Slice((*byte)(b.Data), b.Size)
		for j := 0; j < len(bytes); j += s.page {
			if bytes[j] != 0 {
				t.Fatalf("step %d: a freed block of %d kept its content", i, b.Size)
			}
		}
		mark := byte(1 + rng.IntN(255))
		fill(b, mark)
		live = append(live, held{b, mark})
	}
	for _, h := range live {
		s.Free(h.Block)
	}
	if len(s.runs.chunks) != 0 {
		t.Errorf("%d chunks remain mapped", len(s.runs.chunks))
	}
	for class, list := range s.runs.open {
		if len(list) != 0 {
			t.Errorf("%d chunks of %d pages are still listed", len(list), class)
		}
	}
}
