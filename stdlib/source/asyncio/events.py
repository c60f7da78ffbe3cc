"""The loop that calls what is due, one thing after the other."""

import _asyncio
import _thread
import heapq as _heapq
from collections import deque as _deque
from contextvars import copy_context as _copy_context
from time import monotonic as _monotonic

from .futures import Future, wrap_future

__all__ = ["AbstractEventLoop", "AbstractEventLoopPolicy", "AbstractServer", "BaseEventLoop", "DefaultEventLoopPolicy", "Handle", "SelectorEventLoop", "TimerHandle", "get_child_watcher",
           "get_event_loop", "get_event_loop_policy", "get_running_loop", "new_event_loop", "set_event_loop", "set_event_loop_policy", "_get_running_loop", "_set_running_loop"]


class Handle:
    """A call that a loop is to make."""

    def __init__(self, callback, args, loop, context=None):
        self._callback, self._args, self._loop, self._cancelled = callback, args, loop, False
        self._context = _copy_context() if context is None else context

    def cancel(self):
        if not self._cancelled:
            self._cancelled = True
            self._callback = self._args = None

    def cancelled(self):
        return self._cancelled

    def _run(self):
        try:
            self._context.run(self._callback, *self._args)
        except BaseException as e:
            if isinstance(e, (SystemExit, KeyboardInterrupt)):
                raise
            name = getattr(self._callback, "__qualname__", repr(self._callback))
            self._loop.call_exception_handler({"message": f"Exception in callback {name}({', '.join(map(repr, self._args))})", "exception": e, "handle": self})

    def __repr__(self):
        return f"<{type(self).__name__}{' cancelled' if self._cancelled else ''}>"


class TimerHandle(Handle):
    """A call that a loop is to make at a time."""

    def __init__(self, when, callback, args, loop, context=None):
        super().__init__(callback, args, loop, context)
        self._when, self._waits = when, True

    def when(self):
        return self._when

    def cancel(self):
        if not self._cancelled and self._waits:
            self._loop._forgotten += 1
        super().cancel()


class AbstractServer:
    """What waits for connections."""


class AbstractEventLoop:
    """A loop, as annotations name it."""


