package cpu

import (
	"math/bits"

	"github.com/mlxstar/mlxstar/cpu/internal/simd"
	"github.com/mlxstar/mlxstar/engine"
)

// The rotations of Threefry2x32 and the constant of its key schedule
// (Salmon et al., SC 2011).
var threefryTurns = [2][4]int{{13, 15, 26, 6}, {17, 29, 16, 24}}

const threefryParity = 0x1bd11bda

// threefry is Threefry2x32 with 20 rounds: five groups of four, each followed
// by an addition of key words.
func threefry(k0, k1, c0, c1 uint32) (uint32, uint32) {
	key := [3]uint32{k0, k1, threefryParity ^ k0 ^ k1}
	x, y := c0+k0, c1+k1
	for group := range uint32(5) {
		for _, r := range threefryTurns[group%2] {
			x += y
			y = bits.RotateLeft32(y, r) ^ x
		}
		x += key[(group+1)%3]
		y += key[(group+2)%3] + group + 1
	}
	return x, y
}

// randomKernel draws random bits, by the processor's kernels if it has any.
type randomKernel struct{ kernels *simd.Kernels }

// bits fills, for each key, its part of the output with words; narrower
// draws cut the words' bytes, low first.
func (r randomKernel) bits(w *workers, t *engine.Task) error {
	keys := dense[uint32](&t.In[0])
	out := &t.Out[0]
	count := len(keys) / 2
	total := out.Len() * out.Dtype.Size()
	if total == 0 || count == 0 {
		return nil
	}
	size := total / count // bytes for each key
	words := (size + 3) / 4
	half, odd := words/2, words%2
	pairs := half + odd
	data := out.Data[out.Offset*out.Dtype.Size():][:total]
	return w.run(t.Ctx, count*pairs, int(heavy), func(_ *tiles, lo, hi int) error {
		for at := lo; at < hi; at++ {
			k, i := at/pairs, at%pairs
			to := data[k*size:][:size]
			if drawn := r.many(to, [2]uint32{keys[2*k], keys[2*k+1]}, i, min(hi-at, half-i), pairs); drawn > 0 {
				at += drawn - 1
				continue
			}
			if i == half {
				x, _ := threefry(keys[2*k], keys[2*k+1], uint32(half), 0)
				putWord(to, half, x)
				continue
			}
			x, y := threefry(keys[2*k], keys[2*k+1], uint32(i), uint32(pairs+i))
			putWord(to, i, x)
			putWord(to, pairs+i, y)
		}
		return nil
	})
}

// many draws up to n pairs of words from the i-th on as far as there is a kernel
// that draws several at once, and gives their number.
func (r randomKernel) many(to []byte, key [2]uint32, i, n, pairs int) int {
	if r.kernels == nil || n <= 0 {
		return 0
	}
	y := to[4*(pairs+i):]
	return r.kernels.Threefry(to[4*i:][:4*n], y[:min(4*n, len(y))], key, uint32(i), uint32(pairs+i))
}

// putWord writes the i-th word of a draw, whose last word may be cut.
func putWord(to []byte, i int, word uint32) {
	to = to[4*i:]
	if len(to) >= 4 {
		to[0], to[1], to[2], to[3] = byte(word), byte(word>>8), byte(word>>16), byte(word>>24)
		return
	}
	for b := range to {
		to[b] = byte(word >> (8 * b))
	}
}

// addRandom enters the generator of random bits.
func (t table) addRandom() {
	for _, d := range []engine.Dtype{engine.Uint8, engine.Uint16, engine.Uint32} {
		t.add(engine.OpRandomBits, engine.Uint32, d, randomKernel{}.bits)
	}
}
