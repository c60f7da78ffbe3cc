"""Regular expressions, without lookaround and backreferences."""

import _re

__all__ = ["A", "ASCII", "DOTALL", "I", "IGNORECASE", "M", "MULTILINE", "Match", "Pattern", "S", "U", "UNICODE", "VERBOSE", "X",
           "compile", "error", "escape", "findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn"]

ASCII = A = 256
IGNORECASE = I = 2
MULTILINE = M = 8
DOTALL = S = 16
UNICODE = U = 32
VERBOSE = X = 64


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

    def __init__(self, pattern, string, spans):
        self.re = pattern
        self.string = string
        self._spans = spans

    def _index(self, group):
        if isinstance(group, str):
            if group not in self.re.groupindex:
                raise IndexError("no such group")
            return self.re.groupindex[group]
        if not 0 <= group < len(self._spans):
            raise IndexError("no such group")
        return group

    def _text(self, group, default=None):
        start, end = self._spans[self._index(group)]
        return default if start < 0 else self.string[start:end]

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
        found = [i for i in range(1, len(self._spans)) if self._spans[i][0] >= 0]
        return found[-1] if found else None

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
        return match._text(group, "")
    except IndexError:
        raise error(f"invalid group reference {group}") from None


class Pattern:
    """A compiled pattern."""

    def __init__(self, pattern, flags=0):
        if not isinstance(pattern, str):
            raise TypeError("first argument must be string or compiled pattern")
        letters = "".join([c for c, f in (("i", I), ("m", M), ("s", S)) if flags & f])
        self.pattern = pattern
        self.flags = flags | U
        self._engine = _re.compile(pattern, f"(?{letters})" if letters else "", bool(flags & X), error)
        names = self._engine.groups()
        self.groups = len(names) - 1
        self.groupindex = {name: i for i, name in enumerate(names) if name}

    def _find(self, string, how, limit, pos=0, endpos=None):
        if not isinstance(string, str):
            raise TypeError(f"expected string or bytes-like object, got {type(string).__name__!r}")
        part = string if pos == 0 and endpos is None else string[pos:endpos]
        for spans in self._engine.find(part, how, limit):
            if pos:
                spans = tuple([(a + pos, b + pos) if a >= 0 else (a, b) for a, b in spans])
            yield Match(self, string, spans)

    def search(self, string, pos=0, endpos=None):
        return next(self._find(string, "search", 1, pos, endpos), None)

    def match(self, string, pos=0, endpos=None):
        return next(self._find(string, "match", 1, pos, endpos), None)

    def fullmatch(self, string, pos=0, endpos=None):
        return next(self._find(string, "fullmatch", 1, pos, endpos), None)

    def finditer(self, string, pos=0, endpos=None):
        return self._find(string, "search", -1, pos, endpos)

    def findall(self, string, pos=0, endpos=None):
        if self.groups == 0:
            return [m.group() for m in self.finditer(string, pos, endpos)]
        if self.groups == 1:
            return [m._text(1, "") for m in self.finditer(string, pos, endpos)]
        return [m.groups("") for m in self.finditer(string, pos, endpos)]

    def split(self, string, maxsplit=0):
        out = []
        at = 0
        for m in self._find(string, "search", maxsplit if maxsplit > 0 else -1):
            out.append(string[at:m.start()])
            out.extend(m.groups())
            at = m.end()
        out.append(string[at:])
        return out

    def subn(self, repl, string, count=0):
        out = []
        at = n = 0
        for m in self._find(string, "search", count if count > 0 else -1):
            out.append(string[at:m.start()])
            out.append(repl(m) if callable(repl) else _expand(repl, m))
            at = m.end()
            n += 1
        out.append(string[at:])
        return "".join(out), n

    def sub(self, repl, string, count=0):
        return self.subn(repl, string, count)[0]

    def __eq__(self, other):
        return isinstance(other, Pattern) and (self.pattern, self.flags) == (other.pattern, other.flags)

    def __hash__(self):
        return hash((self.pattern, self.flags))

    def __repr__(self):
        names = [n for n, f in (("re.IGNORECASE", I), ("re.MULTILINE", M), ("re.DOTALL", S), ("re.VERBOSE", X)) if self.flags & f]
        return f"re.compile({self.pattern!r}{', ' + '|'.join(names) if names else ''})"


_cache = {}


def compile(pattern, flags=0):
    """The compiled pattern."""
    if isinstance(pattern, Pattern):
        if flags:
            raise ValueError("cannot process flags argument with a compiled pattern")
        return pattern
    key = (pattern, flags)
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
    return "".join(["\\" + c if c in "()[]{}?*+-|^$\\.&~# \t\n\r\v\f" else c for c in pattern])
