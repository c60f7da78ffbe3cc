
inline float2 times(float2 a, float2 b) { return c_mul(a, b); }
template <typename T> inline T times(T a, T b) { return T(a * b); }

// beats and loses let the first NaN win.
template <typename T> inline bool beats(T v, T than) { return v > than || (v != v && than == than); }
template <typename T> inline bool loses(T v, T than) { return v < than || (v != v && than == than); }
inline bool beats(float2 v, float2 than) { return c_less(than, v); }
inline bool loses(float2 v, float2 than) { return c_less(v, than); }

// few: a thread folds all of one result.
template <typename F, typename T, typename U>
inline void few(device const T* in, device U* out, constant Walk& kept, constant Walk& folded, ulong i) {
  if (i >= kept.count) return;
  long base = place(kept, 0, i);
  typename F::A a;
  typename F::B b;
  F::start(a, b);
  for (ulong k = 0; k < folded.count; k++) F::take(a, b, widen(in[base + place(folded, 0, k)]), uint(k));
  out[i] = to<U>::from(F::done(a, b));
}

// many: the threads of a group share one result.
template <typename F, typename T, typename U>
inline void many(device const T* in, device U* out, constant Walk& kept, constant Walk& folded,
    threadgroup typename F::A* sa, threadgroup typename F::B* sb, ulong result, uint i, uint n) {
  if (result >= kept.count) return;
  long base = place(kept, 0, result);
  typename F::A a;
  typename F::B b;
  F::start(a, b);
  for (ulong k = i; k < folded.count; k += n) F::take(a, b, widen(in[base + place(folded, 0, k)]), uint(k));
  sa[i] = a;
  sb[i] = b;
  for (uint step = n / 2; step > 0; step /= 2) {
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (i < step) {
      F::join(a, b, sa[i + step], sb[i + step]);
      sa[i] = a;
      sb[i] = b;
    }
  }
  if (i == 0) out[result] = to<U>::from(F::done(a, b));
}
