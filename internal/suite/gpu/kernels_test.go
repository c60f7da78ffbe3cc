package gpu_test

import (
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar/internal/suite"
	"github.com/mlxstar/mlxstar/metal/metalsim"
)

// agreement gives scripts the function check, which computes on the GPU and on the
// processor, and compares: to a tolerance, relative to the greatest element, or
// exactly where it is 0. NaN equals NaN.
const agreement = `
import mlx.core as mx
mx.random.seed(7)

def both(a, b, tol):
    if a.shape != b.shape or a.dtype != b.dtype:
        return f"{a.shape} {a.dtype}, want {b.shape} {b.dtype}"
    with mx.stream(mx.cpu):
        if a.size == 0 or mx.array_equal(a, b, equal_nan=True).item():
            return ""
        kind = mx.complex64 if a.dtype == mx.complex64 else mx.float32 if mx.issubdtype(a.dtype, mx.floating) else None
        if tol == 0 or kind is None:
            return f"{a} is not {b}"
        x, y = a.astype(kind), b.astype(kind)
        finite = mx.logical_and(mx.isfinite(x), mx.isfinite(y))
        rest = mx.where(finite, mx.array(0, kind), x), mx.where(finite, mx.array(0, kind), y)
        if not mx.array_equal(*rest, equal_nan=True).item():
            return f"{a} is not {b}"
        zero = mx.array(0, kind)
        off = mx.abs(mx.where(finite, x - y, zero)).max().item()
        top = mx.abs(mx.where(finite, y, zero)).max().item()
        return "" if off <= tol * max(top, 1e-6) else f"differs by {off} of {top}"

def check(name, f, tol=0):
    a, b = f(mx.gpu), f(mx.cpu)
    if type(a) is not tuple:
        a, b = (a,), (b,)
    for x, y in zip(a, b):
        wrong = both(x, y, tol)
        if wrong:
            print(name, wrong)

floats = [mx.float32, mx.float16, mx.bfloat16]
whole = [mx.bool_, mx.int8, mx.uint16, mx.int32, mx.uint64] # one of each kind and size

def numbers(shape, d):
    if d == mx.complex64:
        return mx.random.normal(shape) + 1j * mx.random.normal(shape)
    if d in floats:
        return mx.random.normal(shape).astype(d)
    return mx.random.randint(0 if d in [mx.uint8, mx.uint16, mx.uint32, mx.uint64, mx.bool_] else -100, 2 if d == mx.bool_ else 100, shape).astype(d)

tolerance = {mx.float32: 3e-6, mx.float16: 2e-3, mx.bfloat16: 1e-2, mx.complex64: 3e-6}
`

// gpuAgrees runs a script that checks kernels, and fails for what it prints. What
// no barrier separates runs backwards.
func gpuAgrees(t *testing.T, script string) {
	t.Helper()
	options, real := suite.Real(t)
	if !real {
		var sim *metalsim.Simulator
		options, sim = suite.Simulated(t)
		sim.Set("reorder", 1)
		defer sim.Set("reorder", 0)
	}
	got, err := suite.Output(options, agreement+script)
	if err != nil {
		t.Error(err)
	}
	if got != "" {
		t.Errorf("the GPU differs from the processor:\n%s", got)
	}
}

