package stdlib

import (
	"context"
	"math/big"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/object/number"
)

var integerFunctions = []function{
	{"gcd(*integers)", "Greatest Common Divisor.", func(c *call) (starlark.Value, error) {
		terms, bits := bigs(c, c.Rest)
		return aside(c, bits, func(l *number.Long) (acc *big.Int, err error) {
			acc = new(big.Int)
			for i := 0; i < len(terms) && err == nil; i++ {
				acc, _, err = l.GCD(acc, terms[i])
			}
			return acc, err
		})
	}},
	{"lcm(*integers)", "Least Common Multiple.", func(c *call) (starlark.Value, error) {
		terms, bits := bigs(c, c.Rest)
		return aside(c, bits, func(l *number.Long) (*big.Int, error) {
			acc := big.NewInt(1)
			for _, n := range terms {
				if n.Sign() == 0 {
					return new(big.Int), nil
				}
				g, _, err := l.GCD(acc, n)
				if err != nil {
					return nil, err
				}
				rest, _, err := l.QuoRem(n, g)
				if err != nil {
					return nil, err
				}
				if acc, err = l.Mul(acc, rest); err != nil {
					return nil, err
				}
			}
			return acc, nil
		})
	}},
	{"factorial(n, /)", "Find n!.", mathFactorial},
	{"isqrt(n, /)", "Return the integer part of the square root of the input.", func(c *call) (starlark.Value, error) {
		n := c.BigInt(0)
		if n.Sign() < 0 {
			return nil, object.Errorf(object.ValueError, "isqrt() argument must be nonnegative")
		}
		return aside(c, n.BitLen(), func(l *number.Long) (*big.Int, error) { return l.Sqrt(n) })
	}},
	{"comb(n, k, /)", "Number of ways to choose k items from n items without repetition and without order.", func(c *call) (starlark.Value, error) {
		n, k, err := choice(c)
		if err != nil || k < 0 {
			return starlark.MakeInt(0), err
		}
		if n.IsInt64() {
			if k < longWork {
				return starlark.MakeBigInt(new(big.Int).Binomial(n.Int64(), k)), nil
			}
		}
		return aside(c, int(k)*n.BitLen(), func(l *number.Long) (*big.Int, error) {
			ways, err := fallingProduct(l, n, k)
			if err != nil {
				return nil, err
			}
			orders, err := l.Range(1, k)
			if err != nil {
				return nil, err
			}
			q, _, err := l.QuoRem(ways, orders)
			return q, err
		})
	}},
	{"perm(n, k=None, /)", "Number of ways to choose k items from n items without repetition and with order.", func(c *call) (starlark.Value, error) {
		if !c.Given(1) {
			return mathFactorial(c)
		}
		n, k, err := choice(c)
		if err != nil || k < 0 {
			return starlark.MakeInt(0), err
		}
		return aside(c, int(k)*n.BitLen(), func(l *number.Long) (*big.Int, error) { return fallingProduct(l, n, k) })
	}},
}

// bigs are the absolute values of integers, and how many bits they have.
func bigs(c *call, vals starlark.Tuple) (out []*big.Int, bits int) {
	out = make([]*big.Int, len(vals))
	for i, v := range vals {
		out[i] = new(big.Int).Abs(c.ToBig(v))
		bits += out[i].BitLen()
	}
	return out, bits
}

// longWork is the size of a computation on integers, in bits or factors, from which it
// may take milliseconds.
const longWork = 1 << 12

// aside computes an integer. Work tells how large a computation it is.
func aside(c *call, work int, f func(l *number.Long) (*big.Int, error)) (starlark.Value, error) {
	if c.Err != nil {
		return nil, c.Err
	}
	made := func(ctx context.Context) (starlark.Value, error) {
		n, err := f(number.NewLong(ctx))
		if err != nil {
			return nil, err
		}
		return starlark.MakeBigInt(n), nil
	}
	if work < longWork {
		return made(context.Background())
	}
	return object.AsideUntil(c.Thread, made)
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
	return aside(c, int(n.Int64()), func(l *number.Long) (*big.Int, error) { return l.Range(1, n.Int64()) })
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
func fallingProduct(l *number.Long, n *big.Int, k int64) (*big.Int, error) {
	if n.IsInt64() {
		return l.Range(n.Int64()-k+1, n.Int64())
	}
	if k <= 1 {
		acc := big.NewInt(1)
		if k == 1 {
			acc.Set(n)
		}
		return acc, nil
	}
	upper, err := fallingProduct(l, n, k/2)
	if err != nil {
		return nil, err
	}
	lower, err := fallingProduct(l, new(big.Int).Sub(n, big.NewInt(k/2)), k-k/2)
	if err != nil {
		return nil, err
	}
	return l.Mul(upper, lower)
}
