
// An update is at a place that a key tells; names are the updates' numbers in the
// order of their keys, equal ones as they came. Those of a key are a run.

// leads tells whether the k-th of count names settles its run: the first does, or,
// where each update replaces the one before, the last.
inline bool leads(device const long* keys, device const uint* names, ulong k, ulong count, long step, bool replaces) {
  ulong beside = replaces ? k + 1 : k - 1;
  return beside >= count || keys[long(names[long(beside) * step]) * step] != keys[long(names[long(k) * step]) * step];
}

// slices makes keys of indices: how far from the first a slice begins, or -1.
kernel void slices(device const long* index [[buffer(0)]], device long* keys [[buffer(1)]], constant Walk& w [[buffer(2)]], constant Places& p [[buffer(3)]],
    device uint* status [[buffer(4)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g);
  if (i >= w.count) return;
  long at;
  keys[i] = slice_of(p, index, i, at, status) ? at : -1;
}
