"""Threads that take turns: one runs at a time, until it waits, or for some milliseconds while others are ready."""

import _thread
from _thread import TIMEOUT_MAX, allocate_lock as Lock, get_ident
from time import monotonic as _time

__all__ = ["get_ident", "active_count", "Condition", "current_thread", "enumerate", "main_thread", "TIMEOUT_MAX", "Event", "Lock", "RLock", "Semaphore", "BoundedSemaphore",
           "Thread", "Barrier", "BrokenBarrierError", "Timer", "ThreadError", "excepthook", "ExceptHookArgs", "local", "get_native_id", "settrace", "setprofile", "stack_size"]

ThreadError = RuntimeError
get_native_id = get_ident


class _RLock:
    """A lock that its owner may take several times."""

    def __init__(self):
        self._block, self._owner, self._count = Lock(), None, 0

    def acquire(self, blocking=True, timeout=-1):
        me = get_ident()
        if self._owner == me:
            self._count += 1
            return True
        got = self._block.acquire(blocking, timeout)
        if got:
            self._owner, self._count = me, 1
        return got

    def release(self):
        if self._owner != get_ident():
            raise RuntimeError("cannot release un-acquired lock")
        self._count -= 1
        if not self._count:
            self._owner = None
            self._block.release()

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *args):
        self.release()

    def _release_save(self):
        if self._count == 0:
            raise RuntimeError("cannot release un-acquired lock")
        state = self._count, self._owner
        self._count, self._owner = 0, None
        self._block.release()
        return state

    def _acquire_restore(self, state):
        self._block.acquire()
        self._count, self._owner = state

    def _is_owned(self):
        return self._owner == get_ident()

    def __repr__(self):
        return f"<{'locked' if self._block.locked() else 'unlocked'} threading.RLock object owner={self._owner} count={self._count} at {id(self):#x}>"


RLock = _RLock


class Condition:
    """What threads wait for until another notifies them."""

    def __init__(self, lock=None):
        self._lock = RLock() if lock is None else lock
        self.acquire, self.release, self._waiters = self._lock.acquire, self._lock.release, []

    def __enter__(self):
        return self._lock.__enter__()

    def __exit__(self, *args):
        return self._lock.__exit__(*args)

    def _save(self):
        if hasattr(self._lock, "_release_save"):
            return self._lock._release_save()
        self._lock.release()

    def _restore(self, state):
        if hasattr(self._lock, "_acquire_restore"):
            self._lock._acquire_restore(state)
        else:
            self._lock.acquire()

    def _is_owned(self):
        if hasattr(self._lock, "_is_owned"):
            return self._lock._is_owned()
        if self._lock.acquire(False):
            self._lock.release()
            return False
        return True

    def wait(self, timeout=None):
        if not self._is_owned():
            raise RuntimeError("cannot wait on un-acquired lock")
        waiter = Lock()
        waiter.acquire()
        self._waiters.append(waiter)
        state, got = self._save(), False
        try:
            if timeout is None:
                waiter.acquire()
                got = True
            else:
                got = waiter.acquire(True, timeout) if timeout > 0 else waiter.acquire(False)
            return got
        finally:
            self._restore(state)
            if not got and waiter in self._waiters:
                self._waiters.remove(waiter)

    def wait_for(self, predicate, timeout=None):
        end, result = None if timeout is None else _time() + timeout, predicate()
        while not result:
            left = None
            if end is not None:
                left = end - _time()
                if left <= 0:
                    break
            self.wait(left)
            result = predicate()
        return result

    def notify(self, n=1):
        if not self._is_owned():
            raise RuntimeError("cannot notify on un-acquired lock")
        while self._waiters and n > 0:
            self._waiters.pop(0).release()
            n -= 1

    def notify_all(self):
        self.notify(len(self._waiters))

    notifyAll = notify_all

    def __repr__(self):
        return f"<Condition({self._lock!r}, {len(self._waiters)})>"


class Semaphore:
    """A counter that waits where it would fall below zero."""

    def __init__(self, value=1):
        if value < 0:
            raise ValueError("semaphore initial value must be >= 0")
        self._cond, self._value = Condition(Lock()), value

    def acquire(self, blocking=True, timeout=None):
        if not blocking and timeout is not None:
            raise ValueError("can't specify timeout for non-blocking acquire")
        with self._cond:
            if self._value == 0 and (not blocking or not self._cond.wait_for(lambda: self._value > 0, timeout)):
                return False
            self._value -= 1
        return True

    def __enter__(self):
        return self.acquire()

    def release(self, n=1):
        if n < 1:
            raise ValueError("n must be one or more")
        with self._cond:
            self._value += n
            self._cond.notify(n)

    def __exit__(self, *args):
        self.release()


