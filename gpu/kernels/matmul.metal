
// Product describes out = alpha * a b + beta * c for a stack of matrices. The strides
// of a and b are those along their side of the product, rows of a or columns of b,
// and along its terms. Where the terms are split, a part is so many of them. Picked
// matrices begin at places that are listed in pairs: a_pick and b_pick tell which of
// a pair, counted from 1, is that of a side, and 0 that there is none.
struct Product {
  uint m, n, k;
  uint stack_rank;
  uint stack[10];
  long a_side, a_depth, b_side, b_depth;
  long out_row, out_col, c_row, c_col;
  long a_batch[10], b_batch[10], c_batch[10];
  float alpha, beta;
  uint added;
  uint part, parts;
  uint a_wide, b_wide, a_pick, b_pick, unused;
};

// Starts are where the matrices of one product of the stack begin.
struct Starts { long a, b, c; };

inline Starts stacked(constant Product& p, uint i) {
  Starts s;
  s.a = s.b = s.c = 0;
  for (uint k = p.stack_rank; k > 0; k--) {
    uint at = i % p.stack[k - 1];
    s.a += long(at) * p.a_batch[k - 1];
    s.b += long(at) * p.b_batch[k - 1];
    s.c += long(at) * p.c_batch[k - 1];
    i /= p.stack[k - 1];
  }
  return s;
}

inline Starts starts(constant Product& p, device const long* picks, uint i) {
  Starts s = stacked(p, i);
  if (p.a_pick != 0u) s.a = picks[2 * ulong(i) + p.a_pick - 1];
  if (p.b_pick != 0u) s.b = picks[2 * ulong(i) + p.b_pick - 1];
  return s;
}

// Pick tells which of a number of matrices, a step apart, indices may name.
struct Pick {
  long length, step;
  uint count, check;
};

// picked_place writes where the matrix of index i begins. One that is not there is
// reported.
inline void picked_place(device const long* index, device long* places, constant Pick& p, device uint* status, uint i) {
  if (i >= p.count) return;
  long v = index[i], at = v < 0 ? v + p.length : v;
  if (at < 0 || at >= p.length) {
    if (status[0] == 0) {
      status[2] = uint(ulong(v));
      status[3] = uint(ulong(v) >> 32);
      status[0] = p.check;
    }
    at = 0;
  }
  places[2 * ulong(i)] = at * p.step;
}

inline float product_sum(float x, float y, float sum) { return fma(x, y, sum); }
inline float2 product_sum(float2 x, float2 y, float2 sum) { return sum + c_mul(x, y); }

// Sums puts elements of one product.
template <typename T, typename W> struct Sums {
  device T* out;
  device const T* c;
  long row, col, c_row, c_col;
  float alpha, beta;
  bool added;

  void put(uint i, uint j, W sum) const {
    if (added) sum = beta * widen(c[long(i) * c_row + long(j) * c_col]) + alpha * sum;
    out[long(i) * row + long(j) * col] = to<T>::from(sum);
  }
};

template <typename W, typename T> inline Sums<T, W> sums_of(constant Product& p, device T* out, device const T* c, uint i, long start) {
  Sums<T, W> s;
  s.out = out + ulong(i) * p.m * p.n;
  s.c = c + start;
  s.row = p.out_row;
  s.col = p.out_col;
  s.c_row = p.c_row;
  s.c_col = p.c_col;
  s.alpha = p.alpha;
  s.beta = p.beta;
  s.added = p.added != 0u;
  return s;
}

template <typename T, uint SIZE, bool ALONG>
inline Strided<T, typename Staged<T>::type, SIZE, ALONG> strided(device const T* from, long line, uint side, uint depth, uint wide) {
  Strided<T, typename Staged<T>::type, SIZE, ALONG> s;
  s.from = from;
  s.line = line;
  s.side = side;
  s.depth = depth;
  s.wide = wide != 0u;
  return s;
}

template <uint SIZE, bool A, bool B, typename T>
inline void product_tile(device const T* a, device const T* b, device const T* c, device T* out, constant Product& p, device const long* picks,
    threadgroup float* shared, uint3 g, uint i, uint simd, uint lane) {
  Starts s = starts(p, picks, g.z);
  tile_product<SIZE>(strided<T, SIZE, A>(a + s.a, A ? p.a_side : p.a_depth, p.m, p.k, p.a_wide), strided<T, SIZE, B>(b + s.b, B ? p.b_side : p.b_depth, p.n, p.k, p.b_wide),
      sums_of<float>(p, out, c, g.z, s.c), g.y * SIZE, g.x * SIZE, p.m, p.n, 0, p.k, shared, i, simd, lane);
}

