"""Temporary files and directories."""

import os
from random import SystemRandom as _SystemRandom

__all__ = ["NamedTemporaryFile", "TemporaryDirectory", "TemporaryFile", "gettempdir", "mkdtemp", "mktemp"]

tempdir = None
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789_"


def gettempdir():
    """The directory for temporary files."""
    if tempdir is not None:
        return tempdir
    for name in ("TMPDIR", "TEMP", "TMP"):
        if os.environ.get(name):
            return os.path.abspath(os.environ[name])
    return os._tempdir()


def _candidates(suffix, prefix, dir):
    source = _SystemRandom()
    for _ in range(100):
        name = "".join([source.choice(_LETTERS) for _ in range(8)])
        yield os.path.join(gettempdir() if dir is None else dir, (prefix or "tmp") + name + (suffix or ""))


def mkdtemp(suffix=None, prefix=None, dir=None):
    """Make a directory and return its path."""
    for path in _candidates(suffix, prefix, dir):
        try:
            os.mkdir(path, 0o700)
        except FileExistsError:
            continue
        return os.path.abspath(path)
    raise FileExistsError(17, "No usable temporary directory name found")


def mktemp(suffix="", prefix="tmp", dir=None):
    """A path at which there is nothing yet."""
    for path in _candidates(suffix, prefix, dir):
        if not os.path.lexists(path):
            return path
    raise FileExistsError(17, "No usable temporary filename found")


def _remove_tree(path):
    for parent, dirs, files in os.walk(path, topdown=False):
        for name in files:
            os.remove(os.path.join(parent, name))
        for name in dirs:
            child = os.path.join(parent, name)
            if os.path.islink(child):
                os.remove(child)
            else:
                os.rmdir(child)
    os.rmdir(path)


class TemporaryDirectory:
    """A directory that is removed at the end of the with block."""

    def __init__(self, suffix=None, prefix=None, dir=None, ignore_cleanup_errors=False):
        self.name = mkdtemp(suffix, prefix, dir)
        self._ignore = ignore_cleanup_errors

    def cleanup(self):
        if os.path.exists(self.name):
            try:
                _remove_tree(self.name)
            except OSError:
                if not self._ignore:
                    raise

    def __enter__(self):
        return self.name

    def __exit__(self, exc, value, tb):
        self.cleanup()

    def __repr__(self):
        return f"<TemporaryDirectory {self.name!r}>"


class _TemporaryFile:
    """A file that is removed when it is closed."""

    def __init__(self, file, name, delete):
        self.file = file
        self.name = name
        self.delete = delete

    def __getattr__(self, name):
        return getattr(self.file, name)

    def __enter__(self):
        return self

    def __exit__(self, exc, value, tb):
        self.close()

    def __iter__(self):
        return iter(self.file)

    def close(self):
        if not self.file.closed:
            self.file.close()
            if self.delete and os.path.exists(self.name):
                os.remove(self.name)


def NamedTemporaryFile(mode="w+b", buffering=-1, encoding=None, newline=None, suffix=None, prefix=None, dir=None, delete=True, *, errors=None):
    """Make and open a file that is removed when it is closed."""
    for path in _candidates(suffix, prefix, dir):
        try:
            open(path, "xb").close()
        except FileExistsError:
            continue
        return _TemporaryFile(open(path, mode, buffering, encoding, errors, newline), os.path.abspath(path), delete)
    raise FileExistsError(17, "No usable temporary file name found")


TemporaryFile = NamedTemporaryFile
