"""Choosing elements by places and masks."""

import numpy as np


def compress(condition, a, axis=None, out=None):
    """The slices of an array at which a condition holds."""
    a = np.asarray(a)
    condition = np.asarray(condition)
    if not isinstance(condition, np.ndarray) or condition.ndim != 1:
        raise ValueError("condition must be a 1-d array")
    if axis is None:
        a, axis = a.ravel(), 0
    return np.take(a, np.nonzero(condition)[0], axis)


def extract(condition, arr):
    """The elements of the flattened array at which a condition holds."""
    return np.take(np.ravel(arr), np.nonzero(np.ravel(condition))[0])


def take_along_axis(arr, indices, axis=-1):
    """Elements of an array at indices along an axis."""
    arr = np.asarray(arr)
    indices = np.asarray(indices)
    if axis is None:
        return arr.ravel()[indices]
    return arr[_along(arr, indices, axis)]


def _along(arr, indices, axis):
    axis %= arr.ndim
    key = []
    for i in range(arr.ndim):
        if i == axis:
            key.append(indices)
        else:
            shape = [1] * arr.ndim
            shape[i] = arr.shape[i] if indices.shape[i] == 1 or indices.shape[i] == arr.shape[i] else indices.shape[i]
            key.append(np.arange(shape[i]).reshape(shape))
    return tuple(key)


def unravel_index(indices, shape, order="C"):
    """Indices along the axes of flat indices."""
    indices = np.asarray(indices)
    out = []
    for n in reversed(tuple(shape) if np.ndim(shape) else (shape,)):
        out.append(indices % n)
        indices = indices // n
    if np.any(indices != 0):
        raise ValueError("index is out of bounds for array with the given shape")
    return tuple(reversed(out))


def ravel_multi_index(multi_index, dims, mode="raise", order="C"):
    """Flat indices of indices along the axes."""
    out = 0
    for i, n in zip(multi_index, dims):
        i = np.asarray(i)
        if np.any((i < 0) | (i >= n)):
            raise ValueError("invalid entry in coordinates array")
        out = out * n + i
    return out


def argwhere(a):
    """The indices of the elements that are not zero, one row each."""
    a = np.asarray(a)
    return np.stack(np.nonzero(a), 1) if a.ndim else np.zeros((int(bool(a)), 0), int)


def flatnonzero(a):
    """The flat indices of the elements that are not zero."""
    return np.nonzero(np.ravel(a))[0]
