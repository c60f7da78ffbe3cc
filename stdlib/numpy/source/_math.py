"""The functions of numpy that compute, in terms of its others."""

import numpy as np


def clip(a, a_min=None, a_max=None, out=None, *, min=None, max=None):
    """Limit values to an interval."""
    a_min = min if min is not None else a_min
    a_max = max if max is not None else a_max
    y = np.asarray(a)
    if a_min is not None:
        y = np.maximum(y, a_min)
    if a_max is not None:
        y = np.minimum(y, a_max)
    return _into(y, out)


def _into(y, out):
    if out is None:
        return y
    out[...] = y
    return out


def round(a, decimals=0, out=None):
    """Round to a number of decimals, ties to even."""
    a = np.asarray(a)
    if a.dtype.kind in "iu" and decimals >= 0:
        return _into(a.copy() if a.ndim else a[()], out)
    if decimals == 0:
        return _into(np.rint(a), out)
    if a.dtype.kind == "b":
        raise TypeError("Cannot cast ufunc 'multiply' output from dtype('float64') to dtype('bool') with casting rule 'same_kind'")
    if decimals > 0:
        p = 10.0**decimals
        return _into(np.rint(a * p) / p, out)
    p = 10.0**-decimals
    return _into((np.rint(a / p) * p).astype(a.dtype), out)


def around(a, decimals=0, out=None):
    """round."""
    return round(a, decimals, out)


def fix(x, out=None):
    """The nearest integer towards zero."""
    return _into(np.trunc(x), out)


def modf(x):
    """The fractional and the integral parts."""
    x = np.asarray(x)
    if x.dtype.kind != "f":
        x = x.astype(np.rint(x).dtype)
    whole = np.trunc(x)
    return np.copysign(np.where(np.isinf(x), 0, x - whole), x)[()].astype(x.dtype), whole[()]


def divmod(x1, x2):
    """Quotient and remainder."""
    return np.floor_divide(x1, x2), np.remainder(x1, x2)


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


def nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None):
    """Replace NaN and infinities by finite numbers."""
    x = np.asarray(x)
    if x.dtype.kind not in "fc":
        return x.copy() if x.ndim else x[()]
    if x.dtype.kind == "f":
        info = np.finfo(x.dtype)
        x = np.where(np.isnan(x), np.asarray(nan, x.dtype), x)
        x = np.where(x == np.inf, np.asarray(info.max if posinf is None else posinf, x.dtype), x)
        x = np.where(x == -np.inf, np.asarray(info.min if neginf is None else neginf, x.dtype), x)
    return x[()]


def isposinf(x):
    """Whether elements are positive infinity."""
    return np.asarray(x) == np.inf


def isneginf(x):
    """Whether elements are negative infinity."""
    return np.asarray(x) == -np.inf


def iscomplexobj(x):
    """Whether the dtype is complex."""
    return np.asarray(x).dtype.kind == "c"


def isrealobj(x):
    """Whether the dtype is not complex."""
    return not iscomplexobj(x)


def isreal(x):
    """Whether elements have no imaginary part."""
    return np.asarray(x).imag == 0


def iscomplex(x):
    """Whether elements have an imaginary part."""
    return np.asarray(x).imag != 0


def real(val):
    """The real parts."""
    return np.asarray(val).real


def imag(val):
    """The imaginary parts."""
    return np.asarray(val).imag


def angle(z, deg=False):
    """The angles of complex numbers."""
    z = np.asarray(z)
    a = np.arctan2(z.imag if z.dtype.kind == "c" else 0, z.real)
    return a * (180 / np.pi) if deg else a


def sinc(x):
    """sin(pi x) / (pi x)."""
    x = np.asarray(x)
    y = np.pi * np.where(x == 0, np.asarray(1, x.dtype), x)
    return np.where(x == 0, np.asarray(1, y.dtype), np.sin(y) / y)[()]


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
    y = np.stack([percentile(row[~np.isnan(row)], q, method=method) for row in rows], axis=-1)
    return _into(y.reshape(np.shape(q) + moved.shape[:-1])[()], out)


def cumulative_sum(x, /, *, axis=None, dtype=None, include_initial=False):
    """Running sum along an axis."""
    x = np.asarray(x)
    if axis is None:
        axis = 0
    y = np.cumsum(x, axis, dtype)
    if include_initial:
        shape = list(y.shape)
        shape[axis] = 1
        y = np.concatenate([np.zeros(shape, y.dtype), y], axis)
    return y


def diff(a, n=1, axis=-1, prepend=None, append=None):
    """Differences of neighbours along an axis."""
    a = np.asarray(a)
    if n < 0:
        raise ValueError(f"order must be non-negative but got {n}")
    parts = []
    for extra in (prepend, append):
        if extra is not None:
            extra = np.asarray(extra)
            if extra.ndim == 0:
                shape = list(a.shape)
                shape[axis] = 1
                extra = np.broadcast_to(extra, shape)
        parts.append(extra)
    if prepend is not None or append is not None:
        a = np.concatenate([x for x in (parts[0], a, parts[1]) if x is not None], axis)
    moved = np.moveaxis(a, axis, -1)
    for _ in range(n):
        moved = moved[..., 1:] != moved[..., :-1] if moved.dtype == bool else moved[..., 1:] - moved[..., :-1]
    return np.moveaxis(moved, -1, axis)


def ediff1d(ary, to_end=None, to_begin=None):
    """Differences of neighbours of the flattened array."""
    ary = np.ravel(ary)
    y = ary[1:] - ary[:-1]
    if to_begin is not None:
        y = np.concatenate([np.atleast_1d(to_begin), y])
    return y if to_end is None else np.concatenate([y, np.atleast_1d(to_end)])


