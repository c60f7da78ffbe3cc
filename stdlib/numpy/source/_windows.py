"""Windows for the analysis of signals, and the Bessel function that one takes."""

import numpy as np


def _cosines(M, weights):
    """A window of M places: a sum of cosines of 0, 1, 2, ... periods."""
    if M < 1:
        return np.zeros(0)
    if M == 1:
        return np.ones(1)
    n = np.arange(1 - M, M, 2.0)
    return sum((w * np.cos(np.pi * k * n / (M - 1)) for k, w in enumerate(weights) if k), weights[0] * np.ones(len(n)))


def hanning(M):
    """The Hann window."""
    return _cosines(M, (0.5, 0.5))


def hamming(M):
    """The Hamming window."""
    return _cosines(M, (0.54, 0.46))


def blackman(M):
    """The Blackman window."""
    return _cosines(M, (0.42, 0.5, 0.08))


def bartlett(M):
    """The triangle that reaches zero at both ends."""
    if M < 1:
        return np.zeros(0)
    if M == 1:
        return np.ones(1)
    n = np.arange(1 - M, M, 2.0)
    return np.where(n <= 0, 1 + n / (M - 1), 1 - n / (M - 1))


def kaiser(M, beta):
    """The Kaiser window of a shape."""
    if M < 1:
        return np.zeros(0)
    if M == 1:
        return np.ones(1)
    half = (M - 1) / 2.0
    n = np.arange(0, M, dtype=np.float64)
    return i0(beta * np.sqrt(np.maximum(1 - ((n - half) / half) ** 2.0, 0.0))) / i0(np.float64(beta))


def i0(x):
    """The modified Bessel function of the first kind and order 0, by its power series."""
    x = np.asarray(x)
    if x.dtype.kind == "c":
        raise TypeError("i0 not supported for complex values")
    kind = x.dtype if x.dtype.kind == "f" else np.dtype(np.float64)
    quarter = x.astype(np.float64) ** 2 / 4
    quarter = np.where(np.isfinite(quarter), quarter, np.inf)
    total, term, k = np.ones(x.shape), np.ones(x.shape), 0
    while np.any((term > 1e-17 * total) & np.isfinite(total)):
        k += 1
        term = term * quarter / (k * k)
        total = total + term
    return np.where(np.isnan(x), np.nan, total).astype(kind)
