"""References for programs that expect weak ones: those to arrays are, others keep their objects alive."""

import _weakref


class ref:
    """A reference: a weak one to an array of mlx.core; any other object lives as long as it."""

    def __init__(self, obj, callback=None):
        self._weak = _weakref.weaken(obj)
        self._obj = obj if self._weak is None else None
        self._hash = hash(obj)

    def __call__(self):
        return self._obj if self._weak is None else self._weak()

    def __eq__(self, other):
        return self() is other() if isinstance(other, ref) else NotImplemented

    def __hash__(self):
        return self._hash


def proxy(obj, callback=None):
    """The object itself."""
    return obj


class WeakValueDictionary(dict):
    """A dict; its values live as long as it."""


class WeakKeyDictionary(dict):
    """A dict; its keys live as long as it."""


class WeakSet(set):
    """A set; its elements live as long as it."""


class finalize:
    """A function to be called at the latest when asked to: nothing calls it by itself."""

    def __init__(self, obj, func, *args, **kwargs):
        self._call, self.alive = (func, args, kwargs), True

    def __call__(self):
        if self.alive:
            self.alive = False
            func, args, kwargs = self._call
            return func(*args, **kwargs)

    def detach(self):
        self.alive = False
