package simd

import "github.com/mlxstar/mlxstar/engine"

// Row names an elementwise operation on operands of the dtype In that answers in Out.
type Row struct {
	Op      *engine.Op
	In, Out engine.Dtype
}

// Block computes the elements of whole blocks of 32, of as many as there are in dst,
// and gives the number of elements done. Operands are bytes; those of operations on
// one have no b.
type Block func(dst, a, b []byte) (done int)

// blockLen is the number of elements of a block.
const blockLen = 32
