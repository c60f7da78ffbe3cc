"""Base64 and its relatives."""

import binascii

__all__ = ["b64encode", "b64decode", "standard_b64encode", "standard_b64decode", "urlsafe_b64encode", "urlsafe_b64decode", "b32encode", "b32decode", "b16encode", "b16decode", "a85encode", "encodebytes", "decodebytes"]


def _bytes(s):
    return s.encode("ascii") if isinstance(s, str) else bytes(s)


def b64encode(s, altchars=None):
    """The bytes in base64."""
    out = binascii.b2a_base64(s, newline=False)
    if altchars is not None:
        out = out.replace(b"+", altchars[:1]).replace(b"/", altchars[1:2])
    return out


def b64decode(s, altchars=None, validate=False):
    """The bytes that base64 spells."""
    s = _bytes(s)
    if altchars is not None:
        altchars = _bytes(altchars)
        s = s.replace(altchars[:1], b"+").replace(altchars[1:2], b"/")
    return binascii.a2b_base64(s, strict_mode=validate)


def standard_b64encode(s):
    """b64encode."""
    return b64encode(s)


def standard_b64decode(s):
    """b64decode."""
    return b64decode(s)


def urlsafe_b64encode(s):
    """The bytes in base64 with - and _."""
    return b64encode(s, b"-_")


def urlsafe_b64decode(s):
    """The bytes that base64 with - and _ spells."""
    return b64decode(s, b"-_")


def encodebytes(s):
    """The bytes in lines of base64."""
    return b"".join(binascii.b2a_base64(s[i : i + 57]) for i in range(0, len(s), 57))


def decodebytes(s):
    """The bytes that lines of base64 spell."""
    return binascii.a2b_base64(s)


def b32encode(s):
    """The bytes in base32."""
    return binascii._b32encode(s)


def b32decode(s, casefold=False):
    """The bytes that base32 spells."""
    s = _bytes(s)
    return binascii._b32decode(s.upper() if casefold else s)


def b16encode(s):
    """The bytes in hexadecimal."""
    return binascii.hexlify(s).upper()


def b16decode(s, casefold=False):
    """The bytes that hexadecimal digits spell."""
    s = _bytes(s)
    if not casefold and s != s.upper():
        raise binascii.Error("Non-base16 digit found")
    return binascii.unhexlify(s)


def a85encode(b):
    """The bytes in ascii85."""
    return binascii._a85encode(b)
