"""Objects that stand in for others in tests, and remember how they were used."""

import builtins
import contextlib
import importlib
import inspect
import io
import sys
from unittest.util import short

__all__ = ["ANY", "DEFAULT", "AsyncMock", "FILTER_DIR", "MagicMock", "Mock", "NonCallableMagicMock", "NonCallableMock", "PropertyMock",
           "call", "create_autospec", "mock_open", "patch", "seal", "sentinel"]

FILTER_DIR = True


class InvalidSpecError(Exception):
    """A mock was to be a specification."""


class _Sentinel:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return f"sentinel.{self.name}"


class _Sentinels:
    """Objects that are only themselves, by name."""

    def __init__(self):
        self._made = {}

    def __getattr__(self, name):
        if name == "__bases__":
            raise AttributeError(name)
        return self._made.setdefault(name, _Sentinel(name))


sentinel = _Sentinels()
DEFAULT = sentinel.DEFAULT
_missing = sentinel.MISSING
_deleted = sentinel.DELETED


class _Any:
    """Equal to everything."""

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __hash__(self):
        return 0

    def __repr__(self):
        return "<ANY>"


ANY = _Any()


class _Call(tuple):
    """A call: its name, its arguments, its keywords. It compares with shorter tuples, too."""

    def __new__(cls, value=(), name="", parent=None, two=False, from_kall=True):
        args, kwargs = (), {}
        for part in value:
            if isinstance(part, str):
                name = part
            elif isinstance(part, tuple):
                args = part
            else:
                kwargs = part
        return tuple.__new__(cls, (args, kwargs) if two else (name, args, kwargs))

    def __init__(self, value=(), name=None, parent=None, two=False, from_kall=True):
        self._mock_name, self._mock_parent, self._mock_from_kall = name, parent, from_kall

    def _parts(self):
        return ("", *self) if len(self) == 2 else tuple(self)

    @property
    def args(self):
        return self._parts()[1]

    @property
    def kwargs(self):
        return self._parts()[2]

    def __eq__(self, other):
        if not isinstance(other, tuple):
            return NotImplemented
        name, args, kwargs = self._parts()
        try:
            other_name, other_args, other_kwargs = _Call(other)._parts() if not isinstance(other, _Call) else other._parts()
        except TypeError:
            return False
        if len(other) > 3:
            return False
        if name and other_name and name != other_name:
            return False
        if isinstance(other, _Call) and isinstance(self, _Call) and bool(name) != bool(other_name) and len(self) == 3 and len(other) == 3:
            return False
        return (args, kwargs) == (other_args, other_kwargs)

    def __ne__(self, other):
        equal = self.__eq__(other)
        return equal if equal is NotImplemented else not equal

    def __hash__(self):
        return hash(self._parts()[0])

    def __call__(self, *args, **kwargs):
        if self._mock_name is None:
            return _Call(("", args, kwargs), name="()")
        return _Call((self._mock_name, args, kwargs), name=self._mock_name + "()", parent=self)

    def __getattr__(self, attr):
        if attr.startswith("__"):
            raise AttributeError(attr)
        name = attr if self._mock_name is None else f"{self._mock_name}.{attr}"
        return _Call(name=name, parent=self, from_kall=False)

    def count(self, *args):
        return self.__getattr__("count")(*args)

    def index(self, *args):
        return self.__getattr__("index")(*args)

    def call_list(self):
        """This call and those before it in the chain."""
        calls, at = [], self
        while at is not None:
            if at._mock_from_kall:
                calls.append(at)
            at = at._mock_parent
        return _CallList(reversed(calls))

    def __repr__(self):
        if not self._mock_from_kall:
            name = self._mock_name or "call"
            return name if name.startswith("call") else f"call.{name}"
        name, args, kwargs = self._parts()
        if not name:
            name = "call"
        elif not name.startswith("()"):
            name = f"call.{name}"
        else:
            name = f"call{name}"
        return f"{name}({_arguments(args, kwargs)})"


def _arguments(args, kwargs):
    return ", ".join([repr(a) for a in args] + [f"{k}={v!r}" for k, v in kwargs.items()])


call = _Call(from_kall=False)


class _CallList(list):
    """Calls in their order; a list of some in their order is in it."""

    def __contains__(self, value):
        if not isinstance(value, list):
            return list.__contains__(self, value)
        n = len(value)
        return any([list(self[i:i + n]) == value for i in range(len(self) - n + 1)])

    def __repr__(self):
        import pprint

        return pprint.pformat(list(self))


