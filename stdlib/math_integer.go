package stdlib

import (
	"math/big"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

var integerFunctions = []function{
	{"gcd(*integers)", "Greatest Common Divisor.", func(c *call) (starlark.Value, error) {
		acc := new(big.Int)
		for _, v := range c.Rest {
			acc.GCD(nil, nil, acc, new(big.Int).Abs(c.ToBig(v)))
		}
		return starlark.MakeBigInt(acc), nil
	}},
	{"lcm(*integers)", "Least Common Multiple.", func(c *call) (starlark.Value, error) {
		acc := big.NewInt(1)
		for _, v := range c.Rest {
			n := new(big.Int).Abs(c.ToBig(v))
			if n.Sign() == 0 {
				acc.SetInt64(0)
			}
			if acc.Sign() == 0 {
				continue
			}
			g := new(big.Int).GCD(nil, nil, acc, n)
			acc.Mul(acc, n.Quo(n, g))
		}
		return starlark.MakeBigInt(acc), nil
	}},
	{"factorial(n, /)", "Find n!.", mathFactorial},
	{"isqrt(n, /)", "Return the integer part of the square root of the input.", func(c *call) (starlark.Value, error) {
		n := c.BigInt(0)
		if n.Sign() < 0 {
			return nil, object.Errorf(object.ValueError, "isqrt() argument must be nonnegative")
		}
		return starlark.MakeBigInt(new(big.Int).Sqrt(n)), nil
	}},
	{"comb(n, k, /)", "Number of ways to choose k items from n items without repetition and without order.", func(c *call) (starlark.Value, error) {
		n, k, err := choice(c)
		if err != nil || k < 0 {
			return starlark.MakeInt(0), err
		}
		if n.IsInt64() {
			return starlark.MakeBigInt(new(big.Int).Binomial(n.Int64(), k)), nil
		}
		num := fallingProduct(n, k)
		return starlark.MakeBigInt(num.Quo(num, new(big.Int).MulRange(1, k))), nil
	}},
	{"perm(n, k=None, /)", "Number of ways to choose k items from n items without repetition and with order.", func(c *call) (starlark.Value, error) {
		if !c.Given(1) {
			return mathFactorial(c)
		}
		n, k, err := choice(c)
		if err != nil || k < 0 {
			return starlark.MakeInt(0), err
		}
		return starlark.MakeBigInt(fallingProduct(n, k)), nil
	}},
}

// maxFactorial bounds what factorial, comb and perm compute: beyond it the
// result would fill the memory.
const maxFactorial = 1 << 22

func mathFactorial(c *call) (starlark.Value, error) {
	if f, ok := c.Arg(0).(starlark.Float); ok {
		return nil, object.Errorf(object.TypeError, "'%s' object cannot be interpreted as an integer", object.TypeName(f))
	}
	n := c.BigInt(0)
	switch {
	case n.Sign() < 0:
		return nil, object.Errorf(object.ValueError, "factorial() not defined for negative values")
	case !n.IsInt64() || n.Int64() > maxFactorial:
		return nil, object.Errorf(object.OverflowError, "factorial() argument should not exceed %d", maxFactorial)
	}
	return starlark.MakeBigInt(new(big.Int).MulRange(1, n.Int64())), nil
}

// choice takes n and k of comb and perm. A k above n is -1: there are no ways.
func choice(c *call) (n *big.Int, k int64, err error) {
	n, kk := c.BigInt(0), c.BigInt(1)
	switch {
	case c.Err != nil:
		return nil, 0, c.Err
	case n.Sign() < 0:
		return nil, 0, object.Errorf(object.ValueError, "n must be a non-negative integer")
	case kk.Sign() < 0:
		return nil, 0, object.Errorf(object.ValueError, "k must be a non-negative integer")
	case kk.Cmp(n) > 0:
		return n, -1, nil
	}
	if c.Name == "comb" {
		if rest := new(big.Int).Sub(n, kk); rest.Cmp(kk) < 0 {
			kk = rest
		}
	}
	if !kk.IsInt64() || kk.Int64() > maxFactorial {
		return nil, 0, object.Errorf(object.OverflowError, "min(n - k, k) must not exceed %d", maxFactorial)
	}
	return n, kk.Int64(), nil
}

// fallingProduct is n (n-1) ... (n-k+1).
func fallingProduct(n *big.Int, k int64) *big.Int {
	if n.IsInt64() {
		return new(big.Int).MulRange(n.Int64()-k+1, n.Int64())
	}
	acc, f, one := big.NewInt(1), new(big.Int).Set(n), big.NewInt(1)
	for ; k > 0; k-- {
		acc.Mul(acc, f)
		f.Sub(f, one)
	}
	return acc
}
