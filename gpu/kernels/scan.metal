
// Line describes what is scanned: lines of length elements that lie inner apart,
// in blocks, several of which take what goes before them from carries.
struct Line {
  ulong length, inner, block;
  uint blocks, reverse, inclusive, totals; // with totals set, what a block comes to is all that is written
};

// The least and the greatest integer of a type.
template <typename T> inline T lowest() { return T(-1) > T(0) ? T(0) : T(1ul << (sizeof(T) * 8 - 1)); }
template <typename T> inline T highest() { return T(~lowest<T>()); }

// Span is a block of a line, its places counted as they are scanned.
struct Span { ulong base, from, end; };

inline Span span_of(constant Line& l, ulong item) {
  ulong line = item / l.blocks;
  Span s;
  s.base = line / l.inner * l.inner * l.length + line % l.inner;
  s.from = item % l.blocks * l.block;
  s.end = min(s.from + l.block, l.length);
  return s;
}
inline ulong scanned(constant Line& l, ulong base, ulong k) { return base + (l.reverse != 0u ? l.length - 1 - k : k) * l.inner; }

// scan_each: a thread scans a block.
template <typename F, typename T, typename U>
inline void scan_each(device const T* in, device U* out, device typename F::S* carries, constant Line& l, ulong item) {
  typedef typename F::S S;
  Span s = span_of(l, item);
  S a = l.blocks > 1u && l.totals == 0u ? carries[item] : F::start();
  for (ulong k = s.from; k < s.end; k++) {
    ulong at = scanned(l, s.base, k);
    S next = F::join(a, to<S>::from(widen(in[at])));
    if (l.totals == 0u) out[at] = to<U>::from(l.inclusive != 0u ? next : a);
    a = next;
  }
  if (l.totals != 0u) carries[item] = a;
}

// scan_lanes makes x what the lanes up to the caller's come to.
template <typename F>
inline typename F::S scan_lanes(typename F::S x, uint lane) {
  for (uint step = 1u; step < 32u; step *= 2u) {
    typename F::S before = from_lane(x, ushort(lane >= step ? lane - step : lane));
    if (lane >= step) x = F::join(before, x);
  }
  return x;
}

enum : uint { each_scans = 4 }; // elements that a thread scans before it looks at its neighbours

// scan_rows: a team scans a block, some elements to each thread at a time.
template <typename F, typename T, typename U>
inline void scan_rows(device const T* in, device U* out, device typename F::S* carries, constant Line& l, thread const Team& t, threadgroup typename F::S* shared) {
  typedef typename F::S S;
  Span s = span_of(l, t.row);
  S carry = l.blocks > 1u && l.totals == 0u ? carries[t.row] : F::start();
  for (ulong first = s.from; first < s.end; first += each_scans * t.n) {
    ulong k = first + each_scans * t.i;
    S v[each_scans];
    S own = F::start();
    for (uint e = 0; e < each_scans; e++) {
      if (k + e < s.end) own = F::join(own, to<S>::from(widen(in[scanned(l, s.base, k + e)])));
      v[e] = own;
    }
    S upto = scan_lanes<F>(own, t.lane);
    S before = from_lane(upto, ushort(t.lane > 0u ? t.lane - 1u : 0u));
    if (t.lane == 0u) before = F::start();
    S all = from_lane(upto, ushort(31));
    S ahead = carry;
    if (t.simds > 1u) {
      if (t.lane == 0u) shared[t.simd] = all;
      threadgroup_barrier(mem_flags::mem_threadgroup);
      for (uint j = 0; j < t.simds; j++) {
        if (j == t.simd) ahead = carry;
        carry = F::join(carry, shared[j]);
      }
      threadgroup_barrier(mem_flags::mem_threadgroup);
    } else {
      carry = F::join(carry, all);
    }
    if (l.totals != 0u) continue;
    S a = F::join(ahead, before);
    for (uint e = 0; e < each_scans; e++) {
      if (k + e < s.end) out[scanned(l, s.base, k + e)] = to<U>::from(l.inclusive != 0u ? F::join(a, v[e]) : e == 0u ? a : F::join(a, v[e - 1u]));
    }
  }
  if (l.totals != 0u && t.i == 0u) carries[t.row] = carry;
}

// scan_carries: a simdgroup turns what the blocks of a line come to into what goes
// before each.
template <typename F>
inline void scan_carries(device typename F::S* carries, uint blocks, thread const Team& t) {
  typedef typename F::S S;
  device S* row = carries + t.row * blocks;
  S carry = F::start();
  for (uint first = 0; first < blocks; first += 32u) {
    uint at = first + t.lane;
    S upto = scan_lanes<F>(at < blocks ? row[at] : F::start(), t.lane);
    S before = from_lane(upto, ushort(t.lane > 0u ? t.lane - 1u : 0u));
    if (at < blocks) row[at] = t.lane == 0u ? carry : F::join(carry, before);
    carry = F::join(carry, from_lane(upto, ushort(31)));
  }
}
