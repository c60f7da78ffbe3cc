package number

import (
	"math"
	"math/big"

	"go.starlark.net/starlark"
)

// CompareIntFloat orders an int and a float exactly. The float is not NaN.
func CompareIntFloat(x starlark.Int, y float64) int {
	if n, ok := x.Int64(); ok && -(1<<53) <= n && n <= 1<<53 {
		f := float64(n)
		switch {
		case f < y:
			return -1
		case f > y:
			return 1
		}
		return 0
	}
	if math.IsInf(y, 1) {
		return -1
	}
	if math.IsInf(y, -1) {
		return 1
	}
	return new(big.Float).SetInt(x.BigInt()).Cmp(big.NewFloat(y))
}

// CompareInts orders two ints.
func CompareInts(x, y starlark.Int) int {
	a, oka := x.Int64()
	b, okb := y.Int64()
	if oka && okb {
		switch {
		case a < b:
			return -1
		case a > b:
			return 1
		}
		return 0
	}
	return x.BigInt().Cmp(y.BigInt())
}
