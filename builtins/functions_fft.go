package builtins

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

const fourierStream = "stream: mlx.core.Stream | mlx.core.ThreadLocalStream | mlx.core.Device | mlx.core.DeviceType | None = None) -> mlx.core.array"

// fourierSignature is that of a transform along one axis (rank 1), two (2) or any
// number (0).
func fourierSignature(name string, rank int) string {
	at := map[int]string{
		1: "n: int | None = None, axis: int = -1",
		2: "s: tuple[int, ...] | None = None, axes: collections.abc.Sequence[int] | None = [-2, -1]",
		0: "s: tuple[int, ...] | None = None, axes: collections.abc.Sequence[int] | None = None",
	}[rank]
	return name + "(a: mlx.core.array, " + at + ", norm: str = 'backward', " + fourierStream
}

// fourierFunctions are mx.fft.
var fourierFunctions = append(fourierRows(), []function{
	{"fftfreq(n: int, d: float = 1.0, " + fourierStream, "The frequencies of a transform of length n of samples that are d apart: from 0 up, then the negative ones.",
		func(c *Call) starlark.Value {
			n, d := c.frequencies()
			k := c.b.Concatenate([]*engine.Node{
				c.b.Arange(0, 1, (n+1)/2, engine.Float32), c.b.Arange(float64(-(n / 2)), 1, n/2, engine.Float32)}, 0)
			return c.out(c.b.Scale(k, 1/(float64(n)*d)))
		}},
	{"rfftfreq(n: int, d: float = 1.0, " + fourierStream, "The frequencies of a real transform of length n of samples that are d apart.",
		func(c *Call) starlark.Value {
			n, d := c.frequencies()
			return c.out(c.b.Scale(c.b.Arange(0, 1, n/2+1, engine.Float32), 1/(float64(n)*d)))
		}},
	{"fftshift(a: mlx.core.array, axes: int | collections.abc.Sequence[int] | None = None, " + fourierStream, "The array with frequency 0 moved to the middle of the axes, by default of all.",
		func(c *Call) starlark.Value { return c.shifted(func(n int) int { return n / 2 }) }},
	{"ifftshift(a: mlx.core.array, axes: int | collections.abc.Sequence[int] | None = None, " + fourierStream, "What undoes fftshift.",
		func(c *Call) starlark.Value { return c.shifted(func(n int) int { return -(n / 2) }) }},
	{"stft(x: mlx.core.array, n_fft: int = 2048, hop_length: int | None = None, win_length: int | None = None, window: mlx.core.array | None = None, center: bool = True, pad_mode: str = 'reflect', norm: str = 'backward', onesided: bool | None = None, " + fourierStream, "The transforms of overlapping frames of the last axis, times a window, as frequencies by frames. With center the signal is padded, so that each frame's middle lies where the frame belongs; onesided gives half spectra, by default of real signals.",
		func(c *Call) starlark.Value {
			x := c.array("x")
			mode, ok := engine.PadModeByName(c.str("pad_mode", "reflect"))
			if !ok {
				c.fail(object.ValueError, "stft: pad_mode is '%s', want 'constant', 'edge', 'reflect' or 'symmetric'", c.str("pad_mode", ""))
			}
			return c.out(c.b.STFT(x, c.shortTime(c.int("n_fft", 2048), c.bool("onesided", !x.Dtype().IsComplex())), mode))
		}},
	{"istft(stft_matrix: mlx.core.array, n_fft: int | None = None, hop_length: int | None = None, win_length: int | None = None, window: mlx.core.array | None = None, center: bool = True, norm: str = 'backward', onesided: bool | None = None, length: int | None = None, " + fourierStream, "The signal of which stft gives the frequencies by frames: the frames added where they overlap, over the squared windows' sum.",
		func(c *Call) starlark.Value {
			x, half := c.array("stft_matrix"), c.bool("onesided", true)
			size := c.int("n_fft", 0)
			if c.given("n_fft") == nil && x.Rank() >= 2 {
				size = x.Shape()[x.Rank()-2]
				if half {
					size = 2 * (size - 1)
				}
			}
			length := -1
			if c.given("length") != nil {
				length = max(c.int("length", 0), 0)
			}
			return c.out(c.b.ISTFT(x, c.shortTime(size, half), length))
		}},
}...)

