"""Files of waves as arrays."""

import struct as _struct

import numpy as np

__all__ = ["WavFileWarning", "read", "write"]

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE


class WavFileWarning(UserWarning):
    """Something of a file is passed over."""


def _dtype(kind, bits):
    if kind == _FLOAT and bits in (32, 64):
        return np.float32 if bits == 32 else np.float64
    if kind == _PCM and 1 <= bits <= 64 and bits != 24:
        for size, dtype in ((8, np.uint8), (16, np.int16), (32, np.int32), (64, np.int64)):
            if bits <= size:
                return dtype
    if kind == _PCM and bits == 24:
        return np.int32
    raise ValueError(f"Unknown wave file format: {kind:#06x}, {bits} bits a sample")


def _samples(data, kind, bits, channels):
    dtype = _dtype(kind, bits)
    if bits == 24:  # in the upper bytes of 32 bits
        parts = np.frombuffer(data[:len(data) // 3 * 3], np.uint8).reshape(-1, 3)
        wide = np.zeros((len(parts), 4), np.uint8)
        wide[:, 1:] = parts
        values = np.frombuffer(wide.tobytes(), np.int32)
    else:
        size = np.dtype(dtype).itemsize
        values = np.frombuffer(data[:len(data) // size * size], dtype)
    values = values.copy()
    return values[:len(values) // channels * channels].reshape(-1, channels) if channels > 1 else values


def read(filename, mmap=False):
    """The rate of a file, and its samples: (frames,) or (frames, channels)."""
    if mmap:
        raise NotImplementedError("wavfile.read: files are not mapped into memory")
    opened = not hasattr(filename, "read")
    f = open(filename, "rb") if opened else filename
    try:
        head = f.read(12)
        if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
            raise ValueError(f"File format {head[:4]!r} not understood. Only 'RIFF' files of 'WAVE' are supported.")
        form = None
        while True:
            chunk = f.read(8)
            if len(chunk) < 8:
                raise ValueError("No data chunk in the file")
            name, size = chunk[:4], _struct.unpack("<I", chunk[4:])[0]
            if name == b"fmt ":
                body = f.read(size + size % 2)
                kind, channels, rate, _, _, bits = _struct.unpack("<HHIIHH", body[:16])
                if kind == _EXTENSIBLE and size >= 40:
                    kind = _struct.unpack("<H", body[24:26])[0]
                form = kind, channels, rate, bits
            elif name == b"data":
                if form is None:
                    raise ValueError("No fmt chunk before data")
                kind, channels, rate, bits = form
                return rate, _samples(f.read(size), kind, bits, channels)
            else:
                f.seek(size + size % 2, 1)
    finally:
        if opened:
            f.close()
        else:
            f.seek(0)


def write(filename, rate, data):
    """Write samples, whose dtype says how they are written."""
    data = np.asarray(data)
    kind, size = data.dtype.kind, data.dtype.itemsize
    if not (kind == "i" and size in (2, 4, 8) or kind == "f" and size in (4, 8) or kind == "u" and size == 1):
        raise ValueError("Unsupported data type '%s'" % data.dtype)
    channels = 1 if data.ndim == 1 else data.shape[1]
    tag = _FLOAT if kind == "f" else _PCM
    form = _struct.pack("<HHIIHH", tag, channels, rate, rate * channels * size, channels * size, size * 8)
    extra = b""
    if kind == "f":
        form += b"\x00\x00"
        extra = b"fact" + _struct.pack("<II", 4, data.shape[0])
    body = np.ascontiguousarray(data).tobytes()
    chunks = b"fmt " + _struct.pack("<I", len(form)) + form + extra + b"data" + _struct.pack("<I", len(body)) + body
    out = b"RIFF" + _struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks
    if hasattr(filename, "write"):
        filename.write(out)
        return
    with open(filename, "wb") as f:
        f.write(out)
