"""Giving a result into the array that the caller wants it in."""

import numpy as np


def _into(y, out):
    if out is None:
        return y
    out[...] = y
    return out
