"""Looking at live objects."""

from enum import IntEnum as _IntEnum
from functools import partial as _partial
from types import FunctionType as _FunctionType, GeneratorType as _GeneratorType, MethodType as _MethodType, ModuleType as _ModuleType

from _inspect import parameters as _parameters

__all__ = ["Parameter", "Signature", "getdoc", "getmembers", "isbuiltin", "isclass", "isfunction", "isgenerator", "ismethod",
           "ismodule", "isroutine", "signature"]


class _ParameterKind(_IntEnum):
    POSITIONAL_ONLY = 0
    POSITIONAL_OR_KEYWORD = 1
    VAR_POSITIONAL = 2
    KEYWORD_ONLY = 3
    VAR_KEYWORD = 4

    def __str__(self):
        return self.name

    @property
    def description(self):
        return ("positional-only", "positional or keyword", "variadic positional", "keyword-only", "variadic keyword")[self.value]


class _empty:
    """Stands for a default or an annotation that is not there."""


class Parameter:
    """One parameter of a signature."""

    empty = _empty
    POSITIONAL_ONLY = _ParameterKind.POSITIONAL_ONLY
    POSITIONAL_OR_KEYWORD = _ParameterKind.POSITIONAL_OR_KEYWORD
    VAR_POSITIONAL = _ParameterKind.VAR_POSITIONAL
    KEYWORD_ONLY = _ParameterKind.KEYWORD_ONLY
    VAR_KEYWORD = _ParameterKind.VAR_KEYWORD

    def __init__(self, name, kind, *, default=_empty, annotation=_empty):
        self.name = name
        self.kind = _ParameterKind(kind)
        self.default = default
        self.annotation = annotation

    def replace(self, *, name=None, kind=None, default=_ParameterKind, annotation=_ParameterKind):
        return Parameter(self.name if name is None else name, self.kind if kind is None else kind,
                         default=self.default if default is _ParameterKind else default,
                         annotation=self.annotation if annotation is _ParameterKind else annotation)

    def __str__(self):
        text = self.name
        if self.annotation is not _empty:
            text += f": {self.annotation if isinstance(self.annotation, str) else getattr(self.annotation, '__name__', repr(self.annotation))}"
        if self.default is not _empty:
            text += (" = " if self.annotation is not _empty else "=") + repr(self.default)
        return {self.VAR_POSITIONAL: "*", self.VAR_KEYWORD: "**"}.get(self.kind, "") + text

    def __repr__(self):
        return f'<Parameter "{self}">'

    def __eq__(self, other):
        if not isinstance(other, Parameter):
            return NotImplemented
        return ((self.name, self.kind) == (other.name, other.kind) and self.default == other.default
                and self.annotation == other.annotation)

    def __hash__(self):
        return hash((self.name, self.kind))


class Signature:
    """The parameters of a callable, by name."""

    empty = _empty

    def __init__(self, parameters=None, *, return_annotation=_empty):
        self.parameters = {p.name: p for p in parameters or ()}
        self.return_annotation = return_annotation

    def replace(self, *, parameters=_ParameterKind, return_annotation=_ParameterKind):
        return Signature(self.parameters.values() if parameters is _ParameterKind else parameters,
                         return_annotation=self.return_annotation if return_annotation is _ParameterKind else return_annotation)

    def __str__(self):
        parts = []
        starred = False
        kinds = [p.kind for p in self.parameters.values()]
        for i, p in enumerate(self.parameters.values()):
            if p.kind == Parameter.KEYWORD_ONLY and not starred:
                parts.append("*")
            starred = starred or p.kind in (Parameter.KEYWORD_ONLY, Parameter.VAR_POSITIONAL)
            parts.append(str(p))
            if p.kind == Parameter.POSITIONAL_ONLY and (i + 1 == len(kinds) or kinds[i + 1] != Parameter.POSITIONAL_ONLY):
                parts.append("/")
        return "(" + ", ".join(parts) + ")"

    def __repr__(self):
        return f"<Signature {self}>"

    def __eq__(self, other):
        if not isinstance(other, Signature):
            return NotImplemented
        return list(self.parameters.values()) == list(other.parameters.values())


