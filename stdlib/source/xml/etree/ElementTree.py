"""Documents of XML as trees of elements: read, searched, changed and written."""

import io as _io
import re as _re

from xml.etree import _path

__all__ = ["Comment", "Element", "ElementTree", "PI", "ParseError", "ProcessingInstruction", "QName", "SubElement", "TreeBuilder", "XML", "XMLID", "XMLParser",
           "XMLPullParser", "canonicalize", "dump", "fromstring", "fromstringlist", "indent", "iselement", "iterparse", "parse", "register_namespace", "tostring",
           "tostringlist"]

VERSION = "1.3.0"


class ParseError(SyntaxError):
    """A document that is not well-formed; position is its line and column."""


class Element:
    """A tag with attributes, a text before its first element, its elements, and a text behind it."""

    tag = attrib = text = tail = None

    def __init__(self, tag, attrib={}, **extra):
        if not isinstance(attrib, dict):
            raise TypeError("Element() argument 2 must be dict, not %s" % (type(attrib).__name__,))
        self.tag, self.attrib, self._children = tag, {**attrib, **extra}, []

    def __repr__(self):
        return "<%s %r at %#x>" % (type(self).__name__, self.tag, id(self))

    def makeelement(self, tag, attrib):
        return type(self)(tag, attrib)

    def __copy__(self):
        new = self.makeelement(self.tag, self.attrib)
        new.text, new.tail = self.text, self.tail
        new._children = list(self._children)
        return new

    def __len__(self):
        return len(self._children)

    def __bool__(self):
        return bool(self._children)

    def __getitem__(self, index):
        try:
            return self._children[index]
        except IndexError:
            raise IndexError("child index out of range") from None

    def __setitem__(self, index, element):
        for one in element if isinstance(index, slice) else (element,):
            self._element(one)
        self._children[index] = element

    def __delitem__(self, index):
        del self._children[index]

    def __iter__(self):
        return iter(self._children)

    def _element(self, x, call=None):
        if not isinstance(x, Element):
            what = "expected an Element" if call is None else f"{call}() argument must be xml.etree.ElementTree.Element"
            raise TypeError("%s, not %s" % (what, type(x).__name__))

    def append(self, subelement):
        self._element(subelement, "append")
        self._children.append(subelement)

    def extend(self, elements):
        for one in elements:
            self.append(one)

    def insert(self, index, subelement):
        self._element(subelement)
        self._children.insert(index, subelement)

    def remove(self, subelement):
        for i, one in enumerate(self._children):
            if one is subelement:
                del self._children[i]
                return
        raise ValueError("list.remove(x): x not in list")

    def find(self, path, namespaces=None):
        """The first element of a path, or None."""
        return _path.find(self, path, namespaces)

    def findtext(self, path, default=None, namespaces=None):
        """The text of the first element of a path."""
        found = _path.find(self, path, namespaces)
        return default if found is None else found.text or ""

    def findall(self, path, namespaces=None):
        """The elements of a path."""
        return list(_path.iterate(self, path, namespaces))

    def iterfind(self, path, namespaces=None):
        return _path.iterate(self, path, namespaces)

    def clear(self):
        self.attrib.clear()
        self._children = []
        self.text = self.tail = None

    # Attributes.

    keys = lambda self: self.attrib.keys()
    items = lambda self: self.attrib.items()

    def set(self, key, value):
        self.attrib[key] = value

    def get(self, key, default=None):
        """An attribute's text, or else the default."""
        return self.attrib[key] if key in self.attrib else default

    def iter(self, tag=None):
        """This element and all below it, in the order of the document."""
        tag = None if tag == "*" else tag
        stack = [self]
        while stack:
            one = stack.pop()
            if tag is None or one.tag == tag:
                yield one
            stack.extend(reversed(one._children))

    def itertext(self):
        """The texts in the order of the document, without what is behind this element."""
        stack = [self]
        while stack:
            one = stack.pop()
            if isinstance(one, str):
                yield one
            else:
                if one.text:
                    yield one.text
                for child in reversed(one._children):
                    if child.tail:
                        stack.append(child.tail)
                    stack.append(child)


def SubElement(parent, tag, attrib={}, **extra):
    """A new element at the end of another."""
    made = parent.makeelement(tag, {**attrib, **extra})
    parent.append(made)
    return made


def _aside(kind, text):
    made = Element(kind)
    made.text = text
    return made


def Comment(text=None):
    """A comment."""
    return _aside(Comment, text)


def ProcessingInstruction(target, text=None):
    """An instruction for who reads the document."""
    return _aside(ProcessingInstruction, target + " " + text if text else target)


PI = ProcessingInstruction


class QName:
    """A name in a namespace."""

    def __init__(self, text_or_uri, tag=None):
        self.text = "{%s}%s" % (text_or_uri, tag) if tag else text_or_uri

    def __str__(self):
        return self.text

    def __repr__(self):
        return "<%s %r>" % (type(self).__name__, self.text)

    def __hash__(self):
        return hash(self.text)

    def __eq__(self, other):
        return self.text == (other.text if isinstance(other, QName) else other)

    def __lt__(self, other):
        return self.text < (other.text if isinstance(other, QName) else other)


