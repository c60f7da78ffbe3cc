"""Values as readable text."""

import sys

__all__ = ["pprint", "pformat", "pp", "PrettyPrinter"]


def pformat(object, indent=1, width=80, depth=None, *, compact=False, sort_dicts=True, underscore_numbers=False):
    """The value as text, over several lines where it is wide."""
    return PrettyPrinter(indent, width, depth, compact=compact, sort_dicts=sort_dicts).pformat(object)


def pprint(object, stream=None, indent=1, width=80, depth=None, *, compact=False, sort_dicts=True, underscore_numbers=False):
    """Print the value, over several lines where it is wide."""
    PrettyPrinter(indent, width, depth, stream, compact=compact, sort_dicts=sort_dicts).pprint(object)


def pp(object, *args, sort_dicts=False, **kwargs):
    """pprint that keeps the order of dicts."""
    pprint(object, *args, sort_dicts=sort_dicts, **kwargs)


class PrettyPrinter:
    """What writes values as readable text."""

    def __init__(self, indent=1, width=80, depth=None, stream=None, *, compact=False, sort_dicts=True, underscore_numbers=False):
        self.indent, self.width, self.depth, self.stream = indent, width, depth, stream
        self.compact, self.sort_dicts = compact, sort_dicts

    def pprint(self, object):
        print(self.pformat(object), file=sys.stdout if self.stream is None else self.stream)

    def pformat(self, object):
        return self._text(object, 0, 0, 1)

    def _flat(self, x, level):
        deep = self.depth is not None and level > self.depth
        if type(x) is dict:
            if deep and x:
                return "{...}"
            return "{" + ", ".join(f"{self._flat(k, level + 1)}: {self._flat(v, level + 1)}" for k, v in self._items(x)) + "}"
        if type(x) in (list, tuple):
            if deep and x:
                return "[...]" if type(x) is list else "(...)"
            parts = [self._flat(v, level + 1) for v in x]
            if type(x) is list:
                return "[" + ", ".join(parts) + "]"
            return "(" + ", ".join(parts) + (",)" if len(parts) == 1 else ")")
        return repr(x)

    def _items(self, d):
        if not self.sort_dicts:
            return list(d.items())
        try:
            return sorted(d.items(), key=lambda kv: kv[0])
        except TypeError:
            return sorted(d.items(), key=lambda kv: (type(kv[0]).__name__, repr(kv[0])))

    def _text(self, x, indent, allowance, level):
        flat = self._flat(x, level)
        if len(flat) <= self.width - indent - allowance or (self.depth is not None and level > self.depth):
            return flat
        if type(x) is dict and x:
            pad = " " * (indent + self.indent)
            out = []
            items = self._items(x)
            for i, (k, v) in enumerate(items):
                key = self._flat(k, level + 1)
                last = i == len(items) - 1
                out.append(f"{key}: " + self._text(v, indent + self.indent + len(key) + 2, allowance + 1 if last else 1, level + 1))
            return "{" + " " * (self.indent - 1) + (",\n" + pad).join(out) + "}"
        if type(x) in (list, tuple) and x:
            pad = " " * (indent + self.indent)
            start, end = ("[", "]") if type(x) is list else ("(", ",)" if len(x) == 1 else ")")
            out = [self._text(v, indent + self.indent, allowance + len(end) if i == len(x) - 1 else 1, level + 1) for i, v in enumerate(x)]
            return start + " " * (self.indent - 1) + (",\n" + pad).join(out) + end
        return flat
