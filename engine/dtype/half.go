package dtype

import "math"

// Float16Bits rounds to IEEE 754 binary16, ties to even.
func Float16Bits(f float32) uint16 {
	x := math.Float32bits(f)
	sign := uint16(x >> 16 & 0x8000)
	x &= 0x7fffffff
	switch {
	case x > 0x7f800000: // NaN stays quiet and keeps its leading payload
		return sign | 0x7e00 | uint16(x>>13&0x3ff)
	case x >= 0x477ff000: // rounds to 65520 or more
		return sign | 0x7c00
	case x >= 0x38800000: // normal: rebias the exponent from 127 to 15 and round 13 bits off
		x += 0xfff + x>>13&1
		return sign | uint16((x-0x38000000)>>13)
	case x < 0x33000000: // below half the smallest subnormal
		return sign
	}
	// Subnormal: adding 0.5 aligns the significand so that the sum's low bits,
	// rounded by the addition itself, are the result.
	sum := math.Float32frombits(x) + math.Float32frombits(0x3f000000)
	return sign | uint16(math.Float32bits(sum)-0x3f000000)
}

// Float16Value widens a binary16.
func Float16Value(h uint16) float32 {
	sign, exp, frac := uint32(h&0x8000)<<16, uint32(h>>10&0x1f), uint32(h&0x3ff)
	switch {
	case exp == 0x1f:
		return math.Float32frombits(sign | 0x7f800000 | frac<<13)
	case exp != 0:
		return math.Float32frombits(sign | (exp+112)<<23 | frac<<13)
	}
	v := float32(frac) * (1.0 / (1 << 24))
	return math.Float32frombits(sign | math.Float32bits(v))
}

// BFloat16Bits rounds to bfloat16, the upper half of a float32, ties to even.
func BFloat16Bits(f float32) uint16 {
	x := math.Float32bits(f)
	if x&0x7fffffff > 0x7f800000 {
		return uint16(x>>16) | 0x40
	}
	return uint16((x + 0x7fff + x>>16&1) >> 16)
}

// BFloat16Value widens a bfloat16.
func BFloat16Value(h uint16) float32 { return math.Float32frombits(uint32(h) << 16) }
