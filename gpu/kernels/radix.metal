
// Sorts by digits: a threadgroup of eight simdgroups puts up to 256 * EACH keys of a line in
// order, eight bits at a time from the low ones on. A key's place among those of its digit
// is that among its simdgroup's, which hold neighbours, after those of earlier simdgroups.
// See Merrill and Grimshaw, High performance and scalable radix sorting (2011).
enum : uint { radix_threads = 256, radix_digits = 256 };

// radix_peers are the lanes that bring the same number.
#ifdef TENSOR_CORES
inline uint radix_peers(uint x) { return cu_peers(x); }
#else
inline uint radix_peers(uint x) {
  uint peers = 0;
  for (uint l = 0; l < 32u; l++) peers |= uint(simd_shuffle(x, l) == x) << l;
  return peers;
}
#endif

// Key turns elements into unsigned numbers of the same order, and back. Zeros of either sign
// are one number where elements are named, so that their order stays; NaN comes last.
template <typename T> struct Key {
  enum : uint { bits = 8 * sizeof(T), sign = T(-1) < T(0) ? 1u << (8 * sizeof(T) - 1) : 0u };
  static uint of(T x, bool) { return (uint(x) ^ sign) & (0xffffffffu >> (32u - bits)); }
  static T back(uint k) { return T(k ^ sign); }
};
template <> struct Key<bool> {
  enum : uint { bits = 8 };
  static uint of(bool x, bool) { return uint(x); }
  static bool back(uint k) { return k != 0u; }
};
// FloatKey is that of floats by their bits.
template <uint BITS> struct FloatKey {
  enum : uint { top = 1u << (BITS - 1), all = 0xffffffffu >> (32u - BITS) };
  static uint of(uint x, bool named, bool nan) {
    if (nan) return all;
    if (named && x == top) x = 0u;
    return (x & top) != 0u ? ~x & all : x | top;
  }
  static uint back(uint k) { return (k & top) != 0u ? k ^ top : ~k & all; }
};
template <> struct Key<float> {
  enum : uint { bits = 32 };
  static uint of(float x, bool named) { return FloatKey<32>::of(as_type<uint>(x), named, x != x); }
  static float back(uint k) { return as_type<float>(FloatKey<32>::back(k)); }
};
template <> struct Key<half> {
  enum : uint { bits = 16 };
  static uint of(half x, bool named) { return FloatKey<16>::of(uint(as_type<ushort>(x)), named, float(x) != float(x)); }
  static half back(uint k) { return as_type<half>(ushort(FloatKey<16>::back(k))); }
};
template <> struct Key<bf16> {
  enum : uint { bits = 16 };
  static uint of(bf16 x, bool named) { return FloatKey<16>::of(uint(ushort(x)), named, widen(x) != widen(x)); }
  static bf16 back(uint k) { return bf16(ushort(FloatKey<16>::back(k))); }
};

// radix_offsets turns how often each simdgroup has each digit, which lies apart by
// simdgroups, into where its first key goes. Sums is of no other use meanwhile.
inline void radix_offsets(threadgroup uint* counts, threadgroup uint* sums, uint i, uint simd, uint lane) {
  uint total = 0;
  UNROLLED for (uint s = 0; s < radix_threads / 32; s++) {
    uint c = counts[s * radix_digits + i];
    counts[s * radix_digits + i] = total;
    total += c;
  }
  uint upto = total;
  for (uint step = 1u; step < 32u; step *= 2u) {
    uint before = simd_shuffle(upto, lane >= step ? lane - step : lane);
    if (lane >= step) upto += before;
  }
  if (lane == 31u) sums[simd] = upto;
  threadgroup_barrier(mem_flags::mem_threadgroup);
  uint base = upto - total;
  for (uint s = 0; s < simd; s++) base += sums[s];
  UNROLLED for (uint s = 0; s < radix_threads / 32; s++) counts[s * radix_digits + i] += base;
}

template <uint EACH, bool NAMED, typename T>
inline void radix_block(device const T* in, device T* keys, device uint* names, constant Order& o, constant Walk& w, ulong item,
    threadgroup uint* held, threadgroup ushort* order, threadgroup uint* counts, uint i, uint simd, uint lane) {
  ulong row = item / o.tiles;
  uint first = uint(item % o.tiles) * o.run, n = min(o.run, o.length - first), mine = simd * 32u * EACH + lane;
  device const T* x = in + place(w, 0, row) + long(first) * o.step;
  uint key[EACH], rank[EACH];
  ushort name[EACH];
  UNROLLED for (uint e = 0; e < EACH; e++) {
    uint at = mine + e * 32u;
    key[e] = at < n ? Key<T>::of(x[long(at) * o.step], NAMED) : 0xffffffffu; // what there is not comes last
    name[e] = ushort(at);
  }
  for (uint shift = 0; shift < Key<T>::bits; shift += 8u) {
    UNROLLED for (uint s = 0; s < radix_threads / 32; s++) counts[s * radix_digits + i] = 0u;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    threadgroup uint* own = counts + simd * radix_digits;
    UNROLLED for (uint e = 0; e < EACH; e++) {
      uint digit = key[e] >> shift & 255u, peers = radix_peers(digit), before = popcount(peers & ((1u << lane) - 1u));
      uint count = own[digit];
      simdgroup_barrier(mem_flags::mem_threadgroup);
      if (before == 0u) own[digit] = count + popcount(peers);
      simdgroup_barrier(mem_flags::mem_threadgroup);
      rank[e] = count + before;
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    radix_offsets(counts, held, i, simd, lane);
    threadgroup_barrier(mem_flags::mem_threadgroup);
    UNROLLED for (uint e = 0; e < EACH; e++) {
      uint to_at = own[key[e] >> shift & 255u] + rank[e];
      held[to_at] = key[e];
      if (NAMED) order[to_at] = name[e];
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (shift + 8u >= Key<T>::bits) break;
    UNROLLED for (uint e = 0; e < EACH; e++) {
      key[e] = held[mine + e * 32u];
      if (NAMED) name[e] = order[mine + e * 32u];
    }
  }
  for (uint k = i; k < n; k += radix_threads) ordered(keys, names, o, w, row, first + k, Key<T>::back(held[k]), NAMED ? first + order[k] : 0u);
}
