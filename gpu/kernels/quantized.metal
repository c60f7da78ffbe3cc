
// The formats of quantized matrices: codes of a few bits, each group of which has
// a scale, and in affine a bias.
enum Mode : uint { affine, mxfp4, mxfp8, nvfp4 };

// Quantized describes products of m rows of k numbers and quantized matrices, whose
// rows of codes lie along the terms or across them. Indices pick the matrices.
struct Quantized {
  uint m, n, k;
  uint shift; // a group has 2 to the shift codes
  uint row_bytes, row_groups;
  ulong bytes, groups; // of a matrix
  long x_length, w_length; // matrices to pick from
  uint x_check, w_check;
  uint count; // products
  uint picked, wide, out_wide; // lines are aligned for four numbers, and the answer's for eight
};

// Codes is one quantized matrix.
template <uint MODE, uint BITS, typename T> struct Codes {
  device const uchar* codes;
  device const uchar* scales;
  device const T* biases;
  uint row_bytes, row_groups, shift;

  float scale(uint row, uint at) const {
    ulong i = ulong(row) * row_groups + (at >> shift);
    if (MODE == affine) return widen(((device const T*)scales)[i]);
    uint s = scales[i];
    if (MODE == nvfp4) return from_e4m3(uchar(s));
    return as_type<float>(s == 0u ? 1u << 22 : s << 23); // an exponent; the least is subnormal
  }
  float bias(uint row, uint at) const {
    return MODE == affine ? widen(biases[ulong(row) * row_groups + (at >> shift)]) : 0.0f;
  }

  // bits are the codes from the at-th of a row on, eight of them. At is a multiple of 8.
  ulong bits(uint row, uint at) const {
    device const uchar* p = codes + ulong(row) * row_bytes + at / 8 * BITS;
    ulong bits = 0;
    if (BITS % 4 == 0) {
      for (uint i = 0; i < BITS / 4; i++) bits |= ulong(((device const uint*)p)[i]) << (32 * i);
    } else if (BITS % 2 == 0) {
      for (uint i = 0; i < BITS / 2; i++) bits |= ulong(((device const ushort*)p)[i]) << (16 * i);
    } else {
      for (uint i = 0; i < BITS; i++) bits |= ulong(p[i]) << (8 * i);
    }
    return bits;
  }

  // numbers are what eight codes stand for before they are scaled.
  static void numbers(ulong bits, thread float* v) {
    UNROLLED for (uint i = 0; i < 8; i++) v[i] = plain(uint(bits >> (i * BITS)) & ((1u << BITS) - 1u));
  }
  void eight(uint row, uint at, thread float* v) const { numbers(bits(row, at), v); }

  // plain is the number of a code. Four bits are a sign, two of exponent and one of
  // fraction.
  static float plain(uint code) {
    if (MODE == affine) return as_type<float>(0x4b000000u | code) - 8388608.0f; // sooner than a conversion
    if (MODE == mxfp8) return from_e4m3(uchar(code));
    uint exponent = code >> 1 & 3u, fraction = code & 1u;
    float size = exponent == 0u ? 0.5f * float(fraction) : as_type<float>((exponent + 126u) << 23 | fraction << 22);
    return (code & 8u) != 0u ? -size : size;
  }
};

// chosen gives a matrix that an index names. One that is outside is reported.
inline bool chosen(device const long* index, ulong i, long length, uint check, thread long& at, device uint* status) {
  long v = index[i];
  at = v < 0 ? v + length : v;
  if (at >= 0 && at < length) return true;
  if (status[0] == 0) {
    status[2] = uint(ulong(v));
    status[3] = uint(ulong(v) >> 32);
    status[0] = check;
  }
  return false;
}

// Pair is what the i-th product multiplies.
template <uint MODE, uint BITS, typename T> struct Pair {
  device const T* x;
  Codes<MODE, BITS, T> w;

  bool pick(device const T* all, device const uchar* codes, device const uchar* scales, device const T* biases,
      device const long* index, device uint* status, constant Quantized& p, uint i) {
    long at = 0, matrix = 0;
    if (p.picked != 0u && !(chosen(index, i, p.x_length, p.x_check, at, status) && chosen(index, ulong(p.count) + i, p.w_length, p.w_check, matrix, status)))
      return false;
    x = all + at * long(p.m) * long(p.k);
    w.codes = codes + matrix * long(p.bytes);
    w.scales = scales + matrix * long(p.groups) * (MODE == affine ? sizeof(T) : 1);
    w.biases = biases + (MODE == affine ? matrix * long(p.groups) : 0);
    w.row_bytes = p.row_bytes;
    w.row_groups = p.row_groups;
    w.shift = p.shift;
    return true;
  }
};

