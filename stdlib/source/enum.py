"""Enumerations."""

__all__ = ["Enum", "EnumMeta", "EnumType", "Flag", "IntEnum", "IntFlag", "StrEnum", "auto", "member", "nonmember", "unique"]


class auto:
    """A value chosen for the member."""


class nonmember:
    def __init__(self, value):
        self.value = value


class member:
    def __init__(self, value):
        self.value = value


def _is_descriptor(value):
    return (hasattr(type(value), "__get__") or isinstance(value, (property, classmethod, staticmethod, type(lambda: None)))
            or isinstance(value, type))


class EnumMeta(type):
    """The type of enumerations: iterating over one gives its members."""

    def __new__(mcls, name, bases, namespace, **kwds):
        members = {}
        body = {}
        ignored = namespace.get("_ignore_", ())
        for key, value in namespace.items():
            if isinstance(value, nonmember):
                body[key] = value.value
            elif isinstance(value, member):
                members[key] = value.value
            elif key.startswith("_") or _is_descriptor(value) or key in ignored:
                body[key] = value
            else:
                members[key] = value
        for base in bases:
            if getattr(base, "_member_map_", None) and members:
                raise TypeError(f"<enum {name!r}> cannot extend {base!r}")
        cls = type.__new__(mcls, name, bases, body, **kwds)
        cls._member_map_ = {}
        cls._member_names_ = []
        cls._value2member_map_ = []
        last = []
        for key, value in members.items():
            if isinstance(value, auto):
                value = cls._generate_next_value_(key, 1, len(last), last)
            last.append(value)
            mcls._add_member(cls, key, value)
        return cls

    def _add_member(cls, key, value):
        for known, existing in cls._value2member_map_:
            if type(known) is type(value) and known == value:
                cls._member_map_[key] = existing
                type.__setattr__(cls, key, existing)
                return
        data = cls._data_type()
        args = value if isinstance(value, tuple) else (value,)
        if "__new__" in _own_methods(cls):
            obj = cls.__new__(cls, *args)
        elif data is object:
            obj = object.__new__(cls)
        else:
            obj = data.__new__(cls, *args)
        if not hasattr(obj, "_value_"):
            obj._value_ = value if data is object or isinstance(value, data) else data(*args)
        obj._name_ = key
        if "__init__" in _own_methods(cls):
            obj.__init__(*args)
        cls._member_map_[key] = obj
        cls._member_names_.append(key)
        cls._value2member_map_.append((obj._value_, obj))
        type.__setattr__(cls, key, obj)

    def _data_type(cls):
        for c in cls.__mro__:
            if c in (int, str, float, bytes, tuple):
                return c
        return object

    def __call__(cls, value, names=None, *, module=None, qualname=None, type=None, start=1):
        if names is None:
            return cls._lookup_value(value)
        if isinstance(names, str):
            names = names.replace(",", " ").split()
        pairs = names.items() if isinstance(names, dict) else [
            n if isinstance(n, (tuple, list)) else (n, i) for i, n in enumerate(names, start)]
        bases = (cls,) if type is None else (type, cls)
        return EnumMeta(value, bases, dict(pairs, __module__=module or "__main__"))

    def _lookup_value(cls, value):
        if isinstance(value, cls):
            return value
        for known, obj in cls._value2member_map_:
            if known == value:
                return obj
        found = cls._missing_(value)
        if isinstance(found, cls):
            return found
        raise ValueError(f"{value!r} is not a valid {cls.__qualname__}")

    def __getitem__(cls, name):
        return cls._member_map_[name]

    def __iter__(cls):
        return iter([cls._member_map_[n] for n in cls._member_names_])

    def __reversed__(cls):
        return iter([cls._member_map_[n] for n in reversed(cls._member_names_)])

    def __len__(cls):
        return len(cls._member_names_)

    def __bool__(cls):
        return True

    def __contains__(cls, value):
        return isinstance(value, cls) or any(known == value for known, _ in cls._value2member_map_)

    @property
    def __members__(cls):
        return dict(cls._member_map_)

    def __setattr__(cls, name, value):
        if name in cls.__dict__.get("_member_map_", {}):
            raise AttributeError(f"cannot reassign member {name!r}")
        type.__setattr__(cls, name, value)

    def __repr__(cls):
        return f"<enum {cls.__name__!r}>"


def _own_methods(cls):
    """The names that enumerations of the script define, not those of this module."""
    names = set()
    for c in cls.__mro__:
        if isinstance(c, EnumMeta) and c.__module__ != "enum":
            names.update(vars(c))
    return names


