"""What is done on errors, and how arrays are printed."""

import numpy as np


class errstate:
    """Floating-point errors make no warnings here: accepted, and without effect."""

    def __init__(self, **kwargs):
        self.kwargs = kwargs

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return False

    def __call__(self, fn):
        return fn


def seterr(all=None, divide=None, over=None, under=None, invalid=None):
    """Floating-point errors make no warnings here: accepted, and without effect."""
    return geterr()


def geterr():
    """How floating-point errors are treated: they are ignored."""
    return {"divide": "ignore", "over": "ignore", "under": "ignore", "invalid": "ignore"}


class printoptions:
    """Print options within a with statement."""

    def __init__(self, **options):
        self.options = options

    def __enter__(self):
        self.before = np.get_printoptions()
        np.set_printoptions(**self.options)
        return np.get_printoptions()

    def __exit__(self, *args):
        np.set_printoptions(**self.before)
        return False
