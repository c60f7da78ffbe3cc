"""Optimizer: what applies gradients to parameters, and the state that takes."""

import mlx.core as mx
from mlx.utils import tree_flatten, tree_map, tree_merge, tree_reduce, tree_unflatten


class Optimizer:
    """The base of optimizers.

    The state is a tree: step, learning_rate and what schedules give, and beside
    them, at the place of every parameter, a dict of the arrays kept for it.
    Schedules are functions of the step, by the name of what they set.
    """

    def __init__(self, schedulers=None):
        self._initialized = False
        self._state = {"step": mx.array(0, mx.uint64)}
        self._schedulers = dict(schedulers or {})

    def update(self, model, gradients):
        """Apply gradients to a module's parameters."""
        model.update(self.apply_gradients(gradients, model))

    def init(self, parameters):
        """Make the state of parameters, which the first update does otherwise."""
        self._make_state(parameters)
        tree_map(lambda p, state: state or self.init_single(p, state), parameters, self._state)
        self._initialized = True

    def _make_state(self, parameters):
        """Give every parameter that has no state an empty one, in its place."""

        def grown(tree, state):
            if isinstance(tree, (list, tuple)):
                state = list(state) if isinstance(state, (list, tuple)) else []
                state += [None] * (len(tree) - len(state))
                return [grown(t, state[i]) for i, t in enumerate(tree)] + state[len(tree) :]
            if isinstance(tree, dict):
                state = state if isinstance(state, dict) else {}
                for key, t in tree.items():
                    state[key] = grown(t, state.get(key))
                return state
            return {} if state is None else state

        grown(parameters, self._state)

    def init_single(self, parameter, state):
        """Make the state of one parameter, in the dict."""
        raise NotImplementedError()

    def apply_gradients(self, gradients, parameters):
        """Parameters after a step, in the form of the gradients."""
        if not self._initialized:
            self.init(gradients)
        for name, schedule in self._schedulers.items():
            self.state[name] = schedule(self.step)
        self.state["step"] = self.step + 1
        return tree_map(self.apply_single, gradients, parameters, self.state)

    def apply_single(self, gradient, parameter, state):
        """One parameter after a step."""
        raise NotImplementedError()

    @property
    def state(self):
        """The state's tree."""
        return self._state

    @state.setter
    def state(self, state):
        self._initialized = False
        self._state = state

    @property
    def step(self):
        """The number of steps done."""
        return self.state["step"]

    @property
    def learning_rate(self):
        """The learning rate; a schedule, where there is one, sets it at the next step."""
        return self.state["learning_rate"]

    @learning_rate.setter
    def learning_rate(self, learning_rate):
        self.state["learning_rate"] = mx.array(learning_rate)

    def _maybe_schedule(self, name, value):
        """Set a value of the state, or have a schedule do it."""
        if callable(value):
            self._schedulers[name] = value
            value = value(self.step)
        self.state[name] = mx.array(value)


class MultiOptimizer(Optimizer):
    """Several optimizers: each updates the parameters that its filter(path,
    gradient) is the first to accept, the last one the rest."""

    def __init__(self, optimizers, filters=[]):
        super().__init__()
        self._state = {}
        if len(filters) != len(optimizers) - 1:
            raise ValueError(f"Given {len(filters)} filters but {len(optimizers) - 1} needed.")
        self.optimizers = optimizers
        self.filters = [*filters, lambda path, gradient: True]

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
        for optimizer, part in zip(self.optimizers, self._parts(parameters)):
            optimizer.init(part)
        self._initialized = True

    def apply_gradients(self, gradients, parameters):
        """Parameters after a step, in the form of the gradients."""
        tree = {}
        for optimizer, part in zip(self.optimizers, self._parts(gradients)):
            tree = tree_merge(tree, optimizer.apply_gradients(part, parameters))
        return tree

    @property
    def state(self):
        """The states, in a list under "states"."""
        return {"states": [optimizer.state for optimizer in self.optimizers]}

    @state.setter
    def state(self, state):
        if "states" not in state or len(state["states"]) != len(self.optimizers):
            raise ValueError("Invalid state provided")
        for optimizer, own in zip(self.optimizers, state["states"]):
            optimizer.state = own

    @property
    def learning_rate(self):
        """The learning rate of the first; to set it sets that of all."""
        return self.optimizers[0].learning_rate

    @learning_rate.setter
    def learning_rate(self, learning_rate):
        for optimizer in self.optimizers:
            optimizer.learning_rate = learning_rate


def clip_grad_norm(grads, max_norm):
    """Scale gradients down to a norm of all of them together. Gives them, and
    the norm that they had."""
    if max_norm < 0:
        raise ValueError(f"max_norm should be >=0, {max_norm} was provided instead")
    norm = mx.sqrt(tree_reduce(lambda total, g: total + mx.sum(mx.square(g)), grads, 0.0))
    scale = mx.minimum(max_norm / (norm + 1e-6), 1.0)
    return tree_map(lambda g: g * scale, grads), norm
