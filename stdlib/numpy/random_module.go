package numpy

import (
	"math"
	"math/big"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/object/number"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/stdlib/internal/mt19937"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// randomRow is a method of a generator, and of np.random for the global one.
type randomRow = method[*randomState]

// distribution is a row that draws by a formula from parameters with defaults.
func distribution(name, params, doc string, n int, defaults []float64, draw func(r *randomState, x []float64) float64) randomRow {
	sig := name + "(" + params + "size=None)"
	return randomRow{sig, doc, func(p *np, r *randomState) starlark.Value {
		p.grow(n, 32)
		values := make([]starlark.Value, n)
		for i := range values {
			values[i] = p.c.Arg(i)
			if values[i] == nil {
				values[i] = starlark.Float(defaults[i])
			}
		}
		return p.drawn(p.c.Arg(n), engine.Float64, values, func(x []float64) float64 { return draw(r, x) })
	}}
}

// commonRows are what RandomState and Generator share.
var commonRows = []randomRow{
	distribution("uniform", "low=0.0, high=1.0, ", "Draws from a uniform distribution.", 2, []float64{0, 1}, func(r *randomState, x []float64) float64 {
		return x[0] + (x[1]-x[0])*r.src.Float()
	}),
	distribution("normal", "loc=0.0, scale=1.0, ", "Draws from a normal distribution.", 2, []float64{0, 1}, func(r *randomState, x []float64) float64 {
		return x[0] + x[1]*r.src.normal()
	}),
	distribution("lognormal", "mean=0.0, sigma=1.0, ", "Draws from a log-normal distribution.", 2, []float64{0, 1}, func(r *randomState, x []float64) float64 {
		return math.Exp(x[0] + x[1]*r.src.normal())
	}),
	distribution("exponential", "scale=1.0, ", "Draws from an exponential distribution.", 1, []float64{1}, func(r *randomState, x []float64) float64 {
		return x[0] * r.src.exponential()
	}),
	distribution("laplace", "loc=0.0, scale=1.0, ", "Draws from a Laplace distribution.", 2, []float64{0, 1}, func(r *randomState, x []float64) float64 {
		for {
			u := r.src.Float()
			if u >= 0.5 {
				return x[0] - x[1]*math.Log(2-u-u)
			}
			if u > 0 {
				return x[0] + x[1]*math.Log(u+u)
			}
		}
	}),
	distribution("gumbel", "loc=0.0, scale=1.0, ", "Draws from a Gumbel distribution.", 2, []float64{0, 1}, func(r *randomState, x []float64) float64 {
		for {
			if u := 1 - r.src.Float(); u < 1 {
				return x[0] - x[1]*math.Log(-math.Log(u))
			}
		}
	}),
	distribution("logistic", "loc=0.0, scale=1.0, ", "Draws from a logistic distribution.", 2, []float64{0, 1}, func(r *randomState, x []float64) float64 {
		for {
			if u := r.src.Float(); u > 0 {
				return x[0] + x[1]*math.Log(u/(1-u))
			}
		}
	}),
	{"bytes(length)", "Random bytes.", func(p *np, r *randomState) starlark.Value {
		n := p.c.Int(0)
		p.check(p.c.Err)
		p.grow(n, 32)
		out := make([]byte, 0, n+4)
		for len(out) < n {
			p.look(len(out) / 4)
			w := r.src.Uint32()
			out = append(out, byte(w), byte(w>>8), byte(w>>16), byte(w>>24))
		}
		return starlark.Bytes(out[:n])
	}},
}

func (p *np) randomFloats(r *randomState, size starlark.Value) starlark.Value {
	return p.drawn(size, engine.Float64, nil, func([]float64) float64 { return r.src.Float() })
}

// restSize is a size given as separate integers.
func (p *np) restSize() starlark.Value {
	if len(p.c.Rest) == 0 {
		return nil
	}
	return p.c.Rest
}

// legacyRows are RandomState's own.
var legacyRows = []randomRow{
	{"seed(seed=None)", "Seed the generator.", func(p *np, r *randomState) starlark.Value { p.reseed(r, p.c.Arg(0)); return nil }},
	{"rand(*args)", "Draws from [0, 1), of the given lengths.", func(p *np, r *randomState) starlark.Value { return p.randomFloats(r, p.restSize()) }},
	{"randn(*args)", "Draws from the standard normal distribution, of the given lengths.", func(p *np, r *randomState) starlark.Value {
		return p.drawn(p.restSize(), engine.Float64, nil, func([]float64) float64 { return r.src.normal() })
	}},
	{"random(size=None)", "Draws from [0, 1).", func(p *np, r *randomState) starlark.Value { return p.randomFloats(r, p.c.Arg(0)) }},
	{"random_sample(size=None)", "Draws from [0, 1).", func(p *np, r *randomState) starlark.Value { return p.randomFloats(r, p.c.Arg(0)) }},
	{"ranf(size=None)", "Draws from [0, 1).", func(p *np, r *randomState) starlark.Value { return p.randomFloats(r, p.c.Arg(0)) }},
	{"sample(size=None)", "Draws from [0, 1).", func(p *np, r *randomState) starlark.Value { return p.randomFloats(r, p.c.Arg(0)) }},
	{"standard_normal(size=None)", "Draws from the standard normal distribution.", func(p *np, r *randomState) starlark.Value {
		return p.drawn(p.c.Arg(0), engine.Float64, nil, func([]float64) float64 { return r.src.normal() })
	}},
	{"standard_exponential(size=None)", "Draws from the exponential distribution.", func(p *np, r *randomState) starlark.Value {
		return p.drawn(p.c.Arg(0), engine.Float64, nil, func([]float64) float64 { return r.src.exponential() })
	}},
	{"randint(low, high=None, size=None, dtype=int)", "Integers from low (inclusive) to high (exclusive).", func(p *np, r *randomState) starlark.Value {
		low, high := p.bounds(0, 1, false)
		d, given := engine.Int64, p.c.Given(3)
		if given {
			d = p.dtype(p.c.Arg(3)).d
		}
		return p.integers(r, low, high, p.c.Arg(2), d, !given)
	}},
	{"choice(a, size=None, replace=True, p=None)", "Draws from an array.", func(p *np, r *randomState) starlark.Value {
		return p.choice(r, p.c.Arg(0), p.c.Arg(1), p.c.BoolOr(2, true), p.c.Arg(3), 0, true)
	}},
	{"shuffle(x)", "Permute an array or a list in place, along its first axis.", func(p *np, r *randomState) starlark.Value { p.shuffle(r, p.c.Arg(0), 0); return nil }},
	{"permutation(x)", "A permuted copy, or a permuted range.", func(p *np, r *randomState) starlark.Value { return p.permutation(r, p.c.Arg(0), 0) }},
	{"get_state(legacy=True)", "The state, as a tuple.", func(p *np, r *randomState) starlark.Value {
		t := r.twister
		keys := p.zeros(engine.Uint32, []int{mt19937.Words})
		for i, w := range t.State {
			p.putInt(keys.store.data[i*4:][:4], int64(w), engine.Uint32)
		}
		spare, has := starlark.Float(0), 0
		if t.hasSpare {
			spare, has = starlark.Float(t.spare), 1
		}
		return starlark.Tuple{starlark.String("MT19937"), keys, starlark.MakeInt(t.At), starlark.MakeInt(has), spare}
	}},
	{"set_state(state)", "Restore a state.", func(p *np, r *randomState) starlark.Value {
		s, ok := p.c.Arg(0).(starlark.Tuple)
		if !ok || len(s) != 5 || s[0] != starlark.String("MT19937") {
			p.fail(object.ValueError, "set_state can only be used with legacy MT19937 state instances.")
		}
		keys := p.array(s[1], engine.Uint32).ints()
		at, err := object.AsIndex(p.thread, s[2])
		p.check(err)
		if len(keys) != mt19937.Words || at < 0 || at > mt19937.Words {
			p.fail(object.ValueError, "state must have %d keys and a position within them", mt19937.Words)
		}
		for i, k := range keys {
			r.twister.State[i] = uint32(k)
		}
		r.twister.At = at
		r.twister.hasSpare = bool(s[3].Truth())
		f, err := native.AsFloat(p.thread, s[4])
		p.check(err)
		r.twister.spare = f
		return nil
	}},
}

// bounds reads low and high as the least and the most integer.
func (p *np) bounds(i, j int, endpoint bool) (low, high *big.Int) {
	whole := func(k int) *big.Int {
		v := p.c.Arg(k)
		if f, ok := v.(starlark.Float); ok {
			n, err := number.Truncate(float64(f))
			p.check(err)
			v = n
		}
		if a, ok := v.(*ndarray); ok && a.size() != 1 {
			p.fail(object.NotImplementedError, "numpy.random: arrays of bounds for integers are not provided here")
		}
		n, err := object.Index(p.thread, v)
		p.check(err)
		return n.BigInt()
	}
	if p.c.Given(j) {
		low, high = whole(i), whole(j)
	} else {
		low, high = new(big.Int), whole(i)
	}
	if !endpoint {
		high = new(big.Int).Sub(high, big.NewInt(1))
	}
	return low, high
}

// floatDtype reads a parameter that is float32 or float64.
func (p *np) floatDtype(i int) engine.Dtype {
	d, ok := p.dtypeArg(i)
	switch {
	case !ok:
		return engine.Float64
	case d != engine.Float32 && d != engine.Float64:
		p.fail(object.TypeError, "Unsupported dtype dtype('%s') for random", d)
	}
	return d
}

// generatorRows are Generator's own.
var generatorRows = []randomRow{
	{"random(size=None, dtype=float, out=None)", "Draws from [0, 1).", func(p *np, r *randomState) starlark.Value {
		if d := p.floatDtype(1); d == engine.Float32 {
			return p.drawn(p.c.Arg(0), d, nil, func([]float64) float64 { return float64(r.gen.Float32()) })
		}
		return p.randomFloats(r, p.c.Arg(0))
	}},
	{"standard_normal(size=None, dtype=float, out=None)", "Draws from the standard normal distribution.", func(p *np, r *randomState) starlark.Value {
		if d := p.floatDtype(1); d == engine.Float32 {
			return p.drawn(p.c.Arg(0), d, nil, func([]float64) float64 { return float64(r.gen.Normal32()) })
		}
		return p.drawn(p.c.Arg(0), engine.Float64, nil, func([]float64) float64 { return r.src.normal() })
	}},
	{"standard_exponential(size=None)", "Draws from the exponential distribution.", func(p *np, r *randomState) starlark.Value {
		return p.drawn(p.c.Arg(0), engine.Float64, nil, func([]float64) float64 { return r.src.exponential() })
	}},
	{"integers(low, high=None, size=None, dtype=int, endpoint=False)", "Integers from low to high.", func(p *np, r *randomState) starlark.Value {
		low, high := p.bounds(0, 1, p.c.BoolOr(4, false))
		d := engine.Int64
		if p.c.Given(3) {
			d = p.dtype(p.c.Arg(3)).d
		}
		return p.integers(r, low, high, p.c.Arg(2), d, false)
	}},
	{"choice(a, size=None, replace=True, p=None, axis=0, shuffle=True)", "Draws from an array.", func(p *np, r *randomState) starlark.Value {
		return p.choice(r, p.c.Arg(0), p.c.Arg(1), p.c.BoolOr(2, true), p.c.Arg(3), p.c.IntOr(4, 0), p.c.BoolOr(5, true))
	}},
	{"shuffle(x, axis=0)", "Permute an array or a list in place, along an axis.", func(p *np, r *randomState) starlark.Value {
		p.shuffle(r, p.c.Arg(0), p.c.IntOr(1, 0))
		return nil
	}},
	{"permutation(x, axis=0)", "A permuted copy, or a permuted range.", func(p *np, r *randomState) starlark.Value {
		return p.permutation(r, p.c.Arg(0), p.c.IntOr(1, 0))
	}},
}

// Random makes numpy.random: RandomState and its functions for a global
// generator, default_rng and Generator.
func (m *Library) Random() *native.Module {
	mod := native.NewModule("numpy.random", "Random numbers, the same for a seed as NumPy's. The distributions that are not here are named when they are asked for.")
	t := &m.types
	t.randomState = object.NewGoType("numpy.random", "RandomState", "The Mersenne Twister, with NumPy's older ways of drawing.", m.constructor("RandomState(seed=None)", func(p *np) starlark.Value {
		r := newRandomState(m)
		if p.c.Given(0) {
			p.reseed(r, p.c.Arg(0))
		}
		return r
	}))
	t.random = object.NewGoType("numpy.random", "Generator", "PCG64, with NumPy's ways of drawing.", m.constructor("Generator(bit_generator)", func(p *np) starlark.Value {
		r, ok := p.c.Arg(0).(*randomState)
		if !ok || r.gen == nil {
			p.fail(object.TypeError, "Generator: want a bit generator such as numpy.random.PCG64(seed)")
		}
		return r
	}))
	mod.Members["RandomState"], mod.Members["Generator"] = t.randomState, t.random
	m.randomMethods(t.randomState, commonRows, shapedDistributions, legacyRows)
	m.randomMethods(t.random, commonRows, shapedDistributions, generatorRows)
	var rows []function
	for _, table := range [][]randomRow{commonRows, shapedDistributions, legacyRows} {
		for _, row := range table {
			rows = append(rows, function{row.sig, row.doc, func(p *np) starlark.Value { return row.body(p, m.legacy) }})
		}
	}
	m.define(mod, rows, []function{
		{"default_rng(seed=None)", "A Generator over PCG64.", func(p *np) starlark.Value { return p.newGenerator(p.c.Arg(0)) }},
		{"PCG64(seed=None)", "The bit generator of default_rng.", func(p *np) starlark.Value { return p.newGenerator(p.c.Arg(0)) }},
	})
	mod.Missing = m.memberOf(mod, nil)
	return mod
}

func (m *Library) randomMethods(t *object.Type, tables ...[]randomRow) {
	for _, table := range tables {
		defineMethods(m, t, table)
	}
}
