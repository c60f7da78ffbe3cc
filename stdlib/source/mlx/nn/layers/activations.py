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
    # Below its greatest x the normalizer is small: beside a large x it would be rounded away.
    x = x - mx.stop_gradient(mx.max(x, axis=axis, keepdims=True))
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


def _layer(name, function):
    """A module without parameters that applies a function to its argument."""
    return type(name, (Module,), {
        "__module__": __name__,
        "__doc__": f"The function {function.__name__}.",
        "__call__": lambda self, x: function(x),
    })


Sigmoid = _layer("Sigmoid", sigmoid)
Mish = _layer("Mish", mish)
ReLU = _layer("ReLU", relu)
ReLU2 = _layer("ReLU2", relu2)
ReLU6 = _layer("ReLU6", relu6)
Softmax = _layer("Softmax", softmax)
Softmin = _layer("Softmin", softmin)
LogSoftmax = _layer("LogSoftmax", log_softmax)
SiLU = _layer("SiLU", silu)
Softplus = _layer("Softplus", softplus)
LogSigmoid = _layer("LogSigmoid", log_sigmoid)
Softsign = _layer("Softsign", softsign)
HardTanh = _layer("HardTanh", hard_tanh)
Hardswish = _layer("Hardswish", hardswish)
SELU = _layer("SELU", selu)
Tanh = _layer("Tanh", tanh)


class _Parametric(Module):
    """A function of an array and a number, which an attribute holds."""

    _attribute = _function = None

    def __init__(self, value):
        super().__init__()
        setattr(self, self._attribute, value)

    def __call__(self, x):
        return self._function(x, getattr(self, self._attribute))


class GLU(_Parametric):
    """The function glu."""

    _attribute, _function = "axis", staticmethod(glu)

    def __init__(self, axis=-1):
        super().__init__(axis)


class LeakyReLU(_Parametric):
    """The function leaky_relu."""

    _attribute, _function = "_negative_slope", staticmethod(leaky_relu)

    def __init__(self, negative_slope=0.01):
        super().__init__(negative_slope)


class ELU(_Parametric):
    """The function elu."""

    _attribute, _function = "_alpha", staticmethod(elu)

    def __init__(self, alpha=1.0):
        super().__init__(alpha)


class CELU(_Parametric):
    """The function celu."""

    _attribute, _function = "_alpha", staticmethod(celu)

    def __init__(self, alpha=1.0):
        super().__init__(alpha)


class Softshrink(_Parametric):
    """The function softshrink."""

    _attribute, _function = "lambd", staticmethod(softshrink)

    def __init__(self, lambd=0.5):
        super().__init__(lambd)


class HardShrink(_Parametric):
    """The function hard_shrink."""

    _attribute, _function = "lambd", staticmethod(hard_shrink)

    def __init__(self, lambd=0.5):
        super().__init__(lambd)


class Step(_Parametric):
    """The function step."""

    _attribute, _function = "threshold", staticmethod(step)

    def __init__(self, threshold=0.0):
        super().__init__(threshold)


class PReLU(Module):
    """The function prelu, with a slope that is learnt."""

    def __init__(self, num_parameters=1, init=0.25):
        super().__init__()
        self.weight = mx.full((num_parameters,), init)

    def __call__(self, x):
        return prelu(x, self["weight"])


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
