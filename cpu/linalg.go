package cpu

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/lapack"
	lapackgo "gonum.org/v1/gonum/lapack/gonum"

	"github.com/mlxstar/mlxstar/cpu/internal/linear"
	"github.com/mlxstar/mlxstar/engine"
)

var dense64 lapackgo.Implementation

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
	if part := m.attrs.(engine.TriangleAttrs).Part; part != engine.Whole {
		if m.machine != nil && diagonalWhole(a, n) {
			return m.machine.SolveTriangle(linear.Whole(a, n, n), linear.Whole(x, n, k), part == engine.Upper)
		}
		if !dense64.Dtrtrs(m.part(), blas.NoTrans, blas.NonUnit, n, k, a, n, x, k) {
			return m.failed("the matrix is singular: its diagonal has a 0")
		}
		return nil
	}
	pivots := make([]int, n)
	if m.machine != nil {
		square := linear.Whole(a, n, n)
		ok, err := m.machine.Factor(square, pivots, m.room)
		if err != nil {
			return err
		}
		if ok {
			return m.machine.Solve(square, pivots, linear.Whole(x, n, k))
		}
	}
	if m.machine != nil || !dense64.Dgetrf(n, n, a, n, pivots) {
		return m.failed("the matrix is singular")
	}
	dense64.Dgetrs(blas.NoTrans, n, k, a, n, pivots, x, k)
	return nil
}

// diagonalWhole reports whether no element of the diagonal is 0.
func diagonalWhole(a []float64, n int) bool {
	for i := range n {
		if a[i*n+i] == 0 {
			return false
		}
	}
	return true
}

