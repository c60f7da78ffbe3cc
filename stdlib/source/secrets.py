"""Random numbers of the operating system."""

import base64
from random import SystemRandom

_source = SystemRandom()
DEFAULT_ENTROPY = 32


def randbelow(exclusive_upper_bound):
    """An int below a bound."""
    if exclusive_upper_bound <= 0:
        raise ValueError("Upper bound must be positive.")
    return _source.randrange(exclusive_upper_bound)


def randbits(k):
    """An int of k random bits."""
    return _source.getrandbits(k)


def choice(seq):
    """An element of a sequence."""
    return _source.choice(seq)


def token_bytes(nbytes=None):
    """Random bytes."""
    n = DEFAULT_ENTROPY if nbytes is None else nbytes
    return _source.getrandbits(8 * n).to_bytes(n, "big") if n else b""


def token_hex(nbytes=None):
    """Random bytes in hexadecimal."""
    return token_bytes(nbytes).hex()


def token_urlsafe(nbytes=None):
    """Random bytes in base64."""
    return base64.urlsafe_b64encode(token_bytes(nbytes)).rstrip(b"=").decode("ascii")


def compare_digest(a, b):
    """Whether two values are equal."""
    return a == b
