"""Compression with zlib's format."""

import _zlib
from _zlib import (DEF_MEM_LEVEL, DEFLATED, MAX_WBITS, Z_BEST_COMPRESSION, Z_BEST_SPEED, Z_DEFAULT_COMPRESSION, Z_DEFAULT_STRATEGY, Z_FINISH,
                   Z_FULL_FLUSH, Z_NO_COMPRESSION, Z_NO_FLUSH, Z_SYNC_FLUSH, ZLIB_VERSION, adler32, compress, crc32, decompress, error)

DEF_BUF_SIZE = 16384
ZLIB_RUNTIME_VERSION = ZLIB_VERSION


class _Compress:
    """Compresses what comes in parts, when the last has come."""

    def __init__(self, level, wbits):
        self._parts, self._level, self._wbits = [], level, wbits

    def compress(self, data):
        self._parts.append(bytes(data))
        return b""

    def flush(self, mode=Z_FINISH):
        if mode != Z_FINISH:
            return b""
        return compress(b"".join(self._parts), self._level, self._wbits)

    def copy(self):
        other = _Compress(self._level, self._wbits)
        other._parts = list(self._parts)
        return other


def compressobj(level=-1, method=DEFLATED, wbits=MAX_WBITS, memLevel=DEF_MEM_LEVEL, strategy=Z_DEFAULT_STRATEGY, zdict=None):
    """An object that compresses what comes in parts."""
    if zdict is not None:
        raise NotImplementedError("zlib: preset dictionaries are not supported")
    return _Compress(level, wbits)


class _Decompress:
    """Decompresses what comes in parts."""

    def __init__(self, wbits):
        self._format = "raw" if wbits < 0 else "zlib" if wbits <= 15 else "gzip" if wbits <= 31 else "auto"
        self._data, self._given, self._ready = b"", 0, b""
        self.unused_data, self.unconsumed_tail, self.eof = b"", b"", False

    def decompress(self, data, max_length=0):
        if self.unconsumed_tail and data == self.unconsumed_tail:
            data = b""
        self.unconsumed_tail = b""
        if self.eof:
            self.unused_data += bytes(data)
        elif data:
            self._data += bytes(data)
            out, used, ended = _zlib.inflate(self._data, self._format)
            self._ready += out[self._given:]
            self._given = len(out)
            if ended:
                self.eof, self.unused_data, self._data = True, self._data[used:], b""
        if max_length and len(self._ready) > max_length:
            out, self._ready = self._ready[:max_length], self._ready[max_length:]
            self.unconsumed_tail = self._ready
            return out
        out, self._ready = self._ready, b""
        return out

    def flush(self, length=DEF_BUF_SIZE):
        out, self._ready = self._ready, b""
        return out


def decompressobj(wbits=MAX_WBITS, zdict=b""):
    """An object that decompresses what comes in parts."""
    if zdict:
        raise NotImplementedError("zlib: preset dictionaries are not supported")
    return _Decompress(wbits)
