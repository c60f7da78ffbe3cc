package memory_test

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// scratchMost is how large, in bytes, an object of a kernel on Go's heap may be that no
// account knows of.
const scratchMost = 64 << 10

// scratchSetup makes large operands, and count, which prints what evaluating f takes
// beside what it gives.
const scratchSetup = `
import mlx.core as mx
def count(f):
    mx.clear_cache()
    mx.reset_peak_memory()
    before = mx.get_active_memory()
    y = f()
    mx.eval(y)
    ys = y if isinstance(y, (list, tuple)) else [y]
    print(mx.get_peak_memory() - before - sum([a.nbytes for a in ys]))
n = 300
a, s, v = mx.random.normal((n, n)), mx.random.normal((8, 700, 700)), mx.random.normal((1 << 20,))
spd = a @ a.T + n * mx.eye(n)
h, c = a.astype(mx.float16), a.astype(mx.complex64)
x4, w4 = mx.random.normal((4, 40, 40, 32)), mx.random.normal((64, 3, 3, 32))
d4 = mx.random.normal((32, 3, 3, 1))
q = mx.quantize(mx.random.normal((1024, 1024)))
q16 = mx.quantize(mx.random.normal((1024, 1024)).astype(mx.float16))
few, many = mx.random.normal((6, 1024)), mx.random.normal((200, 1024))
k4 = mx.random.normal((2, 8, 300, 64))
at = mx.random.randint(0, n, (5000,))
mx.eval(a, s, v, spd, h, c, x4, w4, d4, q, q16, few, many, k4, at)
cpu = mx.cpu
`

// scratchPrograms are expressions whose kernels may want scratch.
var scratchPrograms = []string{
	"s @ s", "h @ h", "c @ c", "mx.addmm(a, a, a)", "a[:3] @ a", "a @ a[:, :5]", "h[:9].T.astype(mx.float16).T @ h", "s[:, :20, :20] @ s[:, :20, :20]",
	"mx.conv2d(x4, w4)", "mx.conv2d(x4.astype(mx.float16), w4.astype(mx.float16))", "mx.conv2d(x4, d4, groups=32)",
	"mx.conv_transpose2d(x4, mx.random.normal((16, 3, 3, 32)), stride=2)", "mx.grad(lambda w: mx.conv2d(x4, w).sum())(w4)",
	"mx.grad(lambda w: mx.conv2d(x4, w, groups=32).sum())(d4)", "mx.grad(lambda x: mx.conv2d(x, w4, stride=2).sum())(x4)",
	"mx.quantized_matmul(few, *q)", "mx.quantized_matmul(many, *q)", "mx.quantized_matmul(few, *q, transpose=False)", "mx.quantized_matmul(many, *q, transpose=False)",
	"mx.quantized_matmul(many.astype(mx.float16), *q16)", "mx.dequantize(*q)", "mx.quantize(a[:, :256])[0]",
	"mx.fast.scaled_dot_product_attention(k4, k4, k4, scale=0.1)", "mx.fast.scaled_dot_product_attention(k4, k4, k4, scale=0.1, mask='causal')",
	"mx.softmax(s, axis=-1)", "mx.softmax(s, axis=0)", "mx.logsumexp(s, axis=1)", "mx.fast.layer_norm(s, None, None, 1e-5)", "mx.fast.rms_norm(s, None, 1e-5)",
	"mx.sort(s, axis=0)", "mx.argsort(s, axis=-1)", "mx.sort(v)", "mx.argsort(v)", "mx.topk(v, 100)", "mx.argpartition(v, 9)", "mx.argmax(s, axis=1)", "mx.argmin(v)",
	"mx.sum(v)", "mx.sum(s, axis=0)", "mx.sum(s, axis=1)", "mx.sum(s, axis=(0, 2))", "mx.max(s, axis=0)", "mx.prod(v)", "mx.var(s, axis=1)", "mx.all(s > 0, axis=0)", "mx.mean(s.astype(mx.float16), axis=0)",
	"mx.cumsum(v)", "mx.cumsum(s, axis=0)", "mx.cumprod(s, axis=1)", "mx.cummax(s, axis=2)", "mx.logcumsumexp(v)",
	"mx.fft.fft(c)", "mx.fft.rfft(v)", "mx.fft.irfft2(c)", "mx.fft.fft(mx.random.normal((1009,)))",
	"a[at]", "mx.take_along_axis(a, mx.argsort(a, axis=1), axis=1)", "a.at[at].add(mx.ones((5000, n)))", "mx.put_along_axis(a, mx.argsort(a, axis=1), a, axis=1)", "s.transpose(2, 0, 1) + 0", "mx.concatenate([s, s], axis=1)", "mx.tile(a, (4, 4))",
	"mx.random.normal((1 << 20,))", "mx.random.categorical(a)", "mx.random.permutation(v)", "mx.random.gumbel((1 << 18,))",
	"mx.tanh(s) * mx.exp(-s * s) + mx.sin(s) / (1 + mx.abs(s)) - mx.log1p(s * s) * mx.erf(s)",
	"mx.linalg.inv(spd, stream=cpu)", "mx.linalg.cholesky(spd, stream=cpu)", "mx.linalg.svd(s[0, :90, :60], stream=cpu)", "mx.linalg.qr(a, stream=cpu)", "mx.linalg.eigh(spd, stream=cpu)", "mx.linalg.eigh(spd[:100, :100].astype(mx.complex64), stream=cpu)",
	"mx.linalg.eig(a[:100, :100], stream=cpu)", "mx.linalg.solve(spd, a, stream=cpu)", "mx.linalg.lu(a, stream=cpu)", "mx.linalg.inv(s[:, :64, :64], stream=cpu)", "mx.linalg.pinv(a[:90], stream=cpu)",
	"mx.hadamard_transform(s[:, :512, :512])", "mx.gather_mm(s, s, rhs_indices=mx.array([3, 1, 0, 2, 5, 4, 7, 6]))", "mx.block_masked_mm(a[:256, :256], a[:256, :256], block_size=64)",
}

