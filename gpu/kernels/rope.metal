
// Rope describes rotations of an array of examples, heads, places and features.
struct Rope {
  ulong count;                // threads
  uint width;                 // of the grid
  uint columns, pairs, dims;  // threads of a place: pairs, and features that stay
  uint length, heads, chunks; // heads that share a thread are a chunk
  uint traditional, given, pitch; // pitch is the number of features
  long example, place, feature, offset, inverse; // strides; offset is 0 where all examples have one
  float scale, step, log_base;
  uint unused;
};

enum : uint { heads_per_thread = 4 };

// turns is the angle of a pair at a place; inverse frequencies are given, or are
// powers of the base.
inline float turns(constant Rope& r, uint pair, uint place, int offset, device const float* inverse) {
  float speed = r.given != 0u ? 1.0f / inverse[long(pair) * r.inverse] : precise::exp(float(pair) * r.step * r.log_base);
  return (float(place) + float(offset)) * r.scale * speed;
}

// A thread turns one pair of features, or copies one that stays, at one place of
// a few heads. The walk is over the heads.
template <typename T>
inline void rope_pair(device const T* in, device const int* offsets, device const float* inverse, device T* out, constant Rope& r,
    constant Walk& heads, ulong i) {
  if (i >= r.count) return;
  uint column = uint(i % r.columns);
  i /= r.columns;
  uint place_at = uint(i % r.length);
  i /= r.length;
  uint head = uint(i % r.chunks) * heads_per_thread;
  ulong example = i / r.chunks;
  long from = long(example) * r.example + long(place_at) * r.place;
  uint end = min(head + heads_per_thread, r.heads);
  bool stays = column >= r.pairs;
  uint first = stays ? r.pairs + column : r.traditional != 0u ? 2u * column : column;
  uint second = stays ? first : r.traditional != 0u ? first + 1u : first + r.pairs;
  float c = 1.0f, s = 0.0f;
  if (!stays) {
    float angle = turns(r, column, place_at, offsets[long(example) * r.offset], inverse);
    c = precise::cos(angle);
    s = precise::sin(angle);
  }
  for (; head < end; head++) {
    device const T* x = in + from + place(heads, 0, head);
    device T* y = out + ((example * r.heads + head) * r.length + place_at) * r.pitch;
    if (stays) {
      y[first] = x[long(first) * r.feature];
      continue;
    }
    float u = widen(x[long(first) * r.feature]), v = widen(x[long(second) * r.feature]);
    y[first] = to<T>::from(u * c - v * s);
    y[second] = to<T>::from(u * s + v * c);
  }
}
