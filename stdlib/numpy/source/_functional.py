"""Functions applied along axes, element by element and piece by piece."""

import numpy as np


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


def fromfunction(function, shape, *, dtype=float, **kwargs):
    """An array whose elements a function makes of their indices."""
    return function(*np.indices(shape, dtype), **kwargs)


def iterable(y):
    """Whether a value can be iterated over."""
    try:
        return iter(y) is not None
    except TypeError:
        return False
