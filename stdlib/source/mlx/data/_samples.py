"""What samples are made of, and the operations that look at one sample."""

import enum as _enum
import io as _io
import tarfile as _tarfile

import numpy as np

_state = {"generator": None}


def generator():
    """Where chance comes from."""
    if _state["generator"] is None:
        _state["generator"] = np.random.default_rng()
    return _state["generator"]


def set_state(seed):
    """Begin chance anew."""
    _state["generator"] = np.random.default_rng(seed)


class LoadAudioInfo(_enum.Enum):
    """What load_audio puts into a sample."""

    All = 0
    NumFrames = 1
    NumChannels = 2
    SampleRate = 3
    NumSeconds = 4


All, NumFrames, NumChannels, SampleRate, NumSeconds = LoadAudioInfo


def _array(value):
    """A value of a sample as an array; text and bytes are arrays of bytes."""
    if isinstance(value, str):
        value = value.encode("utf-8")
    if isinstance(value, (bytes, bytearray)):
        return np.frombuffer(bytes(value), dtype=np.int8)
    return value if isinstance(value, np.ndarray) else np.array(value)


def _text(value):
    """The text that an array of bytes is."""
    return value if isinstance(value, str) else value.decode("utf-8") if isinstance(value, bytes) else value.astype(np.uint8).tobytes().decode("utf-8")


def collated(samples, pad, dim):
    """Samples put together: arrays stacked, and filled up where they differ in length, or joined along an axis of their own."""
    out = {}
    for key in samples[0]:
        arrays = [np.asarray(s[key]) for s in samples]
        if key in dim:
            out[key] = np.concatenate(arrays, axis=dim[key])
            continue
        shapes = {a.shape for a in arrays}
        if len(shapes) > 1:
            if len({len(s) for s in shapes}) > 1:
                raise ValueError(f"batch: arrays of {key!r} have different numbers of axes: {sorted(shapes)}")
            widest = tuple(max(n) for n in zip(*shapes))
            filled = []
            for a in arrays:
                whole = np.full(widest, pad.get(key, 0), dtype=a.dtype)
                whole[tuple(slice(0, n) for n in a.shape)] = a
                filled.append(whole)
            arrays = filled
        out[key] = np.stack(arrays)
    return out


_operations = {}


def operation(fn):
    """Note a function (source, ...) as a method of buffers and streams."""
    _operations[fn.__name__] = fn
    return fn


def on_key(change):
    """An operation that changes the array of a key, or puts what comes of it under another."""
    def method(self, key, *args, output_key="", **kwargs):
        names = change.__code__.co_varnames[1:change.__code__.co_argcount] if hasattr(change, "__code__") else ()
        if len(args) > len(names) and names:
            *args, output_key = args

        def one(sample):
            sample = dict(sample)
            if key not in sample:
                raise KeyError(f"{change.__name__}: a sample has no {key!r}, but {', '.join(sorted(sample))}")
            sample[output_key or key] = change(sample[key], *args, **kwargs)
            return sample
        return self._mapped(one)
    method.__name__ = change.__name__
    _operations[change.__name__] = method
    return method


@operation
def key_transform(self, key, func, output_key=""):
    """The array of a key as a function gives it."""
    def one(sample):
        sample = dict(sample)
        sample[output_key or key] = _array(func(sample[key]))
        return sample
    return self._mapped(one)


@operation
def sample_transform(self, func):
    """Samples as a function gives them; one that it gives empty is dropped by streams."""
    mapped = self._mapped(lambda s: {k: _array(v) for k, v in func(dict(s)).items()})
    return mapped._kept(bool) if hasattr(mapped, "reset") else mapped


@operation
def rename_key(self, key, output_key):
    return self._mapped(lambda s: {output_key if k == key else k: v for k, v in s.items()})


@operation
def filter_key(self, key, remove=False):
    """Only the array of a key, or all but that."""
    return self._mapped(lambda s: {k: v for k, v in s.items() if (k == key) != remove})


@operation
def filter_by_shape(self, key, dim, low=-1, high=-1):
    """Only the samples whose array has a length within bounds along an axis."""
    return self._kept(lambda s: s[key].shape[dim] >= low and (high < 0 or s[key].shape[dim] <= high))


@operation
def shape(self, key, output_key, dim=None):
    """The shape of an array, or its length along an axis, under another key."""
    return self._mapped(lambda s: {**s, output_key: np.array(s[key].shape if dim is None else s[key].shape[dim], dtype=np.int64)})


@on_key
def squeeze(a, dim=None):
    return np.squeeze(a) if dim is None else np.squeeze(a, tuple(dim) if isinstance(dim, (list, tuple)) else dim)


@on_key
def pad(a, dim, lpad, rpad, pad_value):
    widths = [(0, 0)] * a.ndim
    widths[dim] = (lpad, rpad)
    return np.pad(a, widths, constant_values=np.array(pad_value).astype(a.dtype))


@on_key
def pad_to_size(a, dim, size, pad_value):
    return _filled(a, dim, size, pad_value)


