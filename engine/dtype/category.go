package dtype

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

// Category is the dtype's leaf category.
func (d Dtype) Category() Category { return dtypes[d].category }

// IsFloat reports whether d is a real floating type.
func (d Dtype) IsFloat() bool { return d.Category() == Floating }

// IsComplex reports whether d is complex.
func (d Dtype) IsComplex() bool { return d.Category() == ComplexFloating }

// IsInexact reports whether d is floating or complex.
func (d Dtype) IsInexact() bool { return d.Category().Within(Inexact) }

// IsInteger reports whether d is a signed or unsigned integer; bool is not.
func (d Dtype) IsInteger() bool { return d.Category().Within(Integer) }

// IsSigned reports whether d is a signed integer.
func (d Dtype) IsSigned() bool { return d.Category() == SignedInteger }

// IsUnsigned reports whether d is an unsigned integer.
func (d Dtype) IsUnsigned() bool { return d.Category() == UnsignedInteger }
