
// Attention describes softmax(scale q kᵀ) v for heads of some batches. A head of keys
// serves so many heads of queries as it repeats. Strides are those of batches, heads,
// places and features, and of the mask those of its four axes.
struct Attention {
  uint heads, repeats, queries, keys, features, outs;
  uint causal, mask, sinks; // a mask of 1 holds bools, of 2 what is added to scores
  uint part, parts;         // keys of a threadgroup where they are split
  float scale;
  uint q_wide, k_wide, v_wide, unused;
  long q[4], k[4], v[4], m[4];
  long sink;
};

// Head is where the operands of one head begin.
template <typename T> struct Head {
  device const T* q;
  device const T* k;
  device const T* v;
  device const uchar* mask; // bytes
  float sink;

  // open tells whether a query may look at a key.
  bool open(uint query, uint key, constant Attention& p) const {
    if (p.causal != 0u && long(key) > long(query) + long(p.keys) - long(p.queries)) return false;
    return p.mask != 1u || mask[long(query) * p.m[2] + long(key) * p.m[3]] != 0;
  }

  // score is what a query makes of a key after their product.
  float score(float product, uint query, uint key, constant Attention& p) const {
    float s = product * p.scale;
    if (p.causal != 0u && long(key) > long(query) + long(p.keys) - long(p.queries)) s = -FLT_MAX;
    if (p.mask == 0u) return s;
    long at = long(query) * p.m[2] + long(key) * p.m[3];
    if (p.mask == 1u) return mask[at] != 0 ? s : -FLT_MAX;
    return s + widen(((device const T*)mask)[at]);
  }
};

template <typename T>
inline Head<T> head_of(device const T* q, device const T* k, device const T* v, device const uchar* mask, device const T* sinks, constant Attention& p, uint i) {
  uint batch = i / p.heads, head = i % p.heads, keys = head / p.repeats;
  Head<T> h;
  h.q = q + long(batch) * p.q[0] + long(head) * p.q[1];
  h.k = k + long(batch) * p.k[0] + long(keys) * p.k[1];
  h.v = v + long(batch) * p.v[0] + long(keys) * p.v[1];
  long at = long(batch) * p.m[0] + long(head) * p.m[1];
  h.mask = mask + (p.mask == 2u ? at * long(sizeof(T)) : at);
  h.sink = p.sinks != 0u ? widen(sinks[long(head) * p.sink]) : -INFINITY;
  return h;
}

// Softmax is what is known of a query's keys so far: the largest score, and the sum
// of the exponentials of the others' distance to it.
struct Softmax {
  float top, sum;

  // rise makes room for a score and gives what the sums so far are worth then.
  float rise(float score) {
    float next = larger(top, score);
    float worth = next == -INFINITY ? 1.0f : top == -INFINITY ? 0.0f : precise::exp(top - next);
    top = next;
    return worth;
  }
  // weight is that of a score; while there is nothing to look at there is none.
  float weight(float score) const { return top == -INFINITY ? 0.0f : precise::exp(score - top); }
  // share is what sums of weighted values are to be multiplied by.
  float share(constant Attention& p) const { return p.keys == 0u ? 1.0f : 1.0f / sum; }
};

// A sink is a score without a value.
inline Softmax softmax_from(float sink, bool has) {
  Softmax s;
  s.top = has ? sink : -INFINITY;
  s.sum = has ? 1.0f : 0.0f;
  return s;
}

