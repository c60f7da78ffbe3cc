package stdlib

import (
	"math"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// A resampling filter: how far it reaches, and its weight at a distance.
type resampling struct {
	support float64
	weight  func(x float64) float64
}

// resamplings are the filters by PIL's numbers; 0 is the nearest pixel.
var resamplings = map[int]resampling{
	1: {3, func(x float64) float64 {
		if x < -3 || x >= 3 {
			return 0
		}
		return sinc(x) * sinc(x/3)
	}},
	2: {1, func(x float64) float64 { return max(1-math.Abs(x), 0) }},
	3: {2, func(x float64) float64 {
		const a = -0.5
		switch x = math.Abs(x); {
		case x < 1:
			return ((a+2)*x-(a+3))*x*x + 1
		case x < 2:
			return (((x-5)*x+8)*x - 4) * a
		}
		return 0
	}},
	4: {0.5, func(x float64) float64 {
		if x > -0.5 && x <= 0.5 {
			return 1
		}
		return 0
	}},
	5: {1, func(x float64) float64 {
		switch x = math.Abs(x); {
		case x == 0:
			return 1
		case x >= 1:
			return 0
		}
		x *= math.Pi
		return math.Sin(x) / x * (0.54 + 0.46*math.Cos(x))
	}},
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	x *= math.Pi
	return math.Sin(x) / x
}

// weightBits are the fraction bits of weights: sums of bytes times weights fit 32 bits.
const weightBits = 32 - 8 - 2

// taps are the pixels that one pixel of the result is made of, and their weights.
type taps struct {
	first   int
	weights []int64
}

// tapsOf are those of a line of size pixels that the part from lo to hi of a line becomes.
func tapsOf(f resampling, from int, lo, hi float64, size int) []taps {
	scale := (hi - lo) / float64(size)
	wide := max(scale, 1)
	support := f.support * wide
	out := make([]taps, size)
	for i := range out {
		center := lo + (float64(i)+0.5)*scale
		first := max(int(center-support+0.5), 0)
		last := min(int(center+support+0.5), from)
		weights, sum := make([]float64, max(last-first, 0)), 0.0
		for j := range weights {
			weights[j] = f.weight((float64(j+first) - center + 0.5) / wide)
			sum += weights[j]
		}
		fixed := make([]int64, len(weights))
		for j, w := range weights {
			if sum != 0 {
				w /= sum
			}
			fixed[j] = int64(w*(1<<weightBits) + math.Copysign(0.5, w))
		}
		out[i] = taps{first, fixed}
	}
	return out
}

// pass makes lines of an image anew: count lines, of whose pixels' bytes the next is step
// away, and the next line's stride.
func pass(dst, src []byte, ts []taps, lines, n, srcStep, srcStride, dstStep, dstStride int) {
	for line := range lines {
		for i, t := range ts {
			for ch := range n {
				sum := int64(1) << (weightBits - 1)
				at := line*srcStride + t.first*srcStep + ch
				for _, w := range t.weights {
					sum += w * int64(src[at])
					at += srcStep
				}
				dst[line*dstStride+i*dstStep+ch] = byte(min(max(sum>>weightBits, 0), 255))
			}
		}
	}
}

func resizeImage(c *call) (starlark.Value, error) {
	w, h, n, src, nw, nh, kind := c.Int(0), c.Int(1), c.Int(2), c.Bytes(3), c.Int(4), c.Int(5), c.Int(6)
	x0, y0, x1, y1 := c.Float(7), c.Float(8), c.Float(9), c.Float(10)
	if c.Err == nil && (n < 1 || n > 4 || w < 1 || h < 1 || w > maxPixels/h || len(src) != w*h*n) {
		return nil, object.Errorf(object.ValueError, "resize: got %d bytes for %d x %d pixels of %d bytes", len(src), w, h, n)
	}
	if c.Err == nil && (nw < 1 || nh < 1) {
		return nil, object.Errorf(object.ValueError, "height and width must be > 0")
	}
	if c.Err == nil && !(0 <= x0 && x0 < x1 && x1 <= float64(w) && 0 <= y0 && y0 < y1 && y1 <= float64(h)) {
		return nil, object.Errorf(object.ValueError, "Box can't exceed original image size")
	}
	f, known := resamplings[kind]
	if c.Err == nil && !known && kind != 0 {
		return nil, object.Errorf(object.ValueError, "unknown resampling filter")
	}
	if err := imagePixels(c, nw, max(nh, h), 2*n); err != nil {
		return nil, err
	}
	return object.Aside(c.Thread, func() (starlark.Value, error) {
		if kind == 0 {
			return starlark.Bytes(nearest(src, w, n, nw, nh, x0, y0, x1, y1)), nil
		}
		if nw != w || x0 != 0 || x1 != float64(w) {
			made := make([]byte, nw*h*n)
			pass(made, src, tapsOf(f, w, x0, x1, nw), h, n, n, w*n, n, nw*n)
			src = made
		}
		if nh != h || y0 != 0 || y1 != float64(h) {
			made := make([]byte, nw*nh*n)
			pass(made, src, tapsOf(f, h, y0, y1, nh), nw, n, nw*n, n, nw*n, n)
			src = made
		}
		return starlark.Bytes(src), nil
	})
}

// nearest takes the pixel in whose place each pixel's centre falls.
func nearest(src []byte, w, n, nw, nh int, x0, y0, x1, y1 float64) []byte {
	dst := make([]byte, 0, nw*nh*n)
	sx, sy := (x1-x0)/float64(nw), (y1-y0)/float64(nh)
	for y := range nh {
		row := int(y0+(float64(y)+0.5)*sy) * w
		for x := range nw {
			at := (row + int(x0+(float64(x)+0.5)*sx)) * n
			dst = append(dst, src[at:at+n]...)
		}
	}
	return dst
}
