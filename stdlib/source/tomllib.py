"""TOML documents as dicts."""

import datetime as _datetime
import re as _re

__all__ = ["TOMLDecodeError", "load", "loads"]


class TOMLDecodeError(ValueError):
    """A document is not valid TOML."""


_NUMBER = _re.compile(r"0(?:x[0-9A-Fa-f](?:_?[0-9A-Fa-f])*|b[01](?:_?[01])*|o[0-7](?:_?[0-7])*)|[+-]?(?:0|[1-9](?:_?[0-9])*)(?P<float>(?:\.[0-9](?:_?[0-9])*)?(?:[eE][+-]?[0-9](?:_?[0-9])*)?)")
_TIME = r"([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(?:\.([0-9]{1,6})[0-9]*)?"
_LOCAL_TIME = _re.compile(_TIME)
_DATETIME = _re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(?:[Tt ]" + _TIME + r"(?:([Zz])|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))?)?")
_BARE = _re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}
_DEEPEST = 200


def load(fp, /, *, parse_float=float):
    """The document of a file that is open for reading bytes."""
    data = fp.read()
    try:
        text = data.decode()
    except AttributeError:
        raise TypeError("File must be opened in binary mode, e.g. use `open('foo.toml', 'rb')`") from None
    return loads(text, parse_float=parse_float)


def loads(s, /, *, parse_float=float):
    """The document of a text."""
    return _Reader(s.replace("\r\n", "\n"), parse_float).document()


