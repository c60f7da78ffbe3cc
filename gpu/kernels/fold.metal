
inline float2 times(float2 a, float2 b) { return c_times(a, b); }
template <typename T> inline T times(T a, T b) { return T(a * b); }

// beats and loses let the first NaN win.
template <typename T> inline bool beats(T v, T than) { return v > than || (v != v && than == than); }
template <typename T> inline bool loses(T v, T than) { return v < than || (v != v && than == than); }
inline bool c_nan(float2 v) { return v.x != v.x || v.y != v.y; }
inline bool beats(float2 v, float2 than) { return !c_nan(than) && (c_less(than, v) || c_nan(v)); }
inline bool loses(float2 v, float2 than) { return !c_nan(than) && (c_less(v, than) || c_nan(v)); }

// power is exp of a distance below the greatest element so far, of which small ones count
// most: what is lost of large ones does not show in a sum. The distances are from power_base
// of that element, so that those of infinities are no NaN.
inline float power(float x) {
#ifdef TENSOR_CORES
  return cu_exp2(x * 1.44269504088896341f);
#else
  return precise::exp(x);
#endif
}
inline float power_base(float top) { return top == INFINITY || top == -INFINITY ? 0.0f : top; }

// Fold describes reductions: each result folds length elements, in parts whose
// accumulators are joined by another kernel if there are several.
struct Fold {
  ulong length, part; // elements of a result and of a part
  uint parts;
  uint row, blocks, unused; // results that lie in a row, and blocks of 32 of them
};

// finish writes a result, or the accumulator of a part.
template <typename F, typename U>
inline void finish(device U* out, device typename F::A* pa, device typename F::B* pb, constant Fold& f, ulong item, typename F::A a, typename F::B b) {
  if (f.parts == 1u) {
    out[item] = to<U>::from(F::done(a, b));
    return;
  }
  pa[item] = a;
  pb[item] = b;
}

// fold_team joins the accumulators of a team's threads, in an order that depends
// on nothing but their number; the team's first thread has the outcome.
template <typename F>
inline void fold_team(thread typename F::A& a, thread typename F::B& b, thread const Team& t, threadgroup typename F::A* sa, threadgroup typename F::B* sb) {
  for (uint step = 16u; step > 0u; step /= 2u) {
    typename F::A c = from_lane(a, ushort(t.lane ^ step));
    typename F::B d = from_lane(b, ushort(t.lane ^ step));
    F::join(a, b, c, d);
  }
  if (t.simds == 1u) return;
  if (t.lane == 0u) {
    sa[t.simd] = a;
    sb[t.simd] = b;
  }
  threadgroup_barrier(mem_flags::mem_threadgroup);
  if (t.i != 0u) return;
  for (uint k = 1u; k < t.simds; k++) F::join(a, b, sa[k], sb[k]);
}

// fold_each: a thread folds all of one result.
template <typename F, typename T, typename U>
inline void fold_each(device const T* in, device U* out, constant Walk& kept, constant Walk& folded, ulong i) {
  if (i >= kept.count) return;
  long base = place(kept, 0, i);
  typename F::A a;
  typename F::B b;
  F::start(a, b);
  for (ulong k = 0; k < folded.count; k++) F::take(a, b, widen(in[base + place(folded, 0, k)]), uint(k));
  out[i] = to<U>::from(F::done(a, b));
}

// fold_rows: a team folds a part of one result.
template <typename F, typename T, typename U>
inline void fold_rows(device const T* in, device U* out, device typename F::A* pa, device typename F::B* pb, constant Fold& f, constant Walk& kept,
    constant Walk& folded, thread const Team& t, threadgroup typename F::A* sa, threadgroup typename F::B* sb) {
  long base = place(kept, 0, t.row / f.parts);
  ulong from = t.row % f.parts * f.part, end = min(from + f.part, f.length);
  typename F::A a;
  typename F::B b;
  F::start(a, b);
  ulong k = from + t.i;
  for (; k + 7u * t.n < end; k += 8u * t.n) { // loads that wait together
    decltype(widen(T())) v[8];
    UNROLLED for (uint h = 0; h < 8; h++) v[h] = widen(in[base + place(folded, 0, k + h * t.n)]);
    F::template many<8>(a, b, v, uint(k), t.n);
  }
  for (; k < end; k += t.n) F::take(a, b, widen(in[base + place(folded, 0, k)]), uint(k));
  fold_team<F>(a, b, t, sa, sb);
  if (t.i == 0u) finish<F, U>(out, pa, pb, f, t.row, a, b);
}

// fold_columns: a threadgroup folds a part of 32 results that lie side by side, a
// lane to each; its simdgroups take turns down the columns.
template <typename F, typename T, typename U>
inline void fold_columns(device const T* in, device U* out, device typename F::A* pa, device typename F::B* pb, constant Fold& f, constant Walk& kept,
    constant Walk& folded, ulong item, uint lane, uint simd, uint simds, threadgroup typename F::A* sa, threadgroup typename F::B* sb) {
  ulong part = item % f.parts, block = item / f.parts;
  uint column = uint(block % f.blocks) * 32u + lane;
  bool mine = column < f.row;
  ulong result = block / f.blocks * f.row + column;
  ulong from = part * f.part, end = min(from + f.part, f.length);
  typename F::A a;
  typename F::B b;
  F::start(a, b);
  if (mine) {
    long base = place(kept, 0, result);
    ulong k = from + simd;
    for (; k + 7u * simds < end; k += 8u * simds) {
      decltype(widen(T())) v[8];
      UNROLLED for (uint h = 0; h < 8; h++) v[h] = widen(in[base + place(folded, 0, k + h * simds)]);
      F::template many<8>(a, b, v, uint(k), simds);
    }
    for (; k < end; k += simds) F::take(a, b, widen(in[base + place(folded, 0, k)]), uint(k));
  }
  sa[simd * 32u + lane] = a;
  sb[simd * 32u + lane] = b;
  threadgroup_barrier(mem_flags::mem_threadgroup);
  if (simd != 0u || !mine) return;
  for (uint k = 1u; k < simds; k++) F::join(a, b, sa[k * 32u + lane], sb[k * 32u + lane]);
  finish<F, U>(out, pa, pb, f, result * f.parts + part, a, b);
}

// fold_parts: a team joins the parts of one result.
template <typename F, typename U>
inline void fold_parts(device const typename F::A* pa, device const typename F::B* pb, device U* out, uint parts, thread const Team& t,
    threadgroup typename F::A* sa, threadgroup typename F::B* sb) {
  typename F::A a;
  typename F::B b;
  F::start(a, b);
  for (uint k = t.i; k < parts; k += t.n) F::join(a, b, pa[t.row * parts + k], pb[t.row * parts + k]);
  fold_team<F>(a, b, t, sa, sb);
  if (t.i == 0u) out[t.row] = to<U>::from(F::done(a, b));
}
