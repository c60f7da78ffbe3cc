// What every kernel shares: the element types, the conversions between them and
// to the type that is computed in, and the walk over strided operands.
#include <metal_stdlib>
using namespace metal;

// bfloat16 is kept as its bits, so that the kernels compile for every version of
// the language.
enum class bf16 : ushort {};

// Arrays that are to stay in registers need loops without a loop.
#ifndef UNROLLED
#define UNROLLED _Pragma("clang loop unroll(full)")
#endif

// What stands before a kernel whose registers are to do for so many threadgroups of so many
// threads at once, where a compiler asks.
#define AT_ONCE(threads, groups)

// widen gives the type that elements are computed in.
inline float widen(float x) { return x; }
inline float widen(half x) { return float(x); }
inline float widen(bf16 x) { return as_type<float>(uint(ushort(x)) << 16); }
inline float2 widen(float2 x) { return x; }
inline bool widen(bool x) { return x; }
inline uchar widen(uchar x) { return x; }
inline ushort widen(ushort x) { return x; }
inline uint widen(uint x) { return x; }
inline ulong widen(ulong x) { return x; }
inline char widen(char x) { return x; }
inline short widen(short x) { return x; }
inline int widen(int x) { return x; }
inline long widen(long x) { return x; }

inline float2 complex_of(float re, float im) {
  float2 z;
  z.x = re;
  z.y = im;
  return z;
}

// A float on its way to an integer is truncated; what does not fit gives the
// same numbers as on the processor.
inline int float_to_int(float x) { return x > -2147483904.0f && x < 2147483648.0f ? int(x) : int(0x80000000u); }
inline long float_to_long(float x) { return x >= -9223372036854775808.0f && x < 9223372036854775808.0f ? long(x) : long(0x8000000000000000ul); }

