
// Products by tensor cores, which multiply 16 by 16 numbers of 16 bits with 16 by 8 of
// them at once. Numbers lie in pairs, spread over a simdgroup: lane 4g + t has of the
// left side the terms 2t and 2t + 1 of the rows g and g + 8, then the same for the terms
// from 8 on; of the right side those terms of column g, then those from 8 on; and of the
// answer the columns 2t and 2t + 1 of the row g, then of the row g + 8. Where a GPU has
// such instructions its prelude defines TENSOR_CORES; what follows defines what they do.
template <typename T> struct Brain { enum : bool { value = false }; };
template <> struct Brain<bf16> { enum : bool { value = true }; };

#ifdef TENSOR_CORES
template <typename T> inline void cores_multiply(thread float* sums, thread const uint* a, thread const uint* b, uint lane) { cu_multiply<Brain<T>::value>(sums, a, b); }
template <typename T> inline uint cores_pair(float first, float second) { return cu_pair<Brain<T>::value>(first, second); }
inline void cores_load(thread uint* m, threadgroup const ushort* base, uint at, uint lane) { cu_load(m, base + at); }
inline void cores_load_turned(thread uint* m, threadgroup const ushort* base, uint at, uint lane) { cu_load_turned(m, base + at); }
inline void cores_fetch(threadgroup ushort* to, device const ushort* from, bool has) { cu_fetch(to, from, has); }
inline void cores_fetched() { cu_fetched(); }
inline void cores_fetch_end() { cu_fetch_end(); }
template <uint LATER> inline void cores_fetched_but() { cu_fetched_but<LATER>(); }
inline float cores_exp2(float x) { return cu_exp2(x); }
#else
inline ushort bits_of(half x) { return as_type<ushort>(x); }
inline ushort bits_of(bf16 x) { return ushort(x); }
inline half number_of(ushort x, half) { return as_type<half>(x); }
inline bf16 number_of(ushort x, bf16) { return bf16(x); }

// cores_pair rounds two numbers to a pair.
template <typename T> inline uint cores_pair(float first, float second) {
  return uint(bits_of(to<T>::from(first))) | uint(bits_of(to<T>::from(second))) << 16;
}
template <typename T> inline float cores_half_of(uint pair, bool second) {
  return widen(number_of(ushort(second ? pair >> 16 : pair & 0xffffu), T(0)));
}

// cores_multiply adds the product of a and b to sums.
template <typename T> inline void cores_multiply(thread float* sums, thread const uint* a, thread const uint* b, uint lane) {
  uint g = lane / 4, t = lane % 4;
  for (uint k = 0; k < 4; k++) {
    for (uint h = 0; h < 2; h++) { // the terms up to 8, and those from 8 on
      uint low = simd_shuffle(a[2 * h], 4 * g + k), high = simd_shuffle(a[2 * h + 1], 4 * g + k);
      for (uint c = 0; c < 2; c++) {
        uint right = simd_shuffle(b[h], 4 * (2 * t + c) + k);
        for (uint e = 0; e < 2; e++) {
          float y = cores_half_of<T>(right, e != 0);
          sums[c] = fma(cores_half_of<T>(low, e != 0), y, sums[c]);
          sums[2 + c] = fma(cores_half_of<T>(high, e != 0), y, sums[2 + c]);
        }
      }
    }
  }
}

// cores_load reads four matrices of 8 by 8 from threadgroup memory. A lane names where
// row lane % 8 of matrix lane / 8 begins, and gets two neighbours of row lane / 4 of each.
inline void cores_load(thread uint* m, threadgroup const ushort* base, uint at, uint lane) {
  for (uint n = 0; n < 4; n++) {
    uint row = simd_shuffle(at, n * 8 + lane / 4) + lane % 4 * 2;
    m[n] = uint(base[row]) | uint(base[row + 1]) << 16;
  }
}

// cores_load_turned is cores_load of the matrices with rows and columns exchanged.
inline void cores_load_turned(thread uint* m, threadgroup const ushort* base, uint at, uint lane) {
  for (uint n = 0; n < 4; n++) {
    uint first = simd_shuffle(at, n * 8 + lane % 4 * 2), second = simd_shuffle(at, n * 8 + lane % 4 * 2 + 1);
    m[n] = uint(base[first + lane / 4]) | uint(base[second + lane / 4]) << 16;
  }
}

// cores_fetch brings eight numbers, or zeros, to threadgroup memory, where they are to
// all that meet after cores_fetched, or, up to cores_fetch_end, after cores_fetched_but<N>
// when no more than N ends have followed.
inline void cores_fetch(threadgroup ushort* to, device const ushort* from, bool has) {
  for (uint e = 0; e < 8; e++) to[e] = has ? from[e] : ushort(0);
}
inline void cores_fetched() {}
inline void cores_fetch_end() {}
template <uint LATER> inline void cores_fetched_but() {}
inline float cores_exp2(float x) { return precise::exp2(x); }
#endif

// cores_place is where, in numbers, eight neighbours begin in threadgroup memory: those
// of eight lines that are read at once lie in other banks.
template <uint SIZE> inline uint cores_place(uint line, uint eight) { return line * SIZE + (eight ^ (line & 7u)) * 8; }

// cores_lines brings lines of up to SIZE numbers, and zeros for what there is not. Wide
// ones are aligned for eight.
template <uint SIZE, uint LINES, typename T>
inline void cores_lines(device const T* from, long line, long each, uint lines, uint run, bool wide, threadgroup ushort* to, uint i) {
  device const ushort* x = (device const ushort*)from;
  UNROLLED for (uint e = 0; e < LINES * SIZE / 8 / 128; e++) {
    uint at = e * 128 + i, l = at / (SIZE / 8), eight = at % (SIZE / 8);
    threadgroup ushort* place = to + cores_place<SIZE>(l, eight);
    if (wide) {
      bool has = l < lines && eight * 8 < run;
      cores_fetch(place, has ? x + long(l) * line + eight * 8 : x, has);
    } else {
      for (uint n = eight * 8; n < eight * 8 + 8; n++) place[n % 8] = l < lines && n < run ? x[long(l) * line + long(n) * each] : ushort(0);
    }
  }
}

// cores_clear makes zeros of sums.
template <uint N> inline void cores_clear(thread float (*s)[4]) {
  UNROLLED for (uint n = 0; n < N; n++) UNROLLED for (uint e = 0; e < 4; e++) s[n][e] = 0.0f;
}
