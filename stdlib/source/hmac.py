"""Keyed digests."""

import _hmac


def _name(digestmod):
    if isinstance(digestmod, str):
        return digestmod.lower()
    return getattr(digestmod, "__name__", "").replace("openssl_", "")


class HMAC:
    """A keyed digest."""

    def __init__(self, key, msg=None, digestmod=""):
        if not digestmod:
            raise TypeError("Missing required argument 'digestmod'.")
        self._h = _hmac.new(key, b"" if msg is None else msg, _name(digestmod))

    def update(self, msg):
        self._h.update(msg)

    def digest(self):
        return self._h.digest()

    def hexdigest(self):
        return self._h.hexdigest()


def new(key, msg=None, digestmod=""):
    """A keyed digest."""
    return HMAC(key, msg, digestmod)


def digest(key, msg, digest):
    """A keyed digest's bytes."""
    return HMAC(key, msg, digest).digest()


def compare_digest(a, b):
    """Whether two digests are equal."""
    return a == b
