
// CodedLines brings lines of codes of the right side as numbers: those of the next stage
// are read before this one is multiplied, and decoded after. Lines have whole eights.
template <typename W, typename T, uint LINES, bool ALONG> struct CodedLines {
  enum : uint { along = ALONG, size = ALONG ? uint(cores_depth) : LINES, lines = ALONG ? LINES : uint(cores_depth), many = lines * size / 8 / 128 };
  W w;
  uint first, side, depth; // first is the tile's first line, or, not along, number
  ulong bits[many];
  float scale[many], bias[many];

  void begin(threadgroup ushort*, uint k0, uint i) {
    UNROLLED for (uint e = 0; e < many; e++) {
      uint l = (e * 128 + i) / (size / 8), at = (e * 128 + i) % (size / 8) * 8;
      uint row = ALONG ? first + l : k0 + l, place = ALONG ? k0 + at : first + at;
      bool has = row < (ALONG ? side : depth) && place < (ALONG ? depth : side);
      bits[e] = has ? w.bits(row, place) : 0;
      scale[e] = has ? w.scale(row, place) : 0.0f;
      bias[e] = has ? w.bias(row, place) : 0.0f;
    }
  }
  void end(threadgroup ushort* to, uint i) {
    UNROLLED for (uint e = 0; e < many; e++) {
      uint l = (e * 128 + i) / (size / 8), eight = (e * 128 + i) % (size / 8);
      float v[8];
      w.numbers(bits[e], v);
      UNROLLED for (uint h = 0; h < 8; h++) v[h] = fma(scale[e], v[h], bias[e]);
      uint4 q;
      q.x = cores_pair<T>(v[0], v[1]);
      q.y = cores_pair<T>(v[2], v[3]);
      q.z = cores_pair<T>(v[4], v[5]);
      q.w = cores_pair<T>(v[6], v[7]);
      *(threadgroup uint4*)(to + cores_place<size>(l, eight)) = q;
    }
  }
};

template <uint MR, uint NR, uint WM, bool ALONG, uint MODE, uint BITS, typename T>
inline void quantized_cores(thread const Pair<MODE, BITS, T>& of, device T* out, constant Quantized& p, threadgroup ushort* shared, uint3 g, uint i, uint simd, uint lane) {
  typedef CoresTile<MR, NR, WM> Tile;
  uint row0 = g.x * Tile::rows, col0 = g.y * Tile::columns;
  CoresSide<T, Tile::rows, true> a;
  a.from = of.x + ulong(row0) * p.k;
  a.line = p.k;
  a.each = 1;
  a.side = p.m - row0;
  a.depth = p.k;
  a.wide = p.wide != 0u;
  CodedLines<Codes<MODE, BITS, T>, T, Tile::columns, ALONG> b;
  b.w = of.w;
  b.first = col0;
  b.side = p.n;
  b.depth = p.k;
  float sums[2 * MR * NR][4];
  cores_product<MR, NR, WM, 2, T>(a, b, p.k, sums, shared, i, simd, lane);
  cores_save<MR, NR, WM>(sums, AsItIs(), out + ulong(g.z) * p.m * p.n, p.n, p.out_wide != 0u, row0, col0, p.m, p.n, shared, i, simd, lane);
}
