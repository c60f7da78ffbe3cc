# differs: MLX cannot map lu over a batch
# Decompositions give their matrices back.
import mlx.core as mx

la = mx.linalg

def close(a, b, tol=1e-4):
    return a.shape == b.shape and (a.size == 0 or mx.abs(a - b).max().item() < tol)

for m, n in [(1, 1), (4, 4), (5, 3), (3, 5)]:
    a = mx.random.normal((2, m, n), key=mx.random.key(m * 10 + n))
    k = min(m, n)
    q, r = la.qr(a)
    assert q.shape == (2, m, k) and close(q @ r, a) and close(q.swapaxes(1, 2) @ q, mx.broadcast_to(mx.eye(k), (2, k, k)))
    assert close(mx.tril(r, -1), mx.zeros(r.shape), 1e-7)
    u, s, vt = la.svd(a)
    assert close((u[..., :k] * s[:, None, :]) @ vt[:, :k], a) and close(la.svd(a, compute_uv=False), s)
    p, l, up = la.lu(a)
    assert close(mx.take_along_axis(l @ up, p[..., None], axis=1), a)
    pinv = la.pinv(a)
    assert close(a @ pinv @ a, a) and close(pinv @ a @ pinv, pinv)
a = mx.random.normal((3, 4, 4), key=mx.random.key(9)) + 4 * mx.eye(4)
eye = mx.broadcast_to(mx.eye(4), (3, 4, 4))
assert close(a @ la.inv(a), eye) and close(mx.tril(a) @ la.tri_inv(a), eye) and close(mx.triu(a) @ la.tri_inv(a, True), eye)
b = mx.random.normal((3, 4, 2), key=mx.random.key(10))
assert close(a @ la.solve(a, b), b) and close(mx.triu(a) @ la.solve_triangular(a, b, upper=True), b)
assert close(a[0] @ la.solve(a[0], b[0, :, 0]), b[0, :, 0])
sym = a @ a.swapaxes(1, 2)
for upper in [False, True]:
    f = la.cholesky(sym, upper)
    assert close(f.swapaxes(1, 2) @ f if upper else f @ f.swapaxes(1, 2), sym, 1e-3)
    assert close(la.cholesky_inv(f, upper) @ sym, eye, 1e-3)
w, v = la.eigh(sym)
assert close((v * w[:, None, :]) @ v.swapaxes(1, 2), sym, 1e-3) and close(la.eigvalsh(sym, "U"), w, 1e-3)
w, v = la.eig(a)
assert close(a.astype(mx.complex64) @ v, v * w[:, None, :], 1e-3)
h = mx.random.normal((5, 5), key=mx.random.key(11)) + 1j * mx.random.normal((5, 5), key=mx.random.key(12))
h = h + mx.conj(h.T)
for part in ["L", "U"]:
    w, v = la.eigh(h, part)
    assert close(h @ v, v * w) and close(mx.conj(v.T) @ v, mx.eye(5).astype(mx.complex64)) and w.dtype == mx.float32
flat = mx.zeros((3, 3)).astype(mx.complex64)
assert la.eigvalsh(flat).tolist() == [0.0, 0.0, 0.0]
z = h[:2]
assert close(la.svd(z, compute_uv=False) ** 2, la.eigvalsh(z @ mx.conj(z.T))[::-1], 1e-3)
assert la.cross(mx.array([1, 2]), mx.array([3, 4])).tolist() == [0, 0, -2]
assert la.cross(mx.array([1, 2]), mx.array([3, 4, 5])).tolist() == [10, -5, -2]
assert abs(la.norm(a[0], ord="nuc").item() - la.svd(a[0])[1].sum().item()) < 1e-4
assert close(la.norm(a, ord=-2, axis=(2, 0), keepdims=True).squeeze(), la.svd(a.transpose(1, 2, 0), compute_uv=False)[:, -1])
sign, log = la.slogdet(a)
assert close(sign * mx.exp(log), la.det(a), 0.1) and la.det(mx.array([[0.0, 1.0], [1.0, 0.0]])).item() == -1.0
assert la.det(mx.ones((2, 2))).item() == 0.0 and la.slogdet(mx.ones((2, 2)))[1].item() == -float("inf")
assert la.inv(mx.zeros((0, 0))).shape == (0, 0) and la.det(mx.zeros((0, 0))).item() == 1.0
for f in [la.inv, la.cholesky, la.det, lambda x: la.qr(x)[1], lambda x: la.svd(x)[1], lambda x: la.lu(x)[1], lambda x: la.eigh(x)[0]]:
    assert close(mx.vmap(f)(sym), mx.stack([f(x) for x in sym]), 1e-3)
---
# differs: MLX has no gradients of decompositions
# Gradients agree with differences.
import mlx.core as mx

