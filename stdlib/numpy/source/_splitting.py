"""Splitting arrays."""

import numpy as np


def array_split(ary, indices_or_sections, axis=0):
    """Cut an array into parts, which may differ by one."""
    ary = np.asarray(ary)
    n = ary.shape[axis]
    if isinstance(indices_or_sections, (list, tuple, np.ndarray)):
        cuts = [0] + [int(i) for i in indices_or_sections] + [n]
    else:
        k = int(indices_or_sections)
        if k <= 0:
            raise ValueError("number sections must be larger than 0.")
        each, extra = divmod(n, k)
        cuts = [0]
        for i in range(k):
            cuts.append(cuts[-1] + each + (1 if i < extra else 0))
    moved = np.swapaxes(ary, axis, 0)
    return [np.swapaxes(moved[a:b], axis, 0) for a, b in zip(cuts[:-1], cuts[1:])]


def split(ary, indices_or_sections, axis=0):
    """Cut an array into parts of one size, or at indices."""
    if not isinstance(indices_or_sections, (list, tuple, np.ndarray)):
        if np.asarray(ary).shape[axis] % indices_or_sections:
            raise ValueError("array split does not result in an equal division")
    return array_split(ary, indices_or_sections, axis)


def vsplit(ary, indices_or_sections):
    """split along the first axis."""
    return split(ary, indices_or_sections, 0)


def hsplit(ary, indices_or_sections):
    """split along the second axis, or the only one."""
    return split(ary, indices_or_sections, 0 if np.ndim(ary) == 1 else 1)


def dsplit(ary, indices_or_sections):
    """split along the third axis."""
    return split(ary, indices_or_sections, 2)


def unstack(x, /, *, axis=0):
    """The slices along an axis."""
    x = np.moveaxis(np.asarray(x), axis, 0)
    return tuple(x[i] for i in range(len(x)))
