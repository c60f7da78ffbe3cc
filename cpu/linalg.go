package cpu

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/lapack"
	lapackgo "gonum.org/v1/gonum/lapack/gonum"

	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// matrixTask is one matrix of a stack, in float64: a kernel reads In, which it may
// overwrite, and fills Out. A complex output has two numbers for each element.
type matrixTask struct {
	op         string
	attrs      any
	rows, cols int // of the first input
	in, out    [][]float64
}

var dense64 lapackgo.Implementation

// division is how a task of decompositions is divided.
type division struct {
	count, work, grain int
	size               int // bytes of the scratch of a matrix, with what gonum takes besides
}

func divisionOf(t *engine.Task) division {
	shape := t.In[0].Shape
	r := len(shape)
	m := division{count: shapes.Elements(shape[:r-2]), work: shape[r-2] * shape[r-1] * max(shape[r-1], 1)}
	m.grain = max(int(heavy)/max(m.work, 1), 1)
	for _, o := range slices.Concat(t.In, t.Out) {
		m.size += 2 * 8 * o.Len() / max(m.count, 1) * parts(o.Dtype)
	}
	return m
}

// matrixWorkspace is the rule of decompositions. Those that are detached may outlive their
// task, and with it the workspace: theirs is on Go's heap, for which the workspace,
// untouched, stands in the account.
func matrixWorkspace(w *workers, t *engine.Task) int {
	m := divisionOf(t)
	if m.count == 0 {
		return 0
	}
	return w.sharesSize(chunksOf(m.count, m.grain), m.size)
}

// matrixwise makes a kernel of a function of one matrix. The decompositions
// themselves are gonum's and keep some scratch on Go's heap. They cannot be stopped:
// those that take long are detached.
//
//go:noinline
func matrixwise(f func(m *matrixTask) error) kernel {
	return func(w *workers, t *engine.Task) error {
		shape := t.In[0].Shape
		r, of := len(shape), divisionOf(t)
		count, work, size := of.count, of.work, of.size
		if count == 0 {
			return nil
		}
		rooms, err := newShares(t.Op, t.Workspace.Data, size)
		if err != nil {
			return err
		}
		return w.run(t.Ctx, count, of.grain, func(_ *tiles, lo, hi int) error {
			room := rooms.take()
			defer rooms.done(room)
			space := typed[float64](room)
			part := func(n int) []float64 {
				if work >= detachedWork {
					return make([]float64, n)
				}
				got := space[:n:n]
				space = space[n:]
				return got
			}
			m := &matrixTask{op: t.Op.Name, attrs: t.Attrs, rows: shape[r-2], cols: shape[r-1]}
			for i := range t.In {
				m.in = append(m.in, part(t.In[i].Len()/count*parts(t.In[i].Dtype)))
			}
			for i := range t.Out {
				m.out = append(m.out, part(t.Out[i].Len()/count*parts(t.Out[i].Dtype)))
			}
			for k := lo; k < hi; k++ {
				if err := t.Ctx.Err(); err != nil {
					return err
				}
				for i := range t.In {
					loadMatrix(m.in[i], &t.In[i], k)
				}
				for i := range m.out {
					clear(m.out[i])
				}
				if work < detachedWork {
					if err := f(m); err != nil {
						return err
					}
				} else if err := w.detached.do(t.Ctx, w.quit, int64(size), func() error { return f(m) }); err != nil {
					return err
				}
				for i := range t.Out {
					storeMatrix(&t.Out[i], m.out[i], k)
				}
			}
			return nil
		})
	}
}

// parts is the number of float64 that hold an element.
func parts(d engine.Dtype) int {
	if d.IsComplex() {
		return 2
	}
	return 1
}

func loadMatrix(to []float64, o *engine.Operand, k int) {
	switch o.Dtype {
	case engine.Float64:
		copy(to, dense[float64](o)[k*len(to):])
		return
	case engine.Complex64:
		loadParts(to, dense[complex64](o), k)
		return
	case engine.Complex128:
		loadParts(to, dense[complex128](o), k)
		return
	}
	widen(to, dense[float32](o), k)
}

func loadParts[T complexNumber](to []float64, from []T, k int) {
	n := len(to) / 2
	for i, z := range from[k*n:][:n] {
		to[2*i], to[2*i+1] = real(complex128(z)), imag(complex128(z))
	}
}

func storeComplexParts[T complexNumber](to []T, from []float64, k int) {
	n := len(from) / 2
	for i := range to[k*n:][:n] {
		to[k*n+i] = T(complex(from[2*i], from[2*i+1]))
	}
}

func widen(to []float64, from []float32, k int) {
	for i, v := range from[k*len(to):][:len(to)] {
		to[i] = float64(v)
	}
}

