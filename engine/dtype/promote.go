package dtype

// Promote gives the dtype in which values of a and b meet, by MLX's rules:
// integers widen to hold both, uint64 with a signed integer becomes float32,
// any integer takes a float's type, float16 with bfloat16 gives float32, and
// float64 with complex64 gives complex64. Whatever meets complex128, which is not
// MLX's, becomes that.
func Promote(a, b Dtype) Dtype {
	if a == b {
		return a
	}
	if a > b {
		a, b = b, a // the constants are ordered so that b decides, but for the exceptions below
	}
	switch {
	case b == Complex128:
		return b
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
	if part := dtypes[d].part; part.Valid() {
		return part
	}
	return d
}

// Complex is the complex type whose parts hold values of d: complex128 of the dtypes of
// 64-bit floats, complex64 of all others.
func (d Dtype) Complex() Dtype {
	if d.Real() == Float64 {
		return Complex128
	}
	return Complex64
}
