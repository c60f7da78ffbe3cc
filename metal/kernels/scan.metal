
// Line is what a thread scans: length elements, inner apart.
struct Line {
  ulong length, inner;
  uint reverse, inclusive;
};

// The least and the greatest integer of a type.
template <typename T> inline T lowest() { return T(-1) > T(0) ? T(0) : T(1ul << (sizeof(T) * 8 - 1)); }
template <typename T> inline T highest() { return T(~lowest<T>()); }
