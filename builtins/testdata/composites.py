# Functions that are made of others: unique, minmax, short-time transforms, losses.
import mlx.core as mx

x = mx.array([2, 1, 2, 3, 1])
assert mx.unique(x, 3).tolist() == [1, 2, 3] and mx.unique(x, 5).tolist() == [1, 2, 3, 1, 1]
values, index, inverse, counts = mx.unique(x, 4, True, True, True, fill_value=0)
assert values.tolist() == [1, 2, 3, 0] and index.tolist() == [1, 0, 3, 1]
assert inverse.tolist() == [1, 0, 1, 2, 0] and counts.tolist() == [2, 2, 1, 0]
assert index.dtype == mx.uint32 and inverse.dtype == mx.uint32 and counts.dtype == mx.int32
cut, places, counted = mx.unique(x, 2, return_inverse=True, return_counts=True)
assert cut.tolist() == [1, 2] and places.tolist() == [1, 0, 1, 1, 0] and counted.tolist() == [2, 2]
assert mx.unique(mx.array([[3, 1], [1, 2]]), 3, return_inverse=True)[1].tolist() == [[2, 0], [0, 1]]
assert str(mx.unique(mx.array([1.5, float("nan"), float("nan")]), 3)) == "array([1.5, nan, nan], dtype=float32)"
assert mx.unique(mx.array([]), 2, fill_value=7).tolist() == [7, 7]
assert mx.unique(mx.array([]), 0).shape == (0,)
assert mx.unique(mx.array([True, False, True]), 2).tolist() == [False, True]
assert mx.grad(lambda v: mx.unique(v, 3).sum())(mx.array([1.0, 2.0, 1.0])).tolist() == [2, 1, 0]
assert mx.vmap(lambda v: mx.unique(v, 3))(mx.array([[1, 2, 1], [3, 3, 3]])).tolist() == [[1, 2, 1], [3, 3, 3]]
---
import mlx.core as mx
mx.unique(mx.array([]), 3) ### "ValueError: unique: an empty array needs a fill value for the size 3"
---
mx.unique(mx.array([1]), -1) ### "ValueError: unique: the size is -1"
---
mx.unique(mx.array([1]), 2, fill_value=mx.array([1, 2])) ### "ValueError: unique: the fill value has the shape"
---
# minmax, and the correction of var and std.
low, high = mx.minmax(mx.arange(6).reshape(2, 3), axis=0, keepdims=True)
assert low.tolist() == [[0, 1, 2]] and high.tolist() == [[3, 4, 5]]
assert mx.minmax(mx.array([float("nan"), 1.0]))[0].item() != mx.minmax(mx.array([float("nan"), 1.0]))[0].item()
a = mx.array([1.0, 2.0, 4.0])
assert a.var(correction=1).item() == a.var(ddof=1).item() and mx.std(a, ddof=2, correction=1).item() == a.std(ddof=1).item()
---
# Transposes of the last two axes.
t = mx.arange(6).reshape(1, 2, 3)
assert mx.matrix_transpose(t).shape == t.mT.shape == (1, 3, 2) and t.mT[0, 2].tolist() == [2, 5]
---
import mlx.core as mx
mx.array([1]).mT ### "ValueError: matrix_transpose"
---
# Short-time transforms, and back.
s = mx.arange(20.0)
f = mx.fft.stft(s, n_fft=8)
assert f.shape == (5, 11) and f.dtype == mx.complex64
assert mx.allclose(mx.fft.istft(f), s, atol=1e-4).item()
assert mx.allclose(f[:, 3], mx.fft.rfft(s[2:10])).item()
assert mx.fft.stft(s, n_fft=8, center=False).shape == (5, 7)
assert mx.fft.stft(s * 1j, n_fft=8).shape == (8, 11)
assert mx.fft.stft(s.reshape(2, 10), n_fft=4, hop_length=2).shape == (2, 3, 6)
w = mx.array([0.5, 1.0, 0.5])
g = mx.fft.stft(s, n_fft=8, hop_length=1, window=w)
assert mx.allclose(mx.fft.istft(g, hop_length=1, window=w), s, atol=1e-4).item()
assert mx.fft.istft(f, length=30).shape == (30,) and mx.fft.istft(f, length=10).shape == (10,)
assert mx.fft.istft(mx.stack([f, f])).shape == (2, 20)
assert mx.grad(lambda v: mx.abs(mx.fft.stft(v, n_fft=8)).sum())(s + 1).shape == (20,)
---
import mlx.core as mx
mx.fft.stft(mx.ones(3), n_fft=8, center=False) ### "ValueError: fft.stft: 3 samples are fewer than a frame's 8"
---
mx.fft.stft(mx.ones(20), n_fft=8, window=mx.ones(9)) ### "ValueError: fft.stft: the window has 9 samples"
---
mx.fft.istft(mx.ones(3)) ### "ValueError: fft.istft: got an array with 1 axes"
---
# Cross entropy from classes' numbers.
logits, targets = mx.array([[1.0, 2.0, 3.0], [0.5, 0.5, 0.5]]), mx.array([0, 2])
loss = mx.fast.cross_entropy(logits, targets)
assert mx.allclose(loss, mx.logsumexp(logits, -1) - mx.array([1.0, 0.5])).item()
assert mx.fast.cross_entropy(logits.astype(mx.float16), targets).dtype == mx.float32
slope = mx.grad(lambda v: mx.fast.cross_entropy(v, targets).sum())(logits)
assert mx.allclose(slope, mx.softmax(logits, -1) - mx.array([[1, 0, 0], [0, 0, 1]]), atol=1e-6).item()
---
import mlx.core as mx
mx.fast.cross_entropy(mx.ones((2, 3)), mx.array([0.0, 1.0])) ### "ValueError: fast.cross_entropy: the targets are float32"
---
mx.fast.cross_entropy(mx.ones((2, 3)), mx.array([0])) ### "ValueError: fast.cross_entropy: targets of shape"
---
# The gated delta rule, beside a loop in plain arrays.
mx.random.seed(3)
q, k = mx.random.normal((2, 5, 1, 4)), mx.random.normal((2, 5, 1, 4))
v, decay, rate = mx.random.normal((2, 5, 2, 3)), mx.random.uniform(shape=(2, 5, 2)), mx.random.uniform(shape=(2, 5, 2))
start, keep = mx.random.normal((2, 2, 3, 4)), mx.array([[True, False, True, True, False]] * 2)
state, rows = start, []
for t in range(5):
    before, key = state, k[:, t, :, None, :]
    state = state * decay[:, t, :, None, None]
    delta = (v[:, t] - (state * key).sum(-1)) * rate[:, t, :, None]
    state = mx.where(keep[:, t, None, None, None], state + key * delta[..., None], before)
    rows.append(mx.where(keep[:, t, None, None], (state * q[:, t, :, None, :]).sum(-1), 0))
