"""Windows on arrays by strides."""

import numpy as np


def as_strided(x, shape=None, strides=None, subok=False, writeable=True):
    """A view of a shape and of strides in bytes, which must stay within the array's memory."""
    x = np.asarray(x)
    shape = x.shape if shape is None else tuple(shape)
    strides = x.strides if strides is None else tuple(strides)
    view = np._as_strided(x, shape, strides)
    if not writeable:
        view.setflags(write=False)
    return view


def sliding_window_view(x, window_shape, axis=None, *, subok=False, writeable=False):
    """The windows of a shape that slide over axes, as further axes at the end."""
    x = np.asarray(x)
    window = tuple(window_shape) if np.iterable(window_shape) else (window_shape,)
    if any(n < 0 for n in window):
        raise ValueError("`window_shape` cannot contain negative values")
    if axis is None:
        axes = tuple(range(x.ndim))
        if len(window) != len(axes):
            raise ValueError(f"Since axis is `None`, must provide window_shape for all dimensions of `x`; got {len(window)} window_shape elements and `x.ndim` is {x.ndim}.")
    else:
        axes = tuple(a % x.ndim for a in (axis if isinstance(axis, (tuple, list)) else (axis,)))
        if len(window) != len(axes):
            raise ValueError(f"Must provide matching length window_shape and axis; got {len(window)} window_shape elements and {len(axes)} axes elements.")
    left = list(x.shape)
    for a, n in zip(axes, window):
        if left[a] < n:
            raise ValueError("window shape cannot be larger than input array shape")
        left[a] -= n - 1
    return as_strided(x, tuple(left) + window, x.strides + tuple(x.strides[a] for a in axes), writeable=writeable)


def broadcast_to(array, shape, subok=False):
    """numpy.broadcast_to."""
    return np.broadcast_to(array, shape)
