// The kernels' dialect in CUDA. It includes nothing: the compiler may come without
// headers. Address spaces are one here; what threads of a group share is an argument.
#define device
#define constant const
#define thread
#define threadgroup
#define WHOLE_VECTORS 1
#define UNROLLED _Pragma("unroll")

typedef unsigned char uchar;
typedef unsigned short ushort;
typedef unsigned int uint;
typedef unsigned long ulong;

#define INFINITY __int_as_float(0x7f800000)
#define NAN __int_as_float(0x7fffffff)
#define FLT_MAX 3.402823466e+38f
#define M_LN2_F 0.693147180559945309f
#define M_PI_F 3.14159265358979323846f

template <typename A, typename B> struct cu_same { enum : bool { value = false }; };
template <typename A> struct cu_same<A, A> { enum : bool { value = true }; };

// as_type reads the bits of one type as another.
template <typename T, typename U> inline T as_type(U x) {
  static_assert(sizeof(T) == sizeof(U), "as_type: sizes differ");
  union Bits { U from; T to; __device__ Bits() {} } b;
  b.from = x;
  return b.to;
}

// half is kept as its bits; arithmetic is in float.
struct half {
  ushort bits;
  half() = default;
  explicit half(float x) { asm("cvt.rn.f16.f32 %0, %1;" : "=h"(bits) : "f"(x)); }
  explicit half(int x) : half(float(x)) {}
  operator float() const {
    float x;
    asm("cvt.f32.f16 %0, %1;" : "=f"(x) : "h"(bits));
    return x;
  }
};
#if __CUDA_ARCH__ >= 800
// The bits of the bfloat16 that is nearest.
inline ushort cu_brain(float x) {
  ushort bits;
  asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(bits) : "f"(x));
  return bits;
}
#define BRAIN_BITS cu_brain
#endif
struct __align__(8) half4 {
  half x, y, z, w;
  half4() = default;
  half4(half a, half b, half c, half d) : x(a), y(b), z(c), w(d) {}
};

inline float2 operator+(float2 a, float2 b) { return make_float2(a.x + b.x, a.y + b.y); }
inline float2 operator-(float2 a, float2 b) { return make_float2(a.x - b.x, a.y - b.y); }
inline float2 operator-(float2 a) { return make_float2(-a.x, -a.y); }
inline float2 operator*(float2 a, float b) { return make_float2(a.x * b, a.y * b); }
inline float2 operator*(float a, float2 b) { return make_float2(a * b.x, a * b.y); }
inline float2 operator/(float2 a, float b) { return make_float2(a.x / b, a.y / b); }
inline float2& operator+=(float2& a, float2 b) { return a = a + b; }
inline float2& operator-=(float2& a, float2 b) { return a = a - b; }
inline float2& operator*=(float2& a, float b) { return a = a * b; }
inline float2& operator/=(float2& a, float b) { return a = a / b; }
inline float4 operator+(float4 a, float4 b) { return make_float4(a.x + b.x, a.y + b.y, a.z + b.z, a.w + b.w); }
inline float4 operator*(float4 a, float b) { return make_float4(a.x * b, a.y * b, a.z * b, a.w * b); }

namespace precise {
inline float exp(float x) { return ::expf(x); }
inline float exp2(float x) { return ::exp2f(x); }
inline float log(float x) { return ::logf(x); }
inline float log2(float x) { return ::log2f(x); }
inline float sin(float x) { return ::sinf(x); }
inline float cos(float x) { return ::cosf(x); }
inline float tan(float x) { return ::tanf(x); }
inline float tanh(float x) { return ::tanhf(x); }
inline float sqrt(float x) { return ::sqrtf(x); }
inline float pow(float x, float y) { return ::powf(x, y); }
}  // namespace precise

inline uint popcount(uint x) { return __popc(x); }
inline uint clz(uint x) { return __clz(int(x)); }
inline uint ctz(uint x) { return x ? uint(__ffs(int(x)) - 1) : 32u; }
inline uint mulhi(uint a, uint b) { return __umulhi(a, b); }
template <typename T> inline T select(T a, T b, bool c) { return c ? b : a; }
template <typename T> inline T clamp(T x, T lo, T hi) { return x < lo ? lo : (x > hi ? hi : x); }

