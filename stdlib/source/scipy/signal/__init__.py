"""Filters and resampling of signals."""

import math as _math

import numpy as np

from scipy.signal import windows
from scipy.signal.windows import get_window

__all__ = ["convolve", "correlate", "fftconvolve", "firwin", "get_window", "medfilt", "resample", "resample_poly", "upfirdn", "windows"]


def firwin(numtaps, cutoff, *, width=None, window="hamming", pass_zero=True, scale=True, fs=None):
    """A filter of so many taps by the window method, whose bands end at the frequencies of cutoff."""
    if width is not None:
        raise NotImplementedError("signal.firwin: width is not supported; give window=('kaiser', beta)")
    nyquist = 0.5 * (2 if fs is None else fs)
    edges = np.atleast_1d(np.asarray(cutoff, np.float64)) / nyquist
    if edges.ndim > 1:
        raise ValueError("The cutoff argument must be at most one-dimensional.")
    if edges.size == 0:
        raise ValueError("At least one cutoff frequency must be given.")
    if edges.min() <= 0 or edges.max() >= 1:
        raise ValueError("Invalid cutoff frequency: frequencies must be greater than 0 and less than fs/2.")
    if (np.diff(edges) <= 0).any():
        raise ValueError("Invalid cutoff frequencies: the frequencies must be strictly increasing.")
    if isinstance(pass_zero, str):
        kinds = {"lowpass": (True, 1), "highpass": (False, 1), "bandstop": (True, 2), "bandpass": (False, 2)}
        if pass_zero not in kinds:
            raise ValueError(f'pass_zero must be True, False, "bandpass", "lowpass", "highpass", or "bandstop", got {pass_zero}')
        pass_zero = kinds[pass_zero][0]
    ends = bool(edges.size % 2) != bool(pass_zero)  # whether the highest band passes
    if ends and numtaps % 2 == 0:
        raise ValueError("A filter with an even number of coefficients must have zero response at the Nyquist frequency.")
    bands = [0.0] * bool(pass_zero) + edges.tolist() + [1.0] * ends
    at = np.arange(numtaps) - 0.5 * (numtaps - 1)
    taps = np.zeros(numtaps)
    for left, right in zip(bands[::2], bands[1::2]):
        taps = taps + right * np.sinc(right * at) - left * np.sinc(left * at)
    taps = taps * get_window(window, numtaps, fftbins=False)
    if scale:
        left, right = bands[0], bands[1]
        middle = 0.0 if left == 0 else 1.0 if right == 1 else 0.5 * (left + right)
        taps = taps / np.sum(taps * np.cos(np.pi * at * middle))
    return taps


_EXTENSIONS = {"constant": "constant", "edge": "edge", "reflect": "reflect", "symmetric": "symmetric", "wrap": "wrap"}