_numeric = "add sub mul matmul truediv floordiv mod divmod lshift rshift and xor or pow".split()
_magics = frozenset([f"__{n}__" for n in (
    "lt gt le ge eq ne int contains len enter exit complex float bool index hash str sizeof round trunc floor ceil fspath "
    "getitem setitem delitem iter neg pos invert abs call missing reversed aenter aexit aiter anext").split()]
    + [f"__{n}__" for n in _numeric] + [f"__r{n}__" for n in _numeric] + [f"__i{n}__" for n in _numeric])
_values = {"__int__": 1, "__contains__": False, "__len__": 0, "__exit__": False, "__complex__": 1j, "__float__": 1.0, "__bool__": True,
           "__index__": 1, "__sizeof__": 1, "__round__": 1, "__trunc__": 1, "__floor__": 1, "__ceil__": 1}
_unsupported = frozenset(["__lt__", "__gt__", "__le__", "__ge__"])
_own_fields = frozenset(["return_value", "side_effect", "name", "method_calls", "mock_calls", "call_args", "call_args_list", "call_count", "called"])


class _Magic:
    """A special method of a mock's class: a mock of the instance."""

    def __init__(self, name):
        self.name = name

    def __get__(self, obj, cls=None):
        return self if obj is None else obj._special(self.name)


