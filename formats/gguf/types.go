package gguf

import (
	"fmt"

	"github.com/mlxstar/mlxstar/engine/dtype"
	"github.com/mlxstar/mlxstar/formats"
)

// Type is the number a file gives for how a tensor's elements are stored.
type Type uint32

// The types that are read. The plain ones but BF16 are written as well.
const (
	F32    Type = 0
	F16    Type = 1
	Q4_0   Type = 2
	Q4_1   Type = 3
	Q5_0   Type = 6
	Q5_1   Type = 7
	Q8_0   Type = 8
	Q2_K   Type = 10
	Q3_K   Type = 11
	Q4_K   Type = 12
	Q5_K   Type = 13
	Q6_K   Type = 14
	Q8_K   Type = 15
	IQ4_NL Type = 20
	IQ4_XS Type = 23
	I8     Type = 24
	I16    Type = 25
	I32    Type = 26
	BF16   Type = 30
	MXFP4  Type = 39
)

// typeRow says how a type stores its elements: in blocks of so many elements
// and bytes. One of the last three tells what becomes of them.
type typeRow struct {
	name        string
	block, size int
	plain       dtype.Dtype
	// affine splits a block into packed weights of the given bits, a scale and a bias.
	affine *affineBlock
	// decode turns a block into numbers.
	decode func(dst []float32, block []byte)
}

var types = map[Type]typeRow{
	F32:    {name: "F32", block: 1, size: 4, plain: dtype.Float32},
	F16:    {name: "F16", block: 1, size: 2, plain: dtype.Float16},
	I8:     {name: "I8", block: 1, size: 1, plain: dtype.Int8},
	I16:    {name: "I16", block: 1, size: 2, plain: dtype.Int16},
	I32:    {name: "I32", block: 1, size: 4, plain: dtype.Int32},
	Q4_0:   {name: "Q4_0", block: 32, size: 18, affine: &affineBlock{4, splitQ4_0}},
	Q4_1:   {name: "Q4_1", block: 32, size: 20, affine: &affineBlock{4, splitQ4_1}},
	Q8_0:   {name: "Q8_0", block: 32, size: 34, affine: &affineBlock{8, splitQ8_0}},
	BF16:   {name: "BF16", block: 1, size: 2, decode: decodeBF16},
	Q5_0:   {name: "Q5_0", block: 32, size: 22, decode: decodeQ50},
	Q5_1:   {name: "Q5_1", block: 32, size: 24, decode: decodeQ51},
	Q2_K:   {name: "Q2_K", block: superBlock, size: 84, decode: decodeQ2K},
	Q3_K:   {name: "Q3_K", block: superBlock, size: 110, decode: decodeQ3K},
	Q4_K:   {name: "Q4_K", block: superBlock, size: 144, decode: decodeQ4K},
	Q5_K:   {name: "Q5_K", block: superBlock, size: 176, decode: decodeQ5K},
	Q6_K:   {name: "Q6_K", block: superBlock, size: 210, decode: decodeQ6K},
	Q8_K:   {name: "Q8_K", block: superBlock, size: 292, decode: decodeQ8K},
	IQ4_NL: {name: "IQ4_NL", block: 32, size: 18, decode: decodeIQ4NL},
	IQ4_XS: {name: "IQ4_XS", block: superBlock, size: 136, decode: decodeIQ4XS},
	MXFP4:  {name: "MXFP4", block: 32, size: 17, decode: decodeMXFP4},
}

// unread are the names of types that exist but are not read, for messages.
var unread = map[Type]string{
	9: "Q8_1", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S", 21: "IQ3_S", 22: "IQ2_S",
	27: "I64", 28: "F64", 29: "IQ1_M", 34: "TQ1_0", 35: "TQ2_0",
}

func (t Type) row() typeRow { return types[t] }

// String returns the type's name, or its number if it has none here.
func (t Type) String() string {
	if row, ok := types[t]; ok {
		return row.name
	}
	if name := unread[t]; name != "" {
		return name
	}
	return fmt.Sprintf("type %d", uint32(t))
}

// typeOf returns the type that stores a dtype unchanged.
func typeOf(d dtype.Dtype) (Type, bool) {
	for _, t := range []Type{F32, F16, I8, I16, I32} {
		if types[t].plain == d {
			return t, true
		}
	}
	return 0, false
}

// length returns the bytes of a tensor. Blocks run along the last axis and do
// not cross it, so that it must be a multiple of the block.
func (t Type) length(name string, shape []int) (int64, error) {
	row := t.row()
	last := 1
	if len(shape) > 0 {
		last = shape[len(shape)-1]
	}
	if last%row.block != 0 {
		return 0, formats.Errorf(format, formats.Malformed, -1, "read tensor %s: the last axis of shape %s is no multiple of %s's block of %d", formats.Quote(name), formats.ShapeString(shape), t, row.block)
	}
	elements, ok := formats.Product(shape, 1)
	if !ok {
		return 0, formats.Errorf(format, formats.Malformed, -1, "read tensor %s: shape %s has too many elements", formats.Quote(name), formats.ShapeString(shape))
	}
	blocks := elements / int64(row.block)
	const most = 1 << 62
	if blocks > most/int64(row.size) {
		return 0, formats.Errorf(format, formats.Malformed, -1, "read tensor %s: shape %s has too many elements", formats.Quote(name), formats.ShapeString(shape))
	}
	return blocks * int64(row.size), nil
}
