"""Limits of the dtypes."""

import numpy as np


class finfo:
    """The limits of a floating dtype."""

    def __init__(self, dtype):
        if not isinstance(dtype, (np.dtype, type, str)):
            dtype = np.asarray(dtype).dtype
        self.dtype = np.dtype(dtype)
        if self.dtype.kind == "c":
            self.dtype = np.dtype("float32" if self.dtype.itemsize == 8 else "float64")
        if self.dtype.kind != "f":
            raise ValueError(f"data type {self.dtype!r} not inexact")
        self.bits = self.dtype.itemsize * 8
        mantissa, exponent = {16: (10, 5), 32: (23, 8), 64: (52, 11)}[self.bits]
        one = self.dtype.type
        top = 2 ** (exponent - 1) - 1
        self.nmant, self.nexp = mantissa, exponent
        self.maxexp, self.minexp = top + 1, 1 - top
        self.eps = one(2.0**-mantissa)
        self.epsneg = one(2.0 ** -(mantissa + 1))
        self.max = one((2.0 - 2.0**-mantissa) * 2.0**top)
        self.min = -self.max
        self.tiny = self.smallest_normal = one(2.0 ** (1 - top))
        self.smallest_subnormal = one(2.0 ** (1 - top) * 2.0**-mantissa)
        self.precision = {16: 3, 32: 6, 64: 15}[self.bits]
        self.resolution = one(10.0**-self.precision)

    def __repr__(self):
        return f"finfo(resolution={self.resolution}, min={self.min}, max={self.max}, dtype={self.dtype})"


class iinfo:
    """The limits of an integer dtype."""

    def __init__(self, dtype):
        if not isinstance(dtype, (np.dtype, type, str)):
            dtype = np.asarray(dtype).dtype
        self.dtype = np.dtype(dtype)
        self.kind, self.bits = self.dtype.kind, self.dtype.itemsize * 8
        if self.kind not in "iu":
            raise ValueError(f"Invalid integer data type {self.kind!r}.")
        self.min = 0 if self.kind == "u" else -(2 ** (self.bits - 1))
        self.max = 2**self.bits - 1 if self.kind == "u" else 2 ** (self.bits - 1) - 1

    def __repr__(self):
        return f"iinfo(min={self.min}, max={self.max}, dtype={self.dtype})"
