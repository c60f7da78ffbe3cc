"""Paths to elements: names, *, ., .., // and conditions in brackets."""

import re as _re

_TOKEN = _re.compile(r"('[^']*'|\"[^\"]*\")|(::|//?|\.\.|\(\)|!=|[/.*:\[\]()@=])|((?:\{[^}]+\})?[^/\[\]()@!=\s]+)|\s+")
_steps = {}


def _tokens(path, namespaces):
    default = (namespaces or {}).get("")
    attribute = False
    for m in _TOKEN.finditer(path):
        quoted, sign, name = m.group(1), m.group(2), m.group(3)
        if name and name[0] != "{":
            if ":" in name:
                prefix, _, rest = name.partition(":")
                if not namespaces or prefix not in namespaces:
                    raise SyntaxError("prefix %r not found in prefix map" % prefix)
                name = "{%s}%s" % (namespaces[prefix], rest)
            elif default and not attribute and not name.isdigit() and name[0] != "-":
                name = "{%s}%s" % (default, name)
        if quoted or sign or name:
            yield quoted and ("text", quoted[1:-1]) or sign and ("sign", sign) or ("name", name)
        attribute = sign == "@"


def _named(tag):
    if tag[:3] == "{*}" or tag[-2:] == "}*":
        space, _, local = tag[1:].rpartition("}")

        def fits(t):
            if not isinstance(t, str):
                return False
            own, _, rest = t[1:].rpartition("}") if t[:1] == "{" else ("", "", t)
            return (space == "*" or space == own) and (local == "*" or local == rest)

        return fits
    return lambda t: t == tag


def _compiled(path, namespaces):
    """The steps of a path: functions of elements that give elements."""
    if not namespaces and not any([c in path for c in "/*[@.="]):
        return [_children(lambda tag: tag == path)]
    if path[-1:] == "/":
        path += "*"
    if path[:1] == "/":
        raise SyntaxError("cannot use absolute path on element")
    tokens, steps, at = list(_tokens(path, namespaces)), [], 0
    while at < len(tokens):
        kind, value = tokens[at]
        at += 1
        if (kind, value) == ("sign", "/"):
            continue
        if (kind, value) == ("sign", "//"):
            if at >= len(tokens):
                raise SyntaxError("invalid path")
            kind, value = tokens[at]
            at += 1
            if value not in ("*",) and kind != "name":
                raise SyntaxError("invalid descendant")
            steps.append(_below(None if value == "*" else _named(value)))
        elif (kind, value) == ("sign", "["):
            end = at
            while end < len(tokens) and tokens[end] != ("sign", "]"):
                end += 1
            if end >= len(tokens):
                raise SyntaxError("invalid path")
            steps.append(_condition(tokens[at:end]))
            at = end + 1
        elif kind == "name":
            steps.append(_children(_named(value)))
        elif value == "*":
            steps.append(_children(None))
        elif value == "..":
            steps.append(_parent)
        elif value != ".":
            raise SyntaxError("invalid path")
    return steps


def _children(fits):
    return lambda root, elements: (c for e in elements for c in e if fits is None and isinstance(c.tag, str) or fits is not None and fits(c.tag))


def _below(fits):
    return lambda root, elements: (d for e in elements for d in e.iter() if d is not e and (fits is None or fits(d.tag)))


def _parents(root):
    return {id(c): e for e in root.iter() for c in e}


def _parent(root, elements):
    above, seen = _parents(root), set()
    for e in elements:
        p = above.get(id(e))
        if p is not None and id(p) not in seen:
            seen.add(id(p))
            yield p


def _condition(tokens):
    shape = "".join([value if kind == "sign" else "'" if kind == "text" else "-" if not value.lstrip("-").isdigit() else "#" for kind, value in tokens])
    values = [value for kind, value in tokens if kind != "sign"]
    if shape == "@-":
        return lambda root, elements: (e for e in elements if e.get(values[0]) is not None)
    if shape in ("@-='", "@-!='"):
        same = "!" not in shape
        return lambda root, elements: (e for e in elements if e.get(values[0]) is not None and (e.get(values[0]) == values[1]) == same)
    if shape == "-" :
        return lambda root, elements: (e for e in elements if e.find(values[0]) is not None)
    if shape in (".='", ".!='"):
        same = "!" not in shape
        return lambda root, elements: (e for e in elements if ("".join(e.itertext()) == values[0]) == same)
    if shape in ("-='", "-!='"):
        same = "!" not in shape
        return lambda root, elements: (e for e in elements if any([("".join(c.itertext()) == values[1]) == same for c in e.findall(values[0])]))
    if shape in ("#", "-()", "-()#") and (shape == "#" or values[0] == "last"):
        if shape == "#":
            index = int(values[0]) - 1
            if index < 0:
                raise SyntaxError("XPath position >= 1 expected")
        else:
            index = -1 if shape == "-()" else int(values[1]) - 1
            if index > -1:
                raise SyntaxError("XPath offset from last() must be negative")

        def place(root, elements):
            above = _parents(root)
            for e in elements:
                p = above.get(id(e))
                if p is None:
                    continue
                alike = [c for c in p if c.tag == e.tag]
                if -len(alike) <= index < len(alike) and alike[index] is e:
                    yield e

        return place
    raise SyntaxError("invalid predicate")


def iterate(element, path, namespaces=None):
    """The elements of a path from an element."""
    elements = [element]
    for step in _compiled(path, namespaces):
        elements = step(element, elements)
    return iter(elements)


def find(element, path, namespaces=None):
    """The first element of a path from an element, or None."""
    return next(iterate(element, path, namespaces), None)
