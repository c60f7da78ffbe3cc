"""The filters of templates: x | ..."""

import math as _math
import re as _re
from collections import abc as _abc

from jinja2.exceptions import FilterArgumentError
from jinja2.runtime import Undefined
from jinja2.utils import htmlsafe_json_dumps, pass_context, pass_environment, pass_eval_context, url_quote
from markupsafe import Markup, escape, soft_str


def ignore_case(value):
    """A text in small letters, another value as it is."""
    return value.lower() if isinstance(value, str) else value


def make_attrgetter(environment, attribute, postprocess=None, default=None):
    """A function that gives an attribute, by a name with dots or an index."""
    parts = [] if attribute is None else [int(p) if p.isdigit() else p for p in attribute.split(".")] if isinstance(attribute, str) else [attribute]

    def get(item):
        for part in parts:
            item = environment.getitem(item, part)
            if default is not None and isinstance(item, Undefined):
                item = default
        return item if postprocess is None else postprocess(item)

    return get


def _multi(environment, attribute, postprocess):
    getters = [make_attrgetter(environment, a, postprocess) for a in (attribute.split(",") if isinstance(attribute, str) else [attribute])]
    return lambda item: [g(item) for g in getters]


def _forceescape(value):
    return escape(str(value.__html__() if hasattr(value, "__html__") else value))


def _urlencode(value):
    if isinstance(value, str) or not isinstance(value, _abc.Iterable):
        return url_quote(value)
    items = value.items() if isinstance(value, dict) else value
    return "&".join([f"{url_quote(k, for_qs=True)}={url_quote(v, for_qs=True)}" for k, v in items])


@pass_eval_context
def _replace(eval_ctx, s, old, new, count=None):
    count = -1 if count is None else count
    if not eval_ctx.autoescape:
        return str(s).replace(str(old), str(new), count)
    if hasattr(old, "__html__") or hasattr(new, "__html__") and not hasattr(s, "__html__"):
        s = escape(s)
    else:
        s = soft_str(s)
    return s.replace(soft_str(old), soft_str(new), count)


def _items(value):
    if isinstance(value, Undefined):
        return
    if not isinstance(value, _abc.Mapping):
        raise TypeError("Can only get item pairs from a mapping.")
    yield from value.items()


@pass_eval_context
def _xmlattr(eval_ctx, d, autospace=True):
    parts = []
    for key, value in d.items():
        if value is None or isinstance(value, Undefined):
            continue
        if _re.search(r"[\s/>=]", key):
            raise ValueError(f"Invalid character in attribute name: {key!r}")
        parts.append(f'{escape(key)}="{escape(value)}"')
    made = " ".join(parts)
    if autospace and made:
        made = " " + made
    return Markup(made) if eval_ctx.autoescape else made


def _title(s):
    return "".join([p[0].upper() + p[1:].lower() for p in _re.split(r"([-\s({\[<]+)", soft_str(s)) if p])


def _dictsort(value, case_sensitive=False, by="key", reverse=False):
    if by not in ("key", "value"):
        raise FilterArgumentError('You can only sort by either "key" or "value"')
    at = 0 if by == "key" else 1
    return sorted(value.items(), key=lambda item: item[at] if case_sensitive else ignore_case(item[at]), reverse=reverse)


@pass_environment
def _sort(environment, value, reverse=False, case_sensitive=False, attribute=None):
    return sorted(value, key=_multi(environment, attribute, None if case_sensitive else ignore_case), reverse=reverse)


@pass_environment
def _unique(environment, value, case_sensitive=False, attribute=None):
    get, seen = make_attrgetter(environment, attribute, None if case_sensitive else ignore_case), set()
    for item in value:
        key = get(item)
        if key not in seen:
            seen.add(key)
            yield item


def _extreme(choose):
    @pass_environment
    def extreme(environment, value, case_sensitive=False, attribute=None):
        values = list(value)
        if not values:
            return environment.undefined("No aggregated item, sequence was empty.")
        return choose(values, key=make_attrgetter(environment, attribute, None if case_sensitive else ignore_case))

    return extreme


def _default(value, default_value="", boolean=False):
    return default_value if isinstance(value, Undefined) or boolean and not value else value


@pass_eval_context
def _join(eval_ctx, value, d="", attribute=None):
    values = list(value)
    if attribute is not None:
        get = make_attrgetter(eval_ctx.environment, attribute)
        values = [get(v) for v in values]
    if not eval_ctx.autoescape:
        return str(d).join([str(v) for v in values])
    if not hasattr(d, "__html__"):
        d = escape(d) if any([hasattr(v, "__html__") for v in values]) else str(d)
        if not hasattr(d, "__html__"):
            return d.join([str(v) for v in values])
    return d.join(values)


@pass_environment
def _first(environment, seq):
    for item in seq:
        return item
    return environment.undefined("No first item, sequence was empty.")


