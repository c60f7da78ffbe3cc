package mtl_test

import (
	"testing"
	"time"
	"unsafe"

	"github.com/mlxstar/mlxstar/metal/internal/mtl"
	"github.com/mlxstar/mlxstar/metal/metalsim"
)

func open(t *testing.T) (*mtl.API, *metalsim.Simulator) {
	t.Helper()
	sim := metalsim.For(t)
	api, err := mtl.Load(sim)
	if err != nil {
		t.Fatal(err)
	}
	return api, sim
}

const reverse = `#include <metal_stdlib>
using namespace metal;
kernel void reverse(device const float* a [[buffer(0)]], device float* out [[buffer(1)]], constant uint& n [[buffer(2)]],
    threadgroup float* shared [[threadgroup(0)]], uint i [[thread_position_in_threadgroup]], uint3 g [[threadgroup_position_in_grid]]) {
  shared[i] = a[i];
  threadgroup_barrier(mem_flags::mem_threadgroup);
  out[i] = shared[n - 1 - i] + simd_sum(float(i)) * float(g.x);
}`

// TestDispatch runs a kernel with a barrier from source to answer.
func TestDispatch(t *testing.T) {
	api, sim := open(t)
	d := api.DefaultDevice()
	if got := api.DeviceName(d); got == "" {
		t.Error("the device has no name")
	}
	lib, err := api.NewLibrary(d, reverse, mtl.MathSafe)
	if err != nil {
		t.Fatal(err)
	}
	p, err := api.NewPipeline(d, lib, "reverse")
	if err != nil {
		t.Fatal(err)
	}
	q, err := api.NewCommandQueue(d)
	if err != nil {
		t.Fatal(err)
	}
	const n = 100
	in, out := api.NewBuffer(d, 4*n), api.NewBuffer(d, 4*n)
	src := unsafe.Slice((*float32)(api.Contents(in)), n)
	for i := range src {
		src[i] = float32(i)
	}
	b, err := api.NewCommandBuffer(q)
	if err != nil {
		t.Fatal(err)
	}
	e, err := api.NewEncoder(b)
	if err != nil {
		t.Fatal(err)
	}
	count := uint32(n)
	api.SetPipeline(e, p)
	api.SetBuffer(e, in, 0, 0)
	api.SetBuffer(e, out, 0, 1)
	api.SetBytes(e, unsafe.Pointer(&count), 4, 2)
	api.SetThreadgroupMemory(e, 4*n, 0)
	api.Dispatch(e, mtl.Size{Width: 1, Height: 1, Depth: 1}, mtl.Size{Width: n, Height: 1, Depth: 1})
	api.EndEncoding(e)
	api.Commit(b)
	if err := api.WaitUntilCompleted(b); err != nil {
		t.Fatal(err)
	}
	for i, got := range unsafe.Slice((*float32)(api.Contents(out)), n) {
		if want := float32(n - 1 - i); got != want {
			t.Fatalf("element %d: got %v, want %v", i, got, want)
		}
	}
	for _, o := range []mtl.Object{mtl.Object(e), mtl.Object(b), mtl.Object(in), mtl.Object(out), mtl.Object(q), mtl.Object(p), mtl.Object(lib), mtl.Object(d)} {
		api.Release(o)
	}
	for _, class := range []string{"MTLBuffer", "MTLCommandQueue", "MTLCommandBuffer", "MTLComputeCommandEncoder", "MTLLibrary",
		"MTLFunction", "MTLComputePipelineState", "MTLDevice", "NSString", "NSError", "MTLCompileOptions"} {
		// The queue's own thread lets go a moment after it reports completion.
		for wait := 0; sim.Live(class) != 0 && wait < 2000; wait++ {
			time.Sleep(time.Millisecond)
		}
		if n := sim.Live(class); n != 0 {
			t.Errorf("%d objects of %s are left", n, class)
		}
	}
}

// TestCompileErrors holds the simulator's compiler to address spaces, and errors
// to NSError's words.
func TestCompileErrors(t *testing.T) {
	api, _ := open(t)
	d := api.DefaultDevice()
	defer api.Release(mtl.Object(d))
	_, err := api.NewLibrary(d, `#include <metal_stdlib>
kernel void f(device float* a [[buffer(0)]], threadgroup float* b [[threadgroup(0)]]) { b = a; }`, mtl.MathSafe)
	if err == nil {
		t.Fatal("a pointer moved between address spaces, and the source compiled")
	}
	t.Log(err)
}
