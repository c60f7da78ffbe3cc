package simd

// New gives the best kernels for this processor, or nil.
func New() *Kernels {
	sets := sets()
	if len(sets) == 0 {
		return nil
	}
	return sets[len(sets)-1].kernels
}

// set is the kernels of a set of instructions.
type set struct {
	name    string
	kernels *Kernels
}

// Kernels are those of one processor. All are there: loops stand in for those that
// are not written.
type Kernels struct {
	Float32   Numbers[float32]
	Float64   Numbers[float64]
	Functions Functions
	Half      Codec[uint16, float32]
	Brain     Codec[uint16, float32]
	Single    Codec[float32, float64]
	// FewHalf and FewBrain multiply by matrices of 16-bit floats. Where they are nil
	// these are better widened first.
	FewHalf, FewBrain Few[float32, uint16]
	Codes             Decoders
	// Threefry draws words of Threefry2x32 with 20 rounds: the first of the pair of
	// each counter to x and the second to y, four bytes each, low byte first. The
	// counters begin at low and high, which both count. It draws eight at a time
	// and gives the number drawn, as many as x and y have room for or fewer.
	Threefry func(x, y []byte, key [2]uint32, low, high uint32) (drawn int)
	// Quarters does rows from to end, of which there are m, of a pass of a Fourier
	// transform by four: a row is stride sets of numbers at src[stride*(k+r*m):], r
	// from 0 to 3, whose outcomes, times the powers of roots[k*stride], go to
	// dst[stride*(4*k+r):]. Turn is 1 or -1, the sign of the quarter turn. It gives
	// the number of rows done, which may be fewer.
	Quarters func(dst, src, roots []complex128, from, end, m, stride int, turn float64) int
	// Odd does the same of a pass by an odd factor, without the first power, which is 1: circle has the cosine and
	// the sine of each root of the factor up to half the way round. It may be nil.
	Odd func(dst, src, roots []complex128, circle []float64, from, end, m, stride int) int
	// Choose takes elements of a where the byte of where is not 0, of b elsewhere.
	Choose func(dst []uint32, where []uint8, a, b []uint32)
	// Transpose writes element d of row i, of eight rows that begin step apart, to
	// dst[d*apart+i], for deep elements, a multiple of eight, of each.
	Transpose func(dst, src []uint32, deep, step, apart int)
	// TransposePairs and TransposeBytes are the same for elements of two bytes and of one. They may be nil.
	TransposePairs func(dst, src []uint16, deep, step, apart int)
	TransposeBytes func(dst, src []uint8, deep, step, apart int)
	// Modulus gives the moduli of complex numbers, given as real and imaginary parts by turns, and the number of
	// those done, which may be fewer than dst has. It may be nil.
	Modulus func(dst, parts []float32) (done int)
	// Blocks are the kernels that work on blocks: of integers, bools, comparisons and
	// conversions. An operation without one is its caller's.
	Blocks map[Row]Block
	// Words and Quads put keys in order. FloatKeys makes keys that order as floats do, -0 before 0 and
	// every NaN, as one, last, and FromFloatKeys goes back; they are nil where Words has no kernels.
	Words         Keys[uint32]
	Quads         Keys[uint64]
	FloatKeys     func(dst []uint32, src []float32)
	FromFloatKeys func(dst []float32, src []uint32)
	// Affine multiplies by scale and adds shift, rounding once.
	Affine func(dst, a []float32, scale, shift float32)
}

// Unary computes elements of a, as many as dst has.
type Unary[T any] func(dst, a []T)

// Binary computes elements of a and b, as many as dst has.
type Binary[T any] func(dst, a, b []T)

// Numbers are the kernels of a float type.
type Numbers[T float32 | float64] struct {
	Matrix  Matrix[T]
	Columns Columns[T]
	Few     Few[T, T]

	// These round once or not at all. Max and Min give NaN where either operand is
	// NaN, and b where the two are equal.
	Add, Sub, Mul, Div, Max, Min Binary[T]
	Neg, Abs, Square, Sqrt       Unary[T]
	Floor, Ceil, Trunc, Rint     Unary[T]

	// Sum adds in float64.
	Sum func(a []T) float64
	// Greatest and Least give NaN if an element is NaN. There must be one element.
	Greatest, Least func(a []T) T
	// Dot adds up the products of elements.
	Dot func(a, b []T) T
	// Axpy adds x times a to y, each product unrounded.
	Axpy func(y []T, x T, a []T)
	// Scale multiplies y by x.
	Scale func(y []T, x T)
}

// ColumnFold folds rows of as many elements as acc has, which begin stride apart,
// into acc: element j takes in a[r*stride+j], for r from 0 on in order.
type ColumnFold[A, T any] func(acc []A, a []T, rows, stride int)

// Columns fold rows into one. Sums and products are those of float64, as Go's
// operators give them; Greatest and Least are repetitions of Max and Min.
type Columns[T float32 | float64] struct {
	Sum, Product    ColumnFold[float64, T]
	Greatest, Least ColumnFold[T, T]
}

