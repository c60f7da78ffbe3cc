"""Waiting for connections: scripts have none."""

error = OSError
POLLIN, POLLPRI, POLLOUT, POLLERR, POLLHUP = 1, 2, 4, 8, 16


def select(rlist, wlist, xlist, timeout=None):
    raise PermissionError("select: scripts have no connections to wait for")


def poll():
    raise PermissionError("select: scripts have no connections to wait for")