// TestGPURows: functions of rows, at lengths around those where the kernels change
// what they do.
func TestGPURows(t *testing.T) {
	gpuAgrees(t, `
for n in [1, 3, 31, 32, 33, 127, 128, 129, 1000, 1023, 1025, 4096, 4097]:
    for d in [mx.float32, mx.float16, mx.bfloat16]:
        for rows in [1, 11] if n < 1000 else [2]:
            x = (mx.random.normal((rows, n)) * 3).astype(d)
            w, c = mx.random.normal((n,)).astype(d), mx.random.normal((n,)).astype(d)
            tol = tolerance[d]
            check(f"softmax {rows} {n} {d}", lambda s: mx.softmax(x, axis=-1, stream=s), tol)
            check(f"rms_norm {rows} {n} {d}", lambda s: mx.fast.rms_norm(x, w, 1e-5, stream=s), tol)
            check(f"layer_norm {rows} {n} {d}", lambda s: mx.fast.layer_norm(x, w, c, 1e-5, stream=s), 2 * tol)
            check(f"bare layer_norm {rows} {n} {d}", lambda s: mx.fast.layer_norm(x, None, None, 1e-3, stream=s), 2 * tol)
            check(f"logsumexp {rows} {n} {d}", lambda s: mx.logsumexp(x, axis=-1, stream=s), tol)

x = mx.random.normal((6, 5, 40))
views = {"transposed": x.T, "reversed": x[:, ::-1, ::-1], "offset": x[1:, 2:, 3:], "strided": x[::2, :, ::3], "moved": x.swapaxes(0, 2)}
for name, v in views.items():
    check(f"softmax {name}", lambda s: mx.softmax(v, axis=-1, stream=s), 3e-6)
    check(f"rms_norm {name}", lambda s: mx.fast.rms_norm(v, None, 1e-5, stream=s), 3e-6)

inf, nan = float("inf"), float("nan")
for long in [0, 300, 5000]:
    filler = mx.zeros((7, long))
    odd = mx.array([[1, inf, 2], [1, -inf, 2], [-inf, -inf, -inf], [nan, 1, 2], [nan, nan, nan], [inf, -inf, nan], [3e38, -3e38, 0]])
    odd = mx.concatenate([odd, filler], axis=1)
    check(f"softmax of infinities beside {long}", lambda s: mx.softmax(odd, axis=-1, stream=s), 3e-6)
    check(f"norms of infinities beside {long}", lambda s: mx.fast.layer_norm(odd[1:6], None, None, 1e-5, stream=s), 3e-6)
    check(f"logsumexp of infinities beside {long}", lambda s: mx.logsumexp(odd, axis=-1, stream=s), 3e-6)
low = mx.full((2, 5000), -inf)
check("softmax of -inf", lambda s: mx.softmax(low, axis=-1, stream=s), 3e-6)
`)
}

// TestGPURope: every option, on layouts as attention has them.
func TestGPURope(t *testing.T) {
	gpuAgrees(t, `
for d in [mx.float32, mx.float16, mx.bfloat16]:
    tol = tolerance[d]
    x = mx.random.normal((3, 5, 9, 24)).astype(d)
    shaped = {"rows": x, "heads last": x.swapaxes(1, 2), "backwards": x[:, ::-1, ::2, ::-1], "flat": x[0], "deep": x.reshape(3, 5, 1, 9, 24)}
    for name, v in shaped.items():
        for traditional in [False, True]:
            for dims in [2, 16, 24]:
                for offset in [0, 7, mx.array(5), mx.array([11])]:
                    check(f"rope {name} {traditional} {dims} {offset} {d}", lambda s: mx.fast.rope(v, dims,
                        traditional=traditional, base=10000.0, scale=0.5, offset=offset, stream=s), tol)
            each = mx.arange(v.shape[0]) * 3
            check(f"rope {name} at {each}", lambda s: mx.fast.rope(v, 16, traditional=traditional, base=500.0, scale=1.0, offset=each, stream=s), tol)
            freqs = mx.random.uniform(1, 50, (16,))[::2]
            check(f"rope {name} of freqs", lambda s: mx.fast.rope(v, 16, traditional=traditional, base=None, scale=2.0, offset=3, freqs=freqs, stream=s), tol)
v = mx.random.normal((2, 4, 5, 8))
turn = lambda u, s: mx.fast.rope(u, 8, traditional=False, base=100.0, scale=1.0, offset=2, stream=s)
check("gradient of rope", lambda s: mx.grad(lambda u: (turn(u, s) * v[..., ::-1]).sum(stream=s))(v), 1e-5)
check("mapped rope", lambda s: mx.vmap(lambda u: turn(u, s))(mx.stack([v, 2 * v])), 3e-6)
check("mapped offsets", lambda s: mx.vmap(lambda o: mx.fast.rope(v, 8, traditional=False, base=100.0, scale=1.0, offset=o, stream=s))(mx.array([1, 4])), 3e-6)
`)
}

