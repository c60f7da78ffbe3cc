"""Abstract base classes."""

__all__ = ["ABC", "ABCMeta", "abstractclassmethod", "abstractmethod", "abstractproperty", "abstractstaticmethod"]


def abstractmethod(funcobj):
    """Mark a method that subclasses must define."""
    funcobj.__isabstractmethod__ = True
    return funcobj


class ABCMeta(type):
    """The type of abstract classes: one with abstract methods left makes no instances."""

    def __new__(mcls, name, bases, namespace, **kwargs):
        cls = type.__new__(mcls, name, bases, namespace, **kwargs)
        names = [n for n, value in namespace.items() if getattr(value, "__isabstractmethod__", False)]
        for base in bases:
            for n in getattr(base, "__abstractmethods__", ()):
                if n not in names and getattr(getattr(cls, n, None), "__isabstractmethod__", False):
                    names.append(n)
        cls.__abstractmethods__ = frozenset(names) if not names else tuple(sorted(names))
        cls._abc_registry = []
        return cls

    def register(cls, subclass):
        cls._abc_registry.append(subclass)
        return subclass

    def __instancecheck__(cls, instance):
        return cls.__subclasscheck__(type(instance))

    def __subclasscheck__(cls, subclass):
        if cls in subclass.__mro__:
            return True
        hook = getattr(cls, "__subclasshook__", None)
        if hook is not None:
            answer = hook(subclass)
            if answer is not NotImplemented:
                return answer
        for c in subclass.__mro__:
            if c in cls._abc_registry:
                return True
        return any(issubclass(subclass, c) for c in cls._abc_registry)


class ABC(metaclass=ABCMeta):
    """A base of abstract classes."""


def abstractproperty(fget):
    return property(abstractmethod(fget))


def abstractclassmethod(func):
    return classmethod(abstractmethod(func))


def abstractstaticmethod(func):
    return staticmethod(abstractmethod(func))
