"""Reductions that leave NaN out."""

import numpy as np

from numpy._output import _into


def _without_nan(a, value):
    a = np.asarray(a)
    return np.where(np.isnan(a), np.asarray(value, a.dtype), a) if a.dtype.kind in "fc" else a


def nansum(a, axis=None, dtype=None, out=None, keepdims=False):
    """Sum, NaN counting as zero."""
    return np.sum(_without_nan(a, 0), axis=axis, dtype=dtype, keepdims=keepdims)


def nanprod(a, axis=None, dtype=None, out=None, keepdims=False):
    """Product, NaN counting as one."""
    return np.prod(_without_nan(a, 1), axis=axis, dtype=dtype, keepdims=keepdims)


def nanmean(a, axis=None, dtype=None, out=None, keepdims=False):
    """Mean of what is not NaN."""
    a = np.asarray(a)
    if a.dtype.kind not in "fc":
        return np.mean(a, axis=axis, dtype=dtype, keepdims=keepdims)
    return _shared(nansum(a, axis, dtype, keepdims=keepdims), np.sum(~np.isnan(a), axis=axis, keepdims=keepdims))


def _shared(total, count):
    """A sum divided by counts, in the sum's dtype."""
    return (total / count).astype(total.dtype)


def nanvar(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    """Variance of what is not NaN."""
    a = np.asarray(a)
    if a.dtype.kind not in "fc":
        return np.var(a, axis=axis, dtype=dtype, ddof=ddof, keepdims=keepdims)
    if dtype is not None:
        a = a.astype(dtype)
    n = np.sum(~np.isnan(a), axis=axis, keepdims=keepdims)
    away = a - nanmean(a, axis, keepdims=True)
    y = _shared(nansum(away * away, axis, keepdims=keepdims), np.maximum(n - ddof, 0))
    return np.where(n - ddof <= 0, np.asarray(np.nan, y.dtype), y)[()]


def nanstd(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    """Standard deviation of what is not NaN."""
    return np.sqrt(nanvar(a, axis, dtype, ddof=ddof, keepdims=keepdims))


def nanmax(a, axis=None, out=None, keepdims=False):
    """Maximum of what is not NaN."""
    y = np.max(_without_nan(a, -np.inf), axis=axis, keepdims=keepdims)
    return np.where(np.all(np.isnan(a), axis=axis, keepdims=keepdims), np.nan, y)[()] if np.asarray(a).dtype.kind == "f" else y


def nanmin(a, axis=None, out=None, keepdims=False):
    """Minimum of what is not NaN."""
    y = np.min(_without_nan(a, np.inf), axis=axis, keepdims=keepdims)
    return np.where(np.all(np.isnan(a), axis=axis, keepdims=keepdims), np.nan, y)[()] if np.asarray(a).dtype.kind == "f" else y


def nanargmax(a, axis=None):
    """Index of the maximum of what is not NaN."""
    return np.argmax(_without_nan(a, -np.inf), axis)


def nanargmin(a, axis=None):
    """Index of the minimum of what is not NaN."""
    return np.argmin(_without_nan(a, np.inf), axis)


def nancumsum(a, axis=None):
    """Running sum, NaN counting as zero."""
    return np.cumsum(_without_nan(a, 0), axis)


def nancumprod(a, axis=None, dtype=None, out=None):
    """Running product, NaN counting as one."""
    return _into(np.cumprod(_without_nan(a, 1), axis, dtype), out)


def nanmedian(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    """Median of what is not NaN."""
    a = np.asarray(a)
    return nanpercentile(a.astype(np.float64) if a.dtype.kind == "b" else a, 50, axis, keepdims=keepdims)


def nanquantile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False):
    """Quantiles of what is not NaN."""
    return nanpercentile(a, q * 100 if isinstance(q, (int, float)) else np.asarray(q, dtype=np.float64) * 100, axis, out, overwrite_input, method, keepdims)


def nanpercentile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False):
    """Percentiles of what is not NaN."""
    a = np.asarray(a)
    if keepdims:
        y = nanpercentile(a, q, axis, None, overwrite_input, method)
        axes = range(a.ndim) if axis is None else [axis % a.ndim]
        shape = [1 if i in axes else n for i, n in enumerate(a.shape)]
        return _into(np.reshape(y, tuple(np.shape(q)) + tuple(shape)), out)
    if axis is None:
        a, axis = a.ravel(), 0
    moved = np.moveaxis(a, axis, -1)
    rows = moved.reshape(-1, moved.shape[-1])
    y = np.stack([np.percentile(row[~np.isnan(row)], q, method=method) for row in rows], axis=-1)
    return _into(y.reshape(np.shape(q) + moved.shape[:-1])[()], out)
