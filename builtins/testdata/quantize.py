# differs: MLX has no qqmm on CPUs for these shapes
# Every format gives numbers back within its resolution.
import mlx.core as mx

w = mx.random.normal((3, 128), key=mx.random.key(1))
for bits in [2, 3, 4, 5, 6, 8]:
    for group in [32, 64, 128]:
        q, s, b = mx.quantize(w, group, bits)
        assert q.shape == (3, 4 * bits) and s.shape == b.shape == (3, 128 // group)
        d = mx.dequantize(q, s, b, group, bits)
        assert (mx.abs(d - w) <= mx.repeat(mx.abs(s), group, 1) * 1.01).all().item(), (bits, group)
for mode, group, words, part in [("mxfp4", 32, 16, 0.3), ("mxfp8", 32, 32, 0.3), ("nvfp4", 16, 16, 0.3)]:
    q, s = mx.quantize(w, mode=mode)
    assert q.shape == (3, words) and s.shape == (3, 128 // group) and s.dtype == mx.uint8
    d = mx.dequantize(q, s, mode=mode, dtype=mx.float32)
    top = mx.repeat(mx.abs(w.reshape(3, -1, group)).max(-1), group, 1)
    assert (mx.abs(d - w) <= top * part).all().item(), mode
    # Numbers that have codes come back as they are.
    q2, s2 = mx.quantize(mx.array([[6.0, -6.0, 4, -3, 2, 1.5, -1, 0.5] * 4]) * 16, mode=mode)
    if mode != "mxfp8":
        assert mx.dequantize(q2, s2, mode=mode).tolist() == [[96.0, -96, 64, -48, 32, 24, -16, 8] * 4]
    assert mx.dequantize(q, s, mode=mode).dtype == mx.bfloat16
    x = mx.random.normal((2, 128))
    assert mx.abs(mx.quantized_matmul(x, q, s, mode=mode) - x @ d.T).max().item() < 1e-4
    both = mx.qqmm(x, q, s, mode=mode)
    assert mx.abs(both - mx.qqmm(x, w, mode=mode)).max().item() < 1e-4
# One group of a row is as the same group among others.
few = w[:, :16]
q, s = mx.quantize(few, mode="nvfp4")
assert q.tolist() == mx.quantize(w, mode="nvfp4")[0][:, :2].tolist()
assert mx.dequantize(q, s, mode="nvfp4").tolist() == mx.dequantize(*mx.quantize(w, mode="nvfp4"), mode="nvfp4")[:, :16].tolist()
---
# differs: MLX has no gather_qqmm on CPUs
# Products, their gradients, and what indices pick.
import mlx.core as mx

w = mx.random.normal((3, 4, 64), key=mx.random.key(2))
x = mx.random.normal((5, 2, 64), key=mx.random.key(3))
q, s, b = mx.quantize(w)
d = mx.dequantize(q, s, b)
lhs, rhs = mx.array([[4, 0]]), mx.array([[1], [2]])
got = mx.gather_qmm(x, q, s, b, lhs_indices=lhs, rhs_indices=rhs)
want = mx.gather_mm(x, d.swapaxes(-1, -2), lhs, rhs)
assert got.shape == (2, 2, 2, 4) and mx.abs(got - want).max().item() < 1e-4
y = mx.random.normal((3, 2, 4))
assert mx.abs(mx.quantized_matmul(y, q, s, b, transpose=False) - y @ d).max().item() < 1e-4
assert mx.abs(mx.grad(lambda x: (mx.quantized_matmul(x, q[0], s[0], b[0]) ** 2).sum())(x[0]) - 2 * (x[0] @ d[0].T) @ d[0]).max().item() < 1e-3
g = mx.grad(lambda b: mx.dequantize(q, s, b).sum())(b)
assert mx.abs(g - 64).max().item() < 1e-3
v = mx.vmap(lambda q, s, b: mx.dequantize(q, s, b))(q, s, b)
assert (v == d).all().item()
f, fs = mx.quantize(w, mode="mxfp8")
r = mx.gather_qqmm(x, f, fs, lhs_indices=mx.array([0, 3]), rhs_indices=mx.array([2, 1]), mode="mxfp8")
assert mx.abs(r[0] - mx.qqmm(x[0], f[2], fs[2], mode="mxfp8")).max().item() < 1e-4
---
import mlx.core as mx
mx.quantize(mx.ones((2, 60))) ### "ValueError: quantize: the last axis of shape \\(2,60\\) is no multiple of the group size 64"
---
import mlx.core as mx
mx.quantize(mx.ones((2, 64)), bits=7) ### "ValueError: quantize: got 7 bits, want one of \\[4 1 2 3 5 6 8\\] in the mode 'affine'"
---
import mlx.core as mx
mx.quantize(mx.ones((2, 64)), mode="int4") ### "ValueError: quantize: the mode is 'int4'"
---
import mlx.core as mx
q, s, b = mx.quantize(mx.ones((2, 64)))
mx.dequantize(q, s) ### "ValueError: dequantize: the mode 'affine' needs biases"
---
import mlx.core as mx
q, s, b = mx.quantize(mx.ones((2, 64)))
mx.dequantize(q, s, b, bits=8) ### "ValueError: dequantize: codes of shape \\(2,8\\) do not match scales of shape \\(2,1\\) in groups of 64 by 8 bits"
---
# differs: MLX takes the mode 'affine' for qqmm
import mlx.core as mx
mx.qqmm(mx.ones((2, 64)), mx.ones((2, 64)), mode="affine") ### "ValueError: qqmm: the mode is 'affine', want 'mxfp4', 'mxfp8' or 'nvfp4'"
---
# Products agree with those of what the codes stand for, for every number of bits.
for bits in (1, 2, 3, 4, 5, 6, 8):
    for rows in (1, 3, 8):
        w, x = mx.random.normal((rows, 64), key=mx.random.key(rows)), mx.random.normal((2, 64), key=mx.random.key(9))
        q, d = mx.quantize(w, 32, bits), {"group_size": 32, "bits": bits}
        assert mx.allclose(mx.quantized_matmul(x, *q, transpose=True, **d), x @ mx.dequantize(*q, **d).T, 1e-4, 1e-4).item()
        assert mx.allclose(mx.quantized_matmul(x[:, :rows], *q, transpose=False, **d), x[:, :rows] @ mx.dequantize(*q, **d), 1e-4, 1e-4).item()
# One bit tells the ends of a group apart.
q, s, b = mx.quantize(mx.array([[-1.0, 3.0] * 16]), 32, 1)
assert s.tolist() == [[4]] and b.tolist() == [[-1]] and mx.dequantize(q, s, b, 32, 1).tolist() == [[-1, 3] * 16]
