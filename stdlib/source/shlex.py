"""Text split as a shell splits a command line."""

import re as _re

__all__ = ["join", "quote", "shlex", "split"]

_unsafe = _re.compile(r"[^\w@%+=:,./-]", _re.ASCII)


class shlex:
    """The words of a text, one after the other."""

    def __init__(self, instream=None, infile=None, posix=False, punctuation_chars=False):
        import sys

        if instream is None:
            instream = sys.stdin
        self._text = instream if isinstance(instream, str) else instream.read()
        self.posix, self.infile = posix, infile
        self.commenters, self.whitespace, self.quotes = "#", " \t\r\n", "'\""
        self.escape, self.escapedquotes = "\\", '"'
        self.whitespace_split = False
        self.wordchars = "abcdfeghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
        self.eof = None if posix else ""
        self._at = 0

    def get_token(self):
        """The next word, or eof."""
        text, word, started = self._text, "", False
        while self._at < len(text):
            c = text[self._at]
            self._at += 1
            if c in self.whitespace:
                if started:
                    return word
            elif c in self.commenters and (not started or not self.whitespace_split):
                while self._at < len(text) and text[self._at] != "\n":
                    self._at += 1
                if started:
                    return word
            elif self.posix and c in self.escape:
                if self._at >= len(text):
                    raise ValueError("No escaped character")
                word, started = word + text[self._at], True
                self._at += 1
            elif c in self.quotes:
                word, started = word + self._quoted(c), True
                if not self.posix:
                    return word
            elif self.whitespace_split or c in self.wordchars or self.posix and not c.isspace() and ord(c) > 127:
                word, started = word + c, True
            elif started:
                self._at -= 1
                return word
            else:
                return c
        return word if started else self.eof

    def _quoted(self, quote):
        text, out = self._text, "" if self.posix else quote
        while True:
            if self._at >= len(text):
                raise ValueError("No closing quotation")
            c = text[self._at]
            self._at += 1
            if c == quote:
                return out if self.posix else out + c
            if self.posix and c in self.escape and quote in self.escapedquotes:
                if self._at >= len(text):
                    raise ValueError("No escaped character")
                after = text[self._at]
                self._at += 1
                out += after if after in (quote, *self.escape) else c + after
            else:
                out += c

    def __next__(self):
        word = self.get_token()
        if word != self.eof:
            return word
        raise StopIteration

    def __iter__(self):
        return self


def split(s, comments=False, posix=True):
    """The words of a command line."""
    if s is None:
        raise ValueError("s argument must not be None")
    words = shlex(s, posix=posix)
    words.whitespace_split, words.commenters = True, words.commenters if comments else ""
    return [*words]


def quote(s):
    """A word as a shell reads it back."""
    if not s:
        return "''"
    if _unsafe.search(s) is None:
        return s
    return "'" + s.replace("'", "'\"'\"'") + "'"


def join(split_command):
    """Words as a command line."""
    return " ".join([quote(arg) for arg in split_command])
