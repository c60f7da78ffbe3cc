"""Dumpers, which write values as documents."""

import re as _re

from yaml.error import RepresenterError
from yaml.nodes import MappingNode, ScalarNode, SequenceNode
from yaml.resolver import Resolver

__all__ = ["BaseDumper", "Dumper", "SafeDumper"]
_core = "tag:yaml.org,2002:"
_breaks, _spaces = "\n\x85\u2028\u2029", "\0 \t\r\n\x85\u2028\u2029"
_escapes = {"\0": "0", "\x07": "a", "\x08": "b", "\t": "t", "\n": "n", "\x0b": "v", "\x0c": "f", "\r": "r", "\x1b": "e", '"': '"', "\\": "\\", "\x85": "N", "\xa0": "_",
            "\u2028": "L", "\u2029": "P"}


def _analyze(text, allow_unicode):
    """In which styles a text can be written: plain in flow and in block collections, in single quotes, in a block; and whether it has several lines."""
    if not text:
        return False, True, True, False, False
    block = flow = text.startswith(("---", "..."))
    special = leading = trailing_space = trailing_break = lines = space_break = break_space = False
    was_space = was_break = False
    before, last = True, len(text) - 1
    for i, ch in enumerate(text):
        after = i == last or text[i + 1] in _spaces
        if i == 0:
            if ch in "#,[]{}&*!|>'\"%@`":
                flow = block = True
            elif ch in "?:":
                flow, block = True, block or after
            elif ch == "-" and after:
                flow = block = True
        elif ch in ",?[]{}":
            flow = True
        elif ch == ":":
            flow, block = True, block or after
        elif ch == "#" and before:
            flow = block = True
        if ch in _breaks:
            lines = True
        if not (ch == "\n" or "\x20" <= ch <= "\x7e"):
            printable = ch == "\x85" or "\xa0" <= ch <= "\ud7ff" or "\ue000" <= ch <= "\ufffd" or "\U00010000" <= ch < "\U0010ffff"
            if not (printable and ch != "\ufeff" and allow_unicode):
                special = True
        if ch == " ":
            leading, trailing_space = leading or i == 0, i == last
            break_space = break_space or was_break
            was_space, was_break = True, False
        elif ch in _breaks:
            leading, trailing_break = leading or i == 0, i == last
            space_break = space_break or was_space
            was_space, was_break = False, True
        else:
            was_space = was_break = False
        before = ch in _spaces
    plain = not (leading or trailing_space or trailing_break or break_space or space_break or special or lines)
    return plain and not flow, plain and not block, not (break_space or space_break or special), not (trailing_space or space_break or special), lines


