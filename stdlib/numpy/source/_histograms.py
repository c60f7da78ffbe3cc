"""Histograms, their edges, and bins of values."""

import numpy as np


def histogram_bin_edges(a, bins=10, range=None, weights=None):
    """The edges of a histogram's bins."""
    a = np.ravel(np.asarray(a))
    if a.dtype == bool:
        a = a.astype(np.uint8)
    if isinstance(bins, str):
        return _edges_by_rule(a, bins, range, weights)
    if np.ndim(bins):
        edges = np.asarray(bins)
        if np.any(edges[:-1] > edges[1:]):
            raise ValueError("`bins` must increase monotonically, when an array")
        return edges
    if bins < 1:
        raise ValueError("`bins` must be positive, when an integer")
    if range is not None:
        low, high = range
        if low > high:
            raise ValueError("max must be larger than min in range parameter.")
    elif a.size == 0:
        low, high = 0, 1
    else:
        low, high = a.min(), a.max()
        if not (np.isfinite(low) and np.isfinite(high)):
            raise ValueError(f"autodetected range of [{low}, {high}] is not finite")
    if low == high:
        low, high = low - 0.5, high + 0.5
    kind = np.result_type(low, high, a)
    if kind.kind in "iu":
        kind = np.result_type(kind, float)
    return np.linspace(low, high, bins + 1, dtype=kind)


# The widths of bins that rules give for n values x, whose range is span: the
# square root of the count, Sturges's, Rice's, Scott's and that of Freedman and
# Diaconis.
_rules = {
    "sqrt": lambda x, n, span: span / np.sqrt(n),
    "sturges": lambda x, n, span: span / (np.log2(n) + 1.0),
    "rice": lambda x, n, span: span / (2.0 * n ** (1.0 / 3)),
    "scott": lambda x, n, span: (24.0 * np.pi**0.5 / n) ** (1.0 / 3.0) * np.std(x),
    "fd": lambda x, n, span: 2.0 * (np.percentile(x, 75) - np.percentile(x, 25)) * n ** (-1.0 / 3.0),
}


def _edges_by_rule(a, rule, range, weights):
    if rule != "auto" and rule not in _rules:
        raise ValueError(f"{rule!r} is not a valid estimator for `bins` here, want auto or one of {', '.join(_rules)}")
    if weights is not None:
        raise TypeError("Automated estimation of the number of bins is not supported for weighted data")
    if range is not None:
        a = a[(a >= range[0]) & (a <= range[1])]
    if a.size == 0:
        return histogram_bin_edges(a, 1, range)
    span = float(a.max()) - float(a.min())
    width = float(_rules["fd" if rule == "auto" else rule](a, a.size, span))
    if rule == "auto":
        sturges = float(_rules["sturges"](a, a.size, span))
        width = min(width, sturges) if width else sturges
    if width and a.dtype.kind in "iu":
        width = max(width, 1.0)
    low, high = (float(a.min()), float(a.max())) if range is None else range
    if low == high:
        low, high = low - 0.5, high + 0.5
    return histogram_bin_edges(a, int(np.ceil((high - low) / width)) if width else 1, range)


def histogram(a, bins=10, range=None, density=None, weights=None):
    """How many values fall into each bin."""
    a = np.ravel(np.asarray(a))
    edges = histogram_bin_edges(a, bins, range, weights)
    n = len(edges) - 1
    at = np.searchsorted(edges, a, side="right") - 1
    at = np.where(a == edges[-1], n - 1, at)
    inside = (a >= edges[0]) & (a <= edges[-1])
    if weights is None:
        counts = np.bincount(at[inside], minlength=n)
    else:
        w = np.asarray(weights)
        counts = np.bincount(at[inside], np.ravel(w)[inside], minlength=n).astype(w.dtype)
    if density:
        return counts / np.diff(edges).astype(np.float64) / np.sum(counts), edges
    return counts, edges


def histogram2d(x, y, bins=10, range=None, density=None, weights=None):
    """A histogram of pairs."""
    both = bins if isinstance(bins, (list, tuple)) and len(bins) == 2 else (bins, bins)
    spans = (None, None) if range is None else range
    xe, ye = histogram_bin_edges(x, both[0], spans[0]), histogram_bin_edges(y, both[1], spans[1])
    x, y = np.ravel(np.asarray(x)), np.ravel(np.asarray(y))
    n, m = len(xe) - 1, len(ye) - 1
    i = np.where(x == xe[-1], n - 1, np.searchsorted(xe, x, side="right") - 1)
    j = np.where(y == ye[-1], m - 1, np.searchsorted(ye, y, side="right") - 1)
    inside = (i >= 0) & (i < n) & (j >= 0) & (j < m)
    w = np.ones(len(x)) if weights is None else np.asarray(weights)
    h = np.bincount((i * m + j)[inside], w[inside], minlength=n * m).reshape(n, m)
    if density:
        h = h / np.sum(h) / np.outer(np.diff(xe), np.diff(ye))
    return h, xe, ye


def digitize(x, bins, right=False):
    """The bin into which each value falls."""
    bins = np.asarray(bins)
    if len(bins) > 1 and bins[0] > bins[-1]:
        return len(bins) - np.searchsorted(bins[::-1], x, side="left" if not right else "right")
    return np.searchsorted(bins, x, side="left" if right else "right")
