package cpu

import (
	"math"
	"math/cmplx"
)

// eigenSteps bounds the QR steps for an eigenvalue; a few suffice in practice.
const eigenSteps = 300

// complexMatrix reads the interleaved parts of a square or other matrix.
func complexMatrix(parts []float64) []complex128 {
	a := make([]complex128, len(parts)/2)
	for i := range a {
		a[i] = complex(parts[2*i], parts[2*i+1])
	}
	return a
}

func storeParts(to []float64, from []complex128) {
	for i, z := range from {
		to[2*i], to[2*i+1] = real(z), imag(z)
	}
}

// complexEigenMatrix gives the eigenvalues and vectors of a complex matrix by its
// Schur form: the matrix is brought to Hessenberg form, whose subdiagonal QR steps
// with Wilkinson's shift make 0 from below. The vectors have length 1, and their
// largest elements are real.
func complexEigenMatrix(m *matrixTask) error {
	n := m.rows
	if n == 0 {
		return nil
	}
	if err := m.finite(); err != nil {
		return err
	}
	h, q := complexMatrix(m.in[0]), make([]complex128, n*n)
	for i := range n {
		q[i*n+i] = 1
	}
	hessenberg(h, q, n)
	if !schur(h, q, n) {
		return m.failed("the eigenvalues did not converge")
	}
	values, vectors := make([]complex128, n), make([]complex128, n*n)
	for k := range n {
		values[k] = h[k*n+k]
		x := triangularVector(h, n, k)
		size, largest := 0.0, complex128(0)
		v := make([]complex128, n)
		for i := range n {
			for j := 0; j <= k; j++ {
				v[i] += q[i*n+j] * x[j]
			}
			size = math.Hypot(size, cmplx.Abs(v[i]))
			if cmplx.Abs(v[i]) > cmplx.Abs(largest) {
				largest = v[i]
			}
		}
		turn := cmplx.Conj(largest) / complex(cmplx.Abs(largest)*size, 0)
		for i := range n {
			vectors[i*n+k] = v[i] * turn
			if v[i] == largest {
				vectors[i*n+k] = complex(real(vectors[i*n+k]), 0)
			}
		}
	}
	storeParts(m.out[0], values)
	storeParts(m.out[1], vectors)
	return nil
}

// hessenberg makes a upper Hessenberg by reflections, which it gathers in q.
func hessenberg(a, q []complex128, n int) {
	for k := 0; k < n-2; k++ {
		size := 0.0
		for i := k + 1; i < n; i++ {
			size = math.Hypot(size, cmplx.Abs(a[i*n+k]))
		}
		if size == 0 {
			continue
		}
		v := make([]complex128, n)
		for i := k + 1; i < n; i++ {
			v[i] = a[i*n+k]
		}
		phase := complex128(1)
		if r := cmplx.Abs(v[k+1]); r != 0 {
			phase = v[k+1] / complex(r, 0)
		}
		v[k+1] += phase * complex(size, 0)
		reflect(a, q, v, n, k+1)
	}
}

// reflect applies 1 - 2vv*/|v|^2 from both sides of a and from the right of q; v is 0
// before the place from.
func reflect(a, q, v []complex128, n, from int) {
	square := 0.0
	for _, x := range v[from:] {
		square += real(x)*real(x) + imag(x)*imag(x)
	}
	if square == 0 {
		return
	}
	by := complex(2/square, 0)
	for j := range n {
		sum := complex128(0)
		for i := from; i < n; i++ {
			sum += cmplx.Conj(v[i]) * a[i*n+j]
		}
		for i := from; i < n; i++ {
			a[i*n+j] -= by * v[i] * sum
		}
	}
	for _, m := range [2][]complex128{a, q} {
		for i := range n {
			sum := complex128(0)
			for j := from; j < n; j++ {
				sum += m[i*n+j] * v[j]
			}
			for j := from; j < n; j++ {
				m[i*n+j] -= by * sum * cmplx.Conj(v[j])
			}
		}
	}
}

// schur makes a Hessenberg matrix triangular. It reports false where that does not end.
func schur(h, q []complex128, n int) bool {
	const eps = 0x1p-52
	steps := 0
	for high := n - 1; high > 0; {
		low := high
		for ; low > 0; low-- {
			near := cmplx.Abs(h[low*n+low]) + cmplx.Abs(h[(low-1)*n+low-1])
			if cmplx.Abs(h[low*n+low-1]) <= eps*max(near, math.SmallestNonzeroFloat32) {
				h[low*n+low-1] = 0
				break
			}
		}
		if low == high {
			high, steps = high-1, 0
			continue
		}
		if steps++; steps > eigenSteps {
			return false
		}
		shift := wilkinson(h[(high-1)*n+high-1], h[(high-1)*n+high], h[high*n+high-1], h[high*n+high])
		if steps%10 == 0 { // an unusual shift ends a cycle
			shift += complex(cmplx.Abs(h[high*n+high-1]), 0)
		}
		qrStep(h, q, n, low, high, shift)
	}
	return true
}

// wilkinson is the eigenvalue of a matrix of two rows that is nearer to d.
func wilkinson(a, b, c, d complex128) complex128 {
	half := (a - d) / 2
	root := cmplx.Sqrt(half*half + b*c)
	if real(half)*real(root)+imag(half)*imag(root) < 0 {
		root = -root
	}
	if half+root == 0 {
		return d
	}
	return d - b*c/(half+root)
}

// qrStep does a step with a shift on the rows from low to high, by rotations.
func qrStep(h, q []complex128, n, low, high int, shift complex128) {
	x, y := h[low*n+low]-shift, h[(low+1)*n+low]
	for k := low; k < high; k++ {
		if k > low {
			x, y = h[k*n+k-1], h[(k+1)*n+k-1]
		}
		r := math.Hypot(cmplx.Abs(x), cmplx.Abs(y))
		if r == 0 {
			continue
		}
		c, s := x/complex(r, 0), y/complex(r, 0)
		for j := max(k-1, 0); j < n; j++ {
			u, v := h[k*n+j], h[(k+1)*n+j]
			h[k*n+j], h[(k+1)*n+j] = cmplx.Conj(c)*u+cmplx.Conj(s)*v, c*v-s*u
		}
		if k > low {
			h[(k+1)*n+k-1] = 0
		}
		for i := 0; i <= min(k+2, high); i++ {
			u, v := h[i*n+k], h[i*n+k+1]
			h[i*n+k], h[i*n+k+1] = u*c+v*s, v*cmplx.Conj(c)-u*cmplx.Conj(s)
		}
		for i := range n {
			u, v := q[i*n+k], q[i*n+k+1]
			q[i*n+k], q[i*n+k+1] = u*c+v*s, v*cmplx.Conj(c)-u*cmplx.Conj(s)
		}
	}
}

// triangularVector is the eigenvector of a triangular matrix for its k-th eigenvalue.
// Where that occurs before, a difference of 0 counts as one of the matrix's rounding.
func triangularVector(t []complex128, n, k int) []complex128 {
	least := math.SmallestNonzeroFloat32
	for i := 0; i <= k; i++ {
		for j := i; j <= k; j++ {
			least = max(least, cmplx.Abs(t[i*n+j])*0x1p-52)
		}
	}
	x := make([]complex128, k+1)
	x[k] = 1
	for i := k - 1; i >= 0; i-- {
		sum := complex128(0)
		for j := i + 1; j <= k; j++ {
			sum += t[i*n+j] * x[j]
		}
		d := t[k*n+k] - t[i*n+i]
		if cmplx.Abs(d) < least {
			d = complex(least, 0)
		}
		x[i] = sum / d
	}
	return x
}
