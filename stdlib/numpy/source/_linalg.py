"""The functions of numpy.linalg in terms of its decompositions."""

import numpy as np

_la = np.linalg


def _complex(*arrays, square=True):
    """The functions for complex matrices, where one of the arrays is complex; None where none is."""
    if not any([np.iscomplexobj(a) for a in arrays]):
        return None
    a = np.asarray(arrays[0])
    if a.ndim < 2:
        raise _la.LinAlgError(f"{a.ndim}-dimensional array given. Array must be at least two-dimensional")
    if square and a.shape[-1] != a.shape[-2]:
        raise _la.LinAlgError("Last 2 dimensions of the array must be square")
    from numpy import _complex_linalg

    return _complex_linalg


def inv(a):
    """The inverse of square matrices."""
    other = _complex(a)
    return _la._inv(a) if other is None else other.inv(np.asarray(a))


def det(a):
    """The determinant of square matrices."""
    other = _complex(a)
    return _la._det(a) if other is None else other.det(np.asarray(a))


def cholesky(a, /, *, upper=False):
    """The Cholesky factor of positive definite matrices."""
    other = _complex(a)
    return _la._cholesky(a, upper=upper) if other is None else other.cholesky(np.asarray(a), upper)


def solve(a, b):
    """The solution of linear equations."""
    a, b = np.asarray(a), np.asarray(b)
    other = _complex(a, b)
    f = _la._solve if other is None else other.solve
    return f(a, b[:, None])[..., 0] if b.ndim == 1 else f(a, b)


def slogdet(a):
    """The sign and the logarithm of the determinant."""
    other = _complex(a)
    return _named("SlogdetResult", "sign logabsdet", _la._slogdet(a) if other is None else other.slogdet(np.asarray(a)))


def _named(name, fields, values):
    from collections import namedtuple

    return namedtuple(name, fields)(*values)


def qr(a, mode="reduced"):
    """The QR factorization."""
    if mode not in ("reduced", "r"):
        raise NotImplementedError(f"numpy.linalg.qr: mode '{mode}' is not provided here, want 'reduced' or 'r'")
    other = _complex(a, square=False)
    q, r = _la._qr(a) if other is None else other.qr(np.asarray(a))
    return r if mode == "r" else _named("QRResult", "Q R", (q, r))


def svd(a, full_matrices=True, compute_uv=True, hermitian=False):
    """The singular value decomposition."""
    if not compute_uv:
        return _la._svdvals(a)
    u, s, vh = _la._svd(a)
    if not full_matrices:
        k = s.shape[-1]
        u, vh = u[..., :, :k], vh[..., :k, :]
    return _named("SVDResult", "U S Vh", (u, s, vh))


def svdvals(x, /):
    """The singular values."""
    return _la._svdvals(x)


def eigh(a, UPLO="L"):
    """Eigenvalues and eigenvectors of a symmetric matrix."""
    return _named("EighResult", "eigenvalues eigenvectors", _la._eigh(a, UPLO.upper() == "U"))


def eigvalsh(a, UPLO="L"):
    """Eigenvalues of a symmetric matrix."""
    return _la._eigh(a, UPLO.upper() == "U")[0]


def pinv(a, rcond=None, hermitian=False):
    """The pseudo-inverse."""
    a = np.asarray(a)
    if a.size == 0:
        return np.empty(a.shape[:-2] + (a.shape[-1], a.shape[-2]), a.dtype)
    u, s, vh = svd(a, full_matrices=False)
    cut = (1e-15 if rcond is None else rcond) * np.max(s, axis=-1, keepdims=True)
    inverse = np.where(s > cut, 1 / np.where(s > cut, s, 1), 0)
    return np.matmul(np.conj(np.swapaxes(vh, -1, -2)), inverse[..., None] * np.conj(np.swapaxes(u, -1, -2)))


def matrix_rank(A, tol=None):
    """The rank of a matrix."""
    A = np.asarray(A)
    if A.ndim < 2:
        return int(np.any(A != 0))
    s = _la._svdvals(A)
    if tol is None:
        tol = np.max(s, axis=-1, keepdims=True) * max(A.shape[-2:]) * np.finfo(s.dtype).eps
    return np.sum(s > tol, axis=-1)


def cond(x, p=None):
    """The condition number."""
    if p in (None, 2):
        s = _la._svdvals(x)
        return s[..., 0] / s[..., -1]
    return norm(x, p, (-2, -1)) * norm(_la.inv(x), p, (-2, -1))


