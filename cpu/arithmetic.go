package cpu

import (
	"math"
	"math/cmplx"

	"github.com/mlxstar/mlxstar/engine"
)

func addLoop[T numeric](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] + b[i]
	}
}

func subLoop[T numeric](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] - b[i]
	}
}

func mulLoop[T numeric](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] * b[i]
	}
}

func divLoop[T float](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] / b[i]
	}
}

func negLoop[T numeric](dst, a []T) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = -a[i]
	}
}

func squareLoop[T numeric](dst, a []T) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = a[i] * a[i]
	}
}

// maximum and minimum give NaN where either operand is, and the second operand
// where the two are equal.
func maximum[T realNumber](a, b T) T {
	if a > b || a != a {
		return a
	}
	return b
}

func minimum[T realNumber](a, b T) T {
	if a < b || a != a {
		return a
	}
	return b
}

func maxLoop[T realNumber](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = maximum(a[i], b[i])
	}
}

func minLoop[T realNumber](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = minimum(a[i], b[i])
	}
}

// lessComplex orders complex numbers by real part, then by imaginary part.
func lessComplex[T complexNumber](a, b T) bool {
	x, y := complex128(a), complex128(b)
	if r, s := real(x), real(y); r != s {
		return r < s
	}
	return imag(x) < imag(y)
}

// nanComplex reports whether either part is NaN.
func nanComplex[T complexNumber](a T) bool {
	x := complex128(a)
	return math.IsNaN(real(x)) || math.IsNaN(imag(x))
}

func maximumComplex[T complexNumber](a, b T) T {
	if lessComplex(b, a) || nanComplex(a) {
		return a
	}
	return b
}

func minimumComplex[T complexNumber](a, b T) T {
	if lessComplex(a, b) || nanComplex(a) {
		return a
	}
	return b
}

// quotient rounds down; a zero divisor gives 0.
func quotient[T integer](a, b T) T {
	if b == 0 {
		return 0
	}
	q := a / b
	if r := a - q*b; r != 0 && (r < 0) != (b < 0) {
		q--
	}
	return q
}

// modulo has the divisor's sign; a zero divisor gives 0.
func modulo[T integer](a, b T) T {
	if b == 0 {
		return 0
	}
	r := a % b
	if r != 0 && (r < 0) != (b < 0) {
		r += b
	}
	return r
}

func floatModulo(a, b float64) float64 {
	r := math.Mod(a, b)
	if r != 0 && (r < 0) != (b < 0) {
		r += b
	}
	return r
}

func floorQuotient(a, b float64) float64 { return math.Floor(a / b) }

// floorQuotient32 rounds the quotient to float32 before it takes the floor.
func floorQuotient32(a, b float32) float32 { return float32(math.Floor(float64(a / b))) }

// floorHalf rounds the quotient to the 16-bit float before it takes the floor,
// which needs no rounding of its own.
func floorHalf[H half | brain](t table, d engine.Dtype, k codec[H]) {
	t.loop(engine.OpFloorDivide, d, d, chunkedBinary(heavy, func(ts *tiles, dst, a, b []H) {
		x, y := tile[float32](ts, 4, len(dst)), tile[float32](ts, 5, len(dst))
		k.widen(x, a)
		k.widen(y, b)
		divLoop(x, x, y)
		k.narrow(dst, x)
		k.widen(x, dst)
		for i := range x {
			x[i] = float32(math.Floor(float64(x[i])))
		}
		k.narrow(dst, x)
	}))
}

// integerPower multiplies by repeated squaring and wraps; a negative exponent
// gives 0.
func integerPower[T integer](a, n T) T {
	if n < 0 {
		return 0
	}
	p := T(1)
	for n > 0 {
		if n&1 != 0 {
			p *= a
		}
		a *= a
		n >>= 1
	}
	return p
}

// complexProduct rounds each product of parts, as MLX and NumPy do, where Go's own may
// round once: an infinite one meets its like as NaN.
func complexProduct(a, b complex64) complex64 {
	re := float32(real(a)*real(b)) - float32(imag(a)*imag(b))
	im := float32(real(a)*imag(b)) + float32(imag(a)*real(b))
	if re != re && im != im {
		over := math.IsInf(float64(real(a)*real(b)), 0) || math.IsInf(float64(imag(a)*imag(b)), 0) ||
			math.IsInf(float64(real(a)*imag(b)), 0) || math.IsInf(float64(imag(a)*real(b)), 0)
		return complex64(infiniteProduct(complex128(a), complex128(b), over))
	}
	return complex(re, im)
}

