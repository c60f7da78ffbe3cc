"""Windows, symmetric ones unless sym is False."""

import numpy as np

__all__ = ["bartlett", "blackman", "boxcar", "gaussian", "get_window", "hamming", "hann", "kaiser", "tukey"]


def _window(shape):
    """A window of a function of its length; a periodic one is a symmetric one without its last element."""
    def window(M, *parameters, sym=True, **named):
        if int(M) != M or M < 0:
            raise ValueError("Window length M must be a non-negative integer")
        if M <= 1:
            return np.ones(M)
        w = shape(M if sym else M + 1, *parameters, **named)
        return w if sym else w[:-1]

    window.__name__ = window.__qualname__ = shape.__name__.lstrip("_")
    window.__doc__ = shape.__doc__
    return window


def _cosines(M, weights):
    at = np.linspace(-np.pi, np.pi, M)
    return sum([weight * np.cos(k * at) for k, weight in enumerate(weights)])


@_window
def boxcar(M):
    """Ones."""
    return np.ones(M)


@_window
def hann(M):
    """A period of a cosine, raised to zero."""
    return _cosines(M, (0.5, 0.5))


@_window
def hamming(M):
    """A period of a cosine, raised over zero."""
    return _cosines(M, (0.54, 0.46))


@_window
def blackman(M):
    """Three terms of cosines."""
    return _cosines(M, (0.42, 0.50, 0.08))


@_window
def bartlett(M):
    """A triangle that begins and ends with zero."""
    n = np.arange(M)
    return np.where(n <= (M - 1) / 2.0, 2.0 * n / (M - 1), 2.0 - 2.0 * n / (M - 1))


@_window
def kaiser(M, beta):
    """A window of Bessel's function, by its shape."""
    half = (M - 1) / 2.0
    return np.i0(beta * np.sqrt(np.maximum(1 - ((np.arange(M) - half) / half) ** 2.0, 0.0))) / np.i0(np.array(float(beta)))


@_window
def gaussian(M, std):
    """A bell of a standard deviation."""
    n = np.arange(M) - (M - 1.0) / 2.0
    return np.exp(-(n ** 2) / (2 * std * std))


@_window
def tukey(M, alpha=0.5):
    """Ones with a cosine at each end, of a share of the length."""
    if alpha <= 0:
        return np.ones(M)
    n, edge = np.arange(M), min(alpha, 1.0) * (M - 1) / 2.0
    from_end = np.minimum(n, M - 1 - n)
    return np.where(from_end < edge, 0.5 * (1 + np.cos(np.pi * (from_end / edge - 1))), 1.0)


_NAMES = {"boxcar": boxcar, "box": boxcar, "ones": boxcar, "rect": boxcar, "rectangular": boxcar, "hann": hann, "han": hann, "hamming": hamming,
          "hamm": hamming, "ham": hamming, "blackman": blackman, "black": blackman, "blk": blackman, "bartlett": bartlett, "bart": bartlett,
          "brt": bartlett, "kaiser": kaiser, "ksr": kaiser, "gaussian": gaussian, "gauss": gaussian, "gss": gaussian, "tukey": tukey, "tuk": tukey}


def get_window(window, Nx, fftbins=True):
    """The window of a name, of a name and parameters, or of Kaiser's beta; periodic unless fftbins is False."""
    if isinstance(window, (int, float)) and not isinstance(window, bool):
        return kaiser(Nx, float(window), sym=not fftbins)
    name, parameters = (window[0], tuple(window[1:])) if isinstance(window, tuple) else (window, ())
    if name not in _NAMES:
        raise ValueError(f"Unknown window type: {name!r}; here are {sorted({f.__name__ for f in _NAMES.values()})}")
    if _NAMES[name] in (kaiser, gaussian) and not parameters:
        raise ValueError(f"The '{name}' window needs one or more parameters -- pass a tuple.")
    return _NAMES[name](Nx, *parameters, sym=not fftbins)
