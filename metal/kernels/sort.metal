
// Merge is a pass over lines of length elements that lie step apart, of which
// runs of some length are in order.
struct Merge {
  uint length, run, first, unused;
  long step, out_step;
};

// before orders NaN last.
template <typename T> inline bool before(T a, T b) { return a < b || (a == a && b != b); }
inline bool c_nan(float2 z) { return z.x != z.x || z.y != z.y; }
inline bool before(float2 a, float2 b) {
  if (c_nan(a) || c_nan(b)) return !c_nan(a);
  return c_less(a, b);
}
