"""Work in other processes, of which there are none: a process is a thread of this one, and pools call functions at once."""

import threading as _threading
from concurrent.futures import ThreadPoolExecutor as _Executor
from queue import Empty as _Empty, Queue, Queue as JoinableQueue, Queue as SimpleQueue
from threading import Barrier, BoundedSemaphore, Condition, Event, Lock, RLock, Semaphore

__all__ = ["Array", "Barrier", "BoundedSemaphore", "Condition", "Event", "JoinableQueue", "Lock", "Pool", "Process", "Queue", "RLock",
           "Semaphore", "SimpleQueue", "TimeoutError", "Value", "active_children", "cpu_count", "current_process", "freeze_support",
           "get_context", "get_start_method", "set_start_method"]


class TimeoutError(Exception):
    """A result that did not come in time."""


class Process(_threading.Thread):
    """A function that runs as a process would, in a thread."""

    pid = property(lambda self: self.ident)
    exitcode = property(lambda self: None if not self._began or self.is_alive() else int(self._failed))

    def terminate(self):
        raise NotImplementedError("multiprocessing: a process is a thread here, which cannot be ended from outside")

    kill = terminate

    def close(self):
        if self.is_alive():
            raise ValueError("Cannot close a process while it is still running. You should first call join() or terminate().")


class _Result:
    def __init__(self, call):
        self._value = self._error = None
        try:
            self._value = call()
        except Exception as e:
            self._error = e

    def get(self, timeout=None):
        if self._error is not None:
            raise self._error
        return self._value

    def wait(self, timeout=None):
        pass

    def ready(self):
        return True

    def successful(self):
        return self._error is None


class Pool:
    """Workers, which take their work one after the other."""

    def __init__(self, processes=None, initializer=None, initargs=(), maxtasksperchild=None):
        if initializer is not None:
            initializer(*initargs)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def apply(self, func, args=(), kwds={}):
        return func(*args, **kwds)

    def apply_async(self, func, args=(), kwds={}, callback=None, error_callback=None):
        result = _Result(lambda: func(*args, **kwds))
        if result._error is None and callback is not None:
            callback(result._value)
        elif result._error is not None and error_callback is not None:
            error_callback(result._error)
        return result

    def map(self, func, iterable, chunksize=None):
        return [func(x) for x in iterable]

    def map_async(self, func, iterable, chunksize=None, callback=None, error_callback=None):
        return self.apply_async(lambda: self.map(func, iterable), callback=callback, error_callback=error_callback)

    def starmap(self, func, iterable, chunksize=None):
        return [func(*x) for x in iterable]

    def imap(self, func, iterable, chunksize=1):
        return map(func, iterable)

    imap_unordered = imap

    def close(self):
        pass

    join = terminate = close


class _Shared:
    def __init__(self, value):
        self.value = value
        self._lock = Lock()

    def get_lock(self):
        return self._lock


def Value(typecode, value=0, *, lock=True):
    """A value that processes would share."""
    return _Shared(value)


def Array(typecode, size_or_initializer, *, lock=True):
    """Values that processes would share."""
    return [0] * size_or_initializer if isinstance(size_or_initializer, int) else list(size_or_initializer)


class _Main:
    name, pid, daemon, exitcode = "MainProcess", None, False, None


def current_process():
    return _Main


def parent_process():
    return None


def active_children():
    return []


def cpu_count():
    import os

    return os.cpu_count()


def freeze_support():
    pass


def get_start_method(allow_none=False):
    return "spawn"


def set_start_method(method, force=False):
    pass


def get_all_start_methods():
    return ["spawn"]


def get_context(method=None):
    import sys

    return sys.modules["multiprocessing"]
