
// An update is at a place that a key tells; names are the updates' numbers in the
// order of their keys, equal ones as they came. Those of a key are a run.

// leads tells whether the k-th of count names settles its run: the first does, or,
// where each update replaces the one before, the last.
inline bool leads(device const long* keys, device const uint* names, ulong k, ulong count, long step, bool replaces) {
  ulong beside = replaces ? k + 1 : k - 1;
  return beside >= count || keys[long(names[long(beside) * step]) * step] != keys[long(names[long(k) * step]) * step];
}