// Threads of a group, and lanes of a simdgroup, which is a warp.
enum class mem_flags { mem_none = 0, mem_device = 1, mem_threadgroup = 2 };
inline void threadgroup_barrier(mem_flags) { __syncthreads(); }
inline void simdgroup_barrier(mem_flags) { __syncwarp(); }

const uint cu_all = 0xffffffffu;
template <typename T> inline T simd_shuffle(T x, uint lane) { return __shfl_sync(cu_all, x, int(lane)); }
template <typename T> inline T simd_shuffle_xor(T x, uint mask) { return __shfl_xor_sync(cu_all, x, int(mask)); }
template <typename T> inline T simd_shuffle_up(T x, uint by) { return __shfl_up_sync(cu_all, x, by); }
template <typename T> inline T simd_shuffle_down(T x, uint by) { return __shfl_down_sync(cu_all, x, by); }
template <typename T> inline T simd_broadcast(T x, uint lane) { return simd_shuffle(x, lane); }
template <typename T> inline T simd_broadcast_first(T x) { return simd_shuffle(x, 0); }
template <typename T> inline T simd_sum(T x) {
  for (int by = 16; by > 0; by >>= 1) x = x + simd_shuffle_xor(x, by);
  return x;
}
template <typename T> inline T simd_max(T x) {
  for (int by = 16; by > 0; by >>= 1) {
    T y = simd_shuffle_xor(x, by);
    x = y > x ? y : x;
  }
  return x;
}
template <typename T> inline T simd_min(T x) {
  for (int by = 16; by > 0; by >>= 1) {
    T y = simd_shuffle_xor(x, by);
    x = y < x ? y : x;
  }
  return x;
}
inline bool simd_any(bool x) { return __any_sync(cu_all, x); }
inline bool simd_all(bool x) { return __all_sync(cu_all, x); }

// A simdgroup matrix lies spread over the lanes: lane l holds the elements 2l and
// 2l+1 of the row-major order. An operand of a product is read where it was loaded
// from, which stays as it is until the threads of the group meet again.
template <typename T, int R, int C> struct simdgroup_matrix {
  static_assert(R == 8 && C == 8, "only 8 by 8");
  T own[2];
  const T* from;
  int row, column;  // steps
  simdgroup_matrix() {}
  explicit simdgroup_matrix(T x) : from(nullptr) { own[0] = own[1] = x; }
};
typedef simdgroup_matrix<float, 8, 8> simdgroup_float8x8;
typedef simdgroup_matrix<half, 8, 8> simdgroup_half8x8;

inline uint cu_lane() {
  uint l;
  asm("mov.u32 %0, %%laneid;" : "=r"(l));
  return l;
}
template <typename T> inline void simdgroup_load(simdgroup_matrix<T, 8, 8>& m, const T* p, ulong stride, int origin = 0, bool transposed = false) {
  m.from = p;
  m.row = transposed ? 1 : int(stride);
  m.column = transposed ? int(stride) : 1;
  uint e = 2 * cu_lane();
  m.own[0] = p[int(e / 8) * m.row + int(e % 8) * m.column];
  m.own[1] = p[int(e / 8) * m.row + int(e % 8 + 1) * m.column];
}
template <typename T> inline void simdgroup_store(const simdgroup_matrix<T, 8, 8>& m, T* p, ulong stride, int origin = 0, bool transposed = false) {
  uint e = 2 * cu_lane();
  int row = transposed ? 1 : int(stride), column = transposed ? int(stride) : 1;
  p[int(e / 8) * row + int(e % 8) * column] = m.own[0];
  p[int(e / 8) * row + int(e % 8 + 1) * column] = m.own[1];
}
#ifdef NARROW
// Tensor cores multiply numbers of 16 bits, which factors of 19 bits hold exactly: 16
// rows by 8, of which the first 8 are the matrix's. Lanes hold the answer as above.
inline uint cu_factor(float x) {
  uint t;
  asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(t) : "f"(x));
  return t;
}
template <typename A, typename B> inline void simdgroup_multiply_accumulate(simdgroup_matrix<float, 8, 8>& d, const simdgroup_matrix<A, 8, 8>& a,
    const simdgroup_matrix<B, 8, 8>& b, const simdgroup_matrix<float, 8, 8>& c) {
  int side = int(cu_lane() / 4), term = int(cu_lane() % 4);
  const A* x = a.from + side * a.row + term * a.column;
  const B* y = b.from + side * b.column + term * b.row;
  uint x0 = cu_factor(float(x[0])), x1 = cu_factor(float(x[4 * a.column])), y0 = cu_factor(float(y[0])), y1 = cu_factor(float(y[4 * b.row]));
  float none, more;
  asm("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%10, %11, %12, %13};"
      : "=f"(d.own[0]), "=f"(d.own[1]), "=f"(none), "=f"(more)
      : "r"(x0), "r"(0u), "r"(x1), "r"(0u), "r"(y0), "r"(y1), "f"(c.own[0]), "f"(c.own[1]), "f"(0.0f), "f"(0.0f));
}
#else
template <typename A, typename B> inline void simdgroup_multiply_accumulate(simdgroup_matrix<float, 8, 8>& d, const simdgroup_matrix<A, 8, 8>& a,
    const simdgroup_matrix<B, 8, 8>& b, const simdgroup_matrix<float, 8, 8>& c) {
  uint e = 2 * cu_lane();
  const A* x = a.from + int(e / 8) * a.row;
  const B* y = b.from + int(e % 8) * b.column;
  float s = c.own[0], t = c.own[1];
  UNROLLED for (int k = 0; k < 8; k++) {
    float v = float(x[k * a.column]);
    s = fmaf(v, float(y[k * b.row]), s);
    t = fmaf(v, float(y[k * b.row + b.column]), t);
  }
  d.own[0] = s;
  d.own[1] = t;
}
#endif

