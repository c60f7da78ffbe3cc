"""Regular expressions."""

from enum import IntFlag as _IntFlag

import _re
from _re import findall as _findall, finditer as _finditer

__all__ = ["A", "ASCII", "DOTALL", "I", "IGNORECASE", "M", "MULTILINE", "Match", "Pattern", "S", "U", "UNICODE", "VERBOSE", "X",
           "DEBUG", "L", "LOCALE", "NOFLAG", "RegexFlag", "compile", "error", "escape", "findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn"]

class RegexFlag(_IntFlag):
    """How a pattern is read."""

    NOFLAG = 0
    IGNORECASE = I = 2
    LOCALE = L = 4
    MULTILINE = M = 8
    DOTALL = S = 16
    UNICODE = U = 32
    VERBOSE = X = 64
    DEBUG = 128
    ASCII = A = 256

    def __repr__(self):
        return "|".join([f"re.{f.name}" for f in RegexFlag if f.value and self.value & f.value]) or "re.NOFLAG"

    __str__ = __repr__


NOFLAG = RegexFlag.NOFLAG
IGNORECASE = I = RegexFlag.IGNORECASE
LOCALE = L = RegexFlag.LOCALE
MULTILINE = M = RegexFlag.MULTILINE
DOTALL = S = RegexFlag.DOTALL
UNICODE = U = RegexFlag.UNICODE
VERBOSE = X = RegexFlag.VERBOSE
DEBUG = RegexFlag.DEBUG
ASCII = A = RegexFlag.ASCII


class error(Exception):
    """A pattern that is wrong, or that needs what is not supported."""

    def __init__(self, msg, pattern=None, pos=None):
        Exception.__init__(self, msg)
        self.msg = msg
        self.pattern = pattern
        self.pos = pos


error.__module__ = "re"


from _re import Match


class Pattern:
    """A compiled pattern."""

    _extended = False

    def __init__(self, pattern, flags=0):
        self._bytes = isinstance(pattern, (bytes, bytearray))
        if not isinstance(pattern, str) and not self._bytes:
            raise TypeError("first argument must be string or compiled pattern")
        flags = int(flags)
        text = bytes(pattern).decode("latin-1") if self._bytes else pattern
        head = text[2:text.index(")")] if text.startswith("(?") and ")" in text else ""
        if head and not head.strip("aiLmsux"):
            for c in head:
                flags |= {"a": 256, "i": 2, "L": 4, "m": 8, "s": 16, "u": 32, "x": 64}[c]
        letters = "".join([c for c, f in (("i", 2), ("m", 8), ("s", 16), ("x", 64), ("a", 256)) if flags & f])
        if self._bytes and "a" not in letters:
            letters += "a"
        self.pattern = pattern
        self.flags = flags if self._bytes or flags & 256 else flags | 32
        letters += ("e" if self._extended else "") + ("b" if self._bytes else "")
        self._engine = _re.compile(text, letters, error)
        names = self._engine.groups()
        for name in names:
            if name and not name.isidentifier():
                raise error(f"bad character in group name {name!r}", pattern)
        self.groups = len(names) - 1
        self.groupindex = self._engine.index()

    search = _re.search
    match = _re.match
    fullmatch = _re.fullmatch
    split = _re.split
    sub = _re.sub
    subn = _re.subn

    def finditer(self, string, pos=0, endpos=None):
        return _finditer(self, string, pos, endpos)

    def findall(self, string, pos=0, endpos=None):
        return _findall(self, string, pos, endpos)

    def scanner(self, string, pos=0, endpos=None):
        return _Scanner(self, string, pos, endpos)

    def __eq__(self, other):
        return isinstance(other, Pattern) and (self.pattern, self.flags) == (other.pattern, other.flags)

    def __hash__(self):
        return hash((self.pattern, self.flags))

    def __repr__(self):
        names = [n for n, f in (("re.IGNORECASE", 2), ("re.MULTILINE", 8), ("re.DOTALL", 16), ("re.VERBOSE", 64), ("re.ASCII", 0 if self._bytes else 256)) if self.flags & f]
        shown = repr(self.pattern)
        return f"re.compile({shown[:200]}{', ' + '|'.join(names) if names else ''})"


class _Scanner:
    """Matches one after the other."""

    def __init__(self, pattern, string, pos, endpos):
        self.pattern, self._string, self._pos, self._end = pattern, string, pos, endpos

    def _next(self, how):
        found = how(self._string, self._pos) if self._end is None else how(self._string, self._pos, self._end)
        if found is not None:
            self._pos = found.end() + (found.end() == found.start())
        return found

    def match(self):
        return self._next(self.pattern.match)

    def search(self):
        return self._next(self.pattern.search)


_cache = {}


def compile(pattern, flags=0):
    """The compiled pattern."""
    if isinstance(pattern, Pattern):
        if flags:
            raise ValueError("cannot process flags argument with a compiled pattern")
        return pattern
    key = (pattern, flags, type(pattern))
    found = _cache.get(key)
    if found is None:
        if len(_cache) >= 512:
            _cache.clear()
        found = _cache[key] = Pattern(pattern, flags)
    return found


search, match, fullmatch, findall, finditer, split, sub, subn, _forget = _re.functions(compile)


def purge():
    """Forget the compiled patterns."""
    _cache.clear()
    _forget()


def escape(pattern):
    """The pattern that matches just the string."""
    if isinstance(pattern, (bytes, bytearray)):
        return escape(bytes(pattern).decode("latin-1")).encode("latin-1")
    return "".join(["\\" + c if c in "()[]{}?*+-|^$\\.&~# \t\n\r\v\f" else c for c in pattern])
