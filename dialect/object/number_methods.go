package object

import (
	"math"
	"math/big"
	"math/bits"
	"math/cmplx"
	"strconv"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object/number"
)

func (c *call) int() starlark.Int {
	i, err := Index(c.thread, c.self)
	if err != nil {
		return starlark.MakeInt(0)
	}
	return i
}

func (c *call) float() float64 {
	f, _ := unwrap(c.self).(starlark.Float)
	return float64(f)
}

func intMethods() []methodSpec {
	return []methodSpec{
		{name: "bit_length", fn: func(c *call) (starlark.Value, error) { return newInt(c.int().BigInt().BitLen()) }},
		{name: "bit_count", fn: func(c *call) (starlark.Value, error) {
			n := 0
			for _, w := range c.int().BigInt().Bits() {
				n += bits.OnesCount(uint(w))
			}
			return newInt(n)
		}},
		{name: "conjugate", fn: func(c *call) (starlark.Value, error) { return c.int(), nil }},
		{name: "as_integer_ratio", fn: func(c *call) (starlark.Value, error) {
			return starlark.Tuple{c.int(), starlark.MakeInt(1)}, nil
		}},
		{name: "is_integer", fn: func(c *call) (starlark.Value, error) { return starlark.True, nil }},
		{name: "to_bytes", sig: "length=1, byteorder='big', *, signed=False", fn: intToBytes},
		{name: "from_bytes", sig: "bytes, byteorder='big', *, signed=False", fn: intFromBytes, kind: classMethod},
	}
}

func (c *call) littleEndian(slot int) (bool, error) {
	if c.arg(slot) == nil {
		return false, nil
	}
	s, err := c.strArg(slot)
	if err == nil && s != "little" && s != "big" {
		err = Errorf(ValueError, "byteorder must be either 'little' or 'big'")
	}
	return s == "little", err
}

func reverseBytes(b []byte) {
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
}

func intToBytes(c *call) (starlark.Value, error) {
	n, err := c.intArg(0, 1)
	if err != nil {
		return nil, err
	}
	little, err := c.littleEndian(1)
	if err != nil {
		return nil, err
	}
	signed, err := c.boolArg(2, false)
	if err != nil {
		return nil, err
	}
	if n < 0 || n > maxRepeat {
		return nil, Errorf(ValueError, "length argument must be non-negative")
	}
	if err := Grow(c.thread, 2*int64(n)); err != nil {
		return nil, err
	}
	v := c.int().BigInt()
	if v.Sign() < 0 && !signed {
		return nil, Errorf(OverflowError, "can't convert negative int to unsigned")
	}
	room := 8 * n
	if signed {
		limit := new(big.Int).Lsh(big.NewInt(1), uint(max(room-1, 0)))
		if v.Cmp(limit) >= 0 || v.Cmp(new(big.Int).Neg(limit)) < 0 {
			return nil, Errorf(OverflowError, "int too big to convert")
		}
		if v.Sign() < 0 {
			v.Add(v, new(big.Int).Lsh(big.NewInt(1), uint(room)))
		}
	}
	if v.BitLen() > room {
		return nil, Errorf(OverflowError, "int too big to convert")
	}
	out := v.FillBytes(make([]byte, n))
	if little {
		reverseBytes(out)
	}
	return BytesOf(out), nil
}

func intFromBytes(c *call) (starlark.Value, error) {
	s, err := c.bytesArg(0)
	if err != nil {
		return nil, err
	}
	little, err := c.littleEndian(1)
	if err != nil {
		return nil, err
	}
	signed, err := c.boolArg(2, false)
	if err != nil {
		return nil, err
	}
	b := []byte(s)
	if little {
		reverseBytes(b)
	}
	v := new(big.Int).SetBytes(b)
	if signed && len(b) > 0 && b[0] >= 0x80 {
		v.Sub(v, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return starlark.MakeBigInt(v), nil
}

func floatMethods() []methodSpec {
	return []methodSpec{
		{name: "is_integer", fn: func(c *call) (starlark.Value, error) {
			f := c.float()
			return newBool(f == math.Trunc(f) && !math.IsInf(f, 0))
		}},
		{name: "as_integer_ratio", fn: func(c *call) (starlark.Value, error) {
			f := c.float()
			if math.IsNaN(f) {
				return nil, Errorf(ValueError, "cannot convert NaN to integer ratio")
			}
			if math.IsInf(f, 0) {
				return nil, Errorf(OverflowError, "cannot convert Infinity to integer ratio")
			}
			r := new(big.Rat).SetFloat64(f)
			return starlark.Tuple{starlark.MakeBigInt(r.Num()), starlark.MakeBigInt(r.Denom())}, nil
		}},
		{name: "conjugate", fn: func(c *call) (starlark.Value, error) { return starlark.Float(c.float()), nil }},
		{name: "hex", fn: func(c *call) (starlark.Value, error) { return newString(number.Hex(c.float())) }},
		{name: "fromhex", sig: "string, /", kind: classMethod, fn: floatFromhex},
	}
}

func floatFromhex(c *call) (starlark.Value, error) {
	s, err := c.strArg(0)
	if err != nil {
		return nil, err
	}
	t := strings.ToLower(strings.TrimSpace(s))
	if !strings.Contains(t, "n") { // neither inf nor nan
		if !strings.Contains(t, "0x") {
			sign := ""
			if t != "" && (t[0] == '-' || t[0] == '+') {
				sign, t = t[:1], t[1:]
			}
			t = sign + "0x" + t
		}
		if !strings.Contains(t, "p") {
			t += "p0"
		}
	}
	f, err := strconv.ParseFloat(t, 64)
	if err != nil {
		if math.IsInf(f, 0) {
			return nil, Errorf(OverflowError, "hexadecimal value too large to represent as a float")
		}
		return nil, Errorf(ValueError, "invalid hexadecimal floating-point string")
	}
	return starlark.Float(f), nil
}

func complexMethods() []methodSpec {
	return []methodSpec{
		{name: "conjugate", fn: func(c *call) (starlark.Value, error) {
			return Complex(cmplx.Conj(complex128(unwrap(c.self).(Complex)))), nil
		}},
	}
}
