
// Products in tiles. A threadgroup of four simdgroups makes SIZE by SIZE elements
// of a product, each simdgroup a quarter, over tile_depth terms at a time, which
// all threads fetch to threadgroup memory first.
enum : uint { tile_threads = 128, tile_depth = 16, tile_pad = 4 };

// Staged is the type that elements have in threadgroup memory.
template <typename T> struct Staged { typedef float type; };
template <> struct Staged<half> { typedef half type; };

// four reads four neighbours at once, from a place that is aligned to all of them.
template <typename E> inline void four(device const float* p, thread E* v) {
  float4 q = *(device const float4*)p;
  v[0] = E(q.x);
  v[1] = E(q.y);
  v[2] = E(q.z);
  v[3] = E(q.w);
}
template <typename E> inline void four(device const half* p, thread E* v) {
  half4 q = *(device const half4*)p;
  v[0] = E(q.x);
  v[1] = E(q.y);
  v[2] = E(q.z);
  v[3] = E(q.w);
}
template <typename E> inline void four(device const bf16* p, thread E* v) {
  ushort4 q = *(device const ushort4*)p;
  v[0] = E(widen(bf16(q.x)));
  v[1] = E(widen(bf16(q.y)));
  v[2] = E(widen(bf16(q.z)));
  v[3] = E(widen(bf16(q.w)));
}

// put_four writes four neighbours at once, to a place that is aligned to all of them.
inline void put_four(threadgroup float* to, thread const float* v) { *(threadgroup float4*)to = float4(v[0], v[1], v[2], v[3]); }
inline void put_four(threadgroup half* to, thread const half* v) { *(threadgroup half4*)to = half4(v[0], v[1], v[2], v[3]); }

// fours reads the four elements of a line from the k-th on; beyond the end are zeros.
template <typename T> inline void fours(device const T* p, long each, uint k, uint end, bool wide, thread float* v) {
  if (wide && k + 4 <= end) {
    four(p + k, v);
    return;
  }
  UNROLLED for (uint h = 0; h < 4; h++) v[h] = k + h < end ? widen(p[long(k + h) * each]) : 0.0f;
}

// Dense puts elements of a product whose rows are so far apart.
template <typename T> struct Dense {
  device T* out;
  ulong row;
  void put(uint i, uint j, float sum) const { out[i * row + j] = to<T>::from(sum); }
};

// Strided brings one side of a tile, rows of the left or columns of the right
// matrix, from memory. Its neighbours lie along the depth, or along the side; lines
// of them are a stride apart. A wide one is aligned for four.
template <typename T, typename E, uint SIZE, bool ALONG>
struct Strided {
  typedef E element;
  enum : uint { along = ALONG, step = (ALONG ? uint(tile_depth) : SIZE) + tile_pad };
  device const T* from;
  long line;
  uint side, depth;
  bool wide;

  void fetch(threadgroup E* to, uint side0, uint k0, uint i) const {
    enum : uint { lines = ALONG ? SIZE : uint(tile_depth), run = ALONG ? uint(tile_depth) : SIZE };
    uint have_lines = ALONG ? side - side0 : depth - k0, have = ALONG ? depth - k0 : side - side0;
    device const T* p = from + long(ALONG ? side0 : k0) * line + (ALONG ? k0 : side0);
    if (wide && have_lines >= lines && have >= run) {
      for (uint e = i; e < lines * run / 4; e += tile_threads) {
        uint l = e / (run / 4), at = e % (run / 4) * 4;
        E v[4];
        four(p + long(l) * line + at, v);
        put_four(to + l * step + at, v);
      }
      return;
    }
    for (uint e = i; e < lines * run; e += tile_threads) {
      uint l = e / run, at = e % run;
      to[l * step + at] = l < have_lines && at < have ? E(widen(p[long(l) * line + at])) : E(0);
    }
  }
};

// tile_product multiplies the tile whose first row and column are given, over the
// terms from k0 up to k1, and puts the elements that are inside of m by n. Shared
// has room for 2 * SIZE * (tile_depth + tile_pad) floats.
template <uint SIZE, typename A, typename B, typename Save>
inline void tile_product(thread const A& a, thread const B& b, thread const Save& save, uint row0, uint col0, uint m, uint n, uint k0, uint k1,
    threadgroup float* shared, uint i, uint simd, uint lane) {
  typedef typename A::element E;
  enum : uint { half_size = SIZE / 2, many = SIZE / 16 };
  threadgroup E* sa = (threadgroup E*)shared;
  threadgroup E* sb = sa + SIZE * (tile_depth + tile_pad);
  uint top = simd / 2 * half_size, left = simd % 2 * half_size;
  simdgroup_matrix<float, 8, 8> sums[many * many];
  UNROLLED for (uint q = 0; q < many * many; q++) sums[q] = simdgroup_matrix<float, 8, 8>(0.0f);
  for (uint at = k0; at < k1; at += tile_depth) {
    threadgroup_barrier(mem_flags::mem_threadgroup);
    a.fetch(sa, row0, at, i);
    b.fetch(sb, col0, at, i);
    threadgroup_barrier(mem_flags::mem_threadgroup);
    UNROLLED for (uint k = 0; k < tile_depth; k += 8) {
      simdgroup_matrix<E, 8, 8> x[many], y[many];
      UNROLLED for (uint h = 0; h < many; h++) {
        if (A::along) simdgroup_load(x[h], sa + (top + h * 8) * A::step + k, A::step);
        else simdgroup_load(x[h], sa + k * A::step + top + h * 8, A::step, 0, true);
        if (B::along) simdgroup_load(y[h], sb + (left + h * 8) * B::step + k, B::step, 0, true);
        else simdgroup_load(y[h], sb + k * B::step + left + h * 8, B::step);
      }
      UNROLLED for (uint q = 0; q < many * many; q++) simdgroup_multiply_accumulate(sums[q], x[q / many], y[q % many], sums[q]);
    }
  }
  threadgroup_barrier(mem_flags::mem_threadgroup);
  // Each simdgroup turns strips of eight rows into elements by itself.
  threadgroup float* strip = shared + simd * 8 * half_size;
  UNROLLED for (uint h = 0; h < many; h++) {
    UNROLLED for (uint q = 0; q < many; q++) simdgroup_store(sums[h * many + q], strip + q * 8, half_size);
    simdgroup_barrier(mem_flags::mem_threadgroup);
    for (uint e = lane; e < 8 * half_size; e += 32) {
      uint row = row0 + top + h * 8 + e / half_size, col = col0 + left + e % half_size;
      if (row < m && col < n) save.put(row, col, strip[e]);
    }
    simdgroup_barrier(mem_flags::mem_threadgroup);
  }
}
