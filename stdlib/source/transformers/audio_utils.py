"""Sounds as arrays: windows, filters of mels, spectrograms."""

import warnings as _warnings
from typing import Union as _Union

import numpy as np

__all__ = ["AudioInput", "amplitude_to_db", "hertz_to_mel", "is_valid_audio", "is_valid_list_of_audio", "load_audio", "make_list_of_audio",
           "mel_filter_bank", "mel_to_hertz", "power_to_db", "spectrogram", "window_function"]

AudioInput = _Union[np.ndarray, list, tuple]


def is_valid_audio(audio):
    """Whether something is a sound: an array."""
    return isinstance(audio, np.ndarray) or type(audio).__module__ == "mlx.core" and hasattr(audio, "ndim")


def is_valid_list_of_audio(audio):
    """Whether something is a list of sounds."""
    return bool(audio) and all([is_valid_audio(one) for one in audio])


def make_list_of_audio(audio):
    """One sound or several as a list."""
    if isinstance(audio, (list, tuple)) and is_valid_list_of_audio(audio):
        return audio
    if is_valid_audio(audio):
        return [audio]
    raise ValueError("Invalid input type. Must be a single audio or a list of audio")


def load_audio(audio, sampling_rate=16000, timeout=None, **options):
    """The samples of a file of waves, of one channel; its rate has to be the one asked for."""
    if isinstance(audio, np.ndarray):
        return audio
    if str(audio).startswith(("http://", "https://")):
        raise NotImplementedError("transformers: load_audio reads files; an address is not fetched")
    from scipy.io import wavfile

    rate, data = wavfile.read(audio)
    if rate != sampling_rate:
        raise NotImplementedError(f"transformers: load_audio: the file has {rate} samples a second, not {sampling_rate}; scipy.signal.resample_poly changes that")
    if data.dtype.kind in "iu":
        data = (data.astype(np.float64) - (128 if data.dtype == np.uint8 else 0)) / (2.0 ** (8 * data.dtype.itemsize - 1))
    return (data.mean(axis=1) if data.ndim > 1 else data).astype(np.float32)


# What mel scales are made of: the slope below the bend, where it bends, and the step above it.
_SCALES = ("htk", "slaney", "kaldi")
_STEP = {"to": 27.0 / np.log(6.4), "from": np.log(6.4) / 27.0}


def _known(mel_scale):
    if mel_scale not in _SCALES:
        raise ValueError('mel_scale should be one of "htk", "slaney" or "kaldi".')


def hertz_to_mel(freq, mel_scale="htk"):
    """Frequencies as mels."""
    _known(mel_scale)
    if mel_scale == "htk":
        return 2595.0 * np.log10(1.0 + freq / 700.0)
    if mel_scale == "kaldi":
        return 1127.0 * np.log(1.0 + freq / 700.0)
    mels = 3.0 * freq / 200.0
    if isinstance(freq, np.ndarray):
        return np.where(freq >= 1000.0, 15.0 + np.log(np.maximum(freq, 1e-300) / 1000.0) * _STEP["to"], mels)
    return 15.0 + np.log(freq / 1000.0) * _STEP["to"] if freq >= 1000.0 else mels


def mel_to_hertz(mels, mel_scale="htk"):
    """Mels as frequencies."""
    _known(mel_scale)
    if mel_scale == "htk":
        return 700.0 * (np.power(10, mels / 2595.0) - 1.0)
    if mel_scale == "kaldi":
        return 700.0 * (np.exp(mels / 1127.0) - 1.0)
    freq = 200.0 * mels / 3.0
    if isinstance(mels, np.ndarray):
        return np.where(mels >= 15.0, 1000.0 * np.exp(_STEP["from"] * (mels - 15.0)), freq)
    return 1000.0 * np.exp(_STEP["from"] * (mels - 15.0)) if mels >= 15.0 else freq