// choleskyMatrix gives what there is of the factor of a matrix that is not positive
// definite, as LAPACK leaves it, up to the first pivot that has no root.
func choleskyMatrix(m *matrixTask) error {
	n, part := m.rows, m.part()
	if n == 0 {
		return nil
	}
	if part == blas.Upper {
		transposeSquare(m.in[0], n)
	}
	if _, err := m.machine.Cholesky(linear.Whole(m.in[0], n, n), m.room); err != nil {
		return err
	}
	if part == blas.Upper {
		transposeSquare(m.in[0], n)
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
	if m.machine != nil {
		q := linear.Whole(m.out[0], rows, k)
		err := m.machine.QR(linear.Whole(m.in[0], rows, cols), q, m.room)
		for i := range k {
			copy(m.out[1][i*cols+i:(i+1)*cols], m.in[0][i*cols+i:])
		}
		return err
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
	if m.machine != nil {
		return singularBlocks(m)
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

// singularBlocks is singularMatrix in blocks: of the transpose, too, unless that were wide.
func singularBlocks(m *matrixTask) error {
	rows, cols := m.rows, m.cols
	a, tall, wide := m.in[0], rows, cols
	u, v := m.out[0], m.out[2]
	if rows <= cols {
		tall, wide = cols, rows
		u, v = v, u
		a, m.room = m.room[:rows*cols], m.room[rows*cols:]
		linear.Transpose(linear.Whole(a, cols, rows), linear.Whole(m.in[0], rows, cols))
	}
	ok, err := m.machine.Singular(linear.Whole(a, tall, wide), m.out[1], linear.Whole(u, tall, tall), linear.Whole(v, wide, wide), m.room)
	if err != nil {
		return err
	}
	if !ok {
		return m.failed("the singular values did not converge")
	}
	transposeSquare(m.out[0], rows)
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
	if m.machine != nil {
		return symmetricBlocks(m)
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

// symmetricBlocks is symmetricMatrix in blocks.
func symmetricBlocks(m *matrixTask) error {
	n, a, lower := m.rows, m.in[0], m.part() == blas.Lower
	for i := range n { // the triangle that is read becomes both
		for j := range i {
			if lower {
				a[j*n+i] = a[i*n+j]
			} else {
				a[i*n+j] = a[j*n+i]
			}
		}
	}
	vectors := m.out[1]
	ok, err := m.machine.Symmetric(linear.Whole(a, n, n), m.out[0], linear.Whole(vectors, n, n), lower, m.room)
	if err != nil {
		return err
	}
	if !ok {
		return m.failed("the eigenvalues did not converge")
	}
	transposeSquare(vectors, n)
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
func (m *matrixTask) factored() ([]int, error) {
	pivots := make([]int, min(m.rows, m.cols))
	if m.machine != nil {
		_, err := m.machine.Factor(linear.Whole(m.in[0], m.rows, m.cols), pivots, m.room)
		return pivots, err
	}
	if len(pivots) > 0 {
		dense64.Dgetrf(m.rows, m.cols, m.in[0], m.cols, pivots)
	}
	return pivots, nil
}

func factorMatrix(m *matrixTask) error {
	pivots, err := m.factored()
	if err != nil {
		return err
	}
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
func (m *matrixTask) determinant(add func(diagonal float64)) (sign float64, err error) {
	sign = 1
	pivots, err := m.factored()
	for i, p := range pivots {
		if p != i {
			sign = -sign
		}
	}
	for i := range m.rows {
		add(m.in[0][i*m.cols+i])
	}
	return sign, err
}

func detMatrix(m *matrixTask) error {
	product := 1.0
	sign, err := m.determinant(func(d float64) { product *= d })
	m.out[0][0] = sign * product
	return err
}

func slogdetMatrix(m *matrixTask) error {
	sum, turns := 0.0, 1.0
	sign, err := m.determinant(func(d float64) {
		sum += math.Log(math.Abs(d))
		switch {
		case d == 0:
			turns = 0
		case d < 0:
			turns = -turns
		}
	})
	m.out[0][0], m.out[1][0] = sign*turns, sum
	return err
}

// From how many rows and columns on matrices are worked on in blocks.
const (
	blockedProducts = 32
	// blockedValues is LAPACK's size, too, from which on eigenvalues of parts are merged.
	blockedValues = 26
)

// blockedBy is a rule of matrices that are worked on in blocks from a size on.
func blockedBy(least int, room func(rows, cols int) int) func(rows, cols int, attrs any) (int, bool) {
	return func(rows, cols int, _ any) (int, bool) {
		if min(rows, cols) < least {
			return 0, false
		}
		return room(rows, cols), true
	}
}

// singularBlocked leaves values without vectors to gonum, which needs no products for them.
func singularBlocked(rows, cols int, attrs any) (room int, ok bool) {
	if min(rows, cols) < blockedValues || !attrs.(engine.SVDAttrs).Vectors {
		return 0, false
	}
	return rows*cols + linear.SingularRoom(max(rows, cols), min(rows, cols)), true
}

// addLinalg enters the decompositions.
func (t table) addLinalg(f64 *arithmetic[float64, float64]) {
	factors := blockedBy(blockedProducts, func(rows, _ int) int { return linear.FactorRoom(rows) })
	rows := map[*engine.Op]decomposition{
		engine.OpSolve:    {solveMatrix, factors},
		engine.OpCholesky: {choleskyMatrix, blockedBy(0, func(n, _ int) int { return linear.CholeskyRoom(n) })},
		engine.OpQR:       {qrMatrix, blockedBy(blockedProducts, linear.QRRoom)},
		engine.OpSVD:      {singularMatrix, singularBlocked},
		engine.OpEigh:     {symmetricMatrix, blockedBy(blockedValues, func(n, _ int) int { return linear.SymmetricRoom(n) })},
		engine.OpLU:       {factorMatrix, factors}, engine.OpDet: {detMatrix, factors}, engine.OpSlogDet: {slogdetMatrix, factors},
	}
	for _, d := range []engine.Dtype{engine.Float32, engine.Float64} {
		for op, of := range rows {
			t.decomposition(op, d, d, of, f64)
		}
		for _, c := range []engine.Dtype{engine.Complex64, engine.Complex128} {
			t.decomposition(engine.OpEig, d, c, decomposition{one: eigenMatrix(c == engine.Complex128)}, f64)
		}
	}
	addComplexLinalg[complex64, float32](t, engine.Complex64, f64)
	addComplexLinalg[complex128, float64](t, engine.Complex128, f64)
}

func addComplexLinalg[T complexNumber, R float](t table, d engine.Dtype, f64 *arithmetic[float64, float64]) {
	t.add(engine.OpEigh, d, d.Real(), hermitian[T, R])
	t.scratch(engine.OpEigh, d, d.Real(), hermitianWorkspace)
	t.decomposition(engine.OpEig, d, d, decomposition{one: complexEigenMatrix}, f64)
	for _, out := range []engine.Dtype{d, d.Real()} {
		t.decomposition(engine.OpSVD, d, out, decomposition{one: complexSingularMatrix}, f64)
	}
}

func (t table) decomposition(op *engine.Op, in, out engine.Dtype, of decomposition, f64 *arithmetic[float64, float64]) {
	t.add(op, in, out, of.kernel(f64))
	t.scratch(op, in, out, of.workspace)
}
