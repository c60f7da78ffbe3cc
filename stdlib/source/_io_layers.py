"""Streams over other streams: buffers over raw bytes, and text over bytes."""

import codecs as _codecs

from io import DEFAULT_BUFFER_SIZE, BufferedIOBase, TextIOBase, UnsupportedOperation


class _Layer:
    """What a stream hands on to the one below it."""

    def _below(self):
        if self._inner is None:
            raise ValueError("raw stream has been detached" if not isinstance(self, TextIOBase) else "underlying buffer has been detached")
        return self._inner

    @property
    def closed(self):
        return self._below().closed

    @property
    def name(self):
        return self._below().name

    def readable(self):
        return self._below().readable()

    def writable(self):
        return self._below().writable()

    def seekable(self):
        return self._below().seekable()

    def fileno(self):
        return self._below().fileno()

    def isatty(self):
        return self._below().isatty()

    def detach(self):
        """Let go of the stream below."""
        inner = self._below()
        self.flush()
        self._inner = None
        return inner

    def close(self):
        if self._inner is not None and not self.closed:
            try:
                self.flush()
            finally:
                self._inner.close()


class _Buffered(_Layer, BufferedIOBase):
    def __init__(self, raw, buffer_size=DEFAULT_BUFFER_SIZE):
        if buffer_size <= 0:
            raise ValueError("buffer size must be strictly positive")
        self._inner, self._size = raw, buffer_size
        self._ahead, self._behind = b"", bytearray()  # what is read and not asked for, and what is written and not handed on

    raw = property(lambda self: self._below())
    mode = property(lambda self: self._below().mode)

    def __repr__(self):
        return f"<_io.{type(self).__name__}>"

    # Reading.

    def _fill(self):
        """Read some more, and tell whether there was more."""
        self._below()
        data = self._inner.read(self._size)
        self._ahead += data or b""
        return bool(data)

    def _take(self, n):
        data, self._ahead = self._ahead[:n], self._ahead[n:]
        return data

    def read(self, size=-1):
        self._check()
        if size is None or size < 0:
            parts = [self._take(len(self._ahead))]
            while data := self._inner.read(max(self._size, 1 << 16)):
                parts.append(data)
            return b"".join(parts)
        parts, left = [self._take(size)], size
        left -= len(parts[0])
        while left > 0:
            data = self._inner.read(max(left, self._size))
            if not data:
                break
            parts.append(data[:left])
            self._ahead = data[left:]
            left -= len(parts[-1])
        return b"".join(parts)

    def read1(self, size=-1):
        self._check()
        if not self._ahead and size != 0:
            self._fill()
        return self._take(len(self._ahead) if size is None or size < 0 else size)

    def readinto1(self, b):
        data = self.read1(len(b))
        b[:len(data)] = data
        return len(data)

    def peek(self, size=0):
        """What comes next, which stays."""
        self._check()
        if not self._ahead:
            self._fill()
        return self._ahead

    def readline(self, size=-1):
        self._check()
        limit = -1 if size is None else size
        searched = 0
        while True:
            at = self._ahead.find(b"\n", searched)
            if at >= 0 and not 0 <= limit <= at:
                return self._take(at + 1)
            if 0 <= limit <= len(self._ahead):
                return self._take(limit)
            searched = len(self._ahead)
            if not self._fill():
                return self._take(len(self._ahead))

    # Writing.

    def write(self, b):
        if self.closed:
            raise ValueError("write to closed file")
        if isinstance(b, str):
            raise TypeError("a bytes-like object is required, not 'str'")
        data = bytes(b)
        self._behind += data
        if len(self._behind) > self._size:
            self.flush()
        return len(data)

    def flush(self):
        self._check()
        while self._behind:
            n = self._inner.write(bytes(self._behind))
            if n is None:
                raise BlockingIOError("write could not complete without blocking")
            del self._behind[:n]
        if hasattr(self._inner, "flush"):
            self._inner.flush()

    # Places.

    def tell(self):
        return self._below().tell() - len(self._ahead) + len(self._behind)

    def seek(self, pos, whence=0):
        self._check()
        if self._behind:
            self.flush()
        if whence == 1:
            pos -= len(self._ahead)
        self._ahead = b""
        return self._inner.seek(pos, whence)

    def truncate(self, pos=None):
        self.flush()
        return self._inner.truncate(self.tell() if pos is None else pos)


