"""Container datatypes: namedtuple, deque, ChainMap, Counter, OrderedDict, defaultdict."""

from _collections import count as _count, deque, tuplegetter as _tuplegetter
from operator import itemgetter as _itemgetter

__all__ = ["ChainMap", "Counter", "OrderedDict", "UserDict", "UserList", "UserString", "defaultdict", "deque", "namedtuple"]

_KEYWORDS = frozenset("""False None True and as assert async await break class continue def del elif else except
finally for from global if import in is lambda nonlocal not or pass raise return try while with yield""".split())


class defaultdict(dict):
    """A dict that calls a factory for the value of a missing key."""

    def __init__(self, default_factory=None, /, *args, **kwargs):
        if default_factory is not None and not callable(default_factory):
            raise TypeError("first argument must be callable or None")
        dict.__init__(self, *args, **kwargs)
        self.default_factory = default_factory

    def __missing__(self, key):
        if self.default_factory is None:
            raise KeyError(key)
        value = self.default_factory()
        self[key] = value
        return value

    def __repr__(self):
        return f"defaultdict({self.default_factory!r}, {dict(self)!r})"

    def copy(self):
        return type(self)(self.default_factory, self)

    __copy__ = copy

    def __or__(self, other):
        if not isinstance(other, dict):
            return NotImplemented
        new = self.copy()
        new.update(other)
        return new


class OrderedDict(dict):
    """A dict whose order can be changed and matters for equality."""

    def move_to_end(self, key, last=True):
        value = self.pop(key)
        if last:
            self[key] = value
            return
        items = list(self.items())
        self.clear()
        self[key] = value
        for k, v in items:
            self[k] = v

    def popitem(self, last=True):
        if not self:
            raise KeyError("dictionary is empty")
        key = list(self)[-1] if last else next(iter(self))
        return key, self.pop(key)

    def __eq__(self, other):
        if isinstance(other, OrderedDict):
            return dict(self) == dict(other) and list(self) == list(other)
        if isinstance(other, dict):
            return dict(self) == dict(other)
        return NotImplemented

    def __ne__(self, other):
        equal = self.__eq__(other)
        return equal if equal is NotImplemented else not equal

    def __repr__(self):
        if not self:
            return f"{type(self).__name__}()"
        return f"{type(self).__name__}({list(self.items())!r})"

    def copy(self):
        return type(self)(self)

    __copy__ = copy

    @classmethod
    def fromkeys(cls, iterable, value=None):
        new = cls()
        for key in iterable:
            new[key] = value
        return new


class Counter(dict):
    """A dict of counts; a missing key counts zero."""

    def __init__(self, iterable=None, /, **kwds):
        dict.__init__(self)
        self.update(iterable, **kwds)

    def __missing__(self, key):
        return 0

    def update(self, iterable=None, /, **kwds):
        if isinstance(iterable, dict):
            for key, n in iterable.items():
                self[key] = self.get(key, 0) + n
        elif iterable is not None:
            _count(self, iterable)
        for key, n in kwds.items():
            self[key] = self.get(key, 0) + n

    def subtract(self, iterable=None, /, **kwds):
        if isinstance(iterable, dict):
            for key, n in iterable.items():
                self[key] = self.get(key, 0) - n
        elif iterable is not None:
            for key in iterable:
                self[key] = self.get(key, 0) - 1
        for key, n in kwds.items():
            self[key] = self.get(key, 0) - n

    def most_common(self, n=None):
        ranked = sorted(self.items(), key=_itemgetter(1), reverse=True)
        return ranked if n is None else ranked[:n]

    def elements(self):
        for key, n in self.items():
            for _ in range(n):
                yield key

    def total(self):
        return sum(self.values())

    def copy(self):
        return type(self)(self)

    __copy__ = copy

    @classmethod
    def fromkeys(cls, iterable, v=None):
        raise NotImplementedError("Counter.fromkeys() is undefined.  Use Counter(iterable) instead.")

    def __delitem__(self, key):
        if key in self:
            dict.__delitem__(self, key)

    def __repr__(self):
        if not self:
            return f"{type(self).__name__}()"
        shown = dict(self)
        try:
            shown = dict(self.most_common())
        except TypeError:
            pass  # counts that have no order
        return f"{type(self).__name__}({shown!r})"

    def _compare(self, other, holds):
        if not isinstance(other, Counter):
            return NotImplemented
        for key in list(self) + list(other):
            if not holds(self[key], other[key]):
                return False
        return True

    def __eq__(self, other):
        return self._compare(other, lambda a, b: a == b)

    def __ne__(self, other):
        equal = self.__eq__(other)
        return equal if equal is NotImplemented else not equal

    def __le__(self, other):
        return self._compare(other, lambda a, b: a <= b)

    def __ge__(self, other):
        return self._compare(other, lambda a, b: a >= b)

    def __lt__(self, other):
        le = self.__le__(other)
        return le if le is NotImplemented else le and self != other

    def __gt__(self, other):
        ge = self.__ge__(other)
        return ge if ge is NotImplemented else ge and self != other

    def _combine(self, other, count):
        if not isinstance(other, Counter):
            return NotImplemented
        result = Counter()
        for key, n in self.items():
            new = count(n, other[key])
            if new > 0:
                result[key] = new
        for key, n in other.items():
            if key not in self:
                new = count(0, n)
                if new > 0:
                    result[key] = new
        return result

    def __add__(self, other):
        return self._combine(other, lambda a, b: a + b)

    def __sub__(self, other):
        return self._combine(other, lambda a, b: a - b)

    def __or__(self, other):
        return self._combine(other, max)

    def __and__(self, other):
        return self._combine(other, min)

    def __pos__(self):
        return self + Counter()

    def __neg__(self):
        return Counter() - self

    def _replace_with(self, other):
        kept = dict(other)
        self.clear()
        for key, n in kept.items():
            self[key] = n
        return self

    def __iadd__(self, other):
        return self._replace_with(self + other)

    def __isub__(self, other):
        return self._replace_with(self - other)

    def __ior__(self, other):
        return self._replace_with(self | other)

    def __iand__(self, other):
        return self._replace_with(self & other)


