"""Classes made of annotated fields."""

from _dataclasses import comparer as _comparer, initializer as _initializer

__all__ = ["FrozenInstanceError", "InitVar", "KW_ONLY", "MISSING", "Field", "asdict", "astuple", "dataclass", "field",
           "fields", "is_dataclass", "make_dataclass", "replace"]


class FrozenInstanceError(AttributeError):
    pass


class _Missing:
    def __repr__(self):
        return "<dataclasses._MISSING_TYPE object>"


class _KeywordOnly:
    pass


MISSING = _Missing()
KW_ONLY = _KeywordOnly()


class InitVar:
    """A field that is passed to __post_init__ and not stored."""

    def __init__(self, type):
        self.type = type

    def __class_getitem__(cls, type):
        return InitVar(type)

    def __repr__(self):
        return f"dataclasses.InitVar[{getattr(self.type, '__name__', repr(self.type))}]"


class Field:
    """What is known of one field."""

    def __init__(self, default, default_factory, init, repr, hash, compare, metadata, kw_only):
        vars(self).update(
            name=None, type=None, default=default, default_factory=default_factory, init=init, repr=repr, hash=hash,
            compare=compare, metadata={} if metadata is None else metadata, kw_only=kw_only, _kind="field")

    def __repr__(self):
        return (f"Field(name={self.name!r},type={self.type!r},default={self.default!r},"
                f"default_factory={self.default_factory!r},init={self.init!r},repr={self.repr!r},"
                f"hash={self.hash!r},compare={self.compare!r},metadata={self.metadata!r},kw_only={self.kw_only!r})")

    def _has_default(self):
        return self.default is not MISSING or self.default_factory is not MISSING


def field(*, default=MISSING, default_factory=MISSING, init=True, repr=True, hash=None, compare=True, metadata=None, kw_only=MISSING):
    """Say more about a field than its annotation and default do."""
    if default is not MISSING and default_factory is not MISSING:
        raise ValueError("cannot specify both default and default_factory")
    return Field(default, default_factory, init, repr, hash, compare, metadata, kw_only)


def _is(annotation, kind, name):
    """Whether an annotation, which may be text, is of one of the special kinds."""
    if isinstance(annotation, str):
        return annotation.split("[")[0].split(".")[-1].strip() == name
    return isinstance(annotation, kind) or annotation is kind


def _is_classvar(annotation):
    if isinstance(annotation, str):
        return annotation.split("[")[0].split(".")[-1].strip() == "ClassVar"
    return getattr(annotation, "_name", None) == "ClassVar" or getattr(getattr(annotation, "__origin__", None), "_name", None) == "ClassVar"


def _own_field(cls, name, annotation, kw_only):
    default = vars(cls).get(name, MISSING)
    if isinstance(default, Field):
        f = default
    else:
        f = field(default=default)
    f.name = name
    f.type = annotation
    if _is_classvar(annotation):
        f._kind = "class"
    elif _is(annotation, InitVar, "InitVar"):
        f._kind = "init"
    if f._kind != "field" and f.default_factory is not MISSING:
        raise TypeError(f"field {name} cannot have a default factory")
    if f.kw_only is MISSING:
        f.kw_only = kw_only
    if f._kind == "field" and isinstance(f.default, (list, dict, set)):
        raise ValueError(f"mutable default {type(f.default)} for field {name} is not allowed: use default_factory")
    return f


def _collect(cls, kw_only):
    """All fields: those of the bases first, in the order of definition."""
    found = {}
    for base in reversed(cls.__mro__[1:]):
        for f in getattr(base, "__dataclass_fields__", {}).values() if "__dataclass_fields__" in vars(base) else ():
            found[f.name] = f
    annotations = vars(cls).get("__annotations__", {})
    for name, annotation in annotations.items():
        if annotation is KW_ONLY or _is(annotation, _KeywordOnly, "KW_ONLY"):
            kw_only = True
            continue
        f = _own_field(cls, name, annotation, kw_only)
        found[name] = f
        if isinstance(vars(cls).get(name), Field):
            if f.default is MISSING:
                delattr(cls, name)
            else:
                setattr(cls, name, f.default)
    for name, value in list(vars(cls).items()):
        if isinstance(value, Field) and name not in annotations:
            raise TypeError(f"{name!r} is a field but has no type annotation")
    return found


def _listed(names):
    names = [repr(n) for n in names]
    if len(names) <= 2:
        return " and ".join(names)
    return ", ".join(names[:-1]) + ", and " + names[-1]


