"""Optimizers whose steps adapt to the size of each gradient."""

import mlx.core as mx
from mlx.optimizers.base import Optimizer


def _check(optimizer, what, value, accepted, bound):
    if not accepted:
        raise ValueError(f"{optimizer} {what} should be {bound}, {value} was provided instead")


class RMSprop(Optimizer):
    """Divides gradients by the root of an average of their squares."""

    def __init__(self, learning_rate, alpha=0.99, eps=1e-8):
        super().__init__()
        _check("RMSprop", "alpha", alpha, alpha >= 0, ">=0")
        _check("RMSprop", "epsilon", eps, eps > 0, ">0")
        self._maybe_schedule("learning_rate", learning_rate)
        self.alpha = alpha
        self.eps = eps

    def init_single(self, parameter, state):
        """The average v."""
        state["v"] = mx.zeros_like(parameter)

    def apply_single(self, gradient, parameter, state):
        """One parameter after a step."""
        rate = self.learning_rate.astype(gradient.dtype)
        v = self.alpha * state["v"] + (1 - self.alpha) * mx.square(gradient)
        state["v"] = v
        return parameter - rate * gradient / (mx.sqrt(v) + self.eps)


class Adagrad(Optimizer):
    """Divides gradients by the root of the sum of their squares."""

    def __init__(self, learning_rate, eps=1e-8):
        super().__init__()
        _check("Adagrad", "epsilon", eps, eps > 0, ">0")
        self._maybe_schedule("learning_rate", learning_rate)
        self.eps = eps

    def init_single(self, parameter, state):
        """The sum v."""
        state["v"] = mx.zeros_like(parameter)

    def apply_single(self, gradient, parameter, state):
        """One parameter after a step."""
        rate = self.learning_rate.astype(gradient.dtype)
        v = state["v"] + mx.square(gradient)
        state["v"] = v
        return parameter - rate * gradient / (mx.sqrt(v) + self.eps)


class AdaDelta(Optimizer):
    """Scales gradients by the ratio of the averages of steps and of gradients."""

    def __init__(self, learning_rate, rho=0.9, eps=1e-6):
        super().__init__()
        _check("AdaDelta", "rho", rho, rho >= 0, ">=0")
        _check("AdaDelta", "epsilon", eps, eps > 0, ">0")
        self._maybe_schedule("learning_rate", learning_rate)
        self.rho = rho
        self.eps = eps

    def init_single(self, parameter, state):
        """The averages of squares: v of gradients, u of steps."""
        state["v"] = mx.zeros_like(parameter)
        state["u"] = mx.zeros_like(parameter)

    def apply_single(self, gradient, parameter, state):
        """One parameter after a step."""
        rate = self.learning_rate.astype(gradient.dtype)
        u = state["u"]
        v = self.rho * state["v"] + (1 - self.rho) * mx.square(gradient)
        step = mx.sqrt(u + self.eps) / mx.sqrt(v + self.eps) * gradient
        state["v"] = v
        state["u"] = self.rho * u + (1 - self.rho) * mx.square(step)
        return parameter - rate * step


class Adam(Optimizer):
    """Averages of gradients and of their squares; whether they are corrected for
    their start at zero is bias_correction."""

    def __init__(self, learning_rate, betas=[0.9, 0.999], eps=1e-8, bias_correction=False):
        super().__init__()
        self._maybe_schedule("learning_rate", learning_rate)
        self.betas = betas
        self.eps = eps
        self.bias_correction = bias_correction

    def init_single(self, parameter, state):
        """The averages: m of gradients, v of squares."""
        state["m"] = mx.zeros_like(parameter)
        state["v"] = mx.zeros_like(parameter)

    def apply_single(self, gradient, parameter, state):
        """One parameter after a step."""
        rate = self.learning_rate.astype(gradient.dtype)
        b1, b2 = self.betas
        m = b1 * state["m"] + (1 - b1) * gradient
        v = b2 * state["v"] + (1 - b2) * mx.square(gradient)
        state["m"] = m
        state["v"] = v
        if not self.bias_correction:
            return parameter - rate * m / (mx.sqrt(v) + self.eps)
        scale = (rate / (1 - b1**self.step)).astype(gradient.dtype)
        root = mx.rsqrt(1 - b2**self.step).astype(gradient.dtype)
        return parameter - scale * m / (mx.sqrt(v) * root + self.eps)


class AdamW(Adam):
    """Adam, and a decay of the weights that does not pass through the averages."""

    def __init__(self, learning_rate, betas=[0.9, 0.999], eps=1e-8, weight_decay=0.01, bias_correction=False):
        super().__init__(learning_rate, betas, eps, bias_correction)
        self.weight_decay = weight_decay

    def apply_single(self, gradient, parameter, state):
        """One parameter after a step."""
        rate = self.learning_rate.astype(gradient.dtype)
        return super().apply_single(gradient, parameter * (1 - rate * self.weight_decay), state)


class Adamax(Adam):
    """Adam with the greatest gradient, which fades, in the place of the root of squares."""

    def __init__(self, learning_rate, betas=[0.9, 0.999], eps=1e-8):
        super().__init__(learning_rate, betas, eps)
        _check("Adam", "epsilon", eps, eps >= 0, ">=0")

    def apply_single(self, gradient, parameter, state):
        """One parameter after a step."""
        rate = self.learning_rate.astype(gradient.dtype)
        b1, b2 = self.betas
        m = b1 * state["m"] + (1 - b1) * gradient
        v = mx.maximum(b2 * state["v"], mx.abs(gradient))
        state["m"] = m
        state["v"] = v
        return parameter - rate * m / (v + self.eps)