// Functions of float32. Each but Erfinv is within two units in the last place of
// the true value, subnormal numbers, infinities and NaN included; the bounds of
// each, over every float32, are in the package's tests.
type Functions struct {
	Exp, Log, Tanh, Sigmoid, Erf, Sin, Cos, Rsqrt Unary[float32]
	// These are worked out in float64 and off by little more than the rounding.
	Log2, Log10, Log1p, Expm1, Tan, Arcsin, Arccos, Arctan Unary[float32]
	Sinh, Cosh, Arcsinh, Arccosh, Arctanh                  Unary[float32]
	// Arctan2 is the angle of (b, a), Power a to the power b, LogAddExp the
	// logarithm of exp(a)+exp(b).
	Arctan2, Power, LogAddExp Binary[float32]
	// Erfinv is x times a polynomial in log(1-x^2), whose coefficients are those
	// that MLX draws normal numbers with. It is within 2.4 units.
	Erfinv Unary[float32]
}

// Codec converts between floats of two sizes, ties to even. NaN becomes quiet and
// keeps its leading payload.
type Codec[N, W any] struct {
	Widen  func(dst []W, src []N)
	Narrow func(dst []N, src []W)
}

// Matrix is what products of matrices are made of. A panel is a stretch of rows
// or columns of a matrix, packed so that the micro-kernel reads it in order.
type Matrix[T float32 | float64] struct {
	// Rows and Cols are the shape of what Tile computes at once.
	Rows, Cols int
	// Tile multiplies a, depth columns of Rows numbers, by b, depth rows of Cols.
	// The product goes to c, whose rows begin stride apart: over what is there if
	// first is set, added to it otherwise. The terms of a sum are added in order,
	// each product unrounded.
	Tile func(depth int, a, b, c []T, stride int, first bool)
	// PackRows copies depth rows of Cols numbers that begin stride apart.
	PackRows func(dst, src []T, depth, stride int)
	// Interleave writes element k of row i of depth to dst[k*width+i]. The rows
	// begin stride apart and are as many as the panel is wide: Rows or Cols.
	Interleave func(dst, src []T, depth, stride, width int)
}

// Decoders read the codes of quantized matrices.
type Decoders struct {
	// Unpack takes codes of 2 to 8 bits from a stream, low bits first, to a byte
	// each, as many as dst has: a multiple of 8.
	Unpack func(dst, src []byte, bits int)
	// Whole are codes that count from 0, FP4 floats of 4 bits (E2M1) and FP8 of 8
	// (E4M3, without NaN: those codes go on counting).
	Whole, FP4, FP8 Decoder
	// Arrange writes whole blocks of numbers as the kernels for rows of codes want them.
	Arrange func(dst, x []float32)
}

// Decoder computes with the numbers that codes stand for, in as many groups as
// there are scales, of 16 elements or a multiple.
type Decoder struct {
	// Dot adds up the products of the numbers and x, each group's times its scale.
	Dot func(codes []byte, x, scales []float32) float32
	// Fill writes the numbers times the scale of their group, plus, of codes that
	// are Whole, its bias.
	Fill func(dst []float32, codes []byte, scales, biases []float32)
	// Rows gives the kernel for rows of codes of some bits that are read as they are
	// stored, or nil.
	Rows func(bits int) CodeRows
	// Fixed gives the kernels for rows of codes of some bits by numbers in fixed point, or nil.
	Fixed func(bits int) *FixedRows
	// Tiles are the kernels for many rows of both, or nil.
	Tiles *CodeTiles
}

// CodeRows multiplies a few rows of numbers, arranged as a [CodeMatrix] has them, by rows of
// codes: element j of row i of y becomes the product of row i of x and row j. What that
// gives does not depend on the rows beside it.
type CodeRows func(y, x Lines[float32], count int, a CodeMatrix)

// FixedBlock is the number of numbers of which whole ones are brought into fixed point.
const FixedBlock = 128

// FixedRows multiply a row of numbers in fixed point by rows of codes, as they are stored.
// Blocks of numbers, of at most [FixedBlock], are integers times one unit each, in which the
// greatest of them has 22 or 23 bits: so what is multiplied is off by at most 2^-23 of that.
// Integers are multiplied and added up exactly.
type FixedRows struct {
	// Fix writes whole blocks of numbers, which take no more room than they did, or gives
	// false: where one is infinite or not a number, and where those of a block are all less than
	// 2^-100, but not all 0, or one is more than 2^100.
	Fix func(dst, x []float32) bool
	// Multiply writes the products of such a row and each row of codes. Sums are those of the
	// groups of numbers, which biases multiply.
	Multiply func(y, x, sums []float32, a CodeMatrix)
}

// CodeBlock is the number of codes that share no scale with others, or share all of
// theirs.
const CodeBlock = 64

// CodeMatrix are rows of codes, each of groups of Size, a multiple of 16. Those of less than
// a [CodeBlock] are half or a quarter of one.
type CodeMatrix struct {
	Bits, Groups, Size, Rows int
	Codes                    []byte // a row after the other
	// Scales has one for each group, or, where these are larger, for each block.
	Scales []float32
	Biases []float32 // one for each group, or none
}

// Scaled is the number of scales of a row.
func (a *CodeMatrix) Scaled() int { return a.Groups * max(a.Size/CodeBlock, 1) }

// Whole is the number of codes of a row, or the next one of whole blocks of some codes.
func (a *CodeMatrix) Whole(block int) int { return (a.Groups*a.Size + block - 1) / block * block }

// Arranged is the length of an arranged row of numbers, or of one in fixed point: whole blocks,
// and the sums of groups.
func (a *CodeMatrix) Arranged() int { return a.Whole(FixedBlock) + a.Groups }
