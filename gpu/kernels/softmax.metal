
// A thread keeps so many elements of a row that is short enough.
enum : uint { held = 4 };

// softmax_take adds an element to a sum of powers, which is made smaller where a
// greater element is met.
inline void softmax_take(float x, thread float& top, thread float& sum) {
  float next = top < x ? x : top;
  sum = next == -INFINITY && x == x ? 0.0f : (top == next ? sum : sum * precise::exp(top - next)) + precise::exp(x - next);
  top = next;
}

// softmax_held does so for a row that the team's threads keep.
template <uint PACKS, typename T>
inline void softmax_held(device const T* in, device T* out, uint width, thread const Team& t, threadgroup float* shared) {
  Held<PACKS, T> h;
  h.take(in, width, -INFINITY, t);
  float top = -INFINITY, sum = 0.0f;
  UNROLLED for (uint e = 0; e < h.all; e++) top = top < h.v[e] ? h.v[e] : top;
  top = team_max(top, t, shared);
  UNROLLED for (uint e = 0; e < h.all; e++) {
    h.v[e] = h.place(e / h.many, t) < width ? precise::exp(h.v[e] - top) : 0.0f;
    sum += h.v[e];
  }
  float scale = 1.0f / team_sum(sum, t, shared);
  UNROLLED for (uint e = 0; e < h.all; e++) h.v[e] *= scale;
  h.give(out, width, t);
}

// A row's greatest element, the sum of what exp makes of the distances to it, and
// the quotients. A row with +inf or NaN, or of -inf alone, gives NaN.
template <typename T>
inline void softmax_row(device const T* in, device T* out, uint width, bool packed, thread const Team& t, threadgroup float* shared) {
  if (packed) {
    if (Held<1, T>::fits(width, t)) return softmax_held<1>(in, out, width, t, shared);
    if (Held<2, T>::fits(width, t)) return softmax_held<2>(in, out, width, t, shared);
    if (Held<4, T>::fits(width, t)) return softmax_held<4>(in, out, width, t, shared);
  }
  float top = -INFINITY, sum = 0.0f;
  if (width <= held * t.n) {
    float v[held];
    for (uint k = 0; k < held; k++) {
      uint at = k * t.n + t.i;
      v[k] = at < width ? widen(in[at]) : -INFINITY;
      top = top < v[k] ? v[k] : top;
    }
    top = team_max(top, t, shared);
    for (uint k = 0; k < held; k++) {
      v[k] = k * t.n + t.i < width ? precise::exp(v[k] - top) : 0.0f;
      sum += v[k];
    }
    float scale = 1.0f / team_sum(sum, t, shared);
    for (uint k = 0; k < held; k++) {
      uint at = k * t.n + t.i;
      if (at < width) out[at] = to<T>::from(v[k] * scale);
    }
    return;
  }
  // The sum goes along, and is made smaller where a greater element is met.
  uint at = t.i;
  for (; at + (held - 1u) * t.n < width; at += held * t.n) { // loads that wait together
    T v[held];
    UNROLLED for (uint k = 0; k < held; k++) v[k] = in[at + k * t.n];
    UNROLLED for (uint k = 0; k < held; k++) softmax_take(widen(v[k]), top, sum);
  }
  for (; at < width; at += t.n) softmax_take(widen(in[at]), top, sum);
  float all = team_max(top, t, shared);
  if (top != all) sum *= precise::exp(top - all);
  float scale = 1.0f / team_sum(sum, t, shared);
  for (at = t.i; at + (held - 1u) * t.n < width; at += held * t.n) {
    T v[held];
    UNROLLED for (uint k = 0; k < held; k++) v[k] = in[at + k * t.n];
    UNROLLED for (uint k = 0; k < held; k++) out[at + k * t.n] = to<T>::from(precise::exp(widen(v[k]) - all) * scale);
  }
  for (; at < width; at += t.n) out[at] = to<T>::from(precise::exp(widen(in[at]) - all) * scale);
}
