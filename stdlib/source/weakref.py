"""References for programs that expect weak ones: here they keep their objects alive."""


class ref:
    """A reference. It is not weak: the object lives as long as it."""

    def __init__(self, obj, callback=None):
        self._obj = obj

    def __call__(self):
        return self._obj

    def __eq__(self, other):
        return self._obj is other._obj if isinstance(other, ref) else NotImplemented

    def __hash__(self):
        return hash(self._obj)


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
