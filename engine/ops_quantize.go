package engine

import "slices"

// BitsAttrs is the width of the codes that OpPackBits and OpUnpackBits handle.
type BitsAttrs struct{ Bits int }

// Codes of 1 to 8 bits lie in 32-bit words as one stream of bits, low first.
var (
	OpPackBits = define(Op{Name: "pack_bits", Class: Structured, Layout: RowsLayout, Ends: true, Dtypes: onlyDtypes(Uint8, Uint32), Gradient: NoGrad, VMap: sameRule,
		Doc: "Codes of a few bits, one a byte, as a stream of bits along the last axis."})
	OpUnpackBits = define(Op{Name: "unpack_bits", Class: Structured, Layout: RowsLayout, Dtypes: onlyDtypes(Uint32, Uint8), Gradient: NoGrad, VMap: sameRule,
		Doc: "The codes of a stream of bits along the last axis, one a byte."})
)

// PackBits packs codes, whose number along the last axis fills whole words.
func (b *Builder) PackBits(codes *Node, bits int) *Node {
	n := codes.shape[len(codes.shape)-1] * bits
	if codes.dtype != Uint8 || n%32 != 0 {
		b.failf(ValueError, "pack_bits", "got %s codes for %d bits, want uint8 for whole words", codes.dtype, n)
	}
	return b.node(OpPackBits, BitsAttrs{bits}, Uint32, withLast(codes.shape, n/32), codes)
}

// UnpackBits undoes PackBits.
func (b *Builder) UnpackBits(words *Node, bits int) *Node {
	n := words.shape[len(words.shape)-1] * 32
	if words.dtype != Uint32 || n%bits != 0 {
		b.failf(ValueError, "unpack_bits", "got %d bits of %s, want uint32 and a multiple of %d", n, words.dtype, bits)
	}
	return b.node(OpUnpackBits, BitsAttrs{bits}, Uint8, withLast(words.shape, n/bits), words)
}

// withLast is the shape with another length of the last axis.
func withLast(shape []int, n int) []int {
	out := slices.Clone(shape)
	out[len(out)-1] = n
	return out
}
