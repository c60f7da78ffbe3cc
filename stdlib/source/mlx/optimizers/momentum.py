"""Optimizers that follow an average of the gradients."""

import mlx.core as mx
from mlx.optimizers.base import Optimizer


class SGD(Optimizer):
    """Stochastic gradient descent, with momentum, dampening of it, and weight decay."""

    def __init__(self, learning_rate, momentum=0.0, weight_decay=0.0, dampening=0.0, nesterov=False):
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening.")
        super().__init__()
        self._maybe_schedule("learning_rate", learning_rate)
        self.momentum = momentum
        self.weight_decay = weight_decay
        self.dampening = dampening
        self.nesterov = nesterov

    def init_single(self, parameter, state):
        """The velocity v."""
        state["v"] = mx.zeros_like(parameter)

    def apply_single(self, gradient, parameter, state):
        """One parameter after a step."""
        if self.weight_decay != 0:
            gradient = gradient + self.weight_decay * parameter
        rate = self.learning_rate.astype(gradient.dtype)
        if self.momentum <= 0:
            return parameter - rate * gradient
        v = self.momentum * state["v"]
        if self.dampening > 0:
            v = v + (1 - self.dampening) * gradient
        else:
            v = v + gradient
        state["v"] = v
        return parameter - rate * (gradient + self.momentum * v if self.nesterov else v)


class Muon(Optimizer):
    """Momentum whose matrices are made orthogonal by iterations of Newton and
    Schulz. Axes after the first are taken together; vectors are left as they are."""

    def __init__(self, learning_rate, momentum=0.95, weight_decay=0.01, nesterov=True, ns_steps=5):
        super().__init__()
        self._maybe_schedule("learning_rate", learning_rate)
        self.momentum = momentum
        self.weight_decay = weight_decay
        self.nesterov = nesterov
        self.ns_steps = ns_steps

    def init_single(self, parameter, state):
        """The momentum v."""
        state["v"] = mx.zeros_like(parameter)

    def _orthogonal(self, x):
        """X with singular values near 1, by a polynomial of degree 5."""
        a, b, c = 3.4445, -4.7750, 2.0315
        tall = x.shape[-2] > x.shape[-1]
        if tall:
            x = x.T
        x = x / (mx.linalg.norm(x) + 1e-7)
        for _ in range(self.ns_steps):
            square = x @ x.T
            x = a * x + (b * square + c * (square @ square)) @ x
        return x.T if tall else x

    def apply_single(self, gradient, parameter, state):
        """One parameter after a step."""
        if self.weight_decay != 0:
            gradient = gradient + self.weight_decay * parameter
        v = self.momentum * state["v"] + (1 - self.momentum) * gradient
        state["v"] = v
        update = gradient * (1 - self.momentum) + v * self.momentum if self.nesterov else v
        rate = self.learning_rate.astype(gradient.dtype)
        if update.ndim >= 2:
            shape = update.shape
            update = self._orthogonal(update.reshape(shape[0], -1)).reshape(shape)
            rate = rate * max(1, shape[-2] / shape[-1]) ** 0.5
        return parameter - rate * update


class Lion(Optimizer):
    """Steps by the sign of an average of the gradients, and weight decay."""

    def __init__(self, learning_rate, betas=[0.9, 0.99], weight_decay=0.0):
        super().__init__()
        self._maybe_schedule("learning_rate", learning_rate)
        self.betas = betas
        self.weight_decay = weight_decay

    def init_single(self, parameter, state):
        """The average m."""
        state["m"] = mx.zeros_like(parameter)

    def apply_single(self, gradient, parameter, state):
        """One parameter after a step."""
        rate = self.learning_rate.astype(gradient.dtype)
        ahead, kept = self.betas
        m = state["m"]
        state["m"] = kept * m + (1 - kept) * gradient
        if self.weight_decay > 0:
            parameter = (1 - rate * self.weight_decay) * parameter
        return parameter - rate * mx.sign(ahead * m + (1 - ahead) * gradient)