class BoundedSemaphore(Semaphore):
    """A semaphore that is not released more often than it is acquired."""

    def __init__(self, value=1):
        super().__init__(value)
        self._initial_value = value

    def release(self, n=1):
        if self._value + n > self._initial_value:
            raise ValueError("Semaphore released too many times")
        super().release(n)


class Event:
    """A flag that threads wait for."""

    def __init__(self):
        self._cond, self._flag = Condition(Lock()), False

    def is_set(self):
        return self._flag

    isSet = is_set

    def set(self):
        self._become(True)

    def clear(self):
        self._become(False)

    def _become(self, flag):
        with self._cond:
            self._flag = flag
            if flag:
                self._cond.notify_all()

    def wait(self, timeout=None):
        with self._cond:
            # One that waited was told, even where the flag is cleared again before its turn comes.
            return self._flag or self._cond.wait(timeout)

    def __repr__(self):
        return f"<threading.Event at {id(self):#x}: {'set' if self._flag else 'unset'}>"


class BrokenBarrierError(RuntimeError):
    """A barrier was reset or aborted."""


class Barrier:
    """Where so many threads wait for each other."""

    def __init__(self, parties, action=None, timeout=None):
        if parties < 1:
            raise ValueError("parties must be > 0")
        self.parties, self._action, self._timeout = parties, action, timeout
        self._cond, self._count, self._turn, self.broken = Condition(Lock()), 0, 0, False

    n_waiting = property(lambda self: self._count)

    def wait(self, timeout=None):
        timeout = self._timeout if timeout is None else timeout
        with self._cond:
            if self.broken:
                raise BrokenBarrierError
            index, turn = self._count, self._turn
            self._count += 1
            if self._count == self.parties:
                try:
                    if self._action is not None:
                        self._action()
                except BaseException:
                    self._break()
                    raise
                self._count, self._turn = 0, turn + 1
                self._cond.notify_all()
            elif not self._cond.wait_for(lambda: self._turn != turn or self.broken, timeout):
                self._break()
                raise BrokenBarrierError
            elif self.broken:
                raise BrokenBarrierError
            return index

    def _break(self):
        self.broken = True
        self._cond.notify_all()

    def reset(self):
        with self._cond:
            if self._count:
                self._break()
            self._count, self._turn, self.broken = 0, self._turn + 1, False

    def abort(self):
        with self._cond:
            self._break()


class ExceptHookArgs(tuple):
    """What excepthook is told: the exception and its thread."""

    def __new__(cls, args):
        return super().__new__(cls, args)

    exc_type, exc_value = property(lambda self: self[0]), property(lambda self: self[1])
    exc_traceback, thread = property(lambda self: self[2]), property(lambda self: self[3])


def excepthook(args, /):
    """Print the exception that ended a thread."""
    import sys
    import traceback

    if args.exc_type is SystemExit:
        return
    print(f"Exception in thread {args.thread.name if args.thread is not None else get_ident()}:", file=sys.stderr)
    traceback.print_exception(args.exc_type, args.exc_value, args.exc_traceback)


__excepthook__ = excepthook
_threads, _counter, _exits = {}, [0], []