class NonCallableMock:
    """An object whose attributes are mocks, made as they are asked for."""

    _mock_specials = False

    def __new__(cls, *args, **kwargs):
        return object.__new__(type(cls.__name__, (cls,), {"__doc__": cls.__doc__, "__module__": cls.__module__, "_mock_base": getattr(cls, "_mock_base", cls)}))

    def __init__(self, spec=None, wraps=None, name=None, spec_set=None, parent=None, _spec_state=None, _new_name="", _new_parent=None,
                 _spec_as_instance=False, _eat_self=None, unsafe=False, **kwargs):
        own = self.__dict__
        own["_mock_children"], own["_mock_parent"], own["_mock_name"] = {}, parent, name
        own["_mock_new_name"], own["_mock_sealed"], own["_mock_unsafe"] = _new_name, False, unsafe
        own["_mock_wraps"], own["_mock_return_value"], own["_mock_side_effect"] = wraps, DEFAULT, None
        own["_mock_delegate"] = None
        self._specify(spec if spec_set is None else spec_set, spec_set is not None)
        self.reset_mock()
        if kwargs:
            self.configure_mock(**kwargs)

    def _specify(self, spec, strict):
        own = self.__dict__
        if isinstance(spec, (list, tuple)) and all([isinstance(n, str) for n in spec]):
            names, kind = set(spec), None
        elif spec is None:
            names, kind = None, None
        else:
            names, kind = set(dir(spec)), spec if isinstance(spec, type) else type(spec)
            names |= set(getattr(kind, "__annotations__", ()) or ())
        own["_mock_methods"], own["_spec_class"], own["_spec_set"] = names, kind, strict

    def mock_add_spec(self, spec, spec_set=False):
        """Allow only the attributes of spec."""
        self._specify(spec, spec_set)

    @property
    def __class__(self):
        kind = self.__dict__.get("_spec_class")
        return type(self) if kind is None else kind

    def reset_mock(self, visited=None, *, return_value=False, side_effect=False):
        """Forget all calls."""
        visited = [] if visited is None else visited
        if id(self) in visited:
            return
        visited.append(id(self))
        own = self.__dict__
        own["_mock_called"], own["_mock_call_count"], own["_mock_call_args"] = False, 0, None
        own["_mock_call_args_list"], own["_mock_mock_calls"], own["_mock_method_calls"] = _CallList(), _CallList(), _CallList()
        if return_value:
            own["_mock_return_value"] = DEFAULT
        if side_effect:
            own["_mock_side_effect"] = None
        for child in own["_mock_children"].values():
            if isinstance(child, NonCallableMock):
                child.reset_mock(visited, return_value=return_value, side_effect=side_effect)
        made = own["_mock_return_value"]
        if _is_mock(made) and made is not self:
            made.reset_mock(visited)

    def configure_mock(self, /, **kwargs):
        """Set attributes, also those of children by dotted names."""
        for name, value in sorted(kwargs.items(), key=lambda item: item[0].count(".")):
            *parts, last = name.split(".")
            obj = self
            for part in parts:
                obj = getattr(obj, part)
            setattr(obj, last, value)

    def attach_mock(self, mock, attribute):
        """Make a mock an attribute, so that its calls are noted here."""
        mock.__dict__["_mock_parent"], mock.__dict__["_mock_name"], mock.__dict__["_mock_new_name"] = None, None, ""
        setattr(self, attribute, mock)

    def _get_child_mock(self, /, **kwargs):
        kind = type(self).__mro__[1]
        if issubclass(kind, NonCallableMagicMock) and not issubclass(kind, MagicMock):
            kind = MagicMock
        elif not issubclass(kind, CallableMixin):
            kind = Mock
        if issubclass(kind, PropertyMock):
            kind = MagicMock
        return kind(**kwargs)

    def _child(self, name, new_name=None, **kwargs):
        child = self._get_child_mock(parent=self, name=name, _new_name=name if new_name is None else new_name, **kwargs)
        return child

    def __getattr__(self, name):
        own = self.__dict__
        if name in ("_mock_methods", "_mock_children"):
            raise AttributeError(name)
        if name.startswith("_mock_") or name in ("_spec_class", "_spec_set"):
            raise AttributeError(name)
        names = own.get("_mock_methods")
        if isinstance(own["_mock_children"].get(name), NonCallableMock):
            names = None  # it was set, which a spec allows
        if names is not None and (name not in names or name in _magics) and not (name in names and self._mock_specials):
            raise AttributeError(f"Mock object has no attribute {name!r}")
        if names is None and name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        if not own["_mock_unsafe"] and (names is None or name not in names) and name.startswith(("assert", "assret", "asert", "aseert", "assrt")):
            raise AttributeError(f"{name!r} is not a valid assertion. Use a spec for the mock if {name!r} is meant to be an attribute.")
        child = own["_mock_children"].get(name)
        if child is _deleted:
            raise AttributeError(name)
        if child is None:
            if own["_mock_sealed"]:
                raise AttributeError(f"Cannot set {self._full_name()}.{name}")
            wraps = None if own["_mock_wraps"] is None else getattr(own["_mock_wraps"], name)
            child = own["_mock_children"][name] = self._child(name, wraps=wraps)
        return child

    def __setattr__(self, name, value):
        own = self.__dict__
        if name in _own_fields or isinstance(getattr(type(self), name, None), property):
            return object.__setattr__(self, name, value)
        if own["_spec_set"] and own["_mock_methods"] is not None and name not in own["_mock_methods"] and name not in own:
            raise AttributeError(f"Mock object has no attribute '{name}'")
        if name in _magics:
            self._set_special(name, value)
            return None
        if own["_mock_sealed"] and name not in own["_mock_children"] and name not in own:
            raise AttributeError(f"Cannot set {self._full_name()}.{name}")
        if _adopt(self, value, name, name):
            own["_mock_children"][name] = value
            own.pop(name, None)
            return None
        own["_mock_children"].pop(name, None)
        own[name] = value

    def __delattr__(self, name):
        own = self.__dict__
        if name in _magics:
            if name in type(self).__dict__:
                delattr(type(self), name)
            own["_mock_children"].pop(name, None)
            return
        if own["_mock_children"].get(name) is _deleted or name not in own and name not in own["_mock_children"] and own["_mock_methods"] is not None and name not in own["_mock_methods"]:
            raise AttributeError(name)
        own.pop(name, None)
        own["_mock_children"][name] = _deleted

    def _set_special(self, name, value):
        own = self.__dict__
        if _is_mock(value):
            _adopt(self, value, name, name)
            own["_mock_children"][name] = value
        else:
            own["_mock_children"][name] = lambda *args, **kwargs: value(self, *args, **kwargs)
        setattr(type(self), name, _Magic(name))

    def _special(self, name):
        children = self.__dict__["_mock_children"]
        child = children.get(name)
        if child is None:
            child = children[name] = self._child(name)
            _prepare(self, name, child)
        return child

    def _full_name(self):
        parts, at = [], self
        while at is not None:
            part = at.__dict__["_mock_new_name"]
            if part:
                parts.append(part if part == "()" or not parts else part)
            parent = at.__dict__["_mock_parent"]
            if parent is None:
                break
            at = parent
        root = at.__dict__["_mock_name"] or "mock"
        out = root
        for part in reversed(parts if at.__dict__["_mock_new_name"] == "" else parts[:-1]):
            out += part if part == "()" else "." + part
        return out

    def __repr__(self):
        own = self.__dict__
        name = self._full_name()
        shown = "" if name == "mock" and own["_mock_name"] is None and own["_mock_parent"] is None else f" name={name!r}"
        kind = own["_spec_class"]
        spec = "" if kind is None else f" {'spec_set' if own['_spec_set'] else 'spec'}={kind.__name__!r}"
        return f"<{type(self).__name__}{shown}{spec} id='{id(self)}'>"

    def __dir__(self):
        own = self.__dict__
        names = list(own["_mock_methods"]) if own["_mock_methods"] is not None else dir(type(self))
        names += [n for n in own if not n.startswith("_")] + [n for n, c in own["_mock_children"].items() if c is not _deleted]
        return sorted(set([n for n in names if not n.startswith("_mock")]))

    @property
    def return_value(self):
        own = self.__dict__
        if own["_mock_return_value"] is DEFAULT and own["_mock_wraps"] is None:
            own["_mock_return_value"] = self._child(None, "()")
        return own["_mock_return_value"]

    @return_value.setter
    def return_value(self, value):
        _adopt(self, value, None, "()")
        self.__dict__["_mock_return_value"] = value

    @property
    def side_effect(self):
        return self.__dict__["_mock_side_effect"]

    @side_effect.setter
    def side_effect(self, value):
        if value is not None and not callable(value) and not _is_exception(value):
            value = iter(value)
        self.__dict__["_mock_side_effect"] = value

    called = property(lambda self: self.__dict__["_mock_called"], lambda self, v: self.__dict__.update(_mock_called=v))
    call_count = property(lambda self: self.__dict__["_mock_call_count"], lambda self, v: self.__dict__.update(_mock_call_count=v))
    call_args = property(lambda self: self.__dict__["_mock_call_args"], lambda self, v: self.__dict__.update(_mock_call_args=v))
    call_args_list = property(lambda self: self.__dict__["_mock_call_args_list"], lambda self, v: self.__dict__.update(_mock_call_args_list=v))
    mock_calls = property(lambda self: self.__dict__["_mock_mock_calls"], lambda self, v: self.__dict__.update(_mock_mock_calls=v))
    method_calls = property(lambda self: self.__dict__["_mock_method_calls"], lambda self, v: self.__dict__.update(_mock_method_calls=v))

    def _label(self):
        return self.__dict__["_mock_name"] or "mock"

    def assert_not_called(self):
        if self.call_count:
            raise AssertionError(f"Expected '{self._label()}' to not have been called. Called {self.call_count} times.{self._calls_made()}")

    def assert_called(self):
        if not self.call_count:
            raise AssertionError(f"Expected '{self._label()}' to have been called.")

    def assert_called_once(self):
        if self.call_count != 1:
            raise AssertionError(f"Expected '{self._label()}' to have been called once. Called {self.call_count} times.{self._calls_made()}")

    def _calls_made(self):
        return f"\nCalls: {self.mock_calls!r}." if self.mock_calls else ""

    def assert_called_with(self, /, *args, **kwargs):
        wanted = f"{self._label()}({_arguments(args, kwargs)})"
        if self.call_args is None:
            raise AssertionError(f"expected call not found.\nExpected: {wanted}\n  Actual: not called.")
        if self.call_args != _Call((args, kwargs), two=True):
            actual = f"{self._label()}({_arguments(self.call_args.args, self.call_args.kwargs)})"
            raise AssertionError(f"expected call not found.\nExpected: {wanted}\n  Actual: {actual}")

    def assert_called_once_with(self, /, *args, **kwargs):
        if self.call_count != 1:
            raise AssertionError(f"Expected '{self._label()}' to be called once. Called {self.call_count} times.{self._calls_made()}")
        return self.assert_called_with(*args, **kwargs)

    def assert_any_call(self, /, *args, **kwargs):
        wanted = _Call((args, kwargs), two=True)
        if not any([c == wanted for c in self.call_args_list]):
            raise AssertionError(f"{self._label()}({_arguments(args, kwargs)}) call not found")

    def assert_has_calls(self, calls, any_order=False):
        calls = list(calls)
        if not any_order:
            if calls not in self.mock_calls:
                raise AssertionError(f"Calls not found.\nExpected: {_CallList(calls)!r}\n  Actual: {self.mock_calls!r}")
            return
        rest, absent = list(self.mock_calls), []
        for c in calls:
            if c in rest:
                rest.remove(c)
            else:
                absent.append(c)
        if absent:
            raise AssertionError(f"{self._label()!r} does not contain all of {tuple(absent)!r} in its call list, found {list(self.mock_calls)!r} instead")


