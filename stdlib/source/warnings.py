"""Warnings: messages on the standard error, which filters may silence or make errors."""

import sys as _sys

from _traceback import line as _line, site as _site

__all__ = ["catch_warnings", "filterwarnings", "resetwarnings", "simplefilter", "warn", "warn_explicit"]

filters = []
_seen = set()


class WarningMessage:
    def __init__(self, message, category, filename="", lineno=0):
        self.message = message
        self.category = category
        self.filename = filename
        self.lineno = lineno

    def __str__(self):
        return f"{{message : {self.message!r}, category : {self.category.__name__!r}}}"


def formatwarning(message, category, filename="", lineno=0, line=None):
    where = f"{filename}:{lineno}: " if filename else ""
    text = _line(filename, lineno) if line is None else line.strip()
    return f"{where}{category.__name__}: {message}\n" + (f"  {text}\n" if text else "")


def showwarning(message, category, filename="", lineno=0, file=None, line=None):
    (file or _sys.stderr).write(formatwarning(message, category, filename, lineno))


def _action(text, category):
    for action, message, kind in filters:
        if issubclass(category, kind) and text.lower().startswith(message.lower()):
            return action
    if issubclass(category, (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)):
        return "ignore"
    return "default"


def warn(message, category=None, stacklevel=1, source=None):
    """Issue a warning about the line that calls, or with stacklevel about one of its callers."""
    if isinstance(message, Warning):
        category = type(message)
    elif category is None:
        category = UserWarning
    if not (isinstance(category, type) and issubclass(category, Warning)):
        raise TypeError(f"category must be a Warning subclass, not '{type(category).__name__}'")
    filename, lineno = _site(max(stacklevel, 1) - 1)
    warn_explicit(message, category, filename, lineno)


def warn_explicit(message, category, filename, lineno, module=None, registry=None, module_globals=None, source=None):
    """Issue a warning about a place."""
    text = str(message)
    if not isinstance(message, Warning):
        message = category(message)
    action = _action(text, category)
    if action == "error":
        raise message
    if action == "ignore":
        return
    if action != "always":
        key = (text, category, "" if action == "once" else filename, lineno if action == "default" else 0)
        if key in _seen:
            return
        _seen.add(key)
    if _recorders:
        _recorders[-1].append(WarningMessage(message, category, filename, lineno))
    else:
        showwarning(message, category, filename, lineno)


def filterwarnings(action, message="", category=Warning, module="", lineno=0, append=False):
    """Say what becomes of warnings whose text starts with message."""
    if action not in ("default", "error", "ignore", "always", "module", "once"):
        raise AssertionError(f"invalid action: {action!r}")
    entry = (action, message.rstrip(".*"), category)
    if append:
        filters.append(entry)
    else:
        filters.insert(0, entry)


def simplefilter(action, category=Warning, lineno=0, append=False):
    """Say what becomes of warnings of a category."""
    filterwarnings(action, "", category, append=append)


def resetwarnings():
    """Forget all filters."""
    filters.clear()


_recorders = []


class catch_warnings:
    """Restores the filters at the end; with record, collects the warnings in a list."""

    def __init__(self, *, record=False, module=None, action=None, category=Warning, lineno=0, append=False):
        self._record = record
        self._action = action
        self._category = category

    def __enter__(self):
        self._saved = list(filters)
        self._saved_seen = set(_seen)
        _seen.clear()
        if self._action is not None:
            simplefilter(self._action, self._category)
        if self._record:
            log = []
            _recorders.append(log)
            return log
        return None

    def __exit__(self, *exc_info):
        filters.clear()
        filters.extend(self._saved)
        _seen.clear()
        _seen.update(self._saved_seen)
        if self._record:
            _recorders.pop()
