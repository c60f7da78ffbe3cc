"""Optimizers whose steps adapt to the size of each gradient."""

import mlx.core as mx
from mlx.optimizers.base import _check, _check_betas, _Rule


class RMSprop(_Rule):
    """Divides gradients by the root of an average of their squares (Tieleman and
    Hinton 2012, Lecture 6.5)."""

    _kept = ("v",)

    def __init__(self, learning_rate, alpha=0.99, eps=1e-8):
        _check("RMSprop", "alpha", alpha, alpha >= 0, ">=0")
        _check("RMSprop", "epsilon", eps, eps > 0, ">0")
        super().__init__(learning_rate, alpha=alpha, eps=eps)

    def apply_single(self, gradient, parameter, state):
        """One parameter after a step."""
        v = self._averaged(state, "v", mx.square(gradient), self.alpha)
        return parameter - self._rate(gradient) * gradient / (mx.sqrt(v) + self.eps)


class Adagrad(_Rule):
    """Divides gradients by the root of the sum of their squares (Duchi et al. 2011,
    Adaptive Subgradient Methods)."""

    _kept = ("v",)

    def __init__(self, learning_rate, eps=1e-8):
        _check("Adagrad", "epsilon", eps, eps > 0, ">0")
        super().__init__(learning_rate, eps=eps)

    def apply_single(self, gradient, parameter, state):
        """One parameter after a step."""
        state["v"] = state["v"] + mx.square(gradient)
        return parameter - self._rate(gradient) * gradient / (mx.sqrt(state["v"]) + self.eps)


class AdaDelta(_Rule):
    """Scales gradients by the ratio of the averages of steps and of gradients
    (Zeiler 2012, ADADELTA): v averages the squares of gradients, u of steps."""

    _kept = ("v", "u")

    def __init__(self, learning_rate, rho=0.9, eps=1e-6):
        _check("AdaDelta", "rho", rho, rho >= 0, ">=0")
        _check("AdaDelta", "epsilon", eps, eps > 0, ">0")
        super().__init__(learning_rate, rho=rho, eps=eps)

    def apply_single(self, gradient, parameter, state):
        """One parameter after a step."""
        v = self._averaged(state, "v", mx.square(gradient), self.rho)
        step = mx.sqrt(state["u"] + self.eps) / mx.sqrt(v + self.eps) * gradient
        self._averaged(state, "u", mx.square(step), self.rho)
        return parameter - self._rate(gradient) * step


class Adam(_Rule):
    """Averages of gradients, m, and of their squares, v (Kingma and Ba 2015, Adam);
    whether they are corrected for their start at zero is bias_correction."""

    _kept = ("m", "v")

    def __init__(self, learning_rate, betas=[0.9, 0.999], eps=1e-8, bias_correction=False):
        _check_betas("Adam", betas)
        _check("Adam", "epsilon", eps, eps >= 0, ">=0")
        super().__init__(learning_rate, betas=betas, eps=eps, bias_correction=bias_correction)

    def apply_single(self, gradient, parameter, state):
        """One parameter after a step."""
        b1, b2 = self.betas
        rate = self._rate(gradient)
        m = self._averaged(state, "m", gradient, b1)
        v = self._averaged(state, "v", mx.square(gradient), b2)
        if not self.bias_correction:
            return parameter - rate * m / (mx.sqrt(v) + self.eps)
        scale = (rate / (1 - b1**self.step)).astype(gradient.dtype)
        root = mx.rsqrt(1 - b2**self.step).astype(gradient.dtype)
        return parameter - scale * m / (mx.sqrt(v) * root + self.eps)


class AdamW(Adam):
    """Adam, and a decay of the weights that does not pass through the averages
    (Loshchilov and Hutter 2019, Decoupled Weight Decay Regularization)."""

    def __init__(self, learning_rate, betas=[0.9, 0.999], eps=1e-8, weight_decay=0.01, bias_correction=False):
        super().__init__(learning_rate, betas, eps, bias_correction)
        self.weight_decay = weight_decay

    def apply_single(self, gradient, parameter, state):
        """One parameter after a step."""
        decayed = parameter * self._once("kept", gradient, self._kept_weight)
        return super().apply_single(gradient, decayed, state)

    def _kept_weight(self, dtype):
        """What a step leaves of a weight."""
        return 1 - self.learning_rate.astype(dtype) * self.weight_decay


class Adamax(Adam):
    """Adam with the greatest gradient, which fades, in the place of the root of squares."""

    def __init__(self, learning_rate, betas=[0.9, 0.999], eps=1e-8):
        super().__init__(learning_rate, betas, eps)

    def apply_single(self, gradient, parameter, state):
        """One parameter after a step."""
        b1, b2 = self.betas
        m = self._averaged(state, "m", gradient, b1)
        v = state["v"] = mx.maximum(b2 * state["v"], mx.abs(gradient))
        return parameter - self._rate(gradient) * m / (v + self.eps)