la = mx.linalg
a = mx.random.normal((3, 3), key=mx.random.key(1)) + 3 * mx.eye(3)
d = mx.random.normal((3, 3), key=mx.random.key(2))
b = mx.random.normal((3, 2), key=mx.random.key(3))
c = mx.arange(9).reshape(3, 3) / 9
functions = [
    lambda a: (la.inv(a) ** 2).sum(),
    lambda a: (la.solve(a, b @ mx.ones((2, 2)) * a[0, 0]) ** 2).sum(),
    lambda a: (la.solve_triangular(a, b, upper=True) ** 2).sum(),
    lambda a: (la.tri_inv(a) ** 2).sum(),
    lambda a: (la.cholesky(a @ a.T) * c).sum(),
    lambda a: (la.cholesky(a @ a.T, upper=True) * c.T).sum(),
    lambda a: la.det(a),
    lambda a: la.slogdet(a)[1],
    lambda a: (la.svd(a)[1] * c[1]).sum(),
    lambda a: (la.svd(a, compute_uv=False) ** 3).sum(),
    lambda a: (la.eigh(a @ a.T)[0] * c[2]).sum(),
    lambda a: ((la.eigh(a @ a.T)[1] ** 2) * c).sum(),
]
for i, f in enumerate(functions):
    g = (mx.grad(f)(a) * d).sum().item()
    e = ((f(a + 3e-3 * d) - f(a - 3e-3 * d)) / 6e-3).item()
    assert abs(g - e) < 2e-2 * (1 + abs(e)), (i, g, e)
---
import mlx.core as mx
mx.linalg.inv(mx.ones((2, 3))) ### "ValueError: linalg.solve: got a matrix of shape \\(2,3\\), want a square one"
---
import mlx.core as mx
mx.eval(mx.linalg.inv(mx.ones((2, 2)))) ### "RuntimeError: linalg.solve: the matrix is singular"
---
import mlx.core as mx
mx.linalg.qr(mx.ones((2, 2), mx.float16)) ### "ValueError: linalg.qr: got float16, want float32 or float64"
---
# differs: MLX ignores an unknown UPLO
import mlx.core as mx
mx.linalg.eigvalsh(mx.eye(2), "X") ### "ValueError: linalg.eigvalsh: UPLO is 'X', want 'L' or 'U'"
---
# Complex matrices: eigenvalues and singular vectors.
import mlx.core as mx

mx.random.seed(4)
for n in [1, 2, 5, 12]:
    a = mx.random.normal((n, n), dtype=mx.complex64)
    w, v = mx.linalg.eig(a)
    assert mx.abs(a @ v - v * w).max().item() < 1e-4 and mx.allclose(mx.linalg.eigvals(a), w).item()
    for shape in [(n, n), (n, n + 3), (n + 2, n)]:
        b, k = mx.random.normal(shape, dtype=mx.complex64), min(shape)
        u, s, vt = mx.linalg.svd(b)
        assert mx.abs((u[:, :k] * s) @ vt[:k] - b).max().item() < 1e-4
        for q in (u, vt):
            assert mx.abs(q @ mx.conj(q.T) - mx.eye(q.shape[0])).max().item() < 1e-4
assert mx.linalg.svd(mx.zeros((3, 2), mx.complex64))[0].shape == (3, 3)
# Values and vectors come in LAPACK's order and with its signs.
w, v = mx.linalg.eig(mx.array([[1.0, -2.0], [-2.0, 1.0]]))
assert mx.allclose(mx.real(w), mx.array([3.0, -1.0])).item() and mx.allclose(mx.real(v), mx.array([[0.70710678, 0.70710678], [-0.70710678, 0.70710678]])).item()
assert mx.real(mx.linalg.eigvals(mx.array([[4.0, 1.0], [2.0, 3.0]])))[0].item() > 4
# A matrix that is not positive definite has a factor up to where there is no root.
assert mx.linalg.cholesky(mx.array([[1.0, 2.0], [2.0, 1.0]])).tolist() == [[1, 0], [2, -3]]
assert mx.linalg.cholesky(mx.array([[1.0, 2.0], [2.0, 1.0]]), upper=True).tolist() == [[1, 2], [0, -3]]
assert mx.linalg.cholesky(mx.array([[4.0, 2.0], [2.0, 1.0]])).tolist() == [[2, 0], [1, 0]]
assert mx.hadamard_transform(mx.array(2.0), scale=3.0).item() == 6
---
import mlx.core as mx
mx.linalg.cross(mx.ones(4), mx.ones(4)) ### "ValueError: linalg.cross: vectors have 4 elements, want 2 or 3"
---
# differs: MLX gives NaN
import mlx.core as mx
mx.eval(mx.linalg.eigh(mx.array([[float("nan"), 1.0], [1.0, 1.0]]))) ### "RuntimeError: linalg.eigh: the matrix has elements that are not finite"