def _make_init(cls, all_fields, frozen):
    taken = [f for f in all_fields if f.init and f._kind != "class"]
    positional = [f for f in taken if not f.kw_only]
    keyword = [f for f in taken if f.kw_only]
    names = [f.name for f in positional]
    known = {f.name for f in taken}
    where = f"{cls.__qualname__}.__init__()"
    required = len([f for f in positional if not f._has_default()])
    seen_default = False
    for f in positional:
        if f._has_default():
            seen_default = True
        elif seen_default:
            raise TypeError(f"non-default argument {f.name!r} follows default argument")

    def bind(args, kwargs):
        if len(args) > len(names):
            most = len(names) + 1
            want = str(most) if required == len(names) else f"from {required + 1} to {most}"
            plural = "" if most == 1 else "s"
            raise TypeError(f"{where} takes {want} positional argument{plural} but {len(args) + 1} were given")
        values = dict(zip(names, args))
        for name, value in kwargs.items():
            if name not in known:
                raise TypeError(f"{where} got an unexpected keyword argument {name!r}")
            if name in values:
                raise TypeError(f"{where} got multiple values for argument {name!r}")
            values[name] = value
        for kind, group in (("positional", positional), ("keyword-only", keyword)):
            missing = [f.name for f in group if f.name not in values and not f._has_default()]
            if missing:
                plural = "s" if len(missing) > 1 else ""
                raise TypeError(f"{where} missing {len(missing)} required {kind} argument{plural}: {_listed(missing)}")
        return values

    def shown(f):
        return (f.name, f._kind == "field", f.init, f.kw_only, () if f.default is MISSING else (f.default,),
                () if f.default_factory is MISSING else (f.default_factory,))

    return _initializer([shown(f) for f in all_fields if f._kind == "field" or f._kind == "init"], frozen, bind)


def _make_repr(shown):
    def __repr__(self):
        text = ", ".join([f"{name}={getattr(self, name)!r}" for name in shown])
        return f"{type(self).__qualname__}({text})"
    return __repr__


def _values(obj, names):
    return tuple([getattr(obj, name) for name in names])


def _make_order(compared):
    def lt(self, other):
        if type(other) is type(self):
            return _values(self, compared) < _values(other, compared)
        return NotImplemented

    def le(self, other):
        if type(other) is type(self):
            return _values(self, compared) <= _values(other, compared)
        return NotImplemented

    def gt(self, other):
        if type(other) is type(self):
            return _values(self, compared) > _values(other, compared)
        return NotImplemented

    def ge(self, other):
        if type(other) is type(self):
            return _values(self, compared) >= _values(other, compared)
        return NotImplemented

    return {"__lt__": lt, "__le__": le, "__gt__": gt, "__ge__": ge}


def _make_frozen(cls, names):
    def __setattr__(self, name, value):
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")
        object.__setattr__(self, name, value)

    def __delattr__(self, name):
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot delete field {name!r}")
        object.__delattr__(self, name)

    return __setattr__, __delattr__


def _check_frozen(cls, frozen):
    for base in cls.__mro__[1:]:
        params = vars(base).get("__dataclass_params__") if base is not object else None
        if params is not None and params["frozen"] != frozen:
            if frozen:
                raise TypeError("cannot inherit frozen dataclass from a non-frozen one")
            raise TypeError("cannot inherit non-frozen dataclass from a frozen one")


def _process(cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots):
    if order and not eq:
        raise ValueError("eq must be true if order is true")
    _check_frozen(cls, frozen)
    has_hash = "__hash__" in vars(cls) and not (vars(cls)["__hash__"] is None and "__eq__" in vars(cls))
    found = _collect(cls, kw_only)
    cls.__dataclass_fields__ = found
    cls.__dataclass_params__ = {"init": init, "repr": repr, "eq": eq, "order": order, "frozen": frozen}
    everything = list(found.values())
    stored = [f for f in everything if f._kind == "field"]
    if init and "__init__" not in vars(cls):
        cls.__init__ = _make_init(cls, everything, frozen)
    if repr and "__repr__" not in vars(cls):
        cls.__repr__ = _make_repr([f.name for f in stored if f.repr])
    compared = [f.name for f in stored if f.compare]
    if eq and "__eq__" not in vars(cls):
        cls.__eq__ = _comparer(compared)
    if order:
        for name, method in _make_order(compared).items():
            if name in vars(cls):
                raise TypeError(f"Cannot overwrite attribute {name} in class {cls.__name__}. Consider using functools.total_ordering")
            setattr(cls, name, method)
    if frozen:
        for name in ("__setattr__", "__delattr__"):
            if name in vars(cls):
                raise TypeError(f"Cannot overwrite attribute {name} in class {cls.__name__}")
        cls.__setattr__, cls.__delattr__ = _make_frozen(cls, set(found))
    hashed = [f.name for f in stored if (f.compare if f.hash is None else f.hash)]
    if unsafe_hash or (eq and frozen and not has_hash):
        cls.__hash__ = lambda self: hash(_values(self, hashed))
    elif eq and not has_hash:
        cls.__hash__ = None
    if match_args and "__match_args__" not in vars(cls):
        cls.__match_args__ = tuple([f.name for f in everything if f.init and not f.kw_only and f._kind != "class"])
    return cls


