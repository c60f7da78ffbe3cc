
// Products by groups of four simdgroups, each of which has 16 of 64 rows: of the left side
// a lane holds what cores.metal says, and the right side lies in threadgroup memory, in
// columns of 64 numbers. Where a GPU has instructions for them its prelude defines
// GROUP_CORES: they run on while the lanes do other work, until these wait for them.
enum : uint { pair_threads = 256 };

// group_place is where eight numbers of a line begin, in a tile of LINES lines.
template <uint LINES> inline uint group_place(uint line, uint eight) { return (eight / 8 * LINES + line) * 64 + ((eight ^ line) & 7u) * 8; }

#ifdef GROUP_CORES
inline void group_begin() { cu_group_begin(); }
inline void group_end() { cu_group_end(); }
template <uint LATER> inline void group_wait() { cu_group_wait<LATER>(); }
template <uint N> inline void group_hold(thread float (*s)[4]) { cu_group_hold<N>(s); }
inline void group_written() { cu_group_written(); }
#else
inline void group_begin() {}
inline void group_end() {}
template <uint LATER> inline void group_wait() {}
template <uint N> inline void group_hold(thread float (*s)[4]) {}
inline void group_written() {}
#endif

// group_scores makes the products of 16 rows of left numbers and LINES lines of SIZE.
template <uint SIZE, uint LINES, typename T>
inline void group_scores(thread float (*s)[4], thread uint (*left)[4], threadgroup const ushort* lines, uint lane) {
#ifdef GROUP_CORES
  UNROLLED for (uint f = 0; f < SIZE / 16; f++)
    cu_group<LINES, Brain<T>::value, 0>::multiply(s, left[f], cu_side(lines + f / 4 * LINES * 64 + f % 4 * 16, 16), f > 0);
#else
  cores_clear<LINES / 8>(s);
  UNROLLED for (uint f = 0; f < SIZE / 16; f++) UNROLLED for (uint n = 0; n < LINES / 16; n++) {
    uint b[4];
    cores_load(b, lines, group_place<LINES>(n * 16 + lane / 16 * 8 + lane % 8, 2 * f + lane / 8 % 2), lane);
    cores_multiply<T>(s[2 * n], left[f], b, lane);
    cores_multiply<T>(s[2 * n + 1], left[f], b + 2, lane);
  }
#endif
}

// group_mix adds the products of 16 rows of weights for LINES lines of SIZE, and these.
template <uint SIZE, uint LINES, typename T>
inline void group_mix(thread float (*o)[4], thread uint (*weights)[4], threadgroup const ushort* lines, uint lane) {
  UNROLLED for (uint k = 0; k < LINES / 16; k++) {
#ifdef GROUP_CORES
    cu_group<SIZE, Brain<T>::value, 1>::multiply(o, weights[k], cu_side(lines + k * 1024, LINES * 128), 1);
#else
    UNROLLED for (uint n = 0; n < SIZE / 16; n++) {
      uint b[4];
      cores_load_turned(b, lines, group_place<LINES>(k * 16 + lane % 16, 2 * n + lane / 16), lane);
      cores_multiply<T>(o[2 * n], weights[k], b, lane);
      cores_multiply<T>(o[2 * n + 1], weights[k], b + 2, lane);
    }
#endif
  }
}

// group_left reads 16 lines of SIZE numbers, from the first one on, as a left side.
template <uint SIZE, uint LINES> inline void group_left(thread uint (*left)[4], threadgroup const ushort* lines, uint first, uint lane) {
  UNROLLED for (uint f = 0; f < SIZE / 16; f++) cores_load(left[f], lines, group_place<LINES>(first + lane % 16, 2 * f + lane / 16), lane);
}

// group_weights rounds sums to the left side of a product.
template <uint LINES, typename T> inline void group_weights(thread uint (*weights)[4], thread float (*s)[4]) {
  UNROLLED for (uint k = 0; k < LINES / 16; k++)
    UNROLLED for (uint e = 0; e < 4; e++) weights[k][e] = cores_pair<T>(s[2 * k + e / 2][e % 2 * 2], s[2 * k + e / 2][e % 2 * 2 + 1]);
}

// GroupLines brings lines of up to SIZE numbers, LINES at a time, and zeros for what there is
// not, by so many threads, each of which has eights in one column. Wide ones are aligned for
// eight.
template <uint SIZE, uint LINES, uint THREADS, typename T> struct GroupLines {
  enum : uint { eights = SIZE / 8, step = THREADS / eights };
  device const ushort* from;
  device const ushort* own; // the thread's first eight
  long line, each;
  uint lines, run;
  bool wide;
  uint place, first;

  void begin(device const T* x, long line_, long each_, uint lines_, uint run_, bool wide_, uint i) {
    from = (device const ushort*)x;
    line = line_;
    each = each_;
    lines = lines_;
    run = run_;
    wide = wide_;
    first = i / eights;
    place = group_place<LINES>(first, i % eights);
    own = i % eights * 8 < run ? from + long(first) * line + i % eights * 8 : nullptr;
  }
  void fetch(uint at, threadgroup ushort* to, uint i) const {
    if (!wide) {
      for (uint k = i; k < LINES * eights; k += THREADS) {
        uint l = k / eights, eight = k % eights;
        threadgroup ushort* x = to + group_place<LINES>(l, eight);
        for (uint n = eight * 8; n < eight * 8 + 8; n++) x[n % 8] = at + l < lines && n < run ? from[long(at + l) * line + long(n) * each] : ushort(0);
      }
      return;
    }
    device const ushort* x = own ? own + long(at) * line : from;
    threadgroup ushort* y = to + place;
    if (at + LINES <= lines && run == SIZE) {
      UNROLLED for (uint e = 0; e < LINES / step; e++) cores_fetch(y + e * step * 64, x + long(e * step) * line, true);
      return;
    }
    UNROLLED for (uint e = 0; e < LINES / step; e++) {
      bool has = own != nullptr && at + first + e * step < lines;
      cores_fetch(y + e * step * 64, has ? x + long(e * step) * line : from, has);
    }
  }
};
