package gguf

import (
	"encoding/binary"

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

// decodeQ4K: a scale for the scales and for the minima, 12 bytes that pack
// eight 6-bit scales and minima for runs of 32 elements, and 128 bytes of
// 4-bit weights: the two nibbles of a byte belong to elements 32 apart.
func decodeQ4K(dst []float32, block []byte) {
	d, least := half(block), half(block[2:])
	packed, weights := block[4:16], block[16:144]
	for run := range 8 {
		var scale, minimum byte
		if run < 4 {
			scale, minimum = packed[run]&63, packed[run+4]&63
		} else {
			scale = packed[run+4]&0xf | packed[run-4]>>6<<4
			minimum = packed[run+4]>>4 | packed[run]>>6<<4
		}
		a, b := d*float32(scale), least*float32(minimum)
		for i := range 32 {
			q := weights[run/2*32+i] >> (run % 2 * 4) & 0xf
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
