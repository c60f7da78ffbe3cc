"""Activations: functions of an array, and modules that apply them."""

import math

import mlx.core as mx
from mlx.nn.layers.base import Module


def sigmoid(x):
    """1 / (1 + exp(-x))."""
    return mx.sigmoid(x)


def relu(x):
    """max(x, 0)."""
    return mx.maximum(x, 0)


def relu2(x):
    """The square of relu."""
    return mx.square(mx.maximum(x, 0))


def relu6(x):
    """relu that does not exceed 6."""
    return mx.minimum(mx.maximum(x, 0), 6.0)


def softmax(x, axis=-1):
    """exp(x), normalised to the sum 1 along the axis."""
    return mx.softmax(x, axis=axis)


def softmin(x, axis=-1):
    """softmax of -x."""
    return mx.softmax(-x, axis=axis)


def log_softmax(x, axis=-1):
    """The logarithm of softmax."""
    return x - mx.logsumexp(x, axis=axis, keepdims=True)


def leaky_relu(x, negative_slope=0.01):
    """x, times the slope where it is negative."""
    return mx.maximum(negative_slope * x, x)


def elu(x, alpha=1.0):
    """x where it is positive, alpha (exp(x) - 1) elsewhere."""
    return mx.where(x > 0, x, alpha * (mx.exp(x) - 1))


def celu(x, alpha=1.0):
    """max(x, 0) + alpha (exp(min(x, 0) / alpha) - 1)."""
    return mx.maximum(x, 0.0) + alpha * (mx.exp(mx.minimum(x, 0.0) / alpha) - 1)


def selu(x):
    """The elu that keeps mean 0 and variance 1."""
    return 1.0507 * elu(x, 1.67326)


def silu(x):
    """x sigmoid(x)."""
    return x * mx.sigmoid(x)


def softplus(x):
    """log(1 + exp(x))."""
    return mx.logaddexp(x, 0)


def log_sigmoid(x):
    """The logarithm of sigmoid."""
    return -softplus(-x)


def softsign(x):
    """x / (1 + |x|)."""
    return mx.divide(x, 1 + mx.abs(x))


def softshrink(x, lambd=0.5):
    """x moved towards 0 by lambd, as far as 0."""
    return mx.where(mx.abs(x) > lambd, x - mx.sign(x) * lambd, 0)


def hard_shrink(x, lambd=0.5):
    """x where its magnitude exceeds lambd, else 0."""
    return mx.where(mx.abs(x) > lambd, x, 0)


def hard_tanh(x, min_val=-1.0, max_val=1.0):
    """x within bounds."""
    return mx.minimum(mx.maximum(x, min_val), max_val)


def hardswish(x):
    """x relu6(x + 3) / 6."""
    return x * mx.minimum(mx.maximum(x + 3, 0), 6) / 6


def mish(x):
    """x tanh(softplus(x))."""
    return x * mx.tanh(softplus(x))


def gelu(x):
    """x times the standard normal distribution function of x."""
    return x * (1 + mx.erf(x / math.sqrt(2))) / 2


