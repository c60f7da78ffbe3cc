package cpu

import "math"

// Passes by odd factors. With roots of either direction, turn is the sign of the quarter
// turn: what a sum takes of two terms whose roots are conjugates is their sum times the
// roots' real part, and their difference times the imaginary part.

// fourierSpan is the part of a pass that has the k-th roots, for k from first to end of m.
type fourierSpan struct{ first, end, m, stride int }

// odd does a part of a pass by an odd factor.
func (f *fourier) odd(a, b []complex128, s fourierSpan, p int) {
	if f.odds != nil && s.stride%2 == 0 && p <= oddMost {
		s.first += f.odds(b, a, f.roots, f.circles[p/2][:p-1], s.first, s.end, s.m, s.stride)
	}
	switch p {
	case 3:
		f.pass3(a, b, s)
	case 5:
		f.pass5(a, b, s)
	default:
		f.passOdd(a, b, s, p)
	}
}

// oddMost is the largest factor that a kernel may know.
const oddMost = 7

// findCircles fills circles: of each factor p, at p/2, the cosines and sines of its roots up to half the way
// round.
func (f *fourier) findCircles() {
	turn := f.direction()
	for half := 1; half <= oddMost/2; half++ {
		for i := 1; i <= half; i++ {
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(2*half+1))
			f.circles[half][2*i-2], f.circles[half][2*i-1] = cos, sin*turn
		}
	}
}

// times is z times a real number, and quarter z turned by a quarter, times one.
func times(z complex128, by float64) complex128 { return complex(real(z)*by, imag(z)*by) }

func quarter(z complex128, by float64) complex128 { return complex(-imag(z)*by, real(z)*by) }

// direction is 1 where the roots go round from 1 by way of i, else -1.
func (f *fourier) direction() float64 {
	if len(f.roots) < 2 {
		return 1
	}
	return math.Copysign(1, imag(f.roots[1]))
}

func (f *fourier) pass3(a, b []complex128, s fourierSpan) {
	sin := f.direction() * math.Sin(2*math.Pi/3)
	for k := s.first; k < s.end; k++ {
		w1, w2 := f.roots[k*s.stride], f.roots[2*k*s.stride]
		x0, x1, x2 := s.read(a, k), s.read(a, k+s.m), s.read(a, k+2*s.m)
		y0, y1, y2 := s.read(b, 3*k), s.read(b, 3*k+1), s.read(b, 3*k+2)
		for q := range x0 {
			t, d := x1[q]+x2[q], quarter(x1[q]-x2[q], sin)
			u := x0[q] - times(t, 0.5)
			y0[q], y1[q], y2[q] = x0[q]+t, (u+d)*w1, (u-d)*w2
		}
	}
}

func (f *fourier) pass5(a, b []complex128, s fourierSpan) {
	turn := f.direction()
	s1, c1 := math.Sincos(2 * math.Pi / 5)
	s2, c2 := math.Sincos(4 * math.Pi / 5)
	s1, s2 = s1*turn, s2*turn
	for k := s.first; k < s.end; k++ {
		w1, w2, w3, w4 := f.roots[k*s.stride], f.roots[2*k*s.stride], f.roots[3*k*s.stride], f.roots[4*k*s.stride]
		x0, x1, x2, x3, x4 := s.read(a, k), s.read(a, k+s.m), s.read(a, k+2*s.m), s.read(a, k+3*s.m), s.read(a, k+4*s.m)
		y0, y1, y2, y3, y4 := s.read(b, 5*k), s.read(b, 5*k+1), s.read(b, 5*k+2), s.read(b, 5*k+3), s.read(b, 5*k+4)
		for q := range x0 {
			z, t1, d1, t2, d2 := x0[q], x1[q]+x4[q], x1[q]-x4[q], x2[q]+x3[q], x2[q]-x3[q]
			u1, v1 := z+times(t1, c1)+times(t2, c2), quarter(d1, s1)+quarter(d2, s2)
			u2, v2 := z+times(t1, c2)+times(t2, c1), quarter(d1, s2)-quarter(d2, s1)
			y0[q] = z + t1 + t2
			y1[q], y4[q] = (u1+v1)*w1, (u1-v1)*w4
			y2[q], y3[q] = (u2+v2)*w2, (u2-v2)*w3
		}
	}
}

// passOdd is for any odd factor p.
func (f *fourier) passOdd(a, b []complex128, s fourierSpan, p int) {
	var circle [fourierDirect + 1]complex128
	step := len(f.roots) / p
	for i := range p {
		circle[i] = f.roots[i*step]
	}
	half := p / 2
	var sums, differences [fourierDirect/2 + 1]complex128
	for k := s.first; k < s.end; k++ {
		for q := range s.stride {
			z := a[q+s.stride*k]
			total := z
			for i := 1; i <= half; i++ {
				x, y := a[q+s.stride*(k+i*s.m)], a[q+s.stride*(k+(p-i)*s.m)]
				sums[i], differences[i] = x+y, x-y
				total += sums[i]
			}
			to := q + s.stride*p*k
			b[to] = total
			for t := 1; t <= half; t++ {
				u, v := z, complex128(0)
				for i, at := 1, t; i <= half; i++ {
					w := circle[at]
					u += times(sums[i], real(w))
					v += quarter(differences[i], imag(w))
					if at += t; at >= p {
						at -= p
					}
				}
				b[to+s.stride*t] = (u + v) * f.roots[k*t*s.stride]
				b[to+s.stride*(p-t)] = (u - v) * f.roots[k*(p-t)*s.stride]
			}
		}
	}
}

// read gives the i-th set of as many numbers as the stride.
func (s *fourierSpan) read(x []complex128, i int) []complex128 { return x[s.stride*i:][:s.stride] }
