"""Moving elements and axes."""

import numpy as np


def tile(A, reps):
    """Repeat an array by numbers of times along its axes."""
    A = np.asarray(A)
    reps = (reps,) if np.ndim(reps) == 0 else tuple(int(r) for r in reps)
    rank = max(A.ndim, len(reps))
    reps = (1,) * (rank - len(reps)) + reps
    A = A.reshape((1,) * (rank - A.ndim) + A.shape)
    for axis, r in enumerate(reps):
        if r != 1:
            A = np.concatenate([A] * r, axis) if r else np.take(A, [], axis)
    return A.copy()


def flip(m, axis=None):
    """A view with the order of elements along axes reversed."""
    m = np.asarray(m)
    if axis is None:
        axis = tuple(range(m.ndim))
    elif not isinstance(axis, tuple):
        axis = (axis,)
    axes = [a % m.ndim if -m.ndim <= a < m.ndim else _bad_axis(a, m.ndim) for a in axis]
    return m[tuple(slice(None, None, -1) if i in axes else slice(None) for i in range(m.ndim))]


def _bad_axis(axis, rank):
    raise np.exceptions.AxisError(f"axis {axis} is out of bounds for array of dimension {rank}")


def fliplr(m):
    """A view with the columns in reverse order."""
    return np.asarray(m)[:, ::-1]


def flipud(m):
    """A view with the rows in reverse order."""
    return np.asarray(m)[::-1, ...]


def rot90(m, k=1, axes=(0, 1)):
    """The array turned by 90 degrees in a plane."""
    m = np.asarray(m)
    k %= 4
    if k == 0:
        return m[:]
    if k == 2:
        return flip(flip(m, axes[0]), axes[1])
    if k == 1:
        return np.swapaxes(flip(m, axes[1]), axes[0], axes[1])
    return flip(np.swapaxes(m, axes[0], axes[1]), axes[1])


def roll(a, shift, axis=None):
    """Elements moved along an axis, those at the end to the front."""
    a = np.asarray(a)
    if axis is None:
        return roll(a.ravel(), shift, 0).reshape(a.shape)
    shifts = shift if isinstance(shift, (list, tuple)) else (shift,)
    axes = axis if isinstance(axis, (list, tuple)) else (axis,)
    if len(axes) == 1:
        axes = axes * len(shifts)
    if len(shifts) == 1:
        shifts = tuple(shifts) * len(axes)
    for s, ax in zip(shifts, axes):
        n = a.shape[ax]
        if n:
            a = np.take(a, (np.arange(n) - s) % n, ax)
    return a.copy()


def rollaxis(a, axis, start=0):
    """A view with an axis moved backwards."""
    a = np.asarray(a)
    axis %= a.ndim
    if axis < start:
        start -= 1
    return np.moveaxis(a, axis, start)


def permute_dims(a, axes=None):
    """transpose."""
    return np.transpose(a, axes)


def matrix_transpose(x, /):
    """A view with the last two axes exchanged."""
    return np.swapaxes(x, -1, -2)


def resize(a, new_shape):
    """A copy of another shape, repeating elements as needed."""
    a = np.ravel(a)
    shape = (new_shape,) if np.ndim(new_shape) == 0 else tuple(new_shape)
    n = 1
    for k in shape:
        n *= k
    if a.size == 0:
        return np.zeros(shape, a.dtype)
    return tile(a, -(-n // a.size))[:n].reshape(shape)


def trim_zeros(filt, trim="fb"):
    """A vector without zeros at its ends."""
    filt = np.asarray(filt)
    at = np.nonzero(filt)[0]
    if len(at) == 0:
        return filt[:0]
    first = at[0] if "f" in trim else 0
    last = at[-1] + 1 if "b" in trim else len(filt)
    return filt[first:last]


def ndim(a):
    """The number of axes."""
    if isinstance(a, (int, float, complex)):
        return 0
    return np.asarray(a).ndim


def shape(a):
    """The length of each axis."""
    return np.asarray(a).shape


def size(a, axis=None):
    """The number of elements, or the length of an axis."""
    a = np.asarray(a)
    return a.size if axis is None else a.shape[axis]
