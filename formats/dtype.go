package formats

// DType is the type of a tensor's elements. The zero value is invalid.
type DType uint8

// The element types, in the order of the table below.
const (
	_ DType = iota
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
	BFloat16
	Float32
	Float64
	Complex64
	dtypeEnd
)

// dtypeTable gives each type its name, its size, and the size of the units
// whose bytes are swapped in a big-endian file.
var dtypeTable = [dtypeEnd]struct {
	name       string
	size, unit int
}{
	Bool:      {"bool", 1, 1},
	Uint8:     {"uint8", 1, 1},
	Uint16:    {"uint16", 2, 2},
	Uint32:    {"uint32", 4, 4},
	Uint64:    {"uint64", 8, 8},
	Int8:      {"int8", 1, 1},
	Int16:     {"int16", 2, 2},
	Int32:     {"int32", 4, 4},
	Int64:     {"int64", 8, 8},
	Float16:   {"float16", 2, 2},
	BFloat16:  {"bfloat16", 2, 2},
	Float32:   {"float32", 4, 4},
	Float64:   {"float64", 8, 8},
	Complex64: {"complex64", 8, 4},
}

// Valid reports whether d is one of the types above.
func (d DType) Valid() bool { return d > 0 && d < dtypeEnd }

// String returns the type's name, "float32" for Float32.
func (d DType) String() string {
	if !d.Valid() {
		return "invalid"
	}
	return dtypeTable[d].name
}

// Size returns the bytes of an element, 0 for an invalid type.
func (d DType) Size() int {
	if !d.Valid() {
		return 0
	}
	return dtypeTable[d].size
}

func (d DType) unit() int {
	if !d.Valid() {
		return 0
	}
	return dtypeTable[d].unit
}

// DTypeNamed returns the type with the given name ("float32"; a boolean is
// "bool"), and false if there is none.
func DTypeNamed(name string) (DType, bool) {
	for d := DType(1); d < dtypeEnd; d++ {
		if dtypeTable[d].name == name {
			return d, true
		}
	}
	return 0, false
}
