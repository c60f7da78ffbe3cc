"""Rounding, limits and parts of numbers."""

import numpy as np

from numpy._output import _into


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


def round(a, decimals=0, out=None):
    """Round to a number of decimals, ties to even."""
    a = np.asarray(a)
    if a.dtype.kind == "c":
        return _into(np.stack([round(a.real, decimals), round(a.imag, decimals)], -1).view(a.dtype)[..., 0][()], out)
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


def sinc(x):
    """sin(pi x) / (pi x)."""
    x = np.asarray(x)
    y = np.pi * np.where(x == 0, np.asarray(1, x.dtype), x)
    return np.where(x == 0, np.asarray(1, y.dtype), np.sin(y) / y)[()]