// quantized_rows: codes lie along the terms. A simdgroup has four rows of them and
// COUNT rows of x; sums of codes and numbers are scaled group by group.
template <uint COUNT, typename P, typename T>
inline void quantized_rows(thread const P& of, device T* out, constant Quantized& p, uint3 g, uint simd, uint lane) {
  uint row0 = (g.x * 4 + simd) * 4, from = g.y * COUNT;
  if (row0 >= p.n) return;
  float sums[4 * COUNT];
  UNROLLED for (uint q = 0; q < 4 * COUNT; q++) sums[q] = 0.0f;
  for (uint k = lane * 8; k < p.k; k += 256) {
    float c[32], scale[4], bias[4];
    UNROLLED for (uint r = 0; r < 4; r++) {
      uint row = min(row0 + r, p.n - 1);
      of.w.eight(row, k, c + 8 * r);
      scale[r] = of.w.scale(row, k);
      bias[r] = of.w.bias(row, k);
    }
    UNROLLED for (uint q = 0; q < COUNT; q++) {
      float x[8], all = 0.0f;
      device const T* line = of.x + ulong(min(from + q, p.m - 1)) * p.k;
      fours(line, 1, k, p.k, p.wide != 0u, x);
      fours(line, 1, k + 4, p.k, p.wide != 0u, x + 4);
      UNROLLED for (uint h = 0; h < 8; h++) all += x[h];
      UNROLLED for (uint r = 0; r < 4; r++) {
        float dot = 0.0f;
        UNROLLED for (uint h = 0; h < 8; h++) dot = fma(c[8 * r + h], x[h], dot);
        sums[r * COUNT + q] += fma(scale[r], dot, bias[r] * all);
      }
    }
  }
  UNROLLED for (uint q = 0; q < 4 * COUNT; q++) sums[q] = simd_sum(sums[q]);
  if (lane != 0) return;
  device T* result = out + ulong(g.z) * p.m * p.n;
  UNROLLED for (uint q = 0; q < 4 * COUNT; q++) {
    uint row = row0 + q / COUNT, at = from + q % COUNT;
    if (row < p.n && at < p.m) result[ulong(at) * p.n + row] = to<T>::from(sums[q]);
  }
}

// quantized_columns: codes lie across the terms. A threadgroup has 64 results of
// each of COUNT rows of x, and its threads, eight results each, every 16th term.
template <uint COUNT, typename P, typename T>
inline void quantized_columns(thread const P& of, device T* out, constant Quantized& p, threadgroup float* shared, uint3 g, uint i) {
  uint oct = i % 8 * 8, slot = i / 8, col0 = g.x * 64, from = g.y * COUNT;
  float sums[8 * COUNT];
  UNROLLED for (uint q = 0; q < 8 * COUNT; q++) sums[q] = 0.0f;
  for (uint k = slot; k < p.k && col0 + oct < p.n; k += 16) {
    float c[8], scale = of.w.scale(k, col0 + oct), bias = of.w.bias(k, col0 + oct);
    of.w.eight(k, col0 + oct, c);
    UNROLLED for (uint h = 0; h < 8; h++) c[h] = fma(scale, c[h], bias);
    UNROLLED for (uint q = 0; q < COUNT; q++) {
      float x = widen(of.x[ulong(min(from + q, p.m - 1)) * p.k + k]);
      UNROLLED for (uint h = 0; h < 8; h++) sums[q * 8 + h] = fma(x, c[h], sums[q * 8 + h]);
    }
  }
  UNROLLED for (uint q = 0; q < COUNT; q++) {
    UNROLLED for (uint h = 0; h < 8; h++) shared[slot * 64 + oct + h] = sums[q * 8 + h];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (i < 64 && col0 + i < p.n && from + q < p.m) {
      float sum = 0.0f;
      for (uint k = 0; k < 16; k++) sum += shared[k * 64 + i];
      out[(ulong(g.z) * p.m + from + q) * p.n + col0 + i] = to<T>::from(sum);
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
  }
}

// CodedSide brings columns of the right side of a tile: it decodes eight codes of a
// line at a time. Lines have whole eights, and along the terms whole depths.
template <typename W, uint SIZE, bool ALONG> struct CodedSide {
  typedef float element;
  enum : uint { along = ALONG, step = (ALONG ? uint(tile_depth) : SIZE) + tile_pad };
  W w;
  uint side, depth;

  void fetch(threadgroup float* to, uint side0, uint k0, uint i) const {
    enum : uint { lines = ALONG ? SIZE : uint(tile_depth), run = ALONG ? uint(tile_depth) : SIZE };
    uint row0 = ALONG ? side0 : k0, at0 = ALONG ? k0 : side0, rows = ALONG ? side : depth, ats = ALONG ? depth : side;
    for (uint e = i; e < lines * run / 8; e += tile_threads) {
      uint l = e / (run / 8), at = e % (run / 8) * 8;
      float v[8], scale = 0.0f, bias = 0.0f;
      if (row0 + l < rows && at0 + at < ats) {
        w.eight(row0 + l, at0 + at, v);
        scale = w.scale(row0 + l, at0 + at);
        bias = w.bias(row0 + l, at0 + at);
      } else {
        UNROLLED for (uint h = 0; h < 8; h++) v[h] = 0.0f;
      }
      UNROLLED for (uint h = 0; h < 8; h++) v[h] = fma(scale, v[h], bias);
      put_four(to + l * step + at, v);
      put_four(to + l * step + at + 4, v + 4);
    }
  }
};

template <uint SIZE, bool ALONG, uint MODE, uint BITS, typename T>
inline void quantized_tile(thread const Pair<MODE, BITS, T>& of, device T* out, constant Quantized& p, threadgroup float* shared, uint3 g, uint i, uint simd, uint lane) {
  Strided<T, float, SIZE, true> a;
  a.from = of.x;
  a.line = p.k;
  a.side = p.m;
  a.depth = p.k;
  a.wide = p.wide != 0u && p.k % 4 == 0;
  CodedSide<Codes<MODE, BITS, T>, SIZE, ALONG> b;
  b.w = of.w;
  b.side = p.n;
  b.depth = p.k;
  Dense<T> result;
  result.out = out + ulong(g.z) * p.m * p.n;
  result.row = p.n;
  tile_product<SIZE>(a, b, result, g.y * SIZE, g.x * SIZE, p.m, p.n, 0, p.k, shared, i, simd, lane);
}
