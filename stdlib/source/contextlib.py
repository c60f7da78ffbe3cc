"""Context managers."""

import sys
from functools import wraps

_ASYNC = ["AbstractAsyncContextManager", "AsyncContextDecorator", "AsyncExitStack", "aclosing", "asynccontextmanager"]
__all__ = ["AbstractContextManager", "ContextDecorator", "ExitStack", "chdir", "closing", "contextmanager", "nullcontext",
           "redirect_stderr", "redirect_stdout", "suppress", *_ASYNC]


def __getattr__(name):
    """The asynchronous forms, which are in a module of their own."""
    if name in _ASYNC:
        import _async_contexts

        return getattr(_async_contexts, name)
    raise AttributeError(f"module 'contextlib' has no attribute '{name}'")


class AbstractContextManager:
    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc_value, traceback):
        return None


class ContextDecorator:
    """A context manager that also decorates functions."""

    def __call__(self, func):
        @wraps(func)
        def inside(*args, **kwargs):
            with self._recreate_cm():
                return func(*args, **kwargs)
        return inside

    def _recreate_cm(self):
        return self


class _Generated(ContextDecorator):
    """Runs a generator up to its yield, and on from there at the end."""

    def __init__(self, make):
        self._make = make
        self.gen = make()

    def _recreate_cm(self):
        return _Generated(self._make)

    def __enter__(self):
        for value in self.gen:
            return value
        raise RuntimeError("generator didn't yield")

    def __exit__(self, exc_type, exc, traceback):
        if exc_type is None:
            for _ in self.gen:
                raise RuntimeError("generator didn't stop")
            return False
        if exc is None:
            exc = exc_type()
        try:
            self.gen.throw(exc)
        except BaseException as raised:
            if isinstance(raised, StopIteration):
                return raised is not exc
            # PEP 479: a StopIteration that leaves a generator is the cause of a RuntimeError.
            wrapped = isinstance(raised, RuntimeError) and isinstance(exc, StopIteration) and raised.__cause__ is exc
            if raised is exc or wrapped:
                return False
            raise
        raise RuntimeError("generator didn't stop after throw()")


def contextmanager(func):
    """A decorator that makes a generator function a context manager."""
    return wraps(func)(lambda *args, **kwargs: _Generated(lambda: func(*args, **kwargs)))


class nullcontext(AbstractContextManager):
    """Does nothing."""

    def __init__(self, enter_result=None):
        self.enter_result = enter_result

    def __enter__(self):
        return self.enter_result

    async def __aenter__(self):
        return self.enter_result

    async def __aexit__(self, *exc_info):
        pass


class closing(nullcontext):
    """Closes the object at the end."""

    def __init__(self, thing):
        nullcontext.__init__(self, thing)
        self.thing = thing

    def __exit__(self, *exc_info):
        self.thing.close()


class suppress(AbstractContextManager):
    """Ends the block quietly on the exceptions given."""

    def __init__(self, *exceptions):
        self._exceptions = exceptions

    def __enter__(self):
        return None

    def __exit__(self, exc_type, exc, traceback):
        return exc_type is not None and issubclass(exc_type, self._exceptions)


class _Restored(AbstractContextManager):
    """Sets something, and sets it back at the end; it can be entered anew inside."""

    def __init__(self, value):
        self._value, self._before = value, []

    def __enter__(self):
        self._before.append(self._swap(self._value))
        return self._value

    def __exit__(self, *exc_info):
        self._swap(self._before.pop())


class _Redirect(_Restored):
    _stream = None

    def __init__(self, new_target):
        _Restored.__init__(self, new_target)

    def _swap(self, target):
        before = getattr(sys, self._stream)
        setattr(sys, self._stream, target)
        return before


class redirect_stdout(_Redirect):
    """Sends what is printed to another file."""

    _stream = "stdout"


class redirect_stderr(_Redirect):
    """Sends the standard error to another file."""

    _stream = "stderr"


class chdir(_Restored):
    """Changes the working directory for a while."""

    def __init__(self, path):
        _Restored.__init__(self, path)
        self.path = path

    def _swap(self, path):
        import os

        before = os.getcwd()
        os.chdir(path)
        return before

    def __enter__(self):
        _Restored.__enter__(self)


class ExitStack(AbstractContextManager):
    """Context managers entered one by one, and left in the opposite order."""

    def __init__(self):
        self._callbacks = []

    def enter_context(self, cm):
        result = type(cm).__enter__(cm) if hasattr(type(cm), "__enter__") else cm.__enter__()
        self.push(cm)
        return result

    def push(self, exit):
        self._callbacks.append(exit.__exit__ if hasattr(exit, "__exit__") else exit)
        return exit

    def callback(self, callback, /, *args, **kwds):
        self._callbacks.append(lambda *exc: callback(*args, **kwds) and None)
        return callback

    def pop_all(self):
        other = type(self)()
        other._callbacks, self._callbacks = self._callbacks, []
        return other

    def close(self):
        self.__exit__(None, None, None)

    def __exit__(self, exc_type, exc, traceback):
        original = exc
        while self._callbacks:
            callback = self._callbacks.pop()
            try:
                if callback(None if exc is None else type(exc), exc, traceback):
                    exc = None
            except BaseException as e:
                exc = e
        if exc is not None and exc is not original:
            raise exc
        return original is not None and exc is None
