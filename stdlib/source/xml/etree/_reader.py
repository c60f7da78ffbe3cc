"""Reading documents of XML. Entities of one's own are replaced within bounds, and nothing outside of the document is read."""

import re as _re

_NAME = _re.compile(r"[^\W\d.\-][\w.\-:]*|:[\w.\-:]*")
_ATTRIBUTE = _re.compile(r"\s+([^\s=<>/'\"]+)\s*=\s*(\"[^\"<]*\"|'[^'<]*')")
_BEGUN = _re.compile(r"\s+[^\s=<>/'\"]+\s*=\s*(?=[^\s\"'])")  # an attribute whose value is in no quotes
_REFERENCE = _re.compile(r"&(#x[0-9a-fA-F]+|#[0-9]+|[^\s;&<]*);?")
_DECLARED = _re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._\-]+)["']""")
_ENTITY = _re.compile(r"<!ENTITY\s+([\w.\-:]+)\s+(\"[^\"]*\"|'[^']*')\s*>")
_FIVE = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_XML = "http://www.w3.org/XML/1998/namespace"
_MOST = 1 << 20  # characters that references may become in all

_CODES = {"syntax error": 2, "no element found": 3, "not well-formed (invalid token)": 4, "unclosed token": 5, "mismatched tag": 7, "duplicate attribute": 8,
          "junk after document element": 9, "undefined entity": 11, "unbound prefix": 27, "unclosed CDATA section": 20, "reference to invalid character number": 14,
          "XML or text declaration not at start of entity": 30, "unknown encoding": 18, "limit on input amplification factor (from DTD and entities) breached": 43}


def read(data, target, encoding, entities):
    """Tell a target of what a document has."""
    _Reader(_decoded(data, encoding), target, dict(entities)).document()


def _decoded(data, encoding):
    if encoding is None:
        found = _DECLARED.match(data[:200])
        encoding = found.group(1).decode("ascii") if found else "utf-8"
        for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
            if data.startswith(mark):
                encoding = name
    try:
        text = data.decode(encoding)
    except LookupError:
        _fail("unknown encoding", 1, 30)
    except UnicodeDecodeError as e:
        before = data[:e.start]
        _fail("not well-formed (invalid token)", before.count(b"\n") + 1, e.start - before.rfind(b"\n") - 1)
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _fail(what, line, column):
    from xml.etree.ElementTree import ParseError

    error = ParseError(f"{what}: line {line}, column {column}")
    error.code, error.position = _CODES.get(what.split(" &")[0].split(":")[0], 4), (line, column)
    raise error


