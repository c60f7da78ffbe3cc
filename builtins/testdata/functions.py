# differs: MLX counts in float64, where 2**62 + 1 is 2**62
# Creation.
assert mx.arange(5).dtype == mx.int32 and mx.arange(1, 2, 0.25).tolist() == [1.0, 1.25, 1.5, 1.75]
assert mx.arange(stop=3).tolist() == [0, 1, 2] and mx.arange(2 ** 62, 2 ** 62 + 2).tolist() == [2 ** 62, 2 ** 62 + 1]
assert mx.full((2,), 2.7, mx.int32).dtype == mx.float32 and mx.full((2,), mx.array([1, 2])).tolist() == [1, 2]
assert mx.linspace(0, 10, 5, dtype=mx.int32).tolist() == [0, 2, 5, 7, 10]
assert mx.eye(2, 3, 1).tolist() == [[0, 1, 0], [0, 0, 1]] and mx.tri(2, k=-1).tolist() == [[0, 0], [1, 0]]
a, b = mx.meshgrid(mx.array([1, 2]), mx.array([3, 4, 5]))
assert a.shape == (3, 2) and b.tolist() == [[3, 3], [4, 4], [5, 5]]
---
# Elementwise.
assert mx.divmod(mx.array([7, -7]), 2)[0].tolist() == [3, -4]
assert mx.round(mx.array([125, 12]), -1).tolist() == [120, 10]
assert mx.clip(mx.array([1, 2, 3]), 3, 1).tolist() == [1, 1, 1]
assert mx.nan_to_num(mx.array([mx.inf, mx.nan], mx.float16)).tolist() == [65504.0, 0.0]
assert mx.isclose(mx.array([mx.inf, 1.0]), mx.array([mx.inf, 1.1])).tolist() == [True, False]
assert not mx.array_equal(mx.array([1]), mx.array([1, 1])).item() and mx.acos is mx.arccos
---
# Folds.
a = mx.array([[1, 2, 3], [4, 5, 6]])
assert mx.sum(a, axis=()).tolist() == a.tolist() and mx.median(a).item() == 3.5
assert mx.isnan(mx.median(mx.array([1, mx.nan, 2]))).item() and mx.median(mx.array([3.0, 1, 2, 10])).item() == 2.5
assert mx.argmax(a, keepdims=True).tolist() == [[5]] and mx.count_nonzero(a, axis=0).tolist() == [2, 2, 2]
assert mx.cumsum(a, 1, reverse=True, inclusive=False).tolist() == [[5, 3, 0], [11, 6, 0]]
assert mx.cumsum(mx.array(3)).shape == (1,) and mx.trace(a, 1).item() == 8
assert mx.topk(a, 1, None).item() == 6 and mx.diff(a, n=5).shape == (2, 0)
---
# differs: the slice_update of MLX takes no update that lacks leading axes
# Shapes.
a = mx.array([[1, 2, 3], [4, 5, 6]])
assert mx.flatten(a, -5, 9).shape == (6,) and mx.unflatten(mx.arange(6), 0, (3, -1)).shape == (3, 2)
assert [p.tolist() for p in mx.split(mx.arange(3), [2, 1])] == [[0, 1], [], [1, 2]]
assert mx.tile(mx.arange(2), (2, 2)).tolist() == [[0, 1, 0, 1], [0, 1, 0, 1]]
assert mx.repeat(a, 2).tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]
assert mx.roll(a, 1).tolist() == [[6, 1, 2], [3, 4, 5]] and mx.roll(a, (1, 1), (0, 1)).tolist() == [[6, 4, 5], [3, 1, 2]]
assert mx.pad(mx.arange(3), 4, "reflect").tolist() == [0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2]
assert mx.pad(mx.arange(3), 4, "symmetric").tolist() == [2, 2, 1, 0, 0, 1, 2, 2, 1, 0, 0]
assert mx.diag(mx.arange(2), -1).tolist() == [[0, 0, 0], [0, 0, 0], [0, 1, 0]]
assert mx.diagonal(mx.arange(24).reshape(2, 3, 4), 1, 1, 2).tolist() == [[1, 6, 11], [13, 18, 23]]
assert mx.slice(a, mx.array([0, 1]), (0, 1), (1, 2)).tolist() == [[2, 3]]
assert mx.slice_update(a, mx.array([[9, 8]]), mx.array([1]), (1,)).tolist() == [[1, 9, 8], [4, 5, 6]]
assert mx.slice_update(mx.zeros((2, 3, 4)), mx.ones((2, 2)), mx.array([1]), (2,)).sum().item() == 8.0
assert mx.put_along_axis(a, mx.array([0]), mx.array(9), None).tolist() == [[9, 2, 3], [4, 5, 6]]
assert mx.take(a, -1, 0).tolist() == [4, 5, 6]
---
# Products.
x = mx.arange(6.0).reshape(2, 3)
assert mx.array_equal(mx.einsum("ij,kj->ik", x, x), x @ x.T).item()
assert mx.einsum("ii", mx.eye(3)).item() == 3.0 and mx.einsum("...i->...", x).tolist() == [3.0, 12.0]
assert mx.array_equal(mx.tensordot(x, x, [[0], [0]]), x.T @ x).item()
assert mx.kron(mx.array([1, 2]), mx.array([1, 10])).tolist() == [1, 10, 2, 20]
assert mx.convolve(mx.array([1.0, 2, 3]), mx.array([0.0, 1, 0.5])).tolist() == [0.0, 1.0, 2.5, 4.0, 1.5]
w = mx.arange(12.0).reshape(2, 3, 2)
y = mx.conv1d(mx.arange(20.0).reshape(1, 10, 2), w, stride=2, padding=1)
assert y.shape == (1, 5, 2) and y[0, 1].tolist() == [85.0, 247.0]
assert mx.conv_transpose1d(y, mx.ones((2, 3, 2)), stride=2, padding=1, output_padding=1).shape == (1, 10, 2)
# The transpose of a convolution is its gradient.
z = mx.arange(10.0).reshape(1, 5, 2)
_, g = mx.vjp(lambda x: mx.conv1d(x, w, stride=2, padding=1), [mx.zeros((1, 10, 2))], [z])
assert mx.allclose(g[0], mx.conv_transpose1d(z, w.transpose(2, 1, 0), stride=2, padding=1, output_padding=1)).item()
assert mx.linalg.norm(mx.array([3.0, 4.0])).item() == 5.0
---
mx.reshape(mx.arange(6), (4, -1)) ### "ValueError: reshape: cannot give 6 elements the shape \\(4,-1\\)"
---
mx.concatenate([mx.arange(3), mx.ones((2, 2))]) ### "ValueError: concatenate: arrays have 1 and 2 axes"
---
mx.sum(mx.ones((2, 2)), axis=5) ### "IndexError: sum: axis 5 is out of range for an array with 2 axes"
---
mx.sort(mx.ones((2, 2)), axis=5) ### "IndexError: sort: axis 5 is out of range for an array with 2 axes"
---
mx.matmul(mx.arange(3), mx.arange(3)) ### "ValueError: matmul: needs a floating or complex operand, got int32 and int32"
---
mx.add(mx.array(1), "x") ### "ValueError: add\\(\\): argument 'b' must be array or a number, not str"
---
mx.pad(mx.arange(3), -1) ### "ValueError: pad: widths \\(-1, -1\\) of axis 0 are negative"
---
mx.einsum("ij,jk", mx.ones((2, 3)), mx.ones((2, 3))) ### "ValueError: einsum: a letter of 'ij,jk' has the sizes 3 and 2"
---
mx.arange(0, 5, 0) ### "ValueError: arange: the step is 0"
---
# differs: MLX reads beyond the end
mx.eval(mx.slice(mx.arange(5), mx.array([4]), (0,), (3,))) ### "(IndexError|ValueError)"
---
mx.bitwise_and(mx.array([1.0]), mx.array([1.0])) ### "RuntimeError: bitwise_and: not defined for float32 and float32"
---
a, b = mx.arange(3), mx.exp(mx.zeros(2))
c = mx.depends(a, b)
d, e = mx.depends([a, a * 2], [b])
assert c.tolist() == [0, 1, 2] and d.tolist() == [0, 1, 2] and e.tolist() == [0, 2, 4]
---
# What differed from MLX once.
assert mx.take(mx.arange(6).reshape(3, 2), 1, axis=-1).tolist() == [1, 3, 5]
assert mx.sum(mx.array(3, mx.int16)).dtype == mx.int16 and mx.sum(mx.array([True]), axis=[]).dtype == mx.bool_
assert mx.prod(mx.array([2, 3], mx.int8), axis=[]).dtype == mx.int8 and mx.sum(mx.array([2, 3], mx.int8)).dtype == mx.int32
assert (mx.array([1], mx.uint64) + -1).item() == 0 and (mx.array([1], mx.uint64) != -1).item()
assert mx.full((1,), -1, mx.uint64).item() == 2**64 - 1
assert mx.view(3, mx.float32).dtype == mx.float32 and mx.view(True, mx.int8).item() == 1
assert mx.random.randint(-2.5, 2.5, shape=(6,), key=mx.random.key(3)).tolist() == [-2, -1, -1, 1, 0, 1]
assert mx.broadcast_shapes((2, 1), (1, 3), (3,)) == (2, 3)
---
# Products of infinite complex numbers are infinite, as C has them; the first NaN is the extreme.
inf, nan = float("inf"), float("nan")
z = mx.array([complex(inf, -inf), complex(-inf, nan)]) * mx.array(0.5 + 0j)
assert mx.real(z).tolist() == [inf, -inf] and mx.imag(z)[0].item() == -inf
assert mx.mean(mx.array([complex(inf, -inf)])).item() == complex(inf, -inf)
w = mx.array([1, complex(2, nan), complex(nan, 0)])
assert mx.argmax(w).item() == mx.argmin(w).item() == 1
assert mx.isnan(mx.softmax(mx.array([inf, 1.0]), axis=())).tolist() == [True, False]
---
mx.argmax(mx.zeros((0, 2)), axis=1) ### "ValueError: argmax: no elements"
---
mx.softmax(mx.array(3.0), axis=0) ### "ValueError: softmax: "
---
mx.logsumexp(mx.array(3.0), axis=-1) ### "ValueError: logsumexp: "
---
mx.eye(2, -1) ### "ValueError: eye: "
---
mx.flatten(mx.zeros(2), end_axis=-2) ### "ValueError: flatten: "
---
mx.ones(2).reshape(None) ### "RuntimeError: reshape.*not NoneType"
---
mx.ones(2).transpose("a") ### "RuntimeError: transpose.*not str"
---
mx.full(2.5, 1) ### "RuntimeError: full.*not float"
---
mx.zeros((2, "a")) ### "RuntimeError: zeros.*not str"
---
mx.zeros(None) ### "TypeError: zeros.*not NoneType"
---
mx.pad(mx.ones(2), (1, 2, 3)) ### "TypeError: pad: got 3 widths"
---
mx.astype(mx.ones(2), None) ### "TypeError: astype.*must be Dtype"
---
mx.array([1], mx.int64) & mx.array([1], mx.uint64) ### "RuntimeError: bitwise_and: not defined for int64 and uint64"
---
mx.fft.fft(mx.ones(4), n=3, axis=5) ### "IndexError: fft: axis 5"
---
mx.fft.fft(mx.ones(4), axis=5) ### "IndexError: fft: axis 5"
