"""Parts of os that are classes or streams."""

import abc
import sys


class _Paths(abc.ABCMeta):
    """The type of PathLike: what has __fspath__ is one."""

    def __instancecheck__(cls, obj):
        return hasattr(type(obj), "__fspath__")

    def __subclasscheck__(cls, subclass):
        return hasattr(subclass, "__fspath__")


class PathLike(metaclass=_Paths):
    """What stands for a path of the file system."""

    @abc.abstractmethod
    def __fspath__(self):
        """The path."""
        raise NotImplementedError

    @classmethod
    def __class_getitem__(cls, item):
        return cls


PathLike.__module__ = "os"


def fdopen(fd, mode="r", buffering=-1, encoding=None, *args, **options):
    """The standard stream of a descriptor; scripts have no others."""
    streams = {0: sys.__stdin__, 1: sys.__stdout__, 2: sys.__stderr__}
    if fd not in streams:
        raise OSError(9, "Bad file descriptor")
    return streams[fd]