@pass_environment
def _last(environment, seq):
    for item in reversed(seq):
        return item
    return environment.undefined("No last item, sequence was empty.")


@pass_context
def _random(context, seq):
    import random

    return random.choice(seq) if len(seq) else context.environment.undefined("No random item, sequence was empty.")


def _filesizeformat(value, binary=False):
    size, base = float(value), 1024 if binary else 1000
    prefixes = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"] if binary else ["kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"]
    if size == 1:
        return "1 Byte"
    if size < base:
        return f"{int(size)} Bytes"
    for i, prefix in enumerate(prefixes):
        unit = base ** (i + 2)
        if size < unit:
            break
    return f"{base * size / unit:.1f} {prefix}"


def _pprint(value):
    from pprint import pformat

    return pformat(value)


_trail = _re.compile(r"[.,:)>\n]+$|&gt;$")


@pass_eval_context
def _urlize(eval_ctx, value, trim_url_limit=None, nofollow=False, target=None, rel=None, extra_schemes=None):
    rels = set((rel or "").split()) | ({"nofollow"} if nofollow else set()) | {"noopener"}
    more = f' rel="{escape(" ".join(sorted(rels)))}"' + (f' target="{escape(target)}"' if target else "")
    shorten = lambda x: f"{x[:trim_url_limit]}..." if trim_url_limit is not None and len(x) > trim_url_limit else x
    words = _re.split(r"(\s+)", str(escape(value)))
    for i, word in enumerate(words):
        head = _re.match(r"^([(<]|&lt;)+", word)
        head = head.group() if head else ""
        middle = word[len(head):]
        tail = _trail.search(middle)
        tail = tail.group() if tail else ""
        middle = middle[:len(middle) - len(tail)]
        if _re.match(r"^(https?://|www\.)\S+\.?\S*$", middle) and len(middle) > 8:
            address = middle if middle.startswith("http") else "https://" + middle
            middle = f'<a href="{address}"{more}>{shorten(middle)}</a>'
        elif middle.startswith("mailto:") and "@" in middle:
            middle = f'<a href="{middle}">{middle[7:]}</a>'
        elif _re.match(r"^\S+@\w[\w.-]*\.\w+$", middle) and ":" not in middle:
            middle = f'<a href="mailto:{middle}">{middle}</a>'
        elif extra_schemes and any([middle != s and middle.startswith(s) for s in extra_schemes]):
            middle = f'<a href="{middle}"{more}>{middle}</a>'
        words[i] = head + middle + tail
    made = "".join(words)
    return Markup(made) if eval_ctx.autoescape else made


def _indent(s, width=4, first=False, blank=False):
    markup = hasattr(s, "__html__")
    space = width if isinstance(width, str) else " " * width
    text = str(s) + "\n"
    if blank:
        made = ("\n" + space).join(text.splitlines())
    else:
        lines = text.splitlines()
        made = lines.pop(0)
        if lines:
            made += "\n" + "\n".join([space + line if line else line for line in lines])
    if first:
        made = space + made
    return Markup(made) if markup else made


@pass_environment
def _truncate(env, s, length=255, killwords=False, end="...", leeway=None):
    if leeway is None:
        leeway = env.policies["truncate.leeway"]
    if len(s) <= length + leeway:
        return s
    if killwords:
        return s[:length - len(end)] + end
    return s[:length - len(end)].rsplit(" ", 1)[0] + end


@pass_environment
def _wordwrap(environment, s, width=79, break_long_words=True, wrapstring=None, break_on_hyphens=True):
    import textwrap

    joint = environment.newline_sequence if wrapstring is None else wrapstring
    return joint.join([joint.join(textwrap.wrap(line, width=width, expand_tabs=False, replace_whitespace=False, break_long_words=break_long_words, break_on_hyphens=break_on_hyphens))
                       for line in s.splitlines()])


def _int(value, default=0, base=10):
    try:
        return int(value, base) if isinstance(value, str) else int(value)
    except (TypeError, ValueError):
        try:
            return int(float(value))
        except (TypeError, ValueError, OverflowError):
            return default


def _float(value, default=0.0):
    try:
        return float(value)
    except (TypeError, ValueError):
        return default


def _format(value, *args, **kwargs):
    if args and kwargs:
        raise FilterArgumentError("can't handle positional and keyword arguments at the same time")
    return soft_str(value) % (kwargs or args)


def _slice(value, slices, fill_with=None):
    seq = list(value)
    each, more = divmod(len(seq), slices)
    at = 0
    for i in range(slices):
        size = each + (1 if i < more else 0)
        part = seq[at:at + size]
        at += size
        if fill_with is not None and i >= more:
            part.append(fill_with)
        yield part


def _batch(value, linecount, fill_with=None):
    part = []
    for item in value:
        if len(part) == linecount:
            yield part
            part = []
        part.append(item)
    if part:
        if fill_with is not None and len(part) < linecount:
            part += [fill_with] * (linecount - len(part))
        yield part


