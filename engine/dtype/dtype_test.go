package dtype

import (
	"math"
	"testing"
)

func TestNames(t *testing.T) {
	for _, d := range All() {
		if got, ok := Named(d.String()); !ok || got != d {
			t.Errorf("named %q: got %v, %v", d.String(), got, ok)
		}
		if d.Size() == 0 || d.Size()%d.Real().Size() != 0 || d.Category() == 0 {
			t.Errorf("%s has size %d, parts of %d, category %d", d, d.Size(), d.Real().Size(), d.Category())
		}
	}
	for _, d := range []Dtype{0, numDtypes, 255} {
		if d.Valid() || d.Size() != 0 || d.String() != "invalid" {
			t.Errorf("dtype %d counts as valid", d)
		}
	}
}

// What is stored as an element is read back, where the dtype can hold it.
func TestElements(t *testing.T) {
	for _, d := range All() {
		b := BytesOf(1, d)
		e := ReadElement(b[:d.Size()], d)
		if got := float64(e.Int) + e.Float + float64(real(e.Complex)); got != 1 {
			t.Errorf("1 as %s reads as %v", d, got)
		}
	}
	for _, c := range []struct {
		d    Dtype
		v    float64
		want int64
	}{{Int8, -1.9, -1}, {Uint8, 257, 1}, {Int16, 40000, 40000 - 1<<16}, {Bool, 0.5, 1}} {
		b := BytesOf(complex(c.v, 0), c.d)
		if got := ReadElement(b[:], c.d).Int; got != c.want {
			t.Errorf("%v as %s: got %d, want %d", c.v, c.d, got, c.want)
		}
	}
}

// Limits are those of the bits: the largest finite value has a neighbour above
// that is infinite, and 1 a neighbour at 1+Eps.
func TestLimits(t *testing.T) {
	halves := map[Dtype]struct {
		value func(uint16) float32
		bits  func(float32) uint16
		inf   uint16
	}{Float16: {Float16Value, Float16Bits, 0x7c00}, BFloat16: {BFloat16Value, BFloat16Bits, 0x7f80}}
	for d, h := range halves {
		l, ok := d.Limits()
		if !ok || float64(h.value(h.inf-1)) != l.Max || float64(h.value(h.bits(1)+1)) != 1+l.Eps {
			t.Errorf("%s: got %+v", d, l)
		}
	}
	if l, ok := Float32.Limits(); !ok || l.Max != math.MaxFloat32 || 1+l.Eps != float64(math.Nextafter32(1, 2)) {
		t.Errorf("float32: got %+v", l)
	}
	for _, d := range []Dtype{0, 255, Bool, Int32, Complex64} {
		if _, ok := d.Limits(); ok {
			t.Errorf("%s has limits", d)
		}
	}
}
