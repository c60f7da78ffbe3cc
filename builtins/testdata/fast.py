# The fast functions agree with their formulas and have gradients.
import mlx.core as mx

def close(a, b, tol=1e-5):
    return a.shape == b.shape and mx.abs(a - b).max().item() < tol

x = mx.random.normal((2, 3, 8), key=mx.random.key(1))
w, c = mx.random.normal((8,), key=mx.random.key(2)), mx.random.normal((8,), key=mx.random.key(3))
rms = x / mx.sqrt((x * x).mean(-1, keepdims=True) + 1e-5)
assert close(mx.fast.rms_norm(x, w, 1e-5), rms * w) and close(mx.fast.rms_norm(x, None, 1e-5), rms)
ln = (x - x.mean(-1, keepdims=True)) / mx.sqrt(mx.var(x, axis=-1, keepdims=True) + 1e-5)
assert close(mx.fast.layer_norm(x, w, c, 1e-5), ln * w + c) and close(mx.fast.layer_norm(x, None, c, 1e-5), ln + c)
assert mx.fast.rms_norm(x.astype(mx.float16), None, 1e-5).dtype == mx.float16
assert mx.fast.layer_norm(x.astype(mx.float16), w, None, 1e-5).dtype == mx.float32
for f in [lambda x: (mx.fast.rms_norm(x, w, 1e-5) ** 3).sum(), lambda x: (mx.fast.layer_norm(x, w, c, 1e-5) ** 3).sum(),
          lambda x: (mx.fast.rope(x, 6, traditional=True, base=100.0, scale=1.0, offset=2) * ln ** 2).sum()]:
    g = (mx.grad(f)(x) * ln).sum().item()
    d = ((f(x + 1e-2 * ln) - f(x - 1e-2 * ln)) / 2e-2).item()
    assert abs(g - d) < 2e-2 * (1 + abs(d)), (g, d)

# Offsets for each example are those of the examples one by one.
for traditional in [False, True]:
    both = mx.fast.rope(x, 4, traditional=traditional, base=50.0, scale=0.5, offset=mx.array([3, 7]))
    for i, o in enumerate([3, 7]):
        one = mx.fast.rope(x[i:i + 1], 4, traditional=traditional, base=50.0, scale=0.5, offset=o)
        assert close(both[i:i + 1], one)
    assert close(both[..., 4:], x[..., 4:], 1e-7)

# Attention, group by group, by its formula.
q = mx.random.normal((2, 4, 3, 8), key=mx.random.key(4))
k, v = mx.random.normal((2, 2, 5, 8), key=mx.random.key(5)), mx.random.normal((2, 2, 5, 6), key=mx.random.key(6))
attend = mx.fast.scaled_dot_product_attention
kk, vv = mx.repeat(k, 2, 1), mx.repeat(v, 2, 1)
scores = 0.3 * q @ kk.swapaxes(-1, -2)
assert close(attend(q, k, v, scale=0.3), mx.softmax(scores, -1) @ vv)
causal = mx.arange(3)[:, None] + 2 >= mx.arange(5)
want = mx.softmax(mx.where(causal, scores, -float("inf")), -1) @ vv
assert close(attend(q, k, v, scale=0.3, mask="causal"), want) and close(attend(q, k, v, scale=0.3, mask=causal), want)
add = mx.random.normal((4, 3, 5))
assert close(attend(q, k, v, scale=0.3, mask=add), mx.softmax(scores + add, -1) @ vv)
sinks = mx.random.normal((4,))
e = mx.exp(scores)
assert close(attend(q, k, v, scale=0.3, sinks=sinks), (e / (e.sum(-1, keepdims=True) + mx.exp(sinks)[:, None, None])) @ vv)
assert close(attend(q, k, v, scale=0.3, mask=mx.zeros((3, 5), dtype=mx.bool_)), mx.broadcast_to(vv.mean(2, keepdims=True), (2, 4, 3, 6)))
assert mx.vmap(lambda q: attend(q, k, v, scale=1.0))(mx.stack([q, q])).shape == (2, 2, 4, 3, 6)
---
import mlx.core as mx
mx.fast.rope(mx.ones((1, 2, 4)), 3, traditional=True, base=1.0, scale=1.0, offset=0) ### "ValueError: rope: dims is 3, want a positive even number"
---
import mlx.core as mx
mx.fast.rope(mx.ones((1, 2, 4)), 4, traditional=True, base=None, scale=1.0, offset=0) ### "ValueError: rope: got neither base nor freqs"
---
import mlx.core as mx
mx.fast.rms_norm(mx.ones((2, 4)), mx.ones((3,)), 1e-5) ### "ValueError: rms_norm: the weight has the shape \\(3,\\), want \\(4,\\)"
---
import mlx.core as mx
q = mx.ones((1, 2, 3, 4))
mx.fast.scaled_dot_product_attention(q, q, q, scale=1.0, mask="none") ### "ValueError: .*the mask is 'none', want 'causal' or an array"
---
# without a GPU
import mlx.core as mx
twice = mx.fast.metal_kernel("twice", ["x"], ["y"], "")
twice(inputs=[mx.ones(2)], grid=(2, 1, 1), threadgroup=(1, 1, 1), output_shapes=[(2,)], output_dtypes=[mx.float32]) ### "RuntimeError: metal_kernel: No Metal back-end"
---
import mlx.core as mx
mx.fast.metal_kernel("none", ["x"], [], "") ### "ValueError: metal_kernel: Must specify at least one output"
---
import mlx.core as mx
mx.fast.metal_kernel("odd", ["x"], ["y"], "", compile_options={"math_mode": "wild"}) ### "ValueError: metal_kernel: Expected math_mode to be 'safe', 'relaxed', or 'fast'"
---
import mlx.core as mx
mx.fast.metal_kernel("odd", ["x"], ["y"], "", compile_options={"speed": 1}) ### "ValueError: metal_kernel: Unknown compile option `speed`"
