package linear

import "math"

const epsilon = 0x1p-53

// secular is an equation 1/rho + sum of weight^2/(pole - x) = 0. It has a root behind each pole, before the
// next one; poles ascend and are what the numbers of poles or their squares are.
type secular struct {
	poles, weights []float64
	squared        bool
	rho            float64
}

// gap is the difference of two poles.
func (q *secular) gap(i, j int) float64 {
	x, y := q.poles[i], q.poles[j]
	if q.squared {
		return (x - y) * (x + y)
	}
	return x - y
}

// rootSteps bounds the steps to a root; a handful suffice.
const rootSteps = 100

// sums are the parts of an equation that come from poles below a root and above it.
type sums struct {
	below, above           float64
	belowSlope, aboveSlope float64
}

// at evaluates the equation at x, given how far each pole lies from the origin of x.
func (q *secular) at(x float64, j int, distance []float64) (v sums) {
	for i, w := range q.weights[:j+1] {
		t := w / (distance[i] - x)
		v.below += w * t
		v.belowSlope += t * t
	}
	for i, w := range q.weights[j+1:] {
		t := w / (distance[j+1+i] - x)
		v.above += w * t
		v.aboveSlope += t * t
	}
	return v
}

// root finds the root behind pole j: how far it lies from the nearer pole, and from each of
// them, pole less root, which distance is overwritten by.
func (q *secular) root(j int, distance []float64) (origin int, x float64) {
	k := len(q.poles)
	origin = j
	measure := func() {
		for i := range k {
			distance[i] = q.gap(i, origin)
		}
	}
	measure()
	var lo, hi float64
	if last := j == k-1; last {
		for _, w := range q.weights {
			hi += w * w
		}
		hi *= q.rho * (1 + 4*epsilon*float64(k))
		x = hi / 2
	} else {
		hi = distance[j+1] / 2
		v := q.at(hi, j, distance)
		if f := 1/q.rho + v.below + v.above; f < 0 {
			origin, lo, hi = j+1, -hi, 0
			measure()
		}
		x = q.guess(j, v, distance, lo, hi)
	}
	for range rootSteps {
		v := q.at(x, j, distance)
		f := 1/q.rho + v.below + v.above
		if f > 0 {
			hi = x
		} else {
			lo = x
		}
		if math.Abs(f) <= epsilon*(4*(v.above-v.below)+1/q.rho) {
			break
		}
		next := x + q.step(j, x, f, v, distance)
		if !(next > lo && next < hi) {
			next = between(lo, hi)
		}
		if next == x || next <= lo || next >= hi {
			break
		}
		x = next
	}
	for i := range distance {
		distance[i] -= x
	}
	return origin, x
}

// guess is where the equation would be 0 if all but the poles beside the root gave what they
// give in the middle between these.
func (q *secular) guess(j int, v sums, distance []float64, lo, hi float64) float64 {
	p, r := distance[j], distance[j+1]
	half := (r - p) / 2
	a, b := q.weights[j]*q.weights[j], q.weights[j+1]*q.weights[j+1]
	c := 1/q.rho + v.below + v.above + a/half - b/half
	// c (p-x)(r-x) + a (r-x) + b (p-x) = 0, of which one of p and r is 0.
	sum, product := c*(p+r)+a+b, c*p*r+a*r+b*p
	if x := smallRoot(c, sum, product); x > lo && x < hi {
		return x
	}
	return between(lo, hi)
}

// smallRoot is the root of c x^2 - b x + a = 0 that goes to 0 with a where b is positive, and the
// corresponding one where it is not.
func smallRoot(c, b, a float64) float64 {
	root := math.Sqrt(max(b*b-4*a*c, 0))
	if b <= 0 {
		return (b - root) / (2 * c)
	}
	return 2 * a / (b + root)
}

// step is how far the root is from x, as functions with one pole on either side tell that agree with
// the sums in value and slope.
func (q *secular) step(j int, x, f float64, v sums, distance []float64) float64 {
	u := distance[j] - x
	s := u * u * v.belowSlope
	c := 1/q.rho + v.below - u*v.belowSlope
	if j == len(q.poles)-1 {
		return u + s/c
	}
	w := distance[j+1] - x
	t := w * w * v.aboveSlope
	c += v.above - w*v.aboveSlope
	return smallRoot(c, c*(u+w)+s+t, u*w*f)
}

// between is a number between two of which one may be 0, where the root is near by the measure
// of its magnitude.
func between(lo, hi float64) float64 {
	switch {
	case lo == 0:
		return hi / 1024
	case hi == 0:
		return lo / 1024
	case lo > 0 && hi > 4*lo || hi < 0 && lo < 4*hi:
		return math.Copysign(math.Sqrt(math.Abs(lo))*math.Sqrt(math.Abs(hi)), lo)
	}
	return lo + (hi-lo)/2
}
