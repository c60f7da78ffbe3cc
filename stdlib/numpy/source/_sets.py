"""The functions of numpy that order, count and compare values."""

import numpy as np


def unique(ar, return_index=False, return_inverse=False, return_counts=False, axis=None, *, equal_nan=True, sorted=True):
    """The sorted values of an array without repetition."""
    ar = np.asarray(ar)
    if axis is not None:
        return _unique_rows(ar, axis, return_index, return_inverse, return_counts)
    flat = ar.ravel()
    order = np.argsort(flat)
    s = flat[order]
    first = np.ones(len(s), bool)
    if len(s):
        first[1:] = s[1:] != s[:-1]
        if equal_nan and s.dtype.kind == "f" and np.isnan(s[-1]):
            first[int(np.searchsorted(s, np.nan)) + 1 :] = False
    out = [s[first]]
    if return_index:
        out.append(order[first])
    if return_inverse:
        inverse = np.empty(len(s), int)
        inverse[order] = np.cumsum(first) - 1
        out.append(inverse.reshape(ar.shape))
    if return_counts:
        at = np.concatenate([np.nonzero(first)[0], [len(s)]])
        out.append(np.diff(at))
    return out[0] if len(out) == 1 else tuple(out)


def _unique_rows(ar, axis, return_index, return_inverse, return_counts):
    rows = np.moveaxis(ar, axis, 0)
    keys = [tuple(r) for r in rows.reshape(len(rows), -1).tolist()]
    order = list(range(len(keys)))
    order.sort(key=lambda i: keys[i])
    kept, counts, inverse = [], [], [0] * len(keys)
    for i in order:
        if kept and keys[kept[-1]] == keys[i]:
            counts[-1] += 1
        else:
            kept.append(i)
            counts.append(1)
        inverse[i] = len(kept) - 1
    out = [np.moveaxis(np.take(rows, np.array(kept, int), 0), 0, axis)]
    if return_index:
        out.append(np.array(kept, int))
    if return_inverse:
        out.append(np.array(inverse, int))
    if return_counts:
        out.append(np.array(counts, int))
    return out[0] if len(out) == 1 else tuple(out)


def unique_values(x):
    """unique."""
    return unique(x)


def isin(element, test_elements, assume_unique=False, invert=False, *, kind=None):
    """Whether elements are among others."""
    element = np.asarray(element)
    values = np.sort(np.ravel(np.asarray(test_elements)))
    if len(values) == 0:
        found = np.zeros(element.shape, bool)
    else:
        at = np.minimum(np.searchsorted(values, element), len(values) - 1)
        found = values[at] == element
    return ~found if invert else found


def intersect1d(ar1, ar2, assume_unique=False, return_indices=False):
    """The values in both arrays."""
    a, b = unique(ar1), unique(ar2)
    both = a[isin(a, b)]
    if return_indices:
        _, i = unique(ar1, return_index=True)
        _, j = unique(ar2, return_index=True)
        return both, i[isin(a, both)], j[isin(b, both)]
    return both


def union1d(ar1, ar2):
    """The values in either array."""
    return unique(np.concatenate([np.ravel(ar1), np.ravel(ar2)]))


def setdiff1d(ar1, ar2, assume_unique=False):
    """The values of the first array that are not in the second."""
    a = np.ravel(ar1) if assume_unique else unique(ar1)
    return a[isin(a, ar2, invert=True)]


def setxor1d(ar1, ar2, assume_unique=False):
    """The values in exactly one of the arrays."""
    a, b = unique(ar1), unique(ar2)
    return np.sort(np.concatenate([a[isin(a, b, invert=True)], b[isin(b, a, invert=True)]]))


def histogram_bin_edges(a, bins=10, range=None, weights=None):
    """The edges of a histogram's bins."""
    a = np.ravel(np.asarray(a))
    if a.dtype == bool:
        a = a.astype(np.uint8)
    if isinstance(bins, str):
        return _edges_by_rule(a, bins, range, weights)
    if np.ndim(bins):
        edges = np.asarray(bins)
        if np.any(edges[:-1] > edges[1:]):
            raise ValueError("`bins` must increase monotonically, when an array")
        return edges
    if bins < 1:
        raise ValueError("`bins` must be positive, when an integer")
    if range is not None:
        low, high = range
        if low > high:
            raise ValueError("max must be larger than min in range parameter.")
    elif a.size == 0:
        low, high = 0, 1
    else:
        low, high = a.min(), a.max()
        if not (np.isfinite(low) and np.isfinite(high)):
            raise ValueError(f"autodetected range of [{low}, {high}] is not finite")
    if low == high:
        low, high = low - 0.5, high + 0.5
    kind = np.result_type(low, high, a)
    if kind.kind in "iu":
        kind = np.result_type(kind, float)
    return np.linspace(low, high, bins + 1, dtype=kind)


