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

// Category is a kind of dtype. Categories form the tree of MLX's
// DtypeCategory: Number is the parent of Integer and Inexact, and so on.
type Category uint8

// The categories, leaves and inner ones.
const (
	_ Category = iota
	Generic
	Number
	Integer
	SignedInteger
	UnsignedInteger
	Inexact
	Floating
	ComplexFloating
	Boolean // bool's own place directly below Generic
	numCategories
)

var categoryParent = [numCategories]Category{
	Number: Generic, Integer: Number, SignedInteger: Integer, UnsignedInteger: Integer,
	Inexact: Number, Floating: Inexact, ComplexFloating: Inexact, Boolean: Generic,
}

var categoryName = [numCategories]string{
	Generic: "generic", Number: "number", Integer: "integer", SignedInteger: "signedinteger",
	UnsignedInteger: "unsignedinteger", Inexact: "inexact", Floating: "floating",
	ComplexFloating: "complexfloating", Boolean: "bool",
}

// String is the category's MLX name.
func (c Category) String() string { return categoryName[c] }

// Within reports whether c is k or lies below it.
func (c Category) Within(k Category) bool {
	for ; c != 0; c = categoryParent[c] {
		if c == k {
			return true
		}
	}
	return false
}

type dtypeInfo struct {
	name     string
	size     int
	category Category
}

var dtypes = [numDtypes]dtypeInfo{
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

// Size is an element's size in bytes.
func (d Dtype) Size() int { return dtypes[d].size }

// Category is the dtype's leaf category.
func (d Dtype) Category() Category { return dtypes[d].category }

// IsFloat reports whether d is a real floating type.
func (d Dtype) IsFloat() bool { return d.Category() == Floating }

// IsComplex reports whether d is complex.
func (d Dtype) IsComplex() bool { return d == Complex64 }

// IsInexact reports whether d is floating or complex.
func (d Dtype) IsInexact() bool { return d.Category().Within(Inexact) }

// IsInteger reports whether d is a signed or unsigned integer; bool is not.
func (d Dtype) IsInteger() bool { return d.Category().Within(Integer) }

// IsSigned reports whether d is a signed integer.
func (d Dtype) IsSigned() bool { return d.Category() == SignedInteger }

// IsUnsigned reports whether d is an unsigned integer.
func (d Dtype) IsUnsigned() bool { return d.Category() == UnsignedInteger }

// Promote gives the dtype in which values of a and b meet, by MLX's rules:
// integers widen to hold both, uint64 with a signed integer becomes float32,
// any integer takes a float's type, float16 with bfloat16 gives float32, and
// float64 with complex64 gives complex64.
func Promote(a, b Dtype) Dtype {
	if a == b {
		return a
	}
	if a > b {
		a, b = b, a // the constants are ordered so that b decides, but for the exceptions below
	}
	switch {
	case b == Complex64 || a == Complex64:
		return Complex64
	case b == Float64:
		return Float64
	case a == Float16 && b == BFloat16:
		return Float32
	case a == Float32 && b == BFloat16:
		return Float32
	case b >= Float16:
		return b
	case a.IsUnsigned() && b.IsSigned():
		return promoteMixedSign(a, b)
	}
	return b
}

func promoteMixedSign(u, s Dtype) Dtype {
	switch {
	case u == Uint64:
		return Float32
	case s.Size() > u.Size():
		return s
	case u == Uint8:
		return Int16
	case u == Uint16:
		return Int32
	}
	return Int64
}

// AtLeastFloat is the type in which a transcendental function of d answers: an
// inexact type itself, float32 for the others.
func (d Dtype) AtLeastFloat() Dtype {
	if d.IsInexact() {
		return d
	}
	return Float32
}

// Real is the type of a complex number's parts, and any other type itself.
func (d Dtype) Real() Dtype {
	if d == Complex64 {
		return Float32
	}
	return d
}
