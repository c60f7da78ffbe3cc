"""Environments whose templates reach only what is harmless."""

import operator as _operator
import string as _string
import types as _types

from jinja2.environment import Environment
from jinja2.exceptions import SecurityError
from jinja2.utils import Markup

MAX_RANGE = 100000
_mutable = (
    (set, {"add", "clear", "difference_update", "discard", "pop", "remove", "symmetric_difference_update", "update"}),
    (dict, {"clear", "pop", "popitem", "setdefault", "update"}),
    (list, {"append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove"}),
)


def safe_range(*args):
    """A range that is not too long."""
    made = range(*args)
    if len(made) > MAX_RANGE:
        raise OverflowError(f"Range too big. The sandbox blocks ranges larger than MAX_RANGE ({MAX_RANGE}).")
    return made


def unsafe(f):
    """Mark a function that templates must not call."""
    f.unsafe_callable = True
    return f


def is_internal_attribute(obj, attr):
    """Whether an attribute is one of the language's own."""
    if isinstance(obj, type) and attr == "mro" or isinstance(obj, _types.MethodType) and attr in ("__func__", "__self__"):
        return True
    return attr.startswith("__") or attr in ("gi_frame", "gi_code", "cr_frame", "cr_code", "tb_frame", "tb_next", "f_locals", "f_globals")


def modifies_known_mutable(obj, attr):
    """Whether a method changes a list, a dict or a set."""
    for kind, names in _mutable:
        if isinstance(obj, kind):
            return attr in names
    return False


class _Formatter(_string.Formatter):
    def __init__(self, env):
        self._env = env

    def get_field(self, field_name, args, kwargs):
        import re

        parts = re.findall(r"^[^.\[]+|\.[^.\[]+|\[[^\]]*\]", field_name)
        obj = self.get_value(int(parts[0]) if parts[0].isdigit() else parts[0], args, kwargs)
        for part in parts[1:]:
            key = part[1:] if part[0] == "." else part[1:-1]
            obj = self._env.getattr(obj, key) if part[0] == "." else self._env.getitem(obj, int(key) if key.isdigit() else key)
        return obj, parts[0]


class SandboxedEnvironment(Environment):
    """An environment whose templates reach no underscored attributes and call only what is safe."""

    sandboxed = True
    _binary = {"+": _operator.add, "-": _operator.sub, "*": _operator.mul, "/": _operator.truediv, "//": _operator.floordiv, "**": _operator.pow, "%": _operator.mod}
    _unary = {"+": _operator.pos, "-": _operator.neg}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.globals["range"] = safe_range
        self.binop_table, self.unop_table = dict(self._binary), dict(self._unary)

    def is_safe_attribute(self, obj, attr, value):
        return not (attr.startswith("_") or is_internal_attribute(obj, attr))

    def is_safe_callable(self, obj):
        return not (getattr(obj, "unsafe_callable", False) or getattr(obj, "alters_data", False))

    def call_binop(self, context, operator, left, right):
        return self.binop_table[operator](left, right)

    def call_unop(self, context, operator, arg):
        return self.unop_table[operator](arg)

    def unsafe_undefined(self, obj, attribute):
        return self.undefined(f"access to attribute {attribute!r} of {type(obj).__name__!r} object is unsafe.", name=attribute, obj=obj, exc=SecurityError)

    def _guarded(self, obj, attribute):
        """An attribute, if it is safe; AttributeError where there is none."""
        value = getattr(obj, attribute)
        if isinstance(obj, str) and attribute in ("format", "format_map") and callable(value):
            return self._formats(obj, attribute)
        return value if self.is_safe_attribute(obj, attribute, value) else self.unsafe_undefined(obj, attribute)

    def _formats(self, text, name):
        def format(*args, **kwargs):
            if name == "format_map":
                if len(args) != 1 or kwargs:
                    raise TypeError(f"format_map() takes exactly one argument ({len(args) + len(kwargs)} given)")
                args, kwargs = (), args[0]
            return type(text)(_Formatter(self).vformat(str(text), args, kwargs))

        return format

    def getitem(self, obj, argument):
        try:
            return obj[argument]
        except (TypeError, LookupError):
            if isinstance(argument, str):
                try:
                    return self._guarded(obj, argument)
                except AttributeError:
                    pass
        return self.undefined(obj=obj, name=argument)

    def getattr(self, obj, attribute):
        try:
            return self._guarded(obj, attribute)
        except AttributeError:
            pass
        try:
            return obj[attribute]
        except (TypeError, LookupError):
            return self.undefined(obj=obj, name=attribute)

    def _checked(self, fn):
        if not self.is_safe_callable(fn):
            raise SecurityError(f"{fn!r} is not safely callable")
        return fn

    def call(self, context, obj, *args, **kwargs):
        return context.call(obj, *args, **kwargs)


class ImmutableSandboxedEnvironment(SandboxedEnvironment):
    """A sandbox whose templates do not change lists, dicts and sets."""

    def is_safe_attribute(self, obj, attr, value):
        return super().is_safe_attribute(obj, attr, value) and not modifies_known_mutable(obj, attr)
