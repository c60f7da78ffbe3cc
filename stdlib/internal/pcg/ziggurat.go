package pcg

import (
	"math"
	"math/big"
	"sync"
)

// layers is the number of the ziggurat's layers.
const layers = 256

// ziggurat holds the tables of one density: for layer i, the integer below which
// a draw is inside at once, the width of a draw's unit, and the density at the
// layer's edge. The layers have equal areas: x[i-1] solves
// x[i] * (f(x[i-1]) - f(x[i])) = area.
type ziggurat struct {
	inside      [layers]uint64
	width       [layers]float64
	density     [layers]float64
	inside32    [layers]uint32
	width32     [layers]float32
	density32   [layers]float32
	edge        float64
	edgeInverse float64
}

const tablePrecision = 160

func wide(f float64) *big.Float { return new(big.Float).SetPrec(tablePrecision).SetFloat64(f) }

func blank() *big.Float { return new(big.Float).SetPrec(tablePrecision) }

// exp is e to the x by its series, after halving x until it is small.
func exp(x *big.Float) *big.Float {
	const halvings = 24
	y := blank().SetMantExp(x, -halvings)
	sum, term := wide(1), wide(1)
	for n := 1; n < 20; n++ {
		term = blank().Mul(term, y)
		term.Quo(term, wide(float64(n)))
		sum = blank().Add(sum, term)
	}
	for range halvings {
		sum = blank().Mul(sum, sum)
	}
	return sum
}

// log is the natural logarithm, by Newton's iteration.
func log(x *big.Float) *big.Float {
	f, _ := x.Float64()
	y := wide(math.Log(f))
	for range 3 { // y += 2 (x - e^y) / (x + e^y), cubic
		e := exp(y)
		d := blank().Quo(blank().Sub(x, e), blank().Add(x, e))
		y = blank().Add(y, d.Mul(d, wide(2)))
	}
	return y
}

// build makes the tables of a density f with its inverse, for draws of the given
// bits.
func build(edge string, area func(r *big.Float) *big.Float, f, inverse func(x *big.Float) *big.Float, drawBits, drawBits32 int) *ziggurat {
	r, _ := blank().SetString(edge)
	v := area(r)
	x := make([]*big.Float, layers+1)
	x[layers-1] = r
	for i := layers - 2; i >= 1; i-- {
		y := blank().Add(blank().Quo(v, x[i+1]), f(x[i+1]))
		x[i] = inverse(y)
	}
	z := &ziggurat{}
	z.edge, _ = r.Float64()
	z.edgeInverse, _ = blank().Quo(wide(1), r).Float64()
	base := blank().Quo(v, f(r)) // the lowest layer's width with its tail
	set := func(i int, width *big.Float, ratio *big.Float, density *big.Float) {
		z.width[i], _ = blank().SetMantExp(width, -drawBits).Float64()
		z.inside[i], _ = blank().SetMantExp(ratio, drawBits).Uint64()
		z.density[i], _ = density.Float64()
		w, _ := blank().SetMantExp(width, -drawBits32).Float32()
		z.width32[i] = w
		n, _ := blank().SetMantExp(ratio, drawBits32).Uint64()
		z.inside32[i] = uint32(n)
		d, _ := density.Float32()
		z.density32[i] = d
	}
	set(0, base, blank().Quo(r, base), wide(1))
	set(1, x[1], blank(), f(x[1]))
	for i := 2; i < layers; i++ {
		set(i, x[i], blank().Quo(x[i-1], x[i]), f(x[i]))
	}
	return z
}

// NumPy's table of the normal distribution was worked out in float64, layer by
// layer from the edge, so that its last digits hang on the rounding of each step.
// It comes out alike from correctly rounded logarithms and exponentials, with this
// area and with the density at one layer rounded up instead of down.
const (
	normalEdge      = 3.6541528853610087963519472518
	normalArea      = 0x1.43016a5a4372ep-8
	roundedUpwardAt = 38
)

