
// Lanes of a simdgroup exchange scalars of up to 32 bits and vectors of them;
// from_lane does so for every type that is computed in. All lanes must call it.
inline float from_lane(float x, ushort lane) { return simd_shuffle(x, lane); }
inline float2 from_lane(float2 x, ushort lane) { return complex_of(simd_shuffle(x.x, lane), simd_shuffle(x.y, lane)); }
inline uint from_lane(uint x, ushort lane) { return simd_shuffle(x, lane); }
inline int from_lane(int x, ushort lane) { return simd_shuffle(x, lane); }
inline bool from_lane(bool x, ushort lane) { return simd_shuffle(uint(x), lane) != 0u; }
inline uchar from_lane(uchar x, ushort lane) { return uchar(simd_shuffle(uint(x), lane)); }
inline ushort from_lane(ushort x, ushort lane) { return ushort(simd_shuffle(uint(x), lane)); }
inline char from_lane(char x, ushort lane) { return char(simd_shuffle(int(x), lane)); }
inline short from_lane(short x, ushort lane) { return short(simd_shuffle(int(x), lane)); }
inline ulong from_lane(ulong x, ushort lane) { return ulong(simd_shuffle(uint(x), lane)) | ulong(simd_shuffle(uint(x >> 32), lane)) << 32; }
inline long from_lane(long x, ushort lane) { return long(from_lane(ulong(x), lane)); }

// Rows describes rows of some width that teams of threads work on: a team is one
// simdgroup of several in a threadgroup, or, where it has more, all of them.
struct Rows {
  ulong count;
  uint width, across; // across threadgroups lie along the grid's first axis
  uint team, packed;  // simdgroups in a team; rows consist of whole packs
};

// Team is a thread's part in its team: it is thread i of n.
struct Team {
  ulong row;
  uint i, n, lane, simd, simds;
};

inline Team team_of(constant Rows& r, uint3 g, uint lane, uint simd, uint simds) {
  ulong group = ulong(g.y) * r.across + g.x;
  Team t;
  t.row = r.team == 1u ? group * simds + simd : group;
  t.lane = lane;
  t.simd = r.team == 1u ? 0u : simd;
  t.simds = r.team;
  t.i = t.simd * 32u + lane;
  t.n = t.simds * 32u;
  return t;
}

// What all threads of a team bring, put together and given to all of them; shared
// has a place for each simdgroup.
inline float team_sum(float x, thread const Team& t, threadgroup float* shared) {
  x = simd_sum(x);
  if (t.simds == 1u) return x;
  threadgroup_barrier(mem_flags::mem_threadgroup);
  if (t.lane == 0u) shared[t.simd] = x;
  threadgroup_barrier(mem_flags::mem_threadgroup);
  return simd_sum(t.lane < t.simds ? shared[t.lane] : 0.0f);
}
inline float team_max(float x, thread const Team& t, threadgroup float* shared) {
  x = simd_max(x);
  if (t.simds == 1u) return x;
  threadgroup_barrier(mem_flags::mem_threadgroup);
  if (t.lane == 0u) shared[t.simd] = x;
  threadgroup_barrier(mem_flags::mem_threadgroup);
  return simd_max(t.lane < t.simds ? shared[t.lane] : -INFINITY);
}

// Held is what a thread of a team keeps of a row: PACKS of 16 bytes, whose elements lie side
// by side.
template <uint PACKS, typename T> struct Held {
  enum : uint { many = 16 / sizeof(T), all = PACKS * many };
  float v[all];

  static uint place(uint p, thread const Team& t) { return (p * t.n + t.i) * many; }
  static bool fits(uint width, thread const Team& t) { return width <= all * t.n; }

  // take reads the row, and what there is not counts as a number.
  void take(device const T* row, uint width, float none, thread const Team& t) {
    UNROLLED for (uint p = 0; p < PACKS; p++) {
      uint at = place(p, t);
      if (at < width) {
        T x[many];
        several_from<many>(row + at, x);
        UNROLLED for (uint e = 0; e < many; e++) v[p * many + e] = widen(x[e]);
      } else {
        UNROLLED for (uint e = 0; e < many; e++) v[p * many + e] = none;
      }
    }
  }
  void give(device T* row, uint width, thread const Team& t) const {
    UNROLLED for (uint p = 0; p < PACKS; p++) {
      uint at = place(p, t);
      if (at >= width) continue;
      T x[many];
      UNROLLED for (uint e = 0; e < many; e++) x[e] = to<T>::from(v[p * many + e]);
      several_to<many>(row + at, x);
    }
  }
};
