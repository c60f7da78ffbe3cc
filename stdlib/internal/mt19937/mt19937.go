// Package mt19937 is the Mersenne Twister with CPython's ways of seeding it and of
// taking numbers from it, which NumPy's RandomState shares: a seed gives the
// numbers it gives there.
package mt19937

import (
	"encoding/binary"
	"math/big"
	"math/bits"
)

// Words is how many words the state has; the others are the constants of the
// generator and of its seeding.
const (
	Words     = 624
	shift     = 397
	upper     = 0x80000000
	lower     = 0x7fffffff
	matrix    = 0x9908b0df
	seedBase  = 19650218
	initial   = 1812433253
	keyFirst  = 1664525
	keySecond = 1566083941
)

// Generator is the state of a generator: its words, and which of them is next.
type Generator struct {
	State [Words]uint32
	At    int
}

// SeedWord seeds with 32 bits.
func (t *Generator) SeedWord(s uint32) {
	t.State[0] = s
	for i := 1; i < Words; i++ {
		prev := t.State[i-1]
		t.State[i] = initial*(prev^prev>>30) + uint32(i)
	}
	t.At = Words
}

// SeedKey seeds with a key of any length.
func (t *Generator) SeedKey(key []uint32) {
	t.SeedWord(seedBase)
	i, j := 1, 0
	next := func() {
		if i++; i >= Words {
			t.State[0] = t.State[Words-1]
			i = 1
		}
	}
	for range max(Words, len(key)) {
		prev := t.State[i-1]
		t.State[i] = (t.State[i] ^ (prev^prev>>30)*keyFirst) + key[j] + uint32(j)
		next()
		j = (j + 1) % len(key)
	}
	for range Words - 1 {
		prev := t.State[i-1]
		t.State[i] = (t.State[i] ^ (prev^prev>>30)*keySecond) - uint32(i)
		next()
	}
	t.State[0] = upper
}

// SeedInt seeds with the magnitude of an integer, 32 bits a word, lowest first.
func (t *Generator) SeedInt(n *big.Int) {
	b := new(big.Int).Abs(n).Bytes()
	for len(b)%4 != 0 || len(b) == 0 {
		b = append([]byte{0}, b...)
	}
	var key []uint32
	for i := len(b) - 4; i >= 0; i -= 4 {
		key = append(key, binary.BigEndian.Uint32(b[i:]))
	}
	t.SeedKey(key)
}

func (t *Generator) refill() {
	for i := range Words {
		y := t.State[i]&upper | t.State[(i+1)%Words]&lower
		v := t.State[(i+shift)%Words] ^ y>>1
		if y&1 == 1 {
			v ^= matrix
		}
		t.State[i] = v
	}
	t.At = 0
}

// Uint32 is 32 random bits.
func (t *Generator) Uint32() uint32 {
	if t.At >= Words {
		t.refill()
	}
	y := t.State[t.At]
	t.At++
	y ^= y >> 11
	y ^= y << 7 & 0x9d2c5680
	y ^= y << 15 & 0xefc60000
	return y ^ y>>18
}

// Float is uniform in [0, 1), with 53 bits.
func (t *Generator) Float() float64 {
	a, b := t.Uint32()>>5, t.Uint32()>>6
	return (float64(a)*(1<<26) + float64(b)) / (1 << 53)
}

// Below32 is Below for an n of at most 32 bits, and not 0.
func (t *Generator) Below32(n uint32) uint32 {
	k := bits.Len32(n)
	for {
		if r := t.Uint32() >> (32 - k); r < n {
			return r
		}
	}
}

// Bits is an integer of k random bits.
func (t *Generator) Bits(k int) *big.Int {
	if k <= 32 {
		return new(big.Int).SetUint64(uint64(t.Uint32() >> (32 - k)))
	}
	words := make([]byte, (k+31)/32*4)
	for i := len(words) - 4; i >= 0; i -= 4 {
		w := t.Uint32()
		if k < 32 {
			w >>= 32 - k
		}
		k -= 32
		binary.BigEndian.PutUint32(words[i:], w)
	}
	return new(big.Int).SetBytes(words)
}

// Below is uniform in [0, n).
func (t *Generator) Below(n *big.Int) *big.Int {
	k := n.BitLen()
	if k <= 32 {
		return new(big.Int).SetUint64(uint64(t.Below32(uint32(n.Uint64()))))
	}
	for {
		if r := t.Bits(k); r.Cmp(n) < 0 {
			return r
		}
	}
}
