"""Writing elements."""

from xml.etree import ElementTree as _et

_VOID = {"area", "base", "basefont", "br", "col", "embed", "frame", "hr", "img", "input", "isindex", "link", "meta", "param", "source", "track", "wbr"}


def document(root, method, default_namespace, short):
    """The text of an element."""
    if method == "text":
        return "".join(root.itertext())
    names, spaces = _names(root, default_namespace)
    out = []
    _element(out.append, root, names, spaces, short, method == "html")
    return "".join(out)


def _names(root, default):
    """How names are written, and the prefixes of namespaces that are."""
    names, spaces = {None: None}, {}
    if default:
        spaces[default] = ""

    def add(name, tag):
        text = name.text if isinstance(name, _et.QName) else name
        if name in names:
            return
        if not isinstance(text, str):
            raise TypeError("cannot serialize %r (type %s)" % (name, type(name).__name__))
        if text[:1] == "{":
            uri, _, local = text[1:].rpartition("}")
            if uri not in spaces:
                prefix = _et._namespace_map.get(uri) or "ns%d" % len(spaces)
                if prefix != "xml":
                    spaces[uri] = prefix
            prefix = spaces.get(uri, "xml")
            names[name] = f"{prefix}:{local}" if prefix else local
        elif default:
            raise ValueError("cannot use non-qualified names with default_namespace option")
        else:
            names[name] = text

    for e in root.iter():
        if e.tag not in (None, _et.Comment, _et.PI):
            add(e.tag, True)
        for key, value in e.items():
            add(key, False)
            if isinstance(value, _et.QName):
                add(value, False)
        if isinstance(e.text, _et.QName):
            add(e.text, False)
    return names, spaces


def _element(write, e, names, spaces, short, html):
    tag = e.tag
    if tag is _et.Comment:
        write("<!--%s-->" % (e.text if not html else _text(e.text)))
    elif tag is _et.PI:
        write("<?%s?>" % (e.text if not html else _text(e.text)))
    elif tag is None:
        if e.text:
            write(_text(e.text))
        for child in e:
            _element(write, child, names, None, short, html)
    else:
        name = names[tag]
        write("<" + name)
        for uri, prefix in sorted((spaces or {}).items(), key=lambda item: item[1]):
            write(f' xmlns{":" if prefix else ""}{prefix}="{_attribute(uri, html)}"')
        for key, value in e.items():
            value = names[value] if isinstance(value, _et.QName) else _attribute(value, html)
            write(f' {names[key]}="{value}"')
        lower = name.lower()
        if html or e.text or len(e) or not short:
            write(">")
            if e.text:
                write(names[e.text] if isinstance(e.text, _et.QName) else e.text if html and lower in ("script", "style") else _text(e.text))
            for child in e:
                _element(write, child, names, None, short, html)
            if not (html and lower in _VOID):
                write(f"</{name}>")
        else:
            write(" />")
    if e.tail:
        write(_text(e.tail))


def _checked(text):
    if not isinstance(text, str):
        raise TypeError("cannot serialize %r (type %s)" % (text, type(text).__name__))
    return text


def _text(text):
    return _checked(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _attribute(text, html):
    text = _checked(text)
    if html:
        return text.replace("&", "&amp;").replace(">", "&gt;").replace('"', "&quot;")
    return _text(text).replace('"', "&quot;").replace("\r", "&#13;").replace("\n", "&#10;").replace("\t", "&#09;")
