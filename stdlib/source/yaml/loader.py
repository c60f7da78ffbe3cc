"""Loaders, which make values of documents."""

import datetime as _datetime
import re as _re

import _yaml
from yaml.error import ComposerError, ConstructorError, Mark, ParserError, ScannerError
from yaml.nodes import MappingNode, ScalarNode, SequenceNode
from yaml.resolver import BaseResolver, Resolver

__all__ = ["BaseLoader", "FullLoader", "Loader", "SafeLoader", "UnsafeLoader"]
_core = "tag:yaml.org,2002:"
_bools = {"yes": True, "no": False, "true": True, "false": False, "on": True, "off": False}
_time = _re.compile(r"^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?:[Tt]|[ \t]+)([0-9]{1,2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]*))?(?:[ \t]*(Z|([-+])([0-9]{1,2})(?::([0-9]{2}))?))?)?$")


class _Constructor:
    yaml_constructors, yaml_multi_constructors = {}, {}

    @classmethod
    def add_constructor(cls, tag, constructor):
        """Have a function make the values of a tag."""
        cls.yaml_constructors = {**cls.yaml_constructors, tag: constructor}

    @classmethod
    def add_multi_constructor(cls, tag_prefix, multi_constructor):
        """Have a function make the values of tags that begin alike."""
        cls.yaml_multi_constructors = {**cls.yaml_multi_constructors, tag_prefix: multi_constructor}

    def __init__(self, stream):
        text = stream.read() if hasattr(stream, "read") else stream
        if isinstance(text, bytes):
            text = text.decode("utf-16" if text[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8")
        self.name = getattr(stream, "name", "<unicode string>" if isinstance(stream, str) else "<byte string>")
        made, problem, line = _yaml.compose(text)
        self._documents, self._problem, self._line, self._at = made, problem, line, 0
        self._nodes, self._values, self._later = {}, {}, []

    def dispose(self):
        pass

    def check_data(self):
        return self._at < len(self._documents) or self._problem is not None

    check_node = check_data

    def _mark(self, row):
        return Mark(self.name, 0, row[3] - 1, row[4] - 1)

    def get_node(self):
        if self._at >= len(self._documents):
            if self._problem is not None:
                problem, self._problem = self._problem, None
                kind = ComposerError if "unknown anchor" in problem else ScannerError if "cannot start" in problem or "mapping values" in problem or "character" in problem else ParserError
                raise kind(None, None, problem, Mark(self.name, 0, max(self._line - 1, 0), 0))
            return None
        self._at += 1
        return self._node(self._documents[self._at - 1])

    def get_single_node(self):
        node = self.get_node()
        if self.check_node():
            again = self.get_node()
            raise ComposerError("expected a single document in the stream", node.start_mark, "but found another document", again.start_mark)
        return node

    def _node(self, row):
        """A node of what was read; what several places refer to is one node."""
        if id(row) in self._nodes:
            return self._nodes[id(row)]
        kind, tag, value = row[0], row[1], row[2]
        mark = self._mark(row)
        if kind == "scalar":
            if not tag or tag == "!":
                tag = self.resolve_plain(value) if row[5] and tag != "!" else _core + "str"
            node = ScalarNode(tag, value, mark, mark, None if row[5] else '"')
            self._nodes[id(row)] = node
        elif kind == "sequence":
            node = self._nodes[id(row)] = SequenceNode(tag if tag and tag != "!" else _core + "seq", [], mark, mark, row[5])
            node.value.extend([self._node(v) for v in value])
        else:
            node = self._nodes[id(row)] = MappingNode(tag if tag and tag != "!" else _core + "map", [], mark, mark, row[5])
            node.value.extend([(self._node(value[i]), self._node(value[i + 1])) for i in range(0, len(value), 2)])
        return node

    def get_data(self):
        return self.construct_document(self.get_node())

    def get_single_data(self):
        node = self.get_single_node()
        return None if node is None else self.construct_document(node)

    def construct_document(self, node):
        data = self.construct_object(node, deep=True)
        while self._later:
            for part in self._later.pop():
                pass
        self._values = {}
        return data

    def construct_object(self, node, deep=False):
        """The value of a node."""
        if id(node) in self._values:
            found = self._values[id(node)][1]
            if found is _pending:
                raise ConstructorError(None, None, "found unconstructable recursive node", node.start_mark)
            return found
        self._values[id(node)] = (node, _pending)
        f, extra = self.yaml_constructors.get(node.tag), ()
        if f is None:
            for prefix, multi in self.yaml_multi_constructors.items():
                if prefix is not None and node.tag.startswith(prefix):
                    f, extra = multi, (node.tag[len(prefix):],)
                    break
            else:
                f = self.yaml_constructors.get(None)
                if f is None:
                    f = {"scalar": type(self).construct_scalar, "sequence": type(self).construct_sequence, "mapping": type(self).construct_mapping}[node.id]
        data = f(self, *extra, node)
        if hasattr(data, "send") and hasattr(data, "throw"):  # a generator: the value, then its parts
            generator = data
            data = next(generator)
            self._values[id(node)] = (node, data)
            if deep:
                for part in generator:
                    pass
            else:
                self._later.append(generator)
        self._values[id(node)] = (node, data)
        return data

    def construct_scalar(self, node):
        if isinstance(node, MappingNode):
            for key, value in node.value:
                if key.tag == _core + "value":
                    return self.construct_scalar(value)
        if not isinstance(node, ScalarNode):
            raise ConstructorError(None, None, f"expected a scalar node, but found {node.id}", node.start_mark)
        return node.value

    def construct_sequence(self, node, deep=False):
        if not isinstance(node, SequenceNode):
            raise ConstructorError(None, None, f"expected a sequence node, but found {node.id}", node.start_mark)
        return [self.construct_object(child, deep=True) for child in node.value]

    def construct_mapping(self, node, deep=False):
        if not isinstance(node, MappingNode):
            raise ConstructorError(None, None, f"expected a mapping node, but found {node.id}", node.start_mark)
        self.flatten_mapping(node)
        out = {}
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=True)
            try:
                hash(key)
            except TypeError:
                raise ConstructorError("while constructing a mapping", node.start_mark, "found unhashable key", key_node.start_mark) from None
            out[key] = self.construct_object(value_node, deep=True)
        return out

    def construct_pairs(self, node, deep=False):
        return [(self.construct_object(k, deep=True), self.construct_object(v, deep=True)) for k, v in node.value]

    def flatten_mapping(self, node):
        """Put what << refers to before a mapping's own keys."""
        merged, own = [], []
        for key, value in node.value:
            if key.tag == _core + "merge":
                parts = value.value if isinstance(value, SequenceNode) else [value]
                found = []
                for part in parts:
                    if not isinstance(part, MappingNode):
                        raise ConstructorError("while constructing a mapping", node.start_mark, f"expected a mapping or list of mappings for merging, but found {part.id}", value.start_mark)
                    self.flatten_mapping(part)
                    found.append(part.value)
                for rows in reversed(found):
                    merged.extend(rows)
            else:
                own.append((key, value))
        if merged:
            node.value = merged + own


_pending = object()


class BaseLoader(_Constructor, BaseResolver):
    """Makes texts, lists and dicts."""


def _int(loader, node):
    text = loader.construct_scalar(node).replace("_", "")
    sign = -1 if text[0] == "-" else 1
    text = text.lstrip("+-")
    if text == "0":
        return 0
    if text.startswith("0b"):
        return sign * int(text[2:], 2)
    if text.startswith("0x"):
        return sign * int(text[2:], 16)
    if text[0] == "0":
        return sign * int(text, 8)
    if ":" in text:
        total = 0
        for part in text.split(":"):
            total = total * 60 + int(part)
        return sign * total
    return sign * int(text)


def _float(loader, node):
    text = loader.construct_scalar(node).replace("_", "").lower()
    sign = -1 if text[0] == "-" else 1
    text = text.lstrip("+-")
    if text == ".inf":
        return sign * float("inf")
    if text == ".nan":
        return float("nan")
    if ":" in text:
        total = 0.0
        for part in text.split(":"):
            total = total * 60 + float(part)
        return sign * total
    return sign * float(text)


def _timestamp(loader, node):
    m = _time.match(node.value)
    year, month, day = int(m.group(1)), int(m.group(2)), int(m.group(3))
    if m.group(4) is None:
        return _datetime.date(year, month, day)
    fraction, zone = int((m.group(7) or "")[:6].ljust(6, "0")), None
    if m.group(9):
        delta = _datetime.timedelta(hours=int(m.group(10)), minutes=int(m.group(11) or 0))
        zone = _datetime.timezone(-delta if m.group(9) == "-" else delta)
    elif m.group(8):
        zone = _datetime.timezone.utc
    return _datetime.datetime(year, month, day, int(m.group(4)), int(m.group(5)), int(m.group(6)), fraction, tzinfo=zone)


def _binary(loader, node):
    import base64

    return base64.b64decode("".join(loader.construct_scalar(node).split()))


def _seq(loader, node):
    data = []
    yield data
    data.extend(loader.construct_sequence(node))


def _map(loader, node):
    data = {}
    yield data
    data.update(loader.construct_mapping(node))


def _set(loader, node):
    data = set()
    yield data
    data.update(loader.construct_mapping(node))


def _pairs(loader, node):
    data = []
    yield data
    for part in node.value:
        if not isinstance(part, MappingNode) or len(part.value) != 1:
            raise ConstructorError("while constructing pairs", node.start_mark, "expected a mapping of length 1", part.start_mark)
        data.extend(loader.construct_pairs(part))


def _undefined(loader, node):
    raise ConstructorError(None, None, f"could not determine a constructor for the tag {node.tag!r}", node.start_mark)


class SafeLoader(_Constructor, Resolver):
    """Makes plain values."""


for _tag, _f in (("null", lambda loader, node: loader.construct_scalar(node) and None), ("bool", lambda loader, node: _bools[loader.construct_scalar(node).lower()]), ("int", _int),
                 ("float", _float), ("binary", _binary), ("timestamp", _timestamp), ("omap", _pairs), ("pairs", _pairs), ("set", _set),
                 ("str", lambda loader, node: loader.construct_scalar(node)), ("seq", _seq), ("map", _map)):
    SafeLoader.add_constructor(_core + _tag, _f)
SafeLoader.add_constructor(None, _undefined)


class FullLoader(SafeLoader):
    """Makes plain values, tuples and complex numbers too."""


for _tag, _f in (("none", lambda loader, node: None), ("bool", lambda loader, node: _bools[node.value.lower()]), ("str", lambda loader, node: node.value), ("int", _int), ("float", _float),
                 ("complex", lambda loader, node: complex(node.value)), ("list", _seq), ("tuple", lambda loader, node: tuple(loader.construct_sequence(node))), ("dict", _map)):
    FullLoader.add_constructor(_core + "python/" + _tag, _f)


class Loader(FullLoader):
    """As FullLoader: a document makes no instances of classes."""


class UnsafeLoader(FullLoader):
    """As FullLoader: a document makes no instances of classes."""


CLoader, CSafeLoader, CFullLoader, CBaseLoader, CUnsafeLoader = Loader, SafeLoader, FullLoader, BaseLoader, UnsafeLoader