// to converts a computed value to an element.
template <typename U> struct to {
  template <typename T> static U from(T x) { return U(x); }
  static U from(float x) { return U(float_to_int(x)); }
  static U from(float2 z) { return from(z.x); }
};
template <> struct to<uint> {
  template <typename T> static uint from(T x) { return uint(x); }
  static uint from(float x) { return x >= 2147483648.0f ? uint(float_to_int(x - 2147483648.0f)) ^ 0x80000000u : uint(float_to_int(x)); }
  static uint from(float2 z) { return from(z.x); }
};
template <> struct to<long> {
  template <typename T> static long from(T x) { return long(x); }
  static long from(float x) { return float_to_long(x); }
  static long from(float2 z) { return from(z.x); }
};
template <> struct to<ulong> {
  template <typename T> static ulong from(T x) { return ulong(x); }
  static ulong from(float x) { return x >= 9223372036854775808.0f ? ulong(float_to_long(x - 9223372036854775808.0f)) ^ 0x8000000000000000ul : ulong(float_to_long(x)); }
  static ulong from(float2 z) { return from(z.x); }
};
template <> struct to<bool> {
  template <typename T> static bool from(T x) { return x != T(0); }
  static bool from(float2 z) { return z.x != 0.0f || z.y != 0.0f; }
};
template <> struct to<float> {
  template <typename T> static float from(T x) { return float(x); }
  static float from(float2 z) { return z.x; }
};
template <> struct to<half> {
  template <typename T> static half from(T x) { return half(float(x)); }
  static half from(float2 z) { return half(z.x); }
};
template <> struct to<bf16> {
  static bf16 from(float x) {
#ifdef BRAIN_BITS // an instruction
    return bf16(BRAIN_BITS(x));
#endif
    uint bits = as_type<uint>(x);
    if (x != x) return bf16(ushort((bits >> 16) | 0x40u));
    return bf16(ushort((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16));
  }
  template <typename T> static bf16 from(T x) { return from(float(x)); }
  static bf16 from(float2 z) { return from(z.x); }
};
template <> struct to<float2> {
  template <typename T> static float2 from(T x) { return complex_of(float(x), 0.0f); }
  static float2 from(float2 z) { return z; }
};

// several_from reads N neighbours at once, and several_to writes them: the first lies at a
// multiple of their size.
#ifdef WHOLE_VECTORS // where no address spaces tell structures apart
template <uint N, typename T> struct alignas(sizeof(T) * N) Several { T v[N]; };
template <uint N, typename T> inline void several_from(device const T* p, thread T* v) {
  Several<N, T> s = *(device const Several<N, T>*)p;
  UNROLLED for (uint k = 0; k < N; k++) v[k] = s.v[k];
}
template <uint N, typename T> inline void several_to(device T* p, thread const T* v) {
  Several<N, T> s;
  UNROLLED for (uint k = 0; k < N; k++) s.v[k] = v[k];
  *(device Several<N, T>*)p = s;
}
#else
template <uint N, typename T> inline void several_from(device const T* p, thread T* v) { UNROLLED for (uint k = 0; k < N; k++) v[k] = p[k]; }
template <uint N, typename T> inline void several_to(device T* p, thread const T* v) { UNROLLED for (uint k = 0; k < N; k++) p[k] = v[k]; }
#endif

// Walk is how a thread finds its elements: Count of them under a shape, and the
// strides of up to three operands in elements.
struct Walk {
  ulong count;
  uint width;
  uint rank;
  uint shape[10];
  long strides[3][10];
};

// element is the number of the thread's element; what is beyond the end has none.
inline ulong element(constant Walk& w, uint3 g) { return ulong(g.y) * w.width + g.x; }

// quotient divides in 32 bits where that does: wider division is many times slower.
inline ulong quotient(ulong a, ulong b) { return ((a | b) >> 32) == 0 ? ulong(uint(a) / uint(b)) : a / b; }

inline long place(constant Walk& w, uint operand, ulong i) {
  if (w.rank == 1) return long(i) * w.strides[operand][0];
  long at = 0;
  for (uint k = w.rank; k > 0; k--) {
    uint n = w.shape[k - 1];
    ulong q = quotient(i, n);
    at += long(i - q * n) * w.strides[operand][k - 1];
    i = q;
  }
  return at;
}

// ---- numbers ----

inline float2 c_mul(float2 a, float2 b) { return complex_of(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
// c_times is a product that is infinite where a factor is, as C has it.
inline float c_box(float v) { return copysign(isinf(v) ? 1.0f : 0.0f, v); }
inline float c_known(float v) { return isnan(v) ? copysign(0.0f, v) : v; }
inline float2 c_times(float2 a, float2 b) {
  float2 p = c_mul(a, b);
  if (!(isnan(p.x) && isnan(p.y))) return p;
  bool wide_a = isinf(a.x) || isinf(a.y), wide_b = isinf(b.x) || isinf(b.y);
  if (!wide_a && !wide_b) {
    if (!isinf(a.x * b.x) && !isinf(a.y * b.y) && !isinf(a.x * b.y) && !isinf(a.y * b.x)) return p;
    a = complex_of(c_known(a.x), c_known(a.y));
    b = complex_of(c_known(b.x), c_known(b.y));
  }
  if (wide_a) {
    a = complex_of(c_box(a.x), c_box(a.y));
    b = complex_of(c_known(b.x), c_known(b.y));
  }
  if (wide_b) {
    a = complex_of(c_known(a.x), c_known(a.y));
    b = complex_of(c_box(b.x), c_box(b.y));
  }
  float2 q = c_mul(a, b);
  return complex_of(INFINITY * q.x, INFINITY * q.y);
}
inline float2 c_conj(float2 a) { return complex_of(a.x, -a.y); }
inline float c_abs(float2 a) {
  float x = fabs(a.x), y = fabs(a.y);
  if (isinf(x) || isinf(y)) return INFINITY;
  float m = fmax(x, y), n = fmin(x, y);
  if (!(m > 0.0f)) return x + y;
  float r = n / m;
  return m * sqrt(1.0f + r * r);
}
inline float2 c_div(float2 a, float2 b) {
  if (fabs(b.x) >= fabs(b.y)) {
    float r = b.y / b.x, d = b.x + b.y * r;
    return complex_of((a.x + a.y * r) / d, (a.y - a.x * r) / d);
  }
  float r = b.x / b.y, d = b.x * r + b.y;
  return complex_of((a.x * r + a.y) / d, (a.y * r - a.x) / d);
}
inline float2 c_exp(float2 z) {
  float e = precise::exp(z.x);
  if (z.y == 0.0f) return complex_of(e, z.y);
  return complex_of(e * precise::cos(z.y), e * precise::sin(z.y));
}
inline float2 c_log(float2 z) { return complex_of(precise::log(c_abs(z)), atan2(z.y, z.x)); }
inline float2 c_sqrt(float2 z) {
  float m = c_abs(z);
  if (m == 0.0f) return complex_of(0.0f, z.y);
  float r = sqrt((m + fabs(z.x)) * 0.5f);
  if (z.x >= 0.0f) return complex_of(r, z.y / (2.0f * r));
  return complex_of(fabs(z.y) / (2.0f * r), copysign(r, z.y));
}
inline float2 c_sinh(float2 z) { return complex_of(sinh(z.x) * cos(z.y), cosh(z.x) * sin(z.y)); }
inline float2 c_cosh(float2 z) { return complex_of(cosh(z.x) * cos(z.y), sinh(z.x) * sin(z.y)); }
inline float2 c_tanh(float2 z) {
  if (fabs(z.x) > 20.0f) return complex_of(copysign(1.0f, z.x), 0.0f);
  float d = cosh(2.0f * z.x) + cos(2.0f * z.y);
  return complex_of(sinh(2.0f * z.x) / d, sin(2.0f * z.y) / d);
}
inline float2 c_times_i(float2 z) { return complex_of(-z.y, z.x); }
inline float2 c_over_i(float2 z) { return complex_of(z.y, -z.x); }
inline float2 c_pow(float2 a, float2 b) {
  if (b.x == 0.0f && b.y == 0.0f) return complex_of(1.0f, 0.0f);
  if (a.x == 0.0f && a.y == 0.0f) return b.x > 0.0f ? a : complex_of(NAN, NAN);
  return c_exp(c_mul(b, c_log(a)));
}
inline bool c_less(float2 a, float2 b) { return a.x != b.x ? a.x < b.x : a.y < b.y; }

// log1p and expm1 make good for the digits that 1 + x, and exp(x) - 1, lose.
inline float log1p_(float x) {
  float u = 1.0f + x;
  if (u == 1.0f) return x;
  if (isinf(u)) return u;
  return precise::log(u) * (x / (u - 1.0f));
}
inline float expm1_(float x) {
  if (fabs(x) < 0.35f) {
    float p = 1.0f / 40320.0f;
    p = fma(p, x, 1.0f / 5040.0f);
    p = fma(p, x, 1.0f / 720.0f);
    p = fma(p, x, 1.0f / 120.0f);
    p = fma(p, x, 1.0f / 24.0f);
    p = fma(p, x, 1.0f / 6.0f);
    p = fma(p, x, 0.5f);
    return fma(p * x, x, x);
  }
  return precise::exp(x) - 1.0f;
}

// The error function: an odd polynomial near 0, and the complement's logarithm as a
// polynomial away from it, both fitted to the least largest error (1.2 ulp together).
inline float erf_(float x) {
  float a = fabs(x);
  if (!(a < 4.0f)) return isnan(x) ? x : copysign(1.0f, x);
  if (a < 0.921875f) {
    float u = a * a, p = 8.397804e-05f;
    p = fma(p, u, -0.0008149808f);
    p = fma(p, u, 0.0052017164f);
    p = fma(p, u, -0.026859703f);
    p = fma(p, u, 0.11283702f);
    p = fma(p, u, -0.37612635f);
    p = fma(p, u, 0.12837917f);
    return fma(p, x, x);
  }
  float p = 1.0551156e-06f;
  p = fma(p, a, -1.6950213e-05f);
  p = fma(p, a, 9.690081e-05f);
  p = fma(p, a, -3.3021584e-05f);
  p = fma(p, a, -0.0030085985f);
  p = fma(p, a, 0.023236541f);
  p = fma(p, a, -0.106291965f);
  p = fma(p, a, -0.63466763f);
  p = fma(p, a, -1.1290137f);
  p = fma(p, a, 9.177566e-05f);
  return copysign(1.0f - precise::exp(p), x);
}
// The inverse, by polynomials in log(1 - x*x), as on the processor.
inline float erfinv_(float x) {
  float t = precise::log(fma(x, -x, 1.0f));
  float p;
  if (t < -6.125f) {
    p = 3.03697567e-10f;
    p = fma(p, t, 2.93243101e-8f);
    p = fma(p, t, 1.22150334e-6f);
    p = fma(p, t, 2.84108955e-5f);
    p = fma(p, t, 3.93552968e-4f);
    p = fma(p, t, 3.02698812e-3f);
    p = fma(p, t, 4.83185798e-3f);
    p = fma(p, t, -2.64646143e-1f);
    p = fma(p, t, 8.40016484e-1f);
  } else {
    p = 5.43877832e-9f;
    p = fma(p, t, 1.43285448e-7f);
    p = fma(p, t, 1.22774793e-6f);
    p = fma(p, t, 1.12963626e-7f);
    p = fma(p, t, -5.61530760e-5f);
    p = fma(p, t, -1.47697632e-4f);
    p = fma(p, t, 2.31468678e-3f);
    p = fma(p, t, 1.15392581e-2f);
    p = fma(p, t, -2.32015476e-1f);
    p = fma(p, t, 8.86226892e-1f);
  }
  return x * p;
}

template <typename T> inline T larger(T a, T b) { return a > b || a != a ? a : b; }
template <typename T> inline T smaller(T a, T b) { return a < b || a != a ? a : b; }
inline float2 larger(float2 a, float2 b) { return c_less(b, a) || a.x != a.x ? a : b; }
inline float2 smaller(float2 a, float2 b) { return c_less(a, b) || a.x != a.x ? a : b; }

template <typename T> inline T whole_quotient(T a, T b) {
  if (b == T(0)) return T(0);
  T q = T(a / b), r = T(a - q * b);
  return r != T(0) && (r < T(0)) != (b < T(0)) ? T(q - T(1)) : q;
}
template <typename T> inline T whole_modulo(T a, T b) {
  if (b == T(0)) return T(0);
  T r = T(a % b);
  return r != T(0) && (r < T(0)) != (b < T(0)) ? T(r + b) : r;
}
inline float float_modulo(float a, float b) {
  float r = fmod(a, b);
  return r != 0.0f && (r < 0.0f) != (b < 0.0f) ? r + b : r;
}
template <typename T> inline T whole_power(T a, T n) {
  if (n < T(0)) return T(0);
  T p = T(1);
  while (n > T(0)) {
    if (n & T(1)) p = T(p * a);
    a = T(a * a);
    n = T(n >> 1);
  }
  return p;
}
inline float log_add_exp(float a, float b) {
  float top = larger(a, b), low = a < b ? a : b;
  if (isnan(a) || isnan(b)) return a + b;
  if (isinf(top)) return top > 0.0f || top == low ? top : top;
  return top + log1p_(precise::exp(low - top));
}

inline float2 c_log1p(float2 z) {
  if (fabs(z.x) > 0.5f || fabs(z.y) > 0.5f) return c_log(complex_of(1.0f + z.x, z.y));
  return complex_of(log1p_(z.x * (2.0f + z.x) + z.y * z.y) * 0.5f, atan2(z.y, 1.0f + z.x));
}
inline float2 c_atanh(float2 z) {
  float x = z.x, y = z.y, d = (1.0f - x) * (1.0f - x) + y * y;
  return complex_of(log1p_(4.0f * x / d) * 0.25f, atan2(2.0f * y, (1.0f - x) * (1.0f + x) - y * y) * 0.5f);
}
// asin z = -i log(iz + sqrt(1 - z*z)), with the square root of the product taken
// in two factors, so that the branch cuts lie where they should.
inline float2 c_asin(float2 z) {
  float2 a = c_sqrt(complex_of(1.0f - z.x, -z.y)), b = c_sqrt(complex_of(1.0f + z.x, z.y));
  float re = atan2(z.x, a.x * b.x - a.y * b.y);
  float im = asinh(a.x * b.y - a.y * b.x);
  return complex_of(re, im);
}
inline float2 c_acos(float2 z) {
  float2 a = c_sqrt(complex_of(1.0f - z.x, -z.y)), b = c_sqrt(complex_of(1.0f + z.x, z.y));
  return complex_of(2.0f * atan2(a.x, b.x), asinh(b.x * a.y - b.y * a.x));
}
inline float2 c_acosh(float2 z) {
  float2 a = c_sqrt(complex_of(z.x - 1.0f, z.y)), b = c_sqrt(complex_of(z.x + 1.0f, z.y));
  return complex_of(asinh(a.x * b.x + a.y * b.y), 2.0f * atan2(a.y, b.x));
}
inline float2 c_log_add_exp(float2 a, float2 b) {
  if (c_less(a, b)) {
    float2 t = a;
    a = b;
    b = t;
  }
  if (isinf(b.x) && b.x < 0.0f) return a;
  if (isinf(a.x) && a.x > 0.0f) return a;
  return a + c_log1p(c_exp(b - a));
}

// E4M3 is an 8-bit float of four exponent bits (bias 7) and three of fraction,
// without infinities. Encoding rounds to the nearest, ties to even; what is larger
// than 448, an infinity and NaN give 448 under the operand's sign.
inline uchar to_e4m3(float x) {
  uint bits = as_type<uint>(x);
  uint sign = bits >> 24 & 0x80u;
  bits &= 0x7fffffffu;
  if (bits >= as_type<uint>(464.0f)) return uchar(sign | 0x7eu);
  if (bits < as_type<uint>(0.015625f)) return uchar(sign | uint(rint(as_type<float>(bits) * 512.0f)));
  bits += 0x7ffffu + (bits >> 20 & 1u);
  return uchar(sign | ((bits >> 20) - (120u << 3)));
}
inline float from_e4m3(uchar c) {
  uint exponent = c >> 3 & 0xfu;
  float fraction = float(c & 7u);
  float v = exponent == 0u ? fraction / 512.0f : (8.0f + fraction) * as_type<float>((exponent + 117u) << 23);
  return (c & 0x80u) != 0u ? -v : v;
}
inline float from_fp8_(uchar c) { return (c & 0x7fu) == 0x7fu ? NAN : from_e4m3(c); }