// TestKernelsChargeTheirScratch runs operations on large operands and asks Go's profile of
// allocations for large objects that kernels of the processor made: an account must know
// of as much.
func TestKernelsChargeTheirScratch(t *testing.T) {
	if strconv.IntSize < 64 {
		t.Skip("the operands are for 64 bits")
	}
	defer func(rate int) { runtime.MemProfileRate = rate }(runtime.MemProfileRate)
	runtime.MemProfileRate = 1
	for _, program := range scratchPrograms {
		before := kernelObjects()
		// A runtime of its own has no scratch left from another program.
		got, err := suite.Output(mlxstar.Options{Device: "cpu", Threads: 2}, scratchSetup+"count(lambda: "+program+")\n")
		if err != nil {
			t.Errorf("%s: %v", program, err)
			continue
		}
		charged, err := strconv.Atoi(strings.TrimSpace(got))
		if err != nil {
			t.Fatal(err)
		}
		made := 0
		var by []string
		for where, bytes := range kernelObjects() {
			if d := bytes - before[where]; d > 0 {
				made += d
				by = append(by, fmt.Sprintf("%d bytes in %s", d, where))
			}
		}
		if made > max(charged, 0) {
			t.Errorf("%s: kernels made objects of %d bytes on Go's heap, %d are charged: %s", program, made, charged, strings.Join(by, ", "))
		}
	}
}

// kernelObjects is how many bytes of large objects each function of package cpu has made.
func kernelObjects() map[string]int {
	runtime.GC()
	runtime.GC() // the profile is that of the collection before the last
	records := make([]runtime.MemProfileRecord, 4096)
	for {
		n, ok := runtime.MemProfile(records, true)
		if ok {
			records = records[:n]
			break
		}
		records = make([]runtime.MemProfileRecord, n+n/8)
	}
	objects := map[string]int{}
	for _, r := range records {
		if r.AllocObjects == 0 || r.AllocBytes/r.AllocObjects <= scratchMost {
			continue
		}
		frames := runtime.CallersFrames(r.Stack())
		for {
			f, more := frames.Next()
			if strings.Contains(f.Function, "mlxstar/cpu.") {
				objects[fmt.Sprintf("%s:%d", f.Function, f.Line)] += int(r.AllocBytes)
				break
			}
			if !more {
				break
			}
		}
	}
	return objects
}
