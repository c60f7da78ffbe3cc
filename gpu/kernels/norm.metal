
// A thread keeps so many elements of a row that is short enough.
enum : uint { held = 4 };

// Norm chooses a normalization: with center set the mean is taken off first.
struct Norm {
  float eps;
  uint center, weighted, biased;
};

template <typename T>
inline T normed(float y, uint at, constant Norm& n, device const T* weight, device const T* bias) {
  if (n.weighted != 0u) y *= widen(weight[at]);
  if (n.biased != 0u) y += widen(bias[at]);
  return to<T>::from(y);
}

// norm_held does so for a row that the team's threads keep. Parameters lie as rows do.
template <uint PACKS, typename T>
inline void norm_held(device const T* in, device const T* weight, device const T* bias, device T* out, constant Norm& n, uint width, thread const Team& t, threadgroup float* shared) {
  Held<PACKS, T> h;
  h.take(in, width, 0.0f, t);
  float mean = 0.0f, power = 0.0f;
  if (n.center != 0u) {
    UNROLLED for (uint e = 0; e < h.all; e++) mean += h.v[e];
    mean = team_sum(mean, t, shared) / float(width);
  }
  UNROLLED for (uint e = 0; e < h.all; e++) {
    h.v[e] = h.place(e / h.many, t) < width ? h.v[e] - mean : 0.0f;
    power += h.v[e] * h.v[e];
  }
  float scale = 1.0f / precise::sqrt(team_sum(power, t, shared) / float(width) + n.eps);
  UNROLLED for (uint e = 0; e < h.all; e++) h.v[e] *= scale;
  Held<PACKS, T> by;
  if (n.weighted != 0u) {
    by.take(weight, width, 0.0f, t);
    UNROLLED for (uint e = 0; e < h.all; e++) h.v[e] *= by.v[e];
  }
  if (n.biased != 0u) {
    by.take(bias, width, 0.0f, t);
    UNROLLED for (uint e = 0; e < h.all; e++) h.v[e] += by.v[e];
  }
  h.give(out, width, t);
}

// A row divided by the root of the mean of its squares, those of the distances to
// the mean where it is centered.
template <typename T>
inline void norm_row(device const T* in, device const T* weight, device const T* bias, device T* out, constant Norm& n,
    uint width, bool packed, thread const Team& t, threadgroup float* shared) {
  if (packed) {
    if (Held<1, T>::fits(width, t)) return norm_held<1>(in, weight, bias, out, n, width, t, shared);
    if (Held<2, T>::fits(width, t)) return norm_held<2>(in, weight, bias, out, n, width, t, shared);
    if (Held<4, T>::fits(width, t)) return norm_held<4>(in, weight, bias, out, n, width, t, shared);
  }
  float mean = 0.0f, power = 0.0f;
  if (width <= held * t.n) {
    float v[held];
    for (uint k = 0; k < held; k++) {
      uint at = k * t.n + t.i;
      v[k] = at < width ? widen(in[at]) : 0.0f;
      mean += v[k];
    }
    mean = n.center != 0u ? team_sum(mean, t, shared) / float(width) : 0.0f;
    for (uint k = 0; k < held; k++) {
      v[k] = k * t.n + t.i < width ? v[k] - mean : 0.0f;
      power += v[k] * v[k];
    }
    float scale = 1.0f / precise::sqrt(team_sum(power, t, shared) / float(width) + n.eps);
    for (uint k = 0; k < held; k++) {
      uint at = k * t.n + t.i;
      if (at < width) out[at] = normed(v[k] * scale, at, n, weight, bias);
    }
    return;
  }
  if (n.center != 0u) {
    for (uint at = t.i; at < width; at += t.n) mean += widen(in[at]);
    mean = team_sum(mean, t, shared) / float(width);
  }
  for (uint at = t.i; at < width; at += t.n) {
    float d = widen(in[at]) - mean;
    power += d * d;
  }
  float scale = 1.0f / precise::sqrt(team_sum(power, t, shared) / float(width) + n.eps);
  for (uint at = t.i; at < width; at += t.n) out[at] = normed((widen(in[at]) - mean) * scale, at, n, weight, bias);
}