func storeMatrix(o *engine.Operand, from []float64, k int) {
	switch n := len(from); o.Dtype {
	case engine.Float64:
		copy(dense[float64](o)[k*n:], from)
	case engine.Float32:
		storeAs(dense[float32](o)[k*n:][:n], from)
	case engine.Uint32:
		storeAs(dense[uint32](o)[k*n:][:n], from)
	case engine.Complex64:
		storeComplexParts(dense[complex64](o), from, k)
	case engine.Complex128:
		storeComplexParts(dense[complex128](o), from, k)
	}
}

func storeAs[T float32 | uint32](to []T, from []float64) {
	for i, v := range from {
		to[i] = T(v)
	}
}

// failed is the error of a matrix that a decomposition does not exist for.
func (m *matrixTask) failed(what string) error {
	return engine.Errorf(engine.RuntimeError, m.op, "%s", what)
}

// finite fails for a matrix that iterations would not end on, or end wrong.
func (m *matrixTask) finite() error {
	for _, v := range m.in[0] {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return m.failed("the matrix has elements that are not finite")
		}
	}
	return nil
}

// part is the triangle of a matrix that is read, as gonum names it.
func (m *matrixTask) part() blas.Uplo {
	if m.attrs.(engine.TriangleAttrs).Part == engine.Upper {
		return blas.Upper
	}
	return blas.Lower
}

func solveMatrix(m *matrixTask) error {
	n := m.rows
	a, x := m.in[0], m.out[0]
	copy(x, m.in[1])
	if len(x) == 0 {
		return nil
	}
	k := len(x) / n
	if m.attrs.(engine.TriangleAttrs).Part != engine.Whole {
		if !dense64.Dtrtrs(m.part(), blas.NoTrans, blas.NonUnit, n, k, a, n, x, k) {
			return m.failed("the matrix is singular: its diagonal has a 0")
		}
		return nil
	}
	pivots := make([]int, n)
	if !dense64.Dgetrf(n, n, a, n, pivots) {
		return m.failed("the matrix is singular")
	}
	dense64.Dgetrs(blas.NoTrans, n, k, a, n, pivots, x, k)
	return nil
}

// choleskyMatrix gives what there is of the factor of a matrix that is not positive
// definite, as LAPACK leaves it, up to the first pivot that has no root.
func choleskyMatrix(m *matrixTask) error {
	n, part := m.rows, m.part()
	if n == 0 {
		return nil
	}
	given := slices.Clone(m.in[0])
	if !dense64.Dpotrf(part, n, m.in[0], n) {
		copy(m.in[0], given)
		if part == blas.Upper {
			transposeSquare(m.in[0], n)
		}
		halveFactor(m.in[0], n, 0, n)
		if part == blas.Upper {
			transposeSquare(m.in[0], n)
		}
	}
	for i := range n {
		for j := range n {
			if i == j || (j < i) == (part == blas.Lower) {
				m.out[0][i*n+j] = m.in[0][i*n+j]
			}
		}
	}
	return nil
}

// halveFactor factors the lower triangle of the rows and columns from lo to hi in
// place, the first half, then the second. It reports false at the first pivot that is
// not positive, and leaves the rest as it is by then.
func halveFactor(a []float64, n, lo, hi int) bool {
	if hi-lo == 1 {
		if !(a[lo*n+lo] > 0) {
			return false
		}
		a[lo*n+lo] = math.Sqrt(a[lo*n+lo])
		return true
	}
	mid := lo + (hi-lo)/2
	if !halveFactor(a, n, lo, mid) {
		return false
	}
	for i := mid; i < hi; i++ {
		for j := lo; j < mid; j++ {
			x := a[i*n+j]
			for k := lo; k < j; k++ {
				x -= a[i*n+k] * a[j*n+k]
			}
			a[i*n+j] = x / a[j*n+j]
		}
		for j := mid; j <= i; j++ {
			for k := lo; k < mid; k++ {
				a[i*n+j] -= a[i*n+k] * a[j*n+k]
			}
		}
	}
	return halveFactor(a, n, mid, hi)
}

func transposeSquare(a []float64, n int) {
	for i := range n {
		for j := range i {
			a[i*n+j], a[j*n+i] = a[j*n+i], a[i*n+j]
		}
	}
}

func qrMatrix(m *matrixTask) error {
	rows, cols := m.rows, m.cols
	k := min(rows, cols)
	if k == 0 {
		return nil
	}
	a, tau := m.in[0], make([]float64, k)
	query := []float64{0}
	dense64.Dgeqrf(rows, cols, a, cols, tau, query, -1)
	work := make([]float64, max(int(query[0]), cols))
	dense64.Dgeqrf(rows, cols, a, cols, tau, work, len(work))
	for i := range k {
		copy(m.out[1][i*cols+i:(i+1)*cols], a[i*cols+i:])
	}
	q := m.out[0]
	for i := range rows {
		copy(q[i*k:][:k], a[i*cols:])
	}
	dense64.Dorgqr(rows, k, k, q, k, tau, work, len(work))
	return nil
}