// infiniteProduct is a product of which both parts came out as NaN. By C's rules it is infinite
// where a factor is, or a product of two parts was: infinite parts count as 1, finite ones beside
// them and NaN as 0, each with its sign.
func infiniteProduct(a, b complex128, over bool) complex128 {
	inf := func(x float64) bool { return math.IsInf(x, 0) }
	box := func(z complex128) complex128 {
		part := func(x float64) float64 {
			if inf(x) {
				return math.Copysign(1, x)
			}
			return math.Copysign(0, x)
		}
		return complex(part(real(z)), part(imag(z)))
	}
	known := func(z complex128) complex128 {
		part := func(x float64) float64 {
			if x != x {
				return math.Copysign(0, x)
			}
			return x
		}
		return complex(part(real(z)), part(imag(z)))
	}
	endless := func(z complex128) bool { return inf(real(z)) || inf(imag(z)) }
	wasA, wasB := endless(a), endless(b)
	switch {
	case !wasA && !wasB && !over:
		return complex(math.NaN(), math.NaN())
	case !wasA && !wasB:
		a, b = known(a), known(b)
	}
	if wasA {
		a, b = box(a), known(b)
	}
	if wasB {
		a, b = known(a), box(b)
	}
	re := real(a)*real(b) - imag(a)*imag(b)
	im := real(a)*imag(b) + imag(a)*real(b)
	return complex(math.Inf(1)*re, math.Inf(1)*im)
}

func complexProductLoop(dst, a, b []complex64) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = complexProduct(a[i], b[i])
	}
}

// modulusLoop works out in float64, in which no square of a float32 overflows.
func modulusLoop(dst []float32, a []complex64) {
	a = a[:len(dst)]
	for i, z := range a {
		re, im := float64(real(z)), float64(imag(z))
		r := math.Sqrt(float64(re*re) + float64(im*im))
		if r != r { // of infinity and NaN it is infinite
			r = math.Hypot(re, im)
		}
		dst[i] = float32(r)
	}
}

func wideProduct(a, b complex128) complex128 {
	re := float64(real(a)*real(b)) - float64(imag(a)*imag(b))
	im := float64(real(a)*imag(b)) + float64(imag(a)*real(b))
	if re != re && im != im {
		over := math.IsInf(real(a)*real(b), 0) || math.IsInf(imag(a)*imag(b), 0) || math.IsInf(real(a)*imag(b), 0) || math.IsInf(imag(a)*real(b), 0)
		return infiniteProduct(a, b, over)
	}
	return complex(re, im)
}

func complexPower[T complexNumber](a, b T) T {
	if b == 0 {
		return 1
	}
	if a == 0 {
		if real(complex128(b)) > 0 {
			return 0
		}
		return T(cmplx.NaN())
	}
	return T(cmplx.Pow(complex128(a), complex128(b)))
}

// widePower multiplies for whole exponents below 100, as NumPy does.
func widePower(a, b complex128) complex128 {
	n := int(real(b))
	if imag(b) != 0 || float64(n) != real(b) || n <= -100 || n >= 100 || n == 0 || a == 0 {
		return complexPower(a, b)
	}
	if n == 3 {
		return wideProduct(a, wideProduct(a, a))
	}
	p, base := complex128(1), a
	if n > 0 && n < 3 { // no product by 1, which would lose the sign of a zero
		p, n = a, n-1
	}
	for k := max(n, -n); k > 0; k >>= 1 {
		if k&1 != 0 {
			p = wideProduct(p, base)
		}
		base = wideProduct(base, base)
	}
	if n < 0 {
		return 1 / p
	}
	return p
}

func signedSign[T signed](a T) T {
	switch {
	case a > 0:
		return 1
	case a < 0:
		return -1
	}
	return 0
}

func unsignedSign[T unsigned](a T) T { return min(a, 1) }

// floatSign of NaN is 0, as of either zero.
func floatSign[T float](a T) T {
	switch {
	case a > 0:
		return 1
	case a < 0:
		return -1
	}
	return 0
}

