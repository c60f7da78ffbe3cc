
// The cotangents of attention's operands by tensor cores. With weights p and the cotangent
// dy of the answer y, that of the values is pᵀ dy, and that of the scores p (dy vᵀ - d),
// where d is the sum of y dy for each query. Weights are computed again from the scores.
struct AttentionGradient {
  Attention by;
  long y[4], dy[4];
  uint dy_wide, unused;
};

// What a query's weights are made of: the greatest score, in units of the logarithm of 2,
// one over the sum, and d.
struct Weighing {
  float top, share, own;

  float weight(float x) const { return cores_exp2(x - top) * share; }
};
inline Weighing weighing_of(float4 x) {
  Weighing w;
  w.top = x.x;
  w.share = x.y;
  w.own = x.z;
  return w;
}

// gradient_end is where the keys end that some of 64 queries look at.
inline uint gradient_end(constant Attention& p, uint query0) {
  long reach = long(p.keys) - long(p.queries);
  if (p.causal != 0u && p.mask == 0u && long(query0) + 1 + reach > 0) return uint(min(long(p.keys), long(query0) + 64 + reach));
  return p.keys;
}
// gradient_plain tells whether 64 queries may all look at 64 keys.
inline bool gradient_plain(constant Attention& p, uint query0, uint key0) {
  return p.mask == 0u && key0 + 64 <= p.keys && query0 + 64 <= p.queries &&
      (p.causal == 0u || long(key0) + 64 <= long(query0) + 1 + long(p.keys) - long(p.queries));
}

// gradient_ready waits for what was fetched, once all are done with what was before.
inline void gradient_ready() {
  cores_fetched();
  group_written();
  threadgroup_barrier(mem_flags::mem_threadgroup);
}

// gradient_scores makes the products of 64 lines, 16 of each simdgroup, and 64 others.
template <uint SIZE, typename T>
inline void gradient_scores(thread float (*s)[4], thread uint (*own)[4], threadgroup const ushort* left, threadgroup const ushort* right, uint simd, uint lane) {
  group_left<SIZE, 64>(own, left, simd * 16, lane);
  group_begin();
  group_scores<SIZE, 64, T>(s, own, right, lane);
  group_end();
  if (SIZE > 64) group_wait<0>(); // the registers are wanted for others
}

