"""Recurrent layers: along the last axis but one of (..., time, features)."""

import mlx.core as mx
from mlx.nn.init import _within
from mlx.nn.layers.activations import tanh
from mlx.nn.layers.base import Module


def _projected(x, weight, bias):
    return x @ weight.T if bias is None else mx.addmm(bias, x, weight.T)


class _Recurrent(Module):
    """Arrays for a hidden state of some size."""

    def _draw(self, hidden_size, **shapes):
        """Draw arrays; where there is no shape the attribute is None."""
        self.hidden_size = hidden_size
        for name, shape in shapes.items():
            setattr(self, name, shape and _within(hidden_size, *shape))

    def _described(self, weight, bias, more=""):
        return f"input_dims={weight.shape[1]}, hidden_size={self.hidden_size}, {more}bias={bias is not None}"


class RNN(_Recurrent):
    """h = nonlinearity(Wxh x + Whh h + bias); tanh by default."""

    def __init__(self, input_size, hidden_size, bias=True, nonlinearity=None):
        super().__init__()
        self.nonlinearity = nonlinearity or tanh
        if not callable(self.nonlinearity):
            raise ValueError(f"Nonlinearity must be callable. Current value: {nonlinearity}.")
        h = hidden_size
        self._draw(h, Wxh=(h, input_size), Whh=(h, h), bias=(h,) if bias else None)

    def _extra_repr(self):
        return self._described(self.Wxh, self.bias, f"nonlinearity={self.nonlinearity}, ")

    def __call__(self, x, hidden=None):
        """The states of all times."""
        x = _projected(x, self.Wxh, self.bias)
        states = []
        for t in range(x.shape[-2]):
            now = x[..., t, :]
            if hidden is not None:
                now = mx.addmm(now, hidden, self.Whh.T)
            hidden = self.nonlinearity(now)
            states.append(hidden)
        return mx.stack(states, axis=-2)


class GRU(_Recurrent):
    """Gated recurrent units: a reset gate, an update gate, and the new state (Cho et
    al. 2014, Learning Phrase Representations using RNN Encoder-Decoder)."""

    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        h = hidden_size
        shapes = {"b": (3 * h,), "bhn": (h,)} if bias else {"b": None, "bhn": None}
        self._draw(h, Wx=(3 * h, input_size), Wh=(3 * h, h), **shapes)

    def _extra_repr(self):
        return self._described(self.Wx, self.b)

    def _step(self, x, hidden):
        n = self.hidden_size
        gates, new = x[..., : 2 * n], x[..., 2 * n :]
        recalled = self.bhn
        if hidden is not None:
            h = hidden @ self.Wh.T
            gates = gates + h[..., : 2 * n]
            recalled = h[..., 2 * n :] if self.bhn is None else h[..., 2 * n :] + self.bhn
        reset, update = mx.split(mx.sigmoid(gates), 2, axis=-1)
        if recalled is not None:
            new = new + reset * recalled
        new = (1 - update) * mx.tanh(new)
        return new if hidden is None else new + update * hidden

    def __call__(self, x, hidden=None):
        """The states of all times."""
        x = _projected(x, self.Wx, self.b)
        states = []
        for t in range(x.shape[-2]):
            hidden = self._step(x[..., t, :], hidden)
            states.append(hidden)
        return mx.stack(states, axis=-2)


class LSTM(_Recurrent):
    """Long short-term memory: a cell behind gates of input, forgetting and output
    (Hochreiter and Schmidhuber 1997; the forget gate is of Gers et al. 1999)."""

    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        h = hidden_size
        self._draw(h, Wx=(4 * h, input_size), Wh=(4 * h, h), bias=(4 * h,) if bias else None)

    def _extra_repr(self):
        return self._described(self.Wx, self.bias)

    def __call__(self, x, hidden=None, cell=None):
        """The states of all times, and the cells."""
        x = _projected(x, self.Wx, self.bias)
        states, cells = [], []
        for t in range(x.shape[-2]):
            now = x[..., t, :]
            if hidden is not None:
                now = mx.addmm(now, hidden, self.Wh.T)
            i, f, g, o = mx.split(now, 4, axis=-1)
            new = mx.sigmoid(i) * mx.tanh(g)
            cell = new if cell is None else mx.sigmoid(f) * cell + new
            hidden = mx.sigmoid(o) * mx.tanh(cell)
            states.append(hidden)
            cells.append(cell)
        return mx.stack(states, axis=-2), mx.stack(cells, axis=-2)
