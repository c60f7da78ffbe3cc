
// Attention by two groups of four simdgroups, of which each answers 64 queries. While the
// scores of some keys become weights, the products of the weights before them and of the
// scores after them run on. See Dao, FlashAttention-2 (2023), and Shah and others,
// FlashAttention-3 (2024).

// GroupSoftmax is what is known of the keys so far of a lane's two queries, in units of the
// logarithm of 2.
struct GroupSoftmax {
  float top[2], sum[2], worth[2];

  // weigh turns the scores of KEYS keys into weights, and finds what sums so far are worth.
  template <uint KEYS, typename T>
  void weigh(thread float (*s)[4], thread const Head<T>& h, constant Attention& p, uint own, uint key0, bool plain, uint lane) {
    float by = 1.0f;
    if (plain) {
      by = p.scale * 1.44269504088896341f;
    } else {
      UNROLLED for (uint n = 0; n < KEYS / 8; n++) UNROLLED for (uint e = 0; e < 4; e++) {
        uint query = min(own + e / 2 * 8, p.queries - 1), key = key0 + n * 8 + lane % 4 * 2 + e % 2;
        s[n][e] = cores_units(key < p.keys ? h.score(s[n][e], query, key, p) : -INFINITY);
      }
    }
    UNROLLED for (uint e = 0; e < 2; e++) {
      float best = -INFINITY;
      UNROLLED for (uint n = 0; n < KEYS / 8; n++) best = max(best, max(s[n][2 * e], s[n][2 * e + 1]));
      best = max(best, simd_shuffle_xor(best, 1));
      best = max(best, simd_shuffle_xor(best, 2));
      best = max(top[e], best * by);
      float from = best == -INFINITY ? 0.0f : best, total = 0.0f;
      worth[e] = cores_exp2(top[e] - from);
      top[e] = best;
      UNROLLED for (uint n = 0; n < KEYS / 8; n++) UNROLLED for (uint c = 0; c < 2; c++) {
        s[n][2 * e + c] = cores_exp2(fma(s[n][2 * e + c], by, -from));
        total += s[n][2 * e + c];
      }
      sum[e] = fma(sum[e], worth[e], total);
    }
  }
};

template <uint SIZE, uint KEYS, typename T>
inline void attention_groups(thread const Head<T>& h, device T* out, constant Attention& p, threadgroup ushort* shared, uint tile, uint head, uint i, uint simd, uint lane) {
  enum : uint { queries = 128, blocks = SIZE / 8, held = KEYS * SIZE };
  threadgroup ushort* qs = shared;
  threadgroup ushort* ks = qs + queries * SIZE; // three stages of keys, and then of values
  threadgroup ushort* vs = ks + 3 * held;
  uint query0 = tile * queries, own = query0 + simd * 16 + lane / 4;
  GroupSoftmax w;
  UNROLLED for (uint e = 0; e < 2; e++) {
    w.top[e] = p.sinks != 0u ? h.sink * 1.44269504088896341f : -INFINITY;
    w.sum[e] = p.sinks != 0u && lane % 4 == 0 ? 1.0f : 0.0f;
  }
  uint end = p.keys;
  long reach = long(p.keys) - long(p.queries); // a query's last key is so much later
  // No query looks further, and each looks at something.
  if (p.causal != 0u && p.mask == 0u && long(query0) + 1 + reach > 0) end = uint(min(long(end), long(query0 + queries) + reach));
  // Up to here all queries look at all keys.
  uint open = p.mask != 0u || !(p.scale > 0.0f) ? 0u : p.causal == 0u ? end : uint(max(min(long(end), long(query0) + 1 + reach), 0l));
  float o[blocks][4], s[KEYS / 8][4];
  uint left[SIZE / 16][4], weights[KEYS / 16][4];
  cores_clear<blocks>(o);
  cores_clear<KEYS / 8>(s);
  GroupLines<SIZE, queries, pair_threads, T> q_lines;
  GroupLines<SIZE, KEYS, pair_threads, T> k_lines, v_lines;
  q_lines.begin(h.q, p.q[2], p.q[3], p.queries, p.features, p.q_wide != 0u, i);
  k_lines.begin(h.k, p.k[2], p.k[3], p.keys, p.features, p.k_wide != 0u, i);
  v_lines.begin(h.v, p.v[2], p.v[3], p.keys, p.outs, p.v_wide != 0u, i);
  // What is asked for arrives two turns later.
  q_lines.fetch(query0, qs, i);
  k_lines.fetch(0, ks, i);
  cores_fetch_end();
  if (KEYS < end) k_lines.fetch(KEYS, ks + held, i);
  v_lines.fetch(0, vs, i);
  cores_fetch_end();
  cores_fetched_but<1>();
  group_written();
  threadgroup_barrier(mem_flags::mem_threadgroup);
  group_left<SIZE, queries>(left, qs, simd * 16, lane);
  group_begin();
  group_scores<SIZE, KEYS, T>(s, left, ks, lane);
  group_end();
  if (2 * KEYS < end) k_lines.fetch(2 * KEYS, ks + 2 * held, i);
  if (KEYS < end) v_lines.fetch(KEYS, vs + held, i);
  cores_fetch_end();
  group_wait<0>();
  group_hold<KEYS / 8>(s);
  w.weigh<KEYS>(s, h, p, own, 0, KEYS <= open, lane);
  group_weights<KEYS, T>(weights, s);
  uint stage = 0;
  for (uint key0 = KEYS; key0 < end; key0 += KEYS) {
    cores_fetched_but<1>();
    group_written();
    threadgroup_barrier(mem_flags::mem_threadgroup);
    uint next = key0 + KEYS, before = stage;
    stage = stage == 2 ? 0 : stage + 1;
    group_hold<KEYS / 8>(s);
    group_hold<blocks>(o);
    group_begin();
    group_scores<SIZE, KEYS, T>(s, left, ks + stage * held, lane);
    group_end();
    group_mix<SIZE, KEYS, T>(o, weights, vs + before * held, lane);
    group_end();
    if (next + KEYS < end) k_lines.fetch(next + KEYS, ks + before * held, i);
    if (next < end) v_lines.fetch(next, vs + (stage == 2 ? 0 : stage + 1) * held, i);
    cores_fetch_end();
    group_wait<1>();
    group_hold<KEYS / 8>(s);
    w.weigh<KEYS>(s, h, p, own, key0, next <= open, lane);
    group_wait<0>();
    group_hold<blocks>(o);
    if (simd_any(w.worth[0] != 1.0f || w.worth[1] != 1.0f)) {
      UNROLLED for (uint n = 0; n < blocks; n++) UNROLLED for (uint e = 0; e < 4; e++) o[n][e] *= w.worth[e / 2];
    }
    group_weights<KEYS, T>(weights, s);
  }
  cores_fetched();
  group_written();
  threadgroup_barrier(mem_flags::mem_threadgroup);
  group_hold<blocks>(o);
  group_begin();
  group_mix<SIZE, KEYS, T>(o, weights, vs + stage * held, lane);
  group_end();
  group_wait<0>();
  group_hold<blocks>(o);
  UNROLLED for (uint e = 0; e < 2; e++) {
    float total = w.sum[e];
    total += simd_shuffle_xor(total, 1);
    total += simd_shuffle_xor(total, 2);
    uint query = own + e * 8;
    if (query >= p.queries) continue;
    cores_put<SIZE>(o, e, p.keys == 0u ? 1.0f : 1.0f / total, out + (ulong(head) * p.queries + query) * p.outs, p.outs, lane);
  }
}
