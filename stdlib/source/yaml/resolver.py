"""What plain texts stand for, by the rules of YAML 1.1."""

import re

_core = "tag:yaml.org,2002:"
_implicit = [
    ("bool", r"(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$", "yYnNtTfFoO"),
    ("float", r"(?:[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$",
     "-+0123456789."),
    ("int", r"(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$", "-+0123456789"),
    ("merge", r"(?:<<)$", "<"),
    ("null", r"(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("timestamp", r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)$", "0123456789"),
    ("value", r"(?:=)$", "="),
]


class BaseResolver:
    """Finds no kinds of texts."""

    yaml_implicit_resolvers = {}

    @classmethod
    def add_implicit_resolver(cls, tag, regexp, first):
        """Give plain texts that match a tag; first are the characters they begin with."""
        if "yaml_implicit_resolvers" not in cls.__dict__:
            cls.yaml_implicit_resolvers = {k: list(v) for k, v in cls.yaml_implicit_resolvers.items()}
        for ch in [None] if first is None else first:
            cls.yaml_implicit_resolvers.setdefault(ch, []).append((tag, regexp))

    @classmethod
    def resolve_plain(cls, value):
        """The tag of a plain text."""
        rows = cls.yaml_implicit_resolvers
        for tag, regexp in rows.get(value[:1], []) + rows.get(None, []):
            if regexp.match(value):
                return tag
        return _core + "str"


class Resolver(BaseResolver):
    """Finds booleans, numbers, null and dates."""


for _name, _pattern, _first in _implicit:
    Resolver.add_implicit_resolver(_core + _name, re.compile("^" + _pattern), list(_first))