def _is_mock(obj):
    return issubclass(type(obj), NonCallableMock)


def _adopt(parent, value, name, new_name):
    """Have the calls of a mock that has no name and no parent noted by another, unless that is below it."""
    if not _is_mock(value) or value.__dict__["_mock_parent"] is not None or value.__dict__["_mock_name"] is not None:
        return False
    at = parent
    while at is not None:
        if at is value:
            return False
        at = at.__dict__["_mock_parent"]
    value.__dict__["_mock_parent"], value.__dict__["_mock_name"], value.__dict__["_mock_new_name"] = parent, name, new_name
    return True


def _is_exception(obj):
    return isinstance(obj, BaseException) or isinstance(obj, type) and issubclass(obj, BaseException)


def _prepare(mock, name, child):
    """What a special method of a MagicMock gives where nothing was said."""
    if name in _values:
        child.return_value = _values[name]
    elif name in _unsupported:
        child.return_value = NotImplemented
    elif name == "__eq__":
        child.side_effect = lambda other: True if mock is other else NotImplemented
    elif name == "__ne__":
        child.side_effect = lambda other: False if mock is other else NotImplemented
    elif name == "__hash__":
        child.return_value = id(mock)
    elif name == "__str__":
        child.return_value = repr(mock)
    elif name == "__fspath__":
        child.return_value = f"{type(mock).__name__}/{mock._full_name()}/{id(mock)}"
    elif name == "__iter__":
        child.side_effect = lambda: iter([])