class _Emitter:
    """Writes nodes as text."""

    def __init__(self, stream, default_style=None, default_flow_style=False, canonical=None, indent=None, width=None, allow_unicode=None, line_break=None, encoding=None,
                 explicit_start=None, explicit_end=None, version=None, tags=None, sort_keys=True):
        if canonical:
            raise NotImplementedError("yaml: canonical output is not supported")
        if version is not None or tags is not None:
            raise NotImplementedError("yaml: directives are not supported")
        self.stream, self.encoding, self.allow_unicode, self.sort_keys = stream, encoding, allow_unicode, sort_keys
        self.default_style, self.default_flow_style = default_style, default_flow_style
        self.best_indent = indent if indent and 1 < indent < 10 else 2
        self.best_width = width if width and width > self.best_indent * 2 else 80
        self.line_break = line_break if line_break in ("\r", "\n", "\r\n") else "\n"
        self.explicit_start, self.explicit_end = explicit_start, explicit_end
        self.column, self.indention, self.whitespace, self.indents, self.flow, self.open_ended = 0, True, True, [], 0, False
        self.indent = None

    def write(self, text):
        self.stream.write(text.encode(self.encoding) if self.encoding else text)
        self.column += len(text)

    def write_break(self, text=None):
        self.whitespace = self.indention = True
        self.write(text or self.line_break)
        self.column = 0

    def write_indent(self):
        indent = self.indent or 0
        if not self.indention or self.column > indent or self.column == indent and not self.whitespace:
            self.write_break()
        if self.column < indent:
            self.whitespace = True
            self.write(" " * (indent - self.column))

    def indicator(self, text, need_space, whitespace=False, indention=False):
        if not self.whitespace and need_space:
            text = " " + text
        self.whitespace, self.indention = whitespace, self.indention and indention
        self.open_ended = False
        self.write(text)

    def deeper(self, flow=False, indentless=False):
        self.indents.append(self.indent)
        if self.indent is None:
            self.indent = self.best_indent if flow else 0
        elif not indentless:
            self.indent += self.best_indent

    # Documents

    def emit_document(self, root, first):
        if not first or self.explicit_start:
            self.write_indent()
            self.indicator("---", True)
        self.anchors, self.written = {}, set()
        counts = {}
        self.count(root, counts)
        self.last = 0
        self.names = {i: None for i, n in counts.items() if n > 1}
        self.number(root, set())
        self.emit(root, root=True)
        if self.explicit_end:
            self.write_indent()
            self.indicator("...", True)
            self.write_indent()
        self.write_indent()

    def count(self, node, counts):
        counts[id(node)] = counts.get(id(node), 0) + 1
        if counts[id(node)] == 1 and not isinstance(node, ScalarNode):
            for part in node.value:
                for child in part if isinstance(part, tuple) else (part,):
                    self.count(child, counts)

    def number(self, node, seen):
        """Name what several places refer to, in the order in which it is met again."""
        if id(node) in seen:
            if self.names[id(node)] is None:
                self.last += 1
                self.names[id(node)] = f"id{self.last:03d}"
            return
        seen.add(id(node))
        if not isinstance(node, ScalarNode):
            for part in node.value:
                for child in part if isinstance(part, tuple) else (part,):
                    self.number(child, seen)

    def emit(self, node, root=False, mapping=False, simple_key=False):
        name = self.names.get(id(node))
        if name is not None:
            if id(node) in self.written:
                self.indicator("*" + name, True)
                return
            self.written.add(id(node))
            self.indicator("&" + name, True)
        if isinstance(node, ScalarNode):
            self.scalar(node, simple_key)
        else:
            self.tag(node, _core + ("seq" if isinstance(node, SequenceNode) else "map"))
            flow = self.flow or node.flow_style or not node.value
            f = self.sequence if isinstance(node, SequenceNode) else self.mapping
            f(node, flow, mapping)

    def tag(self, node, plain):
        if node.tag == plain:
            return
        self.indicator("!!" + node.tag[len(_core):] if node.tag.startswith(_core) else node.tag if node.tag.startswith("!") else f"!<{node.tag}>", True)

    def sequence(self, node, flow, mapping):
        if flow:
            return self.flow_collection("[", "]", node.value, lambda item: self.emit(item))
        self.deeper(indentless=mapping and not self.indention)
        for item in node.value:
            self.write_indent()
            self.indicator("-", True, indention=True)
            self.emit(item)
        self.indent = self.indents.pop()

    def mapping(self, node, flow, mapping):
        def pair(item):
            key, value = item
            simple = self.simple(key)
            if simple:
                self.emit(key, mapping=True, simple_key=True)
                self.indicator(":", False)
            else:
                self.indicator("?", True, indention=not flow)
                self.emit(key, mapping=True)
                if not flow:
                    self.write_indent()
                self.indicator(":", True, indention=not flow)
            self.emit(value, mapping=True)

        if flow:
            return self.flow_collection("{", "}", node.value, pair)
        self.deeper()
        for item in node.value:
            self.write_indent()
            pair(item)
        self.indent = self.indents.pop()

    def flow_collection(self, opening, closing, items, emit):
        self.indicator(opening, True, whitespace=True)
        self.flow += 1
        self.deeper(flow=True)
        for i, item in enumerate(items):
            if i:
                self.indicator(",", False)
            if self.column > self.best_width:
                self.write_indent()
            emit(item)
        self.indent = self.indents.pop()
        self.flow -= 1
        self.indicator(closing, False)

    def simple(self, key):
        if not isinstance(key, ScalarNode):
            return not key.value
        return len(key.value) < 128 and not _analyze(key.value, self.allow_unicode)[4]

    # Texts

    def scalar(self, node, simple_key):
        text = node.value
        flow_plain, block_plain, single, block, lines = _analyze(text, self.allow_unicode)
        as_plain = self.resolver.resolve_plain(text) == node.tag
        as_text = node.tag == _core + "str"
        style = node.style
        if not style and as_plain and not (simple_key and lines) and (flow_plain if self.flow else block_plain) and (text or not self.flow and not simple_key):
            style = ""
        elif style and style in "|>" and not self.flow and not simple_key and block:
            pass
        elif style != '"' and single and not (simple_key and lines):
            style = "'"
        else:
            style = '"'
        if style == "" and not as_plain or style and not as_text:
            self.tag(node, None)
        ended = style == "" and self.indent is None
        self.deeper(flow=True)
        {"": self.plain, "'": self.single, '"': self.double, "|": self.literal, ">": self.folded}[style](text, not simple_key)
        self.indent = self.indents.pop()
        self.open_ended = self.open_ended or ended

    def plain(self, text, split):
        if not text:
            return
        if not self.whitespace:
            self.write(" ")
        self.whitespace = self.indention = False
        for i, part in enumerate(_re.split("( +)", text)):
            if i % 2 and len(part) == 1 and self.column > self.best_width and split:
                self.write_indent()
                self.whitespace = self.indention = False
            else:
                self.write(part)

    def single(self, text, split):
        self.indicator("'", True)
        at, end = 0, len(text)
        while at < end:
            ch, stop = text[at], at
            if ch == " ":
                while stop < end and text[stop] == " ":
                    stop += 1
                if stop - at == 1 and self.column > self.best_width and split and at != 0 and stop != end:
                    self.write_indent()
                else:
                    self.write(text[at:stop])
            elif ch in _breaks:
                while stop < end and text[stop] in _breaks:
                    stop += 1
                if ch == "\n":
                    self.write_break()
                for br in text[at:stop]:
                    self.write_break(None if br == "\n" else br)
                self.write_indent()
            else:
                while stop < end and text[stop] not in " \n\x85\u2028\u2029":
                    stop += 1
                self.write(text[at:stop].replace("'", "''"))
            at = stop
        self.indicator("'", False)

    def double(self, text, split):
        self.indicator('"', True)
        start = 0
        for end in range(len(text) + 1):
            ch = text[end] if end < len(text) else None
            if ch is None or ch in '"\\\x85\u2028\u2029\ufeff' or not ("\x20" <= ch <= "\x7e" or self.allow_unicode and ("\xa0" <= ch <= "\ud7ff" or "\ue000" <= ch <= "\ufffd")):
                if start < end:
                    self.write(text[start:end])
                    start = end
                if ch is not None:
                    code = ord(ch)
                    self.write("\\" + (_escapes[ch] if ch in _escapes else f"x{code:02X}" if code <= 0xff else f"u{code:04X}" if code <= 0xffff else f"U{code:08X}"))
                    start = end + 1
            if 0 < end < len(text) - 1 and (ch == " " or start >= end) and self.column + (end - start) > self.best_width and split:
                self.write(text[start:end] + "\\")
                start = max(start, end)
                self.write_indent()
                self.whitespace = self.indention = False
                if text[start] == " ":
                    self.write("\\")
        self.indicator('"', False)

    def hints(self, text):
        out = ""
        if text and text[0] in " \n\x85\u2028\u2029":
            out += str(self.best_indent)
        if text and text[-1] not in _breaks:
            out += "-"
        elif len(text) == 1 or text and text[-2] in _breaks:
            out += "+"
        return out

    def block(self, sign, text):
        hints = self.hints(text)
        self.indicator(sign + hints, True)
        if hints[-1:] == "+":
            self.open_ended = True
        self.write_break()

    def literal(self, text, split):
        self.block("|", text)
        for i, part in enumerate(_re.split("(\n+)", text)):
            if i % 2:
                for _ in part:
                    self.write_break()
            elif part:
                self.write_indent()
                self.write(part)
                self.whitespace = self.indention = False

    def folded(self, text, split):
        self.block(">", text)
        leading = True
        parts = _re.split("(\n+)", text)
        for i, part in enumerate(parts):
            if i % 2:
                following = parts[i + 1]
                if not leading and following and following[0] != " ":
                    self.write_break()
                for _ in part:
                    self.write_break()
            elif part:
                leading = part[0] == " "
                self.write_indent()
                for j, word in enumerate(_re.split("( +)", part)):
                    if j % 2 and len(word) == 1 and self.column > self.best_width:
                        self.write_indent()
                        self.whitespace = self.indention = False
                    else:
                        self.write(word)
                        self.whitespace = self.indention = False


