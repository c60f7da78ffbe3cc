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


class BoundArguments:
    """The arguments of a call by the names of the parameters."""

    def __init__(self, signature, arguments):
        self.signature, self.arguments = signature, arguments

    @property
    def args(self):
        out = []
        for name, p in self.signature.parameters.items():
            if p.kind in (Parameter.VAR_KEYWORD, Parameter.KEYWORD_ONLY) or name not in self.arguments:
                break
            if p.kind == Parameter.VAR_POSITIONAL:
                out.extend(self.arguments[name])
            else:
                out.append(self.arguments[name])
        return tuple(out)

    @property
    def kwargs(self):
        out, started = {}, False
        for name, p in self.signature.parameters.items():
            if not started:
                if p.kind in (Parameter.VAR_KEYWORD, Parameter.KEYWORD_ONLY):
                    started = True
                elif name not in self.arguments:
                    started = True
                    continue
            if not started or name not in self.arguments:
                continue
            if p.kind == Parameter.VAR_KEYWORD:
                out.update(self.arguments[name])
            elif p.kind != Parameter.VAR_POSITIONAL:
                out[name] = self.arguments[name]
        return out

    def apply_defaults(self):
        """Add the defaults of parameters that no argument was given for."""
        full = {}
        for name, p in self.signature.parameters.items():
            if name in self.arguments:
                full[name] = self.arguments[name]
            elif p.default is not _empty:
                full[name] = p.default
            elif p.kind == Parameter.VAR_POSITIONAL:
                full[name] = ()
            elif p.kind == Parameter.VAR_KEYWORD:
                full[name] = {}
        self.arguments = full

    def __eq__(self, other):
        return (self.signature, self.arguments) == (other.signature, other.arguments) if isinstance(other, BoundArguments) else NotImplemented

    def __repr__(self):
        return f"<BoundArguments ({', '.join([f'{k}={v!r}' for k, v in self.arguments.items()])})>"


def _bind(self, args, kwargs, partial):
    given, kwargs, arguments = list(args), dict(kwargs), {}
    for name, p in self.parameters.items():
        if p.kind == Parameter.VAR_POSITIONAL:
            if given:
                arguments[name] = tuple(given)
                given = []
        elif p.kind == Parameter.VAR_KEYWORD:
            continue
        elif given and p.kind != Parameter.KEYWORD_ONLY:
            if name in kwargs and p.kind != Parameter.POSITIONAL_ONLY:
                raise TypeError(f"multiple values for argument {name!r}")
            arguments[name] = given.pop(0)
        elif name in kwargs and p.kind != Parameter.POSITIONAL_ONLY:
            arguments[name] = kwargs.pop(name)
        elif p.default is _empty and not partial:
            raise TypeError(f"missing a required argument: {name!r}")
    if given:
        raise TypeError("too many positional arguments")
    if kwargs:
        rest = [n for n, p in self.parameters.items() if p.kind == Parameter.VAR_KEYWORD]
        if not rest:
            raise TypeError(f"got an unexpected keyword argument {next(iter(kwargs))!r}")
        arguments[rest[0]] = kwargs
    return BoundArguments(self, arguments)


Signature.bind = lambda self, /, *args, **kwargs: _bind(self, args, kwargs, False)
Signature.bind_partial = lambda self, /, *args, **kwargs: _bind(self, args, kwargs, True)
Signature.from_callable = staticmethod(signature)


def _flag(obj, bit):
    while isinstance(obj, _MethodType):
        obj = obj.__func__
    while isinstance(obj, _partial):
        obj = obj.func
    return isinstance(obj, _FunctionType) and bool(obj.__code__.co_flags & bit)


CO_VARARGS, CO_VARKEYWORDS, CO_GENERATOR, CO_COROUTINE, CO_ASYNC_GENERATOR = 4, 8, 32, 128, 512


def isgeneratorfunction(obj):
    """Whether a call gives a generator."""
    return _flag(obj, CO_GENERATOR)


def iscoroutinefunction(obj):
    """Whether a call gives a coroutine."""
    return _flag(obj, CO_COROUTINE)


def isasyncgenfunction(obj):
    """Whether a call gives an asynchronous generator."""
    return _flag(obj, CO_ASYNC_GENERATOR)


def iscoroutine(obj):
    return type(obj).__name__ == "coroutine"


def isasyncgen(obj):
    return type(obj).__name__ == "async_generator"


def isawaitable(obj):
    return iscoroutine(obj) or hasattr(type(obj), "__await__")


def isabstract(obj):
    return isinstance(obj, type) and bool(getattr(obj, "__abstractmethods__", None))


def isdatadescriptor(obj):
    return not (isclass(obj) or ismethod(obj) or isfunction(obj)) and (hasattr(type(obj), "__set__") or hasattr(type(obj), "__delete__") or isinstance(obj, property))


def ismethoddescriptor(obj):
    return type(obj).__name__ == "method_descriptor"


def istraceback(obj):
    return type(obj).__name__ == "traceback"


def isframe(obj):
    return False


def iscode(obj):
    return type(obj).__name__ == "code"