// product_part has some of the terms of a tile: the parts of one product follow
// each other along the grid's last axis.
template <uint SIZE, bool A, bool B, typename T>
inline void product_part(device const T* a, device const T* b, device float* out, constant Product& p,
    threadgroup float* shared, uint3 g, uint i, uint simd, uint lane) {
  Starts s = stacked(p, g.z / p.parts);
  uint k0 = g.z % p.parts * p.part, k1 = min(k0 + p.part, p.k);
  Dense<float> result;
  result.out = out + ulong(g.z) * p.m * p.n;
  result.row = p.n;
  tile_product<SIZE>(strided<T, SIZE, A>(a + s.a, A ? p.a_side : p.a_depth, p.m, k1, p.a_wide), strided<T, SIZE, B>(b + s.b, B ? p.b_side : p.b_depth, p.n, k1, p.b_wide),
      result, g.y * SIZE, g.x * SIZE, p.m, p.n, k0, k1, shared, i, simd, lane);
}

// join_parts: thread i sums the parts of element i.
template <typename T>
inline void join_parts(device const float* in, device const T* c, device T* out, constant Product& p, uint i, uint z) {
  if (i >= p.m * p.n) return;
  float sum = 0.0f;
  device const float* at = in + ulong(z) * p.parts * p.m * p.n + i;
  for (uint k = 0; k < p.parts; k++) sum += at[ulong(k) * p.m * p.n];
  sums_of<float>(p, out, c, z, stacked(p, z).c).put(i / p.n, i % p.n, sum);
}

// product_rows: the lines of a run along the terms, and a simdgroup has four of
// them and COUNT columns of b.
template <uint COUNT, typename T>
inline void product_rows(device const T* a, device const T* b, device const T* c, device T* out, constant Product& p, device const long* picks, uint3 g, uint simd, uint lane) {
  uint row0 = (g.x * 4 + simd) * 4, col0 = g.y * COUNT;
  if (row0 >= p.m) return;
  Starts s = starts(p, picks, g.z);
  float sums[4 * COUNT];
  UNROLLED for (uint q = 0; q < 4 * COUNT; q++) sums[q] = 0.0f;
  for (uint k = lane * 4; k < p.k; k += 128) {
    float y[4 * COUNT];
    UNROLLED for (uint q = 0; q < COUNT; q++) fours(b + s.b + long(min(col0 + q, p.n - 1)) * p.b_side, p.b_depth, k, p.k, p.b_wide != 0u, y + 4 * q);
    UNROLLED for (uint r = 0; r < 4; r++) {
      float x[4];
      fours(a + s.a + long(min(row0 + r, p.m - 1)) * p.a_side, p.a_depth, k, p.k, p.a_wide != 0u, x);
      UNROLLED for (uint q = 0; q < COUNT; q++)
        UNROLLED for (uint h = 0; h < 4; h++) sums[r * COUNT + q] = fma(x[h], y[4 * q + h], sums[r * COUNT + q]);
    }
  }
  UNROLLED for (uint q = 0; q < 4 * COUNT; q++) sums[q] = simd_sum(sums[q]);
  if (lane != 0) return;
  Sums<T, float> result = sums_of<float>(p, out, c, g.z, s.c);
  UNROLLED for (uint q = 0; q < 4 * COUNT; q++) {
    uint row = row0 + q / COUNT, col = col0 + q % COUNT;
    if (row < p.m && col < p.n) result.put(row, col, sums[q]);
  }
}

