"""Signals: an interrupt raises KeyboardInterrupt in the script; handlers are remembered and not called."""

from enum import IntEnum as _IntEnum


class Signals(_IntEnum):
    """The numbers of signals."""

    SIGHUP = 1
    SIGINT = 2
    SIGQUIT = 3
    SIGILL = 4
    SIGTRAP = 5
    SIGABRT = 6
    SIGBUS = 7
    SIGFPE = 8
    SIGKILL = 9
    SIGUSR1 = 10
    SIGSEGV = 11
    SIGUSR2 = 12
    SIGPIPE = 13
    SIGALRM = 14
    SIGTERM = 15
    SIGCHLD = 17
    SIGCONT = 18
    SIGSTOP = 19
    SIGTSTP = 20


class Handlers(_IntEnum):
    SIG_DFL = 0
    SIG_IGN = 1


for _s in Signals:
    globals()[_s.name] = _s
del _s
SIG_DFL, SIG_IGN = Handlers.SIG_DFL, Handlers.SIG_IGN


def default_int_handler(signalnum, frame):
    """Raise KeyboardInterrupt, which is what an interrupt does."""
    raise KeyboardInterrupt


_handlers = {SIGINT: default_int_handler}


def signal(signalnum, handler, /):
    """Remember a handler, and give the last one."""
    if not callable(handler) and handler not in (SIG_DFL, SIG_IGN):
        raise TypeError("signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object")
    last = getsignal(signalnum)
    _handlers[signalnum] = handler
    return last


def getsignal(signalnum, /):
    return _handlers.get(signalnum, SIG_DFL)


def raise_signal(signalnum, /):
    """Call the handler of a signal."""
    handler = getsignal(signalnum)
    if callable(handler) and not isinstance(handler, Handlers):
        handler(int(signalnum), None)


def alarm(seconds, /):
    raise NotImplementedError("signal: alarms are not supported; --time-limit bounds a script")


def strsignal(signalnum, /):
    return {1: "Hangup", 2: "Interrupt", 9: "Killed", 15: "Terminated"}.get(int(signalnum))


def valid_signals():
    return set(Signals)


def siginterrupt(signalnum, flag, /):
    pass
