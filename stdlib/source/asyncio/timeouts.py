"""Statements that end by a time."""

from . import events, exceptions, tasks

__all__ = ["Timeout", "timeout", "timeout_at"]


class Timeout:
    """Cancels the task that is in the statement when the time is over."""

    def __init__(self, when):
        self._when, self._state, self._handle, self._task = when, "created", None, None

    def when(self):
        return self._when

    def reschedule(self, when):
        """Set another time."""
        if self._state != "active":
            raise RuntimeError("Timeout has not been entered" if self._state == "created" else f"Cannot change state of {self._state} Timeout")
        self._when = when
        if self._handle is not None:
            self._handle.cancel()
        loop = events.get_running_loop()
        if when is None:
            self._handle = None
        elif when <= loop.time():
            self._handle = loop.call_soon(self._expire)
        else:
            self._handle = loop.call_at(when, self._expire)

    def expired(self):
        return self._state in ("expiring", "expired")

    def _expire(self):
        self._task.cancel()
        self._state, self._handle = "expiring", None

    async def __aenter__(self):
        if self._state != "created":
            raise RuntimeError("Timeout has already been entered")
        self._task = tasks.current_task()
        if self._task is None:
            raise RuntimeError("Timeout should be used inside a task")
        self._requests, self._state = self._task.cancelling(), "active"
        self.reschedule(self._when)
        return self

    async def __aexit__(self, exc_type, exc_val, exc_tb):
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None
        if self._state == "expiring":
            self._state = "expired"
            if self._task.uncancel() <= self._requests and exc_type is exceptions.CancelledError:
                raise TimeoutError from exc_val
        elif self._state == "active":
            self._state = "exited"

    def __repr__(self):
        when = f" when={self._when:.3f}" if self._state == "active" and self._when is not None else ""
        return f"<Timeout [{self._state}]{when}>"


def timeout(delay):
    """async with timeout(seconds): what takes longer raises TimeoutError."""
    return Timeout(None if delay is None else events.get_running_loop().time() + delay)


def timeout_at(when):
    """The same, by the loop's clock."""
    return Timeout(when)
