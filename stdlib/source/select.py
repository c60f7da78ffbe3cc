"""Waiting for connections."""

from socket import _wait

error = OSError
POLLIN, POLLPRI, POLLOUT, POLLERR, POLLHUP = 1, 2, 4, 8, 16


def select(rlist, wlist, xlist, timeout=None):
    """Those that can be read, and those that can be written, which is all. What listens always can: accept waits."""
    for x in [*rlist, *wlist]:
        if not hasattr(x, "_wire"):
            raise TypeError(f"select: got {type(x).__name__}, want sockets")
    if wlist:
        return _wait(rlist, 0), list(wlist), []
    return _wait(rlist, timeout), [], []


def poll():
    raise NotImplementedError("select: poll is not supported; select is")