def getmro(cls):
    """The classes that attributes are looked for in, in order."""
    return cls.__mro__


def unwrap(func, *, stop=None):
    """The function that wrappers are around."""
    while hasattr(func, "__wrapped__") and not (stop is not None and stop(func)):
        func = func.__wrapped__
    return func


def cleandoc(doc):
    """A documentation string without its indentation."""
    import textwrap

    first, _, rest = doc.expandtabs().partition("\n")
    lines = [first.lstrip()] + (textwrap.dedent(rest).split("\n") if rest else [])
    while lines and not lines[-1].strip():
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return "\n".join(lines)


def getmodule(obj, _filename=None):
    """The module that an object was defined in, or None."""
    import sys

    return obj if ismodule(obj) else sys.modules.get(getattr(obj, "__module__", None))


def getmodulename(path):
    """The name of the module in a file, or None."""
    import os

    stem, ending = os.path.splitext(os.path.basename(path))
    return stem if ending in (".py", ".star") else None


def getfile(obj):
    """The file that an object was defined in."""
    if ismodule(obj):
        if getattr(obj, "__file__", None):
            return obj.__file__
        raise TypeError(f"{obj!r} is a built-in module")
    if isclass(obj):
        module = getmodule(obj)
        if getattr(module, "__file__", None):
            return module.__file__
        raise TypeError(f"{obj!r} is a built-in class")
    while ismethod(obj):
        obj = obj.__func__
    if isfunction(obj):
        return obj.__code__.co_filename
    raise TypeError(f"module, class, method, function, traceback, frame, or code object was expected, got {type(obj).__name__}")


getsourcefile = getfile


def getsourcelines(obj):
    """The lines of an object's source, and the number of the first."""
    from _inspect import source

    obj = unwrap(obj) if not ismodule(obj) else obj
    text = source(getfile(obj))
    if text is None:
        raise OSError("could not get source code")
    lines = text.splitlines(True)
    if ismodule(obj):
        return lines, 0
    while ismethod(obj):
        obj = obj.__func__
    if isclass(obj):
        import re

        heads = [i for i, line in enumerate(lines) if re.match(rf"\s*class\s+{obj.__name__}\b", line)]
        if not heads:
            raise OSError("could not find class definition")
        start = heads[0]
    else:
        start = obj.__code__.co_firstlineno - 1
    while start > 0 and lines[start - 1].strip().startswith("@"):
        start -= 1
    indent = len(lines[start]) - len(lines[start].lstrip())
    end, body, depth = start, False, 0
    while end < len(lines):
        line = lines[end]
        bare = line.strip()
        own = len(line) - len(line.lstrip())
        if body and depth == 0 and bare and not bare.startswith("#") and own <= indent:
            break
        depth += sum(map(line.count, "([{")) - sum(map(line.count, ")]}"))
        body = body or depth == 0 and bare.endswith(":") and not bare.startswith("@")
        end += 1
        if not body and depth == 0 and not bare.startswith("@"):
            break
    while end > start and not lines[end - 1].strip():
        end -= 1
    return lines[start:end], start + 1


def getsource(obj):
    """The text of an object's source."""
    return "".join(getsourcelines(obj)[0])


class _FullArgSpec(tuple):
    _fields = ("args", "varargs", "varkw", "defaults", "kwonlyargs", "kwonlydefaults", "annotations")

    def __getattr__(self, name):
        if name in _FullArgSpec._fields:
            return self[_FullArgSpec._fields.index(name)]
        raise AttributeError(name)

    def __repr__(self):
        return f"FullArgSpec({', '.join([f'{n}={v!r}' for n, v in zip(_FullArgSpec._fields, self)])})"


def getfullargspec(func):
    """The names and the defaults of a function's parameters."""
    params = list(signature(func, follow_wrapped=False).parameters.values())
    if ismethod(func):
        params = list(signature(func.__func__, follow_wrapped=False).parameters.values())
    plain = [p for p in params if p.kind in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)]
    only = [p for p in params if p.kind == Parameter.KEYWORD_ONLY]
    named = lambda kind: next((p.name for p in params if p.kind == kind), None)
    return _FullArgSpec((
        [p.name for p in plain], named(Parameter.VAR_POSITIONAL), named(Parameter.VAR_KEYWORD),
        tuple([p.default for p in plain if p.default is not _empty]) or None, [p.name for p in only],
        {p.name: p.default for p in only if p.default is not _empty} or None,
        dict(getattr(func, "__annotations__", {}) or {})))


def get_annotations(obj, *, globals=None, locals=None, eval_str=False):
    """The annotations of a function, a class or a module."""
    found = obj.__dict__.get("__annotations__") if isclass(obj) else getattr(obj, "__annotations__", None)
    out = dict(found or {})
    if eval_str:
        import sys

        around = globals if globals is not None else getattr(sys.modules.get(getattr(obj, "__module__", None)), "__dict__", {})
        out = {k: eval(v, around, locals) if isinstance(v, str) else v for k, v in out.items()}
    return out


def currentframe():
    """The frame of the caller: None, since there are no frames to look at."""
    return None


def stack(context=1):
    """The frames of the callers: none are shown."""
    return []
