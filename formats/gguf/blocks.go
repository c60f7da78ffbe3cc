package gguf

import (
	"encoding/binary"
	"math"

	"github.com/mlxstar/mlxstar/engine/dtype"
)

// superBlock is the number of elements in a block of the K types.
const superBlock = 256

// affineBlock is a type whose blocks MLX computes with: bits per weight, and
// how a block is split into its packed weights, lowest element in the lowest
// bits, a scale and a bias.
type affineBlock struct {
	bits  int
	split func(weights, block []byte) (scale uint16, bias float32)
}

// The parts of a tensor of such blocks, in the order of Specs.
const (
	weightsPart = iota
	scalesPart
	biasesPart
)

// part returns a function that puts one part of one block after another into dst.
func (a *affineBlock) part(which int, dst []byte) func(block []byte) {
	n := 32 * a.bits / 8
	unused := make([]byte, n)
	return func(block []byte) {
		switch which {
		case weightsPart:
			a.split(dst[:n], block)
			dst = dst[n:]
		case scalesPart:
			scale, _ := a.split(unused, block)
			binary.LittleEndian.PutUint16(dst, scale)
			dst = dst[2:]
		case biasesPart:
			_, bias := a.split(unused, block)
			binary.LittleEndian.PutUint16(dst, dtype.Float16Bits(bias))
			dst = dst[2:]
		}
	}
}

// splitQ4_0: a scale d and 32 weights in 16 bytes; an element is d * (q - 8).
func splitQ4_0(weights, block []byte) (uint16, float32) {
	d := binary.LittleEndian.Uint16(block)
	interleave(weights, block[2:18])
	return d, -8 * dtype.Float16Value(d)
}

// splitQ4_1: a scale d, a minimum m and 32 weights; an element is d * q + m.
func splitQ4_1(weights, block []byte) (uint16, float32) {
	interleave(weights, block[4:20])
	return binary.LittleEndian.Uint16(block), half(block[2:])
}

// splitQ8_0: a scale d and 32 signed bytes; an element is d * q. MLX's weights
// are unsigned, so that they move up by 128.
func splitQ8_0(weights, block []byte) (uint16, float32) {
	d := binary.LittleEndian.Uint16(block)
	for i := range weights {
		weights[i] = block[2+i] ^ 0x80
	}
	return d, -128 * dtype.Float16Value(d)
}

// interleave reorders nibbles: byte i of a block holds the elements i and i+16.
func interleave(dst, src []byte) {
	for i := range 8 {
		a, b := src[2*i], src[2*i+1]
		dst[i] = a&0xf | b<<4
		dst[8+i] = a>>4 | b&0xf0
	}
}

func half(b []byte) float32 { return dtype.Float16Value(binary.LittleEndian.Uint16(b)) }

// decodeBF16: the upper half of a float32.
func decodeBF16(dst []float32, block []byte) {
	dst[0] = dtype.BFloat16Value(binary.LittleEndian.Uint16(block))
}

// decodeQ2K: 16 scale bytes (scale low, minimum high) for runs of 16 elements,
// 64 bytes of 2-bit weights, and a scale for the scales and for the minima.
// The four bit pairs of a byte belong to elements 32 apart.
func decodeQ2K(dst []float32, block []byte) {
	scales, weights := block[:16], block[16:80]
	d, least := half(block[80:]), half(block[82:])
	for i := range dst {
		chunk, in := i/128, i%128
		q := weights[32*chunk+in%32] >> (in / 32 * 2) & 3
		s := scales[i/16]
		dst[i] = d*float32(s&0xf)*float32(q) - least*float32(s>>4)
	}
}

// decodeQ3K: 32 bytes with the upper bit of the weights, 64 with the lower two, 12 bytes
// that pack sixteen 6-bit scales for runs of 16 elements, and a scale for these. Bits of a
// byte belong to elements 32 apart; an upper bit that is clear takes 4 away.
func decodeQ3K(dst []float32, block []byte) {
	upper, lower, packed := block[:32], block[32:96], block[96:108]
	d := half(block[108:])
	for i := range dst {
		chunk, in, run := i/128, i%128, i/16
		q := int(lower[32*chunk+in%32] >> (in / 32 * 2) & 3)
		if upper[in%32]>>(4*chunk+in/32)&1 == 0 {
			q -= 4
		}
		scale := packed[run%8]>>(run/8*4)&0xf | packed[8+run%4]>>(run/4*2)&3<<4
		dst[i] = d * float32(int(scale)-32) * float32(q)
	}
}

// scalesK unpacks the 6-bit scale and minimum of a run of 32 elements out of the 12 bytes
// that Q4_K and Q5_K have for eight of each.
func scalesK(packed []byte, run int) (scale, minimum float32) {
	if run < 4 {
		return float32(packed[run] & 63), float32(packed[run+4] & 63)
	}
	return float32(packed[run+4]&0xf | packed[run-4]>>6<<4), float32(packed[run+4]>>4 | packed[run]>>6<<4)
}