EnumType = EnumMeta


class Enum(metaclass=EnumMeta):
    """A base of enumerations."""

    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        for last in reversed(last_values):
            if isinstance(last, int):
                return max([v for v in last_values if isinstance(v, int)]) + 1
        return start

    @classmethod
    def _missing_(cls, value):
        return None

    @property
    def value(self):
        return self._value_

    @property
    def name(self):
        return self._name_

    def __repr__(self):
        return f"<{type(self).__name__}.{self._name_}: {self._value_!r}>"

    def __str__(self):
        return f"{type(self).__name__}.{self._name_}"

    def __format__(self, spec):
        return str(self).__format__(spec)

    def __hash__(self):
        if isinstance(self, (int, str, float, bytes, tuple)):
            return hash(self._value_)  # a member that is also a value is found as one
        return hash(self._name_)

    def __eq__(self, other):
        if self is other:
            return True
        return NotImplemented

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self


class IntEnum(int, Enum):
    """Members that are ints."""

    def __str__(self):
        return int.__repr__(self._value_)

    def __format__(self, spec):
        return format(self._value_, spec)

    def __eq__(self, other):
        return self._value_ == (other._value_ if isinstance(other, IntEnum) else other)

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash(self._value_)


class StrEnum(str, Enum):
    """Members that are strs."""

    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        return name.lower()

    def __str__(self):
        return self._value_

    def __format__(self, spec):
        return format(self._value_, spec)

    def __eq__(self, other):
        return self._value_ == (other._value_ if isinstance(other, StrEnum) else other)

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash(self._value_)


class Flag(Enum):
    """Members that combine with |, & and ^."""

    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        if not last_values:
            return start
        return 1 << max(last_values).bit_length()

    @classmethod
    def _missing_(cls, value):
        if not isinstance(value, int):
            return None
        known = 0
        for v, _ in cls._value2member_map_:
            known |= v
        if value < 0:
            value = known & value
        if value & ~known and not issubclass(cls, int):
            raise ValueError(f"{value!r} is not a valid {cls.__qualname__}")
        obj = int.__new__(cls, value) if issubclass(cls, int) else object.__new__(cls)
        names = [m._name_ for m in cls if m._value_ and m._value_ & value == m._value_ and m._value_ & (m._value_ - 1) == 0]
        if value & ~known:
            names.append(str(value & ~known))
        obj._value_ = value
        obj._name_ = "|".join(names) if names else None
        cls._value2member_map_.append((value, obj))
        return obj

    def _other(self, other):
        if isinstance(other, type(self)):
            return other._value_
        if isinstance(self, int) and isinstance(other, int):
            return other
        return None

    def _combined(self, other, combine):
        value = self._other(other)
        return NotImplemented if value is None else type(self)(combine(self._value_, value))

    def __or__(self, other):
        return self._combined(other, lambda a, b: a | b)

    def __and__(self, other):
        return self._combined(other, lambda a, b: a & b)

    def __xor__(self, other):
        return self._combined(other, lambda a, b: a ^ b)

    __ror__ = __or__
    __rand__ = __and__
    __rxor__ = __xor__

    def __invert__(self):
        return type(self)(~self._value_)

    def __contains__(self, other):
        return other._value_ & self._value_ == other._value_

    def __iter__(self):
        for m in type(self):
            if m._value_ and m._value_ & self._value_ == m._value_ and m._value_ & (m._value_ - 1) == 0:
                yield m

    def __len__(self):
        return bin(self._value_).count("1")

    def __bool__(self):
        return bool(self._value_)

    def __repr__(self):
        if self._name_ is None:
            return f"<{type(self).__name__}: {self._value_}>"
        return f"<{type(self).__name__}.{self._name_}: {self._value_}>"

    def __str__(self):
        if self._name_ is None:
            return f"{type(self).__name__}(0)"
        return f"{type(self).__name__}.{self._name_}"


class IntFlag(int, Flag):
    """Flags that are ints."""

    def __str__(self):
        return int.__repr__(self._value_)

    def __format__(self, spec):
        return format(self._value_, spec)

    def __eq__(self, other):
        return self._value_ == (other._value_ if isinstance(other, IntFlag) else other)

    def __hash__(self):
        return hash(self._value_)


def unique(enumeration):
    """A decorator that refuses two names for one value."""
    doubles = [f"{name} -> {m.name}" for name, m in enumeration.__members__.items() if name != m.name]
    if doubles:
        raise ValueError(f"duplicate values found in {enumeration!r}: {', '.join(doubles)}")
    return enumeration
