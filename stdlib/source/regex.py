"""Regular expressions with Unicode's properties, POSIX classes and matches that overlap."""

import _re as _engine
import re as _re
from re import (A, ASCII, DOTALL, I, IGNORECASE, L, LOCALE, M, MULTILINE, Match, S, U, UNICODE, VERBOSE, X, error, escape)

__all__ = ["A", "ASCII", "DOTALL", "I", "IGNORECASE", "M", "MULTILINE", "Match", "Pattern", "Regex", "S", "U", "UNICODE", "V0", "V1", "VERBOSE",
           "VERSION0", "VERSION1", "X", "compile", "error", "escape", "findall", "finditer", "fullmatch", "match", "search", "split", "splititer",
           "sub", "subn", "template", "purge"]

V0 = VERSION0 = 0x2000
V1 = VERSION1 = 0x100
F = FULLCASE = 0x4000
B = BESTMATCH = 0x1000
W = WORD = 0x800


class Pattern(_re.Pattern):
    """A compiled pattern."""

    _extended = True

    def __init__(self, pattern, flags=0):
        flags = int(flags)
        if flags & 0x1800:
            raise error("fuzzy matching and word flags are not supported", pattern)
        super().__init__(pattern, flags & ~0x6100 if not flags & 0x80 else flags & ~0x6000)

    def findall(self, string, pos=0, endpos=None, overlapped=False, **options):
        return _engine.findall(self, string, pos, endpos, overlapped)

    def finditer(self, string, pos=0, endpos=None, overlapped=False, **options):
        return _engine.finditer(self, string, pos, endpos, overlapped)

    def splititer(self, string, maxsplit=0):
        return iter(self.split(string, maxsplit))

    def __repr__(self):
        return f"regex.Regex({self.pattern!r}, flags=regex.V0)"


Regex = Pattern
_cache = {}


def compile(pattern, flags=0, **named):
    """The compiled pattern."""
    if isinstance(pattern, _re.Pattern):
        return pattern
    key = (pattern, int(flags), type(pattern))
    if key not in _cache:
        if len(_cache) >= 512:
            _cache.clear()
        _cache[key] = Pattern(pattern, flags)
    return _cache[key]


template = compile


def purge():
    _cache.clear()


def search(pattern, string, flags=0, pos=0, endpos=None, **options):
    """The first match anywhere."""
    return compile(pattern, flags).search(string, pos, endpos)


def match(pattern, string, flags=0, pos=0, endpos=None, **options):
    """The match at the start."""
    return compile(pattern, flags).match(string, pos, endpos)


def fullmatch(pattern, string, flags=0, pos=0, endpos=None, **options):
    """The match of the whole string."""
    return compile(pattern, flags).fullmatch(string, pos, endpos)


def findall(pattern, string, flags=0, pos=0, endpos=None, overlapped=False, **options):
    """The texts of all matches."""
    return compile(pattern, flags).findall(string, pos, endpos, overlapped)


def finditer(pattern, string, flags=0, pos=0, endpos=None, overlapped=False, **options):
    """All matches."""
    return compile(pattern, flags).finditer(string, pos, endpos, overlapped)


def split(pattern, string, maxsplit=0, flags=0, **options):
    """The pieces between matches."""
    return compile(pattern, flags).split(string, maxsplit)


def splititer(pattern, string, maxsplit=0, flags=0, **options):
    return iter(split(pattern, string, maxsplit, flags))


def sub(pattern, repl, string, count=0, flags=0, **options):
    """The string with matches replaced."""
    return compile(pattern, flags).sub(repl, string, count)


def subn(pattern, repl, string, count=0, flags=0, **options):
    """The string with matches replaced, and how many there were."""
    return compile(pattern, flags).subn(repl, string, count)
