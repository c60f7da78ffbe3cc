"""What goes wrong with addresses of the network."""

__all__ = ["ContentTooShortError", "HTTPError", "URLError"]


class URLError(OSError):
    """What could not be fetched."""

    def __init__(self, reason, filename=None):
        self.args = (reason,)
        self.reason = reason

    def __str__(self):
        return f"<urlopen error {self.reason}>"


class HTTPError(URLError):
    """The answer of a server that refuses."""

    def __init__(self, url, code, msg, hdrs, fp):
        self.args = (url, code, msg, hdrs, fp)
        self.code, self.msg, self.hdrs, self.fp, self.filename, self.reason = code, msg, hdrs, fp, url, msg

    def __str__(self):
        return f"HTTP Error {self.code}: {self.msg}"


class ContentTooShortError(URLError):
    """Less came than was announced."""

    def __init__(self, message, content):
        URLError.__init__(self, message)
        self.content = content