func singularMatrix(m *matrixTask) error {
	rows, cols := m.rows, m.cols
	vectors := m.attrs.(engine.SVDAttrs).Vectors
	if rows == 0 || cols == 0 {
		if vectors {
			identityMatrix(m.out[0], rows)
			identityMatrix(m.out[2], cols)
		}
		return nil
	}
	if err := m.finite(); err != nil {
		return err
	}
	// As in MLX, of the transpose: u and v change places, and the signs are LAPACK's.
	at := make([]float64, rows*cols)
	for i := range rows {
		for j := range cols {
			at[j*rows+i] = m.in[0][i*cols+j]
		}
	}
	job, u, s, vt := lapack.SVDNone, []float64(nil), m.out[0], []float64(nil)
	ldu, ldvt := 1, 1
	if vectors {
		job, u, s, vt = lapack.SVDAll, m.out[2], m.out[1], m.out[0]
		ldu, ldvt = cols, rows
	}
	query := []float64{0}
	dense64.Dgesvd(job, job, cols, rows, at, rows, s, u, ldu, vt, ldvt, query, -1)
	work := make([]float64, int(query[0]))
	if !dense64.Dgesvd(job, job, cols, rows, at, rows, s, u, ldu, vt, ldvt, work, len(work)) {
		return m.failed("the singular values did not converge")
	}
	if vectors {
		transposeSquare(u, cols)
		transposeSquare(vt, rows)
	}
	return nil
}

func identityMatrix(a []float64, n int) {
	for i := range n {
		a[i*n+i] = 1
	}
}

func symmetricMatrix(m *matrixTask) error {
	n := m.rows
	if n == 0 {
		return nil
	}
	if err := m.finite(); err != nil {
		return err
	}
	// MLX hands LAPACK the matrix transposed, and the other triangle of it: what that
	// says of the vectors' signs is kept.
	part := blas.Upper
	if m.part() == blas.Upper {
		part = blas.Lower
	}
	transposeSquare(m.in[0], n)
	query := []float64{0}
	dense64.Dsyev(lapack.EVCompute, part, n, m.in[0], n, m.out[0], query, -1)
	work := make([]float64, int(query[0]))
	if !dense64.Dsyev(lapack.EVCompute, part, n, m.in[0], n, m.out[0], work, len(work)) {
		return m.failed("the eigenvalues did not converge")
	}
	copy(m.out[1], m.in[0])
	return nil
}

// eigenMatrix puts the pairs that gonum gives of complex vectors, real and
// imaginary parts in two columns, together. As in MLX, they are left vectors of the
// transpose, which gives their order and signs; as in NumPy, with right set, right ones
// of the matrix.
func eigenMatrix(right bool) func(m *matrixTask) error {
	return func(m *matrixTask) error {
		n := m.rows
		if n == 0 {
			return nil
		}
		if err := m.finite(); err != nil {
			return err
		}
		if n == 2 && m.in[0][0] == m.in[0][3] && m.in[0][1]*m.in[0][2] > 0 {
			m.balancedPair(right)
			return nil
		}
		re, im, v := make([]float64, n), make([]float64, n), make([]float64, n*n)
		left, l, r, turn := lapack.LeftEVNone, []float64(nil), v, 1.0
		which, ldl, ldr := lapack.RightEVCompute, 1, n
		if !right {
			transposeSquare(m.in[0], n)
			left, l, r, turn = lapack.LeftEVCompute, v, nil, -1
			which, ldl, ldr = lapack.RightEVNone, n, 1
		}
		query := []float64{0}
		dense64.Dgeev(left, which, n, m.in[0], n, re, im, l, ldl, r, ldr, query, -1)
		work := make([]float64, int(query[0]))
		if dense64.Dgeev(left, which, n, m.in[0], n, re, im, l, ldl, r, ldr, work, len(work)) != 0 {
			return m.failed("the eigenvalues did not converge")
		}
		for j := range n {
			m.out[0][2*j], m.out[0][2*j+1] = re[j], im[j]
			for i := range n {
				at := m.out[1][2*(i*n+j):][:2]
				switch {
				case im[j] > 0:
					at[0], at[1] = v[i*n+j], turn*v[i*n+j+1]
				case im[j] < 0:
					at[0], at[1] = v[i*n+j-1], -turn*v[i*n+j]
				default:
					at[0] = v[i*n+j]
				}
			}
		}
		return nil
	}
}

