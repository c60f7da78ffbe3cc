"""Printing exceptions as the interpreter prints one that is not caught."""

import sys as _sys

from _traceback import current as _current, format as _format, frames as _frames, line as _line

__all__ = ["extract_stack", "extract_tb", "format_exception", "format_exception_only", "format_list", "format_stack", "format_tb", "print_exc", "format_exc", "print_exception",
           "print_last", "print_stack", "print_tb", "clear_frames", "FrameSummary", "StackSummary", "TracebackException", "walk_stack", "walk_tb", "print_list"]

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

    def __init__(self, filename, lineno, name, *, lookup_line=True, locals=None, line=None, end_lineno=None, colno=None, end_colno=None):
        self.filename, self.lineno, self.name = filename, lineno, name
        self.line = line if line is not None or not lookup_line else _line(filename, lineno)
        self.locals = None if locals is None else {k: repr(v) for k, v in locals.items()}
        self.end_lineno, self.colno, self.end_colno = end_lineno, colno, end_colno

    def _parts(self):
        return (self.filename, self.lineno, self.name, self.line)

    def __eq__(self, other):
        if isinstance(other, FrameSummary):
            return self._parts() == other._parts() and self.locals == other.locals
        if isinstance(other, tuple):
            return self._parts() == other
        return NotImplemented

    def __iter__(self):
        return iter(self._parts())

    def __len__(self):
        return 4

    def __getitem__(self, i):
        return self._parts()[i]

    def __repr__(self):
        return f"<FrameSummary file {self.filename}, line {self.lineno} in {self.name}>"


def _text_of(frame):
    where = f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}\n'
    code = f"    {frame.line.strip()}\n" if frame.line else ""
    return where + code + "".join(f"    {k} = {v}\n" for k, v in sorted((frame.locals or {}).items()))


class StackSummary(list):
    """The frames of a traceback, outermost first."""

    @classmethod
    def extract(cls, frame_gen, *, limit=None, lookup_lines=True, capture_locals=False):
        """The frames of an iterable of pairs of a frame and a line, as walk_tb gives them."""
        return cls._limited([FrameSummary(f.f_code.co_filename, n, f.f_code.co_name, lookup_line=lookup_lines) for f, n in frame_gen], limit)

    @classmethod
    def _limited(cls, frames, limit):
        if limit is not None:
            frames = frames[:limit] if limit >= 0 else frames[limit:]
        return cls(frames)

    @classmethod
    def from_list(cls, a_list):
        """The frames of a list of them, or of tuples of file, line, name and code."""
        return cls([f if isinstance(f, FrameSummary) else FrameSummary(f[0], f[1], f[2], line=f[3]) for f in a_list])

    def format_frame_summary(self, frame_summary):
        return _text_of(frame_summary)

    def format(self):
        """A text for each frame; of one that comes again and again three, and how many were left out."""
        out, last, times = [], None, 0
        for frame in list(self) + [None]:
            here = None if frame is None else (frame.filename, frame.lineno, frame.name)
            if here is not None and here == last:
                times += 1
                if times > 3:
                    continue
            else:
                if times > 3:
                    more = times - 3
                    out.append(f"  [Previous line repeated {more} more time{'s' if more > 1 else ''}]\n")
                last, times = here, 1
            if frame is not None:
                out.append(self.format_frame_summary(frame))
        return out


class TracebackException:
    """What is printed of an exception, kept without the exception."""

    def __init__(self, exc_type, exc_value, exc_traceback, *, limit=None, lookup_lines=True, capture_locals=False, compact=False, max_group_width=15, max_group_depth=10):
        self.exc_type = exc_type
        self.stack = extract_tb(exc_value, limit)
        self.__notes__ = getattr(exc_value, "__notes__", None)
        self._only = format_exception_only(exc_value)
        self._whole = format_exception(exc_value)
        self._str = str(exc_value)
        cause, context = getattr(exc_value, "__cause__", None), getattr(exc_value, "__context__", None)
        self.__suppress_context__ = getattr(exc_value, "__suppress_context__", False)
        self.__cause__ = None if cause is None else TracebackException.from_exception(cause)
        self.__context__ = None if context is None or context is cause else TracebackException.from_exception(context)

    @classmethod
    def from_exception(cls, exc, *args, **kwargs):
        return cls(type(exc), exc, exc.__traceback__, *args, **kwargs)

    def format_exception_only(self):
        return iter(self._only)

    def format(self, *, chain=True):
        if chain:
            return iter(self._whole)
        head = ["Traceback (most recent call last):\n"] if self.stack else []
        return iter(head + self.stack.format() + self._only)

    def print(self, *, file=None, chain=True):
        (file or _sys.stderr).write("".join(self.format(chain=chain)))

    def __str__(self):
        return self._str


def extract_tb(tb, limit=None):
    """The frames of the traceback of an exception, by default of the one being handled."""
    e = tb if isinstance(tb, BaseException) else _current()
    return StackSummary._limited([FrameSummary(file, line, name) for file, line, name in _frames(e)], limit)


def extract_stack(f=None, limit=None):
    """Calls are not looked at while they run: no frames."""
    return StackSummary()


def walk_tb(tb):
    """Pairs of a frame and its line, of a traceback."""
    while tb is not None:
        yield tb.tb_frame, tb.tb_lineno
        tb = tb.tb_next


def walk_stack(f):
    """Pairs of a frame and its line, of those that called it."""
    while f is not None:
        yield f, f.f_lineno
        f = f.f_back


def format_list(extracted_list):
    """The frames of a list, as text."""
    return StackSummary.from_list(extracted_list).format()


def format_tb(tb, limit=None):
    """The frames of a traceback, as text."""
    return extract_tb(tb, limit).format()


def format_stack(f=None, limit=None):
    """The frames of the call, as text."""
    return extract_stack(f, limit).format()


def print_list(extracted_list, file=None):
    """Print frames, on the standard error unless file is given."""
    (file or _sys.stderr).write("".join(format_list(extracted_list)))


def print_tb(tb, limit=None, file=None):
    """Print the frames of a traceback, on the standard error unless file is given."""
    (file or _sys.stderr).write("".join(format_tb(tb, limit)))


def print_stack(f=None, limit=None, file=None):
    """Print the frames of the call, on the standard error unless file is given."""
    print_list(extract_stack(f, limit), file=file)


def print_last(limit=None, file=None, chain=True):
    """Print the exception that ended the last input of a prompt."""
    if not hasattr(_sys, "last_value"):
        raise ValueError("no last exception")
    print_exception(_sys.last_value, file=file)


def clear_frames(tb):
    """Forget the variables of the frames of a traceback, which keep none here."""