var normalTables = sync.OnceValue(func() *ziggurat {
	rounded := func(f func(x *big.Float) *big.Float, x float64) float64 {
		y, _ := f(wide(x)).Float64()
		return y
	}
	z := &ziggurat{edge: normalEdge, edgeInverse: 1 / normalEdge}
	set := func(i int, width, ratio, density float64) {
		const unit, unit32 = 1 << 52, 1 << 23
		z.width[i], z.inside[i], z.density[i] = width/unit, uint64(ratio*unit), density
		z.width32[i], z.inside32[i], z.density32[i] = float32(width/unit32), uint32(ratio*unit32), float32(density)
	}
	x := float64(normalEdge)
	density := rounded(exp, -0.5*x*x)
	base := normalArea / density
	set(0, base, x/base, 1)
	for i := layers - 1; i > 0; i-- {
		next := 0.0
		if i > 1 {
			next = math.Sqrt(-2 * rounded(log, normalArea/x+density))
		}
		set(i, x, next/x, density)
		x = next
		density = rounded(exp, -0.5*x*x)
		if i-1 == roundedUpwardAt {
			density = math.Nextafter(density, 1)
		}
	}
	return z
})

var exponentialTables = sync.OnceValue(func() *ziggurat {
	density := func(x *big.Float) *big.Float { return exp(blank().Neg(x)) }
	return build("7.69711747013104971404462804811408952334296818528283253278834867283241051210533", func(r *big.Float) *big.Float {
		return blank().Mul(blank().Add(r, wide(1)), density(r))
	}, density, func(y *big.Float) *big.Float { return blank().Neg(log(y)) }, 53, 23)
})

// Normal is a draw of the standard normal distribution.
func (g *Generator) Normal() float64 {
	z := normalTables()
	for {
		w := g.Uint64()
		layer := w & (layers - 1)
		w >>= 8
		draw := w >> 1 & (1<<52 - 1)
		x := float64(draw) * z.width[layer]
		if w&1 == 1 {
			x = -x
		}
		switch {
		case draw < z.inside[layer]:
			return x
		case layer == 0:
			for {
				far := -z.edgeInverse * math.Log1p(-g.Float64())
				y := -math.Log1p(-g.Float64())
				if y+y > far*far {
					if draw>>8&1 == 1 {
						return -(z.edge + far)
					}
					return z.edge + far
				}
			}
		case (z.density[layer-1]-z.density[layer])*g.Float64()+z.density[layer] < math.Exp(-0.5*x*x):
			return x
		}
	}
}

// Normal32 is a draw of the standard normal distribution in float32, of half the
// bits.
func (g *Generator) Normal32() float32 {
	z := normalTables()
	for {
		w := g.Uint32()
		layer := w & (layers - 1)
		draw := w >> 9 & (1<<23 - 1)
		x := float32(draw) * z.width32[layer]
		if w>>8&1 == 1 {
			x = -x
		}
		switch {
		case draw < z.inside32[layer]:
			return x
		case layer == 0:
			for {
				far := -float32(z.edgeInverse) * float32(math.Log1p(-float64(g.Float32())))
				y := -float32(math.Log1p(-float64(g.Float32())))
				if y+y > far*far {
					if draw>>8&1 == 1 {
						return -(float32(z.edge) + far)
					}
					return float32(z.edge) + far
				}
			}
		case float64((z.density32[layer-1]-z.density32[layer])*g.Float32()+z.density32[layer]) < math.Exp(-0.5*float64(x)*float64(x)):
			return x
		}
	}
}

// Exponential is a draw of the exponential distribution of mean 1.
func (g *Generator) Exponential() float64 {
	z := exponentialTables()
	for {
		w := g.Uint64() >> 3
		layer := w & (layers - 1)
		w >>= 8
		x := float64(w) * z.width[layer]
		switch {
		case w < z.inside[layer]:
			return x
		case layer == 0:
			return z.edge - math.Log1p(-g.Float64())
		case (z.density[layer-1]-z.density[layer])*g.Float64()+z.density[layer] < math.Exp(-x):
			return x
		}
	}
}
