
// Products by tensor cores. A threadgroup of four simdgroups makes a tile of the answer:
// each has 16 * MR by 16 * NR elements, and WM of them lie one below the other. Sides of
// 64 terms come to threadgroup memory some stages ahead of their use.
enum : uint { cores_depth = 64 };

template <uint MR, uint NR, uint WM> struct CoresTile {
  enum : uint { rows = 16 * MR * WM, columns = 16 * NR * (4 / WM) };
};

// CoresSide brings numbers of one side as they lie: LINES of them along the terms, or, not
// ALONG, one line of LINES numbers for each term.
template <typename T, uint LINES, bool ALONG> struct CoresSide {
  enum : uint { along = ALONG };
  device const T* from; // of the tile's first line or number
  long line, each;
  uint side, depth; // what there is of either
  bool wide;

  void begin(threadgroup ushort* to, uint k0, uint i) {
    if (ALONG) cores_lines<cores_depth, LINES>(from + long(k0) * each, line, each, side, depth - k0, wide, to, i);
    else cores_lines<LINES, cores_depth>(from + long(k0) * line, line, each, depth - k0, side, wide, to, i);
  }
  void end(threadgroup ushort*, uint) {}
};

// cores_side_load reads what 16 lines of a side have of 16 terms: the operand of a product
// for the left side, and those of two for the right one.
template <bool ALONG, uint LINES> inline void cores_left(thread uint* a, threadgroup const ushort* s, uint first, uint f, uint lane) {
  if (ALONG) cores_load(a, s, cores_place<cores_depth>(first + lane % 16, 2 * f + lane / 16), lane);
  else cores_load_turned(a, s, cores_place<LINES>(f * 16 + lane / 16 * 8 + lane % 8, first / 8 + lane / 8 % 2), lane);
}
template <bool ALONG, uint LINES> inline void cores_right(thread uint* b, threadgroup const ushort* s, uint first, uint f, uint lane) {
  if (ALONG) cores_load(b, s, cores_place<cores_depth>(first + lane / 16 * 8 + lane % 8, 2 * f + lane / 8 % 2), lane);
  else cores_load_turned(b, s, cores_place<LINES>(f * 16 + lane % 16, first / 8 + lane / 16), lane);
}

// cores_product sums a tile over k terms. Shared has room for the sides of all stages.
template <uint MR, uint NR, uint WM, uint STAGES, typename T, typename A, typename B>
inline void cores_product(thread A& a, thread B& b, uint k, thread float (*sums)[4], threadgroup ushort* shared, uint i, uint simd, uint lane) {
  typedef CoresTile<MR, NR, WM> Tile;
  enum : uint { left = Tile::rows * uint(cores_depth), stage = (Tile::rows + Tile::columns) * uint(cores_depth) };
  uint top = simd % WM * 16 * MR, first = simd / WM * 16 * NR;
  cores_clear<2 * MR * NR>(sums);
  for (uint s = 0; s < STAGES - 1; s++) {
    if (s * cores_depth < k) {
      threadgroup ushort* to = shared + s * stage;
      a.begin(to, s * cores_depth, i);
      b.begin(to + left, s * cores_depth, i);
      a.end(to, i);
      b.end(to + left, i);
    }
    cores_fetch_end();
  }
  for (uint n = 0, k0 = 0; k0 < k; n++, k0 += cores_depth) {
    cores_fetched_but<STAGES - 2>();
    threadgroup_barrier(mem_flags::mem_threadgroup);
    // What was used last makes room for what comes.
    uint ahead = k0 + (STAGES - 1) * cores_depth;
    threadgroup ushort* to = shared + (n + STAGES - 1) % STAGES * stage;
    if (ahead < k) {
      a.begin(to, ahead, i);
      b.begin(to + left, ahead, i);
    }
    cores_fetch_end();
    threadgroup const ushort* as = shared + n % STAGES * stage;
    threadgroup const ushort* bs = as + left;
    UNROLLED for (uint f = 0; f < cores_depth / 16; f++) {
      uint x[MR][4];
      UNROLLED for (uint r = 0; r < MR; r++) cores_left<A::along, Tile::rows>(x[r], as, top + r * 16, f, lane);
      UNROLLED for (uint c = 0; c < NR; c++) {
        uint y[4];
        cores_right<B::along, Tile::columns>(y, bs, first + c * 16, f, lane);
        UNROLLED for (uint r = 0; r < MR; r++) {
          cores_multiply<T>(sums[(r * NR + c) * 2], x[r], y, lane);
          cores_multiply<T>(sums[(r * NR + c) * 2 + 1], x[r], y + 2, lane);
        }
      }
    }
    if (ahead < k) {
      a.end(to, i);
      b.end(to + left, i);
    }
  }
  cores_fetched_but<0>();
  threadgroup_barrier(mem_flags::mem_threadgroup);
}

// cores_save puts a tile's elements that are inside of m by n at out, whose rows are so far
// apart. They go by threadgroup memory, so that neighbours are written together. Change
// turns a sum into an element's number.
template <uint MR, uint NR, uint WM, typename T, typename F>
inline void cores_save(thread float (*sums)[4], thread const F& change, device T* out, ulong row, bool wide, uint row0, uint col0, uint m, uint n, threadgroup ushort* shared, uint i, uint simd, uint lane) {
  typedef CoresTile<MR, NR, WM> Tile;
  enum : uint { step = Tile::columns + 8, eights = Tile::columns / 8 };
  uint top = simd % WM * 16 * MR, first = simd / WM * 16 * NR;
  UNROLLED for (uint q = 0; q < 2 * MR * NR; q++) UNROLLED for (uint e = 0; e < 2; e++) {
    uint r = top + q / (2 * NR) * 16 + e * 8 + lane / 4, c = first + q % (2 * NR) * 8 + lane % 4 * 2;
    float x = change.number(sums[q][2 * e], row0 + r, col0 + c), y = change.number(sums[q][2 * e + 1], row0 + r, col0 + c + 1);
    *(threadgroup uint*)(shared + r * step + c) = cores_pair<T>(x, y);
  }
  threadgroup_barrier(mem_flags::mem_threadgroup);
  for (uint at = i; at < Tile::rows * eights; at += 128) {
    uint r = at / eights, c = at % eights * 8;
    if (row0 + r >= m || col0 + c >= n) continue;
    device ushort* to = (device ushort*)out + ulong(row0 + r) * row + col0 + c;
    threadgroup const ushort* from = shared + r * step + c;
    if (wide && col0 + c + 8 <= n) {
      *(device uint4*)to = *(threadgroup const uint4*)from;
      continue;
    }
    for (uint e = 0; e < 8 && col0 + c + e < n; e++) to[e] = from[e];
  }
}

// AsItIs is no change.
struct AsItIs {
  float number(float sum, uint, uint) const { return sum; }
};