// Products of tensor cores, and what brings their operands: see kernels/cores.metal.
#if __CUDA_ARCH__ >= 800
#define TENSOR_CORES 1
template <bool BRAIN> inline void cu_multiply(float* d, const uint* a, const uint* b) {
  if (BRAIN)
    asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
  else
    asm("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}
template <bool BRAIN> inline uint cu_pair(float first, float second) {
  uint pair;
  if (BRAIN) asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(second), "f"(first));
  else asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(second), "f"(first));
  return pair;
}
inline void cu_load(uint* m, const ushort* p) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
      : "=r"(m[0]), "=r"(m[1]), "=r"(m[2]), "=r"(m[3]) : "r"(uint(__cvta_generic_to_shared(p))) : "memory");
}
inline void cu_load_turned(uint* m, const ushort* p) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
      : "=r"(m[0]), "=r"(m[1]), "=r"(m[2]), "=r"(m[3]) : "r"(uint(__cvta_generic_to_shared(p))) : "memory");
}
inline void cu_fetch(ushort* to, const ushort* from, bool has) {
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;"
      :: "r"(uint(__cvta_generic_to_shared(to))), "l"(__cvta_generic_to_global(from)), "r"(has ? 16 : 0) : "memory");
}
inline void cu_fetch_end() { asm volatile("cp.async.commit_group;" ::: "memory"); }
template <int LATER> inline void cu_fetched_but() { asm volatile("cp.async.wait_group %0;" :: "n"(LATER) : "memory"); }
inline void cu_fetched() { asm volatile("cp.async.wait_all;" ::: "memory"); }
// The lanes that bring the same number of eight bits.
inline uint cu_peers(uint x) {
  uint peers = cu_all;
  UNROLLED for (int bit = 0; bit < 8; bit++) {
    uint set = __ballot_sync(cu_all, int(x >> bit & 1u));
    peers &= (x >> bit & 1u) != 0u ? set : ~set;
  }
  return peers;
}
inline float cu_exp2(float x) {
  float y;
  asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
  return y;
}
#endif

