"""Sound in WAV files, uncompressed."""

import builtins as _builtins
import struct as _struct
from collections import namedtuple as _namedtuple

__all__ = ["Error", "Wave_read", "Wave_write", "open"]

WAVE_FORMAT_PCM, WAVE_FORMAT_EXTENSIBLE = 1, 0xFFFE
_PCM_GUID = b"\x01\x00\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"
_params = _namedtuple("_wave_params", "nchannels sampwidth framerate nframes comptype compname")


class Error(Exception):
    pass


class Wave_read:
    """A file that is read."""

    def __init__(self, f):
        self._own = isinstance(f, str) or hasattr(f, "__fspath__")
        self._file = _builtins.open(f, "rb") if self._own else f
        try:
            self._header()
        except BaseException:
            if self._own:
                self._file.close()
            raise

    def _header(self):
        f = self._file
        head = f.read(12)
        if len(head) < 12:
            raise EOFError
        if head[:4] != b"RIFF":
            raise Error("file does not start with RIFF id")
        if head[8:] != b"WAVE":
            raise Error("not a WAVE file")
        self._channels = None
        while True:
            head = f.read(8)
            if len(head) < 8:
                raise Error("fmt chunk and/or data chunk missing")
            name, size = _struct.unpack("<4sI", head)
            if name == b"fmt ":
                self._format(f.read(size))
                f.read(size & 1)
            elif name == b"data":
                if self._channels is None:
                    raise Error("data chunk before fmt chunk")
                self._start, self._frames, self._at = f.tell(), size // self._frame, 0
                return
            else:
                f.seek(size + (size & 1), 1)

    def _format(self, data):
        try:
            kind, self._channels, self._rate, _, _, bits = _struct.unpack_from("<HHLLHH", data)
        except _struct.error:
            raise EOFError from None
        if kind == WAVE_FORMAT_EXTENSIBLE:
            if len(data) < 40:
                raise EOFError
            if data[24:40] != _PCM_GUID:
                raise Error("unknown extended format")
        elif kind != WAVE_FORMAT_PCM:
            raise Error(f"unknown format: {kind!r}")
        self._width = (bits + 7) // 8
        if not self._width:
            raise Error("bad sample width")
        if not self._channels:
            raise Error("bad # of channels")
        self._frame = self._channels * self._width

    def getfp(self):
        return self._file

    def getnchannels(self):
        return self._channels

    def getsampwidth(self):
        return self._width

    def getframerate(self):
        return self._rate

    def getnframes(self):
        return self._frames

    def getcomptype(self):
        return "NONE"

    def getcompname(self):
        return "not compressed"

    def getparams(self):
        return _params(self._channels, self._width, self._rate, self._frames, "NONE", "not compressed")

    def getmarkers(self):
        return None

    def getmark(self, id):
        raise Error("no marks")

    def tell(self):
        return self._at

    def setpos(self, pos):
        if pos < 0 or pos > self._frames:
            raise Error("position not in range")
        self._at = pos

    def rewind(self):
        self._at = 0

    def readframes(self, nframes):
        """The bytes of so many frames from here."""
        nframes = min(nframes, self._frames - self._at) if nframes >= 0 else self._frames - self._at
        if nframes == 0:
            return b""
        self._file.seek(self._start + self._at * self._frame)
        data = self._file.read(nframes * self._frame)
        self._at += len(data) // self._frame
        return data

    def close(self):
        file, self._file = self._file, None
        if self._own and file is not None:
            file.close()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.close()


class Wave_write:
    """A file that is written."""

    def __init__(self, f):
        self._own = isinstance(f, str) or hasattr(f, "__fspath__")
        self._file = _builtins.open(f, "wb") if self._own else f
        self._channels = self._width = self._rate = self._frames = self._written = 0
        self._head = None

    def _before(self):
        if self._head is not None:
            raise Error("cannot change parameters after starting to write")

    def setnchannels(self, nchannels):
        self._before()
        if nchannels < 1:
            raise Error("bad # of channels")
        self._channels = nchannels

    def setsampwidth(self, sampwidth):
        self._before()
        if not 1 <= sampwidth <= 4:
            raise Error("bad sample width")
        self._width = sampwidth

    def setframerate(self, framerate):
        self._before()
        if framerate <= 0:
            raise Error("bad frame rate")
        self._rate = int(round(framerate))

    def setnframes(self, nframes):
        self._before()
        self._frames = nframes

    def setcomptype(self, comptype, compname):
        self._before()
        if comptype != "NONE":
            raise Error("unsupported compression type")

    def setparams(self, params):
        *numbers, comptype, compname = params
        for set_one, n in zip((self.setnchannels, self.setsampwidth, self.setframerate, self.setnframes), numbers, strict=True):
            set_one(n)
        self.setcomptype(comptype, compname)

    def _given(self, value, what):
        if not value:
            raise Error(f"{what} not set")
        return value

    def getnchannels(self):
        return self._given(self._channels, "number of channels")

    def getsampwidth(self):
        return self._given(self._width, "sample width")

    def getframerate(self):
        return self._given(self._rate, "frame rate")

    def getnframes(self):
        return self._written

    def getcomptype(self):
        return "NONE"

    def getcompname(self):
        return "not compressed"

    def getparams(self):
        if not (self._channels and self._width and self._rate):
            raise Error("not all parameters set")
        return _params(self._channels, self._width, self._rate, self._frames, "NONE", "not compressed")

    def tell(self):
        return self._written

    def _begin(self, size):
        if self._head is not None:
            return
        if not self._channels:
            raise Error("# channels not specified")
        if not self._width:
            raise Error("sample width not specified")
        if not self._rate:
            raise Error("sampling rate not specified")
        frame = self._channels * self._width
        if not self._frames:
            self._frames = size // frame
        self._size = self._frames * frame
        try:
            self._head = self._file.tell()
        except (AttributeError, OSError):
            self._head = -1
        self._file.write(b"RIFF" + _struct.pack("<L4s4sLHHLLHH4sL", 36 + self._size, b"WAVE", b"fmt ", 16, WAVE_FORMAT_PCM, self._channels, self._rate,
                                                self._rate * frame, frame, self._width * 8, b"data", self._size))

    def writeframesraw(self, data):
        data = bytes(data)
        self._begin(len(data))
        self._file.write(data)
        self._written += len(data) // (self._channels * self._width)

    def writeframes(self, data):
        self.writeframesraw(data)
        self._mend()

    def _mend(self):
        """Put the sizes into the header, where other frames were promised."""
        size = self._written * self._channels * self._width
        if self._head is None or size == self._size or self._head < 0:
            return
        end = self._file.tell()
        self._file.seek(self._head + 4)
        self._file.write(_struct.pack("<L", 36 + size))
        self._file.seek(self._head + 40)
        self._file.write(_struct.pack("<L", size))
        self._file.seek(end)
        self._size = size

    def close(self):
        if self._file is None:
            return
        try:
            self._begin(0)
            self._mend()
            self._file.flush()
        finally:
            file, self._file = self._file, None
            if self._own:
                file.close()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.close()


def open(f, mode=None):
    """A file that is read ("rb") or written ("wb")."""
    if mode is None:
        mode = getattr(f, "mode", "rb")
    if mode in ("r", "rb"):
        return Wave_read(f)
    if mode in ("w", "wb"):
        return Wave_write(f)
    raise Error("mode must be 'r', 'rb', 'w', or 'wb'")