def _dataclass_signature(cls):
    out = []
    for f in cls.__dataclass_fields__.values():
        if f.init and f._kind != "class":
            default = f.default if f._has_default() and f.default_factory is not f.default else _empty
            if f.default.__class__.__name__ == "_Missing":
                default = f.default_factory if f._has_default() else _empty
            kind = Parameter.KEYWORD_ONLY if f.kw_only else Parameter.POSITIONAL_OR_KEYWORD
            out.append(Parameter(f.name, kind, default=default, annotation=f.type))
    return Signature(out)


def _partial_signature(obj, follow_wrapped):
    params = list(signature(obj.func, follow_wrapped=follow_wrapped).parameters.values())
    out = []
    given = len(obj.args)
    keyword = False
    for p in params:
        if given > 0 and p.kind in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD):
            given -= 1
            continue
        if p.name in obj.keywords and p.kind != Parameter.POSITIONAL_ONLY:
            p = p.replace(kind=Parameter.KEYWORD_ONLY, default=obj.keywords[p.name])
            keyword = True
        elif keyword and p.kind == Parameter.POSITIONAL_OR_KEYWORD:
            p = p.replace(kind=Parameter.KEYWORD_ONLY)
        elif keyword and p.kind == Parameter.VAR_POSITIONAL:
            continue
        out.append(p)
    return Signature(out)


def _own_init(cls):
    """Whether the class that an instance's construction starts at is one with an __init__ of its own before any dataclass."""
    for c in cls.__mro__:
        if "__dataclass_fields__" in c.__dict__:
            return False
        if "__init__" in c.__dict__ or "__new__" in c.__dict__:
            return True
    return True


def signature(obj, *, follow_wrapped=True):
    """The parameters of a callable. One that does not tell its own is a ValueError."""
    if not callable(obj):
        raise TypeError(f"{obj!r} is not a callable object")
    own = getattr(obj, "__signature__", None)
    if isinstance(own, Signature):
        return own
    if isinstance(obj, _partial):
        return _partial_signature(obj, follow_wrapped)
    if isinstance(obj, type):
        if hasattr(obj, "__dataclass_fields__") and not _own_init(obj):
            return _dataclass_signature(obj)
    elif follow_wrapped and getattr(obj, "__wrapped__", None) is not None and not isinstance(obj, _MethodType):
        return signature(obj.__wrapped__)
    found = _parameters(obj)
    if found is None:
        raise ValueError(f"no signature found for {'builtin ' if isbuiltin(obj) else ''}{obj!r}")
    return Signature([
        Parameter(name, kind, default=default if optional else _empty, annotation=_empty if annotation is None else annotation)
        for name, kind, optional, default, annotation in found])


def isclass(obj):
    return isinstance(obj, type)


def isfunction(obj):
    return isinstance(obj, _FunctionType)


def ismethod(obj):
    return isinstance(obj, _MethodType)


def isbuiltin(obj):
    return type(obj).__name__ == "builtin_function_or_method"


def isroutine(obj):
    return isfunction(obj) or ismethod(obj) or isbuiltin(obj) or type(obj).__name__ == "method_descriptor"


def ismodule(obj):
    return isinstance(obj, _ModuleType)


def isgenerator(obj):
    return isinstance(obj, _GeneratorType)


def getdoc(obj):
    """The documentation of an object, without its indentation."""
    doc = getattr(obj, "__doc__", None)
    if doc is None:
        return None
    import textwrap
    first, _, rest = doc.partition("\n")
    return (first.lstrip() + ("\n" + textwrap.dedent(rest) if rest else "")).strip()


def getmembers(obj, predicate=None):
    """The attributes of an object, sorted by name."""
    found = [(name, getattr(obj, name)) for name in dir(obj) if hasattr(obj, name)]
    return [(n, v) for n, v in found if predicate is None or predicate(v)]
