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
	numDtypes
)

// info is what is known of a dtype.
type info struct {
	name     string
	size     int
	category Category
}

var dtypes = [numDtypes]info{
	Bool:      {"bool", 1, Boolean},
	Uint8:     {"uint8", 1, UnsignedInteger},
	Uint16:    {"uint16", 2, UnsignedInteger},
	Uint32:    {"uint32", 4, UnsignedInteger},
	Uint64:    {"uint64", 8, UnsignedInteger},
	Int8:      {"int8", 1, SignedInteger},
	Int16:     {"int16", 2, SignedInteger},
	Int32:     {"int32", 4, SignedInteger},
	Int64:     {"int64", 8, SignedInteger},
	Float16:   {"float16", 2, Floating},
	Float32:   {"float32", 4, Floating},
	BFloat16:  {"bfloat16", 2, Floating},
	Complex64: {"complex64", 8, ComplexFloating},
	Float64:   {"float64", 8, Floating},
}

// All lists every dtype.
func All() []Dtype {
	all := make([]Dtype, 0, numDtypes-1)
	for d := Bool; d < numDtypes; d++ {
		all = append(all, d)
	}
	return all
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
