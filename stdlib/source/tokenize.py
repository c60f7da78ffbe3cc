"""Source text as tokens, comments and line ends among them, as CPython 3.11 tells them."""

import re as _re
from collections import namedtuple as _namedtuple
from io import BytesIO as _BytesIO, TextIOWrapper as _TextIOWrapper

import token as _token
from token import *

__all__ = _token.__all__ + ["TokenInfo", "TokenError", "StopTokenizing", "tokenize", "generate_tokens", "detect_encoding", "open", "untokenize", "cookie_re", "blank_re"]

cookie_re = _re.compile(r"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", _re.ASCII)
blank_re = _re.compile(rb"^[ \t\f]*(?:[#\r\n]|$)", _re.ASCII)

_PREFIX = r"(?:[bB][rR]?|[rR][bBfF]?|[uU]|[fF][rR]?)?"
_NUMBER = _re.compile(r"0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+"
                      r"|(?:[0-9](?:_?[0-9])*\.(?:[0-9](?:_?[0-9])*)?|\.[0-9](?:_?[0-9])*)(?:[eE][-+]?[0-9](?:_?[0-9])*)?[jJ]?"
                      r"|[0-9](?:_?[0-9])*[eE][-+]?[0-9](?:_?[0-9])*[jJ]?|[0-9](?:_?[0-9])*[jJ]?")
_NAME = _re.compile(r"\w+")
_OPERATOR = _re.compile("|".join(_re.escape(op) for op in sorted(_token.EXACT_TOKEN_TYPES, key=len, reverse=True)) + "|!=|<>|->|\\.\\.\\.")
_OPENS = _re.compile(_PREFIX + r"('''|\"\"\"|'|\")")
_BODY = {q: _re.compile(r"(?:[^\\" + q + r"\n]|\\.|\\\n)*" + q, _re.DOTALL) for q in "'\""}
_LONG = {q * 3: _re.compile(r"(?:[^\\" + q + r"]|\\.|" + q + r"(?!" + q * 2 + r"))*" + q * 3, _re.DOTALL) for q in "'\""}


class TokenError(Exception):
    """The text ends within a token or a bracket."""


class StopTokenizing(Exception):
    """For functions that take tokens and want no more."""


class TokenInfo(_namedtuple("TokenInfo", "type string start end line")):
    """A token: its kind, text, where it starts and ends, and the line that it lies on."""

    @property
    def exact_type(self):
        """The kind, of an operator its own."""
        if self.type == _token.OP and self.string in _token.EXACT_TOKEN_TYPES:
            return _token.EXACT_TOKEN_TYPES[self.string]
        return self.type

    def __repr__(self):
        return f"TokenInfo(type={self.type} ({_token.tok_name[self.type]}), string={self.string!r}, start={self.start!r}, end={self.end!r}, line={self.line!r})"


def detect_encoding(readline):
    """The encoding of a source by its first two lines, and the lines that were read for it."""
    def line():
        try:
            return readline()
        except StopIteration:
            return b""

    def named(text):
        try:
            found = cookie_re.match(text.decode("utf-8"))
        except UnicodeDecodeError:
            raise SyntaxError("invalid or missing encoding declaration") from None
        if not found:
            return None
        name = found.group(1).lower().replace("_", "-")
        if name == "utf-8" or name.startswith("utf-8-"):
            return "utf-8"
        if name in ("latin-1", "iso-8859-1", "iso-latin-1"):
            return "iso-8859-1"
        try:
            b"".decode(name)
        except LookupError:
            raise SyntaxError("unknown encoding: " + name) from None
        return name

    first, default = line(), "utf-8"
    if first.startswith(b"\xef\xbb\xbf"):
        first, default = first[3:], "utf-8-sig"
    if not first:
        return default, []
    found = named(first)
    if found is None and blank_re.match(first):
        second = line()
        if not second:
            return default, [first]
        return named(second) or default, [first, second]
    if found and default == "utf-8-sig" and found != "utf-8":
        raise SyntaxError("encoding problem: utf-8")
    return ("utf-8-sig" if default == "utf-8-sig" else found or default), [first]


_builtin_open = open


def open(filename):
    """A source file for reading, in the encoding that it declares."""
    file = _builtin_open(filename, "rb")
    try:
        encoding, _ = detect_encoding(file.readline)
        file.seek(0)
        return _TextIOWrapper(file, encoding, line_buffering=True)
    except BaseException:
        file.close()
        raise


def tokenize(readline):
    """The tokens of a source whose lines readline gives as bytes; the first tells its encoding."""
    encoding, held = detect_encoding(readline)
    held = list(held)

    def line():
        text = held.pop(0) if held else readline()
        return text.decode("utf-8" if encoding == "utf-8-sig" else encoding)

    yield TokenInfo(_token.ENCODING, "utf-8" if encoding == "utf-8-sig" else encoding, (0, 0), (0, 0), "")
    yield from _tokens(line)


def generate_tokens(readline):
    """The tokens of a source whose lines readline gives as text."""
    return _tokens(readline)


class _Source:
    """Lines as they are asked for."""

    def __init__(self, readline):
        self.readline, self.number = readline, 0

    def next(self):
        try:
            line = self.readline()
        except StopIteration:
            line = ""
        self.number += 1
        return line