class BaseEventLoop(AbstractEventLoop):
    """A loop that waits for times, for threads and, by those, for the network."""

    def __init__(self):
        self._ready, self._timers, self._order, self._forgotten = _deque(), [], 0, 0
        self._bell = _thread.allocate_lock()
        self._bell.acquire()
        self._stopping = self._closed = self._debug = False
        self._thread, self._executor, self._factory, self._handler = None, None, None, None
        self._unseen, self._tasks, self._entered, self._finishing = {}, {}, None, []

    # Calls.

    def time(self):
        return _monotonic()

    def call_soon(self, callback, *args, context=None):
        self._check_open()
        handle = Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def call_soon_threadsafe(self, callback, *args, context=None):
        handle = self.call_soon(callback, *args, context=context)
        self._ring()
        return handle

    def call_later(self, delay, callback, *args, context=None):
        if delay is None:
            raise TypeError("delay must not be None")
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def call_at(self, when, callback, *args, context=None):
        if when is None:
            raise TypeError("when cannot be None")
        self._check_open()
        handle = TimerHandle(when, callback, args, self, context)
        self._order += 1
        _heapq.heappush(self._timers, (when, self._order, handle))
        return handle

    def _ring(self):
        """Wake the loop where it waits."""
        try:
            self._bell.release()
        except RuntimeError:
            pass  # it was woken already

    # Futures and tasks.

    def create_future(self):
        return Future(loop=self)

    def create_task(self, coro, *, name=None, context=None):
        self._check_open()
        if self._factory is None:
            from .tasks import Task

            return Task(coro, loop=self, name=name, context=context)
        task = self._factory(self, coro) if context is None else self._factory(self, coro, context=context)
        if name is not None:
            task.set_name(name)
        return task

    def set_task_factory(self, factory):
        if factory is not None and not callable(factory):
            raise TypeError("task factory must be a callable or None")
        self._factory = factory

    def get_task_factory(self):
        return self._factory

    def run_in_executor(self, executor, func, *args):
        """Call func in another thread; the result is a future of the loop."""
        self._check_open()
        if executor is None:
            executor = self._executor
            if executor is None:
                from concurrent.futures import ThreadPoolExecutor

                executor = self._executor = ThreadPoolExecutor(thread_name_prefix="asyncio")
        return wrap_future(executor.submit(func, *args), loop=self)

    def set_default_executor(self, executor):
        from concurrent.futures import ThreadPoolExecutor

        if not isinstance(executor, ThreadPoolExecutor):
            raise TypeError("executor must be ThreadPoolExecutor instance")
        self._executor = executor

    # Running.

    def is_running(self):
        return self._thread is not None

    def is_closed(self):
        return self._closed

    def _check_open(self):
        if self._closed:
            raise RuntimeError("Event loop is closed")

    def _check_idle(self):
        if self.is_running():
            raise RuntimeError("This event loop is already running")
        if _get_running_loop() is not None:
            raise RuntimeError("Cannot run the event loop while another loop is running")

    def run_forever(self):
        """Make the calls that are due until stop is called."""
        self._check_open()
        self._check_idle()
        self._thread = _thread.get_ident()
        _set_running_loop(self)
        try:
            while True:
                self._turn()
                if self._stopping:
                    break
        finally:
            self._stopping = False
            self._thread = None
            _set_running_loop(None)

    def run_until_complete(self, future):
        """Run until a future or coroutine is done, and give its result."""
        from .tasks import ensure_future
        from .futures import isfuture

        self._check_open()
        self._check_idle()
        made = not isfuture(future)
        future = ensure_future(future, loop=self)
        future.add_done_callback(_stop)
        try:
            self.run_forever()
        except BaseException:
            if made and future.done() and not future.cancelled():
                future.exception()
            raise
        finally:
            future.remove_done_callback(_stop)
        if not future.done():
            raise RuntimeError("Event loop stopped before Future completed.")
        return future.result()

    def stop(self):
        self._stopping = True
        self._ring()

    def _turn(self):
        """Wait until something is due, and make the calls that are."""
        timers, ready = self._timers, self._ready
        if self._forgotten > 100 and self._forgotten * 2 > len(timers):
            timers[:] = [entry for entry in timers if not entry[2]._cancelled]
            _heapq.heapify(timers)
            self._forgotten = 0
        while timers and timers[0][2]._cancelled:
            _heapq.heappop(timers)
            self._forgotten -= 1
        if not ready and not self._stopping:
            if not timers:
                self._wait()
            else:
                delay = timers[0][0] - _monotonic()
                if delay > 0:
                    self._bell.acquire(True, min(delay, 86400))
        now = _monotonic() + 1e-9
        while timers and timers[0][0] <= now:
            handle = _heapq.heappop(timers)[2]
            handle._waits = False
            if handle._cancelled:
                self._forgotten -= 1
            else:
                ready.append(handle)
        for _ in range(len(ready)):
            handle = ready.popleft()
            if not handle._cancelled:
                handle._run()
        handle = None

    def _wait(self):
        try:
            self._bell.acquire()
        except RuntimeError:
            waiting = [task.get_name() for task in self._tasks]
            raise RuntimeError(f"asyncio: {', '.join(waiting) or 'the loop'} waits for what never happens: no timer is set and no other thread runs") from None

    def close(self):
        if self.is_running():
            raise RuntimeError("Cannot close a running event loop")
        if self._closed:
            return
        self._closed = True
        self._ready.clear()
        self._timers.clear()
        executor, self._executor = self._executor, None
        if executor is not None:
            executor.shutdown(wait=False)
        for future in list(self._unseen):
            self._report_unseen(future)

    def _report_unseen(self, future):
        """Tell of an exception that nobody has asked for."""
        self._unseen.pop(future, None)
        self.call_exception_handler({"message": f"{type(future).__name__} exception was never retrieved", "exception": future._exception, "future": future})

    async def shutdown_asyncgens(self):
        """Close the asynchronous generators that were left half-way."""
        from .tasks import gather

        left = _asyncio.suspended_generators()
        if not left:
            return
        results = await gather(*[g.aclose() for g in left], return_exceptions=True)
        for result, generator in zip(results, left):
            if isinstance(result, Exception):
                self.call_exception_handler({"message": f"an error occurred during closing of asynchronous generator {generator!r}", "exception": result, "asyncgen": generator})

    async def shutdown_default_executor(self):
        executor, self._executor = self._executor, None
        if executor is None:
            return
        done = self.create_future()

        def finish():
            executor.shutdown(wait=True)
            if not self.is_closed():
                self.call_soon_threadsafe(done.set_result, None)

        _thread.start_new_thread(finish, ())
        await done

    # Errors.

    def set_exception_handler(self, handler):
        if handler is not None and not callable(handler):
            raise TypeError(f"A callable object or None is expected, got {handler!r}")
        self._handler = handler

    def get_exception_handler(self):
        return self._handler

    def default_exception_handler(self, context):
        """Log what went wrong where nobody else is told."""
        from logging import getLogger

        message = context.get("message") or "Unhandled exception in event loop"
        exception = context.get("exception")
        lines = [message] + [f"{key}: {context[key]!r}" for key in sorted(context) if key not in ("message", "exception")]
        getLogger("asyncio").error("\n".join(lines), exc_info=False if exception is None else (type(exception), exception, exception.__traceback__))

    def call_exception_handler(self, context):
        handler = self._handler
        if handler is None:
            self.default_exception_handler(context)
            return
        try:
            handler(self, context)
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as e:
            self.default_exception_handler({"message": "Unhandled error in exception handler", "exception": e, "context": context})

    def get_debug(self):
        return self._debug

    def set_debug(self, enabled):
        self._debug = enabled

    # The network.

    async def sock_recv(self, sock, nbytes):
        return await self.run_in_executor(None, sock.recv, nbytes)

    async def sock_recv_into(self, sock, buf):
        return await self.run_in_executor(None, sock.recv_into, buf)

    async def sock_sendall(self, sock, data):
        await self.run_in_executor(None, sock.sendall, data)

    async def sock_connect(self, sock, address):
        await self.run_in_executor(None, sock.connect, address)

    async def sock_accept(self, sock):
        return await self.run_in_executor(None, sock.accept)

    async def getaddrinfo(self, host, port, *, family=0, type=0, proto=0, flags=0):
        from socket import getaddrinfo

        return await self.run_in_executor(None, getaddrinfo, host, port, family, type, proto, flags)

    async def create_connection(self, protocol_factory, host=None, port=None, *, ssl=None, sock=None, **options):
        from .transports import connect

        return await connect(self, protocol_factory, host, port, ssl, sock, options)

    async def create_server(self, protocol_factory, host=None, port=None, *, ssl=None, sock=None, start_serving=True, backlog=100, **options):
        from .transports import serve

        return await serve(self, protocol_factory, host, port, ssl, sock, start_serving, backlog, options)

    def add_signal_handler(self, sig, callback, *args):
        raise NotImplementedError("add_signal_handler: scripts see no signals")

    def remove_signal_handler(self, sig):
        return False

    def add_reader(self, fd, callback, *args):
        raise NotImplementedError("add_reader: descriptors are not watched; streams are there, and run_in_executor")

    def add_writer(self, fd, callback, *args):
        raise NotImplementedError("add_writer: descriptors are not watched; streams are there, and run_in_executor")

    async def subprocess_exec(self, protocol_factory, *args, **kwargs):
        raise PermissionError(1, "scripts start no processes")

    async def subprocess_shell(self, protocol_factory, cmd, **kwargs):
        raise PermissionError(1, "scripts start no processes")

    def __repr__(self):
        return f"<{type(self).__name__} running={self.is_running()} closed={self._closed} debug={self._debug}>"