def dataclass(cls=None, /, *, init=True, repr=True, eq=True, order=False, unsafe_hash=False, frozen=False,
              match_args=True, kw_only=False, slots=False, weakref_slot=False):
    """A class decorator that writes __init__, __repr__, __eq__ and more from the fields."""
    def decorate(cls):
        return _process(cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots)
    return decorate if cls is None else decorate(cls)


def fields(class_or_instance):
    """The fields of a dataclass or of an instance of one."""
    found = getattr(class_or_instance, "__dataclass_fields__", None)
    if found is None:
        raise TypeError("must be called with a dataclass type or instance")
    return tuple([f for f in found.values() if f._kind == "field"])


def is_dataclass(obj):
    """Whether obj is a dataclass or an instance of one."""
    cls = obj if isinstance(obj, type) else type(obj)
    return hasattr(cls, "__dataclass_fields__")


def _is_instance(obj):
    return hasattr(type(obj), "__dataclass_fields__")


def _convert(obj, collect, convert_mapping):
    if _is_instance(obj):
        return collect([(f.name, _convert(getattr(obj, f.name), collect, convert_mapping)) for f in fields(obj)])
    if isinstance(obj, tuple) and hasattr(obj, "_fields"):
        return type(obj)(*[_convert(v, collect, convert_mapping) for v in obj])
    if isinstance(obj, (list, tuple)):
        return type(obj)([_convert(v, collect, convert_mapping) for v in obj])
    if isinstance(obj, dict):
        pairs = [(_convert(k, collect, convert_mapping), _convert(v, collect, convert_mapping)) for k, v in obj.items()]
        if hasattr(type(obj), "__missing__") and hasattr(obj, "default_factory"):
            return type(obj)(obj.default_factory, pairs)
        return type(obj)(pairs)
    import copy
    return copy.deepcopy(obj)


def asdict(obj, *, dict_factory=dict):
    """The fields of an instance as a dict, nested dataclasses too."""
    if not _is_instance(obj):
        raise TypeError("asdict() should be called on dataclass instances")
    return _convert(obj, dict_factory, dict)


def astuple(obj, *, tuple_factory=tuple):
    """The fields of an instance as a tuple, nested dataclasses too."""
    if not _is_instance(obj):
        raise TypeError("astuple() should be called on dataclass instances")
    return _convert(obj, lambda pairs: tuple_factory([v for _, v in pairs]), dict)


def replace(obj, /, **changes):
    """A copy of an instance with some fields changed."""
    if not _is_instance(obj):
        raise TypeError("replace() should be called on dataclass instances")
    for name, f in obj.__dataclass_fields__.items():
        if f._kind == "class":
            continue
        if name in changes:
            if not f.init:
                raise ValueError(f"field {name} is declared with init=False, it cannot be specified with replace()")
        elif f._kind == "init" and f.default is MISSING:
            raise ValueError(f"InitVar {name!r} must be specified with replace()")
        elif f.init:
            changes[name] = getattr(obj, name)
    return type(obj)(**changes)


def make_dataclass(cls_name, fields, *, bases=(), namespace=None, **options):
    """A dataclass from a list of names, (name, type) or (name, type, field)."""
    body = dict(namespace or {})
    annotations = {}
    for item in fields:
        if isinstance(item, str):
            annotations[item] = "typing.Any"
            continue
        annotations[item[0]] = item[1]
        if len(item) == 3:
            body[item[0]] = item[2]
    body["__annotations__"] = annotations
    return dataclass(**options)(type(cls_name, bases, body))
