package number

import (
	"math/big"
	"strings"
)

// leafDigits are read and written by math/big in a few milliseconds.
const leafDigits = 1 << 14

// powers are those of ten with exponents leafDigits, twice that and so on, as far as they are
// less than n.
func (l *Long) powers(n int) (all []*big.Int, err error) {
	p := new(big.Int).Exp(big.NewInt(10), big.NewInt(leafDigits), nil)
	for exponent := leafDigits; exponent < n; exponent *= 2 {
		all = append(all, p)
		if p, err = l.Mul(p, p); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// parseIn reads digits in a base. Nil reads as well as others.
func (l *Long) parseIn(digits string, base int) (x *big.Int, ok bool, err error) {
	if base == 10 && l != nil {
		return l.Parse(digits)
	}
	x, ok = new(big.Int).SetString(digits, base)
	return x, ok, nil
}

// Parse reads decimal digits; ok is false where there are other characters.
func (l *Long) Parse(digits string) (x *big.Int, ok bool, err error) {
	powers, err := l.powers(len(digits))
	if err != nil {
		return nil, false, err
	}
	return l.parse(digits, powers)
}

func (l *Long) parse(digits string, powers []*big.Int) (*big.Int, bool, error) {
	if len(digits) <= leafDigits {
		x, ok := new(big.Int).SetString(digits, 10)
		return x, ok, l.ctx.Err()
	}
	at := len(powers) - 1
	low := leafDigits << at
	if low >= len(digits) {
		return l.parse(digits, powers[:at])
	}
	high, ok, err := l.parse(digits[:len(digits)-low], powers[:at])
	if err != nil || !ok {
		return nil, ok, err
	}
	rest, ok, err := l.parse(digits[len(digits)-low:], powers[:at])
	if err != nil || !ok {
		return nil, ok, err
	}
	x, err := l.Mul(high, powers[at])
	if err != nil {
		return nil, false, err
	}
	return x.Add(x, rest), true, nil
}

// Text writes a number in decimal digits.
func (l *Long) Text(x *big.Int) (string, error) {
	const digitsPerBit = 0.30103
	powers, err := l.powers(int(float64(x.BitLen())*digitsPerBit) + 1)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	if x.Sign() < 0 {
		out.WriteByte('-')
	}
	err = l.write(&out, new(big.Int).Abs(x), powers, false)
	return out.String(), err
}

// write appends digits: of all that the powers leave room for if whole, else without zeros at the head.
func (l *Long) write(out *strings.Builder, x *big.Int, powers []*big.Int, whole bool) error {
	if len(powers) == 0 {
		s := x.String()
		if whole {
			out.WriteString(strings.Repeat("0", leafDigits-len(s)))
		}
		out.WriteString(s)
		return l.ctx.Err()
	}
	at := len(powers) - 1
	if !whole && x.Cmp(powers[at]) < 0 {
		return l.write(out, x, powers[:at], false)
	}
	high, low, err := l.QuoRem(x, powers[at])
	if err != nil {
		return err
	}
	if err := l.write(out, high, powers[:at], whole); err != nil {
		return err
	}
	return l.write(out, low, powers[:at], true)
}
