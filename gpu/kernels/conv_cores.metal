
// PatchLines brings what a kernel sees at places: lines of the left side of a product,
// looked up in eights of channels. Shared memory has for each line where the kernel
// begins: its pixel, and its place along three axes.
template <typename T, uint LINES> struct PatchLines {
  enum : uint { along = 1 };
  device const ushort* x; // of the group's channels
  constant Conv* p;
  threadgroup const int4* corners;

  // stand finds where the kernel begins at the lines.
  void stand(threadgroup int4* to, uint row0, uint i) {
    for (uint l = i; l < LINES; l += 128) {
      uint at = row0 + l;
      int c[3];
      for (uint a = 3; a > 0; a--) {
        uint size = uint(p->sizes[a - 1]);
        c[a - 1] = int(at % size) * p->stride[a - 1] - p->low[a - 1];
        at /= size;
      }
      int4 corner;
      corner.x = ((int(at) * p->in[0] + c[0]) * p->in[1] + c[1]) * p->in[2] + c[2];
      corner.y = row0 + l < p->m ? c[0] : -(1 << 30); // nowhere
      corner.z = c[1];
      corner.w = c[2];
      to[l] = corner;
    }
    corners = to;
    threadgroup_barrier(mem_flags::mem_threadgroup);
  }

  void begin(threadgroup ushort* to, uint k0, uint i) {
    uint eight = i % 8, k = k0 + eight * 8, element = k / p->each, channel = k % p->each;
    int e[3];
    for (uint a = 3; a > 0; a--) {
      uint size = uint(p->window[a - 1]), at = element % size;
      e[a - 1] = int(p->flip != 0u ? size - 1 - at : at) * p->dilation[a - 1];
      element /= size;
    }
    int far = (e[0] * p->in[1] + e[1]) * p->in[2] + e[2];
    UNROLLED for (uint h = 0; h < LINES / 16; h++) {
      uint l = h * 16 + i / 8;
      int4 c = corners[l];
      bool has = k < p->k && uint(c.y + e[0]) < uint(p->in[0]) && uint(c.z + e[1]) < uint(p->in[1]) && uint(c.w + e[2]) < uint(p->in[2]);
      cores_fetch(to + cores_place<cores_depth>(l, eight), has ? x + long(c.x + far) * long(p->all) + channel : x, has);
    }
  }
  void end(threadgroup ushort*, uint) {}
};

template <uint MR, uint NR, uint WM, uint STAGES, typename T>
inline void conv_cores(device const T* x, device const T* w, device T* out, constant Conv& p, threadgroup ushort* shared, uint3 g, uint i, uint simd, uint lane) {
  typedef CoresTile<MR, NR, WM> Tile;
  uint row0 = g.x * Tile::rows, col0 = g.y * Tile::columns;
  PatchLines<T, Tile::rows> a;
  a.x = (device const ushort*)x + ulong(g.z) * p.each;
  a.p = &p;
  a.stand((threadgroup int4*)(shared + STAGES * (Tile::rows + Tile::columns) * cores_depth), row0, i);
  CoresSide<T, Tile::columns, true> b;
  b.from = w + (ulong(g.z) * p.n + col0) * p.k;
  b.line = p.k;
  b.each = 1;
  b.side = p.n - col0;
  b.depth = p.k;
  b.wide = p.weights_wide != 0u;
  float sums[2 * MR * NR][4];
  cores_product<MR, NR, WM, STAGES, T>(a, b, p.k, sums, shared, i, simd, lane);
  cores_save<MR, NR, WM>(sums, AsItIs(), out + ulong(g.z) * p.n, p.outs, p.out_wide != 0u, row0, col0, p.m, p.n, shared, i, simd, lane);
}
