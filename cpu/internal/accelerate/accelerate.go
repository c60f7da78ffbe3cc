// Package accelerate multiplies matrices by Accelerate, the library that macOS has
// for the matrix units of Apple's processors. It calls the C interface of BLAS
// without cgo, through a [Linker]: the system's own on macOS, in tests a library
// that stands in for it.
package accelerate

import (
	"fmt"
	"math"
	"runtime"
)

// Linker finds C functions and makes them callable.
type Linker interface {
	// Symbol is the address of a C function.
	Symbol(name string) (uintptr, error)
	// Bind sets the function variable that fptr points to, so that it calls the C
	// function at the address with the variable's own argument types.
	Bind(fptr any, address uintptr)
}

// Library is the products of matrices of a library.
type Library struct {
	Float32 Product[float32]
	Float64 Product[float64]
}

// Matrix is an operand: element (i, j) is Data[i*Stride+j], or Data[j*Stride+i] if
// it lies Transposed.
type Matrix[T any] struct {
	Data       []T
	Stride     int
	Transposed bool
}

// Product writes the product of a, of (m,k), and b, of (k,n), to c, whose rows begin
// stride apart, or adds it to what is there if onto is set. M, n and k are at least 1,
// they and all strides at most [Most].
type Product[T float32 | float64] func(m, n, k int, a, b Matrix[T], c []T, stride int, onto bool)

// Most bounds sizes and strides: the library's whole numbers have 32 bits.
const Most = math.MaxInt32

// gemm is cblas_sgemm or cblas_dgemm. (On 64-bit processors of Apple the arguments
// that are passed in memory are a pointer and a number in turn, so that packing them
// changes nothing.)
type gemm[T float32 | float64] func(order, transA, transB, m, n, k int32, alpha T, a *T, lda int32, b *T, ldb int32, beta T, c *T, ldc int32)

// What the C interface of BLAS calls the order of elements and transposition.
const (
	rowMajor    = 101
	noTranspose = 111
	transpose   = 112
)

// Open finds the functions of a library.
func Open(link Linker) (*Library, error) {
	var single gemm[float32]
	var double gemm[float64]
	if err := bind(link, "cblas_sgemm", &single); err != nil {
		return nil, err
	}
	if err := bind(link, "cblas_dgemm", &double); err != nil {
		return nil, err
	}
	return &Library{Float32: single.product, Float64: double.product}, nil
}

func bind[T float32 | float64](link Linker, name string, f *gemm[T]) error {
	address, err := link.Symbol(name)
	if err != nil {
		return fmt.Errorf("accelerate: %w", err)
	}
	link.Bind(f, address)
	return nil
}

// product checks what the library would not.
func (f gemm[T]) product(m, n, k int, a, b Matrix[T], c []T, stride int, onto bool) {
	c = c[:(m-1)*stride+n]
	ad, at := a.argument(m, k)
	bd, bt := b.argument(k, n)
	var beta T
	if onto {
		beta = 1
	}
	f(rowMajor, at, bt, number(m), number(n), number(k), 1, ad, number(a.Stride), bd, number(b.Stride), beta, &c[0], number(stride))
	runtime.KeepAlive(a.Data)
	runtime.KeepAlive(b.Data)
	runtime.KeepAlive(c)
}

// argument gives where a matrix begins, all of which is there, and how it lies.
func (m Matrix[T]) argument(rows, cols int) (*T, int32) {
	how := int32(noTranspose)
	if m.Transposed {
		rows, cols, how = cols, rows, transpose
	}
	if m.Stride < cols {
		panic(fmt.Sprintf("accelerate: rows of %d elements begin %d apart", cols, m.Stride))
	}
	return &m.Data[:(rows-1)*m.Stride+cols][0], how
}

func number(n int) int32 {
	if n < 1 || n > Most {
		panic(fmt.Sprintf("accelerate: got a size or stride of %d, want 1 to %d", n, Most))
	}
	return int32(n)
}
