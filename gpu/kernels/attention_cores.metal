
// Attention by tensor cores. A threadgroup answers queries, 16 ROWS of each of its four
// simdgroups, and takes 64 keys at a time. Weights go from the scores' registers to the
// values' product without threadgroup memory. See Dao, FlashAttention-2 (2023).
enum : uint { cores_keys = 64 };

// cores_scores adds the products of 16 lines of the left side, from the first one of the
// simdgroup's on, and 64 lines of the right one.
template <uint SIZE, typename T>
inline void cores_scores(threadgroup const ushort* left, uint first, threadgroup const ushort* right, thread float (*s)[4], uint lane) {
  UNROLLED for (uint f = 0; f < SIZE / 16; f++) {
    uint a[4];
    cores_load(a, left, cores_place<SIZE>(first + lane % 16, 2 * f + lane / 16), lane);
    UNROLLED for (uint n = 0; n < 4; n++) {
      uint b[4];
      cores_load(b, right, cores_place<SIZE>(n * 16 + lane / 16 * 8 + lane % 8, 2 * f + lane / 8 % 2), lane);
      cores_multiply<T>(s[2 * n], a, b, lane);
      cores_multiply<T>(s[2 * n + 1], a, b + 2, lane);
    }
  }
}

// cores_mix adds the products of 16 rows of weights for 64 lines, and these lines.
template <uint SIZE, typename T>
inline void cores_mix(thread float (*weights)[4], threadgroup const ushort* lines, thread float (*o)[4], uint lane) {
  UNROLLED for (uint k = 0; k < 4; k++) {
    uint a[4];
    UNROLLED for (uint e = 0; e < 4; e++) a[e] = cores_pair<T>(weights[2 * k + e / 2][e % 2 * 2], weights[2 * k + e / 2][e % 2 * 2 + 1]);
    UNROLLED for (uint n = 0; n < SIZE / 16; n++) {
      uint b[4];
      cores_load_turned(b, lines, cores_place<SIZE>(k * 16 + lane % 16, 2 * n + lane / 16), lane);
      cores_multiply<T>(o[2 * n], a, b, lane);
      cores_multiply<T>(o[2 * n + 1], a, b + 2, lane);
    }
  }
}

// cores_put writes a row of sums, the first or the one eight further, times a factor.
template <uint SIZE, typename T>
inline void cores_put(thread float (*o)[4], uint e, float by, device T* at, uint run, uint lane) {
  UNROLLED for (uint n = 0; n < SIZE / 8; n++) {
    uint f = n * 8 + lane % 4 * 2;
    uint pair = cores_pair<T>(o[n][2 * e] * by, o[n][2 * e + 1] * by);
    if (run % 2 == 0) {
      if (f < run) *(device uint*)(at + f) = pair;
    } else {
      if (f < run) ((device ushort*)at)[f] = ushort(pair & 0xffffu);
      if (f + 1 < run) ((device ushort*)at)[f + 1] = ushort(pair >> 16);
    }
  }
}

// In units of the logarithm of 2 what is masked counts as the least number does.
inline float cores_units(float x) { return x == -INFINITY ? x : max(x * 1.44269504088896341f, -FLT_MAX); }

