"""Paths that match a shell pattern."""

import os
from fnmatch import fnmatchcase as _fnmatch

__all__ = ["escape", "glob", "iglob"]


def _magic(s):
    return any(c in s for c in "*?[")


def _walk(base, parts, recursive):
    if not parts:
        yield base
        return
    first, rest = parts[0], parts[1:]
    if first == "**" and recursive:
        yield from _walk(base, rest, recursive)
        for name in _names(base):
            path = os.path.join(base, name)
            if not name.startswith(".") and (os.path.isdir(path) or not rest):
                yield from _walk(path, parts if os.path.isdir(path) else [], recursive)
    elif _magic(first):
        for name in _names(base):
            if _fnmatch(name, first) and (first.startswith(".") or not name.startswith(".")):
                path = os.path.join(base, name)
                if not rest or os.path.isdir(path):
                    yield from _walk(path, rest, recursive)
    else:
        path = os.path.join(base, first)
        if os.path.lexists(path):
            yield from _walk(path, rest, recursive)


def _names(base):
    try:
        return os.listdir(base or ".")
    except OSError:
        return []


def iglob(pathname, *, root_dir=None, recursive=False):
    """The paths that match, one by one."""
    base = "/" if pathname.startswith("/") else ""
    parts = [p for p in pathname.split("/") if p]
    seen = set()
    start = base if root_dir is None or base else root_dir + "/"
    for path in _walk(start, parts, recursive):
        if path and path not in seen:
            seen.add(path)
            yield path[len(start):] if start != base else path


def glob(pathname, *, root_dir=None, recursive=False):
    """The paths that match."""
    return list(iglob(pathname, root_dir=root_dir, recursive=recursive))


def escape(pathname):
    """The pattern that matches just the path."""
    return "".join([f"[{c}]" if c in "*?[" else c for c in pathname])


def has_magic(s):
    """Whether a name has characters that stand for others."""
    return any(c in s for c in (b"*?[" if isinstance(s, bytes) else "*?["))
