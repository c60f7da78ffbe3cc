"""Asynchronous context managers, for contextlib."""

from contextlib import ExitStack
from functools import wraps


class AbstractAsyncContextManager:
    async def __aenter__(self):
        return self

    async def __aexit__(self, exc_type, exc_value, traceback):
        return None


class AsyncContextDecorator:
    """An asynchronous context manager that also decorates async functions."""

    def _recreate_cm(self):
        return self

    def __call__(self, func):
        @wraps(func)
        async def inside(*args, **kwargs):
            async with self._recreate_cm():
                return await func(*args, **kwargs)
        return inside


class _AsyncGenerated(AbstractAsyncContextManager, AsyncContextDecorator):
    """Runs an asynchronous generator up to its yield, and on from there at the end."""

    def __init__(self, make):
        self._make = make
        self.gen = make()

    def _recreate_cm(self):
        return _AsyncGenerated(self._make)

    async def __aenter__(self):
        try:
            return await anext(self.gen)
        except StopAsyncIteration:
            raise RuntimeError("generator didn't yield") from None

    async def __aexit__(self, exc_type, exc, traceback):
        if exc_type is None:
            try:
                await anext(self.gen)
            except StopAsyncIteration:
                return False
            raise RuntimeError("generator didn't stop")
        if exc is None:
            exc = exc_type()
        try:
            await self.gen.athrow(exc)
        except StopAsyncIteration as raised:
            return raised is not exc
        except BaseException as raised:
            # An exception that ends iterations is the cause of a RuntimeError where it leaves a generator.
            wrapped = isinstance(raised, RuntimeError) and isinstance(exc, (StopIteration, StopAsyncIteration)) and raised.__cause__ is exc
            if raised is exc or wrapped:
                return False
            raise
        raise RuntimeError("generator didn't stop after athrow()")


def asynccontextmanager(func):
    """A decorator that makes an asynchronous generator function an asynchronous context manager."""
    return wraps(func)(lambda *args, **kwargs: _AsyncGenerated(lambda: func(*args, **kwargs)))


class aclosing(AbstractAsyncContextManager):
    """Closes the object at the end."""

    def __init__(self, thing):
        self.thing = thing

    async def __aexit__(self, *raised):
        await self.thing.aclose()

    async def __aenter__(self):
        return self.thing


class AsyncExitStack(AbstractAsyncContextManager):
    """Context managers of both kinds entered one by one, and left in the opposite order."""

    def __init__(self):
        self._callbacks = []

    enter_context, push, callback, pop_all = ExitStack.enter_context, ExitStack.push, ExitStack.callback, ExitStack.pop_all

    async def enter_async_context(self, cm):
        if not hasattr(type(cm), "__aenter__"):
            raise TypeError(f"'{type(cm).__module__}.{type(cm).__qualname__}' object does not support the asynchronous context manager protocol")
        result = await cm.__aenter__()
        self.push_async_exit(cm)
        return result

    def push_async_exit(self, exit):
        self._callbacks.append(exit.__aexit__ if hasattr(exit, "__aexit__") else exit)
        return exit

    def push_async_callback(self, callback, /, *args, **kwds):
        async def call(*exc):
            await callback(*args, **kwds)

        self._callbacks.append(call)
        return callback

    async def aclose(self):
        await self.__aexit__(None, None, None)

    async def __aexit__(self, exc_type, exc, traceback):
        original = exc
        while self._callbacks:
            callback = self._callbacks.pop()
            try:
                result = callback(None if exc is None else type(exc), exc, traceback)
                if hasattr(type(result), "__await__"):
                    result = await result
                if result:
                    exc = None
            except BaseException as e:
                exc = e
        if exc is not None and exc is not original:
            raise exc
        return original is not None and exc is None