@on_key
def pad_to_multiple(a, dim, pad_multiple, pad_value):
    return _filled(a, dim, -(-a.shape[dim] // pad_multiple) * pad_multiple, pad_value)


def _filled(a, dim, size, value):
    widths = [(0, 0)] * a.ndim
    widths[dim] = (0, max(size - a.shape[dim], 0))
    return np.pad(a, widths, constant_values=np.array(value).astype(a.dtype))


def _part(a, dims, starts, ends):
    at = [slice(None)] * a.ndim
    for d, start, end in zip(dims, starts, ends):
        at[d] = slice(start, end)
    return a[tuple(at)]


def _listed(*values):
    return [v if isinstance(v, (list, tuple)) else [v] for v in values]


@operation
def slice_(self, key, dim, start, end, output_key=""):
    dims, starts, ends = _listed(dim, start, end)
    return self._mapped(lambda s: {**s, output_key or key: _part(s[key], dims, starts, ends)})


_operations["slice"] = _operations.pop("slice_")


@operation
def random_slice(self, key, dim, size, output_key=""):
    """A part of an array of a size along axes, from somewhere."""
    dims, sizes = _listed(dim, size)

    def one(s):
        a = s[key]
        starts = [int(generator().integers(max(a.shape[d] - n, 0) + 1)) for d, n in zip(dims, sizes)]
        return {**s, output_key or key: _part(a, dims, starts, [at + n for at, n in zip(starts, sizes)])}
    return self._mapped(one)


@on_key
def remove_value(a, size_key_or_value, value=None):
    return a[a != (size_key_or_value if value is None else value)]


@on_key
def replace(a, old, replacement, count=-1):
    text, old, new = a.astype(np.uint8).tobytes(), _bytes(old), _bytes(replacement)
    return _array(text.replace(old, new, count))


def _bytes(value):
    return value.encode("utf-8") if isinstance(value, str) else bytes(value)


@on_key
def replace_bytes(a, byte_map):
    table = [_bytes(b) for b in byte_map]
    return _array(b"".join(table[b] for b in a.astype(np.uint8).tobytes()))


@operation
def load_file(self, key, prefix="", output_key=""):
    """The bytes of the file that a sample names."""
    def one(s):
        with open(f"{prefix}/{_text(s[key])}" if prefix else _text(s[key]), "rb") as f:
            return {**s, output_key or key: np.frombuffer(f.read(), dtype=np.uint8)}
    return self._mapped(one)


@operation
def load_numpy(self, key, prefix="", from_memory=False, output_key=""):
    """The array of the .npy file that a sample names, or whose bytes it has."""
    def one(s):
        where = _io.BytesIO(s[key].astype(np.uint8).tobytes()) if from_memory else f"{prefix}/{_text(s[key])}" if prefix else _text(s[key])
        return {**s, output_key or key: np.load(where)}
    return self._mapped(one)


@operation
def read_from_tar(self, tarfile, key, output_key, prefix="", tar_prefix="", from_key=False, nested=False, num_threads=1):
    """The bytes of the file of an archive that a sample names."""
    opened = {}

    def one(s):
        if "tar" not in opened:
            opened["tar"] = _tarfile.open(f"{prefix}/{tarfile}" if prefix else str(tarfile))
        name = tar_prefix + _text(s[key])
        try:
            member = opened["tar"].extractfile(name)
        except KeyError:
            raise RuntimeError(f"read_from_tar: {tarfile} has no {name}") from None
        return {**s, output_key: np.frombuffer(member.read(), dtype=np.uint8)}
    return self._mapped(one)


@operation
def load_audio(self, key, prefix="", info=False, from_memory=False, info_type=LoadAudioInfo.All, sample_rate=0, resampling_quality="sinc-fastest", output_key=""):
    """The frames of a sound, by channels, between -1 and 1, or what is known of it. WAV files alone."""
    import wave

    def one(s):
        where = _io.BytesIO(s[key].astype(np.uint8).tobytes()) if from_memory else f"{prefix}/{_text(s[key])}" if prefix else _text(s[key])
        with wave.open(where) as f:
            frames, channels, rate, width = f.getnframes(), f.getnchannels(), f.getframerate(), f.getsampwidth()
            if info:
                known = {LoadAudioInfo.All: [frames, channels, rate], NumFrames: frames, NumChannels: channels, SampleRate: rate, NumSeconds: frames / rate}
                return {**s, output_key or key: np.array(known[info_type])}
            raw = f.readframes(frames)
        if width not in (1, 2, 4):
            raise ValueError(f"load_audio: samples of {width} bytes, want 1, 2 or 4")
        a = np.frombuffer(raw, dtype={1: np.uint8, 2: np.int16, 4: np.int32}[width]).astype(np.float32)
        a = (a - 128) / 128 if width == 1 else a / float(1 << (8 * width - 1))
        a = a.reshape(-1, channels).astype(np.float32)
        if sample_rate and sample_rate != rate:
            a = _resampled(a, rate, sample_rate)
        return {**s, output_key or key: a}
    return self._mapped(one)


def _resampled(a, rate, wanted):
    from math import gcd

    from scipy.signal import resample_poly

    by = gcd(rate, wanted)
    return resample_poly(a, wanted // by, rate // by, axis=0).astype(np.float32)


@operation
def resample_audio(self, key, sample_rate, resample_rate, resampling_quality="sinc-fastest", output_key=""):
    return self._mapped(lambda s: {**s, output_key or key: _resampled(s[key], sample_rate, resample_rate)})


def _refused(name, why):
    def method(self, *args, **kwargs):
        raise NotImplementedError(f"{name}: {why}")
    _operations[name] = method


_refused("load_video", "there is nothing that reads films")
for _each in ("tokenize", "tokenize_bpe"):
    _refused(_each, "use key_transform with a tokenizer of the module tokenizers")
