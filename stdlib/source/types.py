"""Names for builtin types, SimpleNamespace and dynamic classes."""

import sys as _sys

__all__ = ["BuiltinFunctionType", "FunctionType", "GeneratorType", "LambdaType", "MappingProxyType", "MethodType", "ModuleType",
           "NoneType", "SimpleNamespace", "new_class", "TracebackType", "FrameType", "CodeType", "CoroutineType", "AsyncGeneratorType", "CellType", "GenericAlias", "UnionType",
           "DynamicClassAttribute", "EllipsisType", "NotImplementedType", "prepare_class", "resolve_bases"]

FunctionType = type(lambda: None)
LambdaType = FunctionType
BuiltinFunctionType = type(len)
BuiltinMethodType = type(len)
ModuleType = type(_sys)
NoneType = type(None)
EllipsisType = type(Ellipsis)
NotImplementedType = type(NotImplemented)


class _Probe:
    def method(self):
        yield 1


MethodType = type(_Probe().method)
GeneratorType = type(_Probe().method())
CodeType = type(_Probe.method.__code__)
MethodDescriptorType = WrapperDescriptorType = type(str.join)
MethodWrapperType = type("".join)
GenericAlias, UnionType = type(list[int]), type(int | str)


def _traceback_type():
    try:
        raise ValueError
    except ValueError as e:
        return type(e.__traceback__)


TracebackType = _traceback_type()


class FrameType:
    """A call in progress; scripts are given none."""


class CellType:
    """A variable of a function that others see; scripts are given none."""


async def _coroutine():
    pass


async def _async_generator():
    yield


_c = _coroutine()
CoroutineType, AsyncGeneratorType = type(_c), type(_async_generator())
_c.close()


class _Awaitable:
    """A generator that can be awaited."""

    def __init__(self, generator):
        self._generator = generator
        self.__name__ = getattr(generator, "__name__", None)
        self.__qualname__ = getattr(generator, "__qualname__", None)
        self.send, self.throw, self.close = generator.send, generator.throw, generator.close

    def __await__(self):
        return self._generator

    def __iter__(self):
        return self._generator

    def __next__(self):
        return next(self._generator)


def coroutine(func):
    """Have what a generator function makes be awaited."""
    if not callable(func):
        raise TypeError("types.coroutine() expects a callable")
    from functools import wraps

    @wraps(func)
    def wrapped(*args, **kwargs):
        made = func(*args, **kwargs)
        return _Awaitable(made) if isinstance(made, GeneratorType) else made

    return wrapped


DynamicClassAttribute = property


def prepare_class(name, bases=(), kwds=None):
    """The class of a class that is to be made, its namespace, and the other keywords."""
    kwds = dict(kwds or {})
    meta = kwds.pop("metaclass", type(bases[0]) if bases else type)
    return meta, {}, kwds


def resolve_bases(bases):
    """The bases that a class has, where some are stand-ins."""
    out = []
    for base in bases:
        entries = getattr(base, "__mro_entries__", None)
        out.extend(entries(bases) if entries is not None and not isinstance(base, type) else (base,))
    return tuple(out)


class SimpleNamespace:
    """An object with the attributes given."""

    def __init__(self, /, **kwargs):
        for name, value in kwargs.items():
            setattr(self, name, value)

    def __repr__(self):
        shown = ", ".join([f"{name}={value!r}" for name, value in vars(self).items()])
        kind = "namespace" if type(self) is SimpleNamespace else type(self).__name__
        return f"{kind}({shown})"

    def __eq__(self, other):
        if isinstance(self, SimpleNamespace) and isinstance(other, SimpleNamespace):
            return vars(self) == vars(other)
        return NotImplemented


class MappingProxyType:
    """A dict that cannot be changed through this object."""

    def __init__(self, mapping):
        object.__setattr__(self, "_mapping", mapping)

    def __getitem__(self, key):
        return self._mapping[key]

    def __iter__(self):
        return iter(self._mapping)

    def __len__(self):
        return len(self._mapping)

    def __contains__(self, key):
        return key in self._mapping

    def __eq__(self, other):
        return self._mapping == (other._mapping if isinstance(other, MappingProxyType) else other)

    def __repr__(self):
        return f"mappingproxy({self._mapping!r})"

    def get(self, key, default=None):
        return self._mapping.get(key, default)

    def keys(self):
        return self._mapping.keys()

    def values(self):
        return self._mapping.values()

    def items(self):
        return self._mapping.items()

    def copy(self):
        return self._mapping.copy()


def new_class(name, bases=(), kwds=None, exec_body=None):
    """Make a class."""
    namespace = {}
    if exec_body is not None:
        exec_body(namespace)
    kwds = dict(kwds or {})
    meta = kwds.pop("metaclass", type)
    return meta(name, tuple(bases), namespace, **kwds)