def upfirdn(h, x, up=1, down=1, axis=-1, mode="constant", cval=0):
    """x with up - 1 zeros after each element, filtered by h, and of that each element number down."""
    h, x = np.asarray(h), np.asarray(x)
    if h.ndim != 1 or h.size == 0:
        raise ValueError("h must be 1-D with non-zero length")
    if up < 1 or down < 1:
        raise ValueError("Both up and down must be >= 1")
    if mode not in _EXTENSIONS:
        raise NotImplementedError(f"signal.upfirdn: mode {mode!r} is not supported; {sorted(_EXTENSIONS)} are")
    kind = np.result_type(h, x, np.float32)
    x = np.moveaxis(x, axis, -1).astype(kind)
    count = ((x.shape[-1] - 1) * up + h.size - 1) // down + 1
    taps = -(-h.size // up)
    h = np.concatenate([h.astype(kind), np.zeros(taps * up - h.size, kind)])
    widths = [(0, 0)] * (x.ndim - 1) + [(taps, taps)]
    x = np.pad(x, widths, mode="constant", constant_values=cval) if mode == "constant" else np.pad(x, widths, mode=mode)
    seen = np.lib.stride_tricks.sliding_window_view(x, taps, axis=-1)
    out = np.zeros(x.shape[:-1] + (count,), kind)
    share = _math.gcd(up, down)
    phases, step = up // share, down // share
    # Outputs that are phases apart meet the same taps, at elements that are step apart.
    for first in range(min(phases, count)):
        at = first * down
        start = at // up + 1  # the elements up to at // up, behind the taps that were put before
        n = len(range(first, count, phases))
        part = seen[..., start:start + (n - 1) * step + 1:step, :]
        out[..., first::phases] = part @ h[at % up::up][::-1]
    return np.moveaxis(out, -1, axis)


_LEVELS = {"mean": np.mean, "median": np.median, "minimum": np.min, "maximum": np.max}


def resample_poly(x, up, down, axis=0, window=("kaiser", 5.0), padtype="constant", cval=None):
    """x at up / down times its rate, by a filter between."""
    x = np.asarray(x)
    if up != int(up) or down != int(down):
        raise ValueError("up and down must be integers")
    up, down = int(up), int(down)
    if up < 1 or down < 1:
        raise ValueError("up and down must be >= 1")
    if cval is not None and padtype != "constant":
        raise ValueError("cval has no effect when padtype is " + str(padtype))
    share = _math.gcd(up, down)
    up, down = up // share, down // share
    if up == down == 1:
        return x.copy()
    length = x.shape[axis]
    count = -(-length * up // down)
    if isinstance(window, (list, np.ndarray)):
        h = np.array(window)
        if h.ndim > 1:
            raise ValueError("window must be 1-D")
        half = (h.size - 1) // 2
    else:
        most = max(up, down)
        half = 10 * most
        h = firwin(2 * half + 1, 1.0 / most, window=window)
        if x.dtype.kind in "fc":
            h = h.astype(x.dtype)
    h = h * up
    before = down - half % down
    skip = (half + before) // down
    after = 0
    while ((length - 1) * up + h.size + before + after - 1) // down + 1 < count + skip:
        after += 1
    h = np.concatenate([np.zeros(before, h.dtype), h, np.zeros(after, h.dtype)])
    level = None
    mode, fill = padtype, 0
    if padtype in _LEVELS:
        level = _LEVELS[padtype](x, axis=axis, keepdims=True)
        x, mode = x - level, "constant"
    elif padtype == "constant":
        fill = 0 if cval is None else cval
    elif padtype not in _EXTENSIONS:
        raise NotImplementedError(f"signal.resample_poly: padtype {padtype!r} is not supported; {sorted([*_EXTENSIONS, *_LEVELS])} are")
    y = np.moveaxis(upfirdn(h, x, up, down, axis=axis, mode=mode, cval=fill), axis, 0)
    y = np.moveaxis(y[skip:skip + count], 0, axis)
    return y if level is None else y + level


def resample(x, num, t=None, axis=0, window=None, domain="time"):
    """x as num elements, by its frequencies."""
    if t is not None or window is not None or domain != "time":
        raise NotImplementedError("signal.resample: t, window and domain are not supported")
    x = np.moveaxis(np.asarray(x), axis, -1)
    length, real = x.shape[-1], not np.iscomplexobj(x)
    kept = min(num, length)
    spectrum = np.fft.rfft(x) if real else np.fft.fft(x)
    out = np.zeros(x.shape[:-1] + ((num // 2 + 1) if real else num,), spectrum.dtype)
    half = kept // 2 + 1
    out[..., :half] = spectrum[..., :half]
    if not real and kept > 2:
        out[..., half - kept:] = spectrum[..., half - kept:]
    if kept % 2 == 0 and num != length:
        middle = kept // 2
        if real:
            out[..., middle] = out[..., middle] * (2.0 if num < length else 0.5)
        elif num < length:
            out[..., middle] = out[..., middle] + spectrum[..., -middle]
        else:
            out[..., middle] = out[..., middle] * 0.5
            out[..., num - middle] = out[..., middle]
    y = np.fft.irfft(out, num) if real else np.fft.ifft(out)
    y = y * (float(num) / float(length))
    if x.dtype == np.float32:
        y = y.astype(np.float32)
    return np.moveaxis(y, -1, axis)


def _cut(full, first, second, mode):
    if mode == "full":
        return full
    if mode == "same":
        sizes = first
    elif mode == "valid":
        sizes = [a - b + 1 for a, b in zip(first, second)]
    else:
        raise ValueError("acceptable mode flags are 'valid', 'same', or 'full'")
    at = [(n - s) // 2 for n, s in zip(full.shape, sizes)]
    return full[tuple([slice(i, i + s) for i, s in zip(at, sizes)])].copy()


def fftconvolve(in1, in2, mode="full", axes=None):
    """The convolution of two arrays, by their frequencies."""
    in1, in2 = np.asarray(in1), np.asarray(in2)
    if axes is not None:
        raise NotImplementedError("signal.fftconvolve: axes is not supported; all axes are convolved")
    if in1.ndim != in2.ndim:
        raise ValueError("in1 and in2 should have the same dimensionality")
    if in1.size == 0 or in2.size == 0:
        return np.array([])
    if mode == "valid" and any([b > a for a, b in zip(in1.shape, in2.shape)]):
        in1, in2 = in2, in1
        if any([b > a for a, b in zip(in1.shape, in2.shape)]):
            raise ValueError("For 'valid' mode, one must be at least as large as the other in every dimension")
    shape = [a + b - 1 for a, b in zip(in1.shape, in2.shape)]
    axes = tuple(range(in1.ndim))
    if np.iscomplexobj(in1) or np.iscomplexobj(in2):
        full = np.fft.ifftn(np.fft.fftn(in1, shape, axes) * np.fft.fftn(in2, shape, axes), shape, axes)
    else:
        full = np.fft.irfftn(np.fft.rfftn(in1, shape, axes) * np.fft.rfftn(in2, shape, axes), shape, axes)
        if np.result_type(in1, in2) == np.float32:
            full = full.astype(np.float32)
    return _cut(full, in1.shape, in2.shape, mode)


def convolve(in1, in2, mode="full", method="auto"):
    """The convolution of two arrays."""
    if method not in ("auto", "direct", "fft"):
        raise ValueError("Acceptable method flags are 'auto', 'direct', or 'fft'.")
    in1, in2 = np.asarray(in1), np.asarray(in2)
    if in1.ndim == in2.ndim == 1 and method != "fft" and (method == "direct" or min(in1.size, in2.size) <= 64 or np.result_type(in1, in2).kind in "biu"):
        return np.convolve(in1, in2, mode) if mode != "same" else _cut(np.convolve(in1, in2), in1.shape, in2.shape, mode)
    if method == "direct":
        raise NotImplementedError("signal.convolve: method 'direct' takes arrays of one dimension")
    out = fftconvolve(in1, in2, mode)
    kind = np.result_type(in1, in2)
    return np.rint(out).astype(kind) if kind.kind in "biu" else out


def correlate(in1, in2, mode="full", method="auto"):
    """The correlation of two arrays."""
    in2 = np.asarray(in2)
    return convolve(in1, np.conj(in2[tuple([slice(None, None, -1)] * in2.ndim)]), mode, method)


def medfilt(volume, kernel_size=None):
    """The median of each element's neighbours, with zeros beyond the edges."""
    volume = np.atleast_1d(volume)
    sizes = [3] * volume.ndim if kernel_size is None else np.asarray(kernel_size).reshape(-1).tolist()
    sizes = sizes * volume.ndim if len(sizes) == 1 else sizes
    if any([s % 2 != 1 for s in sizes]):
        raise ValueError("Each element of kernel_size should be odd.")
    padded = np.pad(volume, [(s // 2, s // 2) for s in sizes])
    seen = np.lib.stride_tricks.sliding_window_view(padded, tuple(sizes))
    return np.median(seen.reshape(volume.shape + (-1,)), axis=-1).astype(volume.dtype)