class BufferedReader(_Buffered):
    """A buffer over a stream of bytes that is read."""

    def __init__(self, raw, buffer_size=DEFAULT_BUFFER_SIZE):
        if not raw.readable():
            raise OSError("File or stream is not readable.")
        super().__init__(raw, buffer_size)

    def write(self, b):
        raise UnsupportedOperation("write")


class BufferedWriter(_Buffered):
    """A buffer over a stream of bytes that is written."""

    def __init__(self, raw, buffer_size=DEFAULT_BUFFER_SIZE):
        if not raw.writable():
            raise OSError("File or stream is not writable.")
        super().__init__(raw, buffer_size)

    def _refuse(self, *args):
        raise UnsupportedOperation("read")

    read = read1 = readinto = readinto1 = readline = peek = _refuse


class BufferedRandom(_Buffered):
    """A buffer over a stream of bytes that is read and written."""

    def __init__(self, raw, buffer_size=DEFAULT_BUFFER_SIZE):
        if not raw.seekable():
            raise UnsupportedOperation("File or stream is not seekable.")
        super().__init__(raw, buffer_size)

    def _fill(self):
        if self._behind:
            self.flush()
        return super()._fill()

    def read(self, size=-1):
        if self._behind:
            self.flush()
        return super().read(size)

    def write(self, b):
        if self._ahead:
            self.seek(0, 1)
        return super().write(b)