# The widths of bins that rules give for n values x, whose range is span: the
# square root of the count, Sturges's, Rice's, Scott's and that of Freedman and
# Diaconis.
_rules = {
    "sqrt": lambda x, n, span: span / np.sqrt(n),
    "sturges": lambda x, n, span: span / (np.log2(n) + 1.0),
    "rice": lambda x, n, span: span / (2.0 * n ** (1.0 / 3)),
    "scott": lambda x, n, span: (24.0 * np.pi**0.5 / n) ** (1.0 / 3.0) * np.std(x),
    "fd": lambda x, n, span: 2.0 * (np.percentile(x, 75) - np.percentile(x, 25)) * n ** (-1.0 / 3.0),
}


def _edges_by_rule(a, rule, range, weights):
    if rule != "auto" and rule not in _rules:
        raise ValueError(f"{rule!r} is not a valid estimator for `bins` here, want auto or one of {', '.join(_rules)}")
    if weights is not None:
        raise TypeError("Automated estimation of the number of bins is not supported for weighted data")
    if range is not None:
        a = a[(a >= range[0]) & (a <= range[1])]
    if a.size == 0:
        return histogram_bin_edges(a, 1, range)
    span = float(a.max()) - float(a.min())
    width = float(_rules["fd" if rule == "auto" else rule](a, a.size, span))
    if rule == "auto":
        sturges = float(_rules["sturges"](a, a.size, span))
        width = min(width, sturges) if width else sturges
    if width and a.dtype.kind in "iu":
        width = max(width, 1.0)
    low, high = (float(a.min()), float(a.max())) if range is None else range
    if low == high:
        low, high = low - 0.5, high + 0.5
    return histogram_bin_edges(a, int(np.ceil((high - low) / width)) if width else 1, range)


def histogram(a, bins=10, range=None, density=None, weights=None):
    """How many values fall into each bin."""
    a = np.ravel(np.asarray(a))
    edges = histogram_bin_edges(a, bins, range, weights)
    n = len(edges) - 1
    at = np.searchsorted(edges, a, side="right") - 1
    at = np.where(a == edges[-1], n - 1, at)
    inside = (a >= edges[0]) & (a <= edges[-1])
    if weights is None:
        counts = np.bincount(at[inside], minlength=n)
    else:
        w = np.asarray(weights)
        counts = np.bincount(at[inside], np.ravel(w)[inside], minlength=n).astype(w.dtype)
    if density:
        return counts / np.diff(edges).astype(np.float64) / np.sum(counts), edges
    return counts, edges


def histogram2d(x, y, bins=10, range=None, density=None, weights=None):
    """A histogram of pairs."""
    both = bins if isinstance(bins, (list, tuple)) and len(bins) == 2 else (bins, bins)
    spans = (None, None) if range is None else range
    xe, ye = histogram_bin_edges(x, both[0], spans[0]), histogram_bin_edges(y, both[1], spans[1])
    x, y = np.ravel(np.asarray(x)), np.ravel(np.asarray(y))
    n, m = len(xe) - 1, len(ye) - 1
    i = np.where(x == xe[-1], n - 1, np.searchsorted(xe, x, side="right") - 1)
    j = np.where(y == ye[-1], m - 1, np.searchsorted(ye, y, side="right") - 1)
    inside = (i >= 0) & (i < n) & (j >= 0) & (j < m)
    w = np.ones(len(x)) if weights is None else np.asarray(weights)
    h = np.bincount((i * m + j)[inside], w[inside], minlength=n * m).reshape(n, m)
    if density:
        h = h / np.sum(h) / np.outer(np.diff(xe), np.diff(ye))
    return h, xe, ye


def digitize(x, bins, right=False):
    """The bin into which each value falls."""
    bins = np.asarray(bins)
    if len(bins) > 1 and bins[0] > bins[-1]:
        return len(bins) - np.searchsorted(bins[::-1], x, side="left" if not right else "right")
    return np.searchsorted(bins, x, side="left" if right else "right")


