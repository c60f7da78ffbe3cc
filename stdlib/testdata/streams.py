"""Streams of one's own, and names of types that libraries import."""

import io
import types
from typing import ContextManager, Generic, Iterator, TypeVar

T = TypeVar("T")


class Ones(io.RawIOBase):
    def __init__(self, n):
        self.left = n

    def readable(self):
        return True

    def readinto(self, b):
        n = min(len(b), self.left)
        b[:n] = b"1" * n
        self.left -= n
        return n


r = Ones(5)
print(r.read(2), r.read(), r.read(1), r.closed, r.readable(), r.seekable())
with Ones(3) as r:
    print(r.readline(2))
print(r.closed)
try:
    next(iter(r))
except ValueError as e:
    print(e)
try:
    Ones(1).seek(0)
except io.UnsupportedOperation as e:
    print("unsupported", e, isinstance(e, OSError), isinstance(e, ValueError))
print(isinstance(io.BytesIO(), io.BufferedIOBase), isinstance(io.StringIO(), io.TextIOBase), isinstance(io.BytesIO(), io.IOBase), isinstance(io.StringIO(), io.RawIOBase))


class Lines(io.TextIOBase):
    def write(self, s):
        self.got = getattr(self, "got", "") + s
        return len(s)


out = Lines()
print("a", 1, file=out)
out.writelines(["b", "c"])
print(repr(out.got))


class Held(ContextManager[T], Generic[T]):
    def __exit__(self, *args):
        return None


class Numbers(Iterator[T], Generic[T]):
    def __next__(self):
        raise StopIteration


print(Held.__mro__[1:] != (), list(Numbers()) if hasattr(Numbers, "__iter__") else [])
try:
    1 / 0
except ZeroDivisionError as e:
    print(isinstance(e.__traceback__, types.TracebackType), types.resolve_bases((list, int)), types.prepare_class("C", (list,), {"k": 1}))