out, last = mx.fast.gated_delta_update(q, k, v, decay, rate, start, keep)
assert mx.allclose(out, mx.stack(rows, 1), atol=1e-5).item() and mx.allclose(last, state, atol=1e-5).item()
half, last = mx.fast.gated_delta_update(q.astype(mx.float16), k, v, decay, rate)
assert half.dtype == mx.float16 and last.dtype == mx.float32 and last.shape == (2, 2, 3, 4)
---
import mlx.core as mx
mx.fast.gated_delta_update(mx.ones((1, 2, 2, 4)), mx.ones((1, 2, 2, 4)), mx.ones((1, 2, 3, 4)), mx.ones((1, 2, 3)), mx.ones((1, 2, 3))) ### "ValueError: fast.gated_delta_update: 3 heads of values are no multiple of 2"
---
# The bytes of buffers, each counted once.
b = mx.zeros((1000,)) + 1
mx.eval(b)
half = b[::2]
mx.eval(half)
assert mx.get_array_buffer_size(b) >= 4000 and mx.get_array_buffer_size([b, {"h": half}], b) == mx.get_array_buffer_size(b)
assert mx.get_array_buffer_size() == 0 and mx.get_array_buffer_size(3, "x") == 0
---
import mlx.core as mx
mx.get_array_buffer_size(mx.ones(3) + 1) ### "ValueError: get_array_buffer_size: an array is not evaluated yet"
---
# Complex numbers: truth, signs of zeros, the whole range of float32.
z = mx.array([1j, 0j, 1 + 0j, -0.5j])
assert z.astype(mx.bool_).tolist() == [True, False, True, True] and mx.logical_not(z).tolist() == [False, True, False, False]
assert mx.where(z, 1, 0).tolist() == [1, 0, 1, 1]
assert str(mx.conjugate(mx.array([1 + 0j]))) == "array([1+-0j], dtype=complex64)"
assert str(complex(1.0, -0.0)) == "(1-0j)"
for r in (300.0, 400.0, 1e5, 1e9, 1e20):
    w = mx.array([complex(r, 1)])
    assert mx.tanh(w).item() == 1 and abs(mx.arccosh(w).item().real / mx.log(mx.array(2 * r)).item() - 1) < 1e-5
