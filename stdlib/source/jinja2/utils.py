"""Small parts of templates."""

import json as _json
import re as _re

from markupsafe import Markup, escape


class _Missing:
    """A value that is not there, where None could be one."""

    def __repr__(self):
        return "missing"


missing = _Missing()


def _marks(kind):
    def mark(f):
        f.jinja_pass_arg = kind
        return f

    return mark


pass_context, pass_eval_context, pass_environment = _marks("context"), _marks("eval_context"), _marks("environment")


class Namespace:
    """Variables that inner scopes can set."""

    def __init__(self, *args, **kwargs):
        self._attrs = dict(*args, **kwargs)

    def __getattr__(self, name):
        if name in ("_attrs", "__class__") or name not in self._attrs:
            raise AttributeError(name)
        return self._attrs[name]

    def __getitem__(self, name):
        return self._attrs[name]

    def __setitem__(self, name, value):
        self._attrs[name] = value

    def __repr__(self):
        return f"<Namespace {self._attrs!r}>"


class Cycler:
    """Values in turn."""

    def __init__(self, *items):
        if not items:
            raise RuntimeError("at least one item has to be provided")
        self.items, self.pos = items, 0

    def reset(self):
        self.pos = 0

    @property
    def current(self):
        return self.items[self.pos]

    def next(self):
        value = self.current
        self.pos = (self.pos + 1) % len(self.items)
        return value

    __next__ = next


class Joiner:
    """A separator that is nothing at its first use."""

    def __init__(self, sep=", "):
        self.sep, self.used = sep, False

    def __call__(self):
        if not self.used:
            self.used = True
            return ""
        return self.sep


class LRUCache(dict):
    """Templates by their names, the latest so many."""

    def __init__(self, capacity):
        super().__init__()
        self.capacity = capacity

    def __setitem__(self, key, value):
        self.pop(key, None)
        super().__setitem__(key, value)
        while 0 <= self.capacity < len(self):
            del self[next(iter(self))]


def htmlsafe_json_dumps(obj, dumps=None, **kwargs):
    """JSON that is safe in HTML."""
    text = (_json.dumps if dumps is None else dumps)(obj, **kwargs)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026").replace("'", "\\u0027"))


def select_autoescape(enabled_extensions=("html", "htm", "xml"), disabled_extensions=(), default_for_string=True, default=False):
    """A rule for autoescape by the endings of templates' names."""
    on, off = tuple(["." + e.lstrip(".").lower() for e in enabled_extensions]), tuple(["." + e.lstrip(".").lower() for e in disabled_extensions])

    def autoescape(name):
        if name is None:
            return default_for_string
        name = name.lower()
        return True if name.endswith(on) else False if off and name.endswith(off) else default

    return autoescape


def internalcode(f):
    """Does nothing: tracebacks show all frames."""
    return f


def is_undefined(obj):
    """Whether a value is an undefined one."""
    from jinja2.runtime import Undefined

    return isinstance(obj, Undefined)


def consume(iterable):
    """Read to the end."""
    for _ in iterable:
        pass


def clear_caches():
    """Does nothing: nothing is shared between environments."""


def object_type_repr(obj):
    """The kind of a value, for messages."""
    from jinja2.runtime import _type_name

    return _type_name(obj)


def url_quote(obj, charset="utf-8", for_qs=False):
    """A text as a part of an address."""
    from urllib.parse import quote

    raw = obj if isinstance(obj, bytes) else str(obj).encode(charset)
    text = quote(raw, safe=b"" if for_qs else b"/")
    return text.replace("%20", "+") if for_qs else text