func complexSign[T complexNumber](a T) T {
	if a == 0 {
		return a
	}
	return T(complex128(a) / complex(cmplx.Abs(complex128(a)), 0))
}

func magnitude[T signed](a T) T {
	if a < 0 {
		return -a
	}
	return a
}

func absLoop32(dst, a []float32) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = math.Float32frombits(math.Float32bits(a[i]) &^ (1 << 31))
	}
}

func zeroLoop[T any](dst, _ []T) { clear(dst) }

func realPart[T complexNumber, R float](a T) R { return R(real(complex128(a))) }

func imagPart[T complexNumber, R float](a T) R { return R(imag(complex128(a))) }

// addArithmetic enters the operations that are defined for every number.
func (t table) addArithmetic() {
	t.addIntegers()
	t.addBools()
	addComplex(t, engine.Complex64, complexProduct, complexPower[complex64], modulusLoop)
	same2(t, engine.OpMultiply, engine.Complex64, complexProductLoop)
	same2(t, engine.OpMultiply, engine.Complex128, each2(wideProduct))
	addComplex(t, engine.Complex128, wideProduct, widePower, each(func(z complex128) float64 { return math.Hypot(real(z), imag(z)) }))
	t.floats2(engine.OpAdd, light, addLoop[float32], addLoop[float64])
	t.floats2(engine.OpSubtract, light, subLoop[float32], subLoop[float64])
	t.floats2(engine.OpMultiply, light, mulLoop[float32], mulLoop[float64])
	t.floats2(engine.OpDivide, light, divLoop[float32], divLoop[float64])
	t.floats2(engine.OpMaximum, light, maxLoop[float32], maxLoop[float64])
	t.floats2(engine.OpMinimum, light, minLoop[float32], minLoop[float64])
	t.loop(engine.OpFloorDivide, engine.Float32, engine.Float32, binary(heavy, each2(floorQuotient32)))
	t.loop(engine.OpFloorDivide, engine.Float64, engine.Float64, binary(heavy, each2(floorQuotient)))
	floorHalf(t, engine.Float16, halfCodec)
	floorHalf(t, engine.BFloat16, brainCodec)
	t.floats2(engine.OpRemainder, heavy, through2(floatModulo), each2(floatModulo))
	t.floats2(engine.OpPower, heavy, through2(math.Pow), each2(math.Pow))
	t.floats(engine.OpNegative, light, negLoop[float32], negLoop[float64])
	t.floats(engine.OpSquare, light, squareLoop[float32], squareLoop[float64])
	t.floats(engine.OpAbs, light, absLoop32, each(math.Abs))
	t.floats(engine.OpSign, light, each(floatSign[float32]), each(floatSign[float64]))
	t.floats(engine.OpFloor, light, through(math.Floor), each(math.Floor))
	t.floats(engine.OpCeil, light, through(math.Ceil), each(math.Ceil))
	t.floats(engine.OpRint, light, through(math.RoundToEven), each(math.RoundToEven))
	t.floats(engine.OpTrunc, light, through(math.Trunc), each(math.Trunc))
	t.floats(engine.OpConjugate, light, identity[float32], identity[float64])
	t.floats(engine.OpReal, light, identity[float32], identity[float64])
	t.floats(engine.OpImag, light, zeroLoop[float32], zeroLoop[float64])
}

// addWhole enters the operations that all integers share.
func addWhole[T integer](t table, d engine.Dtype) {
	same2(t, engine.OpAdd, d, addLoop[T])
	same2(t, engine.OpSubtract, d, subLoop[T])
	same2(t, engine.OpMultiply, d, mulLoop[T])
	same2(t, engine.OpFloorDivide, d, each2(quotient[T]))
	same2(t, engine.OpRemainder, d, each2(modulo[T]))
	same2(t, engine.OpPower, d, each2(integerPower[T]))
	same2(t, engine.OpMaximum, d, maxLoop[T])
	same2(t, engine.OpMinimum, d, minLoop[T])
	same2(t, engine.OpBitAnd, d, each2(func(a, b T) T { return a & b }))
	same2(t, engine.OpBitOr, d, each2(func(a, b T) T { return a | b }))
	same2(t, engine.OpBitXor, d, each2(func(a, b T) T { return a ^ b }))
	same(t, engine.OpInvert, d, each(func(a T) T { return ^a }))
	same(t, engine.OpNegative, d, negLoop[T])
	same(t, engine.OpSquare, d, squareLoop[T])
	for _, op := range []*engine.Op{engine.OpFloor, engine.OpCeil, engine.OpRint, engine.OpTrunc, engine.OpConjugate, engine.OpReal} {
		same(t, op, d, identity[T])
	}
	same(t, engine.OpImag, d, zeroLoop[T])
	shiftRows[T](t, d)
}