def gelu_approx(x):
    """gelu by tanh, to about 5e-4."""
    return 0.5 * x * (1 + mx.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def gelu_fast_approx(x):
    """gelu by sigmoid, to about 0.015."""
    return x * mx.sigmoid(1.702 * x)


def glu(x, axis=-1):
    """The first half of x times the sigmoid of the second."""
    a, b = mx.split(x, 2, axis=axis)
    return a * mx.sigmoid(b)


def step(x, threshold=0.0):
    """0 where x is below the threshold, else 1."""
    return mx.where(x >= threshold, 1, 0)


def prelu(x, alpha):
    """x, times alpha where it is negative."""
    return mx.maximum(0, x) + alpha * mx.minimum(0, x)


def tanh(x):
    """The hyperbolic tangent."""
    return mx.tanh(x)


class Sigmoid(Module):
    """The function sigmoid."""

    def __call__(self, x):
        return sigmoid(x)


class Mish(Module):
    """The function mish."""

    def __call__(self, x):
        return mish(x)


class ReLU(Module):
    """The function relu."""

    def __call__(self, x):
        return relu(x)


class ReLU2(Module):
    """The function relu2."""

    def __call__(self, x):
        return relu2(x)


class ReLU6(Module):
    """The function relu6."""

    def __call__(self, x):
        return relu6(x)


class Softmax(Module):
    """The function softmax, along the last axis."""

    def __call__(self, x):
        return softmax(x)


class Softmin(Module):
    """The function softmin, along the last axis."""

    def __call__(self, x):
        return softmin(x)


class LogSoftmax(Module):
    """The function log_softmax, along the last axis."""

    def __call__(self, x):
        return log_softmax(x)


class SiLU(Module):
    """The function silu."""

    def __call__(self, x):
        return silu(x)


class Softplus(Module):
    """The function softplus."""

    def __call__(self, x):
        return softplus(x)


class LogSigmoid(Module):
    """The function log_sigmoid."""

    def __call__(self, x):
        return log_sigmoid(x)


class Softsign(Module):
    """The function softsign."""

    def __call__(self, x):
        return softsign(x)


class HardTanh(Module):
    """The function hard_tanh, between -1 and 1."""

    def __call__(self, x):
        return hard_tanh(x)


class Hardswish(Module):
    """The function hardswish."""

    def __call__(self, x):
        return hardswish(x)


class SELU(Module):
    """The function selu."""

    def __call__(self, x):
        return selu(x)


class Tanh(Module):
    """The function tanh."""

    def __call__(self, x):
        return tanh(x)


class GLU(Module):
    """The function glu."""

    def __init__(self, axis=-1):
        super().__init__()
        self.axis = axis

    def __call__(self, x):
        return glu(x, axis=self.axis)


class LeakyReLU(Module):
    """The function leaky_relu."""

    def __init__(self, negative_slope=0.01):
        super().__init__()
        self._negative_slope = negative_slope

    def __call__(self, x):
        return leaky_relu(x, self._negative_slope)


class ELU(Module):
    """The function elu."""

    def __init__(self, alpha=1.0):
        super().__init__()
        self._alpha = alpha

    def __call__(self, x):
        return elu(x, self._alpha)


class CELU(Module):
    """The function celu."""

    def __init__(self, alpha=1.0):
        super().__init__()
        self._alpha = alpha

    def __call__(self, x):
        return celu(x, self._alpha)


class Softshrink(Module):
    """The function softshrink."""

    def __init__(self, lambd=0.5):
        super().__init__()
        self.lambd = lambd

    def __call__(self, x):
        return softshrink(x, self.lambd)


class HardShrink(Module):
    """The function hard_shrink."""

    def __init__(self, lambd=0.5):
        super().__init__()
        self.lambd = lambd

    def __call__(self, x):
        return hard_shrink(x, self.lambd)


class Step(Module):
    """The function step."""

    def __init__(self, threshold=0.0):
        super().__init__()
        self.threshold = threshold

    def __call__(self, x):
        return step(x, self.threshold)


class PReLU(Module):
    """The function prelu, with a slope that is learnt."""

    def __init__(self, num_parameters=1, init=0.25):
        super().__init__()
        self.weight = mx.full([num_parameters], init)

    def __call__(self, x):
        return prelu(x, self.weight)


class GELU(Module):
    """The function gelu: exact ('none'), by tanh ('precise', 'tanh') or by sigmoid ('fast')."""

    def __init__(self, approx="none"):
        super().__init__()
        forms = {"none": gelu, "precise": gelu_approx, "tanh": gelu_approx, "fast": gelu_fast_approx}
        if approx not in forms:
            raise ValueError(f"The approximation should be in {list(forms)} but '{approx}' was given")
        self._approx = approx
        self._act = forms[approx]

    def __call__(self, x):
        return self._act(x)