def mel_filter_bank(num_frequency_bins, num_mel_filters, min_frequency, max_frequency, sampling_rate, norm=None, mel_scale="htk",
                    triangularize_in_mel_space=False, dtype=np.float64):
    """Filters of triangles on a scale of mels: (num_frequency_bins, num_mel_filters)."""
    if norm is not None and norm != "slaney":
        raise ValueError('norm must be one of None or "slaney"')
    if num_frequency_bins < 2:
        raise ValueError(f"Require num_frequency_bins: {num_frequency_bins} >= 2")
    if min_frequency > max_frequency:
        raise ValueError(f"Require min_frequency: {min_frequency} <= max_frequency: {max_frequency}")
    corners = np.linspace(hertz_to_mel(min_frequency, mel_scale), hertz_to_mel(max_frequency, mel_scale), num_mel_filters + 2)
    edges = mel_to_hertz(corners, mel_scale)
    if triangularize_in_mel_space:
        width = sampling_rate / ((num_frequency_bins - 1) * 2)
        bins, corners_at = hertz_to_mel(width * np.arange(num_frequency_bins), mel_scale), corners
    else:
        bins, corners_at = np.linspace(0, sampling_rate // 2, num_frequency_bins), edges
    apart = np.diff(corners_at)
    slopes = np.expand_dims(corners_at, 0) - np.expand_dims(bins, 1)
    falling, rising = -slopes[:, :-2] / apart[:-1], slopes[:, 2:] / apart[1:]
    filters = np.maximum(np.zeros(1), np.minimum(falling, rising))
    if norm == "slaney":
        filters = filters * np.expand_dims(2.0 / (corners_at[2:num_mel_filters + 2] - corners_at[:num_mel_filters]), 0)
    if (filters.max(axis=0) == 0.0).any():
        _warnings.warn("At least one mel filter has all zero values. "
                       f"The value for `num_mel_filters` ({num_mel_filters}) may be set too high. "
                       f"Or, the value for `num_frequency_bins` ({num_frequency_bins}) may be set too low.")
    return filters.astype(dtype)


def window_function(window_length, name="hann", periodic=True, frame_length=None, center=True):
    """A window by its name, in the middle or at the start of a frame."""
    length = window_length + 1 if periodic else window_length
    if name == "boxcar":
        window = np.ones(length)
    elif name in ("hamming", "hamming_window"):
        window = np.hamming(length)
    elif name in ("hann", "hann_window"):
        window = np.hanning(length)
    elif name == "povey":
        window = np.power(np.hanning(length), 0.85)
    else:
        raise ValueError(f"Unknown window function '{name}'")
    if periodic:
        window = window[:-1]
    if frame_length is None:
        return window
    if window_length > frame_length:
        raise ValueError(f"Length of the window ({window_length}) may not be larger than frame_length ({frame_length})")
    padded = np.zeros(frame_length)
    at = (frame_length - window_length) // 2 if center else 0
    padded[at:at + window_length] = window
    return padded


def spectrogram(waveform, window, frame_length, hop_length, fft_length=None, power=1.0, center=True, pad_mode="reflect", onesided=True, dither=0.0,
                preemphasis=None, mel_filters=None, mel_floor=1e-10, log_mel=None, reference=1.0, min_value=1e-10, db_range=None,
                remove_dc_offset=False, dtype=np.float32):
    """How strong the frequencies of a sound are, frame by frame: (frequencies or mels, frames)."""
    fft_length = frame_length if fft_length is None else fft_length
    if frame_length > fft_length:
        raise ValueError(f"frame_length ({frame_length}) may not be larger than fft_length ({fft_length})")
    if len(window) != frame_length:
        raise ValueError(f"Length of the window ({len(window)}) must equal frame_length ({frame_length})")
    if hop_length <= 0:
        raise ValueError("hop_length must be greater than zero")
    if waveform.ndim != 1:
        raise ValueError(f"Input waveform must have only one dimension, shape is {waveform.shape}")
    if np.iscomplexobj(waveform):
        raise ValueError("Complex-valued input waveforms are not currently supported")
    if power is None and mel_filters is not None:
        raise ValueError("You have provided `mel_filters` but `power` is `None`. Mel spectrogram computation is not yet supported for complex-valued spectrogram. "
                         "Specify `power` to fix this issue.")
    if center:
        waveform = np.pad(waveform, (frame_length // 2, frame_length // 2), mode=pad_mode)
    waveform, window = waveform.astype(np.float64), window.astype(np.float64)
    count = int(1 + np.floor((waveform.size - frame_length) / hop_length))
    starts = np.arange(count) * hop_length
    frames = waveform[np.expand_dims(starts, 1) + np.expand_dims(np.arange(frame_length), 0)]
    if dither != 0.0:
        frames = frames + dither * np.random.randn(*frames.shape)
    if remove_dc_offset:
        frames = frames - frames.mean(axis=1, keepdims=True)
    if preemphasis is not None:
        later = frames[:, 1:] - preemphasis * frames[:, :-1]
        frames = np.concatenate([frames[:, :1] * (1 - preemphasis), later], axis=1)
    frames = frames * window
    if fft_length > frame_length:
        frames = np.pad(frames, ((0, 0), (0, fft_length - frame_length)))
    spectra = (np.fft.rfft(frames) if onesided else np.fft.fft(frames)).astype(np.complex64)
    if power is not None:
        spectra = np.abs(spectra).astype(np.float64) ** power
    spectra = spectra.T
    if mel_filters is not None:
        spectra = np.maximum(mel_floor, np.dot(mel_filters.T, spectra))
    if power is not None and log_mel is not None:
        if log_mel == "log":
            spectra = np.log(spectra)
        elif log_mel == "log10":
            spectra = np.log10(spectra)
        elif log_mel == "dB":
            if power not in (1.0, 2.0):
                raise ValueError(f"Cannot use log_mel option '{log_mel}' with power {power}")
            spectra = (amplitude_to_db if power == 1.0 else power_to_db)(spectra, reference, min_value, db_range)
        else:
            raise ValueError(f"Unknown log_mel option: {log_mel}")
        spectra = np.asarray(spectra, dtype)
    return spectra


def _decibels(factor, spectrogram, reference, min_value, db_range):
    if reference <= 0.0:
        raise ValueError("reference must be greater than zero")
    if min_value <= 0.0:
        raise ValueError("min_value must be greater than zero")
    reference = max(min_value, reference)
    levels = factor * (np.log10(np.clip(spectrogram, min_value, None)) - np.log10(reference))
    if db_range is not None:
        if db_range <= 0.0:
            raise ValueError("db_range must be greater than zero")
        levels = np.clip(levels, levels.max() - db_range, None)
    return levels


def power_to_db(spectrogram, reference=1.0, min_value=1e-10, db_range=None):
    """Powers as decibels."""
    return _decibels(10.0, spectrogram, reference, min_value, db_range)


def amplitude_to_db(spectrogram, reference=1.0, min_value=1e-5, db_range=None):
    """Amplitudes as decibels."""
    return _decibels(20.0, spectrogram, reference, min_value, db_range)
