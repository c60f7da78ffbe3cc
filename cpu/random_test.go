package cpu

import (
	"math"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
)

// TestRandom holds draws against numbers that MLX drew from the same keys.
func TestRandom(t *testing.T) {
	zero := func(b *engine.Builder) *engine.Node { return b.Scalar(0, engine.Float32) }
	one := func(b *engine.Builder) *engine.Node { return b.Scalar(1, engine.Float32) }
	rows := map[string]struct {
		draw func(b *engine.Builder) *engine.Node
		want []float64
	}{
		"split 1": {func(b *engine.Builder) *engine.Node { return b.Split(b.Key(7), 1) }, []float64{195045567, 4062205631}},
		"split 2": {func(b *engine.Builder) *engine.Node { return b.Split(b.Key(7), 2) }, []float64{966301609, 989289821, 1948237315, 1058547403}},
		"split 5": {func(b *engine.Builder) *engine.Node { return b.Split(b.Key(7), 5) },
			[]float64{3583082021, 1059767885, 1158596951, 3570483602, 902484696, 1947592014, 964771841, 2936027381, 2956069637, 3584898772}},
		"uniform": {func(b *engine.Builder) *engine.Node {
			return b.Uniform(zero(b), one(b), []int{5}, engine.Float32, b.Key(42))
		},
			[]float64{0.7298188805580139, 0.8691938519477844, 0.1964380443096161, 0.20818570256233215, 0.18662425875663757}},
		"normal": {func(b *engine.Builder) *engine.Node { return b.Normal([]int{5}, engine.Float32, nil, nil, b.Key(42)) },
			[]float64{0.612265408039093, 1.1225886344909668, -0.8544130325317383, -0.8127323985099792, -0.8904047012329102}},
		"normal half": {func(b *engine.Builder) *engine.Node { return b.Normal([]int{3}, engine.Float16, nil, nil, b.Key(42)) },
			[]float64{0.1868896484375, -1.28125, -1.55859375}},
		"normal brain": {func(b *engine.Builder) *engine.Node { return b.Normal([]int{3}, engine.BFloat16, nil, nil, b.Key(42)) },
			[]float64{0.1865234375, -1.28125, -1.5546875}},
		"permutation": {func(b *engine.Builder) *engine.Node { return b.Permutation(8, b.Key(9)) }, []float64{2, 1, 3, 5, 0, 6, 7, 4}},
		"randint": {func(b *engine.Builder) *engine.Node {
			return b.RandInt(b.Scalar(0, engine.Int32), b.Scalar(100, engine.Int32), []int{8}, engine.Int32, b.Key(9))
		}, []float64{77, 25, 5, 32, 99, 68, 87, 92}},
	}
	e := newEngine(t, Options{})
	for name, r := range rows {
		n, o, err := evaluate(e, r.draw)
		if err != nil {
			t.Fatal(err)
		}
		got := elementsOf(o)
		if len(got) != len(r.want) {
			t.Errorf("%s: %d numbers, want %d", name, len(got), len(r.want))
			continue
		}
		for i := range got {
			if v := real(number(n.Dtype(), got[i])); v != r.want[i] {
				t.Errorf("%s: number %d is %v, want %v", name, i, v, r.want[i])
			}
		}
	}
}

// TestNarrowBits: narrower draws are the bytes of the words of a wider one.
func TestNarrowBits(t *testing.T) {
	e := newEngine(t, Options{})
	for _, n := range []int{1, 3, 4, 7, 10} {
		var wide []byte
		for _, width := range []int{4, 2, 1} {
			_, o, err := evaluate(e, func(b *engine.Builder) *engine.Node { return b.Bits([]int{n * 4 / width}, width, b.Key(3)) })
			if err != nil {
				t.Fatal(err)
			}
			bytes := o.Data[:4*n]
			if width == 4 {
				wide = append(wide, bytes...)
			} else if string(bytes) != string(wide) {
				t.Errorf("%d bytes in draws of %d: %x, want %x", 4*n, width, bytes, wide)
			}
		}
	}
}

// TestErfinv holds the single-precision polynomials against float64.
func TestErfinv(t *testing.T) {
	for i := -1 << 20; i <= 1<<20; i++ {
		x := float32(i) / (1 << 20)
		got, want := float64(erfinv32(x)), math.Erfinv(float64(x))
		if !nearFloat(engine.Float32, got, want, 3) {
			t.Fatalf("erfinv(%v) is %v, want %v", x, got, want)
		}
	}
}