// Products of warpgroups, of four warps each: see kernels/groups.metal. Only Hopper's own
// instruction set has them.
#ifdef __CUDA_ARCH_FEAT_SM90_ALL
#define GROUP_CORES 1
// Where the right side lies, in lines of 128 bytes whose sixteens are exchanged by line,
// and how far the next column of lines is.
inline ulong cu_side(const ushort* p, uint lead) {
  return ulong((uint(__cvta_generic_to_shared(p)) & 0x3ffffu) >> 4) | ulong(lead >> 4) << 16 | ulong(64) << 32 | 1ul << 62;
}
#define CU_4(d, n) "+f"(d[n][0]), "+f"(d[n][1]), "+f"(d[n][2]), "+f"(d[n][3])
#define CU_16(d, n) CU_4(d, n), CU_4(d, n + 1), CU_4(d, n + 2), CU_4(d, n + 3)
#define CU_SUMS_64(d) CU_16(d, 0), CU_16(d, 4)
#define CU_SUMS_128(d) CU_16(d, 0), CU_16(d, 4), CU_16(d, 8), CU_16(d, 12)
template <int N, bool BRAIN, int TURNED> struct cu_group;
#define CU_GROUP(N, BRAIN, TYPE, SUMS, A, B, MORE, TURN)                                                                     \
  template <int TURNED> struct cu_group<N, BRAIN, TURNED> {                                                                  \
    static void multiply(float (*d)[4], const uint* a, ulong b, int more) {                                                  \
      asm volatile("{\n.reg .pred more;\nsetp.ne.b32 more, " MORE ", 0;\n"                                                   \
          "wgmma.mma_async.sync.aligned.m64n" #N "k16.f32." TYPE "." TYPE " {" SUMS "}, {" A "}, " B ", more, 1, 1, " TURN ";\n}" \
          : CU_SUMS_##N(d) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b), "r"(more), "n"(TURNED));                    \
    }                                                                                                                        \
  };
#define CU_LIST_64 \
  "%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31"
#define CU_LIST_128 \
  "%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31, %32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47, %48, %49, %50, %51, %52, %53, %54, %55, %56, %57, %58, %59, %60, %61, %62, %63"
CU_GROUP(64, false, "f16", CU_LIST_64, "%32, %33, %34, %35", "%36", "%37", "%38")
CU_GROUP(64, true, "bf16", CU_LIST_64, "%32, %33, %34, %35", "%36", "%37", "%38")
CU_GROUP(128, false, "f16", CU_LIST_128, "%64, %65, %66, %67", "%68", "%69", "%70")
CU_GROUP(128, true, "bf16", CU_LIST_128, "%64, %65, %66, %67", "%68", "%69", "%70")
inline void cu_group_begin() { asm volatile("wgmma.fence.sync.aligned;" ::: "memory"); }
inline void cu_group_end() { asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory"); }
template <int LATER> inline void cu_group_wait() { asm volatile("wgmma.wait_group.sync.aligned %0;" :: "n"(LATER) : "memory"); }
// What is read of sums is read after what stands before this, and written before what follows.
template <int N> inline void cu_group_hold(float (*d)[4]) {
  UNROLLED for (int n = 0; n < N; n++) asm volatile("" : CU_4(d, n) :: "memory");
}
// What threads have written to the memory that they share is there for these products.
inline void cu_group_written() { asm volatile("fence.proxy.async.shared::cta;" ::: "memory"); }
#endif

// Atomics.
enum memory_order { memory_order_relaxed = 0 };
template <typename T> struct atomic { T value; };
typedef atomic<int> atomic_int;
typedef atomic<uint> atomic_uint;
template <typename T> inline T atomic_fetch_add_explicit(atomic<T>* p, T by, memory_order) { return atomicAdd(&p->value, by); }
template <typename T> inline T atomic_fetch_max_explicit(atomic<T>* p, T by, memory_order) { return atomicMax(&p->value, by); }
template <typename T> inline T atomic_fetch_min_explicit(atomic<T>* p, T by, memory_order) { return atomicMin(&p->value, by); }

// Where a thread is, of the type that a kernel asks for.
template <typename T> struct cu_as;
template <> struct cu_as<uint> { static uint from(uint x, uint, uint) { return x; } };
template <> struct cu_as<uint2> { static uint2 from(uint x, uint y, uint) { return make_uint2(x, y); } };
template <> struct cu_as<uint3> { static uint3 from(uint x, uint y, uint z) { return make_uint3(x, y, z); } };
inline uint cu_index() { return threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z); }
inline uint cu_threads() { return blockDim.x * blockDim.y * blockDim.z; }

// A vector's name before a parenthesis is its constructor.
#define float2(...) make_float2(__VA_ARGS__)
#define float4(...) make_float4(__VA_ARGS__)
#define uint2(...) make_uint2(__VA_ARGS__)
#define uint3(...) make_uint3(__VA_ARGS__)
#define uint4(...) make_uint4(__VA_ARGS__)
#define ushort4(...) make_ushort4(__VA_ARGS__)