// gradient_weigh finds out what the weights of 64 queries are made of.
template <uint SIZE, typename T>
inline void gradient_weigh(thread const Head<T>& h, device const T* y, device const T* dy, constant AttentionGradient& g, device float* weighings, threadgroup ushort* shared,
    uint query0, uint head, uint i, uint simd, uint lane) {
  constant Attention& p = g.by;
  uint own = query0 + simd * 16 + lane / 4, end = gradient_end(p, query0);
  float top[2], sum[2];
  UNROLLED for (uint e = 0; e < 2; e++) {
    top[e] = p.sinks != 0u ? h.sink * 1.44269504088896341f : -INFINITY;
    sum[e] = p.sinks != 0u && lane % 4 == 0 ? 1.0f : 0.0f;
  }
  enum : uint { tile = 64 * SIZE };
  GroupLines<SIZE, 64, 128, T> queries, keys;
  queries.begin(h.q, p.q[2], p.q[3], p.queries, p.features, p.q_wide != 0u, i);
  keys.begin(h.k, p.k[2], p.k[3], p.keys, p.features, p.k_wide != 0u, i);
  queries.fetch(query0, shared, i);
  if (end > 0) keys.fetch(0, shared + tile, i);
  float s[8][4];
  uint left[SIZE / 16][4];
  cores_clear<8>(s);
  for (uint key0 = 0; key0 < end; key0 += 64) {
    uint stage = key0 / 64 % 2;
    gradient_ready();
    if (key0 + 64 < end) keys.fetch(key0 + 64, shared + (2 - stage) * tile, i);
    group_hold<8>(s);
    gradient_scores<SIZE, T>(s, left, shared, shared + (1 + stage) * tile, simd, lane);
    group_wait<0>();
    group_hold<8>(s);
    bool plain = gradient_plain(p, query0, key0);
    UNROLLED for (uint n = 0; n < 8; n++) UNROLLED for (uint e = 0; e < 4; e++) {
      uint query = min(own + e / 2 * 8, p.queries - 1), key = key0 + n * 8 + lane % 4 * 2 + e % 2;
      if (plain) s[n][e] *= p.scale * 1.44269504088896341f;
      else s[n][e] = cores_units(key < p.keys ? h.score(s[n][e], query, key, p) : -INFINITY);
    }
    UNROLLED for (uint e = 0; e < 2; e++) {
      float best = top[e], total = 0.0f;
      UNROLLED for (uint n = 0; n < 8; n++) best = max(best, max(s[n][2 * e], s[n][2 * e + 1]));
      best = max(best, simd_shuffle_xor(best, 1));
      best = max(best, simd_shuffle_xor(best, 2));
      float from = best == -INFINITY ? 0.0f : best;
      UNROLLED for (uint n = 0; n < 8; n++) total += cores_exp2(s[n][2 * e] - from) + cores_exp2(s[n][2 * e + 1] - from);
      sum[e] = sum[e] * cores_exp2(top[e] - from) + total;
      top[e] = best;
    }
  }
  cores_fetched();
  uint batch = head / p.heads, of = head % p.heads;
  UNROLLED for (uint e = 0; e < 2; e++) {
    uint query = min(own + e * 8, p.queries - 1);
    device const T* a = y + long(batch) * g.y[0] + long(of) * g.y[1] + long(query) * g.y[2];
    device const T* b = dy + long(batch) * g.dy[0] + long(of) * g.dy[1] + long(query) * g.dy[2];
    float d = 0.0f;
    for (uint f = lane % 4; f < p.outs; f += 4) d = fma(widen(a[long(f) * g.y[3]]), widen(b[long(f) * g.dy[3]]), d);
    d += simd_shuffle_xor(d, 1);
    d += simd_shuffle_xor(d, 2);
    sum[e] += simd_shuffle_xor(sum[e], 1);
    sum[e] += simd_shuffle_xor(sum[e], 2);
    if (lane % 4 == 0 && own + e * 8 < p.queries)
      ((device float4*)weighings)[ulong(head) * p.queries + query] = float4(top[e] == -INFINITY ? 0.0f : top[e], p.keys == 0u ? 1.0f : 1.0f / sum[e], d, 0.0f);
  }
}