def _tokens(readline):
    source, indents, depth, last = _Source(readline), [0], 0, ""
    joined = False  # by a backslash at the end of the line before
    while True:
        line = source.next()
        row = source.number
        if not line:
            break
        at = 0
        if depth == 0 and not joined:
            at, width = _blanks(line)
            rest = line[at:]
            if not rest.strip("\r\n") or rest[0] == "#":  # a line of no code
                if rest[:1] == "#":
                    text = rest.rstrip("\r\n")
                    yield TokenInfo(_token.COMMENT, text, (row, at), (row, at + len(text)), line)
                    at += len(text)
                yield TokenInfo(_token.NL, line[at:], (row, at), (row, len(line)), line)
                last = line
                continue
            if width > indents[-1]:
                indents.append(width)
                yield TokenInfo(_token.INDENT, line[:at], (row, 0), (row, at), line)
            while width < indents[-1]:
                if width not in indents:
                    raise IndentationError("unindent does not match any outer indentation level", ("<tokenize>", row, at, line))
                indents.pop()
                yield TokenInfo(_token.DEDENT, "", (row, at), (row, at), line)
        joined = False
        while at < len(line):
            c = line[at]
            if c in " \t\f":
                at += 1
            elif c in "\r\n":
                yield TokenInfo(_token.NL if depth else _token.NEWLINE, line[at:], (row, at), (row, len(line)), line)
                at = len(line)
            elif c == "#":
                text = line[at:].rstrip("\r\n")
                yield TokenInfo(_token.COMMENT, text, (row, at), (row, at + len(text)), line)
                at += len(text)
            elif c == "\\" and line[at + 1:].strip("\r\n") == "" and len(line) > at + 1:
                joined, at = True, len(line)
            else:
                kind, text, line, row, end = _one(source, line, row, at)
                first = row - text.count("\n")
                shown = line
                if kind == _token.OP:
                    depth += (text in "([{") - (text in ")]}")
                yield TokenInfo(kind, text, (first, at), (row, end), shown)
                if "\n" in text:
                    line = line[line.rfind("\n", 0, len(line) - 1) + 1:]
                at = end
        last = line
    if depth or joined:
        raise TokenError("EOF in multi-line statement", (source.number, 0))
    row = source.number
    if last and last[-1] not in "\r\n" and not last.strip().startswith("#"):
        yield TokenInfo(_token.NEWLINE, "", (row - 1, len(last)), (row - 1, len(last) + 1), "")
    for _ in indents[1:]:
        yield TokenInfo(_token.DEDENT, "", (row, 0), (row, 0), "")
    yield TokenInfo(_token.ENDMARKER, "", (row, 0), (row, 0), "")


def _blanks(line):
    """How many characters a line is indented by, and the column that they reach."""
    width = 0
    for at, c in enumerate(line):
        if c == " ":
            width += 1
        elif c == "\t":
            width = (width // 8 + 1) * 8
        elif c == "\f":
            width = 0
        else:
            return at, width
    return len(line), width


def _one(source, line, row, at):
    """A token of a line: its kind, text, the lines that it lies on, the last one's number, and where it ends there."""
    opens = _OPENS.match(line, at)
    if opens:
        quote = opens.group(1)
        body = (_LONG if len(quote) == 3 else _BODY)[quote].match(line, opens.end())
        while body is None:
            if len(quote) == 1 and not line.rstrip("\r\n").endswith("\\"):
                return _token.ERRORTOKEN, line[at], line, row, at + 1
            more = source.next()
            if not more:
                raise TokenError("EOF in multi-line string", (row, at))
            line, row = line + more, source.number
            body = (_LONG if len(quote) == 3 else _BODY)[quote].match(line, opens.end())
        text = line[at:body.end()]
        return _token.STRING, text, line, row, body.end() - (line.rfind("\n", 0, body.end()) + 1 if "\n" in text else 0)
    for kind, pattern in ((_token.NUMBER, _NUMBER), (_token.NAME, _NAME), (_token.OP, _OPERATOR)):
        found = pattern.match(line, at)
        if found:
            return kind, found.group(), line, row, found.end()
    return _token.ERRORTOKEN, line[at], line, row, at + 1


def untokenize(iterable):
    """Text that has the tokens again: with all five parts where they stood, with two parted by blanks."""
    out, row, column, encoding, indents, fresh = [], 1, 0, None, [], False
    for t in iterable:
        kind, text = t[0], t[1]
        if kind == _token.ENCODING:
            encoding = text
            continue
        if len(t) == 2:
            if kind == _token.INDENT:
                indents.append(text)
                continue
            if kind == _token.DEDENT:
                indents.pop()
                continue
            if fresh and indents and kind not in (_token.NEWLINE, _token.NL):
                out.append(indents[-1])
            fresh = kind in (_token.NEWLINE, _token.NL)
            out.append(text + " " if kind in (_token.NAME, _token.NUMBER, _token.STRING) else (text or "\n") if fresh else text)
            continue
        start, end = t[2], t[3]
        if kind == _token.ENDMARKER:
            break
        if start < (row, column):
            raise ValueError(f"start ({start[0]},{start[1]}) precedes previous end ({row},{column})")
        if start[0] > row:
            out.append("\\\n" * (start[0] - row))
            column = 0
        out.append(" " * (start[1] - column))
        out.append(text)
        row, column = end
        if kind in (_token.NEWLINE, _token.NL):
            row, column = row + 1, 0
    text = "".join(out)
    return text.encode(encoding) if encoding is not None else text
