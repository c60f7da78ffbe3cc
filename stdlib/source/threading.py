"""Threads in sequential form: a script has one thread, and Thread.start runs the function to its end."""

__all__ = ["Thread", "Lock", "RLock", "Event", "Condition", "Semaphore", "BoundedSemaphore", "Barrier", "Timer", "local", "current_thread", "main_thread", "active_count", "enumerate", "get_ident"]

_counter = [0]


class Thread:
    """A call that start makes at once. What it raises is printed, as of a thread."""

    def __init__(self, group=None, target=None, name=None, args=(), kwargs=None, *, daemon=None):
        _counter[0] += 1
        self._target, self._args, self._kwargs = target, args, kwargs or {}
        self.name, self.daemon, self.ident = name or f"Thread-{_counter[0]}", bool(daemon), None
        self._started = False

    def run(self):
        if self._target is not None:
            self._target(*self._args, **self._kwargs)

    def start(self):
        if self._started:
            raise RuntimeError("threads can only be started once")
        self._started, self.ident = True, _counter[0] + 1
        _stack.append(self)
        try:
            self.run()
        except Exception:
            import sys
            import traceback

            print(f"Exception in thread {self.name}:", file=sys.stderr)
            traceback.print_exc()
        finally:
            _stack.pop()

    def join(self, timeout=None):
        if not self._started:
            raise RuntimeError("cannot join thread before it is started")

    def is_alive(self):
        return self in _stack


class _Main(Thread):
    def __init__(self):
        self.name, self.daemon, self.ident, self._started = "MainThread", False, 1, True


_stack = [_Main()]


def current_thread():
    """The thread that runs."""
    return _stack[-1]


def main_thread():
    """The script's own thread."""
    return _stack[0]


def active_count():
    """How many threads are alive."""
    return len(_stack)


def enumerate():
    """The threads that are alive."""
    return list(_stack)


def get_ident():
    """The number of the thread that runs."""
    return _stack[-1].ident


class Lock:
    """A lock that nobody else can hold: taking it twice would never end, and raises."""

    _reentrant = False

    def __init__(self):
        self._held = 0

    def acquire(self, blocking=True, timeout=-1):
        if self._held and not self._reentrant:
            if not blocking or timeout >= 0:
                return False
            raise RuntimeError("acquire: the lock is held, and in a script of one thread nobody would release it")
        self._held += 1
        return True

    def release(self):
        if not self._held:
            raise RuntimeError("release unlocked lock")
        self._held -= 1

    def locked(self):
        return self._held > 0

    def __enter__(self):
        self.acquire()
        return self

    def __exit__(self, *args):
        self.release()


class RLock(Lock):
    """A lock that may be taken several times."""

    _reentrant = True


class Event:
    """A flag. Waiting for one that is not set would never end, and raises unless a timeout is given."""

    def __init__(self):
        self._flag = False

    def is_set(self):
        return self._flag

    def set(self):
        self._flag = True

    def clear(self):
        self._flag = False

    def wait(self, timeout=None):
        if not self._flag and timeout is None:
            raise RuntimeError("wait: the event is not set, and in a script of one thread nobody would set it")
        return self._flag


class Condition:
    """A condition; waiting for one raises, since nobody would notify."""

    def __init__(self, lock=None):
        self._lock = RLock() if lock is None else lock

    def __enter__(self):
        self._lock.acquire()
        return self

    def __exit__(self, *args):
        self._lock.release()

    def notify(self, n=1):
        pass

    def notify_all(self):
        pass

    def wait(self, timeout=None):
        if timeout is None:
            raise RuntimeError("wait: in a script of one thread nobody would notify")
        return False

    def wait_for(self, predicate, timeout=None):
        return predicate() or self.wait(timeout)


class Semaphore:
    """A counter that may not fall below zero."""

    def __init__(self, value=1):
        self._value = value

    def acquire(self, blocking=True, timeout=None):
        if self._value == 0:
            if not blocking or timeout is not None:
                return False
            raise RuntimeError("acquire: the semaphore is at zero, and in a script of one thread nobody would release it")
        self._value -= 1
        return True

    def release(self, n=1):
        self._value += n

    def __enter__(self):
        self.acquire()
        return self

    def __exit__(self, *args):
        self.release()


BoundedSemaphore = Semaphore


class Barrier:
    """A meeting point of one."""

    def __init__(self, parties, action=None, timeout=None):
        if parties > 1:
            raise NotImplementedError("threading: a barrier of several threads is not provided here; a script has one thread")
        self.parties = parties

    def wait(self, timeout=None):
        return 0


class Timer(Thread):
    """A call after an interval: start waits, then calls."""

    def __init__(self, interval, function, args=None, kwargs=None):
        super().__init__(target=function, args=args or (), kwargs=kwargs)
        self.interval, self._cancelled = interval, False

    def cancel(self):
        self._cancelled = True

    def run(self):
        import time

        time.sleep(self.interval)
        if not self._cancelled:
            super().run()


class local:
    """Attributes of a thread; there is one."""