class CallableMixin(NonCallableMock):
    """A mock that can be called."""

    def __init__(self, spec=None, side_effect=None, return_value=DEFAULT, wraps=None, name=None, spec_set=None, parent=None, **kwargs):
        super().__init__(spec, wraps, name, spec_set, parent, **kwargs)
        if return_value is not DEFAULT:
            self.return_value = return_value
        if side_effect is not None:
            self.side_effect = side_effect

    def __call__(self, /, *args, **kwargs):
        self._note(args, kwargs)
        return self._answer(args, kwargs)

    def _note(self, args, kwargs):
        own = self.__dict__
        own["_mock_called"] = True
        own["_mock_call_count"] += 1
        made = _Call((args, kwargs), two=True)
        own["_mock_call_args"] = made
        own["_mock_call_args_list"].append(made)
        own["_mock_mock_calls"].append(_Call(("", args, kwargs)))
        name, at, methods = own["_mock_new_name"], own["_mock_parent"], own["_mock_new_name"] not in ("", "()") and own["_mock_name"] is not None
        while at is not None and name:
            if methods:
                at.__dict__["_mock_method_calls"].append(_Call((name, args, kwargs)))
            at.__dict__["_mock_mock_calls"].append(_Call((name, args, kwargs)))
            above = at.__dict__["_mock_new_name"]
            methods = methods and above != "()"
            if not above:
                break
            name = above + ("" if name.startswith("()") else ".") + name
            at = at.__dict__["_mock_parent"]

    def _answer(self, args, kwargs):
        own = self.__dict__
        effect = own["_mock_side_effect"]
        if effect is not None:
            if _is_exception(effect):
                raise effect
            if not callable(effect):
                value = next(effect)
                if _is_exception(value):
                    raise value
                return self.return_value if value is DEFAULT else value
            value = effect(*args, **kwargs)
            if value is not DEFAULT:
                return value
        if own["_mock_return_value"] is not DEFAULT:
            return own["_mock_return_value"]
        if own["_mock_wraps"] is not None:
            return own["_mock_wraps"](*args, **kwargs)
        return self.return_value


class Mock(CallableMixin):
    """An object that can be called, and whose attributes are such."""


class NonCallableMagicMock(NonCallableMock):
    """A mock with special methods that cannot be called."""

    _mock_specials = True


class MagicMock(CallableMixin, NonCallableMagicMock):
    """A mock with special methods."""


for _name in _magics - {"__call__", "__missing__", "__reversed__", "__aenter__", "__aexit__", "__aiter__", "__anext__", "__index__"}:
    if _name not in ["__r" + n + "__" for n in _numeric]:
        setattr(NonCallableMagicMock, _name, _Magic(_name))
