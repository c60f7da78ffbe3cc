// Package dtype is the types of array elements: their names, sizes and categories,
// the rules by which they meet, their limits, and how elements of each lie in
// bytes, 16-bit floats among them. It imports nothing of this module, so that
// readers of files share it with the engine.
package dtype

// Dtype is the type of an array's elements. The zero value is invalid.
type Dtype uint8

// The dtypes, in the order of the promotion table.
const (
	_ Dtype = iota
	Bool
	Uint8
	Uint16
	Uint32
	Uint64
	Int8
	Int16
	Int32
	Int64
	Float16
	Float32
	BFloat16
	Complex64
	Float64
	Complex128 // of numpy's arrays alone: MLX has none
	numDtypes
)

// info is what is known of a dtype.
type info struct {
	name     string
	size     int
	category Category
	part     Dtype // of the two parts of a complex number, 0 for what has no parts
	inMLX    Dtype // what mlx.core makes of elements where it has none of the dtype, or 0
}

var dtypes = [numDtypes]info{
	Bool:       {"bool", 1, Boolean, 0, 0},
	Uint8:      {"uint8", 1, UnsignedInteger, 0, 0},
	Uint16:     {"uint16", 2, UnsignedInteger, 0, 0},
	Uint32:     {"uint32", 4, UnsignedInteger, 0, 0},
	Uint64:     {"uint64", 8, UnsignedInteger, 0, 0},
	Int8:       {"int8", 1, SignedInteger, 0, 0},
	Int16:      {"int16", 2, SignedInteger, 0, 0},
	Int32:      {"int32", 4, SignedInteger, 0, 0},
	Int64:      {"int64", 8, SignedInteger, 0, 0},
	Float16:    {"float16", 2, Floating, 0, 0},
	Float32:    {"float32", 4, Floating, 0, 0},
	BFloat16:   {"bfloat16", 2, Floating, 0, 0},
	Complex64:  {"complex64", 8, ComplexFloating, Float32, 0},
	Float64:    {"float64", 8, Floating, 0, 0},
	Complex128: {"complex128", 16, ComplexFloating, Float64, Complex64},
}

// All lists every dtype.
func All() []Dtype {
	all := make([]Dtype, 0, numDtypes-1)
	for d := Bool; d < numDtypes; d++ {
		all = append(all, d)
	}
	return all
}

// OfMLX reports whether mlx.core has arrays of the dtype. The others are numpy's, and are
// converted where mlx.core takes them: see [Dtype.InMLX].
func (d Dtype) OfMLX() bool { return d.Valid() && d.InMLX() == d }

// InMLX is the dtype that elements have once mlx.core took them.
func (d Dtype) InMLX() Dtype {
	if to := dtypes[d].inMLX; to.Valid() {
		return to
	}
	return d
}

// Named finds a dtype by its MLX name; bool_ is bool.
func Named(name string) (Dtype, bool) {
	if name == "bool_" {
		return Bool, true
	}
	for d := Bool; d < numDtypes; d++ {
		if dtypes[d].name == name {
			return d, true
		}
	}
	return 0, false
}

// String is the dtype's MLX name, without the module.
func (d Dtype) String() string {
	if !d.Valid() {
		return "invalid"
	}
	return dtypes[d].name
}

// Valid reports whether d names a dtype.
func (d Dtype) Valid() bool { return d > 0 && d < numDtypes }

// Size is an element's size in bytes, 0 of what is no dtype.
func (d Dtype) Size() int {
	if !d.Valid() {
		return 0
	}
	return dtypes[d].size
}