class ChainMap:
    """Several mappings looked up one after the other; writes go to the first."""

    def __init__(self, *maps):
        self.maps = list(maps) or [{}]

    def __getitem__(self, key):
        for m in self.maps:
            if key in m:
                return m[key]
        return self.__missing__(key)

    def __missing__(self, key):
        raise KeyError(key)

    def get(self, key, default=None):
        return self[key] if key in self else default

    def _merged(self):
        merged = {}
        for m in reversed(self.maps):
            merged.update(m)
        return merged

    def __len__(self):
        return len(self._merged())

    def __iter__(self):
        return iter(self._merged())

    def __contains__(self, key):
        return any(key in m for m in self.maps)

    def __bool__(self):
        return any(self.maps)

    def __eq__(self, other):
        if isinstance(other, ChainMap):
            other = other._merged()
        return self._merged() == other

    def __repr__(self):
        return f"{type(self).__name__}({', '.join(map(repr, self.maps))})"

    def keys(self):
        return self._merged().keys()

    def values(self):
        return self._merged().values()

    def items(self):
        return self._merged().items()

    def new_child(self, m=None, **kwargs):
        first = kwargs if m is None else m
        if m is not None and kwargs:
            first.update(kwargs)
        return type(self)(first, *self.maps)

    def copy(self):
        first, *others = self.maps
        return type(self)(first.copy(), *others)

    __copy__ = copy

    @property
    def parents(self):
        return type(self)(*self.maps[1:])

    def __setitem__(self, key, value):
        self.maps[0][key] = value

    def __delitem__(self, key):
        if key not in self.maps[0]:
            raise KeyError(f"Key not found in the first mapping: {key!r}")
        del self.maps[0][key]

    def pop(self, key, *default):
        if key not in self.maps[0] and not default:
            raise KeyError(f"Key not found in the first mapping: {key!r}")
        return self.maps[0].pop(key, *default)

    def update(self, *args, **kwargs):
        self.maps[0].update(*args, **kwargs)

    def setdefault(self, key, default=None):
        if key not in self:
            self[key] = default
        return self[key]

    def clear(self):
        self.maps[0].clear()


class UserDict(dict):
    """A dict to derive from; data is the dict itself."""

    @property
    def data(self):
        return self


class UserList(list):
    """A list to derive from; data is the list itself."""

    @property
    def data(self):
        return self


class UserString:
    """Text to derive from; data is the text itself."""

    def __init__(self, seq):
        self.data = seq.data if isinstance(seq, UserString) else str(seq)

    def __str__(self):
        return self.data

    def __repr__(self):
        return repr(self.data)

    def __hash__(self):
        return hash(self.data)

    def __int__(self):
        return int(self.data)

    def __float__(self):
        return float(self.data)

    def __len__(self):
        return len(self.data)

    def __contains__(self, part):
        return _plain(part) in self.data

    def __iter__(self):
        return (type(self)(c) for c in self.data)

    def __getitem__(self, at):
        return type(self)(self.data[at])

    def __eq__(self, other):
        return self.data == _plain(other)

    def __lt__(self, other):
        return self.data < _plain(other)

    def __le__(self, other):
        return self.data <= _plain(other)

    def __gt__(self, other):
        return self.data > _plain(other)

    def __ge__(self, other):
        return self.data >= _plain(other)

    def __add__(self, other):
        return type(self)(self.data + str(other))

    def __radd__(self, other):
        return type(self)(str(other) + self.data)

    def __mul__(self, times):
        return type(self)(self.data * times)

    __rmul__ = __mul__

    def __mod__(self, values):
        return type(self)(self.data % values)

    def __format__(self, spec):
        return format(self.data, spec)


def _plain(value):
    return value.data if isinstance(value, UserString) else value


