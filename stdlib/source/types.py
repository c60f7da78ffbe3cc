"""Names for builtin types, SimpleNamespace and dynamic classes."""

import sys as _sys

__all__ = ["BuiltinFunctionType", "FunctionType", "GeneratorType", "LambdaType", "MappingProxyType", "MethodType", "ModuleType",
           "NoneType", "SimpleNamespace", "new_class"]

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