// shortTime reads what stft and istft have in common.
func (c *Call) shortTime(size int, half bool) engine.ShortTime {
	norm := engine.FourierNorm(c.str("norm", "backward"))
	s := engine.ShortTime{Size: size, Hop: c.int("hop_length", size/4), WindowSize: c.int("win_length", -1),
		Window: c.optArray("window"), Center: c.bool("center", true), Norm: norm, Onesided: half}
	return s
}

// fourierRows makes the transforms' rows: four kinds for each number of axes.
func fourierRows() (rows []function) {
	kinds := []struct {
		engine.Fourier
		doc string
	}{
		{engine.Fourier{Name: "fft"}, "The discrete Fourier transform"},
		{engine.Fourier{Name: "ifft", Inverse: true}, "The inverse of the discrete Fourier transform"},
		{engine.Fourier{Name: "rfft", Real: true}, "The half spectrum of the discrete Fourier transform of real numbers"},
		{engine.Fourier{Name: "irfft", Inverse: true, Real: true}, "The real numbers of a half spectrum"},
	}
	ranks := []struct {
		rank        int
		suffix, doc string
	}{{1, "", " along an axis"}, {2, "2", " along two axes"}, {0, "n", " along axes, by default all"}}
	for _, r := range ranks {
		for _, k := range kinds {
			f := k.Fourier
			f.Name += r.suffix
			body := func(c *Call) starlark.Value { return c.fourierOverAxes(f, r.rank) }
			if r.rank == 1 {
				body = func(c *Call) starlark.Value { return c.fourierAlongAxis(f) }
			}
			rows = append(rows, function{fourierSignature(f.Name, r.rank), k.doc + r.doc + ". Norm says which direction divides by the length: 'backward', 'forward', or 'ortho', both by its root.", body})
		}
	}
	return rows
}

func (c *Call) fourierAlongAxis(f engine.Fourier) starlark.Value {
	var sizes []int
	if c.given("n") != nil {
		sizes = []int{c.int("n", 0)}
	}
	return c.out(c.b.Transform(f, c.array("a"), sizes, []int{c.int("axis", -1)}, engine.FourierNorm(c.str("norm", "backward"))))
}

// fourierOverAxes leaves the axes out for None, and for a call that does not name
// them where rank is 0.
func (c *Call) fourierOverAxes(f engine.Fourier, rank int) starlark.Value {
	var sizes, axes []int
	if c.given("s") != nil {
		sizes = c.ints("s")
	}
	switch {
	case c.given("axes") != nil:
		axes = c.ints("axes")
	case rank == 2 && !c.flat("axes"):
		axes = []int{-2, -1}
	}
	return c.out(c.b.Transform(f, c.array("a"), sizes, axes, engine.FourierNorm(c.str("norm", "backward"))))
}

func (c *Call) frequencies() (n int, d float64) {
	n, d = c.int("n", 0), c.float("d", 1)
	if n <= 0 {
		c.fail(object.ValueError, "%s: got the length %d, want at least 1", c.sig.Name, n)
	}
	if d == 0 {
		c.fail(object.ValueError, "%s: got the distance 0 between samples", c.sig.Name)
	}
	return n, d
}

func (c *Call) shifted(by func(n int) int) starlark.Value {
	x, axes := c.array("a"), c.axes("axes")
	if axes == nil {
		for i := range x.Rank() {
			axes = append(axes, i)
		}
	}
	for _, a := range axes {
		at := c.b.Axis(c.sig.Name, x, a)
		x = c.b.Roll(x, by(x.Shape()[at]), at)
	}
	return c.out(x)
}
