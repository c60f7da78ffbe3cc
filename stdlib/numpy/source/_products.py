"""Products of vectors and arrays."""

import numpy as np

from numpy._output import _into


def cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    """The cross product of vectors of 3."""
    if axis is not None:
        axisa = axisb = axisc = axis
    a, b = np.moveaxis(np.asarray(a), axisa, -1), np.moveaxis(np.asarray(b), axisb, -1)
    if a.shape[-1] != 3 or b.shape[-1] != 3:
        raise ValueError("incompatible dimensions for cross product (dimension must be 3)")
    x = a[..., 1] * b[..., 2] - a[..., 2] * b[..., 1]
    y = a[..., 2] * b[..., 0] - a[..., 0] * b[..., 2]
    z = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return np.moveaxis(np.stack([x, y, z], -1), -1, axisc)


def outer(a, b, out=None):
    """The outer product of flattened arrays."""
    return _into(np.multiply.outer(np.ravel(a), np.ravel(b)), out)


def inner(a, b, /):
    """The sum of products over the last axes."""
    a, b = np.asarray(a), np.asarray(b)
    if a.ndim == 0 or b.ndim == 0:
        return a * b
    return tensordot(a, b, ((-1,), (-1,)))


def vdot(a, b, /):
    """The dot product of flattened arrays, the first one conjugated."""
    a = np.ravel(a)
    return np.dot(np.conj(a) if a.dtype.kind == "c" else a, np.ravel(b))


def vecdot(x1, x2, /, axis=-1):
    """The dot product of vectors along an axis."""
    return np.sum(np.conj(x1) * x2, axis=axis)


def tensordot(a, b, axes=2):
    """The sum of products over axes."""
    a, b = np.asarray(a), np.asarray(b)
    if np.ndim(axes) == 0 and not isinstance(axes, (tuple, list)):
        axes = (tuple(range(a.ndim - axes, a.ndim)), tuple(range(axes)))
    xs, ys = ((ax,) if not isinstance(ax, (tuple, list)) else tuple(ax) for ax in axes)
    xs, ys = [x % a.ndim for x in xs], [y % b.ndim for y in ys]
    if len(xs) != len(ys) or any(a.shape[x] != b.shape[y] for x, y in zip(xs, ys)):
        raise ValueError("shape-mismatch for sum")
    left = [i for i in range(a.ndim) if i not in xs]
    right = [i for i in range(b.ndim) if i not in ys]
    n = 1
    for x in xs:
        n *= a.shape[x]
    m = np.transpose(a, left + xs).reshape(-1, n)
    k = np.transpose(b, ys + right).reshape(n, -1)
    return np.dot(m, k).reshape([a.shape[i] for i in left] + [b.shape[i] for i in right])[()]


def kron(a, b):
    """The Kronecker product."""
    a, b = np.asarray(a), np.asarray(b)
    rank = max(a.ndim, b.ndim)
    a, b = a.reshape((1,) * (rank - a.ndim) + a.shape), b.reshape((1,) * (rank - b.ndim) + b.shape)
    wide, other, shape = [], [], []
    for i in range(rank):
        wide += [a.shape[i], 1]
        other += [1, b.shape[i]]
        shape.append(a.shape[i] * b.shape[i])
    return (a.reshape(wide) * b.reshape(other)).reshape(shape)


def convolve(a, v, mode="full"):
    """The convolution of two vectors."""
    a, v = np.atleast_1d(a), np.atleast_1d(v)
    if len(a) == 0 or len(v) == 0:
        raise ValueError("a cannot be empty" if len(a) == 0 else "v cannot be empty")
    if len(v) > len(a):
        a, v = v, a
    n, k = len(a), len(v)
    padded = np.concatenate([np.zeros(k - 1, a.dtype), a, np.zeros(k - 1, a.dtype)])
    at = np.arange(n + k - 1)[:, None] + np.arange(k)
    y = np.dot(padded[at], v[::-1])
    if mode == "same":
        start = (k - 1) // 2
        return y[start : start + n]
    if mode == "valid":
        return y[k - 1 : n]
    if mode != "full":
        raise ValueError("mode must be one of 'full', 'same', 'valid'")
    return y


def correlate(a, v, mode="valid"):
    """The cross-correlation of two vectors."""
    a, v = np.atleast_1d(a), np.atleast_1d(v)
    v = np.conj(v) if v.dtype.kind == "c" else v
    y = convolve(a, v[::-1], mode)
    return y
