"""Results that are not there yet."""

import concurrent.futures as _concurrent
import contextvars as _contextvars

from .exceptions import CancelledError, InvalidStateError

__all__ = ["Future", "isfuture", "wrap_future"]

_PENDING, _CANCELLED, _FINISHED = "PENDING", "CANCELLED", "FINISHED"


def isfuture(obj):
    """Whether an object is a future of a loop."""
    return hasattr(type(obj), "_asyncio_future_blocking") and obj._asyncio_future_blocking is not None


class Future:
    """A result that somebody sets, and that others wait for."""

    _asyncio_future_blocking = False  # whether who waits has handed it to the task that runs it

    def __init__(self, *, loop=None):
        if loop is None:
            from .events import get_event_loop

            loop = get_event_loop()
        self._loop, self._state, self._result, self._exception = loop, _PENDING, None, None
        self._callbacks, self._message = [], None

    def get_loop(self):
        return self._loop

    def done(self):
        return self._state != _PENDING

    def cancelled(self):
        return self._state == _CANCELLED

    def cancel(self, msg=None):
        """Cancel it, unless it is done. Tell whether it was."""
        if self._state != _PENDING:
            return False
        self._state, self._message = _CANCELLED, msg
        self._announce()
        return True

    def _cancellation(self):
        return CancelledError() if self._message is None else CancelledError(self._message)

    def result(self):
        if self._state == _CANCELLED:
            raise self._cancellation()
        if self._state != _FINISHED:
            raise InvalidStateError("Result is not set.")
        self._seen()
        if self._exception is not None:
            raise self._exception
        return self._result

    def exception(self):
        if self._state == _CANCELLED:
            raise self._cancellation()
        if self._state != _FINISHED:
            raise InvalidStateError("Exception is not set.")
        self._seen()
        return self._exception

    def _seen(self):
        self._loop._unseen.pop(self, None)

    def set_result(self, result):
        if self._state != _PENDING:
            raise InvalidStateError("invalid state")
        self._result, self._state = result, _FINISHED
        self._announce()

    def set_exception(self, exception):
        if self._state != _PENDING:
            raise InvalidStateError("invalid state")
        if isinstance(exception, type):
            exception = exception()
        if isinstance(exception, StopIteration):
            raise TypeError("StopIteration interacts badly with generators and cannot be raised into a Future")
        self._exception, self._state = exception, _FINISHED
        self._loop._unseen[self] = None
        self._announce()

    def add_done_callback(self, fn, *, context=None):
        """Have the loop call fn with the future once it is done."""
        if context is None:
            context = _contextvars.copy_context()
        if self._state == _PENDING:
            self._callbacks.append((fn, context))
        else:
            self._loop.call_soon(fn, self, context=context)

    def remove_done_callback(self, fn):
        """Forget a callback. Tell how many of it there were."""
        left = [pair for pair in self._callbacks if pair[0] != fn]
        removed = len(self._callbacks) - len(left)
        self._callbacks = left
        return removed

    def _announce(self):
        callbacks, self._callbacks = self._callbacks, []
        for fn, context in callbacks:
            self._loop.call_soon(fn, self, context=context)

    def __await__(self):
        if self._state == _PENDING:
            self._asyncio_future_blocking = True
            yield self
            if self._state == _PENDING:
                raise RuntimeError("await wasn't used with future")
        return self.result()

    __iter__ = __await__

    def _described(self):
        info = [self._state.lower()]
        if self._state == _FINISHED:
            info.append(f"result={self._result!r}" if self._exception is None else f"exception={self._exception!r}")
        if self._callbacks:
            info.append(f"cb=[{', '.join(_name(fn) for fn, _ in self._callbacks)}]")
        return info

    def __repr__(self):
        return f"<{type(self).__name__} {' '.join(self._described())}>"


def _name(fn):
    return f"{getattr(fn, '__qualname__', repr(fn))}()"


def _copy(source, target):
    """Give a future of either kind the outcome of another of either kind, which is done."""
    if target.cancelled() or target.done():
        return
    if source.cancelled():
        target.cancel()
        if isinstance(target, _concurrent.Future):
            target.set_running_or_notify_cancel()
        return
    exception = source.exception()
    if isinstance(exception, _concurrent.CancelledError):
        exception = CancelledError(*exception.args)
    if exception is not None:
        target.set_exception(exception)
    else:
        target.set_result(source.result())


def _chain(source, target, source_loop, target_loop):
    """Have the outcome of source, and the cancellation of target, passed on to the other."""

    def cancelled(target):
        if target.cancelled():
            if source_loop is None or source_loop is target_loop:
                source.cancel()
            else:
                source_loop.call_soon_threadsafe(source.cancel)

    def done(source):
        if target.cancelled() and target_loop is not None and target_loop.is_closed():
            return
        if target_loop is None or target_loop is source_loop:
            _copy(source, target)
        elif not target_loop.is_closed():
            target_loop.call_soon_threadsafe(_copy, source, target)

    target.add_done_callback(cancelled)
    source.add_done_callback(done)


def wrap_future(future, *, loop=None):
    """A future of the loop that is done when one of concurrent.futures is."""
    if isfuture(future):
        return future
    if not isinstance(future, _concurrent.Future):
        raise AssertionError(f"concurrent.futures.Future is expected, got {future!r}")
    if loop is None:
        from .events import get_event_loop

        loop = get_event_loop()
    wrapped = loop.create_future()
    _chain(future, wrapped, None, loop)
    return wrapped
