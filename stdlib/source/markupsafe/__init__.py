"""Text that is safe in HTML, and what makes it so."""

import string as _string

__version__ = "3.0.2"
__all__ = ["EscapeFormatter", "Markup", "escape", "escape_silent", "soft_str"]


def _escaped(text):
    return text.replace("&", "&amp;").replace(">", "&gt;").replace("<", "&lt;").replace("'", "&#39;").replace('"', "&#34;")


def escape(s):
    """A value as markup: what is special in HTML is replaced, unless it is markup."""
    if hasattr(s, "__html__"):
        return Markup(s.__html__())
    return Markup(_escaped(str(s)))


def escape_silent(s):
    """As escape; None is nothing."""
    return Markup() if s is None else escape(s)


def soft_str(s):
    """A text as it is, another value as text."""
    return s if isinstance(s, str) else str(s)


class Markup(str):
    """Text that is safe. What is put together with it is escaped."""

    def __new__(cls, object="", encoding=None, errors="strict"):
        if hasattr(object, "__html__"):
            object = object.__html__()
        return super().__new__(cls, object) if encoding is None else super().__new__(cls, object.decode(encoding, errors))

    @classmethod
    def escape(cls, s):
        return cls(escape(s))

    def __html__(self):
        return self

    def __add__(self, other):
        if isinstance(other, str) or hasattr(other, "__html__"):
            return type(self)(str(self) + str(escape(other)))
        return NotImplemented

    def __radd__(self, other):
        if isinstance(other, str) or hasattr(other, "__html__"):
            return type(self)(str(escape(other)) + str(self))
        return NotImplemented

    def __mul__(self, n):
        return type(self)(str(self) * n)

    __rmul__ = __mul__

    def __mod__(self, arg):
        if isinstance(arg, tuple):
            arg = tuple([_Escaping(a) for a in arg])
        elif isinstance(arg, dict):
            arg = {k: _Escaping(v) for k, v in arg.items()}
        else:
            arg = _Escaping(arg)
        return type(self)(str(self) % arg)

    def __getitem__(self, key):
        return type(self)(str(self)[key])

    def __repr__(self):
        return f"{type(self).__name__}({str(self)!r})"

    def join(self, iterable):
        return type(self)(str(self).join([str(escape(x)) for x in iterable]))

    def split(self, sep=None, maxsplit=-1):
        return [type(self)(x) for x in str(self).split(sep, maxsplit)]

    def rsplit(self, sep=None, maxsplit=-1):
        return [type(self)(x) for x in str(self).rsplit(sep, maxsplit)]

    def splitlines(self, keepends=False):
        return [type(self)(x) for x in str(self).splitlines(keepends)]

    def replace(self, old, new, count=-1):
        return type(self)(str(self).replace(old, str(escape(new)), count))

    def partition(self, sep):
        return tuple([type(self)(x) for x in str(self).partition(sep)])

    def rpartition(self, sep):
        return tuple([type(self)(x) for x in str(self).rpartition(sep)])

    def format(self, *args, **kwargs):
        return type(self)(EscapeFormatter(escape).vformat(str(self), args, kwargs))

    def format_map(self, mapping):
        return type(self)(EscapeFormatter(escape).vformat(str(self), (), mapping))

    def unescape(self):
        from html import unescape

        return unescape(str(self))

    def striptags(self):
        """The text without tags and comments, unescaped, its spaces made single."""
        import re

        text = re.sub(r"<!--.*?-->", "", str(self), flags=re.DOTALL)
        return type(self)(" ".join(re.sub(r"<.*?>", "", text, flags=re.DOTALL).split())).unescape()


def _same(name):
    def method(self, *args):
        return type(self)(getattr(str(self), name)(*[str(escape(a)) if isinstance(a, str) else a for a in args]))

    return method


for _name in ("capitalize", "title", "lower", "upper", "ljust", "rjust", "center", "zfill", "lstrip", "rstrip", "strip", "expandtabs", "swapcase", "casefold", "removeprefix", "removesuffix"):
    setattr(Markup, _name, _same(_name))
del _name


class _Escaping:
    """An argument of %, which escapes itself."""

    def __init__(self, obj):
        self.obj = obj

    def __str__(self):
        return str(escape(self.obj))

    def __repr__(self):
        return str(escape(repr(self.obj)))

    def __int__(self):
        return int(self.obj)

    __index__ = __int__

    def __float__(self):
        return float(self.obj)

    def __getitem__(self, item):
        return _Escaping(self.obj[item])


class EscapeFormatter(_string.Formatter):
    """str.format, with what is put in escaped."""

    def __init__(self, escape):
        self.escape = escape

    def format_field(self, value, format_spec):
        if hasattr(value, "__html_format__"):
            made = value.__html_format__(format_spec)
        elif hasattr(value, "__html__"):
            if format_spec:
                raise ValueError(f"Format specifier {format_spec} given, but {type(value)} does not define __html_format__. A class that defines __html__ must define __html_format__ to work with format specifiers.")
            made = value.__html__()
        else:
            made = super().format_field(value, str(format_spec))
        return str(self.escape(made))
