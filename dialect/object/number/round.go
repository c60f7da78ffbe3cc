package number

import (
	"math"
	"math/big"
	"strconv"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object/fault"
)

// Round is round(f, n): the decimal nearest to the exact value, half to even.
// It reports false where no float is as large.
func Round(f float64, n int) (rounded float64, ok bool) {
	if math.IsNaN(f) || math.IsInf(f, 0) || n > 330 {
		return f, true
	}
	if n < -330 {
		return math.Copysign(0, f), true
	}
	if n >= 0 {
		r, err := strconv.ParseFloat(strconv.FormatFloat(f, 'f', n, 64), 64)
		if err != nil {
			return 0, false
		}
		return r, true
	}
	exact := new(big.Rat).SetFloat64(f)
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(-n)), nil)
	q := roundRat(exact.Quo(exact, new(big.Rat).SetInt(scale)))
	r, _ := new(big.Float).SetInt(q.Mul(q, scale)).Float64()
	if math.IsInf(r, 0) {
		return 0, false
	}
	return math.Copysign(r, f), true
}

// roundRat is the nearest integer, half to even.
func roundRat(r *big.Rat) *big.Int {
	two := big.NewInt(2)
	num, den := new(big.Int).Mul(r.Num(), two), new(big.Int).Set(r.Denom())
	num.Add(num, den)
	den.Mul(den, two)
	q, m := new(big.Int).DivMod(num, den, new(big.Int))
	if m.Sign() == 0 && q.Bit(0) == 1 { // a tie, rounded up to odd
		q.Sub(q, big.NewInt(1))
	}
	return q
}

// RoundInt is round(i, n) for negative n.
func RoundInt(i starlark.Int, n int) starlark.Value {
	if n >= 0 {
		return i
	}
	b := i.BigInt()
	if -n > b.BitLen() {
		return starlark.MakeInt(0)
	}
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(-n)), nil)
	q := roundRat(new(big.Rat).SetFrac(b, scale))
	return starlark.MakeBigInt(q.Mul(q, scale))
}

// Truncate is int(f): f towards zero. NaN is a ValueError, an infinity an OverflowError.
func Truncate(f float64) (starlark.Int, error) {
	switch {
	case math.IsNaN(f):
		return starlark.Int{}, fault.Errorf(fault.ValueError, "cannot convert float NaN to integer")
	case math.IsInf(f, 0):
		return starlark.Int{}, fault.Errorf(fault.OverflowError, "cannot convert float infinity to integer")
	}
	return starlark.NumberToInt(starlark.Float(f))
}
