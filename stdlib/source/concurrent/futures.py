"""Executors, which make calls in threads that take turns."""

import queue as _queue
import threading as _threading
from collections import namedtuple as _namedtuple
from time import monotonic as _time

__all__ = ["ThreadPoolExecutor", "ProcessPoolExecutor", "Executor", "Future", "as_completed", "wait", "TimeoutError", "CancelledError", "InvalidStateError", "BrokenExecutor"]

FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED = "FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED"
TimeoutError = TimeoutError
DoneAndNotDoneFutures = _namedtuple("DoneAndNotDoneFutures", "done not_done")


class Error(Exception):
    """What goes wrong with futures."""


class CancelledError(Error):
    """The call was cancelled."""


class InvalidStateError(Error):
    """The future is not in the state that this needs."""


class BrokenExecutor(RuntimeError):
    """An executor cannot make calls any more."""


class Future:
    """A call that is to be made, and its outcome."""

    def __init__(self):
        self._condition, self._state, self._result, self._exception, self._callbacks = _threading.Condition(), "PENDING", None, None, []

    def _over(self):
        return self._state in ("CANCELLED", "FINISHED")

    def cancel(self):
        with self._condition:
            if self._state in ("RUNNING", "FINISHED"):
                return False
            if self._state == "CANCELLED":
                return True
            self._state = "CANCELLED"
            self._condition.notify_all()
        self._tell()
        return True

    def cancelled(self):
        return self._state == "CANCELLED"

    def running(self):
        return self._state == "RUNNING"

    def done(self):
        return self._over()

    def _wait(self, timeout):
        with self._condition:
            if not self._condition.wait_for(self._over, timeout):
                raise TimeoutError()
        if self._state == "CANCELLED":
            raise CancelledError()

    def result(self, timeout=None):
        self._wait(timeout)
        if self._exception is not None:
            raise self._exception
        return self._result

    def exception(self, timeout=None):
        self._wait(timeout)
        return self._exception

    def add_done_callback(self, fn):
        with self._condition:
            if not self._over():
                self._callbacks.append(fn)
                return
        self._call(fn)

    def _call(self, fn):
        try:
            fn(self)
        except Exception:
            import logging

            logging.getLogger("concurrent.futures").exception("exception calling callback for %r", self)

    def _tell(self):
        for fn in self._callbacks:
            self._call(fn)

    def set_running_or_notify_cancel(self):
        with self._condition:
            if self._state == "CANCELLED":
                return False
            if self._state != "PENDING":
                raise RuntimeError("Future in unexpected state")
            self._state = "RUNNING"
            return True

    def _set(self, result, exception):
        with self._condition:
            if self._over():
                raise InvalidStateError(f"{self._state}: {self!r}")
            self._result, self._exception, self._state = result, exception, "FINISHED"
            self._condition.notify_all()
        self._tell()

    def set_result(self, result):
        self._set(result, None)

    def set_exception(self, exception):
        self._set(None, exception)

    def __repr__(self):
        state = self._state.lower()
        if self._state == "FINISHED":
            state += f" raised {type(self._exception).__name__}" if self._exception is not None else f" returned {type(self._result).__name__}"
        return f"<Future at {id(self):#x} state={state}>"


class Executor:
    """Makes calls."""

    def submit(self, fn, /, *args, **kwargs):
        raise NotImplementedError()

    def map(self, fn, *iterables, timeout=None, chunksize=1):
        end = None if timeout is None else timeout + _time()
        futures = [self.submit(fn, *args) for args in zip(*iterables)]

        def results():
            try:
                futures.reverse()
                while futures:
                    yield futures.pop().result() if end is None else futures.pop().result(end - _time())
            finally:
                for f in futures:
                    f.cancel()

        return results()

    def shutdown(self, wait=True, *, cancel_futures=False):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.shutdown(wait=True)
        return False


def _how_many(asked):
    """The most threads of an executor that is asked for so many, or, with None, for what suits the machine."""
    if asked is None:
        import os

        return min(32, (os.cpu_count() or 1) + 4)
    if asked > 0:
        return asked
    raise ValueError("max_workers must be greater than 0")


