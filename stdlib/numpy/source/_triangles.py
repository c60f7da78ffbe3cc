"""Triangles and diagonals."""

import numpy as np


def tri(N, M=None, k=0, dtype=float):
    """Ones at and below a diagonal, zeros elsewhere."""
    M = N if M is None else M
    return (np.arange(N).reshape(-1, 1) >= np.arange(-k, M - k)).astype(dtype)


def tril(m, k=0):
    """The lower triangle of an array."""
    m = np.asarray(m)
    return np.where(tri(m.shape[-2], m.shape[-1], k, bool), m, np.zeros(1, m.dtype))


def triu(m, k=0):
    """The upper triangle of an array."""
    m = np.asarray(m)
    return np.where(tri(m.shape[-2], m.shape[-1], k - 1, bool), np.zeros(1, m.dtype), m)


def tril_indices(n, k=0, m=None):
    """The indices of the lower triangle."""
    return np.nonzero(tri(n, m, k, bool))


def triu_indices(n, k=0, m=None):
    """The indices of the upper triangle."""
    return np.nonzero(~tri(n, m, k - 1, bool))


def diag(v, k=0):
    """The diagonal of a matrix, or a matrix with a diagonal."""
    v = np.asarray(v)
    if v.ndim == 1:
        n = len(v) + abs(k)
        out = np.zeros((n, n), v.dtype)
        at = np.arange(len(v))
        out[at + max(-k, 0), at + max(k, 0)] = v
        return out
    if v.ndim == 2:
        return diagonal(v, k)
    raise ValueError("Input must be 1- or 2-d.")


def diagflat(v, k=0):
    """A matrix with the flattened input on a diagonal."""
    return diag(np.ravel(v), k)


def diagonal(a, offset=0, axis1=0, axis2=1):
    """The elements of a diagonal."""
    a = np.asarray(a)
    if a.ndim < 2:
        raise ValueError("diag requires an array of at least two dimensions")
    a = np.moveaxis(a, (axis1, axis2), (-2, -1))
    n = max(min(a.shape[-2] + min(offset, 0), a.shape[-1] - max(offset, 0)), 0)
    at = np.arange(n)
    return a[..., at + max(-offset, 0), at + max(offset, 0)]


def trace(a, offset=0, axis1=0, axis2=1, dtype=None, out=None):
    """The sum along a diagonal."""
    return np.sum(diagonal(a, offset, axis1, axis2), axis=-1, dtype=dtype, out=out)
