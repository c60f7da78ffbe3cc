"""Module: a dict of arrays and modules, with attributes for its keys."""

import textwrap

import mlx.core as mx
from mlx.utils import tree_flatten, tree_unflatten

__all__ = ["Module"]


def _inner(value):
    """Whether a value is a place to look further in."""
    return isinstance(value, (dict, list))


def _set(module, **attributes):
    """Set attributes of a module, in the order given."""
    for name, value in attributes.items():
        setattr(module, name, value)


def _invalid(value):
    return ValueError(f"Received invalid type: {type(value).__name__}.")


def _mapped(owner, key, value, filter_fn, map_fn, is_leaf):
    """What a value of a module becomes under filter_and_map. The keys of what
    lies in plain lists and dicts are paths from the module that holds them."""
    if is_leaf(owner, key, value):
        return map_fn(value)
    if isinstance(value, Module):
        return value.filter_and_map(filter_fn, map_fn, is_leaf)
    if isinstance(value, dict):
        return {k: _kept(owner, f"{key}.{k}", v, filter_fn, map_fn, is_leaf) for k, v in value.items()}
    if isinstance(value, list):
        return [_kept(owner, f"{key}.{i}", v, filter_fn, map_fn, is_leaf) for i, v in enumerate(value)]
    raise RuntimeError("Unexpected leaf found while traversing the module")


def _kept(owner, key, value, filter_fn, map_fn, is_leaf):
    """_mapped, with an empty dict in the place of what the filter refuses."""
    if not filter_fn(owner, key, value):
        return {}
    return _mapped(owner, key, value, filter_fn, map_fn, is_leaf)


def _places(target, tree, kind, strict):
    """The keys of a tree that the target has too."""
    if isinstance(tree, dict):
        for key in tree:
            if key in target:
                yield key
            elif strict:
                raise ValueError(f'Module does not have {kind} named "{key}".')
    elif isinstance(tree, list):
        size = len(target)
        yield from range(min(size, len(tree)))
        if strict and len(tree) > size:
            raise ValueError(f"List index {size} is out of bounds for destination of length {size}.")
    elif strict:
        raise _invalid(tree)


def _update_arrays(target, tree, strict):
    for key in _places(target, tree, "parameter", strict):
        new = tree[key]
        if not isinstance(target[key], mx.array):
            _update_arrays(target[key], new, strict)
        elif strict and not isinstance(new, mx.array):
            raise _invalid(new)
        else:
            target[key] = new


def _update_modules(target, tree, strict):
    for key in _places(target, tree, "sub-module", strict):
        old, new = target[key], tree[key]
        if isinstance(old, Module) and isinstance(new, Module):
            target[key] = new
        elif _inner(old):
            _update_modules(old, new, strict)
        elif strict and new != {}:
            raise _invalid(new)


