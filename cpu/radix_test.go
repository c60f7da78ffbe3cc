package cpu

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/mlxstar/mlxstar/cpu/internal/simd"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/dtype"
)

// testRadix holds digit by digit against element by element, of values that lie
// apart and go to places that do.
func testRadix[T comparable](t *testing.T, name string, s sorter[T], draw func(r *rand.Rand) T) {
	t.Helper()
	r := rand.New(rand.NewPCG(41, 42))
	w := newWorkers(2)
	defer w.close()
	for _, n := range []int{1, 2, 191, 192, 3000, quickShared + 9} {
		for _, step := range []int{1, 3} {
			data, out := make([]T, n*step+2), make([]T, n*step+1)
			want := make([]T, n)
			for i := range n {
				want[i] = draw(r)
				data[2+i*step] = want[i]
			}
			slices.SortStableFunc(want, s.compare)
			room := make([]byte, 2*max(sizeOf[T](), 4)*n)
			if err := s.radix.order(context.Background(), w, room, -1, data, 2, step, out, 1, step); err != nil {
				t.Fatal(err)
			}
			for i, v := range want {
				if got := out[1+i*step]; s.compare(got, v) != 0 {
					t.Fatalf("%s, %d elements: element %d is %v, want %v", name, n, i, got, v)
				}
			}
			for _, kth := range []int{0, 1, n / 3, n / 2, n - 1} {
				if kth = min(kth, n-1); s.radix.order(context.Background(), w, room, kth, data, 2, step, out, 1, step) != nil {
					t.Fatal("a selection failed")
				}
				selected(t, name, s, want, out[1:], step, kth)
			}
		}
	}
}

// selected holds a row that was divided at its k-th element against the ordered one.
func selected[T comparable](t *testing.T, name string, s sorter[T], want, out []T, step, kth int) {
	t.Helper()
	got := make([]T, len(want))
	for i := range got {
		got[i] = out[i*step]
		if i < kth && s.compare(got[i], want[kth]) > 0 || i > kth && s.compare(got[i], want[kth]) < 0 || i == kth && s.compare(got[i], want[kth]) != 0 {
			t.Fatalf("%s, %d elements: %v at %d is on the wrong side of the %d-th, %v", name, len(want), got[i], i, kth, want[kth])
		}
	}
	if kth <= selectOrdered && !slices.IsSortedFunc(got[:kth], s.compare) || len(got)-kth <= selectOrdered && !slices.IsSortedFunc(got[kth:], s.compare) {
		t.Fatalf("%s, %d elements: few beside the %d-th are not in order", name, len(want), kth)
	}
	slices.SortFunc(got, s.compare)
	for i := range got {
		if s.compare(got[i], want[i]) != 0 {
			t.Fatalf("%s, %d elements: a selection of the %d-th lost %v", name, len(want), kth, want[i])
		}
	}
}

// TestRadix orders by the processor's kernels where it has some, and by digits.
func TestRadix(t *testing.T) {
	kernels := map[string]*simd.Kernels{"digits": {}}
	if k := simd.New(); k != nil && k.Words.Most > 0 {
		kernels["kernels"] = k
	}
	for name, k := range kernels {
		t.Run(name, func(t *testing.T) { testRadixes(t, k) })
	}
}