// attention_vector: a threadgroup of four simdgroups answers one query, or has a part
// of its keys. A simdgroup takes four keys at a time, a lane EACH of the features.
template <uint EACH, typename T>
inline void attention_vector(thread const Head<T>& h, device T* out, device float* partial, constant Attention& p, threadgroup float* shared, uint3 g, uint i, uint simd, uint lane) {
  uint query = g.x, row = g.y * p.queries + query, own = lane * EACH;
  uint first = g.z * p.part, end = min(first + p.part, p.keys);
  Softmax all = softmax_from(h.sink, p.sinks != 0u && g.z == 0u && simd == 0u);
  float q[EACH], o[EACH];
  UNROLLED for (uint f = 0; f < EACH; f += 4) fours(h.q + long(query) * p.q[2], p.q[3], own + f, p.features, p.q_wide != 0u, q + f);
  UNROLLED for (uint f = 0; f < EACH; f++) o[f] = 0.0f;
  for (uint key = first + simd * 4; key < end; key += 16) {
    float s[4], best = -INFINITY;
    UNROLLED for (uint n = 0; n < 4; n++) {
      float dot = 0.0f;
      UNROLLED for (uint f = 0; f < EACH; f += 4) {
        float x[4];
        fours(h.k + long(min(key + n, end - 1)) * p.k[2], p.k[3], own + f, p.features, p.k_wide != 0u, x);
        UNROLLED for (uint e = 0; e < 4; e++) dot = fma(q[f + e], x[e], dot);
      }
      dot = simd_sum(dot);
      s[n] = key + n < end ? h.score(dot, query, key + n, p) : -INFINITY;
      best = larger(best, s[n]);
    }
    float worth = all.rise(best);
    all.sum *= worth;
    UNROLLED for (uint f = 0; f < EACH; f++) o[f] *= worth;
    UNROLLED for (uint n = 0; n < 4; n++) {
      if (key + n >= end) break;
      float weight = all.weight(s[n]);
      all.sum += weight;
      UNROLLED for (uint f = 0; f < EACH; f += 4) {
        float x[4];
        fours(h.v + long(key + n) * p.v[2], p.v[3], own + f, p.outs, p.v_wide != 0u, x);
        UNROLLED for (uint e = 0; e < 4; e++) o[f + e] = fma(weight, x[e], o[f + e]);
      }
    }
  }
  // The simdgroups' answers become one.
  threadgroup float* tops = shared + 4 * p.outs;
  UNROLLED for (uint f = 0; f < EACH; f++) if (own + f < p.outs) shared[simd * p.outs + own + f] = o[f];
  if (lane == 0) {
    tops[simd] = all.top;
    tops[4 + simd] = all.sum;
  }
  threadgroup_barrier(mem_flags::mem_threadgroup);
  Softmax joined = softmax_from(0.0f, false);
  for (uint n = 0; n < 4; n++) joined.rise(tops[n]);
  float weights[4];
  for (uint n = 0; n < 4; n++) {
    weights[n] = joined.weight(tops[n]);
    joined.sum += weights[n] * tops[4 + n];
  }
  for (uint f = i; f < p.outs; f += 128) {
    float sum = 0.0f;
    for (uint n = 0; n < 4; n++) sum += weights[n] * shared[n * p.outs + f];
    if (p.parts == 1u) out[ulong(row) * p.outs + f] = to<T>::from(sum * joined.share(p));
    else partial[(ulong(row) * p.parts + g.z) * (p.outs + 2) + f] = sum;
  }
  if (p.parts != 1u && i == 0) {
    device float* at = partial + (ulong(row) * p.parts + g.z) * (p.outs + 2) + p.outs;
    at[0] = joined.top;
    at[1] = joined.sum;
  }
}

// attention_join: a threadgroup makes the answer to a query of those of the parts.
template <typename T>
inline void attention_join(device const float* partial, device T* out, constant Attention& p, uint row, uint i) {
  device const float* at = partial + ulong(row) * p.parts * (p.outs + 2);
  Softmax all = softmax_from(0.0f, false);
  for (uint n = 0; n < p.parts; n++) all.rise(at[n * (p.outs + 2) + p.outs]);
  for (uint n = 0; n < p.parts; n++) all.sum += all.weight(at[n * (p.outs + 2) + p.outs]) * at[n * (p.outs + 2) + p.outs + 1];
  for (uint f = i; f < p.outs; f += 128) {
    float sum = 0.0f;
    for (uint n = 0; n < p.parts; n++) sum += all.weight(at[n * (p.outs + 2) + p.outs]) * at[n * (p.outs + 2) + f];
    out[ulong(row) * p.outs + f] = to<T>::from(sum * all.share(p));
  }
}

// Attention in tiles: 32 queries by 32 keys, over 32 features at a time.
enum : uint { attention_size = 32, attention_step = 36 };

// attention_fetch brings 32 numbers of each of 32 lines to threadgroup memory.
template <typename T>
inline void attention_fetch(device const T* from, long line, long each, uint lines, uint run, bool wide, threadgroup float* to, uint i) {
  for (uint e = i; e < attention_size * attention_size / 4; e += tile_threads) {
    uint l = e / 8, at = e % 8 * 4;
    float v[4] = {0.0f, 0.0f, 0.0f, 0.0f};
    if (l < lines) fours(from + long(l) * line, each, at, run, wide, v);
    put_four(to + l * attention_step + at, v);
  }
}

// attention_product adds the product of 8 rows of the left side and 32 rows or, not
// along the depth, 32 columns of the right one, over a depth of 32.
template <bool ALONG>
inline void attention_product(threadgroup const float* left, threadgroup const float* right, thread simdgroup_matrix<float, 8, 8>* sums) {
  UNROLLED for (uint k = 0; k < attention_size; k += 8) {
    simdgroup_matrix<float, 8, 8> x, y;
    simdgroup_load(x, left + k, attention_step);
    UNROLLED for (uint q = 0; q < 4; q++) {
      if (ALONG) simdgroup_load(y, right + q * 8 * attention_step + k, attention_step, 0, true);
      else simdgroup_load(y, right + k * attention_step + q * 8, attention_step);
      simdgroup_multiply_accumulate(sums[q], x, y, sums[q]);
    }
  }
}

