package cpu

import "github.com/mlxstar/mlxstar/engine"

// phase is the places of a convolution at which the kernel meets the same elements of
// itself: the input may be spread out, with zeros between its elements, and at a place
// the others meet those zeros. Along each axis the places are first, first+step, ...,
// count of them.
type phase struct {
	first, step, count [engine.ConvAxes]int
	elements           [engine.ConvAxes][]int // of the kernel, that meet input
	origin             [engine.ConvAxes][]int // where in the input, at the first place
	move               [engine.ConvAxes]int   // and how much further at the next
}

// phases divides the places of a convolution, which has one phase if its input is not
// spread out.
func phases(at *engine.ConvAttrs, kernel, sizes []int) []phase {
	all := []phase{{}}
	for i := range kernel {
		period := at.InputDilation[i] / gcd(at.InputDilation[i], at.Stride[i])
		var next []phase
		for _, p := range all {
			for first := range min(period, sizes[i]) {
				p.along(at, i, first, period, kernel[i], sizes[i])
				next = append(next, p)
			}
		}
		all = next
	}
	return all
}

// along settles axis i of the phase.
func (p *phase) along(at *engine.ConvAttrs, i, first, period, kernel, size int) {
	spread := at.InputDilation[i]
	p.first[i], p.step[i], p.count[i] = first, period, (size-first+period-1)/period
	p.move[i] = period * at.Stride[i] / spread
	p.elements[i], p.origin[i] = nil, nil
	for e := range kernel {
		if to := first*at.Stride[i] + reached(at, i, e, kernel); to%spread == 0 {
			p.elements[i], p.origin[i] = append(p.elements[i], e), append(p.origin[i], to/spread)
		}
	}
}

// reached is where an element of the kernel lies along axis i, counted from the first
// element of the input, at the first place.
func reached(at *engine.ConvAttrs, i, element, kernel int) int {
	if at.Flip {
		element = kernel - 1 - element
	}
	return element*at.KernelDilation[i] - at.Low[i]
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// inside gives the part of n places, of which the first is at from and the others move
// on by step, that lie in [0, length).
func inside(from, step, n, length int) (lo, hi int) {
	if from < 0 {
		lo = min((-from+step-1)/step, n)
	}
	if hi = n; from+(n-1)*step >= length {
		hi = max((length-from+step-1)/step, lo)
	}
	return lo, hi
}