// TestGPUAgreement: what checks kernels notices a difference.
func TestGPUAgreement(t *testing.T) {
	options := suite.GPU(t)
	got, err := suite.Output(options, agreement+`
one = lambda s: 1.0 if s == mx.gpu else 0.0
check("value", lambda s: mx.array([5.0, one(s)]), 0.1)
check("infinity", lambda s: mx.array([1, 2, float("inf") if one(s) else 3.0]), 0.1)
check("dtype", lambda s: mx.array([1], dtype=mx.int32 if one(s) else mx.int64))
check("integer", lambda s: mx.array([int(one(s))]), 0.1)
check("second", lambda s: (mx.array([1]), mx.zeros((1 + int(one(s)),))))
`)
	if lines := strings.Split(strings.TrimSpace(got), "\n"); err != nil || len(lines) != 5 {
		t.Errorf("got %q, %v, want five differences", got, err)
	}
}

// TestGPUReductions: lengths and layouts around those where the kernels change.
func TestGPUReductions(t *testing.T) {
	gpuAgrees(t, reductionCases)
}

const reductionCases = `
def folds(name, x, axis):
    tol = 2 * tolerance.get(x.dtype, 0)
    name = f"{name} {x.shape} {x.dtype} over {axis}"
    check("sum " + name, lambda s: mx.sum(x, axis=axis, stream=s), 4 * tol)
    check("max " + name, lambda s: mx.max(x, axis=axis, stream=s))
    check("min " + name, lambda s: mx.min(x, axis=axis, stream=s))
    if x.dtype in tolerance:
        # Logarithms of complex numbers may differ by whole turns.
        plain = mx.exp if x.dtype == mx.complex64 else lambda v, stream: v
        check("logsumexp " + name, lambda s: plain(mx.logsumexp(x, axis=axis, stream=s), stream=s), 1e-4 if x.dtype == mx.complex64 else tol)
        y = 1 + x / 1000
        check("prod " + name, lambda s: mx.prod(y, axis=axis, stream=s), 40 * tol)
    else:
        check("prod " + name, lambda s: mx.prod(x, axis=axis, stream=s))
        check("all and any " + name, lambda s: (mx.all(x, axis=axis, stream=s), mx.any(x, axis=axis, stream=s)))
    if axis is None or type(axis) is int:
        check("arg " + name, lambda s: (mx.argmax(x, axis=axis, stream=s), mx.argmin(x, axis=axis, stream=s)))

for n in [1, 31, 32, 33, 257, 1023, 4097]:
    for d in floats[:1] + [mx.int64, mx.complex64]:
        x = numbers((n, 3), d)
        folds("columns", x, 0)
        folds("rows", x.T, 1)
        folds("whole", x, None)
for d in floats + whole + [mx.complex64]:
    x = numbers((3, 65, 34), d)
    for axis in [0, 2, (0, 2), None]:
        folds("dense", x, axis)
    folds("backwards", x[::-1, ::-1, ::-1], 1)
    folds("strided", x[1:, ::2, 1::3], (0, 1))
    folds("transposed", x.transpose(2, 0, 1), 0)
    folds("spread", mx.broadcast_to(x[:, :1, :], (3, 65, 34)), (1, 2))
for d in [mx.float32, mx.int8, mx.complex64]:
    folds("long", numbers((70001,), d), None)
    folds("long columns", numbers((3, 4099, 5), d), 1)
    folds("long rows", numbers((2, 40000), d)[:, ::-1], 1)
    wide = numbers((33, 16500), d)
    check(f"sum of thousands of columns {d}", lambda s: mx.sum(wide, axis=0, stream=s), 3e-5)
inf, nan = float("inf"), float("nan")
for n in [3, 40, 20000]:
    x = mx.zeros((n, 4))
    x[n // 2] = mx.array([inf, -inf, nan, 1])
    x[n - 1] = mx.array([inf, -inf, nan, -1])
    for axis in [0, None]:
        folds("odd", x, axis)
        folds("odd rows", x.T, None if axis is None else 1)
    folds("ties", mx.broadcast_to(mx.array([1.0, 1, 2, 2]), (n, 4)), 0)
x = mx.zeros((0, 5))
check("sum of none", lambda s: (mx.sum(x, axis=0, stream=s), mx.prod(x, axis=0, stream=s), mx.sum(x, axis=1, stream=s)))
`

