"""Searching and inserting in sorted lists."""

__all__ = ["bisect", "bisect_left", "bisect_right", "insort", "insort_left", "insort_right"]


def _find(a, lo, hi, key, left):
    """The first place whose element, by its key, is not left of the point that is looked for."""
    if lo < 0:
        raise ValueError("lo must be non-negative")
    end = len(a) if hi is None else hi
    while lo < end:
        middle = (lo + end) // 2
        if left(a[middle] if key is None else key(a[middle])):
            lo = middle + 1
        else:
            end = middle
    return lo


def bisect_right(a, x, lo=0, hi=None, *, key=None):
    """Where to insert x in sorted a, after what equals it."""
    return _find(a, lo, hi, key, lambda value: not x < value)


def bisect_left(a, x, lo=0, hi=None, *, key=None):
    """Where to insert x in sorted a, before what equals it."""
    return _find(a, lo, hi, key, lambda value: value < x)


def insort_right(a, x, lo=0, hi=None, *, key=None):
    """Insert x in sorted a, after what equals it."""
    a.insert(bisect_right(a, x if key is None else key(x), lo, hi, key=key), x)


def insort_left(a, x, lo=0, hi=None, *, key=None):
    """Insert x in sorted a, before what equals it."""
    a.insert(bisect_left(a, x if key is None else key(x), lo, hi, key=key), x)


bisect = bisect_right
insort = insort_right