del _name


class AsyncMock(MagicMock):
    """A mock whose calls are awaited."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.__dict__.update(await_count=0, await_args=None, await_args_list=_CallList())

    def __call__(self, /, *args, **kwargs):
        self._note(args, kwargs)
        return _Awaited(self, args, kwargs)

    def assert_awaited(self):
        if self.await_count == 0:
            raise AssertionError(f"Expected {self._label()} to have been awaited.")

    def assert_awaited_once(self):
        if self.await_count != 1:
            raise AssertionError(f"Expected {self._label()} to have been awaited once. Awaited {self.await_count} times.")

    def assert_awaited_with(self, /, *args, **kwargs):
        if self.await_args != _Call((args, kwargs), two=True):
            raise AssertionError(f"expected await not found.\nExpected: {self._label()}({_arguments(args, kwargs)})\n  Actual: {self.await_args!r}")

    def assert_awaited_once_with(self, /, *args, **kwargs):
        self.assert_awaited_once()
        self.assert_awaited_with(*args, **kwargs)

    def assert_not_awaited(self):
        if self.await_count:
            raise AssertionError(f"Expected {self._label()} to not have been awaited. Awaited {self.await_count} times.")


class _Awaited:
    """The answer of an AsyncMock."""

    def __init__(self, mock, args, kwargs):
        self._mock, self._args, self._kwargs = mock, args, kwargs

    def __await__(self):
        own = self._mock.__dict__
        made = _Call((self._args, self._kwargs), two=True)
        own["await_count"] += 1
        own["await_args"] = made
        own["await_args_list"].append(made)
        value = self._mock._answer(self._args, self._kwargs)
        if hasattr(value, "__await__"):
            value = yield from value.__await__()
        return value
        yield


class PropertyMock(Mock):
    """A mock that is a property of a class: reading it is a call, assigning a call with the value."""

    def __get__(self, obj, obj_type=None):
        return self()

    def __set__(self, obj, value):
        self(value)


def seal(mock):
    """Make no more children of a mock."""
    mock.__dict__["_mock_sealed"] = True
    for child in list(mock.__dict__["_mock_children"].values()):
        if _is_mock(child):
            seal(child)


def create_autospec(spec, spec_set=False, instance=False, _parent=None, _name=None, *, unsafe=False, **kwargs):
    """A mock with the attributes of spec; its functions take spec's arguments."""
    if _is_mock(spec):
        raise InvalidSpecError(f"Cannot autospec a Mock object. [object={spec!r}]")
    if inspect.isfunction(spec) or inspect.isbuiltin(spec) or inspect.ismethod(spec):
        mock = MagicMock(name=_name, spec=[n for n in dir(spec)], **kwargs)
        _check_calls(mock, spec)
        return mock
    mock = MagicMock(name=_name, **({"spec_set": spec} if spec_set else {"spec": spec}), **kwargs)
    if isinstance(spec, type) and not instance and "return_value" not in kwargs:
        mock.return_value = create_autospec(spec, spec_set, True, _name="()")
    for name in dir(spec):
        if name.startswith("__"):
            continue
        try:
            member = getattr(spec, name)
        except AttributeError:
            continue
        if inspect.isfunction(member) or inspect.ismethod(member):
            child = getattr(mock, name)
            _check_calls(child, member, isinstance(spec, type) and inspect.isfunction(member) and instance)
    return mock


def _check_calls(mock, function, skip_first=False):
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return
    kind = type(mock)

    def checked(self, /, *args, **kwargs):
        signature.bind(*((None,) + args if skip_first else args), **kwargs)
        self._note(args, kwargs)
        return self._answer(args, kwargs)

    kind.__call__ = checked


