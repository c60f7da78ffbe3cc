
// Places tells which slices of an operand index arrays name. The arrays follow
// each other, count indices each.
struct Places {
  ulong count;
  uint arrays;
  uint check;
  long length[10];
  long span[10];
  long stride[10];
};

// bounded counts a negative index from the end of its axis. One that is outside
// is reported, and is not to be used.
inline bool bounded(constant Places& p, uint k, thread long& v, device uint* status) {
  long at = v < 0 ? v + p.length[k] : v;
  if (at >= 0 && at <= p.length[k] - p.span[k]) {
    v = at;
    return true;
  }
  if (status[0] == 0) {
    status[2] = uint(ulong(v));
    status[3] = uint(ulong(v) >> 32);
    status[0] = p.check;
  }
  return false;
}

// slice_of tells how far from the first the i-th slice begins, unless an index is
// outside.
inline bool slice_of(constant Places& p, device const long* index, ulong i, thread long& at, device uint* status) {
  at = 0;
  for (uint k = 0; k < p.arrays; k++) {
    long v = index[k * p.count + i];
    if (!bounded(p, k, v, status)) return false;
    at += v * p.stride[k];
  }
  return true;
}
