"""Coroutines that a loop runs beside each other."""

import concurrent.futures as _concurrent
import contextvars as _contextvars
import inspect as _inspect
from types import coroutine as _generator_coroutine

from . import events, exceptions, futures
from .futures import Future, _chain, _name, isfuture

__all__ = ["ALL_COMPLETED", "FIRST_COMPLETED", "FIRST_EXCEPTION", "Task", "all_tasks", "as_completed", "create_task", "current_task", "ensure_future", "gather", "iscoroutine",
           "iscoroutinefunction", "run_coroutine_threadsafe", "shield", "sleep", "wait", "wait_for"]

FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED = _concurrent.FIRST_COMPLETED, _concurrent.FIRST_EXCEPTION, _concurrent.ALL_COMPLETED
_made = [0]


def iscoroutine(obj):
    """Whether an object is a coroutine."""
    from collections.abc import Coroutine

    return _inspect.iscoroutine(obj) or isinstance(obj, Coroutine)


def iscoroutinefunction(func):
    """Whether a call of a function gives a coroutine."""
    return _inspect.iscoroutinefunction(func) or getattr(func, "_is_coroutine", None) is not None


class Task(Future):
    """A coroutine that a loop runs: a future of what it returns."""

    def __init__(self, coro, *, loop=None, name=None, context=None):
        super().__init__(loop=loop)
        if not iscoroutine(coro):
            raise TypeError(f"a coroutine was expected, got {coro!r}")
        if name is None:
            _made[0] += 1
            name = f"Task-{_made[0]}"
        self._coro, self._label = coro, str(name)
        self._context = _contextvars.copy_context() if context is None else context
        self._awaited, self._must_cancel, self._requests = None, False, 0
        self._loop._tasks[self] = None
        self._loop.call_soon(self._step, context=self._context)

    def get_coro(self):
        return self._coro

    def get_name(self):
        return self._label

    def set_name(self, value):
        self._label = str(value)

    def set_result(self, result):
        raise RuntimeError("Task does not support set_result operation")

    def set_exception(self, exception):
        raise RuntimeError("Task does not support set_exception operation")

    def cancel(self, msg=None):
        """Raise CancelledError in the coroutine, where it waits. Tell whether it can still be."""
        if self.done():
            return False
        self._requests += 1
        self._message = msg
        if self._awaited is not None and self._awaited.cancel(msg=msg):
            return True
        self._must_cancel = True
        return True

    def cancelling(self):
        return self._requests

    def uncancel(self):
        if self._requests > 0:
            self._requests -= 1
        return self._requests

    def get_stack(self, *, limit=None):
        return []

    def print_stack(self, *, limit=None, file=None):
        raise NotImplementedError("print_stack: there are no frames to look at")

    def _end(self):
        self._loop._tasks.pop(self, None)

    def _step(self, thrown=None):
        """Run the coroutine to where it waits next."""
        if self.done():
            raise exceptions.InvalidStateError(f"_step(): already done: {self!r}, {thrown!r}")
        if self._must_cancel:
            if not isinstance(thrown, exceptions.CancelledError):
                thrown = self._cancellation()
            self._must_cancel = False
        self._awaited = None
        loop, coro = self._loop, self._coro
        outer, loop._entered = loop._entered, self
        try:
            waited = coro.send(None) if thrown is None else coro.throw(thrown)
        except StopIteration as e:
            self._end()
            if self._must_cancel:
                self._must_cancel = False
                super().cancel(msg=self._message)
            else:
                super().set_result(e.value)
        except exceptions.CancelledError as e:
            self._end()
            self._why = e
            super().cancel()
        except (KeyboardInterrupt, SystemExit) as e:
            self._end()
            super().set_exception(e)
            raise
        except BaseException as e:
            self._end()
            super().set_exception(e)
        else:
            self._wait_for(waited)
        finally:
            loop._entered = outer

    _why = None

    def _cancellation(self):
        if self._why is not None:
            why, self._why = self._why, None
            return why
        return super()._cancellation()

    def _wait_for(self, waited):
        """Go on once what the coroutine handed out is done."""
        loop = self._loop
        blocking = getattr(waited, "_asyncio_future_blocking", None)
        if waited is None:
            loop.call_soon(self._step, context=self._context)
        elif blocking is None:
            self._go_on(RuntimeError(f"Task got bad yield: {waited!r}"))
        elif not blocking:
            self._go_on(RuntimeError(f"yield was used instead of yield from in task {self!r} with {waited!r}"))
        elif waited.get_loop() is not loop:
            self._go_on(RuntimeError(f"Task {self!r} got Future {waited!r} attached to a different loop"))
        elif waited is self:
            self._go_on(RuntimeError(f"Task cannot await on itself: {self!r}"))
        else:
            waited._asyncio_future_blocking = False
            waited.add_done_callback(self._wakeup, context=self._context)
            self._awaited = waited
            if self._must_cancel and waited.cancel(msg=self._message):
                self._must_cancel = False

    def _go_on(self, thrown):
        self._loop.call_soon(self._step, thrown, context=self._context)

    def _wakeup(self, future):
        try:
            future.result()
        except BaseException as e:
            self._step(e)
        else:
            self._step()

    def _described(self):
        info = super()._described()
        if self._must_cancel and not self.done():
            info[0] = "cancelling"
        info.insert(1, f"name={self._label!r}")
        info.insert(2, f"coro=<{getattr(self._coro, '__qualname__', type(self._coro).__name__)}()>")
        if self._awaited is not None:
            info.insert(3, f"wait_for={self._awaited!r}")
        return info


