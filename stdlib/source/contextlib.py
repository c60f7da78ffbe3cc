"""Context managers."""

import sys
from functools import wraps

__all__ = ["AbstractContextManager", "ContextDecorator", "ExitStack", "chdir", "closing", "contextmanager", "nullcontext",
           "redirect_stderr", "redirect_stdout", "suppress"]


class AbstractContextManager:
    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc_value, traceback):
        return None


class ContextDecorator:
    """A context manager that also decorates functions."""

    def _recreate_cm(self):
        return self

    def __call__(self, func):
        @wraps(func)
        def inner(*args, **kwds):
            with self._recreate_cm():
                return func(*args, **kwds)
        return inner


class _GeneratorContextManager(ContextDecorator):
    """Runs a generator up to its yield, and on from there at the end."""

    def __init__(self, func, args, kwds):
        self.gen = func(*args, **kwds)
        self._made_of = (func, args, kwds)

    def _recreate_cm(self):
        return type(self)(*self._made_of)

    def __enter__(self):
        try:
            return next(self.gen)
        except StopIteration:
            raise RuntimeError("generator didn't yield") from None

    def __exit__(self, exc_type, exc, traceback):
        if exc_type is None:
            try:
                next(self.gen)
            except StopIteration:
                return False
            raise RuntimeError("generator didn't stop")
        if exc is None:
            exc = exc_type()
        try:
            self.gen.throw(exc)
        except StopIteration as e:
            return e is not exc
        except RuntimeError as e:
            if e is exc:
                return False
            if isinstance(exc, StopIteration) and e.__cause__ is exc:
                return False
            raise
        except BaseException as e:
            if e is not exc:
                raise
            return False
        raise RuntimeError("generator didn't stop after throw()")


def contextmanager(func):
    """A decorator that makes a generator function a context manager."""
    @wraps(func)
    def helper(*args, **kwds):
        return _GeneratorContextManager(func, args, kwds)
    return helper


class closing(AbstractContextManager):
    """Closes the object at the end."""

    def __init__(self, thing):
        self.thing = thing

    def __enter__(self):
        return self.thing

    def __exit__(self, *exc_info):
        self.thing.close()


class nullcontext(AbstractContextManager):
    """Does nothing."""

    def __init__(self, enter_result=None):
        self.enter_result = enter_result

    def __enter__(self):
        return self.enter_result

    def __exit__(self, *excinfo):
        return None


class suppress(AbstractContextManager):
    """Ends the block quietly on the exceptions given."""

    def __init__(self, *exceptions):
        self._exceptions = exceptions

    def __enter__(self):
        return None

    def __exit__(self, exc_type, exc, traceback):
        return exc_type is not None and issubclass(exc_type, self._exceptions)


class _Redirect(AbstractContextManager):
    _stream = None

    def __init__(self, new_target):
        self._new_target = new_target
        self._old_targets = []

    def __enter__(self):
        self._old_targets.append(getattr(sys, self._stream))
        setattr(sys, self._stream, self._new_target)
        return self._new_target

    def __exit__(self, *exc_info):
        setattr(sys, self._stream, self._old_targets.pop())


class redirect_stdout(_Redirect):
    """Sends what is printed to another file."""

    _stream = "stdout"


class redirect_stderr(_Redirect):
    """Sends the standard error to another file."""

    _stream = "stderr"


class chdir(AbstractContextManager):
    """Changes the working directory for a while."""

    def __init__(self, path):
        self.path = path
        self._old = []

    def __enter__(self):
        import os
        self._old.append(os.getcwd())
        os.chdir(self.path)

    def __exit__(self, *excinfo):
        import os
        os.chdir(self._old.pop())


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
        new = type(self)()
        new._callbacks = self._callbacks
        self._callbacks = []
        return new

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
