"""Initialisers: functions of an array that give new values for its shape."""

import math

import mlx.core as mx


def constant(value, dtype=mx.float32):
    """One value everywhere."""
    return lambda a: mx.full(a.shape, value, dtype=dtype)


def normal(mean=0.0, std=1.0, dtype=mx.float32):
    """Draws of a normal distribution."""
    return lambda a: mx.random.normal(shape=a.shape, scale=std, loc=mean, dtype=dtype)


def uniform(low=0.0, high=1.0, dtype=mx.float32):
    """Draws of a uniform distribution."""
    return lambda a: mx.random.uniform(low, high, a.shape, dtype=dtype)


def identity(dtype=mx.float32):
    """The identity matrix."""

    def initializer(a):
        if a.ndim != 2 or a.shape[0] != a.shape[1]:
            raise ValueError(f"The input array must be a square matrix but got shape {a.shape}.")
        return mx.eye(a.shape[0], dtype=dtype)

    return initializer


def _fans(a):
    """The number of inputs that reach an output, and the other way round."""
    if a.ndim < 2:
        raise ValueError(
            "Glorot / He initialization requires at least 2 dimensional input but input "
            f"with {a.ndim} dimensions."
        )
    window = math.prod(a.shape[1:-1])
    return a.shape[-1] * window, a.shape[0] * window


def _fan(a, mode):
    fans = dict(zip(("fan_in", "fan_out"), _fans(a)))
    if mode not in fans:
        raise ValueError(f"Invalid mode: {mode}. Valid modes are: fan_in, fan_out")
    return fans[mode]


def glorot_normal(dtype=mx.float32):
    """Normal draws of variance 2 gain^2 / (fan_in + fan_out)."""

    def initializer(a, gain=1.0):
        std = gain * math.sqrt(2.0 / sum(_fans(a)))
        return mx.random.normal(shape=a.shape, scale=std, dtype=dtype)

    return initializer


def glorot_uniform(dtype=mx.float32):
    """Uniform draws of variance 2 gain^2 / (fan_in + fan_out)."""

    def initializer(a, gain=1.0):
        bound = gain * math.sqrt(6.0 / sum(_fans(a)))
        return mx.random.uniform(-bound, bound, a.shape, dtype=dtype)

    return initializer


def he_normal(dtype=mx.float32):
    """Normal draws of variance gain^2 / fan."""

    def initializer(a, mode="fan_in", gain=1.0):
        return mx.random.normal(shape=a.shape, scale=gain / math.sqrt(_fan(a, mode)), dtype=dtype)

    return initializer


def he_uniform(dtype=mx.float32):
    """Uniform draws of variance gain^2 / fan."""

    def initializer(a, mode="fan_in", gain=1.0):
        bound = gain * math.sqrt(3.0 / _fan(a, mode))
        return mx.random.uniform(-bound, bound, a.shape, dtype=dtype)

    return initializer


def sparse(sparsity, mean=0.0, std=1.0, dtype=mx.float32):
    """Normal draws, and in every row a part of zeros at random."""

    def initializer(a):
        if a.ndim != 2:
            raise ValueError("Only tensors with 2 dimensions are supported")
        rows, columns = a.shape
        zeros = math.ceil(sparsity * columns)
        order = mx.argsort(mx.random.uniform(shape=a.shape), axis=1)
        values = mx.random.normal(shape=a.shape, scale=std, loc=mean, dtype=dtype)
        values[mx.arange(rows).reshape(rows, 1), order[:, :zeros]] = 0
        return values

    return initializer


def orthogonal(gain=1.0, dtype=mx.float32):
    """A matrix whose rows or columns are orthogonal, of length gain."""

    def initializer(a):
        if a.ndim != 2:
            raise ValueError(f"Orthogonal initialization requires a 2D array but got a {a.ndim}D array.")
        rows, columns = a.shape
        n = max(rows, columns)
        q, r = mx.linalg.qr(mx.random.normal(shape=(n, n)), stream=mx.cpu)
        q = q * mx.sign(mx.diag(r))
        return (gain * q[:rows, :columns]).astype(dtype)

    return initializer