def _stop(future):
    if not future.cancelled() and isinstance(future._exception, (SystemExit, KeyboardInterrupt)):
        return  # which end the loop themselves
    future._loop.stop()


class SelectorEventLoop(BaseEventLoop):
    """The loop that new_event_loop makes."""


class AbstractEventLoopPolicy:
    """Which loop a thread has, as annotations name it."""


class DefaultEventLoopPolicy(AbstractEventLoopPolicy):
    """One loop for each thread; the main thread's is made when it is asked for."""

    def __init__(self):
        self._loops, self._was_set = {}, False

    def get_event_loop(self):
        ident = _thread.get_ident()
        if ident == 1 and ident not in self._loops and not self._was_set:
            self.set_event_loop(self.new_event_loop())
        loop = self._loops.get(ident)
        if loop is None:
            from threading import current_thread

            raise RuntimeError(f"There is no current event loop in thread {current_thread().name!r}.")
        return loop

    def set_event_loop(self, loop):
        if loop is not None and not isinstance(loop, AbstractEventLoop):
            raise TypeError(f"loop must be an instance of AbstractEventLoop or None, not '{type(loop).__name__}'")
        ident = _thread.get_ident()
        self._was_set = self._was_set or ident == 1
        if loop is None:
            self._loops.pop(ident, None)
        else:
            self._loops[ident] = loop

    def new_event_loop(self):
        return SelectorEventLoop()


_running, _policy = {}, [None]


def _get_running_loop():
    return _running.get(_thread.get_ident())


def _set_running_loop(loop):
    if loop is None:
        _running.pop(_thread.get_ident(), None)
    else:
        _running[_thread.get_ident()] = loop


def get_running_loop():
    """The loop that runs in this thread."""
    loop = _get_running_loop()
    if loop is None:
        raise RuntimeError("no running event loop")
    return loop


def get_event_loop():
    """The loop that runs in this thread, or else the one that it has."""
    return _get_running_loop() or get_event_loop_policy().get_event_loop()


def set_event_loop(loop):
    get_event_loop_policy().set_event_loop(loop)


def new_event_loop():
    return get_event_loop_policy().new_event_loop()


def get_event_loop_policy():
    if _policy[0] is None:
        _policy[0] = DefaultEventLoopPolicy()
    return _policy[0]


def set_event_loop_policy(policy):
    if policy is not None and not isinstance(policy, AbstractEventLoopPolicy):
        raise TypeError(f"policy must be an instance of AbstractEventLoopPolicy or None, not '{type(policy).__name__}'")
    _policy[0] = policy


def get_child_watcher():
    raise NotImplementedError("get_child_watcher: scripts start no processes")