// attention_tile: a threadgroup answers 32 queries with up to OUT features of the
// values. Each simdgroup has eight of the queries, and four lanes one of these, of
// whose keys and features they take eight of each 32.
template <uint OUT, typename T>
inline void attention_tile(thread const Head<T>& h, device T* out, constant Attention& p, threadgroup float* shared, uint3 g, uint i, uint simd, uint lane) {
  threadgroup float* left = shared;
  threadgroup float* right = shared + attention_size * attention_step;
  threadgroup float* scores = left + simd * 8 * attention_step;
  threadgroup float* strip = right + (attention_size + simd * 8) * attention_step;
  threadgroup float* mine = strip + lane / 4 * attention_step + lane % 4 * 8;
  threadgroup float* weights = scores + lane / 4 * attention_step + lane % 4 * 8;
  uint query0 = g.x * attention_size, query = query0 + simd * 8 + lane / 4, own = lane % 4 * 8, out0 = g.z * OUT;
  Softmax all = softmax_from(h.sink, p.sinks != 0u);
  float o[OUT / 4];
  UNROLLED for (uint f = 0; f < OUT / 4; f++) o[f] = 0.0f;
  uint end = p.keys;
  long reach = long(query0) + 1 + long(p.keys) - long(p.queries);
  // No query looks further, and each looks at something.
  if (p.causal != 0u && p.mask == 0u && reach > 0) end = uint(min(long(end), reach + attention_size - 1));
  for (uint key0 = 0; key0 < end; key0 += attention_size) {
    simdgroup_matrix<float, 8, 8> sums[4];
    UNROLLED for (uint q = 0; q < 4; q++) sums[q] = simdgroup_matrix<float, 8, 8>(0.0f);
    for (uint f = 0; f < p.features; f += attention_size) {
      threadgroup_barrier(mem_flags::mem_threadgroup);
      attention_fetch(h.q + long(query0) * p.q[2] + long(f) * p.q[3], p.q[2], p.q[3], p.queries - query0, p.features - f, p.q_wide != 0u, left, i);
      attention_fetch(h.k + long(key0) * p.k[2] + long(f) * p.k[3], p.k[2], p.k[3], p.keys - key0, p.features - f, p.k_wide != 0u, right, i);
      threadgroup_barrier(mem_flags::mem_threadgroup);
      attention_product<true>(scores, right, sums);
    }
    simdgroup_barrier(mem_flags::mem_threadgroup); // each simdgroup reads its own queries alone
    UNROLLED for (uint q = 0; q < 4; q++) simdgroup_store(sums[q], scores + q * 8, attention_step);
    simdgroup_barrier(mem_flags::mem_threadgroup);
    float s[8], best = -INFINITY, total = 0.0f;
    UNROLLED for (uint n = 0; n < 8; n++) {
      uint key = key0 + own + n;
      s[n] = query < p.queries && key < p.keys ? h.score(weights[n], query, key, p) : -INFINITY;
      best = larger(best, s[n]);
    }
    best = larger(best, simd_shuffle_xor(best, 1));
    best = larger(best, simd_shuffle_xor(best, 2));
    float worth = all.rise(best);
    UNROLLED for (uint n = 0; n < 8; n++) {
      s[n] = all.weight(s[n]);
      weights[n] = s[n];
      total += s[n];
    }
    total += simd_shuffle_xor(total, 1);
    total += simd_shuffle_xor(total, 2);
    all.sum = all.sum * worth + total;
    UNROLLED for (uint c = 0; c < OUT / 32; c++) {
      uint at = out0 + c * 32;
      if (at < p.outs) {
        threadgroup_barrier(mem_flags::mem_threadgroup);
        attention_fetch(h.v + long(key0) * p.v[2] + long(at) * p.v[3], p.v[2], p.v[3], p.keys - key0, p.outs - at, p.v_wide != 0u, right, i);
        threadgroup_barrier(mem_flags::mem_threadgroup);
        UNROLLED for (uint q = 0; q < 4; q++) sums[q] = simdgroup_matrix<float, 8, 8>(0.0f);
        attention_product<false>(scores, right, sums);
        UNROLLED for (uint q = 0; q < 4; q++) simdgroup_store(sums[q], strip + q * 8, attention_step);
        simdgroup_barrier(mem_flags::mem_threadgroup);
        UNROLLED for (uint n = 0; n < 8; n++) o[c * 8 + n] = fma(o[c * 8 + n], worth, mine[n]);
        simdgroup_barrier(mem_flags::mem_threadgroup);
      }
    }
  }
  if (query >= p.queries) return;
  float share = all.share(p);
  device T* answer = out + (ulong(g.y) * p.queries + query) * p.outs;
  UNROLLED for (uint f = 0; f < OUT / 4; f++) {
    uint at = out0 + f / 8 * 32 + own + f % 8;
    if (at < p.outs) answer[at] = to<T>::from(o[f] * share);
  }
}