def iselement(element):
    return hasattr(element, "tag")


class ElementTree:
    """A document, which has one element at its top."""

    def __init__(self, element=None, file=None):
        self._setroot(element)
        if file:
            self.parse(file)

    def _setroot(self, element):
        self._root = element

    def getroot(self):
        """The element at the top."""
        return self._root

    def parse(self, source, parser=None):
        """Read a file, and give the element at its top."""
        opened = not hasattr(source, "read")
        f = open(source, "rb") if opened else source
        try:
            parser = parser or XMLParser()
            parser.feed(f.read())
            self._root = parser.close()
        finally:
            if opened:
                f.close()
        return self._root

    def iter(self, tag=None):
        return self._root.iter(tag)

    def _relative(self, path):
        return "." + path if path[:1] == "/" else path

    def find(self, path, namespaces=None):
        return self._root.find(self._relative(path), namespaces)

    def findtext(self, path, default=None, namespaces=None):
        return self._root.findtext(self._relative(path), default, namespaces)

    def findall(self, path, namespaces=None):
        return self._root.findall(self._relative(path), namespaces)

    def iterfind(self, path, namespaces=None):
        return self._root.iterfind(self._relative(path), namespaces)

    def write(self, file_or_filename, encoding=None, xml_declaration=None, default_namespace=None, method=None, *, short_empty_elements=True):
        """Write the document to a file."""
        if method not in (None, "xml", "html", "text"):
            raise ValueError("unknown method %r" % method)
        encoding = encoding or ("utf-8" if method == "c14n" else "us-ascii")
        text = ""
        if method in (None, "xml") and (xml_declaration or xml_declaration is None and encoding.lower() not in ("utf-8", "us-ascii", "unicode")):
            text = f"<?xml version='1.0' encoding='{'utf-8' if encoding.lower() == 'unicode' else encoding}'?>\n"
        from xml.etree import _writer

        text += _writer.document(self._root, method or "xml", default_namespace, short_empty_elements)
        data = text if encoding.lower() == "unicode" else text.encode(encoding, "xmlcharrefreplace")
        if hasattr(file_or_filename, "write"):
            file_or_filename.write(data)
            return
        with open(file_or_filename, "w" if isinstance(data, str) else "wb", **({"encoding": "utf-8"} if isinstance(data, str) else {})) as f:
            f.write(data)


_namespace_map = {"http://www.w3.org/XML/1998/namespace": "xml", "http://www.w3.org/1999/xhtml": "html", "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
                  "http://schemas.xmlsoap.org/wsdl/": "wsdl", "http://www.w3.org/2001/XMLSchema": "xs", "http://www.w3.org/2001/XMLSchema-instance": "xsi",
                  "http://purl.org/dc/elements/1.1/": "dc"}


def register_namespace(prefix, uri):
    """The prefix that a namespace is written with."""
    if _re.match(r"ns\d+$", prefix):
        raise ValueError("Prefix format reserved for internal use")
    for known, name in list(_namespace_map.items()):
        if known == uri or name == prefix:
            del _namespace_map[known]
    _namespace_map[uri] = prefix


def tostring(element, encoding=None, method=None, *, xml_declaration=None, default_namespace=None, short_empty_elements=True):
    """An element as bytes, or as a text where the encoding is 'unicode'."""
    stream = _io.StringIO() if encoding == "unicode" else _io.BytesIO()
    ElementTree(element).write(stream, encoding, xml_declaration, default_namespace, method, short_empty_elements=short_empty_elements)
    return stream.getvalue()


def tostringlist(element, encoding=None, method=None, **options):
    return [tostring(element, encoding, method, **options)]


def dump(elem):
    """Print an element."""
    print(tostring(elem.getroot() if isinstance(elem, ElementTree) else elem, encoding="unicode"))


def indent(tree, space="  ", level=0):
    """Put spaces between elements, so that each is on a line."""
    root = tree.getroot() if isinstance(tree, ElementTree) else tree
    if level < 0:
        raise ValueError(f"Initial indentation level must be >= 0, got {level}")

    def put(element, depth):
        inner = "\n" + (depth + 1) * space
        if not element.text or not element.text.strip():
            element.text = inner
        for child in element:
            if len(child):
                put(child, depth + 1)
            if not child.tail or not child.tail.strip():
                child.tail = inner
        if not child.tail.strip():
            child.tail = "\n" + depth * space

    if len(root):
        put(root, level)


def canonicalize(*args, **options):
    raise NotImplementedError("ElementTree.canonicalize is not supported; tostring writes elements")


def parse(source, parser=None):
    """The document of a file."""
    tree = ElementTree()
    tree.parse(source, parser)
    return tree


