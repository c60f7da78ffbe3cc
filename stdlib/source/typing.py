"""Names for annotations. Annotations are not checked."""

import collections as _collections

TYPE_CHECKING = False


class _Joinable:
    """What X | Y makes a union of."""

    def __ror__(self, other):
        return Union[other, self]

    def __or__(self, other):
        return Union[self, other]


class _Alias(_Joinable):
    """A form with arguments: List[int]."""

    def __init__(self, form, args):
        self._form = form
        self._name = form._name
        self.__origin__ = form._origin
        self.__args__ = args
        self.__parameters__ = tuple([a for a in args if isinstance(a, TypeVar)])

    def __getitem__(self, params):
        if not isinstance(params, tuple):
            params = (params,)
        given = dict(zip(self.__parameters__, params))
        return _Alias(self._form, tuple([given.get(a, a) if isinstance(a, TypeVar) else a for a in self.__args__]))

    def __call__(self, *args, **kwargs):
        if not isinstance(self.__origin__, type):
            raise TypeError(f"Cannot instantiate typing.{self._name}")
        return self.__origin__(*args, **kwargs)

    def __mro_entries__(self, bases):
        if isinstance(self.__origin__, type):
            return (self.__origin__,)
        at = [i for i, b in enumerate(bases) if b is self][0]
        generic = any([isinstance(b, (_Alias, _Parameterized)) or isinstance(b, type) and issubclass(b, Generic) for b in bases[at + 1:]])
        return () if generic else (Generic,)

    def __eq__(self, other):
        if not isinstance(other, _Alias):
            return NotImplemented
        if self._name in ("Union", "Optional") and other._name in ("Union", "Optional"):
            return set(self.__args__) == set(other.__args__)
        return self._name == other._name and self.__args__ == other.__args__

    def __hash__(self):
        return hash((self._name, self.__args__))

    def __repr__(self):
        args = self.__args__
        if self._name == "Union" and len(args) == 2 and type(None) in args:
            other = args[0] if args[1] is type(None) else args[1]
            return f"typing.Optional[{_shown(other)}]"
        if self._name == "Literal":
            return f"typing.Literal[{', '.join([repr(a) for a in args])}]"
        if self._name == "Callable" and len(args) == 2 and isinstance(args[0], list):
            inner = ", ".join([_shown(a) for a in args[0]])
            return f"typing.Callable[[{inner}], {_shown(args[1])}]"
        return f"typing.{self._name}[{', '.join([_shown(a) for a in args])}]"


def _shown(a):
    if a is Ellipsis:
        return "..."
    if isinstance(a, type):
        return a.__name__ if a.__module__ == "builtins" else f"{a.__module__}.{a.__qualname__}"
    return repr(a)


class _Form(_Joinable):
    """A name that takes arguments in brackets."""

    def __init__(self, name, origin=None):
        self._name = name
        self._origin = self if origin is None else origin
        self.__name__ = name

    def __getitem__(self, params):
        if not isinstance(params, tuple):
            params = (params,)
        params = tuple([type(None) if p is None else p for p in params]) if self._name != "Literal" else params
        if self._name == "Optional":
            return Union[params[0], None]
        if self._name == "Union":
            return _union(self, params)
        return _Alias(self, params)

    def __call__(self, *args, **kwargs):
        if not isinstance(self._origin, type):
            raise TypeError(f"Cannot instantiate typing.{self._name}")
        return self._origin(*args, **kwargs)

    def __mro_entries__(self, bases):
        return (self._origin,) if isinstance(self._origin, type) else (object,)

    def __instancecheck__(self, obj):
        return isinstance(obj, self._origin)

    def __repr__(self):
        return f"typing.{self._name}"


def _union(form, params):
    flat = []
    for p in params:
        for a in p.__args__ if isinstance(p, _Alias) and p._name == "Union" else (p,):
            if a not in flat:
                flat.append(a)
    return flat[0] if len(flat) == 1 else _Alias(form, tuple(flat))


class TypeVar(_Joinable):
    """A variable that stands for a type."""

    def __init__(self, name, *constraints, bound=None, covariant=False, contravariant=False):
        self.__name__ = name
        self.__constraints__ = constraints
        self.__bound__ = bound

    def __repr__(self):
        return "~" + self.__name__


class ParamSpec(TypeVar):
    @property
    def args(self):
        return self

    @property
    def kwargs(self):
        return self


