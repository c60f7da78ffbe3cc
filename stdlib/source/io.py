"""Streams: the types of file objects, streams in memory, and the classes that streams of one's own derive from."""

from _io import *
from abc import ABCMeta as _ABCMeta

BlockingIOError = BlockingIOError


class IOBase(metaclass=_ABCMeta):
    """What streams have in common."""

    _is_closed = False

    @property
    def closed(self):
        return self._is_closed

    def _check(self):
        if self.closed:
            raise ValueError("I/O operation on closed file.")

    def close(self):
        if not self._is_closed:
            try:
                self.flush()
            finally:
                self._is_closed = True

    def flush(self):
        self._check()

    def __enter__(self):
        self._check()
        return self

    def __exit__(self, *args):
        self.close()

    def readable(self):
        return False

    writable = seekable = isatty = readable

    def fileno(self):
        raise UnsupportedOperation("fileno")

    def seek(self, pos, whence=0):
        raise UnsupportedOperation("seek")

    def tell(self):
        return self.seek(0, 1)

    def truncate(self, pos=None):
        raise UnsupportedOperation("truncate")

    def readline(self, size=-1):
        out = b""
        while size is None or size < 0 or len(out) < size:
            c = self.read(1)
            if not c:
                break
            out += c
            if c == b"\n":
                break
        return out

    def readlines(self, hint=None):
        out, total = [], 0
        for line in self:
            out.append(line)
            total += len(line)
            if hint is not None and 0 < hint <= total:
                break
        return out

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def __iter__(self):
        self._check()
        return self

    def __next__(self):
        if line := self.readline():
            return line
        raise StopIteration


class RawIOBase(IOBase):
    """Streams of bytes that derive their reading from readinto."""

    def read(self, size=-1):
        if size is None or size < 0:
            return self.readall()
        b = bytearray(size)
        n = self.readinto(b)
        return None if n is None else bytes(b[:n])

    def readall(self):
        parts = []
        while True:
            part = self.read(DEFAULT_BUFFER_SIZE)
            if not part:
                return b"".join(parts) if parts else part
            parts.append(part)

    def readinto(self, b):
        raise UnsupportedOperation("readinto")

    def write(self, b):
        raise UnsupportedOperation("write")


class BufferedIOBase(IOBase):
    """Streams of bytes."""

    def read(self, size=-1):
        raise UnsupportedOperation("read")

    def read1(self, size=-1):
        raise UnsupportedOperation("read1")

    def readinto(self, b):
        data = self.read(len(b))
        b[:len(data)] = data
        return len(data)

    def write(self, b):
        raise UnsupportedOperation("write")

    def detach(self):
        raise UnsupportedOperation("detach")


class TextIOBase(IOBase):
    """Streams of text."""

    encoding = newlines = errors = None

    def read(self, size=-1):
        raise UnsupportedOperation("read")

    def readline(self, size=-1):
        raise UnsupportedOperation("readline")

    def write(self, s):
        raise UnsupportedOperation("write")

    def detach(self):
        raise UnsupportedOperation("detach")


from _io_layers import BufferedRandom, BufferedReader, BufferedWriter, TextIOWrapper  # which derive from the above

import _io

for _type in (BytesIO, _io.BufferedReader, _io.BufferedWriter, _io.BufferedRandom):
    BufferedIOBase.register(_type)
    IOBase.register(_type)
for _type in (BufferedReader, BufferedWriter, BufferedRandom, TextIOWrapper):
    _type.register(getattr(_io, _type.__name__))
for _type in (StringIO, _io.TextIOWrapper):
    TextIOBase.register(_type)
    IOBase.register(_type)
del _type, _io


def text_encoding(encoding, stacklevel=2):
    """The encoding, or the one that is used where none is given."""
    return "locale" if encoding is None else encoding


open_code = lambda path: open(path, "rb")
