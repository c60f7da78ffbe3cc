"""Regular expressions."""

from enum import IntFlag as _IntFlag

import _re

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


class Match:
    """What a pattern found."""

    def __init__(self, pattern, string, found, pos, endpos):
        self.re, self.string, self.pos, self.endpos = pattern, string, pos, endpos
        self._spans, self._texts = found

    def _index(self, group):
        if isinstance(group, str):
            if group not in self.re.groupindex:
                raise IndexError("no such group")
            return self.re.groupindex[group]
        if not 0 <= group < len(self._spans):
            raise IndexError("no such group")
        return group

    def _text(self, group, default=None):
        text = self._texts[self._index(group)]
        if text is None:
            return default
        return text.encode("latin-1") if self.re._bytes else text

    def group(self, *groups):
        if len(groups) <= 1:
            return self._text(groups[0] if groups else 0)
        return tuple([self._text(g) for g in groups])

    def __getitem__(self, group):
        return self._text(group)

    def groups(self, default=None):
        return tuple([self._text(i, default) for i in range(1, len(self._spans))])

    def groupdict(self, default=None):
        return {name: self._text(i, default) for name, i in self.re.groupindex.items()}

    def span(self, group=0):
        return self._spans[self._index(group)]

    def start(self, group=0):
        return self.span(group)[0]

    def end(self, group=0):
        return self.span(group)[1]

    @property
    def lastindex(self):
        last, end = None, -1
        for i in range(1, len(self._spans)):
            if self._spans[i][1] > end:
                last, end = i, self._spans[i][1]
        return last

    @property
    def lastgroup(self):
        names = [n for n, i in self.re.groupindex.items() if i == self.lastindex]
        return names[0] if names else None

    @property
    def regs(self):
        return self._spans

    def expand(self, template):
        return _expand(template, self)

    def __bool__(self):
        return True

    def __repr__(self):
        return f"<re.Match object; span={self.span()}, match={self.group()!r}>"


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "a": "\a", "f": "\f", "v": "\v"}


def _expand(template, match):
    """A replacement with its references to groups filled in."""
    if "\\" not in template:
        return template
    out = []
    i = 0
    while i < len(template):
        c = template[i]
        if c != "\\":
            out.append(c)
            i += 1
            continue
        i += 1
        c = template[i:i + 1]
        if c.isdigit():
            end = i + 2 if template[i + 1:i + 2].isdigit() else i + 1
            out.append(_group(match, int(template[i:end])))
            i = end
        elif c == "g" and template[i + 1:i + 2] == "<" and ">" in template[i:]:
            end = template.index(">", i)
            name = template[i + 2:end]
            out.append(_group(match, int(name) if name.isdigit() else name))
            i = end + 1
        elif c in _ESCAPES:
            out.append(_ESCAPES[c])
            i += 1
        elif c.isalpha() or not c:
            raise error(f"bad escape \\{c} at position {i - 1}")
        else:
            out.append("\\" + c)
            i += 1
    return "".join(out)


