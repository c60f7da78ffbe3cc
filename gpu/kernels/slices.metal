
// slices makes keys of indices: how far from the first a slice begins, or -1.
kernel void slices(device const long* index [[buffer(0)]], device long* keys [[buffer(1)]], constant Walk& w [[buffer(2)]], constant Places& p [[buffer(3)]],
    device uint* status [[buffer(4)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g);
  if (i >= w.count) return;
  long at;
  keys[i] = slice_of(p, index, i, at, status) ? at : -1;
}
