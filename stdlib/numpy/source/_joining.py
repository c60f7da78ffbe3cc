"""Joining arrays."""

import numpy as np


def atleast_1d(*arys):
    """Arrays with at least one axis."""
    out = tuple(a.reshape(1) if a.ndim == 0 else a for a in map(np.asarray, arys))
    return out[0] if len(out) == 1 else out


def atleast_2d(*arys):
    """Arrays with at least two axes."""
    out = []
    for a in map(np.asarray, arys):
        if a.ndim == 0:
            a = a.reshape(1, 1)
        elif a.ndim == 1:
            a = a[None, :]
        out.append(a)
    return out[0] if len(out) == 1 else tuple(out)


def atleast_3d(*arys):
    """Arrays with at least three axes."""
    out = []
    for a in map(np.asarray, arys):
        if a.ndim == 0:
            a = a.reshape(1, 1, 1)
        elif a.ndim == 1:
            a = a[None, :, None]
        elif a.ndim == 2:
            a = a[:, :, None]
        out.append(a)
    return out[0] if len(out) == 1 else tuple(out)


def stack(arrays, axis=0, out=None, *, dtype=None, casting="same_kind"):
    """Join arrays along a new axis."""
    arrays = [np.asarray(a) for a in arrays]
    if not arrays:
        raise ValueError("need at least one array to stack")
    if len({a.shape for a in arrays}) != 1:
        raise ValueError("all input arrays must have the same shape")
    return np.concatenate([np.expand_dims(a, axis) for a in arrays], axis, out, dtype=dtype)


def vstack(tup, *, dtype=None, casting="same_kind"):
    """Stack arrays row-wise."""
    return np.concatenate([atleast_2d(a) for a in tup], 0, dtype=dtype)


def hstack(tup, *, dtype=None, casting="same_kind"):
    """Stack arrays column-wise."""
    arrays = [atleast_1d(a) for a in tup]
    return np.concatenate(arrays, 0 if arrays and arrays[0].ndim == 1 else 1, dtype=dtype)


def dstack(tup):
    """Stack arrays along the third axis."""
    return np.concatenate([atleast_3d(a) for a in tup], 2)


def column_stack(tup):
    """Stack vectors as the columns of a matrix."""
    return np.concatenate([a[:, None] if a.ndim < 2 else a for a in map(atleast_1d, tup)], 1)


def append(arr, values, axis=None):
    """A copy with values added at the end."""
    if axis is None:
        return np.concatenate([np.ravel(arr), np.ravel(values)])
    return np.concatenate([np.asarray(arr), np.asarray(values)], axis)


def insert(arr, obj, values, axis=None):
    """A copy with values inserted before an index."""
    arr = np.asarray(arr)
    if axis is None:
        arr, axis = arr.ravel(), 0
    arr = np.moveaxis(arr, axis, 0)
    n = len(arr)
    at = np.atleast_1d(obj)
    at = np.where(at < 0, at + n, at)
    if np.any((at < 0) | (at > n)):
        raise IndexError(f"index {obj} is out of bounds for axis {axis} with size {n}")
    values = np.asarray(values).astype(arr.dtype)
    if np.ndim(obj) == 0 and values.ndim == arr.ndim:
        values = np.moveaxis(values, axis, 0)
        at = np.repeat(at, len(values))
    values = np.broadcast_to(values, (len(at),) + arr.shape[1:])
    order = np.argsort(np.concatenate([at * 2, np.arange(n) * 2 + 1]))
    out = np.concatenate([values, arr], 0)[order]
    return np.moveaxis(out, 0, axis)


def delete(arr, obj, axis=None):
    """A copy without the elements at indices."""
    arr = np.asarray(arr)
    if axis is None:
        arr, axis = arr.ravel(), 0
    n = arr.shape[axis]
    keep = np.ones(n, bool)
    if isinstance(obj, (list, tuple)):
        obj = np.asarray(obj, dtype=None if len(obj) else int)
    if isinstance(obj, (bool, np.bool_)) or isinstance(obj, np.ndarray) and obj.dtype == bool and obj.shape != (n,):
        raise ValueError(f"boolean array argument obj to delete must be one dimensional and match the axis length of {n}")
    if isinstance(obj, np.ndarray) or isinstance(obj, slice):
        keep[obj] = False
    else:
        if not -n <= obj < n:
            raise IndexError(f"index {obj} is out of bounds for axis {axis} with size {n}")
        keep[obj] = False
    return np.compress(keep, arr, axis)


class _Joiner:
    """r_, which joins what stands in its brackets, and c_, which makes columns of it."""

    def __init__(self, columns):
        self.columns = columns

    def __getitem__(self, key):
        parts = []
        for k in key if isinstance(key, tuple) else (key,):
            if isinstance(k, slice):
                start = 0 if k.start is None else k.start
                step = 1 if k.step is None else k.step
                if isinstance(step, complex):
                    k = np.linspace(start, k.stop, int(abs(step)))
                else:
                    k = np.arange(start, k.stop, step)
            k = atleast_1d(k)
            parts.append(k[:, None] if self.columns and k.ndim == 1 else k)
        return np.concatenate(parts, -1 if self.columns else 0)
