package metal

import (
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/metal/internal/mtl"
)

func init() {
	register(&family{encode: products}, engine.OpMatMul)
	register(&family{encode: products}, engine.OpAddMM)
	generators["matmul"] = func(l library) string {
		text := tiledKernel
		if l.in != "float2" {
			text += simdKernel
		}
		return fill(text, "$T", l.in, "$W", computed(l.in))
	}
}

// product is the Product of the kernels. Strides count elements.
type product struct {
	m, n, k                uint32
	batchRank              uint32
	batch                  [maxRank]uint32
	aRow, aCol, bRow, bCol int64
	cRow, cCol             int64
	aBatch, bBatch, cBatch [maxRank]int64
	alpha, beta            float32
	added                  uint32
	_                      uint32
}

const tiledKernel = `
// tiled: a threadgroup of 16 by 16 threads makes a tile of the product of that
// size, a thread one element.
kernel void tiled(device const $T* a [[buffer(0)]], device const $T* b [[buffer(1)]], device const $T* c [[buffer(2)]], device $T* out [[buffer(3)]], constant Product& p [[buffer(4)]],
    threadgroup $W* sa [[threadgroup(0)]], threadgroup $W* sb [[threadgroup(1)]], uint3 g [[threadgroup_position_in_grid]], uint3 t [[thread_position_in_threadgroup]]) {
  uint row = g.y * 16 + t.y, col = g.x * 16 + t.x;
  Starts s = starts(p, g.z);
  $W sum = to<$W>::from(0);
  for (uint k0 = 0; k0 < p.k; k0 += 16) {
    uint ka = k0 + t.x, kb = k0 + t.y;
    sa[t.y * 16 + t.x] = row < p.m && ka < p.k ? widen(a[s.a + long(row) * p.a_row + long(ka) * p.a_col]) : to<$W>::from(0);
    sb[t.y * 16 + t.x] = col < p.n && kb < p.k ? widen(b[s.b + long(kb) * p.b_row + long(col) * p.b_col]) : to<$W>::from(0);
    threadgroup_barrier(mem_flags::mem_threadgroup);
    for (uint k = 0; k < 16; k++) sum = product_sum(sa[t.y * 16 + k], sb[k * 16 + t.x], sum);
    threadgroup_barrier(mem_flags::mem_threadgroup);
  }
  if (row >= p.m || col >= p.n) return;
  if (p.added != 0u) sum = p.beta * widen(c[s.c + long(row) * p.c_row + long(col) * p.c_col]) + p.alpha * sum;
  out[(ulong(g.z) * p.m + row) * p.n + col] = to<$T>::from(sum);
}
`

const simdKernel = `
// simd: four simdgroups make a tile of 32 by 32, each a quarter of four matrices
// of 8 by 8.
kernel void simd(device const $T* a [[buffer(0)]], device const $T* b [[buffer(1)]], device const $T* c [[buffer(2)]], device $T* out [[buffer(3)]], constant Product& p [[buffer(4)]],
    threadgroup float* sa [[threadgroup(0)]], threadgroup float* sb [[threadgroup(1)]], uint3 g [[threadgroup_position_in_grid]], uint i [[thread_index_in_threadgroup]], uint quarter [[simdgroup_index_in_threadgroup]]) {
  uint row0 = g.y * 32, col0 = g.x * 32;
  Starts s = starts(p, g.z);
  simdgroup_float8x8 acc[4] = {simdgroup_float8x8(0.0f), simdgroup_float8x8(0.0f), simdgroup_float8x8(0.0f), simdgroup_float8x8(0.0f)};
  uint top = (quarter / 2) * 16, left = (quarter % 2) * 16;
  for (uint k0 = 0; k0 < p.k; k0 += 16) {
    for (uint e = i; e < 512; e += 128) {
      uint r = e / 16, k = e % 16;
      sa[e] = row0 + r < p.m && k0 + k < p.k ? widen(a[s.a + long(row0 + r) * p.a_row + long(k0 + k) * p.a_col]) : 0.0f;
      uint kk = e / 32, q = e % 32;
      sb[e] = col0 + q < p.n && k0 + kk < p.k ? widen(b[s.b + long(k0 + kk) * p.b_row + long(col0 + q) * p.b_col]) : 0.0f;
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    for (uint k = 0; k < 16; k += 8) {
      simdgroup_float8x8 x[2], y[2];
      for (uint h = 0; h < 2; h++) {
        simdgroup_load(x[h], sa + (top + h * 8) * 16 + k, 16);
        simdgroup_load(y[h], sb + k * 32 + left + h * 8, 32);
      }
      for (uint q = 0; q < 4; q++) simdgroup_multiply_accumulate(acc[q], x[q / 2], y[q % 2], acc[q]);
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
  }
  for (uint q = 0; q < 4; q++) simdgroup_store(acc[q], sa + (top + (q / 2) * 8) * 32 + left + (q % 2) * 8, 32);
  threadgroup_barrier(mem_flags::mem_threadgroup);
  for (uint e = i; e < 1024; e += 128) {
    uint row = row0 + e / 32, col = col0 + e % 32;
    if (row >= p.m || col >= p.n) continue;
    float sum = sa[e];
    if (p.added != 0u) sum = p.beta * widen(c[s.c + long(row) * p.c_row + long(col) * p.c_col]) + p.alpha * sum;
    out[(ulong(g.z) * p.m + row) * p.n + col] = to<$T>::from(sum);
  }
}
`