// balancedPair gives the real eigenvalues of a matrix of two rows whose diagonal is one
// number: the larger first, where gonum departs from LAPACK.
func (m *matrixTask) balancedPair(right bool) {
	a, b, c := m.in[0][0], m.in[0][1], m.in[0][2]
	z := math.Sqrt(math.Abs(b)) * math.Sqrt(math.Abs(c))
	m.out[0][0], m.out[0][2] = a+z, a-z
	if right {
		tau := math.Hypot(c, z)
		cos, sin := z/tau, c/tau
		y := (c - b) / (2 * z)
		second := [2]float64{cos*y - sin, sin*y + cos}
		size := math.Hypot(second[0], second[1])
		for i, first := range [2]float64{cos, sin} {
			m.out[1][4*i], m.out[1][4*i+2] = first, second[i]/size
		}
		return
	}
	tau := math.Hypot(b, z)
	cos, sin := z/tau, b/tau
	y := (c - b) / (2 * z)
	first := [2]float64{cos - sin*y, sin + cos*y}
	size := math.Hypot(first[0], first[1])
	for i, second := range [2]float64{-sin, cos} {
		m.out[1][4*i], m.out[1][4*i+2] = first[i]/size, second
	}
}

// factored overwrites the matrix by its triangular factors and gives the row
// exchanged at each step. A singular matrix has factors too.
func (m *matrixTask) factored() []int {
	pivots := make([]int, min(m.rows, m.cols))
	if len(pivots) > 0 {
		dense64.Dgetrf(m.rows, m.cols, m.in[0], m.cols, pivots)
	}
	return pivots
}

func factorMatrix(m *matrixTask) error {
	pivots := m.factored()
	copy(m.out[0], m.in[0])
	order := make([]int, m.rows)
	for i := range order {
		order[i] = i
	}
	for i, p := range pivots {
		m.out[1][i] = float64(p)
		order[i], order[p] = order[p], order[i]
	}
	for i, row := range order {
		m.out[2][row] = float64(i)
	}
	return nil
}

// determinant gives the sign of a determinant and the function's sum over the
// factors' diagonal.
func (m *matrixTask) determinant(add func(diagonal float64)) (sign float64) {
	sign = 1
	for i, p := range m.factored() {
		if p != i {
			sign = -sign
		}
	}
	for i := range m.rows {
		add(m.in[0][i*m.cols+i])
	}
	return sign
}

func detMatrix(m *matrixTask) error {
	product := 1.0
	sign := m.determinant(func(d float64) { product *= d })
	m.out[0][0] = sign * product
	return nil
}

func slogdetMatrix(m *matrixTask) error {
	sum, turns := 0.0, 1.0
	sign := m.determinant(func(d float64) {
		sum += math.Log(math.Abs(d))
		switch {
		case d == 0:
			turns = 0
		case d < 0:
			turns = -turns
		}
	})
	m.out[0][0], m.out[1][0] = sign*turns, sum
	return nil
}

// addLinalg enters the decompositions.
func (t table) addLinalg() {
	rows := map[*engine.Op]func(m *matrixTask) error{
		engine.OpSolve: solveMatrix, engine.OpCholesky: choleskyMatrix, engine.OpQR: qrMatrix,
		engine.OpSVD: singularMatrix, engine.OpEigh: symmetricMatrix, engine.OpLU: factorMatrix,
		engine.OpDet: detMatrix, engine.OpSlogDet: slogdetMatrix,
	}
	for _, d := range []engine.Dtype{engine.Float32, engine.Float64} {
		for op, f := range rows {
			t.add(op, d, d, matrixwise(f))
			t.scratch(op, d, d, matrixWorkspace)
		}
		for _, c := range []engine.Dtype{engine.Complex64, engine.Complex128} {
			t.add(engine.OpEig, d, c, matrixwise(eigenMatrix(c == engine.Complex128)))
			t.scratch(engine.OpEig, d, c, matrixWorkspace)
		}
	}
	addComplexLinalg[complex64, float32](t, engine.Complex64)
	addComplexLinalg[complex128, float64](t, engine.Complex128)
}

func addComplexLinalg[T complexNumber, R float](t table, d engine.Dtype) {
	t.add(engine.OpEigh, d, d.Real(), hermitian[T, R])
	t.scratch(engine.OpEigh, d, d.Real(), hermitianWorkspace)
	t.add(engine.OpEig, d, d, matrixwise(complexEigenMatrix))
	t.scratch(engine.OpEig, d, d, matrixWorkspace)
	for _, out := range []engine.Dtype{d, d.Real()} {
		t.add(engine.OpSVD, d, out, matrixwise(complexSingularMatrix))
		t.scratch(engine.OpSVD, d, out, matrixWorkspace)
	}
}
