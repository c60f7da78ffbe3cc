
// Threefry2x32 with 20 rounds (Salmon et al., SC 2011): five groups of four
// rotations, each followed by an addition of key words.
struct Pair { uint x, y; };

inline uint turned(uint v, uint by) { return (v << by) | (v >> (32u - by)); }

inline Pair threefry(uint k0, uint k1, uint c0, uint c1) {
  uint key[3] = {k0, k1, 0x1bd11bdau ^ k0 ^ k1};
  uint turns[8] = {13u, 15u, 26u, 6u, 17u, 29u, 16u, 24u};
  Pair p;
  p.x = c0 + k0;
  p.y = c1 + k1;
  for (uint group = 0; group < 5; group++) {
    for (uint r = 0; r < 4; r++) {
      p.x += p.y;
      p.y = turned(p.y, turns[(group & 1u) * 4 + r]) ^ p.x;
    }
    p.x += key[(group + 1) % 3];
    p.y += key[(group + 2) % 3] + group + 1;
  }
  return p;
}

// Draw is what one key draws: bytes, words, and pairs of words.
struct Draw { ulong size, words, pairs; };

// put writes a word of a key's draw, whose last word may be cut.
inline void put(device uchar* to, constant Draw& d, ulong word, uint v) {
  for (uint b = 0; b < 4 && word * 4 + b < d.size; b++) to[word * 4 + b] = uchar(v >> (8 * b));
}

kernel void bits(device const uint* keys [[buffer(0)]], device uchar* out [[buffer(1)]], constant Draw& d [[buffer(2)]], constant Walk& w [[buffer(3)]], uint3 g [[thread_position_in_grid]]) {
  ulong at = element(w, g);
  if (at >= w.count) return;
  ulong k = at / d.pairs, i = at % d.pairs, middle = d.words / 2;
  device uchar* to = out + k * d.size;
  if (i == middle) {
    put(to, d, middle, threefry(keys[2 * k], keys[2 * k + 1], uint(middle), 0u).x);
    return;
  }
  Pair p = threefry(keys[2 * k], keys[2 * k + 1], uint(i), uint(d.pairs + i));
  put(to, d, i, p.x);
  put(to, d, d.pairs + i, p.y);
}
