package cpu

import "github.com/mlxstar/mlxstar/engine"

// fourierLanes is into how many parts a transform's rows are divided at most; each
// has scratch of its own.
const fourierLanes = 8

// fourierDirect is the largest prime factor of a length that is transformed as
// it is. Others are turned into a convolution of a power of two.
const fourierDirect = 31

// fourierPlan says how a transform of length n runs: with roots of unity of
// size, which is n itself or, with chirp set, the power of two of a convolution.
type fourierPlan struct {
	size  int
	chirp bool
}

func planFourier(n int) fourierPlan {
	rest := n
	for p := 2; p <= fourierDirect; p++ {
		for rest%p == 0 {
			rest /= p
		}
	}
	if rest == 1 {
		return fourierPlan{size: n}
	}
	size := 1
	for size < 2*n-1 {
		size *= 2
	}
	return fourierPlan{size: size, chirp: true}
}

// shared is the number of complex numbers that all lanes read: the roots and,
// for a chirp, its values and its filter's spectrum.
func (p fourierPlan) shared(n int) int {
	if p.chirp {
		return 2*p.size + n
	}
	return p.size
}

// fourierWorkspace counts complex numbers of 16 bytes: what is shared, and two
// rows for each lane.
func fourierWorkspace(t *engine.Task) int {
	length, out := t.Attrs.(engine.FourierAttrs).N, &t.Out[0]
	if out.Len() == 0 {
		return 0
	}
	own := 0
	if halves(t) {
		length /= 2
		own = length + 1
	}
	plan := planFourier(length)
	rows := out.Len() / lastOf(out.Shape)
	return 16 * (own + plan.shared(length) + 2*plan.size*min(rows, fourierLanes))
}
