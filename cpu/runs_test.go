package cpu

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestGatherRows holds stretches of every length and beginning against elements that are
// looked up one by one.
func TestGatherRows(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 400 {
		w, room := randomWalk(r, 1+r.IntN(4))
		gatherOf[uint8](t, r, w, room)
		gatherOf[uint32](t, r, w, room)
		gatherOf[wide](t, r, w, room)
	}
	many := walk{} // more axes than are counted
	for range 11 {
		many.shape, many.strides = append(many.shape, 2), append(many.strides, 3)
	}
	gatherOf[uint16](t, r, &many, 40)
}

// randomWalk goes over an operand whose storage has room elements.
func randomWalk(r *rand.Rand, rank int) (w *walk, room int) {
	w = new(walk)
	low, high := 0, 0
	for range rank {
		n, s := 1+r.IntN(9), r.IntN(12)-3
		if r.IntN(3) == 0 {
			s = 1
		}
		w.shape, w.strides = append(w.shape, n), append(w.strides, s)
		low, high = low+min(0, (n-1)*s), high+max(0, (n-1)*s)
	}
	w.offset = -low + r.IntN(3)
	return w, w.offset + high + 1
}

func gatherOf[T comparable](t *testing.T, r *rand.Rand, w *walk, room int) {
	t.Helper()
	bytes := make([]byte, room*sizeOf[T]())
	data := typed[T](bytes)
	for i := range bytes {
		bytes[i] = byte(r.Uint32())
	}
	count := 1
	for _, n := range w.shape {
		count *= n
	}
	at := r.IntN(count)
	got := make([]T, 1+r.IntN(count-at))
	gatherRows(got, data, w, at)
	for i, v := range got {
		if want := data[w.place(at+i)]; v != want {
			t.Fatalf("%d elements from %d of %v by %v: element %d is %v, want %v", len(got), at, w.shape, w.strides, i, v, want)
		}
	}
}

func TestFill(t *testing.T) {
	for _, n := range []int{0, 1, 15, 16, 17, 100, 1023, 1024, 1025, 5000} {
		x := make([]uint16, n+1)
		fill(x[:n], 7)
		if i := slices.IndexFunc(x, func(v uint16) bool { return v != 7 }); i != n {
			t.Errorf("of %d elements %d are filled", n, i)
		}
	}
}