// TestGPUScans: lines of lengths around those where the kernels change, of few
// lines and many, along contiguous and other axes.
func TestGPUScans(t *testing.T) {
	gpuAgrees(t, `
def scans(name, x, axis, ways=[(False, True), (False, False), (True, True), (True, False)]):
    tol = 4 * tolerance.get(x.dtype, 0)
    for reverse, inclusive in ways:
        how = f"{name} {x.shape} {x.dtype} along {axis} reverse {reverse} inclusive {inclusive}"
        scan = lambda f, y: lambda s: f(y, axis=axis, reverse=reverse, inclusive=inclusive, stream=s)
        check("cumsum " + how, scan(mx.cumsum, x), tol)
        check("cummax " + how, scan(mx.cummax, x))
        check("cummin " + how, scan(mx.cummin, x))
        if x.dtype in tolerance:
            check("cumprod " + how, scan(mx.cumprod, 1 + x / 1000), 10 * tol)
            if x.dtype != mx.complex64: # whose logarithms may differ by whole turns
                check("logcumsumexp " + how, scan(mx.logcumsumexp, x), tol)
        else:
            check("cumprod " + how, scan(mx.cumprod, x))

for n in [0, 1, 31, 32, 33, 127, 129, 1023, 1025, 4097]:
    for d in [mx.float32, mx.int64]:
        scans("line", numbers((n,), d), 0)
        scans("columns", numbers((n, 3), d), 0, [(True, False)])
for d in floats + whole + [mx.complex64]:
    x = numbers((4, 37, 19), d)
    scans("dense", x, 1, [(False, True)])
    scans("transposed", x.T, 1, [(True, False)])
    scans("backwards", x[::-1, ::-2, ::-1], 2, [(True, True)])
for d in [mx.float32, mx.bfloat16, mx.uint8, mx.int64, mx.complex64]:
    scans("long", numbers((2, 20011), d), 1, [(False, True), (True, False)])
    scans("long columns", numbers((3001, 17), d), 0, [(False, False), (True, True)])
    scans("long few columns", numbers((9001, 3), d), 0, [(False, True)])
inf, nan = float("inf"), float("nan")
for n in [5, 5000, 20000]:
    x = mx.zeros((n,))
    x[n // 3], x[n // 2] = -inf, inf
    scans("infinities", x, 0)
    scans("nan", mx.where(mx.arange(n) == n // 2, nan, x), 0)
    scans("zeros", mx.full((n,), -0.0), 0)
`)
}

// TestGPUFourier: lengths of one pass and of several, with small factors and with
// large ones, whose transforms are convolutions.
func TestGPUFourier(t *testing.T) {
	gpuAgrees(t, `
def transforms(n, rows=1):
    tol = 2e-6 if n < 100 else 4e-6
    shape = (rows, n) if rows > 1 else (n,)
    x = numbers(shape, mx.complex64)
    check(f"fft {shape}", lambda s: mx.fft.fft(x, stream=s), tol)
    check(f"ifft {shape}", lambda s: mx.fft.ifft(x, stream=s), tol)
    check(f"rfft {shape}", lambda s: mx.fft.rfft(mx.real(x), stream=s), tol)
    check(f"irfft {shape}", lambda s: mx.fft.irfft(x[..., : n // 2 + 1], n=n, stream=s), tol)

for n in range(1, 70):
    transforms(n, 3)
for n in [127, 128, 243, 255, 256, 257, 625, 961, 1021, 1023, 1024, 1025, 2047, 2048, 2049, 2187, 2401, 3600, 4093, 4096, 4100, 8191, 16384]:
    transforms(n)
for n, rows in [(2, 3000), (7, 301), (30, 77), (37, 90), (1024, 5), (2053, 3), (4096, 3), (6000, 2)]:
    transforms(n, rows)
for n in [1 << 18, 3 * 5 * 7 * 11 * 13 * 17, 65537]:
    x = numbers((n,), mx.complex64)
    check(f"long fft {n}", lambda s: mx.fft.fft(x, stream=s), 4e-6)
x = numbers((5, 6, 7), mx.complex64)
check("fftn", lambda s: mx.fft.fftn(x[::-1, 1:], stream=s), 4e-6)
check("rfft2", lambda s: mx.fft.rfft2(mx.real(x), axes=(0, 2), s=(8, 9), stream=s), 4e-6)
check("gradient", lambda s: mx.grad(lambda u: mx.abs(mx.fft.rfft(u, stream=s)).sum(stream=s))(mx.real(x)), 1e-5)
`)
}

