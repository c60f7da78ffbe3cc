"""What goes wrong in asynchronous programs."""

__all__ = ["BrokenBarrierError", "CancelledError", "IncompleteReadError", "InvalidStateError", "LimitOverrunError", "QueueEmpty", "QueueFull", "SendfileNotAvailableError", "TimeoutError"]

TimeoutError = TimeoutError


class CancelledError(BaseException):
    """A future or a task was cancelled."""


class InvalidStateError(Exception):
    """A future is not in the state that an operation needs."""


class SendfileNotAvailableError(RuntimeError):
    """Files are not sent by the system."""


class BrokenBarrierError(RuntimeError):
    """A barrier was aborted or reset."""


class QueueEmpty(Exception):
    """There is nothing in the queue."""


class QueueFull(Exception):
    """There is no room in the queue."""


class IncompleteReadError(EOFError):
    """A stream ended before as much was read as was asked for."""

    def __init__(self, partial, expected):
        super().__init__(f"{len(partial)} bytes read on a total of {'undefined' if expected is None else repr(expected)} expected bytes")
        self.partial, self.expected = partial, expected


class LimitOverrunError(Exception):
    """There is no separator within a stream's limit."""

    def __init__(self, message, consumed):
        super().__init__(message)
        self.consumed = consumed
