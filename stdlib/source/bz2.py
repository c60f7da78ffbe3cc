"""Data in bzip2's format, which is read; writing it is refused."""

import io as _io

from _bz2 import decompress as _decompress

__all__ = ["BZ2Compressor", "BZ2Decompressor", "BZ2File", "compress", "decompress", "open"]

_open = open


def decompress(data):
    """Decompressed data."""
    return _decompress(data) if data else b""


def compress(data, compresslevel=9):
    raise NotImplementedError("bz2: compressing is not supported; gzip and zlib compress")


class BZ2Compressor:
    def __init__(self, compresslevel=9):
        compress(b"")


class BZ2Decompressor:
    """Decompresses what comes in parts; what there is comes with the last."""

    def __init__(self):
        self._parts, self.eof, self.unused_data, self.needs_input = [], False, b"", True

    def decompress(self, data, max_length=-1):
        if self.eof:
            raise EOFError("End of stream already reached")
        self._parts.append(bytes(data))
        try:
            out = _decompress(b"".join(self._parts))
        except ValueError:
            return b""
        self.eof, self.needs_input = True, False
        return out


def BZ2File(filename, mode="r", *, compresslevel=9):
    """A bzip2 file as a stream."""
    if mode not in ("", "r", "rb"):
        compress(b"")
    if hasattr(filename, "read"):
        return _io.BytesIO(decompress(filename.read()))
    with _open(filename, "rb") as f:
        return _io.BytesIO(decompress(f.read()))


def open(filename, mode="rb", compresslevel=9, encoding=None, errors=None, newline=None):
    """Open a bzip2 file in binary or text mode."""
    f = BZ2File(filename, mode.replace("t", ""))
    return _io.StringIO(f.read().decode(encoding or "utf-8", errors or "strict")) if "t" in mode else f
