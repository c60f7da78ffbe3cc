
// Where a sum of exp is measured from: those of infinities are no NaN.
inline float entropy_base(float top) { return top == INFINITY || top == -INFINITY ? 0.0f : top; }

// entropy_take adds some elements to a sum of powers, which is made smaller where a greater
// one is met.
template <uint N> inline void entropy_take(thread const float* v, thread float& top, thread float& sum) {
  float best = top;
  UNROLLED for (uint e = 0; e < N; e++) best = best < v[e] ? v[e] : best;
  if (best != top) {
    sum *= precise::exp(entropy_base(top) - entropy_base(best));
    top = best;
  }
  float from = entropy_base(top);
  UNROLLED for (uint e = 0; e < N; e++) sum += precise::exp(v[e] - from);
}

// entropy_row gives the logarithm of a row's sum of exp to all of a team.
template <typename T>
inline float entropy_row(device const T* in, uint width, bool packed, thread const Team& t, threadgroup float* shared) {
  enum : uint { many = 16 / sizeof(T) };
  float top = -INFINITY, sum = 0.0f;
  if (packed) {
    for (uint at = t.i * many; at < width; at += t.n * many) {
      T x[many];
      float v[many];
      several_from<many>(in + at, x);
      UNROLLED for (uint e = 0; e < many; e++) v[e] = widen(x[e]);
      entropy_take<many>(v, top, sum);
    }
  } else {
    for (uint at = t.i; at < width; at += t.n) {
      float v = widen(in[at]);
      entropy_take<1>(&v, top, sum);
    }
  }
  float all = team_max(top, t, shared), from = entropy_base(all);
  if (top != -INFINITY) sum *= precise::exp(entropy_base(top) - from);
  return from + precise::log(team_sum(sum, t, shared));
}

// entropy_back writes the cotangent of a row.
template <typename T>
inline void entropy_back(device const T* in, device T* out, long named, float sum, float ct, uint width, bool packed, thread const Team& t) {
  enum : uint { many = 16 / sizeof(T) };
  if (packed) {
    for (uint at = t.i * many; at < width; at += t.n * many) {
      T x[many];
      several_from<many>(in + at, x);
      UNROLLED for (uint e = 0; e < many; e++) {
        float v = precise::exp(widen(x[e]) - sum) * ct;
        x[e] = to<T>::from(long(at + e) == named ? v - ct : v);
      }
      several_to<many>(out + at, x);
    }
    return;
  }
  for (uint at = t.i; at < width; at += t.n) {
    float v = precise::exp(widen(in[at]) - sum) * ct;
    out[at] = to<T>::from(long(at) == named ? v - ct : v);
  }
}
