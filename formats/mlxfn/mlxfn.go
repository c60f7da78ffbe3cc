// Package mlxfn reads and writes the files of mx.export_function: functions of arrays as
// MLX's primitives, in the order that they are computed in, and the constants they read.
//
// A file is a version, a number of functions, whether they take other shapes, a text of
// metadata, and the functions one after the other. Numbers are little-endian, lists begin with
// their length in eight bytes. What a primitive is told besides its inputs has no tags: states.go
// lists, by primitive, what lies there. A constant that several functions read is there once, and
// later ones name it. Nothing here knows what a primitive computes.
package mlxfn

import (
	"io"

	"github.com/mlxstar/mlxstar/engine/dtype"
)

const format = "mlxfn"

// File is what a file holds.
type File struct {
	Version   string // of the MLX that wrote it
	Shapeless bool   // the functions take arrays of other shapes, with as many axes
	Metadata  string
	Functions []Function
}

// Function is a function for one form of its inputs.
type Function struct {
	Keywords []string // the names of the last inputs
	Inputs   []Array
	Outputs  []uint64
	Tape     []Entry
}

// Array is an array that a function reads or computes: its number in the file, and its form.
type Array struct {
	ID    uint64
	Shape []int
	Dtype dtype.Dtype
}

// Entry is one step of a function: an input, a constant, or what a primitive computes.
// Exactly one of Primitive and Constant is set, but for an input, which has neither.
type Entry struct {
	ID        uint64
	Primitive *Primitive
	Constant  *Constant
}

// Primitive is what computes arrays of others.
type Primitive struct {
	Name    string
	State   []any // bool, int64, float64, string, []int and dtype.Dtype, as states.go lists them
	GPU     bool  // the device that it was written for
	Inputs  []uint64
	Outputs []Array
}

// Constant is an array of elements that lie in the file. Where it was read, they begin at
// Offset; where it is written, Data gives them, little-endian and in row-major order. One
// that an earlier function has, too, is the same *Constant.
type Constant struct {
	Array
	Offset int64
	Data   io.WriterTo
}

// dtypes are in the order of MLX's numbers for them.
var dtypes = []dtype.Dtype{dtype.Bool, dtype.Uint8, dtype.Uint16, dtype.Uint32, dtype.Uint64, dtype.Int8, dtype.Int16, dtype.Int32, dtype.Int64,
	dtype.Float16, dtype.Float32, dtype.Float64, dtype.BFloat16, dtype.Complex64}