def _group(match, group):
    try:
        return match._texts[match._index(group)] or ""
    except IndexError:
        raise error(f"invalid group reference {group}") from None


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
        self._engine = _re.compile(text, letters + ("e" if self._extended else ""), error)
        names = self._engine.groups()
        for name in names:
            if name and not name.isidentifier():
                raise error(f"bad character in group name {name!r}", pattern)
        self.groups = len(names) - 1
        self.groupindex = {name: i for i, name in enumerate(names) if name}

    def _given(self, string):
        """The text that a string stands for."""
        if isinstance(string, str):
            if self._bytes:
                raise TypeError("cannot use a bytes pattern on a string-like object")
            return string
        if not isinstance(string, (bytes, bytearray, memoryview)):
            raise TypeError(f"expected string or bytes-like object, got {type(string).__name__!r}")
        if not self._bytes:
            raise TypeError("cannot use a string pattern on a bytes-like object")
        return bytes(string).decode("latin-1")

    def _find(self, string, how, limit, pos=0, endpos=None, overlapped=False):
        text = self._given(string)
        size = len(text)
        pos = max(0, min(pos, size))
        end = size if endpos is None else max(0, min(endpos, size))
        if end < size:
            text = text[:end]
        return [Match(self, string, found, pos, end) for found in self._engine.find(text, how, limit, pos, overlapped)]

    def search(self, string, pos=0, endpos=None):
        found = self._find(string, "search", 1, pos, endpos)
        return found[0] if found else None

    def match(self, string, pos=0, endpos=None):
        found = self._find(string, "match", 1, pos, endpos)
        return found[0] if found else None

    def fullmatch(self, string, pos=0, endpos=None):
        found = self._find(string, "fullmatch", 1, pos, endpos)
        return found[0] if found else None

    def finditer(self, string, pos=0, endpos=None):
        return iter(self._find(string, "search", -1, pos, endpos))

    def findall(self, string, pos=0, endpos=None):
        found = self._find(string, "search", -1, pos, endpos)
        return self._texts_of(found)

    def _texts_of(self, found):
        none = b"" if self._bytes else ""
        if self.groups == 0:
            return [m._text(0) for m in found]
        if self.groups == 1:
            return [m._text(1, none) for m in found]
        return [m.groups(none) for m in found]

    def scanner(self, string, pos=0, endpos=None):
        return _Scanner(self, string, pos, endpos)

    def split(self, string, maxsplit=0):
        text = self._given(string)
        out = self._engine.split(text, self._engine.find(text, "search", maxsplit if maxsplit > 0 else -1) if maxsplit >= 0 else [])
        return [None if x is None else x.encode("latin-1") for x in out] if self._bytes else out

    def subn(self, repl, string, count=0):
        text = self._given(string)
        found = self._engine.find(text, "search", count if count > 0 else -1) if count >= 0 else []
        if callable(repl):
            texts = [repl(Match(self, string, m, 0, len(text))) for m in found]
        elif "\\" not in (repl if isinstance(repl, str) else bytes(repl).decode("latin-1")):
            texts = [repl] * len(found)
        else:
            template = repl if isinstance(repl, str) else bytes(repl).decode("latin-1")
            texts = [_expand(template, Match(self, text, m, 0, len(text))) for m in found]
        if self._bytes:
            texts = [t if isinstance(t, str) else bytes(t).decode("latin-1") for t in texts]
        out = self._engine.splice(text, found, texts)
        return out.encode("latin-1") if self._bytes else out, len(found)

    def sub(self, repl, string, count=0):
        return self.subn(repl, string, count)[0]

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
    key = (pattern, int(flags), type(pattern))
    if key not in _cache:
        if len(_cache) >= 512:
            _cache.clear()
        _cache[key] = Pattern(pattern, flags)
    return _cache[key]


def purge():
    _cache.clear()


def search(pattern, string, flags=0):
    """The first match anywhere."""
    return compile(pattern, flags).search(string)


def match(pattern, string, flags=0):
    """The match at the start."""
    return compile(pattern, flags).match(string)


def fullmatch(pattern, string, flags=0):
    """The match of the whole string."""
    return compile(pattern, flags).fullmatch(string)


def findall(pattern, string, flags=0):
    """The texts of all matches."""
    return compile(pattern, flags).findall(string)


def finditer(pattern, string, flags=0):
    """All matches."""
    return compile(pattern, flags).finditer(string)


def split(pattern, string, maxsplit=0, flags=0):
    """The pieces between matches."""
    return compile(pattern, flags).split(string, maxsplit)


def sub(pattern, repl, string, count=0, flags=0):
    """The string with matches replaced."""
    return compile(pattern, flags).sub(repl, string, count)


def subn(pattern, repl, string, count=0, flags=0):
    """The string with matches replaced, and how many there were."""
    return compile(pattern, flags).subn(repl, string, count)


def escape(pattern):
    """The pattern that matches just the string."""
    if isinstance(pattern, (bytes, bytearray)):
        return escape(bytes(pattern).decode("latin-1")).encode("latin-1")
    return "".join(["\\" + c if c in "()[]{}?*+-|^$\\.&~# \t\n\r\v\f" else c for c in pattern])
