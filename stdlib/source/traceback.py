"""Printing exceptions as the interpreter prints one that is not caught."""

import sys as _sys

from _traceback import current as _current, format as _format

__all__ = ["format_exc", "format_exception", "format_exception_only", "print_exc", "print_exception"]

_unset = object()


def _exception(exc, value):
    """The exception of either form of call: (exception) or (type, exception, traceback)."""
    if value is _unset:
        return exc
    return value


def format_exception_only(exc, /, value=_unset):
    """The lines that name the exception, in a list."""
    e = _exception(exc, value)
    if e is None:
        return ["NoneType: None\n"]
    text = str(e)
    name = type(e).__qualname__
    if type(e).__module__ not in ("builtins", "__main__"):
        name = f"{type(e).__module__}.{name}"
    lines = [f"{name}: {text}\n" if text else f"{name}\n"]
    for note in getattr(e, "__notes__", ()):
        lines.append(f"{note}\n")
    return lines


def format_exception(exc, /, value=_unset, tb=None, limit=None, chain=True):
    """The lines of the traceback and of the exception, in a list."""
    e = _exception(exc, value)
    if e is None:
        return ["NoneType: None\n"]
    return _format(e).splitlines(True)


def print_exception(exc, /, value=_unset, tb=None, limit=None, file=None, chain=True):
    """Print the traceback and the exception, on the standard error unless file is given."""
    (file or _sys.stderr).write("".join(format_exception(exc, value)))


def format_exc(limit=None, chain=True):
    """The exception being handled, as text."""
    return "".join(format_exception(_current()))


def print_exc(limit=None, file=None, chain=True):
    """Print the exception being handled."""
    print_exception(_current(), file=file)
