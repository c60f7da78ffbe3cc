
// How a pass of a transform reads its first numbers, and how it writes its last.
enum : uint {
  load_complex = 0, load_real = 1, load_half = 2, load_filter = 3, load_product = 4,
  chirped = 8, // by a bit: times the chirp
};
enum : uint { store_complex = 0, store_real = 1 };

// Roots are the powers of a root of unity in two tables: of its first powers, and
// of every 2**shift-th.
struct Roots { uint low, high, shift, unused; };

// Pass is one pass over transforms of n numbers: for each of n / p columns, the
// numbers that lie n / p apart are transformed among themselves, by stages, and
// turned by roots of n. A transform has as many passes as n has factors p.
struct Pass {
  ulong columns;              // of all rows together
  ulong in_width, out_width;  // numbers of a row
  uint n, p, stride, length;  // stride is the product of the earlier passes' p; length is the transform's without the chirp's filling
  uint tile, across, stages, table; // columns of a threadgroup; where the roots of p are
  uint radix[12];
  Roots roots, chirp;         // of n, and of twice the length
  uint load, store;
  float sign, scale;
};

inline float2 root(device const float2* tables, constant Roots& r, ulong k) {
  return c_mul(tables[r.high + uint(k >> r.shift)], tables[r.low + uint(k & ((1ul << r.shift) - 1))]);
}

// chirp_at is exp(sign pi i k*k / length).
inline float2 chirp_at(device const float2* tables, constant Pass& f, ulong k) { return root(tables, f.chirp, k * k % (2ul * f.length)); }

// half_spectrum: frequencies that are not given are the conjugates of those that
// are; the first, and of an even length the last, count as real.
inline float2 half_spectrum(device const float2* row, uint k, uint n) {
  float2 v = row[min(k, n - k)];
  if (k == 0u || 2u * k == n) return complex_of(v.x, 0.0f);
  return 2u * k > n ? c_conj(v) : v;
}

inline float2 loaded(device const float* in, device const float2* filter, device const float2* tables, constant Pass& f, ulong row, uint at) {
  uint kind = f.load & 7u;
  if (kind == load_filter) {
    uint k = min(at, f.n - at);
    return k < f.length ? c_conj(chirp_at(tables, f, k)) : complex_of(0.0f, 0.0f);
  }
  bool turned_by_chirp = (f.load & chirped) != 0u;
  if (turned_by_chirp && at >= f.length) return complex_of(0.0f, 0.0f);
  device const float2* numbers = (device const float2*)in;
  float2 v;
  if (kind == load_real) v = complex_of(in[row * f.in_width + at], 0.0f);
  else if (kind == load_half) v = half_spectrum(numbers + row * f.in_width, at, f.length);
  else v = numbers[row * f.in_width + at];
  if (kind == load_product) return c_conj(c_mul(v, filter[at]));
  return turned_by_chirp ? c_mul(v, chirp_at(tables, f, at)) : v;
}

inline void stored(device float* out, device const float2* tables, constant Pass& f, ulong row, uint at, float2 v) {
  if (at >= f.out_width) return;
  if ((f.store & chirped) != 0u) v = c_mul(c_conj(v), chirp_at(tables, f, at));
  ulong to_at = row * f.out_width + at;
  if ((f.store & 7u) == store_real) out[to_at] = v.x * f.scale;
  else ((device float2*)out)[to_at] = v * f.scale;
}

// Radix<R> transforms R numbers; roots are those of p.
template <uint R> struct Radix {
  static inline void run(thread float2* v, float, device const float2* roots, uint p) {
    float2 x[R];
    for (uint r = 0; r < R; r++) x[r] = v[r];
    for (uint t = 0; t < R; t++) {
      float2 sum = x[0];
      for (uint r = 1; r < R; r++) sum = sum + c_mul(x[r], roots[r * t % R * (p / R)]);
      v[t] = sum;
    }
  }
};
template <> struct Radix<2> {
  static inline void run(thread float2* v, float, device const float2*, uint) {
    float2 a = v[0];
    v[0] = a + v[1];
    v[1] = a - v[1];
  }
};
inline void transform4(thread float2& a, thread float2& b, thread float2& c, thread float2& d, float sign) {
  float2 s = a + c, r = a - c, u = b + d, v = b - d;
  v = complex_of(-sign * v.y, sign * v.x);
  a = s + u;
  b = r + v;
  c = s - u;
  d = r - v;
}
template <> struct Radix<4> {
  static inline void run(thread float2* v, float sign, device const float2*, uint) { transform4(v[0], v[1], v[2], v[3], sign); }
};
template <> struct Radix<8> {
  static inline void run(thread float2* v, float sign, device const float2*, uint) {
    float2 a = v[0], b = v[2], c = v[4], d = v[6], w = v[1], x = v[3], y = v[5], z = v[7];
    transform4(a, b, c, d, sign);
    transform4(w, x, y, z, sign);
    const float h = 0.707106781186547524f;
    x = complex_of(h * (x.x - sign * x.y), h * (x.y + sign * x.x));
    y = complex_of(-sign * y.y, sign * y.x);
    z = complex_of(-h * (z.x + sign * z.y), h * (sign * z.x - z.y));
    v[0] = a + w; v[1] = b + x; v[2] = c + y; v[3] = d + z;
    v[4] = a - w; v[5] = b - x; v[6] = c - y; v[7] = d - z;
  }
};

