"""Sets of elements."""

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
