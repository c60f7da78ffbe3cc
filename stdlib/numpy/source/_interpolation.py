"""Interpolation."""

import numpy as np


def interp(x, xp, fp, left=None, right=None, period=None):
    """Linear interpolation in a table."""
    if period is not None:
        raise NotImplementedError("numpy.interp: period is not provided here")
    x = np.asarray(x, dtype=np.float64)
    xp, fp = np.asarray(xp, dtype=np.float64), np.asarray(fp, dtype=np.float64)
    if len(xp) == 0:
        raise ValueError("array of sample points is empty")
    i = np.clip(np.searchsorted(xp, x, side="right") - 1, 0, max(len(xp) - 2, 0))
    j = np.minimum(i + 1, len(xp) - 1)
    width = np.where(xp[j] == xp[i], 1.0, xp[j] - xp[i])
    y = (fp[j] - fp[i]) / width * (x - xp[i]) + fp[i]
    y = np.where(x < xp[0], fp[0] if left is None else left, y)
    y = np.where(x > xp[-1], fp[-1] if right is None else right, y)
    return np.where(x == xp[-1], fp[-1], y)[()]