class ThreadPoolExecutor(Executor):
    """Makes calls in so many threads."""

    _count = 0

    def __init__(self, max_workers=None, thread_name_prefix="", initializer=None, initargs=()):
        workers = _how_many(max_workers)
        if not (initializer is None or callable(initializer)):
            raise TypeError("initializer must be a callable")
        self._max_workers, self._queue, self._threads, self._idle = workers, _queue.SimpleQueue(), [], 0
        self._initializer, self._initargs, self._closed, self._broken = initializer, initargs, False, False
        if not thread_name_prefix:
            thread_name_prefix = f"{type(self).__name__}-{ThreadPoolExecutor._count}"
            ThreadPoolExecutor._count += 1
        self._prefix = thread_name_prefix
        _threading._register_atexit(self._finish)

    def submit(self, fn, /, *args, **kwargs):
        if self._broken:
            raise BrokenExecutor("A thread initializer failed, the thread pool is not usable anymore")
        if self._closed:
            raise RuntimeError("cannot schedule new futures after shutdown")
        future = Future()
        self._queue.put((future, fn, args, kwargs))
        if self._idle < self._queue.qsize() and len(self._threads) < self._max_workers:
            t = _threading.Thread(target=self._work, name=f"{self._prefix}_{len(self._threads)}", daemon=True)
            self._threads.append(t)
            t.start()
        return future

    def _work(self):
        if self._initializer is not None:
            try:
                self._initializer(*self._initargs)
            except BaseException:
                import logging

                logging.getLogger("concurrent.futures").critical("Exception in initializer:", exc_info=True)
                self._broken = True
                self._drop(BrokenExecutor("A thread initializer failed, the thread pool is not usable anymore"))
                return
        while True:
            self._idle += 1
            item = self._queue.get()
            self._idle -= 1
            if item is None:
                self._queue.put(None)  # for the next thread
                return
            future, fn, args, kwargs = item
            del item
            if not future.set_running_or_notify_cancel():
                continue
            try:
                result = fn(*args, **kwargs)
            except BaseException as e:
                future.set_exception(e)
            else:
                future.set_result(result)
            del future, fn, args, kwargs

    def _drop(self, why=None):
        while True:
            try:
                item = self._queue.get_nowait()
            except _queue.Empty:
                return
            if item is not None and why is None:
                item[0].cancel()
            elif item is not None:
                item[0].set_exception(why)

    def _finish(self):
        self.shutdown(wait=True)

    def shutdown(self, wait=True, *, cancel_futures=False):
        self._closed = True
        if cancel_futures:
            self._drop()
        self._queue.put(None)
        if wait:
            for t in self._threads:
                t.join()


class ProcessPoolExecutor(ThreadPoolExecutor):
    """Makes calls in threads of this process: scripts start no others."""

    def __init__(self, max_workers=None, mp_context=None, initializer=None, initargs=(), *, max_tasks_per_child=None):
        super().__init__(max_workers, "", initializer, initargs)


def wait(fs, timeout=None, return_when=ALL_COMPLETED):
    """Wait for futures: the sets of those that are complete, and of those that are not."""
    fs = set(fs)
    if return_when not in (FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED):
        raise ValueError(f"Invalid return condition: {return_when!r}")
    changed = _threading.Condition()

    def enough():
        done = [f for f in fs if f.done()]
        if len(done) == len(fs) or return_when == FIRST_COMPLETED and done:
            return True
        return return_when == FIRST_EXCEPTION and any([not f.cancelled() and f.exception() is not None for f in done])

    def tell(f):
        with changed:
            changed.notify_all()

    for f in fs:
        f.add_done_callback(tell)
    with changed:
        changed.wait_for(enough, timeout)
    done = {f for f in fs if f.done()}
    return DoneAndNotDoneFutures(done, fs - done)


def as_completed(fs, timeout=None):
    """Futures as they complete."""
    end = None if timeout is None else timeout + _time()
    fs, finished = set(fs), _queue.SimpleQueue()
    total = len(fs)
    for f in fs:
        f.add_done_callback(finished.put)
    for i in range(total):
        try:
            yield finished.get() if end is None else finished.get(timeout=max(end - _time(), 0))
        except _queue.Empty:
            raise TimeoutError(f"{total - i} (of {total}) futures unfinished") from None
