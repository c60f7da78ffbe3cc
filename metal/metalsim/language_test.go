package metalsim_test

import (
	"math"
	"strings"
	"testing"
	"unsafe"

	"github.com/mlxstar/mlxstar/metal/internal/mtl"
	"github.com/mlxstar/mlxstar/metal/metalsim"
)

// width is how many threads, in one threadgroup, run each kernel below.
const width = 40

// languageKernels use what Metal's language has and C++ lacks. Each thread writes
// one number; want gives it. The second simdgroup has 8 lanes.
var languageKernels = []struct {
	name string
	body string
	want func(i int) float32
}{
	{"constructors", "float2 a = float2(x, 1); float4 b = float4(a, a.yx); half3 c = half3(2); uint3 d = uint3(b.xyz); out[i] = b.w + float(c.z) + d.x + float3(a, 3).z + float4(float2(1), 0, 0).y;",
		func(i int) float32 { return float32(i) + 2 + float32(i) + 3 + 1 }},
	{"vector_functions", "float4 v = max(float4(x, -x, 0, 1), float4(0.5f)); out[i] = dot(v, float4(1, 0, 0, 0)) + length(float2(3, 4)) + fma(v, v, v).y + clamp(float2(x, 9), 0.0f, 2.0f).y + exp(float2(0)).x;",
		func(i int) float32 { return max(float32(i), 0.5) + 5 + 0.75 + 2 + 1 }},
	{"shared", "\n#line 7 \"shared\"\n threadgroup float a[40], b; threadgroup int t[4][1 + (3 * 3)]; a[i] = x; if (i == 3) b = 7; t[i / 10][i % 10] = int(i) * 2; threadgroup_barrier(mem_flags::mem_threadgroup); threadgroup float* p = a + 1; out[i] = p[(i + 4) % 39] + b + float(t[3 - i / 10][i % 10]) + float(sizeof(a));",
		func(i int) float32 { return float32((i+4)%39+1) + 7 + float32(2*(30-i/10*10+i%10)) + 160 }},
	{"vector_loads", "device const float4* p = (device const float4*)in; float4 v = p[i % 10]; threadgroup float4 t[2]; if (i == 0) t[1] = v; threadgroup_barrier(mem_flags::mem_threadgroup); threadgroup const float2* q = reinterpret_cast<threadgroup const float2*>(t); out[i] = v.z + q[3].y + as_type<float>(as_type<int>(v.x)) + float(as_type<half2>(as_type<uint>(half2(x, 1))).x);",
		func(i int) float32 { k := float32(i % 10 * 4); return k + 2 + 3 + k + float32(i) }},
	{"folds", "out[i] = simd_sum(x) + simd_max(x) + simd_min(x) + float(simd_and(i | 64)) + float(simd_or(i & 1u)) + float(simd_xor(i == 5 || i == 35 ? 4u : 0u)) + simd_product(i == 1 || i == 33 ? 3.0f : 1.0f);",
		func(i int) float32 {
			if i < 32 {
				return 496 + 31 + 0 + 64 + 1 + 4 + 3
			}
			return 284 + 39 + 32 + 96 + 1 + 4 + 3
		}},
	{"shuffles", "out[i] = simd_shuffle_down(x, 3) + 100 * simd_shuffle_up(x, 1) + 10000 * simd_shuffle_xor(x, 1) + simd_broadcast_first(x) + simd_broadcast(x, 2);",
		func(i int) float32 {
			down, up, first := i+3, i-1, i/32*32
			if i%32 >= 29 {
				down = i
			}
			if i%32 == 0 {
				up = i
			}
			if down >= width {
				return nan()
			}
			return float32(down) + 100*float32(up) + 10000*float32(i^1) + float32(first) + float32(first+2)
		}},
	{"prefixes", "out[i] = simd_prefix_inclusive_sum(x) + 1000 * simd_prefix_exclusive_sum(1.0f) + simd_prefix_exclusive_product(i % 32 == 2 ? 2.0f : 1.0f);",
		func(i int) float32 {
			sum, lane := 0, i%32
			for k := i - lane; k <= i; k++ {
				sum += k
			}
			p := float32(1)
			if lane > 2 {
				p = 2
			}
			return float32(sum) + 1000*float32(lane) + p
		}},
	{"votes", "simd_vote v = simd_ballot(i % 2 == 0); out[i] = float(popcount(uint(simd_vote::vote_t(v)))) + (simd_any(i == 4) ? 100 : 0) + (simd_all(i < 32) ? 1000 : 0) + (simd_is_first() ? 10000 : 0);",
		func(i int) float32 {
			v := float32(4)
			if i < 32 {
				v = 16 + 100 + 1000
			}
			if i%32 == 0 {
				v += 10000
			}
			return v
		}},
	{"quads", "out[i] = quad_sum(x) + 1000 * quad_broadcast(x, 1) + quad_shuffle_xor(x, 2) + quad_max(x) + quad_shuffle_down(x, 1) + quad_shuffle_and_fill_up(x, 500 + x, 2);",
		func(i int) float32 {
			first, down, fill := i/4*4, i+1, float32(i-2)
			if i%4 == 3 {
				down = i
			}
			if i%4 < 2 {
				fill = 500 + float32(i) + 2
			}
			return float32(4*first+6) + 1000*float32(first+1) + float32(i^2) + float32(first+3) + float32(down) + fill
		}},
	{"atomics", `threadgroup atomic_uint n; threadgroup atomic<float> f; threadgroup atomic_int low; threadgroup atomic<uint> product;
  if (i == 0) { atomic_store_explicit(&n, 0u, memory_order_relaxed); atomic_store_explicit(&f, 0.5f, memory_order_relaxed); atomic_store_explicit(&low, 99, memory_order_relaxed); atomic_store_explicit(&product, 1, memory_order_relaxed); }
  threadgroup_barrier(mem_flags::mem_threadgroup);
  atomic_fetch_add_explicit(&n, 2, memory_order_relaxed);
  atomic_fetch_add_explicit(&f, x, memory_order_relaxed);
  atomic_fetch_min_explicit(&low, int(i) - 7, memory_order_relaxed);
  uint old = atomic_load_explicit(&product, memory_order_relaxed);
  while (!atomic_compare_exchange_weak_explicit(&product, &old, old * 3u, memory_order_relaxed, memory_order_relaxed)) {}
  threadgroup_barrier(mem_flags::mem_threadgroup);
  uint three = 1; for (uint k = 0; k < 40; k++) three *= 3u;
  out[i] = float(atomic_load_explicit(&n, memory_order_relaxed)) + atomic_load_explicit(&f, memory_order_relaxed) + float(atomic_load_explicit(&low, memory_order_relaxed)) + (atomic_load_explicit(&product, memory_order_relaxed) == three ? 1000 : 0);`,
		func(int) float32 { return 80 + 780.5 - 7 + 1000 }},
	// A value that nobody wrote is poison, in shared variables as elsewhere.
	{"poison", "threadgroup float a[40]; if (i > 0) a[i] = x; threadgroup_barrier(mem_flags::mem_threadgroup); out[i] = a[(i + 1) % 40];",
		func(i int) float32 {
			if i == width-1 {
				return nan()
			}
			return float32(i + 1)
		}},
	{"matrices", `threadgroup half a[64]; threadgroup float c[64];
  for (uint k = i; k < 64; k += 40) a[k] = half(k);
  threadgroup_barrier(mem_flags::mem_threadgroup);
  if (i < 32) {
    simdgroup_matrix<half, 8, 8> l, r; simdgroup_matrix<float, 8, 8> sum(0.0f);
    simdgroup_load(l, a, 8); simdgroup_load(r, a, 8, ulong2(0), true);
    simdgroup_multiply_accumulate(sum, l, r, sum);
    simdgroup_store(sum, c, 8);
  }
  threadgroup_barrier(mem_flags::mem_threadgroup);
  out[i] = c[i];`,
		func(i int) float32 {
			sum := 0
			for k := range 8 {
				sum += (i/8*8 + k) * (i%8*8 + k)
			}
			return float32(sum)
		}},
}

