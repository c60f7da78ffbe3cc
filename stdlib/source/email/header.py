"""Headers with characters beyond ASCII."""

import base64
import quopri
import re

__all__ = ["Header", "decode_header", "make_header"]

_word = re.compile(r"=\?([^?]+)\?([bBqQ])\?([^?]*)\?=")


def decode_header(header):
    """The parts of a header, each with its charset or None."""
    text, out, end = str(header), [], 0
    for found in _word.finditer(text):
        between = text[end:found.start()]
        if between.strip() or not out and between:
            out.append((between.encode("ascii", "replace"), None))
        charset, kind, body = found.groups()
        raw = base64.b64decode(body) if kind in "bB" else quopri.decodestring(body.replace("_", " "))
        if out and out[-1][1] == charset.lower():
            raw = out.pop()[0] + raw
        out.append((raw, charset.lower()))
        end = found.end()
    if not out:
        return [(text, None)]
    if text[end:].strip():
        out.append((text[end:].encode("ascii", "replace"), None))
    return out


class Header:
    """A header of parts with charsets."""

    def __init__(self, s=None, charset=None, maxlinelen=None, header_name=None, continuation_ws=" ", errors="strict"):
        self._parts = []
        if s is not None:
            self.append(s, charset, errors)

    def append(self, s, charset=None, errors="strict"):
        self._parts.append(s.decode(charset or "us-ascii", errors) if isinstance(s, bytes) else str(s))

    def __str__(self):
        return "".join(self._parts)

    def __eq__(self, other):
        return str(self) == str(other)

    def encode(self, splitchars=";, \t", maxlinelen=None, linesep="\n"):
        text = str(self)
        return text if text.isascii() else f"=?utf-8?b?{base64.b64encode(text.encode('utf-8')).decode()}?="


def make_header(decoded_seq, maxlinelen=None, header_name=None, continuation_ws=" "):
    """The header of parts with charsets."""
    h = Header()
    for s, charset in decoded_seq:
        h.append(s, charset)
    return h
