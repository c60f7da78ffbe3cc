package simd

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestKeys(t *testing.T) {
	onEach(t, func(t *testing.T, k *Kernels) {
		t.Run("uint32", func(t *testing.T) { testKeys(t, k.Words) })
		t.Run("uint64", func(t *testing.T) { testKeys(t, k.Quads) })
	})
}

func testKeys[K uint32 | uint64](t *testing.T, k Keys[K]) {
	if k.Most == 0 {
		t.Skip("no kernels")
	}
	r := rand.New(rand.NewPCG(1, 9))
	// Some keys are many times there, and the greatest, which fills registers, is among them.
	key := func(kind int) K {
		switch kind % 3 {
		case 0:
			return K(r.Uint64())
		case 1:
			return K(r.IntN(5))
		}
		return ^K(0) - K(r.IntN(3))
	}
	for n := range k.Most + 1 {
		for kind := range 6 {
			src := make([]K, n)
			for i := range src {
				src[i] = key(kind)
			}
			want, in := make([]K, n), slices.Clone(src)
			FewKeys(want, src)
			dst, whole := fence(r, n, K(7))
			if k.Few(dst, src); !slices.Equal(dst, want) || !whole() || !slices.Equal(in, src) {
				t.Fatalf("%d keys: got %v, want %v", n, dst, want)
			}
			if k.Few(in, in); !slices.Equal(in, want) {
				t.Fatalf("%d keys in place: got %v, want %v", n, in, want)
			}
		}
	}
	for _, n := range lengths {
		for kind := range 6 {
			src := make([]K, n)
			for i := range src {
				src[i] = key(kind)
			}
			pivot := key(kind)
			dst, whole := fence(r, n, K(7))
			below := k.Divide(dst, src, pivot)
			if !whole() {
				t.Fatalf("%d keys: wrote beyond the destination", n)
			}
			if want := DivideKeys(make([]K, n), src, pivot); below != want {
				t.Fatalf("%d keys: %d are below the pivot, want %d", n, below, want)
			}
			for i, v := range dst {
				if (v < pivot) != (i < below) {
					t.Fatalf("%d keys: %v at %d is on the wrong side of %v", n, v, i, pivot)
				}
			}
			slices.Sort(dst)
			if slices.Sort(src); !slices.Equal(dst, src) {
				t.Fatalf("%d keys: got %v, want %v", n, dst, src)
			}
		}
	}
}

func FuzzKeys(f *testing.F) {
	f.Add([]byte{3, 1, 2, 255, 255, 255, 255, 0, 0, 0, 0, 9})
	f.Fuzz(func(t *testing.T, data []byte) {
		k := New()
		if k == nil || k.Words.Most == 0 {
			t.Skip("no kernels")
		}
		var src []uint32
		for ; len(data) >= 4; data = data[4:] {
			src = append(src, uint32(data[0])|uint32(data[1])<<8|uint32(data[2])<<16|uint32(data[3])<<24)
		}
		if len(src) <= k.Words.Most {
			got := make([]uint32, len(src))
			if k.Words.Few(got, src); !slices.IsSorted(got) {
				t.Errorf("%v is not in order", got)
			}
		}
		if len(src) > 0 {
			got := make([]uint32, len(src))
			if below := k.Words.Divide(got, src, src[0]); below != DivideKeys(make([]uint32, len(src)), src, src[0]) {
				t.Errorf("%d of %v are below the first", below, src)
			}
		}
	})
}

// TestFloatKeys goes through keys of every kind of float, or of all with -exhaustive.
func TestFloatKeys(t *testing.T) {
	onEach(t, func(t *testing.T, k *Kernels) {
		if k.FloatKeys == nil {
			t.Skip("no kernels")
		}
		step := uint64(65521)
		if *exhaustive {
			step = 1
		}
		const part = 1000
		for at := uint64(0); at < 1<<32; at += part * step {
			x, keys, back := make([]float32, part), make([]uint32, part), make([]float32, part)
			for i := range x {
				x[i] = math.Float32frombits(uint32(at + uint64(i)*step))
			}
			k.FloatKeys(keys, x)
			k.FromFloatKeys(back, keys)
			for i, v := range x {
				want := math.Float32bits(v)
				if want>>31 != 0 {
					want = ^want
				} else {
					want |= 1 << 31
				}
				if v != v {
					want = math.MaxUint32
				}
				if keys[i] != want || !same(back[i], v) {
					t.Fatalf("%x: key %x, want %x; back %g", math.Float32bits(v), keys[i], want, back[i])
				}
			}
		}
	})
}
