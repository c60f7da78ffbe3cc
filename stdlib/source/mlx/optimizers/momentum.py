"""Optimizers that follow an average of the gradients."""

import mlx.core as mx
from mlx.optimizers.base import _check_betas, _Rule


class SGD(_Rule):
    """Stochastic gradient descent, with momentum, dampening of it, and weight decay."""

    _kept = ("v",)

    def __init__(self, learning_rate, momentum=0.0, weight_decay=0.0, dampening=0.0, nesterov=False):
        if nesterov and not (momentum > 0 and dampening == 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening.")
        super().__init__(
            learning_rate, momentum=momentum, weight_decay=weight_decay, dampening=dampening, nesterov=nesterov
        )

    def apply_single(self, gradient, parameter, state):
        """One parameter after a step."""
        if self.weight_decay != 0:
            gradient = gradient + self.weight_decay * parameter
        step = gradient
        if self.momentum > 0:
            fresh = (1 - self.dampening) * gradient if self.dampening > 0 else gradient
            step = state["v"] = self.momentum * state["v"] + fresh
            if self.nesterov:
                step = gradient + self.momentum * step
        return parameter - self._rate(gradient) * step


class Muon(_Rule):
    """Momentum whose matrices are made orthogonal by iterations of Newton and
    Schulz (Jordan et al. 2024, Muon). Axes after the first are taken together;
    vectors are left as they are."""

    _kept = ("v",)

    def __init__(self, learning_rate, momentum=0.95, weight_decay=0.01, nesterov=True, ns_steps=5):
        super().__init__(
            learning_rate, momentum=momentum, weight_decay=weight_decay, nesterov=nesterov, ns_steps=ns_steps
        )

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
        step = self._averaged(state, "v", gradient, self.momentum)
        if self.nesterov:
            step = gradient * (1 - self.momentum) + step * self.momentum
        rate = self._rate(gradient)
        if step.ndim >= 2:
            *_, rows, columns = shape = step.shape
            step = self._orthogonal(step.reshape(shape[0], -1)).reshape(shape)
            rate = rate * max(1, rows / columns) ** 0.5
        return parameter - rate * step


class Lion(_Rule):
    """Steps by the sign of an average of the gradients, and weight decay (Chen et
    al. 2023, Symbolic Discovery of Optimization Algorithms)."""

    _kept = ("m",)

    def __init__(self, learning_rate, betas=[0.9, 0.99], weight_decay=0.0):
        _check_betas("Lion", betas)
        super().__init__(learning_rate, betas=betas, weight_decay=weight_decay)

    def apply_single(self, gradient, parameter, state):
        """One parameter after a step."""
        ahead, kept = self.betas
        rate = self._rate(gradient)
        direction = mx.sign(ahead * state["m"] + (1 - ahead) * gradient)
        self._averaged(state, "m", gradient, kept)
        if self.weight_decay > 0:
            parameter = (1 - rate * self.weight_decay) * parameter
        return parameter - rate * direction
