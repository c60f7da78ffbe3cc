package stdlib

import (
	"math"
	"math/big"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

func isNumeric(v starlark.Value) bool {
	switch object.Unwrap(v).(type) {
	case starlark.Int, starlark.Float, starlark.Bool:
		return true
	}
	return false
}

// floatToInt is the integer of a float that has no fraction.
func floatToInt(f float64) (starlark.Value, error) {
	switch {
	case math.IsNaN(f):
		return nil, object.Errorf(object.ValueError, "cannot convert float NaN to integer")
	case math.IsInf(f, 0):
		return nil, object.Errorf(object.OverflowError, "cannot convert float infinity to integer")
	case math.Abs(f) < 1<<53:
		return starlark.MakeInt64(int64(f)), nil
	}
	n, _ := big.NewFloat(f).Int(nil)
	return starlark.MakeBigInt(n), nil
}

func list(vs []starlark.Value) *starlark.List { return starlark.NewList(vs) }

func stringList(ss []string) *starlark.List {
	vs := make([]starlark.Value, len(ss))
	for i, s := range ss {
		vs[i] = starlark.String(s)
	}
	return starlark.NewList(vs)
}