class Thread:
    """A call that runs beside others."""

    _failed = False

    def __init__(self, group=None, target=None, name=None, args=(), kwargs=None, *, daemon=None):
        if group is not None:
            raise AssertionError("group argument must be None for now")
        _counter[0] += name is None
        self._target, self._args, self._kwargs = target, args, {} if kwargs is None else kwargs
        self._name = f"Thread-{_counter[0]}" + (f" ({target.__name__})" if hasattr(target, "__name__") else "") if name is None else str(name)
        self._daemonic = current_thread().daemon if daemon is None else bool(daemon)
        self._ident, self._initialized, self._began, self._over = None, True, False, Event()

    def run(self):
        target, args, kwargs = self._target, self._args, self._kwargs
        # The call is made once, and what it was given ends with it, not with the thread's object.
        del self._target, self._args, self._kwargs
        if target is not None:
            target(*args, **kwargs)

    def start(self):
        if not getattr(self, "_initialized", False):
            raise RuntimeError("thread.__init__() not called")
        if self._began:
            raise RuntimeError("threads can only be started once")
        self._began = True
        self._ident = _thread.start_new_thread(self._bootstrap, ())
        _threads[self._ident] = self

    def _bootstrap(self):
        try:
            self.run()
        except BaseException as e:
            self._failed = True
            excepthook(ExceptHookArgs((type(e), e, e.__traceback__, self)))
        finally:
            _threads.pop(self._ident, None)
            _locals.pop(self._ident, None)
            self._over.set()

    def join(self, timeout=None):
        if not getattr(self, "_initialized", False):
            raise RuntimeError("Thread.__init__() not called")
        if not self._began:
            raise RuntimeError("cannot join thread before it is started")
        if self is current_thread():
            raise RuntimeError("cannot join current thread")
        self._over.wait(None if timeout is None else max(timeout, 0))

    def is_alive(self):
        return self._began and not self._over.is_set()

    @property
    def name(self):
        return self._name

    @name.setter
    def name(self, name):
        self._name = str(name)

    @property
    def ident(self):
        return self._ident

    native_id = ident

    @property
    def daemon(self):
        return self._daemonic

    @daemon.setter
    def daemon(self, daemonic):
        if self._began:
            raise RuntimeError("cannot set daemon status of active thread")
        self._daemonic = daemonic

    def getName(self):
        return self.name

    def setName(self, name):
        self.name = name

    def isDaemon(self):
        return self.daemon

    def setDaemon(self, daemonic):
        self.daemon = daemonic

    def __repr__(self):
        status = "initial" if not self._began else "stopped" if self._over.is_set() else "started"
        return f"<{type(self).__name__}({self._name}, {status}{' daemon' if self._daemonic else ''}{'' if self._ident is None else f' {self._ident}'})>"


class _MainThread(Thread):
    def __init__(self):
        self._name, self._daemonic, self._ident, self._initialized, self._began, self._over = "MainThread", False, 1, True, True, Event()


class _DummyThread(Thread):
    """A thread that _thread started."""

    def __init__(self, ident):
        self._name, self._daemonic, self._ident, self._initialized, self._began, self._over = f"Dummy-{ident}", True, ident, True, True, Event()


_main = _MainThread()


def current_thread():
    """The thread that runs."""
    ident = get_ident()
    if ident == 1:
        return _main
    found = _threads.get(ident)
    if found is None:
        found = _threads[ident] = _DummyThread(ident)
    return found


currentThread = current_thread


def main_thread():
    """The thread of the script itself."""
    return _main


def enumerate():
    """The threads that are alive."""
    return [_main, *_threads.values()]


def active_count():
    """How many threads are alive."""
    return 1 + len(_threads)


activeCount = active_count


def stack_size(size=0):
    """0: stacks grow as they need."""
    return 0


def settrace(func):
    raise NotImplementedError("threading: settrace is not supported")


setprofile = settrace


class Timer(Thread):
    """A call after an interval, unless it is cancelled."""

    def __init__(self, interval, function, args=None, kwargs=None):
        super().__init__()
        self.interval, self.function, self.args, self.kwargs, self.finished = interval, function, args or [], kwargs or {}, Event()

    def run(self):
        cancelled = self.finished.wait(self.interval)
        if not cancelled:
            self.function(*self.args, **self.kwargs)
            self.finished.set()

    def cancel(self):
        self.finished.set()


_locals = {}


class local:
    """Attributes that each thread has its own of."""

    def __init__(self, *args, **kwargs):
        if (args or kwargs) and type(self).__init__ is local.__init__:
            raise TypeError("Initialization arguments are not supported")
        object.__setattr__(self, "_local_args", (args, kwargs))

    def _attributes(self):
        mine = _locals.setdefault(get_ident(), {})
        found = mine.get(id(self))
        if found is None:
            found = mine[id(self)] = ({}, self)
        return found[0]

    def __getattr__(self, name):
        if name.startswith("__") and name != "__dict__" or name == "_local_args":
            raise AttributeError(name)
        attributes = self._attributes()
        if name not in attributes:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return attributes[name]

    def __setattr__(self, name, value):
        self._attributes()[name] = value

    def __delattr__(self, name):
        attributes = self._attributes()
        if name not in attributes:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        del attributes[name]


def _register_atexit(func, *args, **kwargs):
    _exits.append((func, args, kwargs))


def _shutdown():
    """Wait for the threads that are no daemons, as the program ends."""
    while _exits:
        func, args, kwargs = _exits.pop()
        func(*args, **kwargs)
    for t in list(_threads.values()):
        if not t.daemon:
            t.join()
