"""Arrays of evenly spaced numbers."""

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
