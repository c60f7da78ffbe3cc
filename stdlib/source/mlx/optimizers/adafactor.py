"""Adafactor: adaptive steps whose state of a matrix is a row and a column."""

import mlx.core as mx
from mlx.optimizers.base import Optimizer


def _rms(x):
    return mx.sqrt(mx.mean(mx.square(x)))


def _rsqrt_of_product(rows, columns):
    """The reciprocal root of squares approximated by their means over rows and columns."""
    r = mx.rsqrt(rows / mx.mean(rows, axis=-1, keepdims=True))
    return mx.expand_dims(r, -1) * mx.expand_dims(mx.rsqrt(columns), -2)


class Adafactor(Optimizer):
    """Divides gradients by the root of an average of their squares, of which
    matrices keep means over rows and columns only.

    The step is relative: it depends on the number of steps, and, with
    scale_parameter, on the size of the parameter. Eps are what is added to
    squares, and the least size of a parameter. Beta_1 averages the updates.
    """

    def __init__(
        self,
        learning_rate=None,
        eps=(1e-30, 1e-3),
        clip_threshold=1.0,
        decay_rate=-0.8,
        beta_1=None,
        weight_decay=0.0,
        scale_parameter=True,
        relative_step=True,
        warmup_init=False,
    ):
        super().__init__()
        if learning_rate is not None:
            self._maybe_schedule("learning_rate", learning_rate)
        self.eps = eps
        self.clip_threshold = clip_threshold
        self.decay_rate = decay_rate
        self.beta_1 = beta_1
        self.weight_decay = weight_decay
        self.scale_parameter = scale_parameter
        self.relative_step = relative_step
        self.warmup_init = warmup_init

    def init_single(self, parameter, state):
        """The averages of squares, and of updates where beta_1 is given."""
        if parameter.ndim >= 2:
            shape, dtype = parameter.shape, parameter.dtype
            state["exp_avg_sq_row"] = mx.zeros(shape[:-1], dtype=dtype)
            state["exp_avg_sq_col"] = mx.zeros(shape[:-2] + shape[-1:], dtype=dtype)
        else:
            state["exp_avg_sq"] = mx.zeros_like(parameter)
        if self.beta_1 is not None:
            state["exp_avg"] = mx.zeros_like(parameter)

    def _rate(self, parameter):
        """The step for a parameter."""
        if self.relative_step:
            most = 1e-6 * self.step if self.warmup_init else 1e-2
            rate = mx.minimum(most, mx.rsqrt(self.step))
        else:
            rate = self.learning_rate
        rate = rate.astype(parameter.dtype)
        if self.scale_parameter:
            rate = rate * mx.maximum(self.eps[1], _rms(parameter))
        return rate

    def _averaged(self, state, name, value, decay):
        state[name] = decay * state[name] + (1 - decay) * value
        return state[name]

    def apply_single(self, gradient, parameter, state):
        """One parameter after a step."""
        rate = self._rate(parameter)
        decay = (1.0 - self.step**self.decay_rate).astype(gradient.dtype)
        squares = mx.square(gradient) + self.eps[0]
        if gradient.ndim >= 2:
            rows = self._averaged(state, "exp_avg_sq_row", mx.mean(squares, axis=-1), decay)
            columns = self._averaged(state, "exp_avg_sq_col", mx.mean(squares, axis=-2), decay)
            update = _rsqrt_of_product(rows, columns) * gradient
        else:
            update = mx.rsqrt(self._averaged(state, "exp_avg_sq", squares, decay)) * gradient
        update = update / mx.maximum(1.0, _rms(update) / self.clip_threshold)
        update = rate * update
        if self.beta_1 is not None:
            update = self._averaged(state, "exp_avg", update, self.beta_1)
        if self.weight_decay != 0:
            parameter = parameter + parameter * (-self.weight_decay * rate)
        return parameter - update