class _Patch:
    """Puts another object in the place of an attribute: for a with statement, a function or a class."""

    def __init__(self, target, attribute, new, spec, create, spec_set, autospec, new_callable, kwargs):
        if new_callable is not None and new is not DEFAULT:
            raise ValueError("Cannot use 'new' and 'new_callable' together")
        self.target, self.attribute, self.new, self.spec, self.create = target, attribute, new, spec, create
        self.spec_set, self.autospec, self.new_callable, self.kwargs = spec_set, autospec, new_callable, kwargs
        self.attribute_name, self.additional = None, []

    def copy(self):
        made = _Patch(self.target, self.attribute, self.new, self.spec, self.create, self.spec_set, self.autospec, self.new_callable, self.kwargs)
        made.attribute_name, made.additional = self.attribute_name, [p.copy() for p in self.additional]
        return made

    def __call__(self, func):
        if isinstance(func, type):
            for name in dir(func):
                method = getattr(func, name)
                if name.startswith(patch.TEST_PREFIX) and callable(method):
                    setattr(func, name, self.copy()(method))
            return func
        if hasattr(func, "_patchings"):
            func._patchings.append(self)
            return func
        return _patched(func, self)

    def __enter__(self):
        target = self._target = self.target()
        name = self.attribute
        self._original, self._local = self._get_original(target, name)
        new = self._replacement(target)
        self._stack = contextlib.ExitStack()
        self.temp_original = self._original
        setattr(target, name, new)
        self._new = new
        if self.attribute_name is None:
            return new
        given = {self.attribute_name: new} if self.new is DEFAULT else {}
        for other in self.additional:
            value = self._stack.enter_context(other)
            if other.new is DEFAULT:
                given.update(value)
        return given

    def _get_original(self, target, name):
        own = getattr(target, "__dict__", {})
        if name in own:
            return own[name], True
        original = getattr(target, name, DEFAULT)
        create = self.create or name in vars(builtins) and isinstance(target, type(sys))
        if original is DEFAULT and not create:
            raise AttributeError(f"{target} does not have the attribute {name!r}")
        # A module's attributes are its own, also of one that does not show them as a dict.
        return original, original is not DEFAULT and isinstance(target, type(sys))

    def _replacement(self, target):
        spec, spec_set, autospec, kwargs = self.spec, self.spec_set, self.autospec, dict(self.kwargs)
        if self.new is not DEFAULT:
            if kwargs:
                raise TypeError("Can't pass kwargs to a mock we aren't creating")
            return self.new
        if autospec is not None and autospec is not False:
            return create_autospec(self._original if autospec is True else autospec, bool(spec_set), _name=self.attribute, **kwargs)
        if spec is True:
            spec = self._original
        if spec_set is True:
            spec_set = self._original
        kind = self.new_callable or MagicMock
        if self.new_callable is None and inspect.iscoroutinefunction(self._original):
            kind = AsyncMock
        if isinstance(kind, type) and issubclass(kind, NonCallableMock):
            if spec is not None:
                kwargs["spec"] = spec
            if spec_set is not None:
                kwargs["spec_set"] = spec_set
            kwargs.setdefault("name", self.attribute)
        made = kind(**kwargs)
        given = spec if spec is not None else spec_set
        if given is not None and isinstance(given, type) and _is_mock(made) and "return_value" not in kwargs:
            made.return_value = kind(spec=given, name="()")
        return made

    def __exit__(self, *error):
        target, name = self._target, self.attribute
        if self._local and self._original is not DEFAULT:
            setattr(target, name, self._original)
        else:
            delattr(target, name)
            if not self.create and (not hasattr(target, name) or name in ("__doc__", "__module__", "__defaults__", "__annotations__", "__kwdefaults__")):
                setattr(target, name, self._original)
        stack = self._stack
        del self._target, self._stack
        return stack.__exit__(*error)

    def start(self):
        """Put the object in its place until stop."""
        value = self.__enter__()
        _started.append(self)
        return value

    def stop(self):
        """Put the original back."""
        if self not in _started:
            return None
        _started.remove(self)
        return self.__exit__(None, None, None)


_started = []


def _patched(func, first):
    def patched(*args, **kwargs):
        with contextlib.ExitStack() as stack:
            added = ()
            for p in patched._patchings:
                value = stack.enter_context(p)
                if p.attribute_name is not None:
                    kwargs.update(value)
                elif p.new is DEFAULT:
                    added += (value,)
            return func(*args, *added, **kwargs)

    patched.__name__, patched.__doc__, patched.__module__ = func.__name__, func.__doc__, func.__module__
    patched.__qualname__ = getattr(func, "__qualname__", func.__name__)
    patched.__wrapped__ = func
    for name in ("__unittest_skip__", "__unittest_skip_why__", "__unittest_expecting_failure__"):
        if hasattr(func, name):
            setattr(patched, name, getattr(func, name))
    patched._patchings = [first]
    return patched


