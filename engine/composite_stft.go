package engine

import (
	"math"
	"slices"

	"github.com/mlxstar/mlxstar/engine/shapes"
)

// ShortTime describes short-time Fourier transforms: frames of Size samples that
// start Hop apart, each times a Window that is centred in it. A nil Window is
// rectangular, of WindowSize samples or, where that is negative, of a frame's.
// Center puts the middle of the first frame at the first sample.
type ShortTime struct {
	Size, Hop, WindowSize int
	Window                *Node
	Center                bool
	Norm                  FourierNorm
	Onesided              bool // half spectra, of real signals
}

// window is that of a frame, in float32, or complex64 where the script's is complex.
func (b *Builder) window(op string, s ShortTime) *Node {
	if s.Size <= 0 {
		b.failf(ValueError, op, "n_fft is %d, want at least 1", s.Size)
	}
	if s.Hop <= 0 {
		b.failf(ValueError, op, "hop_length is %d, want at least 1", s.Hop)
	}
	w := s.Window
	if w == nil {
		n := s.WindowSize
		if n < 0 {
			n = s.Size
		}
		w = b.Full([]int{n}, 1, Float32)
	}
	if len(w.shape) != 1 {
		b.failf(ValueError, op, "the window has the shape %s, want one axis", shapes.Format(w.shape))
	}
	if w.shape[0] > s.Size {
		b.failf(ValueError, op, "the window has %d samples, more than a frame's %d", w.shape[0], s.Size)
	}
	d := Float32
	if w.dtype.IsComplex() {
		d = Complex64
	}
	left := (s.Size - w.shape[0]) / 2
	return b.Pad(b.AsType(w, d), []int{left}, []int{s.Size - w.shape[0] - left}, PadConstant, b.Scalar(0, d))
}

// STFT transforms frames of the last axis: the answer's last axes are frequencies
// and frames. Pad says what lies around the signal where frames are centred.
func (b *Builder) STFT(x *Node, s ShortTime, pad PadMode) *Node {
	const op = "fft.stft"
	if len(x.shape) == 0 {
		b.failf(ValueError, op, "got a 0-d array, want at least one axis")
	}
	window := b.window(op, s)
	last := len(x.shape) - 1
	x = b.AsType(x, Promote(Float32, x.dtype))
	if s.Center {
		width := make([]int, len(x.shape))
		width[last] = s.Size / 2
		x = b.Pad(x, width, width, pad, b.Scalar(0, x.dtype))
	}
	if x.shape[last] < s.Size {
		b.failf(ValueError, op, "%d samples are fewer than a frame's %d", x.shape[last], s.Size)
	}
	frames := (x.shape[last]-s.Size)/s.Hop + 1
	framed := b.Mul(b.Take(x, b.framePlaces(frames, s), last), window)
	f := Fourier{Name: op, Real: s.Onesided}
	if s.Onesided && framed.dtype.IsComplex() {
		framed = b.Unary(OpReal, framed)
	}
	return b.SwapAxes(b.AsType(b.Transform(f, framed, nil, []int{-1}, s.Norm), Complex64), -1, -2)
}

// framePlaces says for each frame where its samples are.
func (b *Builder) framePlaces(frames int, s ShortTime) *Node {
	starts := b.Mul(b.Arange(0, 1, frames, Int32), b.FullInt([]int{}, int64(s.Hop), Int32))
	return b.Add(b.ExpandDims(starts, -1), b.Arange(0, 1, s.Size, Int32))
}

// ISTFT undoes STFT: frames are transformed back, added where they overlap, and
// divided by the squared windows' sum where that is not 0. Length, if it is not
// negative, is that of the answer, cut off or with zeros at the end.
func (b *Builder) ISTFT(x *Node, s ShortTime, length int) *Node {
	const op = "fft.istft"
	rank := len(x.shape)
	if rank < 2 {
		b.failf(ValueError, op, "got an array with %d axes, want frequencies and frames", rank)
	}
	window, frames := b.window(op, s), x.shape[rank-1]
	if frames == 0 || x.Len() == 0 {
		b.failf(ValueError, op, "shape %s has no frames", shapes.Format(x.shape))
	}
	f := Fourier{Name: op, Inverse: true, Real: s.Onesided}
	back := b.Transform(f, b.SwapAxes(x, -1, -2), []int{s.Size}, []int{-1}, s.Norm)
	if back.dtype.IsComplex() {
		back = b.Unary(OpReal, back)
	}
	if window.dtype.IsComplex() {
		window = b.Unary(OpReal, window)
	}
	total := s.Size + s.Hop*(frames-1)
	batch := slices.Clone(x.shape[:rank-2])
	places := b.framePlaces(frames, s)
	overlap := func(v *Node, lead []int) *Node { // lead + (frames, size) to lead + (total,)
		n := shapes.Elements(lead)
		columns := b.Transpose(b.Reshape(v, []int{n, frames, s.Size}), []int{1, 2, 0})
		zero := b.Full([]int{total, n}, 0, v.dtype)
		sum := b.Scatter(zero, []*Node{places}, b.Reshape(columns, []int{frames, s.Size, 1, n}), []int{0}, Sum)
		return b.Reshape(b.Transpose(sum, nil), append(slices.Clone(lead), total))
	}
	signal := overlap(b.Mul(back, window), batch)
	weight := overlap(b.Broadcast(b.Square(window), []int{frames, s.Size}), nil)
	none := b.Binary(OpLessEqual, weight, b.Scalar(math.SmallestNonzeroFloat32*(1<<23), Float32))
	signal = b.Div(signal, b.Where(none, b.Scalar(1, Float32), weight))
	from, to := 0, total
	if s.Center {
		from, to = min(s.Size/2, total), max(total-s.Size/2, 0)
	}
	last := len(signal.shape) - 1
	if length >= 0 {
		to = min(from+length, total)
	}
	signal = b.Narrow(signal, last, from, max(to, from))
	if have := signal.shape[last]; have < length {
		high := make([]int, len(signal.shape))
		high[last] = length - have
		signal = b.Pad(signal, make([]int, len(signal.shape)), high, PadConstant, b.Scalar(0, signal.dtype))
	}
	return signal
}
