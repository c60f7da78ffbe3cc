
// A row's greatest element, the sum of what exp makes of the distances to it, and
// the quotients. All threads of the group share the row.
template <typename T>
inline void softmax_row(device const T* in, device T* out, ulong width, threadgroup float* shared, uint i, uint n) {
  float top = -INFINITY;
  for (ulong k = i; k < width; k += n) top = larger(top, widen(in[k]));
  shared[i] = top;
  for (uint step = n / 2; step > 0; step /= 2) {
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (i < step) shared[i] = larger(shared[i], shared[i + step]);
  }
  threadgroup_barrier(mem_flags::mem_threadgroup);
  top = shared[0];
  threadgroup_barrier(mem_flags::mem_threadgroup);
  float sum = 0.0f;
  for (ulong k = i; k < width; k += n) sum += precise::exp(widen(in[k]) - top);
  shared[i] = sum;
  for (uint step = n / 2; step > 0; step /= 2) {
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (i < step) shared[i] += shared[i + step];
  }
  threadgroup_barrier(mem_flags::mem_threadgroup);
  float scale = 1.0f / shared[0];
  for (ulong k = i; k < width; k += n) out[k] = to<T>::from(precise::exp(widen(in[k]) - top) * scale);
}
