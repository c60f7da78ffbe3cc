package gpu

import (
	"math"
	"math/bits"
	"slices"

	"github.com/mlxstar/mlxstar/engine"
)

const (
	fourierPrime  = 31      // the largest factor of a length that is transformed as it is
	fourierTile   = 2048    // complex numbers that a threadgroup holds, twice in 32 KiB
	fourierLarge  = 4096    // the same where there are 64 KiB
	fourierPass   = 512     // the longest pass of several: a tile has some columns side by side
	fourierChunk  = 1 << 22 // numbers whose passes share scratch
	fourierMost   = 1 << 30 // the longest transform
	fourierStages = 12      // the kernel's room for factors of a pass
)

// fourierPlan is how transforms of a length run: as passes of these lengths, whose
// product is size. That is the length, or with chirp set a power of two: a length
// with a large prime factor becomes a convolution with a chirp (Bluestein, 1970).
type fourierPlan struct {
	length, size int
	chirp        bool
	passes       []int
	tile         int // numbers that a threadgroup holds
}

func planFourier(n, tile int) fourierPlan {
	p := fourierPlan{length: n, size: n, tile: tile}
	primes, ok := smallPrimes(n)
	if !ok {
		p.chirp, p.size = true, 1<<bits.Len(uint(2*n-2))
		primes, _ = smallPrimes(p.size)
	}
	p.passes = []int{p.size}
	for count := 2; p.size > tile && slices.Max(p.passes) > fourierPass; count++ {
		p.passes = shared(primes, count)
	}
	return p
}

// smallPrimes gives the prime factors of n, large ones first, or ok false where one
// is too large.
func smallPrimes(n int) (primes []int, ok bool) {
	for p := 2; p <= fourierPrime; p++ {
		for n%p == 0 {
			primes, n = append(primes, p), n/p
		}
	}
	slices.Reverse(primes)
	return primes, n == 1
}

// shared divides factors, large ones first, among some products of like size.
func shared(factors []int, count int) []int {
	products := slices.Repeat([]int{1}, count)
	for _, f := range factors {
		products[slices.Index(products, slices.Min(products))] *= f
	}
	return products
}

// radices gives the factors by which a pass is transformed: eights and fours, then
// odd primes.
func radices(p int) (out []int) {
	twos := bits.TrailingZeros(uint(p))
	for ; twos >= 3 && twos != 4; twos -= 3 {
		out = append(out, 8)
	}
	for ; twos >= 2; twos -= 2 {
		out = append(out, 4)
	}
	if twos == 1 {
		out = append(out, 2)
	}
	primes, _ := smallPrimes(p >> bits.TrailingZeros(uint(p)))
	return append(out, primes...)
}

// dispatches is how many passes transform a row: twice as many for a convolution.
func (p *fourierPlan) dispatches() int {
	if p.chirp {
		return 2 * len(p.passes)
	}
	return len(p.passes)
}

// rows is how many rows go through the passes together.
func (p *fourierPlan) rows(all int) int {
	if p.dispatches() == 1 {
		return all // there is nothing to leave
	}
	return min(all, max(fourierChunk/p.size, 1))
}

// scratch is the memory of what passes leave to each other, and of the chirp's
// filter.
func (p *fourierPlan) scratch(rows int) []int {
	row := 8 * p.size * p.rows(rows)
	sizes := slices.Repeat([]int{row}, min(p.dispatches()-1, 2))
	if p.chirp {
		sizes = append(sizes, 8*p.size)
	}
	return sizes
}

// fourierTile is how many numbers a threadgroup holds.
func (b *Backend) fourierTile() int {
	if b.cores { // GPUs that have these have the memory
		return fourierLarge
	}
	return fourierTile
}

func fourierScratch(b *Backend, t *engine.Task) int {
	if t.Out[0].Len() == 0 {
		return 0
	}
	p := planFourier(t.Attrs.(engine.FourierAttrs).N, b.fourierTile())
	return scratchSize(p.scratch(t.Out[0].Len() / t.Out[0].Shape[len(t.Out[0].Shape)-1])...)
}

// roots is the Roots of the kernels: powers of a root of unity in two tables.
type roots struct{ low, high, shift, _ uint32 }

// fourierTable holds the roots of unity that a plan's kernels read, computed in
// float64: those of each pass, and in pairs of tables those of the whole and of
// twice the chirp's length.
type fourierTable struct {
	numbers      [][2]float32
	passes       []uint32 // where those of each pass begin
	whole, chirp roots
}

func newFourierTable(p *fourierPlan, sign float64) *fourierTable {
	t := new(fourierTable)
	for _, length := range p.passes {
		t.passes = append(t.passes, t.powers(length, 1, length, sign))
	}
	t.whole = t.pair(p.size, sign)
	if p.chirp {
		t.chirp = t.pair(2*p.length, sign)
	}
	return t
}

// powers adds the count first powers of exp(2 pi i sign step / n), and tells where
// they begin.
func (t *fourierTable) powers(n, step, count int, sign float64) uint32 {
	at := len(t.numbers)
	for k := range count {
		s, c := math.Sincos(2 * math.Pi * float64(k) * float64(step) / float64(n))
		t.numbers = append(t.numbers, [2]float32{float32(c), float32(sign * s)})
	}
	return uint32(at)
}

func (t *fourierTable) pair(n int, sign float64) roots {
	shift := bits.Len(uint(n)) / 2
	low := t.powers(n, 1, 1<<shift, sign)
	return roots{low: low, high: t.powers(n, 1<<shift, n>>shift+1, sign), shift: uint32(shift)}
}