def current_task(loop=None):
    """The task that runs, or None."""
    return (events.get_running_loop() if loop is None else loop)._entered


def all_tasks(loop=None):
    """The tasks that are not done."""
    return set((events.get_running_loop() if loop is None else loop)._tasks)


def create_task(coro, *, name=None, context=None):
    """Have the running loop run a coroutine."""
    loop = events.get_running_loop()
    if context is None:
        return loop.create_task(coro, name=name)
    return loop.create_task(coro, name=name, context=context)


def ensure_future(obj, *, loop=None):
    """A future of what can be awaited: a task of a coroutine."""
    if isfuture(obj):
        if loop is not None and loop is not obj.get_loop():
            raise ValueError("The future belongs to a different loop than the one specified as the loop argument")
        return obj
    if not iscoroutine(obj):
        if not _inspect.isawaitable(obj):
            raise TypeError("An asyncio.Future, a coroutine or an awaitable is required")
        obj = _wrap(obj)
    if loop is None:
        loop = events.get_event_loop()
    return loop.create_task(obj)


async def _wrap(awaitable):
    return await awaitable


@_generator_coroutine
def _pause():
    yield


async def sleep(delay, result=None):
    """Let others run, for so many seconds."""
    if delay <= 0:
        await _pause()
        return result
    loop = events.get_running_loop()
    future = loop.create_future()
    handle = loop.call_later(delay, _set_result_unless_cancelled, future, result)
    try:
        return await future
    finally:
        handle.cancel()


def _set_result_unless_cancelled(future, result):
    if not future.cancelled():
        future.set_result(result)


async def wait(fs, *, timeout=None, return_when=ALL_COMPLETED):
    """Wait for futures: (those that are done, those that are not)."""
    if isfuture(fs) or iscoroutine(fs):
        raise TypeError(f"expect a list of futures, not {type(fs).__name__}")
    if not fs:
        raise ValueError("Set of Tasks/Futures is empty.")
    if return_when not in (FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED):
        raise ValueError(f"Invalid return_when value: {return_when}")
    fs = set(fs)
    if any(iscoroutine(f) for f in fs):
        raise TypeError("Passing coroutines is forbidden, use tasks explicitly.")
    return await _wait(fs, timeout, return_when, events.get_running_loop())


def _enough(fs, return_when):
    if return_when == FIRST_COMPLETED:
        return any(f.done() for f in fs)
    if return_when == FIRST_EXCEPTION and any(f.done() and not f.cancelled() and f._exception is not None for f in fs):
        return True
    return all(f.done() for f in fs)


async def _wait(fs, timeout, return_when, loop):
    waiter = loop.create_future()
    left = [sum(not f.done() for f in fs)]

    def over(future=None):
        if not waiter.done():
            waiter.set_result(None)

    def one(future):
        left[0] -= 1
        if left[0] <= 0 or return_when == FIRST_COMPLETED or return_when == FIRST_EXCEPTION and not future.cancelled() and future.exception() is not None:
            over()

    if not _enough(fs, return_when):
        handle = None if timeout is None else loop.call_later(timeout, over)
        waiting = [f for f in fs if not f.done()]
        for f in waiting:
            f.add_done_callback(one)
        try:
            await waiter
        finally:
            if handle is not None:
                handle.cancel()
            for f in waiting:
                f.remove_done_callback(one)
    return {f for f in fs if f.done()}, {f for f in fs if not f.done()}


async def wait_for(fut, timeout):
    """Wait for so many seconds; what is not done by then is cancelled."""
    loop = events.get_running_loop()
    if timeout is None:
        return await fut
    fut = ensure_future(fut, loop=loop)
    if timeout <= 0:
        return fut.result() if fut.done() else await _given_up(fut, loop)
    waiter = loop.create_future()

    def over(future=None):
        if not waiter.done():
            waiter.set_result(None)

    handle = loop.call_later(timeout, over)
    fut.add_done_callback(over)
    try:
        try:
            await waiter
        except exceptions.CancelledError:
            if not fut.done():
                fut.remove_done_callback(over)
                await _cancel_and_wait(fut, loop)
                raise
        if not fut.done():
            fut.remove_done_callback(over)
            return await _given_up(fut, loop)
        return fut.result()
    finally:
        handle.cancel()


