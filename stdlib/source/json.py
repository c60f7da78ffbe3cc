"""JSON encoding and decoding."""

import _json

__all__ = ["JSONDecodeError", "JSONDecoder", "JSONEncoder", "dump", "dumps", "load", "loads"]


class JSONDecodeError(ValueError):
    """A document that is not JSON: what is wrong with it, and where."""

    def __init__(self, msg, doc, pos):
        before = doc[:pos]
        self.msg, self.doc, self.pos = msg, doc, pos
        self.lineno, self.colno = before.count("\n") + 1, pos - before.rfind("\n")
        ValueError.__init__(self, f"{msg}: line {self.lineno} column {self.colno} (char {pos})")


JSONDecodeError.__module__ = "json.decoder"


class JSONEncoder:
    """Encodes values; derive from it and override default for more types."""

    item_separator = ", "
    key_separator = ": "

    def __init__(self, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, sort_keys=False,
                 indent=None, separators=None, default=None):
        vars(self).update(skipkeys=skipkeys, ensure_ascii=ensure_ascii, check_circular=check_circular,
                          allow_nan=allow_nan, sort_keys=sort_keys, indent=indent)
        if separators is None and indent is not None:
            separators = ",", self.key_separator  # a line ends after an item
        if separators is not None:
            self.item_separator, self.key_separator = separators
        if default is not None:
            self.default = default

    def default(self, o):
        raise TypeError(f"Object of type {type(o).__name__} is not JSON serializable")

    def iterencode(self, o):
        yield self.encode(o)

    def encode(self, o):
        return _json.encode(o, self.default, self.skipkeys, self.ensure_ascii, self.check_circular, self.allow_nan,
                            self.indent, self.item_separator, self.key_separator, self.sort_keys)


class JSONDecoder:
    """Decodes documents."""

    def __init__(self, *, object_hook=None, parse_float=None, parse_int=None, parse_constant=None, strict=True, object_pairs_hook=None):
        vars(self).update(object_hook=object_hook, parse_float=parse_float, parse_int=parse_int,
                          parse_constant=parse_constant, strict=strict, object_pairs_hook=object_pairs_hook)

    def _decode(self, s, whole, start):
        return _json.decode(s, JSONDecodeError, self.object_hook, self.object_pairs_hook, self.parse_float,
                            self.parse_int, self.parse_constant, whole, start, self.strict)

    def decode(self, s):
        return self._decode(s, True, 0)[0]

    def raw_decode(self, s, idx=0):
        return self._decode(s, False, idx)


def dumps(obj, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, cls=None, indent=None,
          separators=None, default=None, sort_keys=False, **kw):
    """Encode obj as a str."""
    encoder = (JSONEncoder if cls is None else cls)(
        skipkeys=skipkeys, ensure_ascii=ensure_ascii, check_circular=check_circular, allow_nan=allow_nan,
        indent=indent, separators=separators, default=default, sort_keys=sort_keys, **kw)
    return encoder.encode(obj)


def dump(obj, fp, **kw):
    """Encode obj to a text file."""
    fp.write(dumps(obj, **kw))


def loads(s, *, cls=None, object_hook=None, parse_float=None, parse_int=None, parse_constant=None, object_pairs_hook=None, **kw):
    """Decode a str or bytes document."""
    if isinstance(s, bytes):
        s = s.decode("utf-8")
    elif not isinstance(s, str):
        raise TypeError(f"the JSON object must be str, bytes or bytearray, not {type(s).__name__}")
    elif s[:1] == "\ufeff":
        raise JSONDecodeError("Unexpected UTF-8 BOM (decode using utf-8-sig)", s, 0)
    decoder = (JSONDecoder if cls is None else cls)(
        object_hook=object_hook, parse_float=parse_float, parse_int=parse_int, parse_constant=parse_constant,
        object_pairs_hook=object_pairs_hook, **kw)
    return decoder.decode(s)


def load(fp, **kw):
    """Decode a document from a file."""
    return loads(fp.read(), **kw)
