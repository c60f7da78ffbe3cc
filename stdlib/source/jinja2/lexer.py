"""The tokens of a template: text, and what stands in its tags."""

import re

from jinja2.exceptions import TemplateSyntaxError

_names = {
    "+": "add", "-": "sub", "/": "div", "//": "floordiv", "*": "mul", "%": "mod", "**": "pow", "~": "tilde", "[": "lbracket", "]": "rbracket",
    "(": "lparen", ")": "rparen", "{": "lbrace", "}": "rbrace", "==": "eq", "!=": "ne", ">": "gt", ">=": "gteq", "<": "lt", "<=": "lteq", "=": "assign",
    ".": "dot", ":": "colon", "|": "pipe", ",": "comma", ";": "semicolon",
}
_opening, _closing = {"(": ")", "[": "]", "{": "}"}, {")", "]", "}"}
_token = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<float>(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?[eE][+\-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+))"
    r"|(?P<integer>0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[0-9a-fA-F])+|[1-9](?:_?\d)*|0(?:_?0)*)"
    r"|(?P<name>\w+)"
    r"|(?P<string>'[^'\\]*(?:\\(?:.|\n)[^'\\]*)*'|\"[^\"\\]*(?:\\(?:.|\n)[^\"\\]*)*\")"
    r"|(?P<operator>//|\*\*|==|!=|>=|<=|[+\-/*%~\[\](){}<>=.:|,;])"
)
_integer = re.compile(r"(?:0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[0-9a-fA-F])+|[1-9](?:_?\d)*|0(?:_?0)*)")
_escape = re.compile(r"\\(\n|[abfnrtv\\'\"]|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})")
_simple = {"\n": "", "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", "'": "'", '"': '"'}
_newlines = re.compile(r"\r\n|\r|\n")


class Token:
    """A token: its line, its kind, and its value."""

    __slots__ = ("lineno", "type", "value")

    def __init__(self, lineno, type, value):
        self.lineno, self.type, self.value = lineno, type, value

    def test(self, expr):
        """Whether it is of a kind, or of the kind and value of "kind:value"."""
        return self.type == expr or ":" in expr and expr == self.type + ":" + str(self.value)

    def __str__(self):
        return self.value if self.type == "name" else describe(self.type)


_described = {
    "variable_begin": "begin of print statement", "variable_end": "end of print statement", "block_begin": "begin of statement block",
    "block_end": "end of statement block", "data": "template data / text", "eof": "end of template",
}
_signs = {name: sign for sign, name in _names.items()}


def describe(kind):
    """A kind of token as messages name it."""
    if kind.startswith("name:"):
        return kind[5:]
    return _described.get(kind) or _signs.get(kind, kind)


def _unescape(text):
    def one(m):
        s = m.group(1)
        if s in _simple:
            return _simple[s]
        return chr(int(s[1:], 16) if s[0] in "xuU" else int(s, 8))

    return _escape.sub(one, text) if "\\" in text else text


def _begin_pattern(env):
    """The tags' beginnings, the longer ones first, and whether a minus or a plus follows."""
    kinds = [(env.block_start_string, "block"), (env.variable_start_string, "variable"), (env.comment_start_string, "comment")]
    kinds.sort(key=lambda k: -len(k[0]))
    raw = f"(?P<raw>{re.escape(env.block_start_string)}(?P<rawsign>[-+]?)\\s*raw\\s*(?:-{re.escape(env.block_end_string)}\\s*|{re.escape(env.block_end_string)}))"
    return re.compile(raw + "|" + "|".join([f"(?P<{kind}>{re.escape(text)}(?P<{kind}sign>[-+]?))" for text, kind in kinds]))