async def _given_up(fut, loop):
    """Cancel what took too long: a TimeoutError, unless it ends well after all."""
    await _cancel_and_wait(fut, loop)
    try:
        return fut.result()
    except exceptions.CancelledError as cancelled:
        raise TimeoutError() from cancelled


async def _cancel_and_wait(fut, loop):
    waiter = loop.create_future()

    def over(future):
        if not waiter.done():
            waiter.set_result(None)

    fut.add_done_callback(over)
    try:
        fut.cancel()
        await waiter
    finally:
        fut.remove_done_callback(over)


def as_completed(fs, *, timeout=None):
    """Yield coroutines, each of which waits for the next result."""
    if isfuture(fs) or iscoroutine(fs):
        raise TypeError(f"expect an iterable of futures, not {type(fs).__name__}")
    from .queues import Queue

    loop = events.get_event_loop()
    done = Queue()
    todo = {ensure_future(f, loop=loop) for f in set(fs)}
    handle = None

    def expired():
        for f in todo:
            f.remove_done_callback(completed)
            done.put_nowait(None)
        todo.clear()

    def completed(future):
        if todo:
            todo.discard(future)
            done.put_nowait(future)
            if not todo and handle is not None:
                handle.cancel()

    async def next_one():
        future = await done.get()
        if future is None:
            raise TimeoutError
        return future.result()

    for f in todo:
        f.add_done_callback(completed)
    if todo and timeout is not None:
        handle = loop.call_later(timeout, expired)
    for _ in range(len(todo)):
        yield next_one()


class _Gathering(Future):
    """What gather gives: cancelling it cancels what it waits for."""

    _cancels = False

    def __init__(self, children, *, loop):
        super().__init__(loop=loop)
        self._children = children

    def cancel(self, msg=None):
        if self.done():
            return False
        told = False
        for child in self._children:
            told = child.cancel(msg=msg) or told
        self._cancels = self._cancels or told
        return told


def gather(*coros_or_futures, return_exceptions=False):
    """A future of the list of results, in the order of the arguments."""
    if not coros_or_futures:
        outer = events.get_event_loop().create_future()
        outer.set_result([])
        return outer
    loop, found, children, left = None, {}, [], [0]
    outer = None

    def outcome(child):
        if child.cancelled():
            return child._cancellation()
        return child._result if child._exception is None else child.exception()

    def done(child):
        left[0] -= 1
        if outer is None or outer.done():
            if not child.cancelled():
                child.exception()  # which is seen by that
            return
        if not return_exceptions:
            if child.cancelled():
                outer.set_exception(child._cancellation())
                return
            if child.exception() is not None:
                outer.set_exception(child.exception())
                return
        if left[0] == 0:
            results = [outcome(c) for c in children]
            if outer._cancels:
                outer.set_exception(child._cancellation() if child.cancelled() else exceptions.CancelledError())
            else:
                outer.set_result(results)

    for arg in coros_or_futures:
        child = found.get(arg)
        if child is None:
            child = ensure_future(arg, loop=loop)
            if loop is None:
                loop = child.get_loop()
            found[arg] = child
            left[0] += 1
            child.add_done_callback(done)
        children.append(child)
    outer = _Gathering(children, loop=loop)
    return outer


def shield(arg):
    """A future of what goes on where who waits for it is cancelled."""
    inner = ensure_future(arg)
    if inner.done():
        return inner
    outer = inner.get_loop().create_future()

    def ended(inner):
        error = None if inner.cancelled() else inner.exception()  # asked for in any case: it counts as seen
        if outer.cancelled():
            return
        if inner.cancelled():
            outer.cancel()
        elif error is None:
            outer.set_result(inner.result())
        else:
            outer.set_exception(error)

    inner.add_done_callback(ended)
    outer.add_done_callback(lambda _: None if inner.done() else inner.remove_done_callback(ended))
    return outer


def run_coroutine_threadsafe(coro, loop):
    """Have the loop of another thread run a coroutine; the future is one of concurrent.futures."""
    if not iscoroutine(coro):
        raise TypeError("A coroutine object is required")
    future = _concurrent.Future()

    def start():
        try:
            _chain(ensure_future(coro, loop=loop), future, loop, None)
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as e:
            if future.set_running_or_notify_cancel():
                future.set_exception(e)
            raise

    loop.call_soon_threadsafe(start)
    return future