// decodeQ4K: a scale for the scales and for the minima, their 12 bytes, and 128 bytes of
// 4-bit weights: the two nibbles of a byte belong to elements 32 apart.
func decodeQ4K(dst []float32, block []byte) {
	d, least := half(block), half(block[2:])
	packed, weights := block[4:16], block[16:144]
	for run := range 8 {
		scale, minimum := scalesK(packed, run)
		a, b := d*scale, least*minimum
		for i := range 32 {
			q := weights[run/2*32+i] >> (run % 2 * 4) & 0xf
			dst[32*run+i] = a*float32(q) - b
		}
	}
}

// decodeQ5K: as Q4_K, with 32 bytes of fifth bits before the weights: a bit for each run.
func decodeQ5K(dst []float32, block []byte) {
	d, least := half(block), half(block[2:])
	packed, upper, weights := block[4:16], block[16:48], block[48:176]
	for run := range 8 {
		scale, minimum := scalesK(packed, run)
		a, b := d*scale, least*minimum
		for i := range 32 {
			q := weights[run/2*32+i]>>(run%2*4)&0xf | upper[i]>>run&1<<4
			dst[32*run+i] = a*float32(q) - b
		}
	}
}

// decodeQ6K: 128 bytes with the lower four bits of the weights, 64 with the
// upper two, 16 signed scales for runs of 16 elements, and a scale for these.
// Half a block's elements share bytes with those 32, 64 and 96 further on.
func decodeQ6K(dst []float32, block []byte) {
	lower, upper, scales := block[:128], block[128:192], block[192:208]
	d := half(block[208:])
	for i := range dst {
		chunk, in := i/128, i%128
		quarter, column := in/32, in%32
		low := lower[64*chunk+32*(quarter%2)+column] >> (quarter / 2 * 4) & 0xf
		high := upper[32*chunk+column] >> (quarter * 2) & 3
		q := int(low|high<<4) - 32
		dst[i] = d * float32(int8(scales[i/16])) * float32(q)
	}
}

// decodeQ8K: a float32 scale and 256 signed bytes; their sums are not needed here.
func decodeQ8K(dst []float32, block []byte) {
	d := math.Float32frombits(binary.LittleEndian.Uint32(block))
	for i := range dst {
		dst[i] = d * float32(int8(block[4+i]))
	}
}

// fifth is element i of 32 that have their lower four bits in nibbles, 16 apart, and the
// fifth in a word of bits.
func fifth(i int, bits uint32, nibbles []byte) byte {
	return nibbles[i%16]>>(i/16*4)&0xf | byte(bits>>i&1)<<4
}

// decodeQ50: a scale d, 32 fifth bits and 32 nibbles; an element is d * (q - 16).
func decodeQ50(dst []float32, block []byte) {
	d, bits := half(block), binary.LittleEndian.Uint32(block[2:])
	for i := range dst {
		dst[i] = d * float32(int(fifth(i, bits, block[6:]))-16)
	}
}

// decodeQ51: a scale d, a minimum m, 32 fifth bits and 32 nibbles; an element is d * q + m.
func decodeQ51(dst []float32, block []byte) {
	d, m, bits := half(block), half(block[2:]), binary.LittleEndian.Uint32(block[4:])
	for i := range dst {
		dst[i] = d*float32(fifth(i, bits, block[8:])) + m
	}
}

// curve are the values that the 4-bit codes of the types IQ4 stand for, closer together
// around zero.
var curve = [16]float32{-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113}

// decodeIQ4NL: a scale and 32 codes of the curve.
func decodeIQ4NL(dst []float32, block []byte) {
	d := half(block)
	for i := range dst {
		dst[i] = d * curve[block[2+i%16]>>(i/16*4)&0xf]
	}
}

// decodeIQ4XS: a scale for the scales, eight of 6 bits for runs of 32 elements, whose upper
// two bits come first and lower four in nibbles, and codes of the curve.
func decodeIQ4XS(dst []float32, block []byte) {
	d, upper := half(block), binary.LittleEndian.Uint16(block[2:])
	lower, codes := block[4:8], block[8:136]
	for i := range dst {
		run, in := i/32, i%32
		scale := int(lower[run/2]>>(run%2*4)&0xf) | int(upper>>(2*run)&3)<<4
		dst[i] = d * float32(scale-32) * curve[codes[16*run+in%16]>>(in/16*4)&0xf]
	}
}

// doubled are twice the values of 4-bit floats with two bits of exponent.
var doubled = [16]float32{0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12}

// decodeMXFP4: an exponent of 8 bits, of which a half is meant, and 32 codes.
func decodeMXFP4(dst []float32, block []byte) {
	scale := float32(math.Ldexp(1, int(block[0])-128))
	for i := range dst {
		dst[i] = scale * doubled[block[1+i%16]>>(i/16*4)&0xf]
	}
}