// product_lines: the same where lines are aligned for 16 bytes and a whole number of them. A
// simdgroup has one line, or the four of a threadgroup a part each of one, and what it has
// asked for lies far ahead of what it sums.
template <uint COUNT, bool SHARED, typename T>
inline void product_lines(device const T* a, device const T* b, device const T* c, device T* out, constant Product& p, device const long* picks, threadgroup float* shared, uint3 g, uint simd, uint lane) {
  enum : uint { many = 16 / sizeof(T), ahead = 4, step = (SHARED ? 128u : 32u) * many };
  uint row = SHARED ? g.x : g.x * 4 + simd, col0 = g.y * COUNT;
  Starts s = starts(p, picks, g.z);
  device const T* x = a + s.a + long(min(row, p.m - 1)) * p.a_side;
  device const T* y = b + s.b;
  float sums[COUNT];
  UNROLLED for (uint q = 0; q < COUNT; q++) sums[q] = 0.0f;
  uint k = ((SHARED ? simd * 32u : 0u) + lane) * many;
  for (; k < p.k; k += ahead * step) {
    T v[ahead][many];
    UNROLLED for (uint h = 0; h < ahead; h++)
      if (k + h * step < p.k) several_from<many>(x + k + h * step, v[h]);
    UNROLLED for (uint h = 0; h < ahead; h++) {
      if (k + h * step >= p.k) break;
      UNROLLED for (uint q = 0; q < COUNT; q++) {
        T w[many];
        several_from<many>(y + long(min(col0 + q, p.n - 1)) * p.b_side + k + h * step, w);
        UNROLLED for (uint e = 0; e < many; e++) sums[q] = fma(widen(v[h][e]), widen(w[e]), sums[q]);
      }
    }
  }
  UNROLLED for (uint q = 0; q < COUNT; q++) sums[q] = simd_sum(sums[q]);
  if (SHARED) {
    if (lane == 0) UNROLLED for (uint q = 0; q < COUNT; q++) shared[simd * COUNT + q] = sums[q];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    UNROLLED for (uint q = 0; q < COUNT; q++) sums[q] = (shared[q] + shared[COUNT + q]) + (shared[2 * COUNT + q] + shared[3 * COUNT + q]);
    if (simd != 0) return;
  }
  if (lane != 0 || row >= p.m) return;
  Sums<T, float> result = sums_of<float>(p, out, c, g.z, s.c);
  UNROLLED for (uint q = 0; q < COUNT; q++)
    if (col0 + q < p.n) result.put(row, col0 + q, sums[q]);
}

// product_columns: the lines of a run across the terms. A threadgroup has 32
// results of a line, and its threads, four results each, every 16th term.
template <uint COUNT, typename T>
inline void product_columns(device const T* a, device const T* b, device const T* c, device T* out, constant Product& p, device const long* picks,
    threadgroup float* shared, uint3 g, uint i) {
  uint quad = i % 8 * 4, slot = i / 8, row0 = g.x * 32, col0 = g.y * COUNT;
  Starts s = starts(p, picks, g.z);
  float sums[4 * COUNT];
  UNROLLED for (uint q = 0; q < 4 * COUNT; q++) sums[q] = 0.0f;
  for (uint k = slot; k < p.k; k += 16) {
    float x[4];
    fours(a + s.a + long(k) * p.a_depth, p.a_side, row0 + quad, p.m, p.a_wide != 0u, x);
    UNROLLED for (uint q = 0; q < COUNT; q++) {
      float y = widen(b[s.b + long(min(col0 + q, p.n - 1)) * p.b_side + long(k) * p.b_depth]);
      UNROLLED for (uint h = 0; h < 4; h++) sums[q * 4 + h] = fma(x[h], y, sums[q * 4 + h]);
    }
  }
  Sums<T, float> result = sums_of<float>(p, out, c, g.z, s.c);
  UNROLLED for (uint q = 0; q < COUNT; q++) {
    UNROLLED for (uint h = 0; h < 4; h++) shared[slot * 32 + quad + h] = sums[q * 4 + h];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (i < 32 && row0 + i < p.m && col0 + q < p.n) {
      float sum = 0.0f;
      for (uint k = 0; k < 16; k++) sum += shared[k * 32 + i];
      result.put(row0 + i, col0 + q, sum);
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
  }
}

// product_small: a threadgroup of 16 by 16 threads makes a tile of the product of
// that size, a thread one element.
template <typename W, typename T>
inline void product_small(device const T* a, device const T* b, device const T* c, device T* out, constant Product& p, device const long* picks,
    threadgroup W* sa, threadgroup W* sb, uint3 g, uint3 t) {
  uint row = g.y * 16 + t.y, col = g.x * 16 + t.x;
  Starts s = starts(p, picks, g.z);
  W sum = to<W>::from(0);
  for (uint k0 = 0; k0 < p.k; k0 += 16) {
    uint ka = k0 + t.x, kb = k0 + t.y;
    sa[t.y * 16 + t.x] = row < p.m && ka < p.k ? widen(a[s.a + long(row) * p.a_side + long(ka) * p.a_depth]) : to<W>::from(0);
    sb[t.y * 16 + t.x] = col < p.n && kb < p.k ? widen(b[s.b + long(col) * p.b_side + long(kb) * p.b_depth]) : to<W>::from(0);
    threadgroup_barrier(mem_flags::mem_threadgroup);
    for (uint k = 0; k < 16; k++) sum = product_sum(sa[t.y * 16 + k], sb[k * 16 + t.x], sum);
    threadgroup_barrier(mem_flags::mem_threadgroup);
  }
  if (row < p.m && col < p.n) sums_of<W>(p, out, c, g.z, s.c).put(row, col, sum);
}