func nan() float32 { return float32(math.NaN()) }

func same(a, b float32) bool { return a == b || math.IsNaN(float64(a)) && math.IsNaN(float64(b)) }

func open(t *testing.T) (*mtl.API, *metalsim.Simulator) {
	t.Helper()
	sim := metalsim.For(t)
	api, err := mtl.Load(sim)
	if err != nil {
		t.Fatal(err)
	}
	return api, sim
}

// grid runs kernels of one library over one threadgroup.
type grid struct {
	api   *mtl.API
	d     mtl.Device
	lib   mtl.Library
	queue mtl.CommandQueue
}

func newGrid(t *testing.T, api *mtl.API, source string) *grid {
	t.Helper()
	g := &grid{api: api, d: api.DefaultDevice()}
	var err error
	if g.lib, err = api.NewLibrary(g.d, source, mtl.MathSafe); err == nil {
		g.queue, err = api.NewCommandQueue(g.d)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, o := range []mtl.Object{mtl.Object(g.queue), mtl.Object(g.lib), mtl.Object(g.d)} {
			api.Release(o)
		}
	})
	return g
}

// run gives what the threads wrote.
func (g *grid) run(t *testing.T, name string) ([]float32, error) {
	t.Helper()
	p, err := g.api.NewPipeline(g.d, g.lib, name)
	if err != nil {
		t.Fatal(err)
	}
	in, out := g.api.NewBuffer(g.d, 4*width), g.api.NewBuffer(g.d, 4*width)
	for i := range width {
		unsafe.Slice((*float32)(g.api.Contents(in)), width)[i] = float32(i)
	}
	b, err := g.api.NewCommandBuffer(g.queue)
	if err != nil {
		t.Fatal(err)
	}
	e, err := g.api.NewEncoder(b)
	if err != nil {
		t.Fatal(err)
	}
	g.api.SetPipeline(e, p)
	g.api.SetBuffer(e, in, 0, 0)
	g.api.SetBuffer(e, out, 0, 1)
	g.api.Dispatch(e, mtl.Size{Width: 1, Height: 1, Depth: 1}, mtl.Size{Width: width, Height: 1, Depth: 1})
	g.api.EndEncoding(e)
	g.api.Commit(b)
	err = g.api.WaitUntilCompleted(b)
	got := append([]float32(nil), unsafe.Slice((*float32)(g.api.Contents(out)), width)...)
	for _, o := range []mtl.Object{mtl.Object(e), mtl.Object(b), mtl.Object(in), mtl.Object(out), mtl.Object(p)} {
		g.api.Release(o)
	}
	return got, err
}

