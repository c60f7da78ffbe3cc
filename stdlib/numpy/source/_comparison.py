"""Comparisons of whole arrays."""

import numpy as np


def isclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Whether elements are equal within a tolerance."""
    a, b = np.asarray(a), np.asarray(b)
    if b.dtype.kind in "biu":
        b = b.astype(np.float64)
    if a.dtype.kind == "b":
        a = a.astype(np.float64)
    finite = np.isfinite(a) & np.isfinite(b)
    near = np.less_equal(np.abs(np.where(finite, a, 0) - np.where(finite, b, 0)), atol + rtol * np.abs(np.where(finite, b, 0)))
    out = np.where(finite, near, a == b)
    if equal_nan:
        out = out | (np.isnan(a) & np.isnan(b))
    return out[()]


def allclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Whether all elements are equal within a tolerance."""
    return bool(np.all(isclose(a, b, rtol, atol, equal_nan)))


def array_equal(a1, a2, equal_nan=False):
    """Whether two arrays have one shape and equal elements."""
    a1, a2 = np.asarray(a1), np.asarray(a2)
    if a1.shape != a2.shape:
        return False
    same = a1 == a2
    if equal_nan:
        same = same | (np.isnan(a1) & np.isnan(a2))
    return bool(np.all(same))


def array_equiv(a1, a2):
    """Whether two arrays broadcast to equal elements."""
    try:
        return bool(np.all(np.equal(a1, a2)))
    except ValueError:
        return False


def isposinf(x):
    """Whether elements are positive infinity."""
    return np.asarray(x) == np.inf


def isneginf(x):
    """Whether elements are negative infinity."""
    return np.asarray(x) == -np.inf
