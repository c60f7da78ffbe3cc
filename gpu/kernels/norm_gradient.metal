
// The cotangent of a normalization's row: with y the row over its root, centered or not, g
// the cotangent of the answer times the weight, and s one over the root, it is
// s (g - y mean(g y)), and less the mean of g where rows are centered. Stats are what was
// taken off the row, and s.
template <uint PACKS, typename T>
inline void norm_back_held(device const T* in, device const T* dy, device const T* weight, device T* out, device float* stats, constant Norm& n, uint width, thread const Team& t, threadgroup float* shared) {
  Held<PACKS, T> h, d;
  h.take(in, width, 0.0f, t);
  d.take(dy, width, 0.0f, t);
  float mean = 0.0f, power = 0.0f, own = 0.0f, middle = 0.0f;
  if (n.center != 0u) {
    UNROLLED for (uint e = 0; e < h.all; e++) mean += h.v[e];
    mean = team_sum(mean, t, shared) / float(width);
  }
  UNROLLED for (uint e = 0; e < h.all; e++) {
    h.v[e] = h.place(e / h.many, t) < width ? h.v[e] - mean : 0.0f;
    power += h.v[e] * h.v[e];
  }
  float scale = 1.0f / precise::sqrt(team_sum(power, t, shared) / float(width) + n.eps);
  if (n.weighted != 0u) {
    Held<PACKS, T> by;
    by.take(weight, width, 0.0f, t);
    UNROLLED for (uint e = 0; e < h.all; e++) d.v[e] *= by.v[e];
  }
  UNROLLED for (uint e = 0; e < h.all; e++) {
    h.v[e] *= scale;
    own += d.v[e] * h.v[e];
    middle += d.v[e];
  }
  own = team_sum(own, t, shared) / float(width);
  middle = n.center != 0u ? team_sum(middle, t, shared) / float(width) : 0.0f;
  UNROLLED for (uint e = 0; e < h.all; e++) d.v[e] = (d.v[e] - h.v[e] * own - middle) * scale;
  d.give(out, width, t);
  if (t.i == 0u) {
    stats[0] = mean;
    stats[1] = scale;
  }
}

template <typename T>
inline void norm_back_row(device const T* in, device const T* dy, device const T* weight, device T* out, device float* stats, constant Norm& n,
    uint width, bool packed, thread const Team& t, threadgroup float* shared) {
  if (packed) {
    if (Held<1, T>::fits(width, t)) return norm_back_held<1>(in, dy, weight, out, stats, n, width, t, shared);
    if (Held<2, T>::fits(width, t)) return norm_back_held<2>(in, dy, weight, out, stats, n, width, t, shared);
  }
  float mean = 0.0f, power = 0.0f, own = 0.0f, middle = 0.0f;
  if (n.center != 0u) {
    for (uint at = t.i; at < width; at += t.n) mean += widen(in[at]);
    mean = team_sum(mean, t, shared) / float(width);
  }
  for (uint at = t.i; at < width; at += t.n) {
    float x = widen(in[at]) - mean;
    power += x * x;
  }
  float scale = 1.0f / precise::sqrt(team_sum(power, t, shared) / float(width) + n.eps);
  for (uint at = t.i; at < width; at += t.n) {
    float g = widen(dy[at]);
    if (n.weighted != 0u) g *= widen(weight[at]);
    own += g * ((widen(in[at]) - mean) * scale);
    middle += g;
  }
  own = team_sum(own, t, shared) / float(width);
  middle = n.center != 0u ? team_sum(middle, t, shared) / float(width) : 0.0f;
  for (uint at = t.i; at < width; at += t.n) {
    float g = widen(dy[at]), y = (widen(in[at]) - mean) * scale;
    if (n.weighted != 0u) g *= widen(weight[at]);
    out[at] = to<T>::from((g - y * own - middle) * scale);
  }
  if (t.i == 0u) {
    stats[0] = mean;
    stats[1] = scale;
  }
}

// NormParams: rows of some width, which parts of so many each share.
struct NormParams {
  ulong rows, per;
  uint width, parts;
  uint across, unused; // threads along the first axis of the grid that adds the parts up
};

// norm_params_part sums what a part of the rows adds to the cotangents of the weight and the
// bias: a lane has a column, and simdgroups take turns down the rows.
template <typename T>
inline void norm_params_part(device const T* in, device const T* dy, device const float2* stats, device float* sums, constant NormParams& p,
    uint block, uint part, uint lane, uint simd, uint simds, threadgroup float* shared) {
  uint column = block * 32u + lane;
  bool mine = column < p.width;
  float a = 0.0f, b = 0.0f;
  if (mine) {
    ulong row = part * p.per + simd, end = min((part + 1) * p.per, p.rows);
    for (; row + 3u * simds < end; row += 4u * simds) {
      float x[4], d[4];
      float2 s[4];
      UNROLLED for (uint k = 0; k < 4; k++) { // loads that wait together
        ulong at = row + k * simds;
        x[k] = widen(in[at * p.width + column]);
        d[k] = widen(dy[at * p.width + column]);
        s[k] = stats[at];
      }
      UNROLLED for (uint k = 0; k < 4; k++) {
        a += d[k] * ((x[k] - s[k].x) * s[k].y);
        b += d[k];
      }
    }
    for (; row < end; row += simds) {
      float d = widen(dy[row * p.width + column]);
      float2 s = stats[row];
      a += d * ((widen(in[row * p.width + column]) - s.x) * s.y);
      b += d;
    }
  }
  shared[2u * (simd * 32u + lane)] = a;
  shared[2u * (simd * 32u + lane) + 1u] = b;
  threadgroup_barrier(mem_flags::mem_threadgroup);
  if (simd != 0u || !mine) return;
  for (uint k = 1u; k < simds; k++) {
    a += shared[2u * (k * 32u + lane)];
    b += shared[2u * (k * 32u + lane) + 1u];
  }
  sums[(2u * ulong(part)) * p.width + column] = a;
  sums[(2u * ulong(part) + 1u) * p.width + column] = b;
}

// norm_params_sum adds the parts up: which is 0 for the weight, and 1 for the bias.
template <typename T>
inline void norm_params_sum(device const float* sums, device T* out, constant NormParams& p, uint which, uint3 g) {
  ulong column = ulong(g.y) * p.across + g.x;
  if (column >= p.width) return;
  float a = 0.0f;
  for (uint k = 0; k < p.parts; k++) a += sums[(2u * ulong(k) + which) * p.width + column];
  out[column] = to<T>::from(a);
}