// simdSize is how many rows, columns and terms a product has at least for the
// kernel with simdgroup matrices.
const simdSize = 32

// products encodes a matrix product, and what is added to it.
func products(j *job) error {
	t := j.task
	out := &t.Out[0]
	if out.Len() == 0 {
		return nil
	}
	ops := []*engine.Operand{&t.In[0], &t.In[1], &t.In[0]}
	p := product{alpha: 1}
	if at, ok := t.Attrs.(engine.AddMMAttrs); ok {
		ops = []*engine.Operand{&t.In[1], &t.In[2], &t.In[0]}
		p.alpha, p.beta, p.added = float32(at.Alpha), float32(at.Beta), 1
	}
	a, b, c := ops[0], ops[1], ops[2]
	r := len(out.Shape)
	lead := out.Shape[:r-2]
	p.m, p.n, p.k = uint32(out.Shape[r-2]), uint32(out.Shape[r-1]), uint32(a.Shape[r-1])
	p.aRow, p.aCol = int64(a.Strides[r-2]), int64(a.Strides[r-1])
	p.bRow, p.bCol = int64(b.Strides[r-2]), int64(b.Strides[r-1])
	batches := [][]int{a.Strides[:r-2], b.Strides[:r-2], make([]int, r-2)}
	if p.added != 0 {
		p.cRow, p.cCol = int64(c.Strides[r-2]), int64(c.Strides[r-1])
		batches[2] = c.Strides[:r-2]
	}
	w, err := newWalk(t.Op.Name, lead, batches...)
	if err != nil {
		return err
	}
	p.batchRank, p.batch = w.rank, w.shape
	p.aBatch, p.bBatch, p.cBatch = w.strides[0], w.strides[1], w.strides[2]

	function, tile := "tiled", 16
	threads := mtl.Size{Width: 16, Height: 16, Depth: 1}
	memory := [2]int{256 * 8, 256 * 8}
	if !out.Dtype.IsComplex() && p.m >= simdSize && p.n >= simdSize && p.k >= simdSize {
		function, tile = "simd", 32
		threads = mtl.Size{Width: 128, Height: 1, Depth: 1}
		memory = [2]int{1024 * 4, 512 * 4}
	}
	if err := j.use(kernelName{library{family: "matmul", in: typeNames[out.Dtype]}, function}); err != nil {
		return err
	}
	for i, o := range ops {
		if err := j.read(o, i); err != nil {
			return err
		}
	}
	if err := j.write(out, 3); err != nil {
		return err
	}
	params(j, &p, 4)
	for i, n := range memory {
		j.api.SetThreadgroupMemory(j.encoder, n, i)
	}
	up := func(n uint32) uint { return (uint(n) + uint(tile) - 1) / uint(tile) }
	j.groups(mtl.Size{Width: up(p.n), Height: up(p.m), Depth: uint(engine.Elements(lead))}, threads)
	return nil
}
