
// before orders NaN last.
template <typename T> inline bool before(T a, T b) { return a < b || (a == a && b != b); }
inline bool c_nan(float2 z) { return z.x != z.x || z.y != z.y; }
inline bool before(float2 a, float2 b) {
  if (c_nan(a) || c_nan(b)) return !c_nan(a);
  return c_less(a, b);
}

// Order is a pass of a sort over lines of length elements. Elements are named by
// their places in their line, where that is what is asked for: named is set. The
// last pass writes the answer, earlier ones dense lines.
struct Order {
  ulong items;        // threadgroups
  uint across, tiles; // along the grid's first axis, and of a line
  uint length, run;   // run elements are in order already
  uint named, last;
  long step, out_step;
};

// ordered writes the element that comes at a place of a line.
template <typename T>
inline void ordered(device T* keys, device uint* names, constant Order& o, constant Walk& w, ulong row, uint at, T key, uint name) {
  ulong dense = row * o.length + at;
  if (o.last == 0u) {
    keys[dense] = key;
    if (o.named != 0u) names[dense] = name;
    return;
  }
  long to_at = place(w, 1, row) + long(at) * o.out_step;
  if (o.named != 0u) names[to_at] = name;
  else keys[to_at] = key;
}

// behind counts the elements of n in order that come before v, or with equal set
// are not behind it. X gives an element.
template <typename X, typename V>
inline uint behind(X x, uint n, V v, bool equal) {
  uint lo = 0, hi = n;
  while (lo < hi) {
    uint mid = lo + (hi - lo) / 2u;
    auto u = widen(x[mid]);
    if (equal ? !before(v, u) : before(u, v)) lo = mid + 1u; else hi = mid;
  }
  return lo;
}

// Permuted is elements in the order of their names.
template <typename T> struct Permuted {
  threadgroup const T* keys;
  threadgroup const ushort* names;
  inline T operator[](uint i) const { return keys[names[i]]; }
};

// order_block: a threadgroup puts run elements of a line in order. Runs of doubling
// length are merged: an element goes as far beyond its place in its run as there
// are elements of the sibling run before it.
template <typename T>
inline void order_block(device const T* in, device T* keys, device uint* names, constant Order& o, constant Walk& w, ulong item,
    threadgroup T* held, threadgroup ushort* order, uint i, uint threads) {
  ulong row = item / o.tiles;
  uint first = uint(item % o.tiles) * o.run, n = min(o.run, o.length - first);
  device const T* x = in + place(w, 0, row) + long(first) * o.step;
  threadgroup ushort* from = order;
  threadgroup ushort* dest = order + o.run;
  for (uint k = i; k < n; k += threads) {
    held[k] = x[long(k) * o.step];
    from[k] = ushort(k);
  }
  for (uint run = 1u; run < n; run *= 2u) {
    threadgroup_barrier(mem_flags::mem_threadgroup);
    for (uint k = i; k < n; k += threads) {
      uint start = k / run * run;
      bool left = (k / run) % 2u == 0u;
      uint other = left ? start + run : start - run;
      Permuted<T> sibling = {held, from + other};
      uint passed = other < n ? behind(sibling, min(run, n - other), widen(held[from[k]]), !left) : 0u;
      dest[(left ? start : other) + (k - start) + passed] = from[k];
    }
    threadgroup ushort* t = from;
    from = dest;
    dest = t;
  }
  threadgroup_barrier(mem_flags::mem_threadgroup);
  for (uint k = i; k < n; k += threads) ordered(keys, names, o, w, row, first + k, held[from[k]], first + from[k]);
}

// split counts how many of the first d elements of two merged runs are of the first.
template <typename T>
inline uint split(device const T* a, uint na, device const T* b, uint nb, uint d) {
  uint lo = d > nb ? d - nb : 0u, hi = min(d, na);
  while (lo < hi) {
    uint mid = lo + (hi - lo) / 2u;
    if (before(widen(b[d - 1u - mid]), widen(a[mid]))) hi = mid; else lo = mid + 1u;
  }
  return lo;
}

enum : uint { merge_tile = 1024 };

// order_merge: a threadgroup makes a tile of what two runs become.
template <typename T>
inline void order_merge(device const T* in, device const uint* named, device T* keys, device uint* names, constant Order& o, constant Walk& w, ulong item,
    threadgroup T* held, threadgroup uint* splits, uint i, uint threads) {
  ulong row = item / o.tiles;
  uint first = uint(item % o.tiles) * merge_tile, start = first / o.run / 2u * o.run * 2u;
  uint na = min(o.run, o.length - start), nb = min(o.run, o.length - start - na);
  device const T* a = in + row * o.length + start;
  device const T* b = a + na;
  uint d = first - start, end = min(d + merge_tile, na + nb);
  if (i < 2u) splits[i] = split(a, na, b, nb, i == 0u ? d : end);
  threadgroup_barrier(mem_flags::mem_threadgroup);
  uint a0 = splits[0], b0 = d - a0, ka = splits[1] - a0, kb = end - d - ka;
  for (uint k = i; k < ka + kb; k += threads) held[k] = k < ka ? a[a0 + k] : b[b0 + k - ka];
  threadgroup_barrier(mem_flags::mem_threadgroup);
  threadgroup const T* left = held;
  threadgroup const T* right = held + ka;
  for (uint k = i; k < ka + kb; k += threads) {
    T v = held[k];
    bool mine = k < ka;
    uint passed = mine ? behind(right, kb, widen(v), false) : behind(left, ka, widen(v), true);
    uint from = start + (mine ? a0 + k : na + b0 + k - ka);
    ordered(keys, names, o, w, row, first + (mine ? k : k - ka) + passed, v, o.named != 0u ? named[row * o.length + from] : 0u);
  }
}
