# Linear algebra of complex matrices.
import numpy as np

r = np.random.RandomState(5)


def shown(name, x):
    x = np.asarray(x)
    x = np.where(np.abs(x) < 1e-9, 0, x)
    print(name, x.dtype, x.shape, ["%.5g%+.5gj" % (v.real, v.imag) for v in (x + 0.0).ravel()[:7].tolist()])


for kind in (np.complex128, np.complex64):
    for shape in ((3, 3), (2, 4, 4), (1, 1), (0, 0), (0, 2, 2), (6, 6)):
        a = (r.randn(*shape) + 1j * r.randn(*shape)).astype(kind)
        b = (r.randn(*shape[:-1], 2) + 1j * r.randn(*shape[:-1], 2)).astype(kind)
        shown("inv", np.linalg.inv(a))
        shown("solve", np.linalg.solve(a, b))
        shown("det", np.linalg.det(a))
        for part in np.linalg.slogdet(a):
            shown("slogdet", part)
        h = a @ np.conj(np.swapaxes(a, -1, -2)) + np.eye(shape[-1], dtype=kind)
        shown("cholesky", np.linalg.cholesky(h))
        shown("upper", np.linalg.cholesky(h, upper=True))
        if a.size:
            shown("pinv", np.linalg.pinv(a))
for shape in ((3, 3), (4, 2), (2, 4), (2, 3, 3), (5, 5)):
    a = r.randn(*shape) + 1j * r.randn(*shape)
    q, R = np.linalg.qr(a)
    shown("q", q)
    shown("r", R)
    print(np.allclose(q @ R, a))
t = np.triu(r.randn(3, 3) + 1j * r.randn(3, 3))
t[0, 0] = 2
for part in np.linalg.qr(t):
    shown("triangle", part)
a = r.randn(3, 3) + 1j * r.randn(3, 3)
real = r.randn(3, 3)
shown("mixed", np.linalg.solve(real, a))
shown("mixed", np.linalg.solve(a, real[0]))
shown("power", np.linalg.matrix_power(a, -2))
shown("lstsq", np.linalg.lstsq(r.randn(5, 2) + 1j * r.randn(5, 2), r.randn(5) + 1j * r.randn(5), rcond=None)[0])
singular = np.array([[1, 2j], [2, 4j]])
print(np.linalg.det(singular), np.linalg.slogdet(singular))
for call in (lambda: np.linalg.inv(singular), lambda: np.linalg.solve(singular, singular), lambda: np.linalg.cholesky(-np.eye(2, dtype=complex)), lambda: np.linalg.inv(np.ones((2, 3), complex)),
             lambda: np.linalg.det(np.ones(3, complex)), lambda: np.linalg.qr(np.ones(3, complex))):
    try:
        print(call())
    except np.linalg.LinAlgError as e:
        print(e)
