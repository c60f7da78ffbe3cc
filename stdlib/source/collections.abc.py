"""Abstract base classes for containers: what isinstance asks of an object."""

from _collections import deque as _deque
from abc import ABCMeta, abstractmethod

__all__ = ["Callable", "Collection", "Container", "Generator", "Hashable", "ItemsView", "Iterable", "Iterator", "KeysView",
           "Mapping", "MutableMapping", "MutableSequence", "MutableSet", "Reversible", "Sequence", "Set", "Sized", "ValuesView",
           "AsyncGenerator", "AsyncIterable", "AsyncIterator", "Awaitable", "Coroutine"]


_absent = object()


class _Abstract(ABCMeta):
    """A class whose instances are the objects with certain methods, or of certain types."""

    def __subclasscheck__(cls, subclass):
        if cls in subclass.__mro__:
            return True
        own = vars(cls)
        if any(issubclass(subclass, t) for t in own.get("_types", ())):
            return True
        names = own.get("_needs", ())
        if names and all(getattr(subclass, n, None) is not None for n in names):
            return True
        return any(c in subclass.__mro__ for c in own.get("_abc_registry", ()))

    def __class_getitem__(cls, params):
        return cls

    def __getitem__(cls, params):
        return cls


class Hashable(metaclass=_Abstract):
    _needs = ("__hash__",)


class Sized(metaclass=_Abstract):
    _types = (_deque,)
    _needs = ("__len__",)


class Container(metaclass=_Abstract):
    _types = (_deque,)
    _needs = ("__contains__",)


class Callable(metaclass=_Abstract):
    _needs = ("__call__",)

    def __instancecheck__(cls, obj):
        return callable(obj)


class Iterable(metaclass=_Abstract):
    _needs = ("__iter__",)
    _types = (str, bytes, list, tuple, dict, set, frozenset, range, _deque)


class Iterator(Iterable, metaclass=_Abstract):
    _needs = ("__next__", "__iter__")

    def __iter__(self):
        return self


class Generator(Iterator, metaclass=_Abstract):
    _types = (type((x for x in ())),)


class Awaitable(metaclass=_Abstract):
    _needs = ("__await__",)


class Coroutine(Awaitable, metaclass=_Abstract):
    _needs = ("__await__", "send", "throw", "close")


class AsyncIterable(metaclass=_Abstract):
    _needs = ("__aiter__",)


class AsyncIterator(AsyncIterable, metaclass=_Abstract):
    _needs = ("__anext__", "__aiter__")

    def __aiter__(self):
        return self


class AsyncGenerator(AsyncIterator, metaclass=_Abstract):
    _needs = ("__aiter__", "__anext__", "asend", "athrow", "aclose")


class Reversible(Iterable, metaclass=_Abstract):
    _types = (list, tuple, dict, str, bytes, range, _deque)
    _needs = ("__reversed__",)


class Collection(Sized, Iterable, Container, metaclass=_Abstract):
    _types = (str, bytes, list, tuple, dict, set, frozenset, range, _deque)
    _needs = ("__len__", "__iter__", "__contains__")


class Sequence(Reversible, Collection, metaclass=_Abstract):
    _types = (str, bytes, list, tuple, range, _deque)

    def __contains__(self, value):
        return any(v is value or v == value for v in self)

    def __iter__(self):
        for i in range(len(self)):
            yield self[i]

    def __reversed__(self):
        for i in range(len(self) - 1, -1, -1):
            yield self[i]

    def index(self, value, start=0, stop=None):
        for i in range(start, len(self) if stop is None else stop):
            if self[i] == value:
                return i
        raise ValueError

    def count(self, value):
        return sum([1 for v in self if v is value or v == value])


class MutableSequence(Sequence, metaclass=_Abstract):
    _types = (list, _deque)

    def append(self, value):
        self.insert(len(self), value)

    def extend(self, values):
        for v in list(values):
            self.append(v)

    def pop(self, index=-1):
        found = self[index]
        del self[index]
        return found

    def remove(self, value):
        del self[self.index(value)]

    def clear(self):
        while len(self):
            self.pop()

    def reverse(self):
        for i, v in enumerate(list(self)[::-1]):
            self[i] = v

    def __iadd__(self, values):
        self.extend(values)
        return self


class Mapping(Collection, metaclass=_Abstract):
    _types = (dict,)

    def get(self, key, default=None):
        try:
            return self[key]
        except KeyError:
            return default

    def keys(self):
        return {k: None for k in self}.keys()

    def values(self):
        return [self[k] for k in self]

    def items(self):
        return [(k, self[k]) for k in self]

    def __contains__(self, key):
        return self.get(key, _absent) is not _absent

    def __eq__(self, other):
        if not isinstance(other, Mapping):
            return NotImplemented
        return dict(self.items()) == dict(other.items())


class MutableMapping(Mapping, metaclass=_Abstract):
    _types = (dict,)

    def pop(self, key, *default):
        found = self.get(key, _absent)
        if found is not _absent:
            del self[key]
        elif default:
            found = default[0]
        else:
            raise KeyError(key)
        return found

    def popitem(self):
        for key in self:
            return key, self.pop(key)
        raise KeyError

    def clear(self):
        for key in list(self):
            del self[key]

    def update(self, other=(), /, **kwds):
        pairs = [(k, other[k]) for k in other.keys()] if hasattr(other, "keys") else list(other)
        for key, value in pairs + list(kwds.items()):
            self[key] = value

    def setdefault(self, key, default=None):
        found = self.get(key, _absent)
        if found is _absent:
            found = self[key] = default
        return found


class Set(Collection, metaclass=_Abstract):
    _types = (set, frozenset)


class MutableSet(Set, metaclass=_Abstract):
    _types = (set,)


class KeysView(metaclass=_Abstract):
    _types = (type({}.keys()),)


class ValuesView(metaclass=_Abstract):
    _types = (type({}.values()),)


class ItemsView(metaclass=_Abstract):
    _types = (type({}.items()),)
