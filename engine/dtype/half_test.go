package dtype

import (
	"math"
	"testing"
)

// TestHalf goes through all float16 numbers, and the float32 numbers at and
// beside the middle of each two neighbours.
func TestHalf(t *testing.T) {
	const largest = 0x7bff
	for h := range uint16(largest + 1) {
		x := Float16Value(h)
		want := float64(h&0x3ff) / (1 << 24)
		if e := h >> 10; e > 0 {
			want = math.Ldexp(1+float64(h&0x3ff)/1024, int(e)-15)
		}
		if float64(x) != want || Float16Bits(x) != h || Float16Bits(-x) != h|0x8000 || Float16Value(h|0x8000) != -x {
			t.Fatalf("%#04x: got %g, want %g, and back %#04x", h, x, want, Float16Bits(x))
		}
		next := float32(65536)
		if h < largest {
			next = Float16Value(h + 1)
		}
		middle := x + (next-x)/2
		even := h + h&1
		for _, c := range []struct {
			x    float32
			want uint16
		}{{middle, even}, {math.Nextafter32(middle, 0), h}, {math.Nextafter32(middle, 1e9), h + 1}} {
			if got := Float16Bits(c.x); got != c.want {
				t.Fatalf("%g: got %#04x, want %#04x", c.x, got, c.want)
			}
		}
	}
	inf := float32(math.Inf(1))
	for x, want := range map[float32]uint16{inf: 0x7c00, -inf: 0xfc00, 1e30: 0x7c00, -65536: 0xfc00, 1e-30: 0, -1e-30: 0x8000} {
		if got := Float16Bits(x); got != want {
			t.Errorf("%g: got %#04x, want %#04x", x, got, want)
		}
	}
	if Float16Value(0x7c00) != inf || Float16Value(0xfc00) != -inf {
		t.Error("the infinities are lost")
	}
	nan := float32(math.NaN())
	if x := Float16Value(Float16Bits(nan)); x == x {
		t.Errorf("NaN: got %g", x)
	}
	if x := Float16Value(0x7c01); x == x {
		t.Errorf("a signalling NaN: got %g", x)
	}
}
