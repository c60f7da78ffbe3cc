"""Writing into arrays by masks and places."""

import numpy as np

from numpy._selection import _along


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


def put_along_axis(arr, indices, values, axis):
    """Put values into an array at indices along an axis."""
    if axis is None:
        arr, axis = arr.reshape(-1), 0
    arr[_along(arr, np.asarray(indices), axis)] = values