def XML(text, parser=None):
    """The element of a text."""
    parser = parser or XMLParser()
    parser.feed(text)
    return parser.close()


fromstring = XML


def fromstringlist(sequence, parser=None):
    parser = parser or XMLParser()
    for text in sequence:
        parser.feed(text)
    return parser.close()


def XMLID(text, parser=None):
    """The element of a text, and its elements by their attributes id."""
    root = XML(text, parser)
    return root, {e.get("id"): e for e in root.iter() if e.get("id")}


class TreeBuilder:
    """Makes a tree of the starts and ends of elements."""

    def __init__(self, element_factory=None, *, comment_factory=None, pi_factory=None, insert_comments=False, insert_pis=False):
        self._make, self._comment, self._pi = element_factory or Element, comment_factory or Comment, pi_factory or ProcessingInstruction
        self.insert_comments, self.insert_pis = insert_comments, insert_pis
        self._data, self._open, self._last, self._root, self._ended = [], [], None, None, False

    def close(self):
        assert not self._open, "missing end tags"
        assert self._root is not None, "missing toplevel element"
        return self._root

    def _flush(self):
        if not self._data:
            return
        text, self._data = "".join(self._data), []
        if self._last is not None:
            if self._ended:
                self._last.tail = (self._last.tail or "") + text
            else:
                self._last.text = (self._last.text or "") + text

    def data(self, data):
        self._data.append(data)

    def start(self, tag, attrs):
        self._flush()
        element = self._make(tag, attrs)
        if self._open:
            self._open[-1].append(element)
        elif self._root is None:
            self._root = element
        self._open.append(element)
        self._last, self._ended = element, False
        return element

    def end(self, tag):
        self._flush()
        self._last, self._ended = self._open.pop(), True
        return self._last

    def _aside(self, made, kept):
        if kept:
            self._flush()
            if self._open:
                self._open[-1].append(made)
            self._last, self._ended = made, True
        return made

    def comment(self, text):
        return self._aside(self._comment(text), self.insert_comments)

    def pi(self, target, text=None):
        return self._aside(self._pi(target, text), self.insert_pis)


class XMLParser:
    """Reads documents into what a target makes of them."""

    def __init__(self, *, target=None, encoding=None):
        self.target = TreeBuilder() if target is None else target
        self._encoding, self._parts, self.entity = encoding, [], {}

    def feed(self, data):
        self._parts.append(data if isinstance(data, bytes) else data.encode("utf-8") if isinstance(data, str) else bytes(data))
        self._text = isinstance(data, str)

    def flush(self):
        pass

    def close(self):
        """Read what was fed, and give what the target made."""
        from xml.etree import _reader

        _reader.read(b"".join(self._parts), self.target, "utf-8" if self._parts and self._text else self._encoding, self.entity)
        return self.target.close() if hasattr(self.target, "close") else None


class _Events(TreeBuilder):
    def __init__(self, wanted):
        super().__init__(insert_comments=False)
        for event in wanted:
            if event not in ("start", "end", "start-ns", "end-ns", "comment", "pi"):
                raise ValueError("unknown event %r" % event)
        self.wanted, self.found = wanted, []
        if "start-ns" in wanted:
            self.start_ns = lambda prefix, uri: self.found.append(("start-ns", (prefix or "", uri or "")))
        if "end-ns" in wanted:
            self.end_ns = lambda prefix: self.found.append(("end-ns", None))

    def _note(self, event, element):
        if event in self.wanted:
            self.found.append((event, element))
        return element

    def start(self, tag, attrs):
        return self._note("start", super().start(tag, attrs))

    def end(self, tag):
        return self._note("end", super().end(tag))

    def comment(self, text):
        return self._note("comment", super().comment(text))

    def pi(self, target, text=None):
        return self._note("pi", super().pi(target, text))


class XMLPullParser:
    """A parser whose events are asked for; they come when it is closed."""

    def __init__(self, events=None, *, _parser=None):
        self._target = _Events(("end",) if events is None else tuple(events))
        self._parser = XMLParser(target=self._target)

    def feed(self, data):
        self._parser.feed(data)

    def close(self):
        self._root = self._parser.close()

    def read_events(self):
        while self._target.found:
            yield self._target.found.pop(0)


def iterparse(source, events=None, parser=None):
    """The events of a file: pairs of a kind and an element; afterwards root is the element at the top."""
    if parser is not None:
        raise TypeError("iterparse() got an unexpected keyword argument 'parser'")
    return _Iterator(source, events)


class _Iterator:
    def __init__(self, source, events):
        self._target = _Events(("end",) if events is None else tuple(events))
        opened = not hasattr(source, "read")
        f = open(source, "rb") if opened else source
        try:
            self._parser = XMLParser(target=self._target)
            self._parser.feed(f.read())
        finally:
            if opened:
                f.close()
        self.root = None
        self._next = self._run()

    def _run(self):
        root = self._parser.close()
        yield from self._target.found
        self.root = root

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._next)
