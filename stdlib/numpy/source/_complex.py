"""Parts of complex numbers."""

import numpy as np


def iscomplexobj(x):
    """Whether the dtype is complex."""
    return np.asarray(x).dtype.kind == "c"


def isrealobj(x):
    """Whether the dtype is not complex."""
    return not iscomplexobj(x)


def isreal(x):
    """Whether elements have no imaginary part."""
    return np.asarray(x).imag == 0


def iscomplex(x):
    """Whether elements have an imaginary part."""
    return np.asarray(x).imag != 0


def real_if_close(a, tol=100):
    """The real parts, where no imaginary part is further from 0 than tol: epsilons, or a number where it is at most 1."""
    a = np.asarray(a)
    if a.dtype.kind != "c":
        return a
    if tol > 1:
        tol = np.finfo(a.dtype).eps * tol
    return a.real if np.all(np.abs(a.imag) < tol) else a


def real(val):
    """The real parts."""
    return np.asarray(val).real


def imag(val):
    """The imaginary parts."""
    return np.asarray(val).imag


def angle(z, deg=False):
    """The angles of complex numbers."""
    z = np.asarray(z)
    a = np.arctan2(z.imag if z.dtype.kind == "c" else 0, z.real)
    return a * (180 / np.pi) if deg else a
