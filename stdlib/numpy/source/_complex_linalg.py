"""Factorizations of complex matrices, whose kernels take real ones alone: a column at a time, in complex128."""

import numpy as np


def _each(a, f, *more):
    """The results of f for each matrix of stacks, as stacks; f takes and gives matrices or numbers of complex128."""
    lead, count = a.shape[:-2], 1
    for n in lead:
        count *= n
    flat = [x.astype(np.complex128).reshape((count,) + x.shape[-2:]) for x in (a, *more)]
    found = [f(*[x[i] for x in flat]) for i in range(len(flat[0]))]
    if not found:
        return [np.zeros(lead + x.shape, x.dtype) for x in f(*[np.eye(*x.shape[-2:], dtype=np.complex128) for x in flat])]
    return [np.stack([np.asarray(row[k]) for row in found]).reshape(lead + np.shape(found[0][k])) for k in range(len(found[0]))]


def _kind(*arrays):
    """The dtype of results, and that of their lengths."""
    return (np.complex64, np.float32) if all([a.dtype in (np.complex64, np.float32) for a in arrays]) else (np.complex128, np.float64)


def _eliminate(a, b):
    """Bring a to a triangle by rows, b with it, and give the sign of the exchanges; zero for a matrix without a pivot."""
    sign = 1
    for k in range(len(a)):
        column = a[k:, k]
        p = k + int(np.argmax(np.abs(column.real) + np.abs(column.imag)))
        if a[p, k] == 0:
            return 0
        if p != k:
            a[[k, p]], b[[k, p]] = a[[p, k]], b[[p, k]]
            sign = -sign
        factors = a[k + 1:, k:k + 1] / a[k, k]
        a[k + 1:, k + 1:] -= factors * a[k, k + 1:]
        b[k + 1:] -= factors * b[k]
    return sign


def solve(a, b):
    """The solution of linear equations; b has columns."""
    kind, _ = _kind(a, b)
    lead = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    a, b = np.broadcast_to(a, lead + a.shape[-2:]), np.broadcast_to(b, lead + b.shape[-2:])

    def one(a, b):
        a, b = a.copy(), b.copy()
        if not _eliminate(a, b):
            raise np.linalg.LinAlgError("Singular matrix")
        for k in range(len(a) - 1, -1, -1):
            b[k] = (b[k] - a[k, k + 1:] @ b[k + 1:]) / a[k, k]
        return (b,)

    return _each(a, one, b)[0].astype(kind)


def inv(a):
    """The inverse of square matrices."""
    return solve(a, np.eye(a.shape[-1], dtype=a.dtype))


def _determinant(a):
    a = a.copy()
    sign = _eliminate(a, np.zeros((len(a), 0), np.complex128))
    return sign, np.diagonal(a)


def det(a):
    """The determinant of square matrices."""
    def one(a):
        sign, diagonal = _determinant(a)
        return (np.prod(diagonal) * sign if sign else np.complex128(0),)

    out = _each(a, one)[0].astype(_kind(a)[0])
    return out if out.ndim else out[()]


def slogdet(a):
    """The sign and the logarithm of the determinant."""
    def one(a):
        sign, diagonal = _determinant(a)
        if not sign:
            return np.complex128(0), np.complex128(-np.inf)
        size = np.abs(diagonal)
        return np.prod(diagonal / size) * sign, np.complex128(np.sum(np.log(size)))

    sign, log = _each(a, one)
    kind, real = _kind(a)
    sign, log = sign.astype(kind), log.real.astype(real)
    return (sign, log) if sign.ndim else (sign[()], log[()])


def cholesky(a, upper):
    """The Cholesky factor of matrices that equal their conjugate transposes and are positive definite."""
    def one(a):
        a = np.conj(a.T) if upper else a
        out = np.zeros(a.shape, np.complex128)
        for k in range(len(a)):
            left = a[k, k].real - np.sum(np.abs(out[k, :k]) ** 2)
            if not left > 0:
                raise np.linalg.LinAlgError("Matrix is not positive definite")
            out[k, k] = root = np.sqrt(left)
            out[k + 1:, k] = (a[k + 1:, k] - out[k + 1:, :k] @ np.conj(out[k, :k])) / root
        return (np.conj(out.T) if upper else out,)

    return _each(a, one)[0].astype(_kind(a)[0])


def qr(a):
    """The factors Q and R, reduced, by reflections that make the diagonal of R real."""
    def one(a):
        m, n = a.shape
        k, r, steps = min(m, n), a.copy(), []
        for i in range(k):
            first, rest = r[i, i], r[i + 1:, i]
            size = np.sqrt(np.abs(first) ** 2 + np.sum(np.abs(rest) ** 2))
            if not np.any(rest != 0) and first.imag == 0:
                continue
            beta = -np.copysign(size, first.real)
            v = np.concatenate([np.ones(1, np.complex128), rest / (first - beta)])
            tau = complex((beta - first.real) / beta, -first.imag / beta)
            steps.append((i, v, tau))
            r[i:, i + 1:] -= np.conj(np.complex128(tau)) * (v[:, None] * (np.conj(v) @ r[i:, i + 1:]))
            r[i:, i] = 0
            r[i, i] = beta
        q = np.eye(m, k, dtype=np.complex128)
        for i, v, tau in reversed(steps):
            q[i:] -= np.complex128(tau) * (v[:, None] * (np.conj(v) @ q[i:]))
        return q, np.triu(r[:k])

    q, r = _each(a, one)
    kind = _kind(a)[0]
    return q.astype(kind), r.astype(kind)
