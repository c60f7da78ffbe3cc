"""Encodings of text."""

import io as _io

__all__ = ["BOM", "BOM_BE", "BOM_LE", "BOM_UTF8", "BOM_UTF16", "CodecInfo", "decode", "encode", "getdecoder", "getencoder", "getincrementaldecoder",
           "getreader", "getwriter", "lookup", "open"]

BOM_UTF8 = b"\xef\xbb\xbf"
BOM = BOM_LE = BOM_UTF16 = BOM_UTF16_LE = b"\xff\xfe"
BOM_BE = BOM_UTF16_BE = b"\xfe\xff"
_open = open


class CodecInfo(tuple):
    """How an encoding encodes and decodes."""

    def __new__(cls, encode, decode, streamreader=None, streamwriter=None, incrementalencoder=None, incrementaldecoder=None, name=None):
        self = tuple.__new__(cls, (encode, decode, streamreader, streamwriter))
        self.encode, self.decode, self.name = encode, decode, name
        self.streamreader, self.streamwriter = streamreader, streamwriter
        self.incrementalencoder, self.incrementaldecoder = incrementalencoder, incrementaldecoder
        return self


_names = {"utf8": "utf-8", "u8": "utf-8", "utf-8": "utf-8", "ascii": "ascii", "us-ascii": "ascii", "latin1": "iso8859-1", "latin-1": "iso8859-1",
          "iso-8859-1": "iso8859-1", "iso8859-1": "iso8859-1", "utf-16": "utf-16", "utf-32": "utf-32", "utf-8-sig": "utf-8-sig"}


def lookup(encoding):
    """How an encoding encodes and decodes."""
    name = _names.get(encoding.lower().replace("_", "-"), encoding.lower().replace("_", "-"))
    if name not in ("rot13", "rot-13", "hex", "base64"):
        "".encode(name)

    class Incremental:
        def __init__(self, errors="strict"):
            self.errors, self._rest = errors, b""

        def decode(self, data, final=False):
            data = self._rest + bytes(data)
            self._rest = b""
            if not final and name in ("utf-8", "utf-8-sig"):
                for back in range(1, min(4, len(data)) + 1):
                    b = data[-back]
                    if b < 0x80:
                        break
                    if b >= 0xC0:
                        if back < (2 if b < 0xE0 else 3 if b < 0xF0 else 4):
                            data, self._rest = data[:-back], data[-back:]
                        break
            return data.decode(name, self.errors)

        def encode(self, text, final=False):
            return text.encode(name, self.errors)

        def reset(self):
            self._rest = b""

        def getstate(self):
            return (self._rest, 0)

        def setstate(self, state):
            self._rest = state[0]

    return CodecInfo(lambda s, errors="strict": (encode(s, name, errors), len(s)), lambda b, errors="strict": (decode(b, name, errors), len(b)),
                     lambda stream, errors="strict": _Stream(stream, name, errors), lambda stream, errors="strict": _Stream(stream, name, errors),
                     Incremental, Incremental, name)


class _Stream:
    """A stream of text over one of bytes."""

    def __init__(self, stream, encoding, errors="strict"):
        self.stream, self.encoding, self.errors = stream, encoding, errors

    def read(self, size=-1):
        return self.stream.read().decode(self.encoding, self.errors)

    def readline(self, size=None, keepends=True):
        return self.stream.readline().decode(self.encoding, self.errors)

    def __iter__(self):
        for line in self.stream:
            yield line.decode(self.encoding, self.errors)

    def write(self, text):
        return self.stream.write(text.encode(self.encoding, self.errors))

    def close(self):
        self.stream.close()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def __getattr__(self, name):
        return getattr(self.stream, name)


def _rot13(text):
    turn = lambda c, a: chr((ord(c) - ord(a) + 13) % 26 + ord(a))
    return "".join([turn(c, "a") if "a" <= c <= "z" else turn(c, "A") if "A" <= c <= "Z" else c for c in text])


def encode(obj, encoding="utf-8", errors="strict"):
    """Text in an encoding; some names stand for other changes of text and bytes."""
    name = encoding.lower().replace("_", "-")
    if name in ("rot13", "rot-13"):
        return _rot13(obj)
    if name in ("hex", "hex-codec", "base64", "base64-codec", "zlib", "zlib-codec", "bz2"):
        import base64
        import zlib

        return {"h": lambda: bytes(obj).hex().encode(), "b": lambda: base64.encodebytes(obj), "z": lambda: zlib.compress(obj)}[name[0]]()
    return obj.encode(encoding, errors)


def decode(obj, encoding="utf-8", errors="strict"):
    """The text that bytes in an encoding stand for."""
    name = encoding.lower().replace("_", "-")
    if name in ("rot13", "rot-13"):
        return _rot13(obj)
    if name in ("hex", "hex-codec", "base64", "base64-codec", "zlib", "zlib-codec"):
        import base64
        import zlib

        return {"h": lambda: bytes.fromhex(bytes(obj).decode("ascii")), "b": lambda: base64.decodebytes(obj), "z": lambda: zlib.decompress(obj)}[name[0]]()
    return bytes(obj).decode(encoding, errors)


def getencoder(encoding):
    return lookup(encoding).encode


def getdecoder(encoding):
    return lookup(encoding).decode


def getincrementaldecoder(encoding):
    return lookup(encoding).incrementaldecoder


def getincrementalencoder(encoding):
    return lookup(encoding).incrementalencoder


def getreader(encoding):
    return lookup(encoding).streamreader


def getwriter(encoding):
    return lookup(encoding).streamwriter


def open(filename, mode="r", encoding=None, errors="strict", buffering=-1):
    """Open a file of text in an encoding; lines end as they do in the file."""
    if encoding is None:
        return _open(filename, mode)
    return _open(filename, mode.replace("b", ""), encoding=encoding, errors=errors, newline="")


def strict_errors(exception):
    raise exception


def register(search_function):
    raise NotImplementedError("codecs: encodings of scripts are not supported")