func testRadixes(t *testing.T, k *simd.Kernels) {
	testRadix(t, "uint8", unsignedSorter[uint8]().by(unsignedKeys[uint8](1, &k.Words)), func(r *rand.Rand) uint8 { return uint8(r.Uint32()) })
	testRadix(t, "uint16", unsignedSorter[uint16]().by(unsignedKeys[uint16](2, &k.Words)), func(r *rand.Rand) uint16 { return uint16(r.Uint32()) })
	testRadix(t, "uint32", unsignedSorter[uint32]().by(unsignedKeys[uint32](4, &k.Words)), (*rand.Rand).Uint32)
	testRadix(t, "few of uint32", unsignedSorter[uint32]().by(unsignedKeys[uint32](4, &k.Words)), func(r *rand.Rand) uint32 { return math.MaxUint32 - uint32(r.IntN(3)) })
	testRadix(t, "int8", signedSorter[int8]().by(signedKeys[int8](1, &k.Words)), func(r *rand.Rand) int8 { return int8(r.Uint32()) })
	testRadix(t, "int16", signedSorter[int16]().by(signedKeys[int16](2, &k.Words)), func(r *rand.Rand) int16 { return int16(r.Uint32()) })
	testRadix(t, "int32", signedSorter[int32]().by(signedKeys[int32](4, &k.Words)), func(r *rand.Rand) int32 { return int32(r.Uint32()) >> r.IntN(32) })
	testRadix(t, "float16", halfSorter[half](dtype.Float16Value, dtype.Float16Bits, &k.Words), func(r *rand.Rand) half { return half(r.Uint32()) })
	testRadix(t, "bfloat16", halfSorter[brain](dtype.BFloat16Value, dtype.BFloat16Bits, &k.Words), func(r *rand.Rand) brain { return brain(r.Uint32()) })
	testRadix(t, "float32", floatSorter[float32]().by(singleKeys(k)), func(r *rand.Rand) float32 {
		if r.IntN(4) == 0 {
			return math.Float32frombits(r.Uint32())
		}
		return float32(r.IntN(5) - 2)
	})
	testRadix(t, "int64", signedSorter[int64]().by(longKeys[int64](math.MinInt64, &k.Quads)), func(r *rand.Rand) int64 { return int64(r.Uint64()) >> r.IntN(64) })
	testRadix(t, "uint64", unsignedSorter[uint64]().by(longKeys[uint64](0, &k.Quads)), func(r *rand.Rand) uint64 { return r.Uint64() >> r.IntN(64) })
	testRadix(t, "float64", floatSorter[float64]().by(doubleKeys(&k.Quads)), func(r *rand.Rand) float64 {
		if r.IntN(4) == 0 {
			return math.Float64frombits(r.Uint64())
		}
		return float64(r.IntN(5) - 2)
	})
}

// TestQuickPatterns orders keys whose samples say little about them.
func TestQuickPatterns(t *testing.T) {
	k := simd.New()
	if k == nil || k.Words.Most == 0 {
		t.Skip("this processor has no kernels for keys")
	}
	w := newWorkers(1)
	defer w.close()
	const n = 40000
	for name, key := range map[string]func(i int) uint32{
		"ascending": func(i int) uint32 { return uint32(i) }, "descending": func(i int) uint32 { return uint32(n - i) },
		"pipe": func(i int) uint32 { return uint32(min(i, n-i)) }, "one": func(int) uint32 { return 7 },
		"greatest": func(int) uint32 { return math.MaxUint32 }, "two": func(i int) uint32 { return uint32(i / (n / 2)) },
		// Where samples are taken lie the least keys, again and again.
		"samples least": func(i int) uint32 {
			if i%(n/quickSamples) == n/quickSamples/2 {
				return uint32(i)
			}
			return uint32(n + i*7919%n)
		},
		"powers": func(i int) uint32 { return 1 << (i % 32) },
	} {
		x := make([]uint32, n)
		for i := range x {
			x[i] = key(i)
		}
		want := slices.Clone(x)
		slices.Sort(want)
		q := newQuick(context.Background(), w, &k.Words)
		if err := q.order(x, make([]uint32, n), x); err != nil || !slices.Equal(x, want) {
			t.Errorf("%s: not in order (%v)", name, err)
		}
		for i := range x {
			x[i] = key(i)
		}
		if err := q.byDigits(x, make([]uint32, n), x); err != nil || !slices.Equal(x, want) {
			t.Errorf("%s, by digits: not in order (%v)", name, err)
		}
	}
}

// TestRadixZeros: -0 comes before 0.
func TestRadixZeros(t *testing.T) {
	kernels := []*simd.Kernels{{}}
	if k := simd.New(); k != nil {
		kernels = append(kernels, k)
	}
	for _, k := range kernels {
		x := []float32{0, float32(math.Copysign(0, -1)), 0, float32(math.Copysign(0, -1)), float32(math.NaN()), -1}
		if err := singleKeys(k).order(context.Background(), nil, make([]byte, 8*len(x)), -1, slices.Clone(x), 0, 1, x, 0, 1); err != nil {
			t.Fatal(err)
		}
		if !math.Signbit(float64(x[1])) || !math.Signbit(float64(x[2])) || math.Signbit(float64(x[3])) || x[5] == x[5] || x[0] != -1 {
			t.Errorf("got %v", x)
		}
	}
}

func BenchmarkSortRows(b *testing.B) {
	benchmark(b, 0, normal(256, 4096), func(b *engine.Builder, in []*engine.Node) *engine.Node { return b.Sort(in[0], 1) })
}

func BenchmarkCumSumRows(b *testing.B) {
	benchmark(b, 0, normal(256, 4096), func(b *engine.Builder, in []*engine.Node) *engine.Node {
		return b.Scan(engine.OpCumSum, in[0], 1, false, true)
	})
}