def gradient(f, *varargs, axis=None, edge_order=1):
    """Central differences."""
    f = np.asarray(f)
    f = f.astype(np.float64) if f.dtype.kind in "iu" else f
    axes = tuple(range(f.ndim)) if axis is None else (axis if isinstance(axis, tuple) else (axis,))
    steps = list(varargs) if len(varargs) == len(axes) else [varargs[0] if varargs else 1.0] * len(axes)
    if edge_order != 1 or any(np.ndim(h) for h in steps):
        raise NotImplementedError("numpy.gradient: uneven spacing and edge_order=2 are not provided here")
    out = []
    for h, ax in zip(steps, axes):
        y = np.moveaxis(f, ax, 0)
        g = np.empty(y.shape, y.dtype)
        g[1:-1] = (y[2:] - y[:-2]) / (2.0 * h)
        g[0] = (y[1] - y[0]) / h
        g[-1] = (y[-1] - y[-2]) / h
        out.append(np.moveaxis(g, 0, ax))
    return out[0] if len(out) == 1 else tuple(out)


def trapezoid(y, x=None, dx=1.0, axis=-1):
    """The integral by the trapezoidal rule."""
    y = np.moveaxis(np.asarray(y), axis, -1)
    d = dx if x is None else diff(x)
    return np.sum(d * (y[..., 1:] + y[..., :-1]) / 2.0, axis=-1)


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


def interp(x, xp, fp, left=None, right=None, period=None):
    """Linear interpolation in a table."""
    if period is not None:
        raise NotImplementedError("numpy.interp: period is not provided here")
    x = np.asarray(x, dtype=np.float64)
    xp, fp = np.asarray(xp, dtype=np.float64), np.asarray(fp, dtype=np.float64)
    if len(xp) == 0:
        raise ValueError("array of sample points is empty")
    i = np.clip(np.searchsorted(xp, x, side="right") - 1, 0, max(len(xp) - 2, 0))
    j = np.minimum(i + 1, len(xp) - 1)
    width = np.where(xp[j] == xp[i], 1.0, xp[j] - xp[i])
    y = (fp[j] - fp[i]) / width * (x - xp[i]) + fp[i]
    y = np.where(x < xp[0], fp[0] if left is None else left, y)
    y = np.where(x > xp[-1], fp[-1] if right is None else right, y)
    return np.where(x == xp[-1], fp[-1], y)[()]


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
    m = np.vander(x, deg + 1)
    scale = np.sqrt(np.sum(m * m, axis=0))
    q, r = np.linalg.qr(m / scale)
    return np.linalg.solve(r, np.dot(q.T, y)) / scale


def apply_along_axis(func1d, axis, arr, *args, **kwargs):
    """A function applied to the vectors along an axis."""
    arr = np.moveaxis(np.asarray(arr), axis, -1)
    rows = arr.reshape(-1, arr.shape[-1])
    out = np.array([func1d(row, *args, **kwargs) for row in rows])
    out = out.reshape(arr.shape[:-1] + out.shape[1:])
    return np.moveaxis(out, -1, axis) if out.ndim == arr.ndim else out


class vectorize:
    """A function of numbers as one of arrays, by a loop."""

    def __init__(self, pyfunc, otypes=None):
        self.pyfunc, self.otypes = pyfunc, otypes

    def __call__(self, *args, **kwargs):
        arrays = np.broadcast_arrays(*args)
        values = [self.pyfunc(*row, **kwargs) for row in zip(*(a.ravel() for a in arrays))]
        kind = self.otypes[0] if self.otypes else None
        return np.array(values, dtype=kind).reshape(arrays[0].shape)[()]


def piecewise(x, condlist, funclist):
    """A function given by pieces."""
    x = np.asarray(x)
    y = np.zeros(x.shape, x.dtype)
    if len(funclist) == len(condlist) + 1:
        rest = np.ones(x.shape, bool)
        for c in condlist:
            rest = rest & ~np.asarray(c)
        condlist = list(condlist) + [rest]
    for c, f in zip(condlist, funclist):
        c = np.asarray(c)
        y[c] = f(x[c]) if callable(f) else f
    return y


def select(condlist, choicelist, default=0):
    """Elements of the first choice whose condition holds."""
    if len(condlist) != len(choicelist):
        raise ValueError("list of cases must be same length as list of conditions")
    kind = np.result_type(*choicelist, default)
    out = np.asarray(default, kind)
    for c, x in zip(reversed(condlist), reversed(choicelist)):
        out = np.where(c, np.asarray(x, kind), out)
    return out


def choose(a, choices, out=None, mode="raise"):
    """Elements of the choice that an index names."""
    a = np.asarray(a)
    y = np.asarray(choices[0])
    for i, x in enumerate(choices):
        y = np.where(a == i, x, y)
    return y


def copyto(dst, src, casting="same_kind", where=True):
    """Copy elements into an array."""
    if where is True:
        dst[...] = src
    else:
        dst[...] = np.where(where, src, dst)


def putmask(a, mask, values):
    """Set the elements at which a mask holds."""
    a[...] = np.where(mask, np.resize(values, a.shape), a)


def place(arr, mask, vals):
    """Set the elements at which a mask holds, in order."""
    mask = np.asarray(mask)
    arr[mask] = np.resize(vals, int(np.sum(mask)))


def fill_diagonal(a, val, wrap=False):
    """Set the main diagonal."""
    at = np.arange(min(a.shape))
    a[(at,) * a.ndim] = val
