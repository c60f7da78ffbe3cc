"""Sound as the energies of bands of frequencies."""

import enum
import math

import numpy as np

__all__ = ["FrequencyScale", "WindowType", "mfsc"]


class WindowType(enum.Enum):
    """What frames are weighed with."""

    Hamming = 0
    Hanning = 1


class FrequencyScale(enum.Enum):
    """What bands are equally wide on."""

    MEL = 0
    LOG10 = 1
    LINEAR = 2


_SCALES = {
    FrequencyScale.MEL: (lambda f: 2595.0 * np.log10(1.0 + f / 700.0), lambda m: 700.0 * (10 ** (m / 2595.0) - 1)),
    FrequencyScale.LOG10: (np.log10, lambda m: np.power(10.0, m)),
    FrequencyScale.LINEAR: (lambda f: f, lambda m: m),
}


def _bands(count, bins, rate, low, high, scale):
    """Triangles over the bins of a spectrum, (bins, count): each rises from the middle of the one before to its own, and falls to the next."""
    to, back = _SCALES[scale]
    first, last = to(np.float64(low)), to(np.float64(high if high > 0 else rate // 2))
    edges = back(first + np.arange(count + 2) * ((last - first) / (count + 1))) * ((bins - 1.0) * 2.0 / rate)
    at = np.arange(bins)[:, None]
    rising = (at - edges[None, :-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[None, 2:] - at) / (edges[2:] - edges[1:-1])
    return np.maximum(np.minimum(rising, falling), 0.0).astype(np.float32)


def mfsc(n_filterbank, sampling_freq, frame_size_ms=25, frame_stride_ms=10, pre_emphasis_coeff=0.97, window_type=WindowType.Hamming, low_freq=0, high_freq=-1,
         mel_floor=1.0, freq_scale=FrequencyScale.MEL, post_process=None):
    """A function that takes a sound of one channel, an array of (samples,), to the logarithms of the energies of its frames, (frames, n_filterbank)."""
    if freq_scale not in _SCALES:
        raise ValueError(f"mfsc: got the scale {freq_scale!r}, want one of FrequencyScale")
    size, stride = (round(sampling_freq * ms / 1000.0) for ms in (frame_size_ms, frame_stride_ms))
    n_fft = 2 ** math.ceil(math.log2(size))
    window = {WindowType.Hamming: np.hamming, WindowType.Hanning: np.hanning}[window_type](size).astype(np.float32)
    bands = _bands(n_filterbank, n_fft // 2 + 1, sampling_freq, low_freq, high_freq, freq_scale)

    def features(x):
        x = np.asarray(x) * 32768.0
        count = (len(x) - size) // stride + 1 if len(x) >= size else 0
        frames = x[np.arange(count)[:, None] * stride + np.arange(size)]
        before = np.concatenate([frames[..., :1], frames[..., :-1]], axis=-1)
        frames = (frames - pre_emphasis_coeff * before) * window
        power = np.abs(np.fft.rfft(frames, n_fft)).astype(frames.dtype)
        out = np.log(np.maximum(np.maximum(power @ bands, mel_floor), np.finfo(np.float32).tiny))
        return out if post_process is None else post_process(out)

    return features
