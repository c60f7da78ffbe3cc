package cpu

import (
	"math"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/dtype"
)

// TestConversions covers every pair of dtypes in every layout, with values that
// the target can hold once truncated.
func TestConversions(t *testing.T) {
	e := newEngine(t, Options{})
	for _, from := range dtype.All() {
		for _, to := range dtype.All() {
			for _, l := range layouts {
				testConversion(t, e, from, to, l, []int{5, 130})
			}
			testConversion(t, e, from, to, layouts[0], nil)
			testConversion(t, e, from, to, layouts[0], []int{0, 3})
		}
	}
}

func testConversion(t *testing.T, e *engine.Engine, from, to engine.Dtype, l layout, shape []int) {
	t.Helper()
	x, xe := values(t, e, from, l, shape, 0)
	_, o, err := evaluate(e, func(b *engine.Builder) *engine.Node { return b.AsType(x.Node(), to) })
	if err != nil {
		t.Fatal(err)
	}
	got := elementsOf(o)
	for i := range xe {
		v := number(from, xe[i])
		if to.IsInteger() && (math.IsNaN(real(v)) || math.IsInf(real(v), 0)) {
			continue // what MLX makes of those is in the golden rows
		}
		want := rounded(to, v)
		switch {
		case to == engine.Bool:
			want = engine.Element{Int: answer(v != 0)}
		case from.IsInteger() && to.IsInteger():
			want = engine.Element{Int: cutTo(to, xe[i].Int)}
		case !to.IsComplex():
			want = rounded(to, complex(real(v), 0))
		}
		if !near(to, got[i], want, 0) {
			t.Errorf("%s to %s %s: %v becomes %v, want %v", from, to, l.name, v, number(to, got[i]), number(to, want))
			return
		}
	}
}

// TestFloat8 encodes and decodes every code.
func TestFloat8(t *testing.T) {
	for c := range 256 {
		v := fromE4M3(uint8(c))
		want := uint8(c)
		if c&0x7f == 0x7f { // 480 saturates to 448
			want--
		}
		if got := toE4M3(v); got != want {
			t.Errorf("%#x decodes to %v, which encodes to %#x, want %#x", c, v, got, want)
		}
	}
}
