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

// maxDigits bounds the decimal digits of an int that is written or read, as
// the conversion takes quadratic time.
const maxDigits = 4300

// CheckDigits refuses an int of more decimal digits than are written.
func CheckDigits(i starlark.Int) error {
	if _, small := i.Int64(); small {
		return nil
	}
	if n := i.BigInt().BitLen(); n > 14284 || n > 14280 && len(strings.TrimPrefix(i.String(), "-")) > maxDigits {
		return fault.Errorf(fault.ValueError, "Exceeds the limit (%d digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit", maxDigits)
	}
	return nil
}
