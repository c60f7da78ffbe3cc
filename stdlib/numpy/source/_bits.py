"""Bits of bytes as arrays."""

import numpy as np


def _weights(bitorder):
    if bitorder not in ("big", "little"):
        raise ValueError("'bitorder' must be either 'little' or 'big'")
    return np.arange(7, -1, -1) if bitorder == "big" else np.arange(8)


def packbits(a, /, axis=None, bitorder="big"):
    """Bits, eight to a byte, the last byte filled up with zeros."""
    a = np.asarray(a)
    if a.dtype.kind not in "biu":
        raise TypeError("Expected an input array of integer or boolean data type")
    shift = _weights(bitorder)
    if axis is None:
        a, axis = a.ravel(), 0
    bits = np.moveaxis(a != 0, axis, -1)
    n = bits.shape[-1]
    wide = np.zeros(bits.shape[:-1] + ((n + 7) // 8 * 8,), np.int64)
    wide[..., :n] = bits
    packed = np.sum(wide.reshape(bits.shape[:-1] + (-1, 8)) << shift, axis=-1)
    return np.moveaxis(packed.astype(np.uint8), -1, axis)


def unpackbits(a, /, axis=None, count=None, bitorder="big"):
    """The bits of bytes."""
    a = np.asarray(a)
    if a.dtype != np.uint8:
        raise TypeError("Expected an input array of unsigned byte data type")
    shift = _weights(bitorder)
    if axis is None:
        a, axis = a.ravel(), 0
    moved = np.moveaxis(a, axis, -1)
    bits = (moved[..., None].astype(np.int64) >> shift & 1).astype(np.uint8)
    bits = bits.reshape(moved.shape[:-1] + (moved.shape[-1] * 8,))
    if count is not None:
        n = bits.shape[-1]
        if count > n:
            more = np.zeros(bits.shape[:-1] + (count - n,), np.uint8)
            bits = np.concatenate([bits, more], -1)
        elif count < -n:
            raise ValueError(f"-count larger than number of elements: {-count} > {n}")
        else:
            bits = bits[..., :count]
    return np.moveaxis(bits, -1, axis)
