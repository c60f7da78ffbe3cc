"""Messages read from text."""

import re

from email.message import EmailMessage, Message

__all__ = ["BytesHeaderParser", "BytesParser", "HeaderParser", "Parser"]

_field = re.compile(r"([!-9;-~]+):[ \t]*(.*)", re.DOTALL)


class Parser:
    """Reads text into messages of a class."""

    def __init__(self, _class=None, *, policy=None):
        self._class = _class or Message

    def parse(self, fp, headersonly=False):
        return self.parsestr(fp.read(), headersonly)

    def parsestr(self, text, headersonly=False):
        message, at = self._class(), 0
        lines = text.splitlines(True)
        fields = []
        while at < len(lines):
            line = lines[at]
            if line[:1] in " \t" and fields and line.strip():
                fields[-1] += line
            elif _field.match(line):
                fields.append(line)
            else:
                at += not line.strip("\r\n")
                break
            at += 1
        for field in fields:
            name, value = _field.match(field).groups()
            message[name] = value.rstrip("\r\n")
        body = "".join(lines[at:])
        boundary = message.get_boundary()
        if headersonly or message.get_content_maintype() != "multipart" or not boundary:
            message.set_payload(body)
            return message
        pieces = re.split(r"(?:^|\r?\n)--" + re.escape(boundary) + r"(--)?[ \t]*(?:\r?\n|$)", body)
        message.preamble = pieces[0] or None
        for end, piece in zip(pieces[1::2], pieces[2::2]):
            if end:
                message.epilogue = piece or None
                break
            message.attach(Parser(self._class).parsestr(piece))
        return message


class HeaderParser(Parser):
    """Reads the headers and leaves the rest as text."""

    def parsestr(self, text, headersonly=True):
        return super().parsestr(text, True)


class BytesParser(Parser):
    """Reads bytes into messages."""

    def parse(self, fp, headersonly=False):
        return self.parsebytes(fp.read(), headersonly)

    def parsebytes(self, text, headersonly=False):
        return self.parsestr(bytes(text).decode("utf-8", "surrogateescape"), headersonly)


class BytesHeaderParser(BytesParser):
    """Reads the headers of bytes and leaves the rest as text."""

    def parsestr(self, text, headersonly=True):
        return super().parsestr(text, True)