class TextIOWrapper(_Layer, TextIOBase):
    """Text over a stream of bytes."""

    def __init__(self, buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False):
        if newline not in (None, "", "\n", "\r", "\r\n"):
            raise ValueError(f"illegal newline value: {newline}")
        self._inner = buffer
        self.encoding, self.errors = "utf-8" if encoding in (None, "locale") else encoding, errors or "strict"
        _codecs.lookup(self.encoding)
        self._newline, self.line_buffering, self.write_through = newline, line_buffering, write_through
        self._text, self._bytes, self._seen, self._held = "", b"", set(), []

    buffer = property(lambda self: self._below())

    def __repr__(self):
        name = getattr(self._inner, "name", None)
        return "<_io.TextIOWrapper" + (f" name={name!r}" if name is not None else "") + f" encoding={self.encoding!r}>"

    @property
    def newlines(self):
        found = tuple([n for n in ("\r", "\n", "\r\n") if n in self._seen])
        return None if not found else found[0] if len(found) == 1 else found

    def reconfigure(self, *, encoding=None, errors=None, newline=..., line_buffering=None, write_through=None):
        """Change how text is read and written from here on."""
        self.flush()
        self.encoding = self.encoding if encoding is None else encoding
        self.errors = errors if errors is not None else "strict" if encoding is not None else self.errors
        self._newline = self._newline if newline is ... else newline
        self.line_buffering = self.line_buffering if line_buffering is None else line_buffering
        self.write_through = self.write_through if write_through is None else write_through

    # Reading.

    def _decoded(self, data, last):
        """The text of bytes, without what is the start of a character or of a line end."""
        data = self._bytes + data
        keep = 0
        if not last and data:
            keep = self._unfinished(data)
        self._bytes = data[len(data) - keep:]
        text = data[:len(data) - keep].decode(self.encoding, self.errors)
        if self._newline in (None, ""):
            if not last and text.endswith("\r"):
                self._bytes, text = "\r".encode(self.encoding) + self._bytes, text[:-1]
            rest = text.replace("\r\n", "")
            self._seen.update([n for n, there in (("\r\n", "\r\n" in text), ("\r", "\r" in rest), ("\n", "\n" in rest)) if there])
            if self._newline is None:
                text = text.replace("\r\n", "\n").replace("\r", "\n")
        return text

    def _unfinished(self, data):
        """How many bytes at the end are the start of a character."""
        kind = _codecs.lookup(self.encoding).name
        if kind.startswith("utf-16") or kind.startswith("utf-32"):
            return len(data) % (2 if kind.startswith("utf-16") else 4)
        if not kind.startswith("utf-8"):
            return 0
        for n in range(1, min(4, len(data)) + 1):
            byte = data[-n]
            if byte >= 0xC0:
                return n if n < (4 if byte >= 0xF0 else 3 if byte >= 0xE0 else 2) else 0
            if byte < 0x80:
                return 0
        return 0

    def _fill(self):
        """Read some more, and tell whether the end was not there yet."""
        inner = self._below()
        data = inner.read1(DEFAULT_BUFFER_SIZE) if hasattr(inner, "read1") else inner.read(DEFAULT_BUFFER_SIZE)
        self._text += self._decoded(data, not data)
        return bool(data)

    def read(self, size=-1):
        self._check_readable()
        if size is None or size < 0:
            text = self._text + self._decoded(self._below().read(), True)
            self._text = ""
            return text
        while len(self._text) < size and self._fill():
            pass
        text, self._text = self._text[:size], self._text[size:]
        return text

    def _check_readable(self):
        self._check()
        if not self.readable():
            raise UnsupportedOperation("not readable")
        if self._held:
            self.flush()

    def _line_end(self, start):
        """Where the first line of what was read ends; -1 for not yet."""
        if self._newline == "":
            ends = [(self._text.find(n, start), len(n)) for n in ("\r\n", "\n", "\r")]
            found = min([(at, -n) for at, n in ends if at >= 0], default=None)
            return -1 if found is None else found[0] - found[1]
        mark = self._newline or "\n"
        at = self._text.find(mark, max(0, start - len(mark) + 1))
        return -1 if at < 0 else at + len(mark)

    def readline(self, size=-1):
        self._check_readable()
        limit, start = -1 if size is None else size, 0
        while True:
            end = self._line_end(start)
            if end < 0 and not 0 <= limit <= len(self._text):
                start = len(self._text)
                if self._fill():
                    continue
                end = self._line_end(start)
                end = len(self._text) if end < 0 else end
            end = limit if end < 0 or 0 <= limit < end else end
            line, self._text = self._text[:end], self._text[end:]
            return line

    # Writing.

    def write(self, s):
        self._check()
        if not isinstance(s, str):
            raise TypeError(f"write() argument must be str, not {type(s).__name__}")
        if not self.writable():
            raise UnsupportedOperation("not writable")
        text = s.replace("\n", self._newline) if self._newline in ("\r", "\r\n") else s
        self._held.append(text.encode(self.encoding, self.errors))
        if self.write_through or self.line_buffering and ("\n" in s or "\r" in s):
            self.flush()
        elif len(self._held) > 256 or len(text) > DEFAULT_BUFFER_SIZE:
            self._hand_on()
        return len(s)

    def _hand_on(self):
        data, self._held = b"".join(self._held), []
        if data:
            self._below().write(data)

    def flush(self):
        self._check()
        self._hand_on()
        self._below().flush()

    # Places.

    def tell(self):
        self._check()
        if not self.seekable():
            raise UnsupportedOperation("underlying stream is not seekable")
        self._hand_on()
        waiting = self._text if self._newline is not None or "\r\n" not in self._seen else self._text.replace("\n", "\r\n")
        return self._below().tell() - len(self._bytes) - len(waiting.encode(self.encoding, self.errors))

    def seek(self, cookie, whence=0):
        self._check()
        if whence == 1 and cookie != 0:
            raise UnsupportedOperation("can't do nonzero cur-relative seeks")
        if whence == 2 and cookie != 0:
            raise UnsupportedOperation("can't do nonzero end-relative seeks")
        if whence == 1:
            cookie, whence = self.tell(), 0
        self.flush()
        self._text, self._bytes = "", b""
        return self._below().seek(cookie, whence)

    def truncate(self, pos=None):
        self.flush()
        return self._below().truncate(self.tell() if pos is None else pos)
