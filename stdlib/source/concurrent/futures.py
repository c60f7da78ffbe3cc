"""Executors in sequential form: submit calls the function at once."""

__all__ = ["ThreadPoolExecutor", "ProcessPoolExecutor", "Executor", "Future", "as_completed", "wait", "TimeoutError", "CancelledError"]

FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED = "FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED"
TimeoutError = TimeoutError


class CancelledError(Exception):
    """The call was cancelled."""


class Future:
    """A call that has been made, and its outcome."""

    def __init__(self):
        self._result, self._exception, self._callbacks, self._done = None, None, [], False

    def result(self, timeout=None):
        if self._exception is not None:
            raise self._exception
        return self._result

    def exception(self, timeout=None):
        return self._exception

    def done(self):
        return self._done

    def running(self):
        return False

    def cancelled(self):
        return False

    def cancel(self):
        return False

    def set_result(self, result):
        self._result, self._done = result, True
        self._tell()

    def set_exception(self, exception):
        self._exception, self._done = exception, True
        self._tell()

    def _tell(self):
        for fn in self._callbacks:
            fn(self)

    def add_done_callback(self, fn):
        if self._done:
            fn(self)
        else:
            self._callbacks.append(fn)


class Executor:
    """Makes calls."""

    def __init__(self, max_workers=None, thread_name_prefix="", initializer=None, initargs=(), **kwargs):
        if max_workers is not None and max_workers <= 0:
            raise ValueError("max_workers must be greater than 0")
        self._closed = False
        if initializer is not None:
            initializer(*initargs)

    def submit(self, fn, /, *args, **kwargs):
        if self._closed:
            raise RuntimeError("cannot schedule new futures after shutdown")
        future = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as e:
            future.set_exception(e)
        return future

    def map(self, fn, *iterables, timeout=None, chunksize=1):
        futures = [self.submit(fn, *args) for args in zip(*iterables)]
        return (f.result() for f in futures)

    def shutdown(self, wait=True, *, cancel_futures=False):
        self._closed = True

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.shutdown()
        return False


class ThreadPoolExecutor(Executor):
    """Makes calls, one after the other."""


class ProcessPoolExecutor(Executor):
    """Makes calls, one after the other."""


def as_completed(fs, timeout=None):
    """The futures, all of which are complete."""
    return iter(list(fs))


def wait(fs, timeout=None, return_when=ALL_COMPLETED):
    """The futures that are complete, and those that are not: none."""
    from collections import namedtuple

    return namedtuple("DoneAndNotDoneFutures", "done not_done")(set(fs), set())