class Lexer:
    """The tokenizer of an environment."""

    def __init__(self, env):
        self.env = env
        self.begin = _begin_pattern(env)
        newline = "\\n?" if env.trim_blocks else ""
        block, comment, variable = re.escape(env.block_end_string), re.escape(env.comment_end_string), re.escape(env.variable_end_string)
        self.block_end = re.compile(f"[+]{block}|-{block}\\s*|{block}{newline}")
        self.variable_end = re.compile(f"-{variable}\\s*|{variable}")
        self.comment_end = re.compile(f"(.*?)([+]{comment}|-{comment}\\s*|{comment}{newline})", re.DOTALL)
        start = re.escape(env.block_start_string)
        self.raw_end = re.compile(f"(.*?){start}([-+]?)\\s*endraw\\s*([+]{block}|-{block}\\s*|{block}{newline})", re.DOTALL)

    def text_before(self, text, sign, kind, line_starting):
        """The text before a tag without the space that the tag takes away."""
        if sign == "-":
            return text.rstrip()
        if sign == "+" or not self.env.lstrip_blocks or kind == "variable":
            return text
        at = text.rfind("\n") + 1
        if (at > 0 or line_starting) and not text[at:].strip():
            return text[:at]
        return text

    def tokenize(self, source, name=None, filename=None):
        """The tokens of a template, in order, with an end."""
        source = _newlines.sub("\n", source)
        if not self.env.keep_trailing_newline and source.endswith("\n"):
            source = source[:-1]
        out, at, line, line_starting = [], 0, 1, True

        def fail(message, lineno):
            e = TemplateSyntaxError(message, lineno, name, filename)
            e.source = source
            raise e

        def data(text):
            if text:
                out.append(Token(line, "data", text if self.env.newline_sequence == "\n" else text.replace("\n", self.env.newline_sequence)))

        while at < len(source):
            m = self.begin.search(source, at)
            if m is None:
                data(source[at:])
                line += source.count("\n", at)
                break
            kind = [k for k in ("raw", "block", "variable", "comment") if m.group(k) is not None][0]
            text = source[at:m.start()]
            data(self.text_before(text, m.group(kind + "sign"), kind, line_starting))
            line += text.count("\n")
            at = m.end()
            if kind == "comment":
                end = self.comment_end.match(source, at)
                if end is None:
                    fail("Missing end of comment tag", line)
                line += source.count("\n", at, end.end())
                at = end.end()
            elif kind == "raw":
                line += source.count("\n", m.start(), at)
                end = self.raw_end.match(source, at)
                if end is None:
                    fail("Missing end of raw directive", line)
                data(self.text_before(end.group(1), end.group(2), "block", source[at - 1] == "\n"))
                line += source.count("\n", at, end.end())
                at = end.end()
            else:
                out.append(Token(line, kind + "_begin", m.group(0)))
                at, line = self.tag(source, at, line, kind, out, fail)
            line_starting = source[at - 1] == "\n"
        out.append(Token(line, "eof", ""))
        return out

    def tag(self, source, at, line, kind, out, fail):
        """Read the tokens of a tag to its end."""
        stack, ends = [], self.block_end if kind == "block" else self.variable_end
        while True:
            if not stack:
                end = ends.match(source, at)
                if end is not None:
                    out.append(Token(line, kind + "_end", end.group()))
                    return end.end(), line + end.group().count("\n")
            m = _token.match(source, at)
            if m is None:
                if at >= len(source):
                    return at, line
                fail(f"unexpected char {source[at]!r} at {at}", line)
            what, text = m.lastgroup, m.group()
            if what == "float" and at > 0 and source[at - 1] == ".":  # a.0.5: whole numbers after dots
                m = _integer.match(source, at)
                what, text = "integer", m.group()
            at = m.end()
            if what == "name":
                if not text.isidentifier():
                    fail("Invalid character in identifier", line)
                out.append(Token(line, "name", text))
            elif what == "string":
                out.append(Token(line, "string", _unescape(text[1:-1])))
            elif what == "integer":
                out.append(Token(line, "integer", int(text.replace("_", ""), 0) if text.strip("0_") else 0))
            elif what == "float":
                out.append(Token(line, "float", float(text.replace("_", ""))))
            elif what == "operator":
                if text in _opening:
                    stack.append(_opening[text])
                elif text in _closing:
                    if not stack:
                        fail(f"unexpected '{text}'", line)
                    expected = stack.pop()
                    if expected != text:
                        fail(f"unexpected '{text}', expected '{expected}'", line)
                out.append(Token(line, _names[text], text))
            line += text.count("\n")
