"""Optimizer: what applies gradients to parameters, and the state that takes."""

from functools import reduce

import mlx.core as mx
from mlx.utils import tree_flatten, tree_map, tree_merge, tree_reduce, tree_unflatten


class Optimizer:
    """The base of optimizers.

    The state is a tree: step, learning_rate and what schedules give, and beside
    them, at the place of every parameter, a dict of the arrays kept for it.
    Schedules are functions of the step, by the name of what they set.
    """

    _shared = None  # during a step: what its parameters have in common

    def __init__(self, schedulers=None):
        self._initialized = False
        self._state = {"step": mx.array(0, mx.uint64)}
        self._schedulers = dict(schedulers or {})

    @property
    def learning_rate(self):
        """The learning rate; a schedule, where there is one, sets it at the next step."""
        return self.state["learning_rate"]

    @learning_rate.setter
    def learning_rate(self, rate):
        self.state["learning_rate"] = mx.array(rate)

    @property
    def state(self):
        """The state's tree."""
        return self._state

    @state.setter
    def state(self, state):
        self._state, self._initialized = state, False

    @property
    def step(self):
        """The number of steps done."""
        return self.state["step"]

    def _maybe_schedule(self, name, value):
        """Set a value of the state, or have a schedule do it."""
        if callable(value):
            self._schedulers[name] = value
            value = value(self.step)
        self.state[name] = mx.array(value)

    def init(self, parameters):
        """Make the state of parameters, which the first update does otherwise."""
        _grown(parameters, self._state)
        tree_map(lambda p, state: state or self.init_single(p, state), parameters, self._state)
        self._initialized = True

    def init_single(self, parameter, state):
        """Make the state of one parameter, in the dict."""
        raise NotImplementedError()

    def apply_single(self, gradient, parameter, state):
        """One parameter after a step."""
        raise NotImplementedError()

    def apply_gradients(self, gradients, parameters):
        """Parameters after a step, in the form of the gradients."""
        if not self._initialized:
            self.init(gradients)
        state = self.state
        state.update({name: schedule(self.step) for name, schedule in self._schedulers.items()})
        state["step"] = self.step + 1
        self._shared = {}
        try:
            return tree_map(self.apply_single, gradients, parameters, state)
        finally:
            self._shared = None

    def update(self, model, gradients):
        """Apply gradients to a module's parameters."""
        model.update(self.apply_gradients(gradients, model))


def _grown(tree, state):
    """The state of a tree of parameters, in which every parameter that had none has an empty one."""
    if isinstance(tree, (list, tuple)):
        state = list(state) if isinstance(state, (list, tuple)) else []
        state += [None] * (len(tree) - len(state))
        return [_grown(t, state[i]) for i, t in enumerate(tree)] + state[len(tree) :]
    if isinstance(tree, dict):
        state = state if isinstance(state, dict) else {}
        for key, t in tree.items():
            state[key] = _grown(t, state.get(key))
        return state
    return {} if state is None else state


class _Rule(Optimizer):
    """An optimizer with a learning rate, settings, and arrays that begin as zeros
    for each parameter."""

    _kept = ()  # the names of the arrays

    def __init__(self, learning_rate, **settings):
        super().__init__()
        self._maybe_schedule("learning_rate", learning_rate)
        for name, value in settings.items():
            setattr(self, name, value)

    def init_single(self, parameter, state):
        """Make the arrays of one parameter, in the dict."""
        state.update({name: mx.zeros_like(parameter) for name in self._kept})

    def _rate(self, gradient):
        """The learning rate, in the gradient's dtype."""
        return self._once("rate", gradient, self._cast_rate)

    def _cast_rate(self, dtype):
        return self.learning_rate.astype(dtype)

    def _once(self, name, gradient, make):
        """What make gives for the gradient's dtype, made once for all parameters of a step."""
        dtype, shared = gradient.dtype, self._shared
        if shared is None:
            return make(dtype)
        made = shared.get((name, dtype))
        if made is None:
            made = shared[name, dtype] = make(dtype)
        return made

    def _averaged(self, state, name, value, decay):
        """The array of a name, moved towards a value by what is not kept of it."""
        state[name] = decay * state[name] + (1 - decay) * value
        return state[name]


def _check(optimizer, what, value, accepted, bound):
    if not accepted:
        raise ValueError(f"{optimizer} {what} should be {bound}, {value} was provided instead")


def _check_betas(optimizer, betas):
    for i, beta in enumerate(betas, 1):
        _check(optimizer, f"beta{i}", beta, 0 <= beta < 1, "in [0, 1)")


class MultiOptimizer(Optimizer):
    """Several optimizers: each updates the parameters that its filter(path,
    gradient) is the first to accept, the last one the rest."""

    def __init__(self, optimizers, filters=[]):
        needed = len(optimizers) - 1
        if len(filters) != needed:
            raise ValueError(f"Given {len(filters)} filters but {needed} needed.")
        super().__init__()
        self._state = {}
        self.optimizers, self.filters = optimizers, [*filters, lambda path, gradient: True]

    def _parts(self, gradients):
        """The gradients of each optimizer."""
        parts = [[] for _ in self.optimizers]
        for path, gradient in tree_flatten(gradients):
            for part, accepts in zip(parts, self.filters):
                if accepts(path, gradient):
                    part.append((path, gradient))
                    break
        return [tree_unflatten(part) if part else {} for part in parts]

    def init(self, parameters):
        """Make the states of parameters."""
        for part, optimizer in zip(self._parts(parameters), self.optimizers):
            optimizer.init(part)
        self._initialized = True

    def apply_gradients(self, gradients, parameters):
        """Parameters after a step, in the form of the gradients."""
        steps = [o.apply_gradients(part, parameters) for part, o in zip(self._parts(gradients), self.optimizers)]
        return reduce(tree_merge, steps, {})

    @property
    def learning_rate(self):
        """The learning rate of the first; to set it sets that of all."""
        return self.optimizers[0].learning_rate

    @learning_rate.setter
    def learning_rate(self, rate):
        for each in self.optimizers:
            each.learning_rate = rate

    @property
    def state(self):
        """The states, in a list under "states"."""
        return {"states": [each.state for each in self.optimizers]}

    @state.setter
    def state(self, state):
        states = state.get("states", ())
        if len(states) != len(self.optimizers):
            raise ValueError("Invalid state provided")
        for each, own in zip(self.optimizers, states):
            each.state = own


def _squared_norm(g):
    # The squares of float16 overflow early.
    return mx.sum(mx.square(g.astype(mx.float32) if g.dtype == mx.float16 else g))


def clip_grad_norm(grads, max_norm):
    """Scale gradients down to a norm of all of them together. Gives them, in their
    dtypes, and the norm that they had."""
    if max_norm < 0:
        raise ValueError(f"max_norm should be >=0, {max_norm} was provided instead")
    norm = mx.sqrt(tree_reduce(lambda total, g: total + _squared_norm(g), grads, 0.0))
    scale = mx.minimum(max_norm / (norm + 1e-6), 1.0)

    def scaled(g):
        return (g * scale).astype(g.dtype) if mx.issubdtype(g.dtype, mx.floating) else g * scale

    return tree_map(scaled, grads), norm