func addUnsigned[T unsigned](t table, d engine.Dtype) {
	addWhole[T](t, d)
	same(t, engine.OpAbs, d, identity[T])
	same(t, engine.OpSign, d, each(unsignedSign[T]))
}

func addSigned[T signed](t table, d engine.Dtype) {
	addWhole[T](t, d)
	same(t, engine.OpAbs, d, each(magnitude[T]))
	same(t, engine.OpSign, d, each(signedSign[T]))
}

// addBools: bools add as or, subtract as exclusive or, multiply as and.
func (t table) addBools() {
	or := func(a, b truth) truth { return truthOf(a|b != 0) }
	and := func(a, b truth) truth { return truthOf(a != 0 && b != 0) }
	xor := func(a, b truth) truth { return truthOf((a != 0) != (b != 0)) }
	rows := map[*engine.Op]func(a, b truth) truth{
		engine.OpAdd: or, engine.OpMaximum: or, engine.OpBitOr: or, engine.OpLogicalOr: or,
		engine.OpMultiply: and, engine.OpMinimum: and, engine.OpBitAnd: and, engine.OpLogicalAnd: and,
		engine.OpFloorDivide: and,
		engine.OpSubtract:    xor, engine.OpBitXor: xor, engine.OpLogicalXor: xor,
		engine.OpRemainder: func(_, _ truth) truth { return 0 },
		engine.OpPower:     func(a, b truth) truth { return truthOf(a != 0 || b == 0) },
	}
	for op, f := range rows {
		same2(t, op, engine.Bool, each2(f))
	}
	tidy := each(func(a truth) truth { return truthOf(a != 0) })
	for _, op := range []*engine.Op{engine.OpAbs, engine.OpSign, engine.OpSquare, engine.OpFloor, engine.OpCeil, engine.OpRint, engine.OpTrunc, engine.OpConjugate, engine.OpReal} {
		same(t, op, engine.Bool, tidy)
	}
	not := each(func(a truth) truth { return truthOf(a == 0) })
	same(t, engine.OpLogicalNot, engine.Bool, not)
	same(t, engine.OpInvert, engine.Bool, not)
	same(t, engine.OpImag, engine.Bool, zeroLoop[truth])
}

// addComplex enters the arithmetic of a complex dtype, the parts of which are R.
func addComplex[T complexNumber, R float](t table, d engine.Dtype, product, power func(a, b T) T, abs unaryLoop[T, R]) {
	same2(t, engine.OpAdd, d, addLoop[T])
	same2(t, engine.OpSubtract, d, subLoop[T])
	t.loop(engine.OpDivide, d, d, binary(heavy, each2(func(a, b T) T { return T(complex128(a) / complex128(b)) })))
	t.loop(engine.OpPower, d, d, binary(heavy, each2(power)))
	same2(t, engine.OpMaximum, d, each2(maximumComplex[T]))
	same2(t, engine.OpMinimum, d, each2(minimumComplex[T]))
	same(t, engine.OpNegative, d, negLoop[T])
	same(t, engine.OpSquare, d, each(func(a T) T { return product(a, a) }))
	t.loop(engine.OpSign, d, d, unary(heavy, each(complexSign[T])))
	parts := func(f func(re, im float64) (float64, float64)) unaryLoop[T, T] {
		return each(func(a T) T {
			re, im := f(real(complex128(a)), imag(complex128(a)))
			return T(complex(re, im))
		})
	}
	same(t, engine.OpRint, d, parts(func(re, im float64) (float64, float64) { return math.RoundToEven(re), math.RoundToEven(im) }))
	same(t, engine.OpConjugate, d, parts(func(re, im float64) (float64, float64) { return re, -im }))
	t.loop(engine.OpAbs, d, d.Real(), unary(light, abs))
	t.loop(engine.OpReal, d, d.Real(), unary(light, each(realPart[T, R])))
	t.loop(engine.OpImag, d, d.Real(), unary(light, each(imagPart[T, R])))
}
