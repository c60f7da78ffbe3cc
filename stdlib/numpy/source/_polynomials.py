"""Polynomials: their values, fits and matrices of powers."""

import numpy as np


def polyval(p, x):
    """A polynomial's values, the highest coefficient first."""
    x = np.asarray(x)
    y = np.zeros(x.shape, x.dtype)
    for c in np.atleast_1d(p):
        y = y * x + c
    return y[()]


def polyfit(x, y, deg):
    """The coefficients of the polynomial of least squares, the highest first."""
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    m = vander(x, deg + 1)
    scale = np.sqrt(np.sum(m * m, axis=0))
    q, r = np.linalg.qr(m / scale)
    return np.linalg.solve(r, np.dot(q.T, y)) / scale


def vander(x, N=None, increasing=False):
    """A Vandermonde matrix."""
    x = np.asarray(x)
    N = len(x) if N is None else N
    p = np.arange(N) if increasing else np.arange(N - 1, -1, -1)
    return x[:, None] ** p