// gradient_queries answers with the cotangents of 64 queries.
template <uint SIZE, typename T>
inline void gradient_queries(thread const Head<T>& h, device const T* dy, device T* dq, constant AttentionGradient& g, device const float* weighings, threadgroup ushort* shared,
    uint query0, uint head, uint i, uint simd, uint lane) {
  constant Attention& p = g.by;
  uint batch = head / p.heads, of = head % p.heads;
  uint own = query0 + simd * 16 + lane / 4, end = gradient_end(p, query0);
  enum : uint { tile = 64 * SIZE };
  GroupLines<SIZE, 64, 128, T> queries, cotangents, keys, values;
  queries.begin(h.q, p.q[2], p.q[3], p.queries, p.features, p.q_wide != 0u, i);
  cotangents.begin(dy + long(batch) * g.dy[0] + long(of) * g.dy[1], g.dy[2], g.dy[3], p.queries, p.outs, g.dy_wide != 0u, i);
  keys.begin(h.k, p.k[2], p.k[3], p.keys, p.features, p.k_wide != 0u, i);
  values.begin(h.v, p.v[2], p.v[3], p.keys, p.outs, p.v_wide != 0u, i);
  queries.fetch(query0, shared, i);
  cotangents.fetch(query0, shared + tile, i);
  if (end > 0) {
    keys.fetch(0, shared + 2 * tile, i);
    values.fetch(0, shared + 3 * tile, i);
  }
  Weighing w[2];
  UNROLLED for (uint e = 0; e < 2; e++) w[e] = weighing_of(((device const float4*)weighings)[ulong(head) * p.queries + min(own + e * 8, p.queries - 1)]);
  float unit = p.scale * 1.44269504088896341f;
  float o[SIZE / 8][4], s[8][4], d[8][4];
  uint left[SIZE / 16][4], cotangent[SIZE / 16][4], weights[4][4];
  cores_clear<SIZE / 8>(o);
  cores_clear<8>(s);
  cores_clear<8>(d);
  for (uint key0 = 0; key0 < end; key0 += 64) {
    uint stage = key0 / 64 % 2;
    threadgroup ushort* ks = shared + (2 + 2 * stage) * tile;
    threadgroup ushort* other = shared + (4 - 2 * stage) * tile;
    gradient_ready();
    if (key0 + 64 < end) {
      keys.fetch(key0 + 64, other, i);
      values.fetch(key0 + 64, other + tile, i);
    }
    group_hold<8>(s);
    group_hold<8>(d);
    gradient_scores<SIZE, T>(s, left, shared, ks, simd, lane);
    gradient_scores<SIZE, T>(d, cotangent, shared + tile, ks + tile, simd, lane);
    group_wait<0>();
    group_hold<8>(s);
    group_hold<8>(d);
    bool plain = gradient_plain(p, query0, key0);
    UNROLLED for (uint n = 0; n < 8; n++) UNROLLED for (uint e = 0; e < 4; e++) {
      if (plain) {
        s[n][e] = cores_exp2(fma(s[n][e], unit, -w[e / 2].top)) * w[e / 2].share * (d[n][e] - w[e / 2].own);
      } else {
        uint query = min(own + e / 2 * 8, p.queries - 1), key = key0 + n * 8 + lane % 4 * 2 + e % 2;
        bool open = key < p.keys && h.open(query, key, p);
        s[n][e] = open ? w[e / 2].weight(cores_units(h.score(s[n][e], query, key, p))) * (d[n][e] - w[e / 2].own) : 0.0f;
      }
    }
    group_weights<64, T>(weights, s);
    group_hold<SIZE / 8>(o);
    group_begin();
    group_mix<SIZE, 64, T>(o, weights, ks, lane);
    group_end();
    group_wait<0>();
    group_hold<SIZE / 8>(o);
  }
  cores_fetched();
  UNROLLED for (uint e = 0; e < 2; e++)
    if (own + e * 8 < p.queries) cores_put<SIZE>(o, e, p.scale, dq + (ulong(head) * p.queries + own + e * 8) * p.features, p.features, lane);
}

// gradient_queries_fetch brings 64 queries, their cotangents, and what their weights are made of.
template <typename Q>
inline void gradient_queries_fetch(thread const Q& queries, thread const Q& cotangents, device const float4* weighed, uint all, uint from, threadgroup ushort* to, uint tile, uint i) {
  queries.fetch(from, to, i);
  cotangents.fetch(from, to + tile, i);
  if (i < 64) cores_fetch(to + 2 * tile + i * 8, (device const ushort*)(weighed + min(from + i, all - 1)), true);
}