class TypeVarTuple(TypeVar):
    def __iter__(self):
        yield self


Any = _Form("Any")
Union = _Form("Union")
Optional = _Form("Optional")
Callable = _Form("Callable")
Literal = _Form("Literal")
LiteralString = _Form("LiteralString")
Final = _Form("Final")
ClassVar = _Form("ClassVar")
Annotated = _Form("Annotated")
Concatenate = _Form("Concatenate")
TypeGuard = _Form("TypeGuard")
Required = _Form("Required")
NotRequired = _Form("NotRequired")
Unpack = _Form("Unpack")
TypeAlias = _Form("TypeAlias")
Never = _Form("Never")
NoReturn = _Form("NoReturn")
Self = _Form("Self")
List = _Form("List", list)
Dict = _Form("Dict", dict)
Set = _Form("Set", set)
FrozenSet = _Form("FrozenSet", frozenset)
Tuple = _Form("Tuple", tuple)
Type = _Form("Type", type)
DefaultDict = _Form("DefaultDict", _collections.defaultdict)
OrderedDict = _Form("OrderedDict", _collections.OrderedDict)
Counter = _Form("Counter", _collections.Counter)
ChainMap = _Form("ChainMap", _collections.ChainMap)
Deque = _Form("Deque", _collections.deque)
Text = str
AnyStr = TypeVar("AnyStr", bytes, str)

Iterable = _Form("Iterable")
Iterator = _Form("Iterator")
Generator = _Form("Generator")
Sequence = _Form("Sequence")
MutableSequence = _Form("MutableSequence")
Mapping = _Form("Mapping")
MutableMapping = _Form("MutableMapping")
AbstractSet = _Form("AbstractSet")
MutableSet = _Form("MutableSet")
Collection = _Form("Collection")
Container = _Form("Container")
Hashable = _Form("Hashable")
Sized = _Form("Sized")
Reversible = _Form("Reversible")
KeysView = _Form("KeysView")
ValuesView = _Form("ValuesView")
ItemsView = _Form("ItemsView")
Awaitable = _Form("Awaitable")
Coroutine = _Form("Coroutine")
AsyncIterator = _Form("AsyncIterator")
AsyncIterable = _Form("AsyncIterable")
AsyncGenerator = _Form("AsyncGenerator")
ContextManager = _Form("ContextManager")
IO = _Form("IO")
TextIO = _Form("TextIO")
BinaryIO = _Form("BinaryIO")
Pattern = _Form("Pattern")
Match = _Form("Match")
SupportsInt = _Form("SupportsInt")
SupportsFloat = _Form("SupportsFloat")
SupportsIndex = _Form("SupportsIndex")
SupportsAbs = _Form("SupportsAbs")


class Generic:
    """A base of classes that take types in brackets."""

    def __class_getitem__(cls, params):
        return _Parameterized(cls, params if isinstance(params, tuple) else (params,))


class _Parameterized(_Joinable):
    """A generic class with its types: calling it makes an instance of the class."""

    def __init__(self, origin, args):
        self.__origin__ = origin
        self.__args__ = args
        self._name = origin.__name__

    def __call__(self, *args, **kwargs):
        return self.__origin__(*args, **kwargs)

    def __getattr__(self, name):
        return getattr(self.__origin__, name)

    def __mro_entries__(self, bases):
        return (self.__origin__,)

    def __repr__(self):
        return f"{self.__origin__.__module__}.{self.__origin__.__qualname__}[{', '.join([_shown(a) for a in self.__args__])}]"


class _ProtocolMeta(type):
    def __instancecheck__(cls, obj):
        if cls in type(obj).__mro__:
            return True
        if not getattr(cls, "_is_runtime_protocol", False):
            return False
        return all(hasattr(obj, name) for name in _protocol_names(cls))


def _protocol_names(cls):
    names = []
    for c in cls.__mro__:
        if c in (Protocol, Generic, object):
            continue
        for name in list(vars(c)) + list(vars(c).get("__annotations__", {})):
            if name not in names and (not name.startswith("_") or name.startswith("__")) and name not in _NOT_PROTOCOL:
                names.append(name)
    return names


_NOT_PROTOCOL = {"__module__", "__doc__", "__qualname__", "__annotations__", "__dict__", "__weakref__", "__init__", "__slots__", "__hash__"}