def partition(a, kth, axis=-1, kind="introselect", order=None):
    """A copy with an element in its sorted place: here, all of them."""
    return np.sort(a, axis=axis)


def argpartition(a, kth, axis=-1, kind="introselect", order=None):
    """The indices that put an element in its sorted place: here, all of them."""
    return np.argsort(a, axis=axis)


def lexsort(keys, axis=-1):
    """The indices that sort by several keys, the last one first."""
    keys = [np.asarray(k) for k in keys]
    order = np.arange(len(keys[0]))
    for k in keys:
        order = order[np.argsort(k[order], kind="stable")]
    return order


def loadtxt(fname, dtype=float, comments="#", delimiter=None, converters=None, skiprows=0, usecols=None, unpack=False, ndmin=0, encoding=None, max_rows=None):
    """An array from rows of numbers in text."""
    if converters is not None:
        raise NotImplementedError("numpy.loadtxt: converters are not provided here")
    rows = []
    for line in _lines(fname, skiprows):
        if comments:
            line = line.split(comments)[0]
        if not line.strip():
            continue
        cells = [c.strip() for c in (line.split(delimiter) if delimiter else line.split())]
        if usecols is not None:
            cells = [cells[i] for i in ([usecols] if isinstance(usecols, int) else usecols)]
        if rows and len(cells) != len(rows[0]):
            raise ValueError(f"the number of columns changed from {len(rows[0])} to {len(cells)} at row {len(rows) + 1}; use `usecols` to select a subset and avoid this error")
        rows.append([_number(c, len(rows), i) for i, c in enumerate(cells)])
        if max_rows is not None and len(rows) >= max_rows:
            break
    return _table(np.array(rows, dtype=dtype), unpack, ndmin)


def _lines(fname, skip):
    if hasattr(fname, "read"):
        text = fname.read()
    elif isinstance(fname, (list, tuple)):
        return [line.decode() if isinstance(line, bytes) else line for line in fname[skip:]]
    elif str(fname).endswith(".gz"):
        import gzip

        with gzip.open(fname, "rt") as f:
            text = f.read()
    else:
        with open(fname) as f:
            text = f.read()
    if isinstance(text, bytes):
        text = text.decode()
    return text.splitlines()[skip:]


def _number(cell, row, column):
    try:
        return int(cell)
    except ValueError:
        pass
    try:
        return float(cell)
    except ValueError:
        raise ValueError(f"could not convert string '{cell}' to float64 at row {row}, column {column + 1}.") from None


def _table(a, unpack, ndmin):
    if a.size == 0:
        a = a.reshape(0)
    if a.ndim == 2 and ndmin < 2:
        if a.shape[0] == 1:
            a = a[0]
        elif a.shape[1] == 1:
            a = a[:, 0]
    if a.ndim == 1 and a.size == 1 and ndmin == 0:
        a = a.reshape(())
    return a.T if unpack else a


def genfromtxt(fname, dtype=float, comments="#", delimiter=None, skip_header=0, skip_footer=0, usecols=None, filling_values=None, unpack=None, max_rows=None, encoding=None, names=None):
    """An array from rows of numbers in text; what is missing or no number is NaN."""
    if names is not None or dtype is None:
        raise NotImplementedError("numpy.genfromtxt: records (names, dtype=None) are not provided here")
    lines = _lines(fname, skip_header)
    if skip_footer:
        lines = lines[:-skip_footer]
    missing = np.nan if filling_values is None else filling_values
    rows = []
    for line in lines:
        if comments:
            line = line.split(comments)[0]
        if not line.strip():
            continue
        cells = [c.strip() for c in (line.split(delimiter) if delimiter else line.split())]
        if usecols is not None:
            cells = [cells[i] for i in ([usecols] if isinstance(usecols, int) else usecols)]
        row = []
        for c in cells:
            try:
                row.append(float(c))
            except ValueError:
                row.append(missing)
        if rows and len(row) != len(rows[0]):
            raise ValueError(f"Some errors were detected !\n    Line #{len(rows) + 1} (got {len(row)} columns instead of {len(rows[0])})")
        rows.append(row)
        if max_rows is not None and len(rows) >= max_rows:
            break
    a = np.array(rows)
    if np.dtype(dtype).kind in "iu":
        a = np.where(np.isnan(a), -1, a)
    return _table(a.astype(dtype), bool(unpack), 0)