assert str(mx.exp(mx.array(1e20 + 0j))) == "array(inf+0j, dtype=complex64)"
assert (mx.array([3 + 0j]) // 2).tolist() == [1.5]
---
# Integer quotients round down, to the ends of the range.
assert (mx.array([7, -7, 7, -7]) // mx.array([2, 2, -2, -2])).tolist() == [3, -4, -4, 3]
for n, d, t in ((-(2**31), 3, mx.int32), (-127, 3, mx.int8), (2**63 - 1, -2, mx.int64), (255, 2, mx.uint8)):
    q, r = mx.divmod(mx.array(n, t), mx.array(d, t))
    assert (q.item(), r.item()) == divmod(n, d) and (mx.array(n, t) // d).item() == n // d
---
# What has no derivative, and what compiled functions may not capture.
import mlx.core as mx
mx.grad(lambda i: mx.take(mx.array([1.0, 2.0]), i).sum())(mx.array([0])) ### "ValueError: gather: there is no derivative with respect to indices"
---
assert mx.grad(lambda v: v[mx.stop_gradient(mx.argmax(v))])(mx.array([1.0, 3.0])).tolist() == [0, 1]
a = mx.array([1.0, 2.0])
mx.compile(lambda v: v + a)(a) ### "ValueError: compile: the function reads an array that is an argument"
---
mx.grad(lambda v: (mx.async_eval(v), v.sum())[1])(mx.array([1.0])) ### "ValueError: async_eval: not allowed"
---
def double(v):
    "Twice."
    return v * 2
f = mx.compile(double)
assert (f.__name__, f.__doc__) == ("double", "Twice.")
---
# A stride over an input that is spread out meets some elements of the kernel only.
x, w = mx.random.normal((1, 4, 5, 2)), mx.random.normal((3, 3, 2, 2))
spread = mx.zeros((1, 7, 9, 2))
spread[:, ::2, ::2] = x
for stride in ([2, 2], [2, 1], [3, 2]):
    for padding in ([0, 0], [1, 1], ([2, 0], [0, 1])):
        for flip in (False, True):
            got = mx.conv_general(x, w, stride=stride, padding=padding, input_dilation=2, flip=flip)
            assert mx.allclose(got, mx.conv_general(spread, w, stride=stride, padding=padding, flip=flip), 1e-4, 1e-5).item()
assert mx.conv1d(mx.ones((1, 5, 5, 2)), mx.ones((2, 3, 3, 2))).shape == (1, 3, 3, 2)
---
mx.vmap(lambda a, v: mx.pad(a, 1, constant_values=v))(mx.zeros((2, 2)), mx.array([3.0, 4.0])) ### "ValueError: pad: vmap"
---
mx.grad(lambda s: mx.quantized_matmul(mx.ones((1, 64)), mx.quantize(mx.ones((8, 64)), mode="mxfp4")[0], s, mode="mxfp4").sum())(mx.quantize(mx.ones((8, 64)), mode="mxfp4")[1]) ### "ValueError: quantized_matmul: there is no derivative with respect to the scales"
---
mx.zeros(2**31) ### "OverflowError: Shape dimension 2147483648 is outside"