class _Reader:
    def __init__(self, text, target, entities):
        self.s, self.at, self.entities, self.grown = text, 0, entities, 0
        self.open, self.spaces = [], [{"xml": _XML}]
        for name in ("start", "end", "data", "comment", "pi", "doctype", "start_ns", "end_ns"):
            setattr(self, "tell_" + name, getattr(target, name, None))

    def fail(self, what, at=None):
        at = self.at if at is None else at
        before = self.s[:at]
        _fail(what, before.count("\n") + 1, at - before.rfind("\n") - 1)

    def until(self, mark, what):
        end = self.s.find(mark, self.at)
        if end < 0:
            self.fail(what)
        text = self.s[self.at:end]
        self.at = end + len(mark)
        return text

    def document(self):
        s, done = self.s, False
        while self.at < len(s):
            start = self.at
            if s[start] != "<":
                end = s.find("<", start)
                end = len(s) if end < 0 else end
                text = s[start:end]
                if self.open:
                    self.text(text)
                elif text.strip(" \t\n"):
                    self.fail("junk after document element" if done else "syntax error", start + len(text) - len(text.lstrip(" \t\n")))
                self.at = end
            elif s.startswith("<!--", start):
                self.at += 4
                text = self.until("-->", "unclosed token")
                if "--" in text or text.endswith("-"):
                    self.fail("not well-formed (invalid token)", start + 4 + text.find("--") + 2)
                if self.tell_comment:
                    self.tell_comment(text)
            elif s.startswith("<![CDATA[", start) and self.open:
                self.at += 9
                text = self.until("]]>", "unclosed CDATA section")
                if self.tell_data:
                    self.tell_data(text)
            elif s.startswith("<?", start):
                self.instruction(start)
            elif s.startswith("<!DOCTYPE", start) and not done and not self.open:
                self.doctype()
            elif s.startswith("</", start):
                done = self.close(start)
            else:
                if done and not self.open:
                    self.fail("junk after document element", start)
                done = self.element(start) or done
        if self.open or not done:
            self.fail("no element found")

    def instruction(self, start):
        self.at += 2
        text = self.until("?>", "unclosed token")
        name, _, rest = text.partition(" ")
        if name.strip() == "xml":
            if start != 0:
                self.fail("XML or text declaration not at start of entity", start)
            return
        if self.tell_pi:
            self.tell_pi(name, rest.lstrip() or None) if rest else self.tell_pi(name)

    def doctype(self):
        depth, i = 0, self.at + 9
        while i < len(self.s):
            c = self.s[i]
            if c in "\"'":
                i = self.s.find(c, i + 1)
                if i < 0:
                    self.fail("unclosed token")
            elif c == "[":
                depth += 1
            elif c == "]":
                depth -= 1
            elif c == ">" and depth == 0:
                break
            i += 1
        else:
            self.fail("unclosed token")
        for name, value in _ENTITY.findall(self.s[self.at:i]):
            self.entities.setdefault(name, value[1:-1])
        if self.tell_doctype:
            name = _NAME.search(self.s, self.at + 9)
            self.tell_doctype(name.group() if name else "", None, None)
        self.at = i + 1

    def text(self, text):
        if "]]>" in text:
            self.fail("not well-formed (invalid token)", self.at + text.find("]]>") + 2)
        if self.tell_data:
            self.tell_data(self.references(text, self.at))

    def references(self, text, at, depth=0):
        """A text with its references replaced."""
        if "&" not in text:
            return text

        def put(m):
            name = m.group(1)
            if not m.group().endswith(";") or not name:
                self.fail("not well-formed (invalid token)", at + m.end())
            if name[0] == "#":
                code = int(name[2:], 16) if name[1] == "x" else int(name[1:])
                if code > 0x10FFFF or code < 32 and code not in (9, 10, 13) or 0xD800 <= code < 0xE000 or code in (0xFFFE, 0xFFFF):
                    self.fail("reference to invalid character number", at + m.start())
                return chr(code)
            if name in _FIVE:
                return _FIVE[name]
            if name not in self.entities:
                self.fail("undefined entity", at + m.start())
            value = self.entities[name]
            self.grown += len(value) + 1
            if self.grown > _MOST or depth > 20:
                self.fail("limit on input amplification factor (from DTD and entities) breached", at + m.start())
            return self.references(value, at + m.start(), depth + 1)

        return _REFERENCE.sub(put, text)

    def name(self, name, spaces, at, attribute=False):
        """A name with its namespace."""
        prefix, colon, local = name.partition(":")
        if not colon:
            uri = "" if attribute else spaces.get("", "")
            return "{%s}%s" % (uri, name) if uri else name
        if prefix not in spaces:
            self.fail("unbound prefix", at)
        return "{%s}%s" % (spaces[prefix], local)

    def element(self, start):
        """Read the start of an element, and tell whether it was the whole document."""
        s = self.s
        found = _NAME.match(s, start + 1)
        if not found:
            self.fail("not well-formed (invalid token)" if start + 1 < len(s) else "unclosed token", start + 1 if start + 1 < len(s) else start)
        name, at, given = found.group(), found.end(), []
        while True:
            m = _ATTRIBUTE.match(s, at)
            if not m:
                break
            if not _NAME.fullmatch(m.group(1)):
                self.fail("not well-formed (invalid token)", m.start(1))
            if m.group(1) in [k for k, _ in given]:
                self.fail("duplicate attribute", m.start(1))
            value = m.group(2)[1:-1].replace("\n", " ").replace("\t", " ")
            given.append((m.group(1), self.references(value, m.start(2) + 1)))
            at = m.end()
        rest = at
        while rest < len(s) and s[rest] in " \t\n":
            rest += 1
        empty = s.startswith("/>", rest)
        if not empty and not s.startswith(">", rest):
            begun = _BEGUN.match(s, at)
            rest = begun.end() if begun else rest
            self.fail("not well-formed (invalid token)" if rest < len(s) else "unclosed token", rest if rest < len(s) else start)
        declared = [(k[6:], v) for k, v in given if k == "xmlns" or k.startswith("xmlns:")]
        spaces = self.spaces[-1]
        if declared:
            spaces = {**spaces, **dict(declared)}
            for prefix, uri in declared if self.tell_start_ns else ():
                self.tell_start_ns(prefix, uri)
        tag = self.name(name, spaces, start)
        attributes = {self.name(k, spaces, start, True): v for k, v in given if k != "xmlns" and not k.startswith("xmlns:")}
        self.at = rest + (2 if empty else 1)
        if self.tell_start:
            self.tell_start(tag, attributes)
        if empty:
            self.ended(tag, declared)
            return not self.open
        self.open.append((name, tag, declared))
        self.spaces.append(spaces)
        return False

    def ended(self, tag, declared):
        if self.tell_end:
            self.tell_end(tag)
        for prefix, _ in reversed(declared) if self.tell_end_ns else ():
            self.tell_end_ns(prefix)

    def close(self, start):
        """Read the end of an element, and tell whether the document has ended."""
        found = _NAME.match(self.s, start + 2)
        at = found.end() if found else start + 2
        while at < len(self.s) and self.s[at] in " \t\n":
            at += 1
        if not found or not self.s.startswith(">", at):
            self.fail("not well-formed (invalid token)" if at < len(self.s) else "unclosed token", at if at < len(self.s) else start)
        if not self.open or self.open[-1][0] != found.group():
            self.fail("mismatched tag" if self.open else "not well-formed (invalid token)", start + 2 if self.open else start + 1)
        _, tag, declared = self.open.pop()
        self.spaces.pop()
        self.at = at + 1
        self.ended(tag, declared)
        return not self.open
