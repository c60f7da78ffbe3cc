"""Averages, quantiles and covariances."""

import numpy as np


def ptp(a, axis=None, out=None, keepdims=False):
    """The range of values: maximum less minimum."""
    return np.max(a, axis=axis, keepdims=keepdims) - np.min(a, axis=axis, keepdims=keepdims)


def average(a, axis=None, weights=None, returned=False, *, keepdims=False):
    """The weighted mean."""
    a = np.asarray(a)
    if weights is None:
        avg = np.mean(a, axis=axis, keepdims=keepdims)
        total = np.full(np.shape(avg), a.size / np.size(avg))
    else:
        w = np.asarray(weights)
        if w.shape != a.shape:
            if axis is None:
                raise TypeError("Axis must be specified when shapes of a and weights differ.")
            if w.ndim != 1 or len(w) != a.shape[axis]:
                raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
            shape = [1] * a.ndim
            shape[axis] = -1
            w = np.broadcast_to(w.reshape(shape), a.shape)
        w = w.astype(np.result_type(a, w, 1.0))
        total = np.sum(w, axis=axis, keepdims=keepdims)
        if np.any(total == 0.0):
            raise ZeroDivisionError("Weights sum to zero, can't be normalized")
        avg = np.sum(a * w, axis=axis, keepdims=keepdims) / total
    return (avg, total) if returned else avg


def median(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    """The median along axes."""
    a = np.asarray(a)
    return percentile(a.astype(np.float64) if a.dtype.kind == "b" else a, 50, axis, keepdims=keepdims)


def quantile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, **kwargs):
    """Quantiles along axes."""
    a = np.asarray(a)
    qs = np.asarray(q, dtype=np.float64)
    if a.dtype.kind == "f" and not isinstance(q, (int, float)):
        a = a.astype(np.result_type(a, qs))
    if np.any((qs < 0) | (qs > 1)):
        raise ValueError("Quantiles must be in the range [0, 1]")
    rank = a.ndim
    axes = tuple(range(rank)) if axis is None else tuple(x % rank for x in (axis if isinstance(axis, tuple) else (axis,)))
    kept = [i for i in range(rank) if i not in axes]
    rows = np.transpose(a, tuple(kept) + axes).reshape(tuple(a.shape[i] for i in kept) + (-1,))
    if a.dtype.kind in "iu":
        rows = rows.astype(np.float64)
    n = rows.shape[-1]
    if n == 0:
        return np.nan
    rows = np.sort(rows, -1)
    bad = np.isnan(rows[..., -1])
    out = []
    for x in np.atleast_1d(qs).ravel().tolist():
        at = x * (n - 1)
        if method == "lower":
            y = rows[..., int(np.floor(at))]
        elif method == "higher":
            y = rows[..., int(np.ceil(at))]
        elif method == "nearest":
            y = rows[..., int(np.rint(at))]
        elif method in ("linear", "midpoint"):
            i = int(np.floor(at))
            j = min(i + 1, n - 1)
            t = at - i if method == "linear" else (0.5 if at > i else 0.0)
            low, high = rows[..., i], rows[..., j]
            diff = high - low
            y = high - diff * (1 - t) if t >= 0.5 else low + diff * t
        else:
            raise ValueError(f"the quantile method '{method}' is not provided here, want linear, lower, higher, nearest or midpoint")
        out.append(np.where(bad, np.asarray(np.nan, rows.dtype), y)[()])
    if keepdims:
        shape = tuple(1 if i in axes else a.shape[i] for i in range(rank))
        out = [np.reshape(y, shape) for y in out]
    if qs.ndim == 0:
        return out[0]
    return np.stack(out).reshape(qs.shape + np.shape(out[0]))


def percentile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, **kwargs):
    """Percentiles along axes."""
    if np.any((np.asarray(q) < 0) | (np.asarray(q) > 100)):
        raise ValueError("Percentiles must be in the range [0, 100]")
    return quantile(a, q / 100 if isinstance(q, (int, float)) else np.asarray(q, dtype=np.float64) / 100, axis, method=method, keepdims=keepdims)


def cov(m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, *, dtype=None):
    """The covariance matrix of variables in rows, in float64 unless a dtype is given."""
    if dtype is None:
        dtype = np.result_type(m, np.float64) if y is None else np.result_type(m, y, np.float64)
    x = np.atleast_2d(np.asarray(m, dtype))
    if not rowvar and np.ndim(m) > 1:
        x = x.T
    if y is not None:
        y = np.atleast_2d(np.asarray(y, dtype))
        x = np.concatenate([x, y if rowvar or y.shape[0] == 1 else y.T], 0)
    ddof = (0 if bias else 1) if ddof is None else ddof
    if ddof != int(ddof):
        raise ValueError("ddof must be integer")
    w = _observations(x.shape[1], fweights, aweights)
    if w is None:
        away = x - np.mean(x, axis=1, keepdims=True)
        weighted, divisor = away, x.shape[1] - ddof
    else:
        total = np.sum(w)
        away = x - (np.sum(x * w, axis=1) / total)[:, None]
        weighted = away * w
        divisor = total - ddof if aweights is None else total - ddof * np.sum(w * np.asarray(aweights)) / total
    return np.squeeze(np.dot(away, np.conj(weighted.T)) / np.maximum(divisor, 0.0)).astype(dtype)[()]


def _observations(n, fweights, aweights):
    """The weights of n observations, or None where all weigh the same."""
    w = None
    for name, given in (("fweights", fweights), ("aweights", aweights)):
        if given is None:
            continue
        given = np.asarray(given, dtype=np.float64)
        if name == "fweights" and np.any(given != np.round(given)):
            raise TypeError("fweights must be integer")
        if given.ndim != 1:
            raise RuntimeError(f"cannot handle multidimensional {name}")
        if len(given) != n:
            raise RuntimeError(f"incompatible numbers of samples and {name}")
        if np.any(given < 0):
            raise ValueError(f"{name} cannot be negative")
        w = given if w is None else w * given
    return w


def corrcoef(x, y=None, rowvar=True, *, dtype=None):
    """Correlation coefficients of variables in rows, in float64 unless a dtype is given."""
    c = cov(x, y, rowvar, dtype=dtype)
    if np.ndim(c) == 0:
        return c / c
    d = np.sqrt(np.diag(c))
    return np.clip(c / d[:, None] / d[None, :], -1, 1)
