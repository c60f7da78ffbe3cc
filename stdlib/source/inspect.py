"""Looking at live objects."""

from types import FunctionType as _FunctionType, GeneratorType as _GeneratorType, MethodType as _MethodType, ModuleType as _ModuleType

__all__ = ["Parameter", "getdoc", "getmembers", "isclass", "isfunction", "isgenerator", "ismethod", "ismodule", "signature"]


class Parameter:
    """One parameter of a signature."""

    empty = type("_empty", (), {})
    KEYWORD_ONLY = "keyword-only"
    POSITIONAL_OR_KEYWORD = "positional or keyword"

    def __init__(self, name, kind, *, default=empty, annotation=empty):
        self.name = name
        self.kind = kind
        self.default = default
        self.annotation = annotation

    def __repr__(self):
        return f'<Parameter "{self.name}">'


class Signature:
    empty = Parameter.empty

    def __init__(self, parameters=()):
        self.parameters = {p.name: p for p in parameters}


def signature(obj):
    """The parameters of a dataclass. Other objects do not tell theirs."""
    fields = getattr(obj, "__dataclass_fields__", None)
    if not isinstance(obj, type) or fields is None:
        raise NotImplementedError(f"signature: the parameters of a {type(obj).__name__} are not known; only those of dataclasses are")
    out = []
    for f in fields.values():
        if f.init and f._kind != "class":
            default = f.default if f._has_default() and f.default_factory is not f.default else Parameter.empty
            if f.default.__class__.__name__ == "_Missing":
                default = f.default_factory if f._has_default() else Parameter.empty
            kind = Parameter.KEYWORD_ONLY if f.kw_only else Parameter.POSITIONAL_OR_KEYWORD
            out.append(Parameter(f.name, kind, default=default, annotation=f.type))
    return Signature(out)


def isclass(obj):
    return isinstance(obj, type)


def isfunction(obj):
    return isinstance(obj, _FunctionType)


def ismethod(obj):
    return isinstance(obj, _MethodType)


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
