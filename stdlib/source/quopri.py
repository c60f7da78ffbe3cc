"""The encoding quoted-printable."""

import re as _re

__all__ = ["decode", "decodestring", "encode", "encodestring"]


def decodestring(s, header=False):
    """The bytes that quoted text stands for."""
    data = s.encode("ascii") if isinstance(s, str) else bytes(s)
    if header:
        data = data.replace(b"_", b" ")
    data = _re.sub(rb"[ \t]+(?=\r?\n|$)", b"", data)
    data = _re.sub(rb"=\r?\n", b"", data)
    return _re.sub(rb"=([0-9A-Fa-f]{2})", lambda m: bytes([int(m.group(1), 16)]), data)


def encodestring(s, quotetabs=False, header=False):
    """Bytes as quoted text of lines of at most 76 characters."""
    lines = []
    for line in bytes(s).split(b"\n"):
        words = []
        for i, c in enumerate(line):
            blank = c in (32, 9)
            plain = 33 <= c <= 126 and c != 61 or blank and not quotetabs and i + 1 < len(line)
            if header and c in (32, 95):
                words.append("_" if c == 32 else "=5F")
            else:
                words.append(chr(c) if plain else f"={c:02X}")
        row, width = [], 0
        for i, word in enumerate(words):
            if width + len(word) > (76 if i + 1 == len(words) else 75):
                row.append("=\n")
                width = 0
            row.append(word)
            width += len(word)
        lines.append("".join(row))
    return "\n".join(lines).encode("ascii")


def decode(input, output, header=False):
    """Decode a file into another."""
    output.write(decodestring(input.read(), header))


def encode(input, output, quotetabs, header=False):
    """Encode a file into another."""
    output.write(encodestring(input.read(), quotetabs, header))