// TestGPUSorts: blocks and merges of all dtypes; places of equal elements ascend.
func TestGPUSorts(t *testing.T) {
	gpuAgrees(t, `
def sorts(name, x, axis):
    name = f"{name} {x.shape} {x.dtype} along {axis}"
    check("sort " + name, lambda s: mx.sort(x, axis=axis, stream=s))
    check("argsort " + name, lambda s: mx.argsort(x, axis=axis, stream=s))

for n in [0, 1, 2, 31, 32, 33, 1000, 1023, 1025, 2047, 2048, 2049, 4096, 4097]:
    for d in [mx.float32, mx.int8]:
        sorts("line", numbers((n,), d), 0)
for d in floats + whole + [mx.complex64]:
    x = numbers((3, 37, 5), d)
    for axis in [0, 1, 2]:
        sorts("dense", x, axis)
    sorts("backwards", x[::-1, ::-2, ::-1], 1)
    sorts("transposed", x.T, 1)
    sorts("long", numbers((2, 5001), d)[:, ::-1], 1)
sorts("three merges", numbers((9001,), mx.float32), 0)
sorts("few values", numbers((20001,), mx.bool_), 0)
sorts("columns", numbers((4500, 3), mx.bfloat16), 0)
inf, nan = float("inf"), float("nan")
for n in [7, 5000]:
    x = numbers((n,), mx.float32)
    x[n // 2:] = mx.broadcast_to(mx.array([nan]), (n - n // 2,))
    x[0], x[1], x[2] = inf, nan, -inf
    sorts("odd", x, 0)
    sorts("odd halves", x.astype(mx.float16), 0)
x = numbers((3, 50), mx.float32)
check("partition", lambda s: mx.sort(mx.partition(x, 7, axis=1, stream=s)[:, :7], axis=1, stream=s))
check("argpartition", lambda s: mx.sort(mx.argpartition(x, 7, axis=1, stream=s)[:, :7], axis=1, stream=s))
check("topk", lambda s: mx.sort(mx.topk(x, 5, axis=1, stream=s), axis=1, stream=s))
check("gradient", lambda s: mx.grad(lambda u: (mx.sort(u, axis=1, stream=s) * x).sum(stream=s))(x))
`)
}

// updating gives scripts the ways of updating at indices.
const updating = `
ways = ["replace", "add", "multiply", "maximum", "minimum"]

def update(x, where, values, way, s):
    with mx.stream(s):
        if way == "replace":
            y = mx.array(x)
            y[where] = values
            return y
        return getattr(x.at[where], way)(values)
`

// TestGPUScatters: few places and many, that repeat or do not, in every mode, and
// the reads at indices.
func TestGPUScatters(t *testing.T) {
	gpuAgrees(t, updating+`
def scatters(name, x, where, values, tol):
    for way in ways:
        v = 1 + values / 100 if way == "multiply" and x.dtype in tolerance else values
        check(f"{way} {name} {x.dtype}", lambda s: update(x, where, v, way, s), tol)

for d in floats + whole + [mx.complex64]:
    tol = 4 * tolerance.get(d, 0)
    for n in [3, 40, 700]:
        x = numbers((50, 6), d)
        rows = mx.random.randint(-50, 50, (n,))
        scatters(f"{n} rows", x, rows, numbers((n, 6), d), tol)
        scatters(f"{n} elements", x, (rows, rows % 6), numbers((n,), d), tol)
        scatters(f"{n} columns", x, (slice(None), rows % 6), numbers((50, n), d), tol)
    line = numbers((500,), d)
    where, filler = mx.random.randint(-500, 500, (300,)), numbers((300,), d)
    check(f"put {d}", lambda s: mx.put_along_axis(line, where, filler, axis=0, stream=s))
    tall, at, fill = numbers((90, 4), d), mx.random.randint(-90, 90, (70, 4)), numbers((70, 4), d)
    check(f"put columns {d}", lambda s: mx.put_along_axis(tall[::-1], at, fill, axis=0, stream=s))
    check(f"put rows {d}", lambda s: mx.put_along_axis(tall.T, at.T, fill.T, axis=1, stream=s))
    check(f"take {d}", lambda s: mx.take(tall, at, axis=0, stream=s))
    check(f"take along {d}", lambda s: mx.take_along_axis(tall, at, axis=0, stream=s))
    if d in tolerance:
        check(f"added along {d}", lambda s: mx.grad(lambda u: mx.real(mx.take_along_axis(u, at, axis=0, stream=s)).sum(stream=s))(tall), tol)
for d in [mx.float32, mx.int32]:
    # Long runs, sorts of several blocks, and indices of other dtypes.
    x = numbers((9,), d)
    scatters("5000 in few", x, mx.random.randint(0, 9, (5000,)).astype(mx.uint8), numbers((5000,), d), 1e-4)
    x = numbers((7000, 2), d)
    where = mx.random.permutation(7000)
    scatters("a permutation", x, where.astype(mx.int64), numbers((7000, 2), d), 0)
inf, nan = float("inf"), float("nan")
scatters("odd", mx.array([0.0, nan, inf, 1]), mx.arange(160) % 4, mx.concatenate([mx.zeros((158,)), mx.array([nan, -inf])]), 1e-5)
x = mx.zeros((40, 40))
check("overlapping slices", lambda s: mx.grad(lambda u: sum([u[i : i + 3].sum(stream=s) for i in range(5)], mx.array(0.0)))(x))
`)
}