def _round(value, precision=0, method="common"):
    if method not in ("common", "ceil", "floor"):
        raise FilterArgumentError("method must be common, ceil or floor")
    if method == "common":
        return round(value, precision)
    return getattr(_math, method)(value * (10 ** precision)) / (10 ** precision)


class _Group(tuple):
    """The elements with the same value of an attribute."""

    grouper = property(lambda self: self[0])
    list = property(lambda self: self[1])


@pass_environment
def _groupby(environment, value, attribute, default=None, case_sensitive=False):
    plain = make_attrgetter(environment, attribute, None, default)
    key = make_attrgetter(environment, attribute, None if case_sensitive else ignore_case, default)
    out = []
    for item in sorted(value, key=key):
        k = key(item)
        if not out or out[-1][0] != k:
            out.append((k, []))
        out[-1][1].append(item)
    return [_Group((k if case_sensitive else plain(items[0]), items)) for k, items in out]


@pass_environment
def _sum(environment, iterable, attribute=None, start=0):
    return sum(iterable if attribute is None else [make_attrgetter(environment, attribute)(x) for x in iterable], start)


def _reverse(value):
    if isinstance(value, str):
        return value[::-1]
    try:
        return reversed(value)
    except TypeError:
        try:
            return list(value)[::-1]
        except TypeError as e:
            raise FilterArgumentError("argument must be iterable") from e


@pass_environment
def _attr(environment, obj, name):
    try:
        value = getattr(obj, str(name))
    except AttributeError:
        return environment.undefined(obj=obj, name=name)
    if environment.sandboxed and not environment.is_safe_attribute(obj, str(name), value):
        return environment.unsafe_undefined(obj, name)
    return value


@pass_context
def _map(context, value, *args, **kwargs):
    if not args and "attribute" in kwargs:
        attribute, default = kwargs.pop("attribute"), kwargs.pop("default", None)
        if kwargs:
            raise FilterArgumentError(f"Unexpected keyword argument {next(iter(kwargs))!r}")
        change = make_attrgetter(context.environment, attribute, default=default)
    else:
        if not args:
            raise FilterArgumentError("map requires a filter argument")
        change = lambda item: context.environment.call_filter(args[0], item, list(args[1:]), kwargs, context=context)
    if value:
        for item in value:
            yield change(item)


def _chosen(wanted, by_attribute):
    @pass_context
    def choose(context, value, *args, **kwargs):
        env, get = context.environment, lambda item: item
        if by_attribute:
            if not args:
                raise FilterArgumentError("Missing parameter for attribute name")
            get, args = make_attrgetter(env, args[0]), args[1:]
        if value:
            for item in value:
                found = env.call_test(args[0], get(item), list(args[1:]), kwargs, context) if args else get(item)
                if bool(found) == wanted:
                    yield item

    return choose


@pass_eval_context
def _tojson(eval_ctx, value, indent=None):
    policies = eval_ctx.environment.policies
    kwargs = dict(policies["json.dumps_kwargs"])
    if indent is not None:
        kwargs["indent"] = indent
    return htmlsafe_json_dumps(value, dumps=policies["json.dumps_function"], **kwargs)


def _list(value):
    return list(value)


FILTERS = {
    "abs": abs, "attr": _attr, "batch": _batch, "capitalize": lambda s: soft_str(s).capitalize(), "center": lambda value, width=80: soft_str(value).center(width),
    "count": len, "d": _default, "default": _default, "dictsort": _dictsort, "e": escape, "escape": escape, "filesizeformat": _filesizeformat, "first": _first,
    "float": _float, "forceescape": _forceescape, "format": _format, "groupby": _groupby, "indent": _indent, "int": _int, "items": _items, "join": _join, "last": _last,
    "length": len, "list": _list, "lower": lambda s: soft_str(s).lower(), "map": _map, "max": _extreme(max), "min": _extreme(min), "pprint": _pprint, "random": _random,
    "reject": _chosen(False, False), "rejectattr": _chosen(False, True), "replace": _replace, "reverse": _reverse, "round": _round, "safe": lambda value: Markup(value),
    "select": _chosen(True, False), "selectattr": _chosen(True, True), "slice": _slice, "sort": _sort, "string": soft_str,
    "striptags": lambda value: Markup(str(value.__html__() if hasattr(value, "__html__") else value)).striptags(), "sum": _sum, "title": _title, "tojson": _tojson,
    "trim": lambda value, chars=None: soft_str(value).strip(chars), "truncate": _truncate, "unique": _unique, "upper": lambda s: soft_str(s).upper(), "urlencode": _urlencode,
    "urlize": _urlize, "wordcount": lambda s: len(_re.findall(r"\w+", soft_str(s))), "wordwrap": _wordwrap, "xmlattr": _xmlattr,
}