def lstsq(a, b, rcond=None):
    """The solution of least squares."""
    a, b = np.asarray(a), np.asarray(b)
    s = _la._svdvals(a)
    eps = np.finfo(s.dtype).eps * max(a.shape) if rcond is None else rcond
    x = np.matmul(pinv(a, eps), b)
    rank = int(np.sum(s > eps * s[0]))
    m, n = a.shape
    rest = np.sum(np.abs(b - np.matmul(a, x)) ** 2, axis=0) if rank == n and m > n else np.zeros(0)
    return x, np.atleast_1d(rest), rank, s


def matrix_power(a, n):
    """An integer power of a square matrix."""
    a = np.asarray(a)
    if n < 0:
        a, n = _la.inv(a), -n
    out = np.broadcast_to(np.eye(a.shape[-1], dtype=a.dtype), a.shape).copy()
    while n:
        if n & 1:
            out = np.matmul(out, a)
        a = np.matmul(a, a)
        n >>= 1
    return out


def multi_dot(arrays):
    """The product of several matrices."""
    out = arrays[0]
    for a in arrays[1:]:
        out = np.dot(out, a)
    return out


def _squares(x):
    return x.real ** 2 + x.imag ** 2 if np.iscomplexobj(x) else np.abs(x) ** 2


def norm(x, ord=None, axis=None, keepdims=False):
    """The norm of vectors or matrices."""
    x = np.asarray(x)
    if x.dtype.kind not in "fc":
        x = x.astype(np.float64)
    rank = x.ndim
    if axis is None and (ord is None or ord == 2 and rank == 1 or ord in ("f", "fro") and rank == 2):
        y = np.sqrt(np.sum(_squares(x)))
        return np.reshape(y, (1,) * rank) if keepdims else y
    axes = tuple(range(rank)) if axis is None else (axis if isinstance(axis, (tuple, list)) else (axis,))
    axes = tuple(a % rank for a in axes)
    if len(axes) == 1:
        return _vector_norm(x, ord, axes[0], keepdims)
    if len(axes) != 2:
        raise ValueError("Improper number of dimensions to norm.")
    return _matrix_norm(x, ord, axes, keepdims)


def _vector_norm(x, ord, axis, keep):
    if ord is None or ord == 2:
        return np.sqrt(np.sum(_squares(x), axis=axis, keepdims=keep))
    if ord == np.inf:
        return np.max(np.abs(x), axis=axis, keepdims=keep)
    if ord == -np.inf:
        return np.min(np.abs(x), axis=axis, keepdims=keep)
    if ord == 0:
        return np.sum((x != 0).astype(np.abs(x).dtype), axis=axis, keepdims=keep)
    if isinstance(ord, str):
        raise ValueError(f"Invalid norm order '{ord}' for vectors")
    return np.sum(np.abs(x) ** ord, axis=axis, keepdims=keep) ** (1.0 / ord)


def _matrix_norm(x, ord, axes, keep):
    row, col = axes
    if row == col:
        raise ValueError("Duplicate axes given.")
    if ord in (None, "fro", "f"):
        return np.sqrt(np.sum(_squares(x), axis=axes, keepdims=keep))
    if ord in (1, -1, np.inf, -np.inf):
        first, second = (row, col) if abs(ord) == 1 else (col, row)
        y = np.sum(np.abs(x), axis=first, keepdims=True)
        return (np.max if ord > 0 else np.min)(y, axis=axes, keepdims=keep)
    if ord in (2, -2, "nuc"):
        s = _la._svdvals(np.moveaxis(x, axes, (-2, -1)))
        y = np.sum(s, axis=-1) if ord == "nuc" else (np.max(s, axis=-1) if ord == 2 else np.min(s, axis=-1))
        return np.expand_dims(y, tuple(sorted(axes))) if keep else y
    raise ValueError("Invalid norm order for matrices.")


def eig(a):
    """Eigenvalues and eigenvectors of square matrices: real where all eigenvalues of a real matrix are."""
    values, vectors = _la._eig(a)
    if not np.iscomplexobj(a) and not np.any(values.imag):
        values, vectors = values.real, vectors.real
    return _named("EigResult", "eigenvalues eigenvectors", (values, vectors))


def eigvals(a):
    """Eigenvalues of square matrices, of the dtypes of eig."""
    return eig(a)[0]
