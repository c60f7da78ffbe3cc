"""Differences, gradients and running sums along an axis."""

import numpy as np


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
