"""Browsers, which scripts do not start."""

__all__ = ["Error", "get", "open", "open_new", "open_new_tab", "register"]


class Error(Exception):
    """There is no browser."""


def get(using=None):
    raise Error("could not locate runnable browser: scripts start no processes")


def register(name, klass, instance=None, *, preferred=False):
    pass


def open(url, new=0, autoraise=True):
    """Whether a browser was started: it never is."""
    return False


def open_new(url):
    return open(url, 1)


def open_new_tab(url):
    return open(url, 2)
