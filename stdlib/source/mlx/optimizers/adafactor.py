"""Adafactor: adaptive steps whose state of a matrix is a row and a column."""

import mlx.core as mx
from mlx.optimizers.base import Optimizer, _Rule


def _rms(x):
    return mx.sqrt(mx.mean(mx.square(x)))


class Adafactor(_Rule):
    """Divides gradients by the root of an average of their squares, of which
    matrices keep means over rows and columns only (Shazeer and Stern 2018, Adafactor).

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
        Optimizer.__init__(self)
        if learning_rate is not None:
            self._maybe_schedule("learning_rate", learning_rate)
        self.eps, self.clip_threshold, self.decay_rate, self.beta_1 = eps, clip_threshold, decay_rate, beta_1
        self.weight_decay, self.scale_parameter = weight_decay, scale_parameter
        self.relative_step, self.warmup_init = relative_step, warmup_init

    def init_single(self, parameter, state):
        """The averages of squares, and of updates where beta_1 is given."""
        whole = parameter.shape
        shapes = {"exp_avg_sq": whole}
        if parameter.ndim >= 2:
            shapes = {"exp_avg_sq_row": whole[:-1], "exp_avg_sq_col": whole[:-2] + whole[-1:]}
        if self.beta_1 is not None:
            shapes["exp_avg"] = whole
        for name, shape in shapes.items():
            state[name] = mx.zeros(shape, parameter.dtype)

    def _step_size(self, parameter):
        """The step for a parameter."""
        rate = self.learning_rate if not self.relative_step else mx.minimum(
            1e-6 * self.step if self.warmup_init else 1e-2, mx.rsqrt(self.step)
        )
        rate = rate.astype(parameter.dtype)
        return rate * mx.maximum(self.eps[1], _rms(parameter)) if self.scale_parameter else rate

    def _approximate_exp_moving_avg(self, rows, columns):
        """The reciprocal root of squares approximated by their means over rows and columns."""
        r = mx.rsqrt(rows / mx.mean(rows, axis=-1, keepdims=True))
        return r[..., None] * mx.rsqrt(columns)[..., None, :]

    def apply_single(self, gradient, parameter, state):
        """One parameter after a step."""
        size = self._step_size(parameter)
        decay = (1.0 - self.step**self.decay_rate).astype(gradient.dtype)
        squares = mx.square(gradient) + self.eps[0]
        if gradient.ndim >= 2:
            rows = self._averaged(state, "exp_avg_sq_row", squares.mean(-1), decay)
            columns = self._averaged(state, "exp_avg_sq_col", squares.mean(-2), decay)
            scale = self._approximate_exp_moving_avg(rows, columns)
        else:
            scale = mx.rsqrt(self._averaged(state, "exp_avg_sq", squares, decay))
        step = scale * gradient
        step = size * (step / mx.maximum(1.0, _rms(step) / self.clip_threshold))
        if self.beta_1 is not None:
            step = self._averaged(state, "exp_avg", step, self.beta_1)
        if self.weight_decay != 0:
            parameter = parameter + parameter * (-self.weight_decay * size)
        return parameter - step
