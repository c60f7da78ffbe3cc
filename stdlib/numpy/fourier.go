package numpy

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// FFT makes numpy.fft. It computes in 64-bit floats, and answers in them but where it is
// given narrower ones.
func (m *Library) FFT() *native.Module {
	mod := native.NewModule("numpy.fft", "Discrete Fourier transforms.")
	var rows []function
	for _, r := range []struct {
		name          string
		real, inverse bool
	}{{"fft", false, false}, {"ifft", false, true}, {"rfft", true, false}, {"irfft", true, true}} {
		f := engine.Fourier{Name: r.name, Real: r.real, Inverse: r.inverse}
		rows = append(rows,
			function{r.name + "(a, n=None, axis=-1, norm=None, out=None)", "The transform along one axis.", func(p *np) starlark.Value {
				axis := p.c.IntOr(2, -1)
				var sizes []int
				if p.c.Given(1) {
					sizes = []int{p.c.Int(1)}
				}
				return p.fourier(f, p.elementsOf(0), sizes, []int{axis}, p.c.StrOr(3, "backward"))
			}},
			function{r.name + "2(a, s=None, axes=(-2, -1), norm=None, out=None)", "The transform along two axes.", func(p *np) starlark.Value {
				a, axes := p.elementsOf(0), []int{-2, -1}
				switch {
				case p.c.Given(2):
					axes = p.shapeArg(2)
				case p.c.Arg(2) == starlark.None:
					axes = p.axesOf(nil, len(a.shape))
				}
				return p.fourier(f, a, p.sizesArg(1), axes, p.c.StrOr(3, "backward"))
			}},
			function{r.name + "n(a, s=None, axes=None, norm=None, out=None)", "The transform along several axes.", func(p *np) starlark.Value {
				a := p.elementsOf(0)
				sizes := p.sizesArg(1)
				axes := p.axesOf(nil, len(a.shape))
				if sizes != nil {
					axes = axes[len(axes)-len(sizes):]
				}
				if p.c.Given(2) {
					axes = p.shapeArg(2)
				}
				return p.fourier(f, a, sizes, axes, p.c.StrOr(3, "backward"))
			}})
	}
	m.define(mod, rows)
	mod.Missing = m.memberOf(mod, partsOf("numpy", "_fft"))
	return mod
}

func (p *np) sizesArg(i int) []int {
	if !p.c.Given(i) {
		return nil
	}
	return p.shapeArg(i)
}

func (p *np) fourier(f engine.Fourier, a *ndarray, sizes, axes []int, norm string) starlark.Value {
	for _, x := range axes {
		p.axis(x, len(a.shape))
	}
	if f.Real && !f.Inverse && a.dtype.IsComplex() {
		p.fail(object.TypeError, "ufunc '%s_n_even' did not contain a loop with signature matching types", f.Name)
	}
	f.Wide = toFourier(a.dtype) == engine.Float64
	return p.build(func(b *engine.Builder) *engine.Node {
		y := b.Transform(f, a.node(b), sizes, axes, engine.FourierNorm(norm))
		if f.Real && f.Inverse && a.dtype == engine.Float16 {
			y = b.AsType(y, a.dtype)
		}
		return y
	}, a)
}

// toFourier is the dtype of the parts in which a transform of a dtype answers.
func toFourier(d engine.Dtype) engine.Dtype {
	switch d.Real() {
	case engine.Float16, engine.Float32:
		return engine.Float32
	}
	return engine.Float64
}