def _importer(name):
    parts = name.split(".")
    found, path = __import__(parts[0]), parts[0]
    for part in parts[1:]:
        path += "." + part
        try:
            found = getattr(found, part)
        except AttributeError:
            importlib.import_module(path)
            found = getattr(found, part)
    return found


class _Patcher:
    """patch, and patch.object, patch.dict, patch.multiple."""

    TEST_PREFIX = "test"

    def __call__(self, target, new=DEFAULT, spec=None, create=False, spec_set=None, autospec=None, new_callable=None, *, unsafe=False, **kwargs):
        try:
            owner, attribute = target.rsplit(".", 1)
        except (TypeError, ValueError, AttributeError):
            raise TypeError(f"Need a valid target to patch. You supplied: {target!r}") from None
        return _Patch(lambda: _importer(owner), attribute, new, spec, create, spec_set, autospec, new_callable, kwargs)

    def object(self, target, attribute, new=DEFAULT, spec=None, create=False, spec_set=None, autospec=None, new_callable=None, *, unsafe=False, **kwargs):
        """Patch an attribute of an object."""
        if isinstance(target, str):
            raise TypeError(f"{target!r} must be the actual object to be patched, not a str")
        return _Patch(lambda: target, attribute, new, spec, create, spec_set, autospec, new_callable, kwargs)

    def multiple(self, target, spec=None, create=False, spec_set=None, autospec=None, new_callable=None, **kwargs):
        """Patch several attributes of an object."""
        if not kwargs:
            raise ValueError("Must supply at least one keyword argument with patch.multiple")
        getter = (lambda: _importer(target)) if isinstance(target, str) else (lambda: target)
        patches = []
        for name, new in kwargs.items():
            made = _Patch(getter, name, new, spec, create, spec_set, autospec, new_callable, {})
            made.attribute_name = name
            patches.append(made)
        patches[0].additional = patches[1:]
        return patches[0]

    def stopall(self):
        """Stop all that start has begun."""
        for p in reversed(list(_started)):
            p.stop()


class _PatchDict:
    """Changes a dict for a while."""

    def __init__(self, in_dict, values=(), clear=False, **kwargs):
        self.in_dict, self.values, self.clear = in_dict, dict(values), clear
        self.values.update(kwargs)

    def __call__(self, f):
        if isinstance(f, type):
            for name in dir(f):
                method = getattr(f, name)
                if name.startswith(patch.TEST_PREFIX) and callable(method):
                    setattr(f, name, _PatchDict(self.in_dict, self.values, self.clear)(method))
            return f

        def inner(*args, **kwargs):
            with self:
                return f(*args, **kwargs)

        inner.__name__, inner.__doc__, inner.__wrapped__ = f.__name__, f.__doc__, f
        return inner

    def __enter__(self):
        if isinstance(self.in_dict, str):
            self.in_dict = _importer(self.in_dict)
        self._original = {k: self.in_dict[k] for k in self.in_dict}
        if self.clear:
            self._empty()
        for k, v in self.values.items():
            self.in_dict[k] = v
        return self.in_dict

    def _empty(self):
        for k in list(self.in_dict):
            del self.in_dict[k]

    def __exit__(self, *error):
        self._empty()
        for k, v in self._original.items():
            self.in_dict[k] = v
        return False

    def start(self):
        value = self.__enter__()
        _started.append(self)
        return value

    def stop(self):
        if self not in _started:
            return None
        _started.remove(self)
        return self.__exit__(None, None, None)


patch = _Patcher()
_Patcher.dict = _PatchDict


def mock_open(mock=None, read_data=""):
    """A mock of open, whose files hold read_data."""
    empty = read_data[:0]

    def fresh():
        return io.BytesIO(read_data) if isinstance(read_data, bytes) else io.StringIO(read_data, newline="")

    state = [fresh()]
    if mock is None:
        mock = MagicMock(name="open")
    handle = MagicMock()
    handle.__enter__.return_value = handle

    def reader(method):
        def read(*args, **kwargs):
            given = getattr(handle, method).__dict__["_mock_return_value"]
            return getattr(state[0], method)(*args, **kwargs) if given is DEFAULT else given

        return read

    for method in ("read", "readline", "readlines"):
        getattr(handle, method).side_effect = reader(method)
    handle.__iter__.side_effect = lambda: iter(state[0])

    def reset(*args, **kwargs):
        state[0] = fresh()
        return DEFAULT

    handle.write.return_value = None
    mock.side_effect = reset
    mock.return_value = handle
    return mock