class Protocol(Generic, metaclass=_ProtocolMeta):
    """A base of classes that describe what objects must have."""


def runtime_checkable(cls):
    """Let isinstance look for the names that a protocol has."""
    cls._is_runtime_protocol = True
    return cls


class _NamedTupleMeta(type):
    def __new__(mcls, name, bases, namespace):
        if not bases or bases == (object,):
            return type.__new__(mcls, name, bases, namespace)
        annotations = namespace.get("__annotations__", {})
        fields = list(annotations)
        defaults = []
        for field in fields:
            if field in namespace:
                defaults.append(namespace[field])
            elif defaults:
                raise TypeError(f"Non-default namedtuple field {field} cannot follow default field{'s' if len(defaults) > 1 else ''} "
                                f"{', '.join([f for f in fields if f in namespace])}")
        made = _collections.namedtuple(name, fields, defaults=defaults, module=namespace.get("__module__"))
        for key, value in namespace.items():
            if key in ("__new__", "__init__", "__slots__", "_fields", "_make", "_replace", "_asdict"):
                raise AttributeError("Cannot overwrite NamedTuple attribute " + key)
            if key not in fields and key not in ("__module__", "__qualname__", "__dict__", "__weakref__"):
                setattr(made, key, value)
        made.__annotations__ = annotations
        return made

    def __call__(cls, typename, fields=(), **kwargs):
        pairs = list(fields) if fields else list(kwargs.items())
        made = _collections.namedtuple(typename, [name for name, _ in pairs])
        made.__annotations__ = dict(pairs)
        return made


class NamedTuple(metaclass=_NamedTupleMeta):
    """A base of classes of tuples with named elements."""


class _TypedDictMeta(type):
    def __new__(mcls, name, bases, namespace, total=True):
        made = type.__new__(mcls, name, (), namespace)
        annotations = {}
        for base in bases:
            annotations.update(getattr(base, "__annotations__", {}))
        annotations.update(namespace.get("__annotations__", {}))
        made.__annotations__ = annotations
        made.__total__ = total
        return made

    def __init__(cls, name, bases, namespace, total=True):
        pass

    def __call__(cls, *args, **kwargs):
        if cls is TypedDict:
            return _TypedDictMeta(args[0], (), {"__annotations__": dict(args[1]) if len(args) > 1 else kwargs})
        return dict(*args, **kwargs)

    def __instancecheck__(cls, obj):
        raise TypeError("TypedDict does not support instance and class checks")


class TypedDict(metaclass=_TypedDictMeta):
    """A base of classes that describe dicts."""


class NewType:
    """A name for a type that is to be told from it."""

    def __init__(self, name, tp):
        self.__name__ = name
        self.__supertype__ = tp

    def __call__(self, x):
        return x

    def __or__(self, other):
        return Union[self, other]

    def __repr__(self):
        return f"__main__.{self.__name__}"


class ForwardRef:
    def __init__(self, arg):
        self.__forward_arg__ = arg

    def __repr__(self):
        return f"ForwardRef({self.__forward_arg__!r})"


def cast(typ, val):
    """val itself."""
    return val


def overload(func):
    """A signature of a function defined below: calling it is an error."""
    def stub(*args, **kwds):
        raise NotImplementedError("You should not call an overloaded function. A series of @overload-decorated functions "
                                  "outside a stub module should always be followed by an implementation that is not @overload-ed.")
    return stub


def _itself(x):
    return x


final = _itself
no_type_check = _itself
override = _itself


def assert_never(arg):
    raise AssertionError(f"Expected code to be unreachable, but got: {arg!r}")


def assert_type(val, typ):
    return val


def reveal_type(obj):
    import sys
    print(f"Runtime type is {type(obj).__name__!r}", file=sys.stderr)
    return obj


def dataclass_transform(**kwargs):
    return _itself


def get_origin(tp):
    """The form of a form with arguments."""
    return getattr(tp, "__origin__", None)


def get_args(tp):
    """The arguments of a form with arguments."""
    return getattr(tp, "__args__", ())


def get_type_hints(obj, globalns=None, localns=None, include_extras=False):
    """The annotations of a class, its bases included, or of another object."""
    if not isinstance(obj, type):
        return dict(getattr(obj, "__annotations__", {}))
    hints = {}
    for cls in reversed(obj.__mro__):
        hints.update(vars(cls).get("__annotations__", {}) if cls is not object else {})
    return hints
