"""Grids of coordinates, and the objects that make them of slices."""

import itertools

import numpy as np


def meshgrid(*xi, copy=True, sparse=False, indexing="xy"):
    """Coordinate matrices from coordinate vectors."""
    if indexing not in ("xy", "ij"):
        raise ValueError("Valid values for `indexing` are 'xy' and 'ij'.")
    n = len(xi)
    out = []
    for i, x in enumerate(xi):
        shape = [1] * n
        shape[i] = -1
        out.append(np.asarray(x).reshape(shape))
    if indexing == "xy" and n > 1:
        out = [np.swapaxes(x, 0, 1) for x in out]
    if not sparse:
        out = list(np.broadcast_arrays(*out))
    if copy:
        out = [x.copy() for x in out]
    return tuple(out)


def indices(dimensions, dtype=int, sparse=False):
    """An array of the indices of a grid."""
    n = len(dimensions)
    grids = []
    for i, size in enumerate(dimensions):
        shape = [1] * n
        shape[i] = size
        grids.append(np.arange(size, dtype=dtype).reshape(shape))
    if sparse:
        return tuple(grids)
    out = np.empty((n,) + tuple(dimensions), dtype)
    for i in range(n):
        out[i] = grids[i]
    return out


def ndenumerate(arr):
    """Pairs of index and element."""
    arr = np.asarray(arr)
    for i in ndindex(arr.shape):
        yield i, arr[i]


def ndindex(*shape):
    """The indices of a shape, in order."""
    import itertools

    if len(shape) == 1 and isinstance(shape[0], tuple):
        shape = shape[0]
    return itertools.product(*(range(n) for n in shape))


def ix_(*args):
    """Index arrays that select a grid."""
    out = []
    for i, x in enumerate(args):
        x = np.asarray(x)
        if x.dtype == bool:
            x = np.nonzero(x)[0]
        shape = [1] * len(args)
        shape[i] = -1
        out.append(x.reshape(shape))
    return tuple(out)


class _Grid:
    """mgrid, and ogrid, whose arrays have the length 1 along each other's axes."""

    def __init__(self, sparse):
        self.sparse = sparse

    def __getitem__(self, key):
        spans = key if isinstance(key, tuple) else (key,)
        rows = [self._row(s) for s in spans]
        kind = np.result_type(*rows)
        if not isinstance(key, tuple):
            return rows[0]
        rank = len(rows)
        open_ = tuple(r.astype(kind).reshape((1,) * i + (-1,) + (1,) * (rank - i - 1)) for i, r in enumerate(rows))
        if self.sparse:
            return open_
        full = np.empty((rank,) + tuple(len(r) for r in rows), kind)
        for i, r in enumerate(open_):
            full[i] = r
        return full

    def _row(self, s):
        start = 0 if s.start is None else s.start
        step = 1 if s.step is None else s.step
        if isinstance(step, complex):
            n = int(abs(step))
            return np.arange(n) * ((s.stop - start) / float(n - 1) if n > 1 else 0.0) + start
        return np.arange(start, s.stop, step)


class _Index:
    """s_, which gives what stands in its brackets, and index_exp, which makes a tuple of it."""

    def __init__(self, plain):
        self.plain = plain

    def __getitem__(self, key):
        return key if self.plain or isinstance(key, tuple) else (key,)