class _Reader:
    def __init__(self, text, parse_float):
        self.s, self.at, self.parse_float, self.depth = text, 0, parse_float, 0
        self.root = {}
        self.closed = set()   # ids of values that nothing can be added to: inline tables and arrays of values
        self.defined = set()  # paths of tables that a header or a dotted key has made
        self.made = {}        # tables that dotted keys have made, by their id, so that no header opens them again
        self.arrays = set()   # ids of arrays of tables

    def fail(self, what, at=None):
        at = self.at if at is None else at
        if at >= len(self.s):
            where = "end of document"
        else:
            where = f"line {self.s.count(chr(10), 0, at) + 1}, column {at - self.s.rfind(chr(10), 0, at)}"
        raise TOMLDecodeError(f"{what} (at {where})")

    def peek(self):
        return self.s[self.at:self.at + 1]

    def skip(self, chars):
        while self.at < len(self.s) and self.s[self.at] in chars:
            self.at += 1

    def comment(self):
        if self.peek() == "#":
            end = self.s.find("\n", self.at)
            end = len(self.s) if end < 0 else end
            for i in range(self.at, end):
                if self.s[i] < " " and self.s[i] != "\t" or self.s[i] == "\x7f":
                    self.fail(f"Found invalid character {self.s[i]!r}", i)
            self.at = end

    def blank(self):
        """Skip spaces, line ends and comments."""
        while True:
            before = self.at
            self.skip(" \t\n")
            self.comment()
            if self.at == before:
                return

    def document(self):
        table, path = self.root, ()
        while True:
            self.blank()
            if self.at >= len(self.s):
                return self.root
            if self.peek() == "[":
                table, path = self.header()
            else:
                self.pair(table, path)
            self.skip(" \t")
            self.comment()
            if self.at < len(self.s) and self.peek() != "\n":
                self.fail("Expected newline or end of document after a statement")

    # Keys and tables.

    def key(self):
        parts = [self.key_part()]
        while True:
            self.skip(" \t")
            if self.peek() != ".":
                return tuple(parts)
            self.at += 1
            self.skip(" \t")
            parts.append(self.key_part())

    def key_part(self):
        found = _BARE.match(self.s, self.at)
        if found:
            self.at = found.end()
            return found.group()
        if self.peek() == '"':
            return self.basic()
        if self.peek() == "'":
            return self.literal()
        self.fail("Invalid initial character for a key part")

    def header(self):
        double = self.s.startswith("[[", self.at)
        self.at += 1 + double
        self.skip(" \t")
        key = self.key()
        if not self.s.startswith("]]" if double else "]", self.at):
            self.fail("Expected ']]' at the end of an array declaration" if double else "Expected ']' at the end of a table declaration")
        table = self.root
        for part in key[:-1]:
            table = self.into(table, part, key)
        name = key[-1]
        if double:
            array = table.setdefault(name, [])
            if array == [] and id(array) not in self.closed and id(array) not in self.arrays:
                self.arrays.add(id(array))
            if not isinstance(array, list) or id(array) not in self.arrays:
                self.fail("Cannot overwrite a value" if not isinstance(array, list) else f"Cannot mutate immutable namespace {key}")
            made = {}
            array.append(made)
        else:
            made = table.get(name)
            if made is None and name not in table:
                made = table[name] = {}
            elif not isinstance(made, dict) or id(made) in self.closed or id(made) in self.defined or id(made) in self.made:
                self.fail(f"Cannot declare {key} twice" if isinstance(made, dict) and id(made) not in self.closed else "Cannot overwrite a value" if not isinstance(made, dict) else f"Cannot declare {key} twice")
        self.defined.add(id(made))
        self.at += 1 + double
        return made, key

    def into(self, table, part, key):
        """The table below another, the last one of an array of tables."""
        next_one = table.setdefault(part, {})
        if isinstance(next_one, list) and id(next_one) in self.arrays:
            next_one = next_one[-1]
        if not isinstance(next_one, dict):
            self.fail("Cannot overwrite a value")
        if id(next_one) in self.closed:
            self.fail(f"Cannot mutate immutable namespace {key}")
        return next_one

    def pair(self, table, path, inline=False):
        key = self.key()
        if self.peek() != "=":
            self.fail("Expected '=' after a key in a key/value pair")
        self.at += 1
        self.skip(" \t")
        for i, part in enumerate(key[:-1]):
            fresh = part not in table
            next_one = table.setdefault(part, {})
            if not isinstance(next_one, dict):
                self.fail("Cannot overwrite a value")
            if id(next_one) in self.closed or not fresh and id(next_one) in self.defined and not inline:
                self.fail(f"Cannot redefine namespace {path + key[:i + 1]}" if id(next_one) not in self.closed else f"Cannot mutate immutable namespace {path + key[:-1]}")
            self.made[id(next_one)] = next_one
            table = next_one
        value = self.value()
        if key[-1] in table:
            self.fail(f"Duplicate inline table key {key[-1]!r}" if inline else "Cannot overwrite a value")
        table[key[-1]] = value

    # Values.

    def value(self):
        s, at, c = self.s, self.at, self.peek()
        if c == '"':
            return self.basic_lines() if s.startswith('"""', at) else self.basic()
        if c == "'":
            return self.literal_lines() if s.startswith("'''", at) else self.literal()
        for word, result in (("true", True), ("false", False)):
            if s.startswith(word, at):
                self.at += len(word)
                return result
        if c == "[" or c == "{":
            self.depth += 1
            if self.depth > _DEEPEST:
                self.fail("Nested too deeply")
            made = self.array() if c == "[" else self.inline()
            self.depth -= 1
            return made
        found = _DATETIME.match(s, at)
        if found:
            self.at = found.end()
            return self.datetime(found, at)
        found = _LOCAL_TIME.match(s, at)
        if found:
            self.at = found.end()
            hour, minute, second, part = found.groups()
            return _datetime.time(int(hour), int(minute), int(second), int((part or "").ljust(6, "0")))
        found = _NUMBER.match(s, at)
        if found:
            self.at = found.end()
            text = found.group()
            return self.parse_float(text) if found.group("float") else int(text, 0)
        for n in (3, 4):
            if s[at:at + n] in ("inf", "nan", "+inf", "-inf", "+nan", "-nan"):
                self.at += n
                return self.parse_float(s[at:at + n])
        self.fail("Invalid value")

    def datetime(self, found, at):
        year, month, day, hour, minute, second, part, zulu, sign, hours, minutes = found.groups()
        try:
            if hour is None:
                return _datetime.date(int(year), int(month), int(day))
            zone = None
            if sign:
                shift = _datetime.timedelta(hours=int(hours), minutes=int(minutes))
                zone = _datetime.timezone(shift if sign == "+" else -shift)
            elif zulu:
                zone = _datetime.timezone.utc
            return _datetime.datetime(int(year), int(month), int(day), int(hour), int(minute), int(second), int((part or "").ljust(6, "0")), zone)
        except ValueError as e:
            self.at = at
            raise TOMLDecodeError("Invalid date or datetime") from e

    def array(self):
        self.at += 1
        out = []
        self.closed.add(id(out))
        self.keep(out)
        while True:
            self.blank()
            if self.peek() == "]":
                self.at += 1
                return out
            out.append(self.value())
            self.blank()
            if self.peek() == ",":
                self.at += 1
            elif self.peek() != "]":
                self.fail("Unclosed array")

    def inline(self):
        self.at += 1
        out = {}
        self.keep(out)
        self.skip(" \t")
        if self.peek() == "}":
            self.at += 1
        else:
            while True:
                self.pair(out, (), True)
                self.skip(" \t")
                if self.peek() == "}":
                    self.at += 1
                    break
                if self.peek() != ",":
                    self.fail("Unclosed inline table")
                self.at += 1
                self.skip(" \t")
        self.close(out)
        return out

    def keep(self, value):
        """Have a value live as long as the reader, so that no other has its id."""
        self.made.setdefault("kept", []).append(value)

    def close(self, value):
        self.closed.add(id(value))
        if isinstance(value, dict):
            for part in value.values():
                self.close(part)

    # Texts.

    def text(self, end, lines):
        """What stands before end, with escapes."""
        out, s = [], self.s
        while True:
            at = self.at
            if at >= len(s):
                self.fail("Unterminated string")
            c = s[at]
            if s.startswith(end, at):
                if lines:
                    # Quotes may stand before those that end the text.
                    while s.startswith('"', self.at + 3) and self.at < at + 2:
                        self.at += 1
                    out.append(s[at:self.at])
                self.at += len(end)
                return "".join(out)
            if c == "\\":
                out.append(self.escape(lines))
                continue
            if c < " " and c != "\t" and not (lines and c == "\n") or c == "\x7f":
                self.fail(f"Illegal character {c!r}")
            self.at += 1
            out.append(c)

    def escape(self, lines):
        s = self.s
        c = s[self.at + 1:self.at + 2]
        if lines and c and c in " \t\n":
            at = self.at + 1
            while at < len(s) and s[at] in " \t":
                at += 1
            if s[at:at + 1] != "\n":
                self.fail("Unescaped '\\' in a string")
            self.at = at
            self.skip(" \t\n")
            return ""
        if c in ("u", "U"):
            size = 4 if c == "u" else 8
            digits = s[self.at + 2:self.at + 2 + size]
            if not _re.fullmatch("[0-9A-Fa-f]{%d}" % size, digits):
                self.at += 2
                self.fail("Invalid hex value")
            number = int(digits, 16)
            if 0xD800 <= number <= 0xDFFF or number > 0x10FFFF:
                self.at += 2 + size
                self.fail("Escaped character is not a Unicode scalar value")
            self.at += 2 + size
            return chr(number)
        if c not in _ESCAPES or not c:
            self.at += 2
            self.fail("Unescaped '\\' in a string")
        self.at += 2
        return _ESCAPES[c]

    def basic(self):
        self.at += 1
        return self.text('"', False)

    def basic_lines(self):
        self.at += 3
        if self.peek() == "\n":
            self.at += 1
        return self.text('"""', True)

    def raw(self, end, allowed):
        close = self.s.find(end, self.at)
        if close < 0:
            self.at = len(self.s)
            self.fail(f"Expected {end!r}")
        for i in range(self.at, close):
            c = self.s[i]
            if c < " " and c not in allowed or c == "\x7f":
                self.fail(f"Found invalid character {c!r}", i)
        text = self.s[self.at:close]
        self.at = close + len(end)
        return text

    def literal(self):
        self.at += 1
        return self.raw("'", "\t")

    def literal_lines(self):
        self.at += 3
        if self.peek() == "\n":
            self.at += 1
        text = self.raw("'''", "\t\n")
        for _ in range(2):
            if self.peek() == "'":
                self.at += 1
                text += "'"
        return text
