"""Printing exceptions as the interpreter prints one that is not caught."""

import sys as _sys

from _traceback import current as _current, format as _format, frames as _frames, line as _line

__all__ = ["extract_tb", "format_exc", "format_exception", "format_exception_only", "format_tb", "print_exc", "print_exception", "print_tb"]

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


class FrameSummary:
    """One frame of a traceback."""

    def __init__(self, filename, lineno, name, line):
        self.filename, self.lineno, self.name, self.line = filename, lineno, name, line

    def __iter__(self):
        return iter((self.filename, self.lineno, self.name, self.line))

    def __getitem__(self, i):
        return (self.filename, self.lineno, self.name, self.line)[i]

    def __repr__(self):
        return f"<FrameSummary file {self.filename}, line {self.lineno} in {self.name}>"


def extract_tb(tb, limit=None):
    """The frames of the traceback of an exception, by default of the one being handled."""
    e = tb if isinstance(tb, BaseException) else _current()
    return [FrameSummary(file, line, name, _line(file, line)) for file, line, name in _frames(e)]


def format_tb(tb, limit=None):
    """The frames of a traceback, as text."""
    return [f'  File "{f.filename}", line {f.lineno}, in {f.name}\n    {f.line}\n' for f in extract_tb(tb)]


def print_tb(tb, limit=None, file=None):
    """Print the frames of a traceback, on the standard error unless file is given."""
    (file or _sys.stderr).write("".join(format_tb(tb)))
