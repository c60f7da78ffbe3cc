package gguf

import "math"

// fromHalf converts a float16.
func fromHalf(h uint16) float32 {
	sign, exponent, fraction := uint32(h>>15)<<31, uint32(h>>10&31), uint32(h&0x3ff)
	switch exponent {
	case 0:
		magnitude := float32(fraction) * (1.0 / (1 << 24))
		return math.Float32frombits(math.Float32bits(magnitude) | sign)
	case 31:
		return math.Float32frombits(sign | 0xff<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | fraction<<13)
}

// toHalf converts to the nearest float16, ties to even.
func toHalf(x float32) uint16 {
	const (
		infinity = 0x7c00
		quiet    = 0x7e00
	)
	b := math.Float32bits(x)
	sign, magnitude := uint16(b>>16&0x8000), b&^(1<<31)
	switch {
	case magnitude > 0xff<<23:
		return sign | quiet
	case magnitude >= 143<<23: // 65536 and above
		return sign | infinity
	case magnitude < 113<<23: // below the least normal number: units of 2^-24
		units := math.RoundToEven(float64(math.Float32frombits(magnitude)) * (1 << 24))
		return sign | uint16(units)
	}
	// Rounding may carry into the exponent, and from there to infinity.
	rounded := magnitude + 0xfff + magnitude>>13&1
	return sign | uint16(rounded>>13-(127-15)<<10)
}