func kernelText(name, body string) string {
	return "kernel void " + name + "(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint i [[thread_position_in_grid]]) {\n  float x = in[i];\n  " + body + "\n}\n"
}

const preamble = "#include <metal_stdlib>\n#include <metal_atomic>\nusing namespace metal;\n"

// TestLanguage runs a kernel for each part of Metal's language.
func TestLanguage(t *testing.T) {
	api, _ := open(t)
	var source strings.Builder
	source.WriteString(preamble)
	for _, k := range languageKernels {
		source.WriteString(kernelText(k.name, k.body))
	}
	g := newGrid(t, api, source.String())
	for _, k := range languageKernels {
		got, err := g.run(t, k.name)
		if err != nil {
			t.Errorf("%s: %v", k.name, err)
			continue
		}
		for i, v := range got {
			if want := k.want(i); !same(v, want) {
				t.Errorf("%s: thread %d got %v, want %v", k.name, i, v, want)
				break
			}
		}
	}
}

// TestGroupMemory: a shared variable ends where no access is possible, and all of
// them together have 32 KiB.
func TestGroupMemory(t *testing.T) {
	api, sim := open(t)
	g := newGrid(t, api, preamble+
		kernelText("beyond", "threadgroup float a[40]; a[i + 4] = x; out[i] = a[i];")+
		kernelText("much", "threadgroup float a[5000]; threadgroup float b[5000]; a[i] = b[i] = x; out[i] = a[i];"))
	for name, want := range map[string]string{"beyond": "access outside of a buffer", "much": "40000 bytes of threadgroup memory, of 32768"} {
		if _, err := g.run(t, name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
		if m := sim.Misuses(); !strings.Contains(m, want) {
			t.Errorf("%s: misuses %q, want %q", name, m, want)
		}
	}
}

// TestRefused: what Metal's compiler refuses does not compile.
func TestRefused(t *testing.T) {
	api, _ := open(t)
	d := api.DefaultDevice()
	defer api.Release(mtl.Object(d))
	for _, body := range []string{
		"threadgroup float a[4]; device float* p = a; out[i] = p[0];",
		"float3 v = float3(x, 1); out[i] = v.x;",
		"threadgroup atomic_int n; n += 1; out[i] = x;",
		"in[i] = x;",
	} {
		if _, err := api.NewLibrary(d, preamble+kernelText("f", body), mtl.MathSafe); err == nil {
			t.Errorf("it compiled: %s", body)
		}
	}
}
