"""The functions of numpy that build and rearrange arrays, in terms of its others."""

import numpy as np


def identity(n, dtype=None):
    """A square array with ones on the main diagonal."""
    return np.eye(n, dtype=dtype)


def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0):
    """Evenly spaced numbers over an interval."""
    num = int(num)
    if num < 0:
        raise ValueError(f"Number of samples, {num}, must be non-negative.")
    div = num - 1 if endpoint else num
    start, stop = np.asarray(start) * 1.0, np.asarray(stop) * 1.0
    result = np.result_type(start, stop, 1.0)
    delta = np.subtract(stop, start)
    y = np.arange(0, num, dtype=result).reshape((-1,) + (1,) * np.ndim(delta))
    step = np.divide(delta, div) if div > 0 else np.nan
    if div > 0:
        y = y * delta / div if np.any(step == 0) else y * step
    else:
        y = y * delta
    y = y + start
    if endpoint and num > 1:
        y[-1, ...] = stop
    if axis != 0:
        y = np.moveaxis(y, 0, axis)
    if dtype is not None:
        if np.issubdtype(dtype, np.integer):
            y = np.floor(y)
        y = y.astype(dtype)
    return (y, step) if retstep else y


def logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0):
    """Numbers spaced evenly on a log scale."""
    y = np.power(base, linspace(start, stop, num, endpoint, axis=axis))
    return y if dtype is None else y.astype(dtype)


def geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0):
    """Numbers in a geometric progression."""
    start, stop = float(start), float(stop)
    if start == 0 or stop == 0:
        raise ValueError("Geometric sequence cannot include zero")
    sign = -1.0 if start < 0 and stop < 0 else 1.0
    y = logspace(np.log10(sign * start), np.log10(sign * stop), num, endpoint)
    if num > 0:
        y[0] = sign * start
        if num > 1 and endpoint:
            y[-1] = sign * stop
    y = sign * y
    return y if dtype is None else y.astype(dtype)


def tri(N, M=None, k=0, dtype=float):
    """Ones at and below a diagonal, zeros elsewhere."""
    M = N if M is None else M
    return (np.arange(N).reshape(-1, 1) >= np.arange(-k, M - k)).astype(dtype)


def tril(m, k=0):
    """The lower triangle of an array."""
    m = np.asarray(m)
    return np.where(tri(m.shape[-2], m.shape[-1], k, bool), m, np.zeros(1, m.dtype))


def triu(m, k=0):
    """The upper triangle of an array."""
    m = np.asarray(m)
    return np.where(tri(m.shape[-2], m.shape[-1], k - 1, bool), np.zeros(1, m.dtype), m)


def tril_indices(n, k=0, m=None):
    """The indices of the lower triangle."""
    return np.nonzero(tri(n, m, k, bool))


def triu_indices(n, k=0, m=None):
    """The indices of the upper triangle."""
    return np.nonzero(~tri(n, m, k - 1, bool))


def diag(v, k=0):
    """The diagonal of a matrix, or a matrix with a diagonal."""
    v = np.asarray(v)
    if v.ndim == 1:
        n = len(v) + abs(k)
        out = np.zeros((n, n), v.dtype)
        at = np.arange(len(v))
        out[at + max(-k, 0), at + max(k, 0)] = v
        return out
    if v.ndim == 2:
        return diagonal(v, k)
    raise ValueError("Input must be 1- or 2-d.")


def diagflat(v, k=0):
    """A matrix with the flattened input on a diagonal."""
    return diag(np.ravel(v), k)


def diagonal(a, offset=0, axis1=0, axis2=1):
    """The elements of a diagonal."""
    a = np.asarray(a)
    if a.ndim < 2:
        raise ValueError("diag requires an array of at least two dimensions")
    a = np.moveaxis(a, (axis1, axis2), (-2, -1))
    n = max(min(a.shape[-2] + min(offset, 0), a.shape[-1] - max(offset, 0)), 0)
    at = np.arange(n)
    return a[..., at + max(-offset, 0), at + max(offset, 0)]


def trace(a, offset=0, axis1=0, axis2=1, dtype=None, out=None):
    """The sum along a diagonal."""
    return np.sum(diagonal(a, offset, axis1, axis2), axis=-1, dtype=dtype, out=out)


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


def fromfunction(function, shape, *, dtype=float, **kwargs):
    """An array whose elements a function makes of their indices."""
    return function(*indices(shape, dtype), **kwargs)


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
    return compress(keep, arr, axis)


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


def take_along_axis(arr, indices, axis=-1):
    """Elements of an array at indices along an axis."""
    arr = np.asarray(arr)
    indices = np.asarray(indices)
    if axis is None:
        return arr.ravel()[indices]
    return arr[_along(arr, indices, axis)]


def put_along_axis(arr, indices, values, axis):
    """Put values into an array at indices along an axis."""
    if axis is None:
        arr, axis = arr.reshape(-1), 0
    arr[_along(arr, np.asarray(indices), axis)] = values


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
    return stack(np.nonzero(a), 1) if a.ndim else np.zeros((int(bool(a)), 0), int)


def flatnonzero(a):
    """The flat indices of the elements that are not zero."""
    return np.nonzero(np.ravel(a))[0]


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


def vander(x, N=None, increasing=False):
    """A Vandermonde matrix."""
    x = np.asarray(x)
    N = len(x) if N is None else N
    p = np.arange(N) if increasing else np.arange(N - 1, -1, -1)
    return x[:, None] ** p


def iterable(y):
    """Whether a value can be iterated over."""
    try:
        return iter(y) is not None
    except TypeError:
        return False


class _Joiner:
    def __init__(self, columns):
        self.columns = columns

    def __getitem__(self, key):
        parts = []
        for k in key if isinstance(key, tuple) else (key,):
            if isinstance(k, slice):
                start = 0 if k.start is None else k.start
                step = 1 if k.step is None else k.step
                if isinstance(step, complex):
                    k = linspace(start, k.stop, int(abs(step)))
                else:
                    k = np.arange(start, k.stop, step)
            k = atleast_1d(k)
            parts.append(k[:, None] if self.columns and k.ndim == 1 else k)
        return np.concatenate(parts, -1 if self.columns else 0)


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