// attention_cores: with two STAGES the next keys and values come while these are taken, half of
// them at a time. With one the values come while the keys are multiplied, and the next keys
// after that.
template <uint SIZE, uint ROWS, uint STAGES, typename T>
inline void attention_cores(thread const Head<T>& h, device T* out, constant Attention& p, threadgroup ushort* shared, uint tile, uint head, uint i, uint simd, uint lane) {
  enum : uint { queries = 64 * ROWS, blocks = SIZE / 8, once = cores_keys / STAGES, held = cores_keys * SIZE };
  threadgroup ushort* qs = shared;
  threadgroup ushort* both = qs + queries * SIZE; // keys and values, of each stage
  uint query0 = tile * queries, own = query0 + simd * 16 * ROWS + lane / 4;
  float unit = p.scale * 1.44269504088896341f; // exponentials are of 2
  float o[ROWS][blocks][4], top[ROWS][2], sum[ROWS][2];
  UNROLLED for (uint r = 0; r < ROWS; r++) {
    UNROLLED for (uint n = 0; n < blocks; n++) UNROLLED for (uint e = 0; e < 4; e++) o[r][n][e] = 0.0f;
    UNROLLED for (uint e = 0; e < 2; e++) {
      top[r][e] = p.sinks != 0u ? h.sink * 1.44269504088896341f : -INFINITY;
      sum[r][e] = p.sinks != 0u && lane % 4 == 0 ? 1.0f : 0.0f;
    }
  }
  uint end = p.keys;
  long reach = long(p.keys) - long(p.queries); // a query's last key is so much later
  // No query looks further, and each looks at something.
  if (p.causal != 0u && p.mask == 0u && long(query0) + 1 + reach > 0) end = uint(min(long(end), long(query0 + queries) + reach));
  cores_lines<SIZE, queries>(h.q + long(query0) * p.q[2], p.q[2], p.q[3], p.queries - query0, p.features, p.q_wide != 0u, qs, i);
  cores_lines<SIZE, cores_keys>(h.k, p.k[2], p.k[3], p.keys, p.features, p.k_wide != 0u, both, i);
  if (STAGES == 2) cores_lines<SIZE, cores_keys>(h.v, p.v[2], p.v[3], p.keys, p.outs, p.v_wide != 0u, both + held, i);
  for (uint key0 = 0; key0 < end; key0 += cores_keys) {
    uint next = key0 + cores_keys;
    threadgroup ushort* ks = both + (STAGES == 2 ? key0 / cores_keys % 2 * 2 * held : 0);
    threadgroup ushort* vs = ks + held;
    threadgroup ushort* other = both + (STAGES == 2 ? next / cores_keys % 2 * 2 * held : 0);
    cores_fetched();
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (STAGES == 2 && next < end) cores_lines<SIZE, cores_keys>(h.k + long(next) * p.k[2], p.k[2], p.k[3], p.keys - next, p.features, p.k_wide != 0u, other, i);
    if (STAGES == 1 || next < end) {
      uint from = STAGES == 1 ? key0 : next;
      cores_lines<SIZE, cores_keys>(h.v + long(from) * p.v[2], p.v[2], p.v[3], p.keys - from, p.outs, p.v_wide != 0u, STAGES == 1 ? vs : other + held, i);
    }
    bool plain = p.mask == 0u && next <= p.keys && (p.causal == 0u || long(next) <= long(query0) + 1 + reach);
    UNROLLED for (uint part = 0; part < cores_keys; part += once) {
      float s[ROWS][once / 8][4];
      UNROLLED for (uint r = 0; r < ROWS; r++)
        UNROLLED for (uint n = 0; n < once / 8; n++) UNROLLED for (uint e = 0; e < 4; e++) s[r][n][e] = 0.0f;
      UNROLLED for (uint f = 0; f < SIZE / 16; f++) {
        uint a[ROWS][4];
        UNROLLED for (uint r = 0; r < ROWS; r++) cores_load(a[r], qs, cores_place<SIZE>((simd * ROWS + r) * 16 + lane % 16, 2 * f + lane / 16), lane);
        UNROLLED for (uint n = 0; n < once / 16; n++) {
          uint b[4];
          cores_load(b, ks, cores_place<SIZE>(part + n * 16 + lane / 16 * 8 + lane % 8, 2 * f + lane / 8 % 2), lane);
          UNROLLED for (uint r = 0; r < ROWS; r++) {
            cores_multiply<T>(s[r][2 * n], a[r], b, lane);
            cores_multiply<T>(s[r][2 * n + 1], a[r], b + 2, lane);
          }
        }
      }
      if (STAGES == 1) {
        cores_fetched();
        threadgroup_barrier(mem_flags::mem_threadgroup);
        if (next < end) cores_lines<SIZE, cores_keys>(h.k + long(next) * p.k[2], p.k[2], p.k[3], p.keys - next, p.features, p.k_wide != 0u, ks, i);
      }
      UNROLLED for (uint r = 0; r < ROWS; r++) {
        if (plain) {
          UNROLLED for (uint n = 0; n < once / 8; n++) UNROLLED for (uint e = 0; e < 4; e++) s[r][n][e] *= unit;
        } else {
          UNROLLED for (uint n = 0; n < once / 8; n++) UNROLLED for (uint e = 0; e < 4; e++) {
            uint query = min(own + r * 16 + e / 2 * 8, p.queries - 1), key = key0 + part + n * 8 + lane % 4 * 2 + e % 2;
            float x = key < p.keys ? h.score(s[r][n][e], query, key, p) : -INFINITY;
            s[r][n][e] = cores_units(x);
          }
        }
        float worth[2];
        UNROLLED for (uint e = 0; e < 2; e++) {
          float best = top[r][e];
          UNROLLED for (uint n = 0; n < once / 8; n++) best = max(best, max(s[r][n][2 * e], s[r][n][2 * e + 1]));
          best = max(best, simd_shuffle_xor(best, 1));
          best = max(best, simd_shuffle_xor(best, 2));
          float from = best == -INFINITY ? 0.0f : best, total = 0.0f;
          worth[e] = cores_exp2(top[r][e] - from);
          top[r][e] = best;
          UNROLLED for (uint n = 0; n < once / 8; n++) UNROLLED for (uint c = 0; c < 2; c++) {
            s[r][n][2 * e + c] = cores_exp2(s[r][n][2 * e + c] - from);
            total += s[r][n][2 * e + c];
          }
          sum[r][e] = sum[r][e] * worth[e] + total;
        }
        if (simd_any(worth[0] != 1.0f || worth[1] != 1.0f)) {
          UNROLLED for (uint n = 0; n < blocks; n++) UNROLLED for (uint e = 0; e < 4; e++) o[r][n][e] *= worth[e / 2];
        }
      }
      UNROLLED for (uint k = 0; k < once / 16; k++) {
        uint a[ROWS][4];
        UNROLLED for (uint r = 0; r < ROWS; r++)
          UNROLLED for (uint e = 0; e < 4; e++) a[r][e] = cores_pair<T>(s[r][2 * k + e / 2][e % 2 * 2], s[r][2 * k + e / 2][e % 2 * 2 + 1]);
        UNROLLED for (uint n = 0; n < blocks / 2; n++) {
          uint b[4];
          cores_load_turned(b, vs, cores_place<SIZE>(part + k * 16 + lane % 16, 2 * n + lane / 16), lane);
          UNROLLED for (uint r = 0; r < ROWS; r++) {
            cores_multiply<T>(o[r][2 * n], a[r], b, lane);
            cores_multiply<T>(o[r][2 * n + 1], a[r], b + 2, lane);
          }
        }
      }
    }
  }
  cores_fetched();
  UNROLLED for (uint r = 0; r < ROWS; r++) UNROLLED for (uint e = 0; e < 2; e++) {
    sum[r][e] += simd_shuffle_xor(sum[r][e], 1);
    sum[r][e] += simd_shuffle_xor(sum[r][e], 2);
    uint query = own + r * 16 + e * 8;
    if (query >= p.queries) continue;
    float share = p.keys == 0u ? 1.0f : 1.0f / sum[r][e];
    cores_put<SIZE>(o[r], e, share, out + (ulong(head) * p.queries + query) * p.outs, p.outs, lane);
  }
}
