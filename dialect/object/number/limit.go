package number

import (
	"math"
	"math/big"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object/fault"
)

// Float is float(i).
func Float(i starlark.Int) (float64, error) {
	if n, ok := i.Int64(); ok {
		return float64(n), nil
	}
	f, _ := new(big.Float).SetInt(i.BigInt()).Float64()
	if math.IsInf(f, 0) {
		return 0, fault.Errorf(fault.OverflowError, "int too large to convert to float")
	}
	return f, nil
}

// DefaultDigits bounds the decimal digits of an int that is written or read, as it takes
// long, unless a script sets another bound, of at least LeastDigits.
const (
	DefaultDigits = 4300
	LeastDigits   = 640
)

// CheckDigits refuses an int of more decimal digits than are to be written; 0 is no limit.
func CheckDigits(i starlark.Int, most int) error {
	if _, small := i.Int64(); small || most == 0 {
		return nil
	}
	const bitsPerDigit = 3.3219280948873626
	bits, bound := float64(i.BigInt().BitLen()), float64(most)*bitsPerDigit
	if bits > bound+2 || bits > bound-2 && len(strings.TrimPrefix(i.String(), "-")) > most {
		return fault.Errorf(fault.ValueError, "Exceeds the limit (%d digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit", most)
	}
	return nil
}