class BaseRepresenter:
    """Makes nodes of values, by their types."""

    yaml_representers, yaml_multi_representers = {}, {}

    @classmethod
    def add_representer(cls, data_type, representer):
        """Have a function make the nodes of a type's instances."""
        cls.yaml_representers = {**cls.yaml_representers, data_type: representer}

    @classmethod
    def add_multi_representer(cls, data_type, representer):
        """Have a function make the nodes of instances of a type and of those derived from it."""
        cls.yaml_multi_representers = {**cls.yaml_multi_representers, data_type: representer}

    def ignore_aliases(self, data):
        return data is None or data == () or isinstance(data, (str, bytes, bool, int, float))

    def represent_data(self, data):
        aliased = not self.ignore_aliases(data)
        if aliased and id(data) in self.represented:
            return self.represented[id(data)]
        self.kept.append(data)
        self.alias_key = id(data) if aliased else None
        kind = type(data)
        f = self.yaml_representers.get(kind)
        if f is None:
            for base in kind.__mro__:
                if base in self.yaml_multi_representers:
                    f = self.yaml_multi_representers[base]
                    break
            else:
                f = self.yaml_multi_representers.get(None) or self.yaml_representers.get(None)
        if f is None:
            return ScalarNode(None, str(data))
        return f(self, data)

    def _note(self, node):
        if self.alias_key is not None:
            self.represented[self.alias_key] = node
        return node

    def represent_scalar(self, tag, value, style=None):
        return self._note(ScalarNode(tag, value, style=self.default_style if style is None else style))

    def represent_sequence(self, tag, sequence, flow_style=None):
        node, simple = self._note(SequenceNode(tag, [], flow_style=flow_style)), True
        for item in sequence:
            made = self.represent_data(item)
            simple = simple and isinstance(made, ScalarNode) and not made.style
            node.value.append(made)
        if flow_style is None:
            node.flow_style = simple if self.default_flow_style is None else self.default_flow_style
        return node

    def represent_mapping(self, tag, mapping, flow_style=None):
        node, simple = self._note(MappingNode(tag, [], flow_style=flow_style)), True
        items = list(mapping.items()) if hasattr(mapping, "items") else mapping
        if self.sort_keys and hasattr(mapping, "items"):
            try:
                items = sorted(items)
            except TypeError:
                try:
                    items = sorted(items, key=lambda item: item[0])
                except TypeError:
                    pass
        for key, value in items:
            k, v = self.represent_data(key), self.represent_data(value)
            simple = simple and all([isinstance(x, ScalarNode) and not x.style for x in (k, v)])
            node.value.append((k, v))
        if flow_style is None:
            node.flow_style = simple if self.default_flow_style is None else self.default_flow_style
        return node


