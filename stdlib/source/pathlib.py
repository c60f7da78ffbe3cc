"""Paths as objects."""

import os
from fnmatch import fnmatchcase as _fnmatch

__all__ = ["Path", "PosixPath", "PurePath", "PurePosixPath"]


def _normal(text):
    """The text of a path without empty components and dots."""
    root = "//" if text.startswith("//") and not text.startswith("///") else "/" if text.startswith("/") else ""
    parts = [p for p in text.split("/") if p and p != "."]
    return root, parts


class PurePath:
    """A path that does not reach the file system."""

    def __init__(self, *args):
        texts = []
        for a in args:
            text = a._text if isinstance(a, PurePath) else os.fspath(a)
            if not isinstance(text, str):
                raise TypeError(f"argument should be a str or an os.PathLike object where __fspath__ returns a str, not {type(a).__name__!r}")
            texts.append(text)
        self._root, self._names = _normal(os.path.join(*texts) if texts else "")
        self._text = self._root + "/".join(self._names) or "."

    def __str__(self):
        return self._text

    def __fspath__(self):
        return self._text

    def __repr__(self):
        return f"{type(self).__name__}({self._text!r})"

    def __format__(self, spec):
        return format(self._text, spec)

    def __hash__(self):
        return hash(self._text)

    def __eq__(self, other):
        if not isinstance(other, PurePath):
            return NotImplemented
        return self._text == other._text

    def __lt__(self, other):
        return self.parts < other.parts if isinstance(other, PurePath) else NotImplemented

    def __le__(self, other):
        return self.parts <= other.parts if isinstance(other, PurePath) else NotImplemented

    def __gt__(self, other):
        return self.parts > other.parts if isinstance(other, PurePath) else NotImplemented

    def __ge__(self, other):
        return self.parts >= other.parts if isinstance(other, PurePath) else NotImplemented

    def __truediv__(self, other):
        if not isinstance(other, str) and not hasattr(other, "__fspath__"):
            return NotImplemented
        return type(self)(self, other)

    def __rtruediv__(self, other):
        if not isinstance(other, str):
            return NotImplemented
        return type(self)(other, self)

    def joinpath(self, *args):
        return type(self)(self, *args)

    def as_posix(self):
        return self._text

    def __bytes__(self):
        return self._text.encode()

    def as_uri(self):
        if not self.is_absolute():
            raise ValueError("relative path can't be expressed as a file URI")
        return "file://" + self._text

    drive = ""

    @property
    def root(self):
        return self._root

    @property
    def anchor(self):
        return self._root

    @property
    def parts(self):
        return ((self._root,) if self._root else ()) + tuple(self._names)

    @property
    def name(self):
        return self._names[-1] if self._names else ""

    @property
    def suffix(self):
        name = self.name
        i = name.rfind(".")
        return name[i:] if 0 < i < len(name) - 1 else ""

    @property
    def suffixes(self):
        if self.name.endswith("."):
            return []
        return ["." + s for s in self.name.lstrip(".").split(".")[1:]]

    @property
    def stem(self):
        return self.name[:len(self.name) - len(self.suffix)]

    @property
    def parent(self):
        if not self._names:
            return self
        return type(self)(self._root + "/".join(self._names[:-1]))

    @property
    def parents(self):
        out = []
        at = self
        while at._names:
            at = at.parent
            out.append(at)
        return tuple(out)

    def is_absolute(self):
        return bool(self._root)

    def with_name(self, name):
        if not self.name:
            raise ValueError(f"{self!r} has an empty name")
        if not name or "/" in name or name == ".":
            raise ValueError(f"Invalid name {name!r}")
        return type(self)(self._root + "/".join(self._names[:-1] + [name]))

    def with_stem(self, stem):
        return self.with_name(stem + self.suffix)

    def with_suffix(self, suffix):
        if suffix and (not suffix.startswith(".") or suffix == "." or "/" in suffix):
            raise ValueError(f"Invalid suffix {suffix!r}")
        if not self.name:
            raise ValueError(f"{self!r} has an empty name")
        return self.with_name(self.stem + suffix)

    def relative_to(self, *other):
        base = type(self)(*other)
        n = len(base.parts)
        if self.parts[:n] != base.parts:
            raise ValueError(f"{self._text!r} is not in the subpath of {base._text!r} OR one path is relative and the other is absolute.")
        return type(self)(*self.parts[n:])

    def is_relative_to(self, *other):
        base = type(self)(*other)
        return self.parts[:len(base.parts)] == base.parts

    def match(self, pattern):
        root, names = _normal(pattern)
        if not names and not root:
            raise ValueError("empty pattern")
        if root and (not self._root or len(names) != len(self._names)) or len(names) > len(self._names):
            return False
        return all(_fnmatch(n, p) for n, p in zip(reversed(self._names), reversed(names)))


