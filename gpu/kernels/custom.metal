// What kernels of scripts find: element types by MLX's names, and the place of an
// element in a strided array.
#include <metal_stdlib>
using namespace metal;

typedef half float16_t;
#if defined(__HAVE_BFLOAT__)
typedef bfloat bfloat16_t;
#endif

struct complex64_t {
  float real;
  float imag;
};
inline complex64_t complex64_of(float real, float imag) {
  complex64_t z;
  z.real = real;
  z.imag = imag;
  return z;
}
inline complex64_t operator+(complex64_t a, complex64_t b) { return complex64_of(a.real + b.real, a.imag + b.imag); }
inline complex64_t operator-(complex64_t a, complex64_t b) { return complex64_of(a.real - b.real, a.imag - b.imag); }
inline complex64_t operator-(complex64_t a) { return complex64_of(-a.real, -a.imag); }
inline complex64_t operator*(complex64_t a, complex64_t b) {
  return complex64_of(a.real * b.real - a.imag * b.imag, a.real * b.imag + a.imag * b.real);
}
inline complex64_t operator/(complex64_t a, complex64_t b) {
  float d = b.real * b.real + b.imag * b.imag;
  return complex64_of((a.real * b.real + a.imag * b.imag) / d, (a.imag * b.real - a.real * b.imag) / d);
}
inline bool operator==(complex64_t a, complex64_t b) { return a.real == b.real && a.imag == b.imag; }

// elem_to_loc is where element elem, counted in row-major order, of an array of a
// shape lies.
template <typename I = long>
inline I elem_to_loc(I elem, const constant int* shape, const constant int64_t* strides, int ndim) {
  I at = 0;
  for (int i = ndim - 1; i >= 0 && elem > 0; --i) {
    at += (elem % I(shape[i])) * I(strides[i]);
    elem /= I(shape[i]);
  }
  return at;
}
