
// Fourier describes transforms of length n along rows.
struct Fourier {
  uint n, in_width, out_width;
  int sign;
  float scale;
  uint unused;
};

// root is exp(sign 2 pi i jk / n); the product is reduced exactly.
inline float2 root(constant Fourier& f, ulong j, ulong k) {
  ulong r = j * k % f.n;
  float angle = 2.0f * M_PI_F * float(r) / float(f.n);
  return complex_of(precise::cos(angle), float(f.sign) * precise::sin(angle));
}

kernel void k_fft(device const float2* in [[buffer(0)]], device float2* out [[buffer(1)]], constant Fourier& f [[buffer(2)]], constant Walk& w [[buffer(3)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g);
  if (i >= w.count) return;
  device const float2* row = in + i / f.out_width * f.in_width;
  ulong k = i % f.out_width;
  float2 sum = complex_of(0.0f, 0.0f);
  for (ulong j = 0; j < f.n; j++) sum = sum + c_mul(row[j], root(f, j, k));
  out[i] = sum * f.scale;
}

kernel void k_rfft(device const float* in [[buffer(0)]], device float2* out [[buffer(1)]], constant Fourier& f [[buffer(2)]], constant Walk& w [[buffer(3)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g);
  if (i >= w.count) return;
  device const float* row = in + i / f.out_width * f.in_width;
  ulong k = i % f.out_width;
  float2 sum = complex_of(0.0f, 0.0f);
  for (ulong j = 0; j < f.n; j++) sum = sum + root(f, j, k) * row[j];
  out[i] = sum * f.scale;
}

// irfft: the frequencies that are not given are the conjugates of those that are;
// the first, and of an even length the last, count as real.
kernel void k_irfft(device const float2* in [[buffer(0)]], device float* out [[buffer(1)]], constant Fourier& f [[buffer(2)]], constant Walk& w [[buffer(3)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g);
  if (i >= w.count) return;
  device const float2* row = in + i / f.out_width * f.in_width;
  ulong k = i % f.out_width;
  float sum = row[0].x;
  for (ulong j = 1; 2 * j <= f.n; j++) {
    float2 v = c_mul(row[j], root(f, j, k));
    sum += 2 * j == f.n ? row[j].x * root(f, j, k).x : 2.0f * v.x;
  }
  out[i] = sum * f.scale;
}