def savetxt(fname, X, fmt="%.18e", delimiter=" ", newline="\n", header="", footer="", comments="# ", encoding=None):
    """Write an array as rows of numbers."""
    X = np.asarray(X)
    if X.ndim == 0 or X.ndim > 2:
        raise ValueError(f"Expected 1D or 2D array, got {X.ndim}D array instead")
    if X.ndim == 1:
        X = X[:, None]
    lines = []
    if header:
        lines.append(comments + header.replace("\n", "\n" + comments))
    formats = [fmt] * X.shape[1] if isinstance(fmt, str) and fmt.count("%") == 1 else fmt
    for row in X:
        if isinstance(formats, str):
            lines.append(formats % tuple(row.tolist()))
        else:
            lines.append(delimiter.join(f % v for f, v in zip(formats, row.tolist())))
    if footer:
        lines.append(comments + footer.replace("\n", "\n" + comments))
    text = "".join(line + newline for line in lines)
    if hasattr(fname, "write"):
        try:
            fname.write(text)
        except TypeError:
            fname.write(text.encode())
    else:
        with open(fname, "w") as f:
            f.write(text)


class finfo:
    """The limits of a floating dtype."""

    def __init__(self, dtype):
        if not isinstance(dtype, (np.dtype, type, str)):
            dtype = np.asarray(dtype).dtype
        self.dtype = np.dtype(dtype)
        if self.dtype.kind == "c":
            self.dtype = np.dtype("float32")
        if self.dtype.kind != "f":
            raise ValueError(f"data type {self.dtype!r} not inexact")
        self.bits = self.dtype.itemsize * 8
        mantissa, exponent = {16: (10, 5), 32: (23, 8), 64: (52, 11)}[self.bits]
        one = self.dtype.type
        top = 2 ** (exponent - 1) - 1
        self.nmant, self.nexp = mantissa, exponent
        self.maxexp, self.minexp = top + 1, 1 - top
        self.eps = one(2.0**-mantissa)
        self.epsneg = one(2.0 ** -(mantissa + 1))
        self.max = one((2.0 - 2.0**-mantissa) * 2.0**top)
        self.min = -self.max
        self.tiny = self.smallest_normal = one(2.0 ** (1 - top))
        self.smallest_subnormal = one(2.0 ** (1 - top) * 2.0**-mantissa)
        self.precision = {16: 3, 32: 6, 64: 15}[self.bits]
        self.resolution = one(10.0**-self.precision)

    def __repr__(self):
        return f"finfo(resolution={self.resolution}, min={self.min}, max={self.max}, dtype={self.dtype})"


class iinfo:
    """The limits of an integer dtype."""

    def __init__(self, dtype):
        if not isinstance(dtype, (np.dtype, type, str)):
            dtype = np.asarray(dtype).dtype
        self.dtype = np.dtype(dtype)
        self.kind, self.bits = self.dtype.kind, self.dtype.itemsize * 8
        if self.kind not in "iu":
            raise ValueError(f"Invalid integer data type {self.kind!r}.")
        self.min = 0 if self.kind == "u" else -(2 ** (self.bits - 1))
        self.max = 2**self.bits - 1 if self.kind == "u" else 2 ** (self.bits - 1) - 1

    def __repr__(self):
        return f"iinfo(min={self.min}, max={self.max}, dtype={self.dtype})"


class errstate:
    """Floating-point errors make no warnings here: accepted, and without effect."""

    def __init__(self, **kwargs):
        self.kwargs = kwargs

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return False

    def __call__(self, fn):
        return fn


def seterr(all=None, divide=None, over=None, under=None, invalid=None):
    """Floating-point errors make no warnings here: accepted, and without effect."""
    return geterr()


def geterr():
    """How floating-point errors are treated: they are ignored."""
    return {"divide": "ignore", "over": "ignore", "under": "ignore", "invalid": "ignore"}


class printoptions:
    """Print options within a with statement."""

    def __init__(self, **options):
        self.options = options

    def __enter__(self):
        self.before = np.get_printoptions()
        np.set_printoptions(**self.options)
        return np.get_printoptions()

    def __exit__(self, *args):
        np.set_printoptions(**self.before)
        return False