// gradient_keys answers with the cotangents of 64 keys and their values, to which all
// heads of queries that share them contribute.
template <uint SIZE, typename T>
inline void gradient_keys(device const T* q, device const T* k, device const T* v, device const uchar* mask, device const T* sinks, device const T* dy, device T* dk, device T* dv,
    constant AttentionGradient& g, device const float* weighings, threadgroup ushort* shared, uint key0, uint head, uint i, uint simd, uint lane) {
  constant Attention& p = g.by;
  uint groups = p.heads / p.repeats, batch = head / groups, first = batch * p.heads + head % groups * p.repeats;
  uint own = key0 + simd * 16 + lane / 4;
  Head<T> of = head_of(q, k, v, mask, sinks, p, first);
  enum : uint { tile = 64 * SIZE, stage_size = 2 * tile + 512 }; // queries, cotangents, and weighings
  GroupLines<SIZE, 64, 128, T> keys, values, queries, cotangents;
  keys.begin(of.k, p.k[2], p.k[3], p.keys, p.features, p.k_wide != 0u, i);
  values.begin(of.v, p.v[2], p.v[3], p.keys, p.outs, p.v_wide != 0u, i);
  keys.fetch(key0, shared, i);
  values.fetch(key0, shared + tile, i);
  float a[SIZE / 8][4], b[SIZE / 8][4], s[8][4], d[8][4]; // of the keys, and of the values
  uint left[SIZE / 16][4], value[SIZE / 16][4], weights[4][4], changes[4][4];
  float unit = p.scale * 1.44269504088896341f;
  cores_clear<SIZE / 8>(a);
  cores_clear<SIZE / 8>(b);
  cores_clear<8>(s);
  cores_clear<8>(d);
  uint start = 0;
  long reach = long(p.keys) - long(p.queries);
  // Earlier queries do not look so far, and each looks at something.
  if (p.causal != 0u && p.mask == 0u && reach >= 0) start = uint(max(long(key0) - reach, 0l)) / 64 * 64;
  for (uint r = 0; r < p.repeats; r++) {
    Head<T> h = head_of(q, k, v, mask, sinks, p, first + r);
    queries.begin(h.q, p.q[2], p.q[3], p.queries, p.features, p.q_wide != 0u, i);
    cotangents.begin(dy + long(batch) * g.dy[0] + long((first + r) % p.heads) * g.dy[1], g.dy[2], g.dy[3], p.queries, p.outs, g.dy_wide != 0u, i);
    device const float4* weighed = (device const float4*)weighings + ulong(first + r) * p.queries;
    if (r > 0) threadgroup_barrier(mem_flags::mem_threadgroup); // nobody reads what is there
    for (uint query0 = start, next = start, stage = 0; query0 < p.queries; query0 += 64, stage ^= 1u) {
      threadgroup ushort* qs = shared + 2 * tile + stage * stage_size;
      if (query0 == start) gradient_queries_fetch(queries, cotangents, weighed, p.queries, next, qs, tile, i);
      gradient_ready();
      group_hold<8>(s);
      group_hold<8>(d);
      gradient_scores<SIZE, T>(s, left, shared, qs, simd, lane);
      gradient_scores<SIZE, T>(d, value, shared + tile, qs + tile, simd, lane);
      next += 64;
      if (next < p.queries) gradient_queries_fetch(queries, cotangents, weighed, p.queries, next, shared + 2 * tile + (1u - stage) * stage_size, tile, i);
      group_wait<0>();
      group_hold<8>(s);
      group_hold<8>(d);
      bool plain = gradient_plain(p, query0, key0);
      UNROLLED for (uint n = 0; n < 8; n++) UNROLLED for (uint c = 0; c < 2; c++) {
        uint query = query0 + n * 8 + lane % 4 * 2 + c;
        Weighing w = weighing_of(((threadgroup const float4*)(qs + 2 * tile))[query - query0]);
        UNROLLED for (uint e = c; e < 4; e += 2) {
          if (plain) {
            s[n][e] = cores_exp2(fma(s[n][e], unit, -w.top)) * w.share;
            d[n][e] = s[n][e] * (d[n][e] - w.own);
          } else {
            uint key = own + e / 2 * 8;
            bool there = key < p.keys && query < p.queries, open = there && h.open(query, key, p);
            s[n][e] = there ? w.weight(cores_units(h.score(s[n][e], query, key, p))) : 0.0f;
            d[n][e] = open ? s[n][e] * (d[n][e] - w.own) : 0.0f;
          }
        }
      }
      group_weights<64, T>(weights, s);
      group_weights<64, T>(changes, d);
      group_hold<SIZE / 8>(a);
      group_hold<SIZE / 8>(b);
      group_begin();
      group_mix<SIZE, 64, T>(b, weights, qs + tile, lane);
      group_mix<SIZE, 64, T>(a, changes, qs, lane);
      group_end();
      group_wait<0>();
      group_hold<SIZE / 8>(a);
      group_hold<SIZE / 8>(b);
    }
  }
  cores_fetched();
  UNROLLED for (uint e = 0; e < 2; e++) {
    ulong line = ulong(head) * p.keys + own + e * 8;
    if (own + e * 8 >= p.keys) continue;
    cores_put<SIZE>(a, e, p.scale, dk + line * p.features, p.features, lane);
    cores_put<SIZE>(b, e, 1.0f, dv + line * p.outs, p.outs, lane);
  }
}