class Path(PurePath):
    """A path with the operations of the file system."""

    @classmethod
    def home(cls):
        return cls(os.path.expanduser("~"))

    @classmethod
    def cwd(cls):
        return cls(os.getcwd())

    def expanduser(self):
        return type(self)(os.path.expanduser(self._text))

    def absolute(self):
        return self if self._root else type(self)(os.getcwd(), self)

    def resolve(self, strict=False):
        return type(self)(os.path.realpath(self._text, strict=strict))

    def exists(self):
        return os.path.exists(self._text)

    def is_file(self):
        return os.path.isfile(self._text)

    def is_dir(self):
        return os.path.isdir(self._text)

    def is_symlink(self):
        return os.path.islink(self._text)

    def samefile(self, other):
        return os.path.samefile(self, other)

    def stat(self, *, follow_symlinks=True):
        return os.stat(self._text, follow_symlinks=follow_symlinks)

    def lstat(self):
        return os.lstat(self._text)

    def open(self, mode="r", buffering=-1, encoding=None, errors=None, newline=None):
        return open(self._text, mode, buffering, encoding, errors, newline)

    def read_text(self, encoding=None, errors=None):
        with self.open("r", encoding=encoding, errors=errors) as f:
            return f.read()

    def read_bytes(self):
        with self.open("rb") as f:
            return f.read()

    def write_text(self, data, encoding=None, errors=None, newline=None):
        if not isinstance(data, str):
            raise TypeError(f"data must be str, not {type(data).__name__}")
        with self.open("w", encoding=encoding, errors=errors, newline=newline) as f:
            return f.write(data)

    def write_bytes(self, data):
        with self.open("wb") as f:
            return f.write(data)

    def mkdir(self, mode=0o777, parents=False, exist_ok=False):
        try:
            os.mkdir(self._text, mode)
        except FileNotFoundError:
            if not parents or self.parent == self:
                raise
            self.parent.mkdir(parents=True, exist_ok=True)
            self.mkdir(mode, exist_ok=exist_ok)
        except OSError:
            if not exist_ok or not self.is_dir():
                raise

    def rmdir(self):
        os.rmdir(self._text)

    def unlink(self, missing_ok=False):
        try:
            os.remove(self._text)
        except FileNotFoundError:
            if not missing_ok:
                raise

    def touch(self, mode=0o666, exist_ok=True):
        if self.exists():
            if not exist_ok:
                raise FileExistsError(17, "File exists", self._text)
            os.utime(self._text)
        else:
            self.open("a").close()

    def rename(self, target):
        os.rename(self._text, target)
        return type(self)(target)

    def replace(self, target):
        os.replace(self._text, target)
        return type(self)(target)

    def symlink_to(self, target, target_is_directory=False):
        os.symlink(target, self._text)

    def readlink(self):
        return type(self)(os.readlink(self._text))

    def chmod(self, mode):
        os.chmod(self._text, mode)

    def iterdir(self):
        for name in os.listdir(self._text):
            yield type(self)(self, name)

    def glob(self, pattern):
        """The paths below this one that match; ** is any number of directories."""
        root, names = _normal(pattern)
        if root:
            raise NotImplementedError("Non-relative patterns are unsupported")
        if not names:
            raise ValueError(f"Unacceptable pattern: {pattern!r}")
        seen = set()
        for found in self._select(names):
            if found not in seen:
                seen.add(found)
                yield found

    def rglob(self, pattern):
        return self.glob("**/" + pattern)

    def _select(self, names):
        if not names:
            yield self
            return
        first, rest = names[0], names[1:]
        if first == "**":
            yield from self._select(rest)
            for child in self._children():
                if child.is_dir() and not child.is_symlink():
                    yield from child._select(names)
        elif any(c in first for c in "*?["):
            for child in self._children():
                if _fnmatch(child.name, first) and (not rest or child.is_dir()):
                    yield from child._select(rest)
        else:
            child = type(self)(self, first)
            if child.exists():
                yield from child._select(rest)

    def _children(self):
        try:
            names = os.listdir(self._text)
        except OSError:
            names = []
        return [type(self)(self, name) for name in names]


Path.__name__ = "PosixPath"
Path.__qualname__ = "PosixPath"
PurePath.__name__ = "PurePosixPath"
PurePath.__qualname__ = "PurePosixPath"
PosixPath = Path
PurePosixPath = PurePath