// stage is one factor R of p, over all columns of a tile; stride is the product of
// the earlier stages' factors.
template <uint R>
inline void stage(threadgroup const float2* src, threadgroup float2* dst, device const float2* roots, uint p, uint stride, uint columns, float sign, uint i, uint n) {
  uint per = p / R;
  for (uint at = i; at < columns * per; at += n) {
    uint column = at / per, b = at % per, k = b / stride, q = b % stride;
    float2 v[R];
    for (uint r = 0; r < R; r++) v[r] = src[column * p + b + r * per];
    Radix<R>::run(v, sign, roots, p);
    uint to_at = column * p + q + stride * R * k;
    dst[to_at] = v[0];
    for (uint t = 1; t < R; t++) dst[to_at + stride * t] = k == 0u ? v[t] : c_mul(v[t], roots[k * t * stride]);
  }
}

// prime_stage is a stage of any factor, where each thread makes one number at a time.
inline void prime_stage(threadgroup const float2* src, threadgroup float2* dst, device const float2* roots, uint p, uint radix, uint stride, uint columns, uint i, uint n) {
  uint per = p / radix;
  for (uint at = i; at < columns * p; at += n) {
    uint column = at / p, o = at % p, q = o % stride, t = o / stride % radix, k = o / stride / radix;
    threadgroup const float2* x = src + column * p + q + stride * k;
    float2 sum = x[0];
    for (uint r = 1; r < radix; r++) sum = sum + c_mul(x[r * per], roots[r * t % radix * per]);
    dst[at] = c_mul(sum, roots[k * t * stride]);
  }
}

// pass: a threadgroup takes a tile of columns through all stages, between two
// halves of its memory. Neighbouring threads read and write neighbouring numbers.
kernel void pass(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], device const float2* filter [[buffer(2)]], device const float2* tables [[buffer(3)]],
    constant Pass& f [[buffer(4)]], threadgroup float2* shared [[threadgroup(0)]], uint3 g [[threadgroup_position_in_grid]],
    uint i [[thread_index_in_threadgroup]], uint3 threads [[threads_per_threadgroup]]) {
  uint n = threads.x, p = f.p, apart = f.n / p;
  ulong first = (ulong(g.y) * f.across + g.x) * f.tile;
  if (first >= f.columns) return;
  uint columns = uint(min(ulong(f.tile), f.columns - first));
  threadgroup float2* src = shared;
  threadgroup float2* dst = shared + f.tile * p;
  for (uint at = i; at < columns * p; at += n) {
    uint c = apart == 1u ? at / p : at % columns, r = apart == 1u ? at % p : at / columns;
    ulong column = first + c, row = apart == 1u ? column : quotient(column, apart);
    src[c * p + r] = loaded(in, filter, tables, f, row, uint(column - row * apart) + r * apart);
  }
  uint stride = 1;
  for (uint s = 0; s < f.stages; s++) {
    threadgroup_barrier(mem_flags::mem_threadgroup);
    device const float2* roots = tables + f.table;
    switch (f.radix[s]) {
    case 2u: stage<2>(src, dst, roots, p, stride, columns, f.sign, i, n); break;
    case 3u: stage<3>(src, dst, roots, p, stride, columns, f.sign, i, n); break;
    case 4u: stage<4>(src, dst, roots, p, stride, columns, f.sign, i, n); break;
    case 5u: stage<5>(src, dst, roots, p, stride, columns, f.sign, i, n); break;
    case 7u: stage<7>(src, dst, roots, p, stride, columns, f.sign, i, n); break;
    case 8u: stage<8>(src, dst, roots, p, stride, columns, f.sign, i, n); break;
    default: prime_stage(src, dst, roots, p, f.radix[s], stride, columns, i, n);
    }
    stride *= f.radix[s];
    threadgroup float2* other = src;
    src = dst;
    dst = other;
  }
  threadgroup_barrier(mem_flags::mem_threadgroup);
  for (uint at = i; at < columns * p; at += n) {
    uint c = f.stride == 1u ? at / p : at % columns, t = f.stride == 1u ? at % p : at / columns;
    ulong column = first + c, row = apart == 1u ? column : quotient(column, apart);
    uint j = uint(column - row * apart), k = j / f.stride, q = j % f.stride;
    float2 v = src[c * p + t];
    if (k != 0u) v = c_mul(v, root(tables, f.roots, ulong(k) * t * f.stride));
    stored(out, tables, f, row, q + f.stride * (p * k + t), v);
  }
}

// Scaling is what a library's transforms are multiplied by.
struct Scaling {
  ulong count;
  uint width;
  float by;
};
