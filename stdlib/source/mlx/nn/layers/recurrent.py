"""Recurrent layers: along the last axis but one of (..., time, features)."""

import math

import mlx.core as mx
from mlx.nn.layers.activations import tanh
from mlx.nn.layers.base import Module


def _initial(hidden_size, *shape):
    scale = 1.0 / math.sqrt(hidden_size)
    return mx.random.uniform(low=-scale, high=scale, shape=shape)


def _projected(x, weight, bias):
    return x @ weight.T if bias is None else mx.addmm(bias, x, weight.T)


class RNN(Module):
    """h = nonlinearity(Wxh x + Whh h + bias); tanh by default."""

    def __init__(self, input_size, hidden_size, bias=True, nonlinearity=None):
        super().__init__()
        self.nonlinearity = nonlinearity or tanh
        if not callable(self.nonlinearity):
            raise ValueError(f"Nonlinearity must be callable. Current value: {nonlinearity}.")
        self.hidden_size = hidden_size
        self.Wxh = _initial(hidden_size, hidden_size, input_size)
        self.Whh = _initial(hidden_size, hidden_size, hidden_size)
        self.bias = _initial(hidden_size, hidden_size) if bias else None

    def _extra_repr(self):
        return (
            f"input_dims={self.Wxh.shape[1]}, hidden_size={self.hidden_size}, "
            f"nonlinearity={self.nonlinearity}, bias={self.bias is not None}"
        )

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


class GRU(Module):
    """Gated recurrent units: a reset gate, an update gate, and the new state."""

    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.Wx = _initial(hidden_size, 3 * hidden_size, input_size)
        self.Wh = _initial(hidden_size, 3 * hidden_size, hidden_size)
        self.b = _initial(hidden_size, 3 * hidden_size) if bias else None
        self.bhn = _initial(hidden_size, hidden_size) if bias else None

    def _extra_repr(self):
        return f"input_dims={self.Wx.shape[1]}, hidden_size={self.hidden_size}, bias={self.b is not None}"

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


class LSTM(Module):
    """Long short-term memory: a cell behind gates of input, forgetting and output."""

    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.Wx = _initial(hidden_size, 4 * hidden_size, input_size)
        self.Wh = _initial(hidden_size, 4 * hidden_size, hidden_size)
        self.bias = _initial(hidden_size, 4 * hidden_size) if bias else None

    def _extra_repr(self):
        return f"input_dims={self.Wx.shape[1]}, hidden_size={self.hidden_size}, bias={self.bias is not None}"

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
