package numpy

import (
	"math"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// shapedDistributions draw by rejection, from uniform, normal and exponential
// draws in NumPy's order, so that a seed gives what it gives there.
var shapedDistributions = []randomRow{
	rejection("standard_gamma(shape, size=None)", "Draws from a gamma distribution of scale 1.", engine.Float64, notNegative("shape"), func(r *randomState, x []float64) float64 { return r.gamma(x[0]) }),
	rejection("gamma(shape, scale=1.0, size=None)", "Draws from a gamma distribution.", engine.Float64, notNegative("shape", "scale"), func(r *randomState, x []float64) float64 { return x[1] * r.gamma(x[0]) }),
	rejection("beta(a, b, size=None)", "Draws from a beta distribution.", engine.Float64, positive("a", "b"), func(r *randomState, x []float64) float64 { return r.beta(x[0], x[1]) }),
	rejection("chisquare(df, size=None)", "Draws from a chi-square distribution.", engine.Float64, positive("df"), func(r *randomState, x []float64) float64 { return 2 * r.gamma(x[0]/2) }),
	rejection("standard_t(df, size=None)", "Draws from Student's distribution.", engine.Float64, positive("df"), func(r *randomState, x []float64) float64 {
		n := r.src.normal()
		return math.Sqrt(x[0]/2) * n / math.Sqrt(r.gamma(x[0]/2))
	}),
	rejection("poisson(lam=1.0, size=None)", "Draws from a Poisson distribution.", engine.Int64, poissonMean, func(r *randomState, x []float64) float64 {
		if x[0] >= 10 {
			return r.poissonLarge(x[0])
		}
		return r.poissonSmall(x[0])
	}),
	rejection("rayleigh(scale=1.0, size=None)", "Draws from a Rayleigh distribution.", engine.Float64, notNegative("scale"), func(r *randomState, x []float64) float64 {
		return x[0] * math.Sqrt(2*r.src.exponential())
	}),
	rejection("weibull(a, size=None)", "Draws from a Weibull distribution of scale 1.", engine.Float64, notNegative("a"), func(r *randomState, x []float64) float64 {
		if x[0] == 0 {
			return 0
		}
		return math.Pow(r.src.exponential(), 1/x[0])
	}),
}

// domain tells what is wrong with a parameter, by its place; empty if nothing is.
type domain func(i int, x float64) string

func notNegative(names ...string) domain {
	return func(i int, x float64) string {
		if x < 0 || math.IsNaN(x) || math.Signbit(x) {
			return names[i] + " < 0"
		}
		return ""
	}
}

func positive(names ...string) domain {
	return func(i int, x float64) string {
		if x <= 0 || math.IsNaN(x) {
			return names[i] + " <= 0"
		}
		return ""
	}
}

// largestPoisson is the largest mean whose draws surely fit int64.
var largestPoisson = math.MaxInt64 - math.Sqrt(math.MaxInt64)*10

func poissonMean(_ int, x float64) string {
	switch {
	case x < 0 || math.IsNaN(x):
		return "lam < 0 or lam is NaN"
	case x > largestPoisson:
		return "lam value too large"
	}
	return ""
}

// rejection is a row that draws by a procedure from parameters in a domain; one
// that is not given is 1. The last parameter is size.
func rejection(sig, doc string, d engine.Dtype, valid domain, draw func(r *randomState, x []float64) float64) randomRow {
	return randomRow{sig, doc, func(p *np, r *randomState) starlark.Value {
		n := len(p.c.Bound) - 1
		p.grow(n, 32)
		values := make([]starlark.Value, n)
		for i := range values {
			values[i] = p.c.ValueOr(i, starlark.Float(1))
			for _, x := range p.array(values[i], engine.Float64).floats() {
				if wrong := valid(i, x); wrong != "" {
					p.fail(object.ValueError, "%s", wrong)
				}
			}
		}
		return p.drawn(p.c.Arg(n), d, values, func(x []float64) float64 { return draw(r, x) })
	}}
}

// gamma draws from a gamma distribution of scale 1: Marsaglia and Tsang's method
// for shapes above 1, Ahrens and Dieter's below.
func (r *randomState) gamma(shape float64) float64 {
	switch {
	case shape == 1:
		return r.src.exponential()
	case shape == 0:
		return 0
	case shape < 1:
		for {
			u, v := r.src.Float(), r.src.exponential()
			if u <= 1-shape {
				if x := math.Pow(u, 1/shape); x <= v {
					return x
				}
				continue
			}
			y := -math.Log((1 - u) / shape)
			if x := math.Pow(1-shape+shape*y, 1/shape); x <= v+y {
				return x
			}
		}
	}
	b := shape - 1.0/3
	c := 1 / math.Sqrt(9*b)
	for {
		x, v := 0.0, 0.0
		for v <= 0 {
			x = r.src.normal()
			v = 1 + c*x
		}
		v = v * v * v
		u := r.src.Float()
		if u < 1-0.0331*(x*x)*(x*x) || math.Log(u) < 0.5*x*x+b*(1-v+math.Log(v)) {
			return b * v
		}
	}
}

// beta draws from a beta distribution: Jöhnk's method where neither parameter is
// above 1, else by two gamma draws.
func (r *randomState) beta(a, b float64) float64 {
	if a > 1 || b > 1 {
		x := r.gamma(a)
		return x / (x + r.gamma(b))
	}
	for {
		u, v := r.src.Float(), r.src.Float()
		x, y := math.Pow(u, 1/a), math.Pow(v, 1/b)
		switch sum := x + y; {
		case sum > 1 || u+v <= 0:
			continue
		case sum > 0:
			return x / sum
		}
		logX, logY := math.Log(u)/a, math.Log(v)/b
		most := max(logX, logY)
		logX, logY = logX-most, logY-most
		return math.Exp(logX - math.Log(math.Exp(logX)+math.Exp(logY)))
	}
}

// poissonSmall multiplies uniform draws until they fall below exp(-mean).
func (r *randomState) poissonSmall(mean float64) float64 {
	if mean == 0 {
		return 0
	}
	least, product := math.Exp(-mean), 1.0
	for k := 0.0; ; k++ {
		if product *= r.src.Float(); product <= least {
			return k
		}
	}
}

// poissonLarge is Hörmann's transformed rejection with squeeze, PTRS, for means
// of 10 and more.
func (r *randomState) poissonLarge(mean float64) float64 {
	logMean := math.Log(mean)
	b := 0.931 + 2.53*math.Sqrt(mean)
	a := -0.059 + 0.02483*b
	inverseAlpha := 1.1239 + 1.1328/(b-3.4)
	fast := 0.9277 - 3.6224/(b-2)
	for {
		u := r.src.Float() - 0.5
		v := r.src.Float()
		edge := 0.5 - math.Abs(u)
		k := math.Floor((2*a/edge+b)*u + mean + 0.43)
		if edge >= 0.07 && v <= fast {
			return k
		}
		if k < 0 || edge < 0.013 && v > edge {
			continue
		}
		logFactorial, _ := math.Lgamma(k + 1)
		if math.Log(v)+math.Log(inverseAlpha)-math.Log(a/(edge*edge)+b) <= -mean+k*logMean-logFactorial {
			return k
		}
	}
}
