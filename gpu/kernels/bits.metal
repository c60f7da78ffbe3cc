
// A stream of codes of some bits each, low bits first.
kernel void pack_bits(device const uchar* codes [[buffer(0)]], device uint* words [[buffer(1)]], constant uint& bits [[buffer(2)]], constant Walk& w [[buffer(3)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g);
  if (i >= w.count) return;
  ulong from = i * 32, code = from / bits;
  uint word = 0, mask = (1u << bits) - 1u;
  for (ulong at = code * bits; at < from + 32; at += bits, code++) {
    uint c = uint(codes[code]) & mask;
    word |= at < from ? c >> uint(from - at) : c << uint(at - from);
  }
  words[i] = word;
}

kernel void unpack_bits(device const uint* words [[buffer(0)]], device uchar* codes [[buffer(1)]], constant uint& bits [[buffer(2)]], constant Walk& w [[buffer(3)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g);
  if (i >= w.count) return;
  ulong at = i * bits, word = at / 32;
  uint off = uint(at % 32);
  uint c = words[word] >> off;
  if (off + bits > 32) c |= words[word + 1] << (32 - off);
  codes[i] = uchar(c & ((1u << bits) - 1u));
}
