"""Padding."""

import numpy as np


def pad(array, pad_width, mode="constant", **kwargs):
    """Pad an array along its axes."""
    array = np.asarray(array)
    if isinstance(pad_width, dict):
        pad_width = [pad_width.get(i, (0, 0)) for i in range(array.ndim)]
    width = np.broadcast_to(np.asarray(pad_width), (array.ndim, 2)).tolist()
    modes = ("constant", "edge", "wrap", "reflect", "symmetric", "maximum", "minimum", "mean")
    if mode not in modes:
        raise ValueError(f"mode '{mode}' is not supported here, want one of {', '.join(modes)}")
    values = np.broadcast_to(np.asarray(kwargs.pop("constant_values", 0)), (array.ndim, 2)).tolist()
    if kwargs:
        raise ValueError(f"unsupported keyword arguments for mode '{mode}': {set(kwargs)}")
    for axis, (before, after) in enumerate(width):
        if before < 0 or after < 0:
            raise ValueError("index can't contain negative values")
        array = _pad_axis(array, axis, before, after, mode, values[axis])
    return array


def _pad_axis(a, axis, before, after, mode, values):
    n = a.shape[axis]
    if mode in ("constant", "maximum", "minimum", "mean"):
        parts = []
        for count, value in ((before, values[0]), (after, values[1])):
            shape = list(a.shape)
            shape[axis] = count
            part = np.full(shape, value, a.dtype) if mode == "constant" else np.zeros(shape, a.dtype)
            if mode != "constant":
                fold = {"maximum": np.max, "minimum": np.min, "mean": np.mean}[mode]
                stat = fold(a, axis=axis, keepdims=True)
                part[...] = np.round(stat) if mode == "mean" and a.dtype.kind in "iu" else stat
            parts.append(part)
        return np.concatenate([parts[0], a, parts[1]], axis)
    if n == 0 and before + after:
        raise ValueError(f"can't extend empty axis {axis} using modes other than 'constant' or 'empty'")
    at = np.arange(-before, n + after)
    if mode == "edge":
        at = np.clip(at, 0, n - 1)
    elif mode == "wrap":
        at = at % n
    elif mode == "symmetric":
        at = at % (2 * n)
        at = np.where(at >= n, 2 * n - 1 - at, at)
    elif n == 1:
        at = at * 0
    else:
        at = at % (2 * n - 2)
        at = np.where(at >= n, 2 * n - 2 - at, at)
    return np.take(a, at, axis)
