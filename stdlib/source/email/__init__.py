"""Messages with headers, as mail and HTTP have them."""

__all__ = ["errors", "header", "message", "message_from_bytes", "message_from_file", "message_from_string", "parser", "utils"]


def message_from_string(s, _class=None, *, policy=None):
    """The message of a text."""
    from email.parser import Parser

    return Parser(_class).parsestr(s)


def message_from_bytes(s, _class=None, *, policy=None):
    """The message of bytes."""
    return message_from_string(s.decode("utf-8", "surrogateescape"), _class)


def message_from_file(fp, _class=None, *, policy=None):
    """The message of an open file."""
    return message_from_string(fp.read(), _class)
