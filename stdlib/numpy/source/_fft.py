"""The functions of numpy.fft that are no transforms."""

import numpy as np


def fftfreq(n, d=1.0, device=None):
    """The frequencies of a transform's bins."""
    k = np.concatenate([np.arange(0, (n - 1) // 2 + 1), np.arange(-(n // 2), 0)])
    return k * (1.0 / (n * d))


def rfftfreq(n, d=1.0, device=None):
    """The frequencies of a real transform's bins."""
    return np.arange(0, n // 2 + 1) * (1.0 / (n * d))


def fftshift(x, axes=None):
    """The frequency zero moved to the middle."""
    x = np.asarray(x)
    axes = tuple(range(x.ndim)) if axes is None else (axes if isinstance(axes, (tuple, list)) else (axes,))
    return np.roll(x, [x.shape[a] // 2 for a in axes], axes)


def ifftshift(x, axes=None):
    """The inverse of fftshift."""
    x = np.asarray(x)
    axes = tuple(range(x.ndim)) if axes is None else (axes if isinstance(axes, (tuple, list)) else (axes,))
    return np.roll(x, [-(x.shape[a] // 2) for a in axes], axes)
