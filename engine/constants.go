package engine

import (
	"github.com/mlxstar/mlxstar/engine/dtype"
)

// constantKey tells the constants of an engine's graphs apart.
type constantKey struct {
	element dtype.Bytes
	dtype   Dtype
	stream  *Stream
}

// maxConstants bounds the constants that an engine keeps nodes for.
const maxConstants = 64

// Operand is a 0-d constant to be an operand of an operation, such as the 1 of
// x + 1. Equal ones share a node while it is nothing but a constant of the graph,
// which takes no memory (see immediate).
func (b *Builder) Operand(v complex128, d Dtype) *Node { return b.operand(dtype.BytesOf(v, d), d) }

// OperandInt is Operand for an integer, exact for 64-bit dtypes.
func (b *Builder) OperandInt(v int64, d Dtype) *Node {
	if !d.IsInteger() {
		return b.Operand(complex(float64(v), 0), d)
	}
	return b.operand(dtype.BytesOfInt(v), d)
}

func (b *Builder) operand(element dtype.Bytes, d Dtype) *Node {
	key := constantKey{element, d, b.stream()}
	e := b.engine
	if n := e.constants[key]; n != nil && n.immediate() {
		return n
	}
	n := b.node(OpFull, &FullAttrs{element}, d, nil)
	if len(e.constants) >= maxConstants {
		clear(e.constants)
	}
	e.constants[key] = n
	return n
}

// OperandBytes is Operand for an element given as its bytes, of which the first
// ones count where d is narrower.
func (b *Builder) OperandBytes(element dtype.Bytes, d Dtype) *Node { return b.operand(element, d) }