def _method_of_text(name, wraps):
    def method(self, *args, **kwargs):
        found = getattr(self.data, name)(*[_plain(a) for a in args], **kwargs)
        return type(self)(found) if wraps else found
    method.__name__ = name
    return method


for _name in "capitalize casefold center expandtabs ljust lower lstrip removeprefix removesuffix replace rjust rstrip strip swapcase title translate upper zfill".split():
    setattr(UserString, _name, _method_of_text(_name, True))
for _name in ("count encode endswith find format format_map index isalnum isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper "
              "join partition rfind rindex rpartition rsplit split splitlines startswith").split():
    setattr(UserString, _name, _method_of_text(_name, False))
del _name


def _field_names(typename, names, rename):
    if isinstance(names, str):
        names = names.replace(",", " ").split()
    names = [str(n) for n in names]
    seen = set()
    for i, name in enumerate(names):
        bad = not name.isidentifier() or name in _KEYWORDS or name.startswith("_") or name in seen
        if rename and bad:
            names[i] = f"_{i}"
        elif name in seen:
            raise ValueError(f"Encountered duplicate field name: {name!r}")
        elif not name.isidentifier():
            raise ValueError(f"Type names and field names must be valid identifiers: {name!r}")
        elif name in _KEYWORDS:
            raise ValueError(f"Type names and field names cannot be a keyword: {name!r}")
        elif bad:
            raise ValueError(f"Field names cannot start with an underscore: {name!r}")
        seen.add(names[i])
    if not typename.isidentifier():
        raise ValueError(f"Type names and field names must be valid identifiers: {typename!r}")
    return tuple(names)


def _bind_fields(typename, fields, defaults, args, kwargs):
    """The values of the fields for one call, with Python's errors."""
    if len(args) > len(fields):
        least = len(fields) + 1 - len(defaults)
        most = len(fields) + 1
        want = f"from {least} to {most}" if defaults else str(most)
        raise TypeError(f"{typename}.__new__() takes {want} positional arguments but {len(args) + 1} were given")
    values = list(args)
    missing = []
    used = 0
    for name in fields[len(args):]:
        if name in kwargs:
            values.append(kwargs[name])
            used += 1
        elif name in defaults:
            values.append(defaults[name])
        else:
            missing.append(repr(name))
    if used < len(kwargs):
        for name in kwargs:
            if name in fields[:len(args)]:
                raise TypeError(f"{typename}.__new__() got multiple values for argument {name!r}")
            if name not in fields:
                raise TypeError(f"{typename}.__new__() got an unexpected keyword argument {name!r}")
    if missing:
        listed = missing[0]
        if len(missing) == 2:
            listed = " and ".join(missing)
        elif len(missing) > 2:
            listed = ", ".join(missing[:-1]) + ", and " + missing[-1]
        plural = "s" if len(missing) > 1 else ""
        raise TypeError(f"{typename}.__new__() missing {len(missing)} required positional argument{plural}: {listed}")
    return values


def namedtuple(typename, field_names, *, rename=False, defaults=None, module=None):
    """A class of tuples whose elements have names."""
    typename = str(typename)
    fields = _field_names(typename, field_names, rename)
    default_values = {}
    if defaults is not None:
        given = tuple(defaults)
        if len(given) > len(fields):
            raise TypeError("Got more default values than field names")
        default_values = dict(zip(fields[len(fields) - len(given):], given))
    count = len(fields)

    def __new__(cls, *args, **kwargs):
        if kwargs or len(args) != count:
            args = _bind_fields(typename, fields, default_values, args, kwargs)
        return tuple.__new__(cls, args)

    def _make(cls, iterable):
        values = tuple(iterable)
        if len(values) != count:
            raise TypeError(f"Expected {count} arguments, got {len(values)}")
        return tuple.__new__(cls, values)

    def _replace(self, /, **kwds):
        values = [kwds.pop(name, value) for name, value in zip(fields, self)]
        if kwds:
            raise ValueError(f"Got unexpected field names: {list(kwds)!r}")
        return tuple.__new__(type(self), values)

    def _asdict(self):
        return dict(zip(fields, self))

    def __repr__(self):
        shown = ", ".join([f"{name}={value!r}" for name, value in zip(fields, self)])
        return f"{type(self).__name__}({shown})"

    def __getnewargs__(self):
        return tuple(self)

    namespace = {
        "__doc__": f"{typename}({', '.join(fields)})",
        "__module__": "__main__" if module is None else module,
        "__slots__": (),
        "_fields": fields,
        "_field_defaults": default_values,
        "__match_args__": fields,
        "__new__": __new__,
        "_make": classmethod(_make),
        "_replace": _replace,
        "_asdict": _asdict,
        "__repr__": __repr__,
        "__getnewargs__": __getnewargs__,
    }
    for i, name in enumerate(fields):
        namespace[name] = _tuplegetter(i, f"Alias for field number {i}")
    return type(typename, (tuple,), namespace)
