"""Matching file names with shell patterns."""

__all__ = ["filter", "fnmatch", "fnmatchcase"]


def _in_set(c, chars):
    negated = chars[:1] == "!"
    if negated:
        chars = chars[1:]
    i = 0
    found = False
    while i < len(chars):
        if i + 2 < len(chars) and chars[i + 1] == "-":
            found = found or chars[i] <= c <= chars[i + 2]
            i += 3
        else:
            found = found or chars[i] == c
            i += 1
    return found != negated


def _tokens(pat):
    """The pattern in pieces: *, ?, [set, or one character."""
    out = []
    i = 0
    while i < len(pat):
        end = pat.find("]", i + 3 if pat[i + 1:i + 2] == "!" else i + 2) if pat[i] == "[" else -1
        if end > 0:
            out.append(pat[i:end])
            i = end
        else:
            out.append(pat[i] if pat[i] != "[" else "[[")
        i += 1
    return out


def fnmatchcase(name, pat):
    """Whether a name matches a pattern, letter case included."""
    tokens = _tokens(pat)
    i = j = 0
    star, mark = -1, 0
    while i < len(name):
        t = tokens[j] if j < len(tokens) else None
        if t == "*":
            star, mark = j, i
            j += 1
        elif t is not None and (t == "?" or len(t) > 1 and _in_set(name[i], t[1:]) or t == name[i]):
            i += 1
            j += 1
        elif star >= 0:
            j = star + 1
            mark += 1
            i = mark
        else:
            return False
    return all(t == "*" for t in tokens[j:])


fnmatch = fnmatchcase


def filter(names, pat):
    """The names that match."""
    return [n for n in names if fnmatchcase(n, pat)]