class Module(dict):
    """A part of a network: a dict whose keys are also attributes.

    Attributes that are arrays, modules, dicts, lists or tuples are the dict's;
    others (numbers, functions) are plain attributes. Arrays below it, whose name
    has no underscore in front, are its parameters.
    """

    def __init__(self):
        self._no_grad = set()
        self._training = True

    def __getattr__(self, key):
        if key in self:
            return self[key]
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{key}'")

    def __setattr__(self, key, value):
        if isinstance(value, (mx.array, dict, list, tuple)):
            if key in self.__dict__:
                super().__delattr__(key)
            self[key] = value
        else:
            super().__setattr__(key, value)
            self.pop(key, None)

    def __delattr__(self, key):
        if key in self:
            del self[key]
        else:
            super().__delattr__(key)

    def __repr__(self):
        text = f"{type(self).__name__}({self._extra_repr()}"
        children = tree_flatten(self.children(), is_leaf=self.is_module)
        for name, child in children:
            text += "\n" + textwrap.indent(f"({name}): {child!r}", "  ")
        return text + ("\n)" if children else ")")

    def _extra_repr(self):
        return ""

    @property
    def state(self):
        """The module itself: a tree of all its arrays, whose items can be set."""
        return self

    def filter_and_map(self, filter_fn, map_fn=None, is_leaf_fn=None):
        """A tree of what filter_fn(module, key, value) lets through.

        Map_fn is applied to the leaves, which are what is no module, dict or
        list unless is_leaf_fn(module, key, value) decides.
        """
        map_fn = map_fn or (lambda value: value)
        is_leaf = is_leaf_fn or (lambda module, key, value: not _inner(value))
        return {
            key: _mapped(self, key, value, filter_fn, map_fn, is_leaf)
            for key, value in self.items()
            if filter_fn(self, key, value)
        }

    @staticmethod
    def is_module(value):
        """Whether a value is a module."""
        return isinstance(value, Module)

    @staticmethod
    def valid_parameter_filter(module, key, value):
        """The filter of parameters."""
        return isinstance(value, (dict, list, mx.array)) and not key.startswith("_")

    @staticmethod
    def trainable_parameter_filter(module, key, value):
        """The filter of parameters that are not frozen."""
        return Module.valid_parameter_filter(module, key, value) and key not in module._no_grad

    @staticmethod
    def valid_child_filter(module, key, value):
        """The filter of children."""
        return _inner(value)

    def parameters(self):
        """The tree of all parameters."""
        return self.filter_and_map(self.valid_parameter_filter)

    def children(self):
        """The tree of the modules that are directly below this one."""
        return self.filter_and_map(self.valid_child_filter, is_leaf_fn=lambda m, k, v: isinstance(v, Module))

    def leaf_modules(self):
        """The tree of the modules below this one that have no children."""

        def is_leaf(module, key, value):
            return isinstance(value, Module) and not tree_flatten(value.children(), is_leaf=self.is_module)

        return self.filter_and_map(self.valid_child_filter, is_leaf_fn=is_leaf)

    def trainable_parameters(self):
        """The tree of the parameters that are not frozen."""
        return self.filter_and_map(self.trainable_parameter_filter)

    def update_modules(self, modules, strict=True):
        """Replace modules by those of a tree, which may be part of the whole."""
        _update_modules(self, modules, strict)
        return self

    def update(self, parameters, strict=True):
        """Replace arrays by those of a tree, which may be part of the whole.

        A strict update raises for what the module does not have.
        """
        _update_arrays(self, parameters, strict)
        return self

    def apply(self, map_fn, filter_fn=None):
        """Replace every parameter by map_fn of it."""
        self.update(self.filter_and_map(filter_fn or Module.valid_parameter_filter, map_fn))
        return self

    def _walk(self):
        """The modules with their paths: a module before its children, the last
        child first."""
        pending = [("", self)]
        while pending:
            name, module = pending.pop()
            yield name, module
            prefix = "." + name if name else ""
            pending.extend(tree_flatten(module.children(), prefix=prefix, is_leaf=self.is_module))

    def modules(self):
        """The modules of the tree, this one first."""
        return [module for _, module in self._walk()]

    def named_modules(self):
        """The modules of the tree, this one first, with their paths."""
        return list(self._walk())

    def apply_to_modules(self, apply_fn):
        """Call apply_fn(name, module) for this module and all below it."""
        for name, module in self._walk():
            apply_fn(name, module)
        return self

    def _own_keys(self):
        """The paths of the parameters that no module below holds."""
        own = self.filter_and_map(
            lambda m, k, v: not isinstance(v, Module) and Module.valid_parameter_filter(m, k, v)
        )
        return [path for path, _ in tree_flatten(own)]

    def _chosen(self, recurse, keys, strict):
        """The modules to freeze or unfreeze keys of, and the keys as a list. A
        strict choice wants each key in one of the modules."""
        modules = self.modules() if recurse else [self]
        if keys is not None and not isinstance(keys, list):
            keys = [keys]
        for key in keys if strict and keys else ():
            if not any(key in module for module in modules):
                raise KeyError(f"Module doesn't contain member {key}.")
        return modules, keys

    def freeze(self, *, recurse=True, keys=None, strict=False):
        """Keep parameters (those of the keys, or all) out of training."""
        modules, keys = self._chosen(recurse, keys, strict)
        for module in modules:
            module._no_grad.update(module._own_keys() if keys is None else keys)
        return self

    def unfreeze(self, *, recurse=True, keys=None, strict=False):
        """Let parameters (those of the keys, or all) be trained again."""
        modules, keys = self._chosen(recurse, keys, strict)
        for module in modules:
            if keys is None:
                module._no_grad.clear()
            else:
                module._no_grad.difference_update(keys)
        return self

    @property
    def training(self):
        """Whether the module is in training mode."""
        return self._training

    def _set_training_mode(self, mode):
        self._training = mode

    def train(self, mode=True):
        """Set training mode, for modules that behave differently in it."""
        for module in self.modules():
            module._set_training_mode(mode)
        return self

    def eval(self):
        """Leave training mode."""
        return self.train(False)

    def load_weights(self, file_or_weights, strict=True):
        """Set parameters from a file (.npz, .safetensors) or a list of pairs.

        A strict load wants every parameter, in its shape, and nothing else.
        """
        weights = file_or_weights
        if isinstance(weights, str):
            weights = [*mx.load(weights).items()]
        if strict:
            self._check_weights(dict(weights))
        return self.update(tree_unflatten(weights), strict=False) if weights else self

    def _check_weights(self, weights):
        current = tree_flatten(self.parameters(), destination={})
        for names, message in (
            (weights.keys() - current.keys(), "Received {} parameters not in model: \n{}."),
            (current.keys() - weights.keys(), "Missing {} parameters: \n{}."),
        ):
            if names:
                raise ValueError(message.format(len(names), ",\n".join(sorted(names))))
        for name, old in current.items():
            new = weights[name]
            wrong = None
            if not isinstance(new, mx.array):
                wrong = f"Expected mx.array but received {type(new)}"
            elif new.shape != old.shape:
                wrong = f"Expected shape {old.shape} but received shape {new.shape}"
            if wrong:
                raise ValueError(f"{wrong} for parameter {name}")

    def save_weights(self, file):
        """Write the parameters to a file, .npz or .safetensors by its name."""
        save = {".npz": lambda file, weights: mx.savez(file, **weights), ".safetensors": mx.save_safetensors}
        for ending, write in save.items():
            if file.endswith(ending):
                return write(file, tree_flatten(self.parameters(), destination={}))
        raise ValueError(f"Unsupported file extension for {file}. Use '.npz' or '.safetensors'.")

    def set_dtype(self, dtype, predicate=lambda dtype: mx.issubdtype(dtype, mx.floating)):
        """Cast the parameters whose dtype the predicate accepts; None accepts all."""
        if predicate is None:
            predicate = lambda _: True
        self.apply(lambda x: x.astype(dtype) if predicate(x.dtype) else x)
