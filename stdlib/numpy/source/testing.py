"""The assertions of numpy.testing."""

import numpy as np


def assert_(val, msg=""):
    """Fail unless a value is true."""
    if not val:
        raise AssertionError(msg() if callable(msg) else msg)


def assert_equal(actual, desired, err_msg="", verbose=True, *, strict=False):
    """Fail unless two values are equal; NaN equals NaN."""
    parts = _parts(actual, desired)
    if parts is not None:
        assert_equal(len(actual), len(desired), err_msg)
        for where, a, d in parts:
            assert_equal(a, d, f"{where}\n{err_msg}")
        return
    if isinstance(actual, str) or isinstance(desired, str) or actual is None or desired is None:
        if actual != desired:
            raise AssertionError(f"\n{_headed('Items are not equal:', err_msg)}\n ACTUAL: {actual!r}\n DESIRED: {desired!r}")
        return
    if np.ndim(actual) or np.ndim(desired):
        return assert_array_equal(actual, desired, err_msg, verbose, strict=strict)
    if not (actual == desired or actual != actual and desired != desired):
        raise AssertionError(f"\n{_headed('Items are not equal:', err_msg)}\n ACTUAL: {actual!r}\n DESIRED: {desired!r}")


def _parts(actual, desired):
    """Where two collections have an item each, and the items; None for values that are compared whole."""
    if isinstance(desired, dict):
        if isinstance(actual, dict):
            return _items(actual, desired)
        raise AssertionError(repr(type(actual)))
    if isinstance(desired, (list, tuple)) and isinstance(actual, (list, tuple)):
        return [(f"item={i!r}", *pair) for i, pair in enumerate(zip(actual, desired))]
    return None


def _items(actual, desired):
    for key, value in desired.items():
        if key not in actual:
            raise AssertionError(repr(key))
        yield f"key={key!r}", actual[key], value


def assert_array_equal(actual, desired, err_msg="", verbose=True, *, strict=False):
    """Fail unless two arrays have equal elements; NaN equals NaN."""
    _compare(lambda x, y: x == y, actual, desired, err_msg, verbose, "Arrays are not equal", strict=strict)


def assert_allclose(actual, desired, rtol=1e-07, atol=0, equal_nan=True, err_msg="", verbose=True, *, strict=False):
    """Fail unless two arrays are equal within a tolerance."""
    header = f"Not equal to tolerance rtol={rtol:g}, atol={atol:g}"
    _compare(lambda x, y: np.isclose(x, y, rtol=rtol, atol=atol, equal_nan=equal_nan), actual, desired, err_msg, verbose, header, equal_nan, strict)


def assert_array_almost_equal(actual, desired, decimal=6, err_msg="", verbose=True):
    """Fail unless two arrays are equal up to a number of decimals."""
    header = f"Arrays are not almost equal to {decimal} decimals"
    _compare(lambda x, y: np.abs(x - y) < 1.5 * 10.0 ** (-decimal), actual, desired, err_msg, verbose, header)


def assert_almost_equal(actual, desired, decimal=7, err_msg="", verbose=True):
    """Fail unless two values are equal up to a number of decimals."""
    if np.ndim(actual) or np.ndim(desired):
        return assert_array_almost_equal(actual, desired, decimal, err_msg)
    if abs(desired - actual) >= 1.5 * 10.0 ** (-decimal):
        header = f"Arrays are not almost equal to {decimal} decimals"
        raise AssertionError(f"\n{_headed(header, err_msg)}\n ACTUAL: {actual!r}\n DESIRED: {desired!r}")


def assert_array_less(x, y, err_msg="", verbose=True):
    """Fail unless the first array is less, element by element."""
    _compare(lambda x, y: x < y, x, y, err_msg, verbose, "Arrays are not strictly ordered `x < y`", equal_inf=False)


def assert_raises(exception_class, *args, **kwargs):
    """Fail unless a call, or a with statement, raises."""
    import unittest

    return unittest.TestCase().assertRaises(exception_class, *args, **kwargs)


def assert_raises_regex(exception_class, expected_regexp, *args, **kwargs):
    """Fail unless a call raises with a matching message."""
    import unittest

    return unittest.TestCase().assertRaisesRegex(exception_class, expected_regexp, *args, **kwargs)


def _headed(header, text):
    """A header and what a caller adds: on its line where both fit into one, else below."""
    if not text:
        return header
    return header + (" " if "\n" not in text and len(header) + len(text) < 79 else "\n") + text


def _compare(same, x, y, err_msg, verbose, header, equal_nan=True, strict=False, equal_inf=True):
    x, y = np.asarray(x), np.asarray(y)
    if strict and (x.shape != y.shape or x.dtype != y.dtype):
        reason = f"(shapes {x.shape}, {y.shape} mismatch)" if x.shape != y.shape else f"(dtypes {x.dtype}, {y.dtype} mismatch)"
        raise AssertionError(_message(x, y, header, err_msg, verbose, "\n" + reason))
    if not (x.shape == y.shape or x.shape == () or y.shape == ()):
        raise AssertionError(_message(x, y, header, err_msg, verbose, f"\n(shapes {x.shape}, {y.shape} mismatch)"))
    both = np.broadcast_arrays(x, y)
    x, y = both[0].ravel(), both[1].ravel()
    flagged = np.zeros(x.shape, bool)
    if x.dtype.kind in "fc" or y.dtype.kind in "fc":
        if equal_nan:
            nx, ny = np.isnan(x), np.isnan(y)
            if np.any(nx != ny):
                raise AssertionError(_message(both[0], both[1], header, err_msg, verbose, "\nnan location mismatch:"))
            flagged = flagged | nx
        if equal_inf:
            ix, iy = np.isinf(x), np.isinf(y)
            if np.any(ix != iy) or np.any(x[ix] != y[ix]):
                raise AssertionError(_message(both[0], both[1], header, err_msg, verbose, "\ninf location mismatch:"))
            flagged = flagged | ix
    keep = ~flagged
    x, y = x[keep], y[keep]
    ok = same(x, y)
    if bool(np.all(ok)):
        return
    wrong = int(np.sum(~ok))
    percent = 100 * wrong / x.size
    remarks = f"\nMismatched elements: {wrong} / {x.size} ({percent:.3g}%)"
    if x.dtype != bool or y.dtype != bool:
        error = np.abs(x * 1.0 - y * 1.0)
        remarks += f"\nMax absolute difference among violations: {np.max(error[~ok])}"
        nonzero = (y != 0) & ~ok
        if np.any(nonzero):
            remarks += f"\nMax relative difference among violations: {np.max(error[nonzero] / np.abs(y[nonzero]))}"
        else:
            remarks += "\nMax relative difference among violations: inf"
    raise AssertionError(_message(both[0], both[1], header, err_msg, verbose, remarks))


def _message(x, y, header, err_msg, verbose, remarks):
    text = "\n" + header + (("\n" + str(err_msg)) if err_msg else "") + remarks
    if verbose:
        for name, a in (("ACTUAL", x), ("DESIRED", y)):
            r = repr(a)
            if len(r.split("\n")) > 3:
                r = "\n".join(r.split("\n")[:3]) + "..."
            text += f"\n {name}: {r}"
    return text