class BaseDumper(_Emitter, BaseRepresenter):
    """Writes values as texts."""

    resolver = Resolver

    def __init__(self, stream, **options):
        super().__init__(stream, **options)
        self.first = True

    def open(self):
        pass

    dispose = open

    def close(self):
        """End the last document, where its text does not say that it has ended."""
        if self.open_ended:
            self.indicator("...", True)
            self.write_indent()

    def represent(self, data):
        """Write a document."""
        self.represented, self.kept, self.alias_key = {}, [], None
        self.serialize(self.represent_data(data))

    def serialize(self, node):
        self.emit_document(node, self.first)
        self.first = False


def _float(dumper, data):
    if data != data:
        text = ".nan"
    elif data in (float("inf"), float("-inf")):
        text = ".inf" if data > 0 else "-.inf"
    else:
        text = repr(data).lower()
        if "." not in text and "e" in text:
            text = text.replace("e", ".0e", 1)
    return dumper.represent_scalar(_core + "float", text)


def _bytes(dumper, data):
    import base64

    text = base64.encodebytes(data).decode("ascii")
    return dumper.represent_scalar(_core + "binary", text, style="|")


def _undefined(dumper, data):
    raise RepresenterError("cannot represent an object", data)


class SafeDumper(BaseDumper):
    """Writes plain values."""


def _set(dumper, data):
    return dumper.represent_mapping(_core + "set", {x: None for x in data})


def _datetime(dumper, data):
    return dumper.represent_scalar(_core + "timestamp", data.isoformat(" "))


import datetime as _dates

for _type, _f in ((type(None), lambda d, x: d.represent_scalar(_core + "null", "null")), (str, lambda d, x: d.represent_scalar(_core + "str", x)), (bytes, _bytes),
                  (bool, lambda d, x: d.represent_scalar(_core + "bool", "true" if x else "false")), (int, lambda d, x: d.represent_scalar(_core + "int", str(x))), (float, _float),
                  (list, lambda d, x: d.represent_sequence(_core + "seq", x)), (tuple, lambda d, x: d.represent_sequence(_core + "seq", x)),
                  (dict, lambda d, x: d.represent_mapping(_core + "map", x)), (set, _set), (_dates.date, lambda d, x: d.represent_scalar(_core + "timestamp", x.isoformat())),
                  (_dates.datetime, _datetime), (None, _undefined)):
    SafeDumper.add_representer(_type, _f)


class Dumper(SafeDumper):
    """Writes plain values, tuples and complex numbers too."""


def _object(dumper, data):
    raise RepresenterError("cannot represent an object: yaml writes plain values here", data)


Dumper.add_representer(tuple, lambda d, x: d.represent_sequence(_core + "python/tuple", x))
Dumper.add_representer(complex, lambda d, x: d.represent_scalar(_core + "python/complex", str(x).strip("()")))
Dumper.add_representer(None, _object)
CDumper, CSafeDumper, CBaseDumper = Dumper, SafeDumper, BaseDumper