// TestGPUScatterErrors: an index out of bounds is found by each kernel that updates.
func TestGPUScatterErrors(t *testing.T) {
	options := suite.GPU(t)
	got, err := suite.Output(options, agreement+updating+`
x = mx.zeros((40, 40))
for bad in [mx.array([3, 40] * 20), mx.array([-41] + [0] * 40), mx.array([40])]:
    for way in ways:
        try:
            mx.eval(update(x, bad, mx.zeros((bad.size, 40)), way, mx.gpu))
            print("no error", way)
        except IndexError as e:
            if "out of bounds for axis 0 with size 40" not in str(e):
                print(e)
print("done")
`)
	if got != "done\n" {
		t.Errorf("got %q, %v", got, err)
	}
}

// TestGPUCopies: layouts that are copied by words, by tiles and by elements, to the
// beginning and the middle of arrays.
func TestGPUCopies(t *testing.T) {
	gpuAgrees(t, `
for d in [mx.bool_, mx.float16, mx.int32, mx.complex64]:
    for shape in [(3, 40, 64), (2, 33, 95), (70, 100), (8, 9), (2, 5), (5,)]:
        x = numbers(shape, d)
        rank = len(shape)
        ways = {"whole": x, "transposed": x.T, "cut": x[..., 1:], "cut by four": x[..., 4:], "strided": x[..., ::2], "backwards": x[::-1],
            "cut and turned": x[..., 3:].swapaxes(0, rank - 1), "rows": x[1:], "spread": mx.broadcast_to(x[:1], x.shape)}
        for name, v in ways.items():
            name = f"{name} {shape} {d}"
            check("copy " + name, lambda s: mx.contiguous(v, stream=s))
            check("concatenate " + name, lambda s: mx.concatenate([v, v, v[..., 1:]], axis=rank - 1, stream=s))
            check("stack " + name, lambda s: mx.stack([v, v], axis=rank - 1, stream=s))
            z = mx.zeros((5,) + v.shape[1:], d) if rank > 1 else mx.zeros((9,), d)
            n = min(4, v.shape[0])
            check("update " + name, lambda s: mx.slice_update(z, v[:n], mx.array([1]), axes=[0], stream=s))
            at = mx.array([2, -1, 0, 1, 1], mx.int16) % v.shape[0]
            check("take " + name, lambda s: mx.take(v, at, axis=0, stream=s))
            check("take across " + name, lambda s: mx.take(v, mx.array([[0, -1]]), axis=rank - 1, stream=s))
            check("take one " + name, lambda s: mx.take(v, mx.array(-1, mx.int8), axis=0, stream=s))
x = numbers((6, 7, 8, 16), mx.float32)
at = mx.array([1, 5, 0]), mx.array([2, -3, 0], mx.int16)
check("gather at two", lambda s: mx.add(x[at[0], at[1].astype(mx.int32)], 0, stream=s))
`)
}
