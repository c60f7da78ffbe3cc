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


def _within(fan, *shape):
    """Uniform draws of variance 1 / (3 fan): what layers begin with."""
    bound = math.sqrt(1 / fan)
    return mx.random.uniform(-bound, bound, shape)


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


def _normal(shape, std, dtype):
    return mx.random.normal(shape=shape, scale=std, dtype=dtype)


def _uniform(shape, std, dtype):
    bound = math.sqrt(3.0) * std
    return mx.random.uniform(-bound, bound, shape, dtype=dtype)


def _glorot(draw, dtype):
    return lambda a, gain=1.0: draw(a.shape, gain * math.sqrt(2.0 / sum(_fans(a))), dtype)


def _he(draw, dtype):
    return lambda a, mode="fan_in", gain=1.0: draw(a.shape, gain / math.sqrt(_fan(a, mode)), dtype)


def glorot_normal(dtype=mx.float32):
    """Normal draws of variance 2 gain^2 / (fan_in + fan_out) (Glorot and Bengio 2010,
    Understanding the difficulty of training deep feedforward neural networks)."""
    return _glorot(_normal, dtype)


def glorot_uniform(dtype=mx.float32):
    """Uniform draws of variance 2 gain^2 / (fan_in + fan_out)."""
    return _glorot(_uniform, dtype)


def he_normal(dtype=mx.float32):
    """Normal draws of variance gain^2 / fan (He et al. 2015, Delving Deep into Rectifiers)."""
    return _he(_normal, dtype)


def he_uniform(dtype=mx.float32):
    """Uniform draws of variance gain^2 / fan."""
    return _he(_uniform, dtype)


def _of_matrices(refusal, make):
    """An initialiser of arrays of two axes: make(rows, columns)."""

    def initializer(a):
        if a.ndim != 2:
            raise ValueError(refusal.format(a.ndim))
        return make(*a.shape)

    return initializer


def sparse(sparsity, mean=0.0, std=1.0, dtype=mx.float32):
    """Normal draws, and in every row a part of zeros at random."""

    def make(rows, columns):
        order = mx.argsort(mx.random.uniform(shape=(rows, columns)), axis=1)
        values = mx.random.normal((rows, columns), dtype, mean, std)
        return mx.put_along_axis(values, order[:, : math.ceil(sparsity * columns)], mx.array(0, dtype), axis=1)

    return _of_matrices("Only tensors with 2 dimensions are supported", make)


def orthogonal(gain=1.0, dtype=mx.float32):
    """A matrix whose rows or columns are orthogonal, of length gain: the Q of normal
    draws, with the signs that make it uniform (Mezzadri 2007, How to Generate Random
    Matrices from the Classical Compact Groups)."""

    def make(rows, columns):
        size = max(rows, columns)
        q, r = mx.linalg.qr(mx.random.normal((size, size)), stream=mx.cpu)
        signed = q * mx.sign(mx.diag(r))
        return (gain * signed[:rows, :columns]).astype(dtype)

    return _of_matrices("Orthogonal initialization requires a 2D array but got a {}D array.", make)
