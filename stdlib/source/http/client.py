"""Connections to servers of the web: scripts have no network, and each says so."""

from http import HTTPStatus

__all__ = ["HTTPConnection", "HTTPException", "HTTPSConnection", "IncompleteRead", "RemoteDisconnected", "responses"]

HTTP_PORT, HTTPS_PORT = 80, 443
responses = {status.value: status.phrase for status in HTTPStatus}


class HTTPException(Exception):
    """What goes wrong with a connection."""


class IncompleteRead(HTTPException):
    """Less came than was announced."""

    def __init__(self, partial, expected=None):
        self.args, self.partial, self.expected = (partial,), partial, expected


class RemoteDisconnected(HTTPException, ConnectionResetError):
    """The other side went away."""


class HTTPConnection:
    """A connection to a server."""

    default_port = HTTP_PORT

    def __init__(self, host, port=None, timeout=None, source_address=None, blocksize=8192, **options):
        self.host, self.port, self.timeout = host, port or self.default_port, timeout

    def connect(self):
        raise PermissionError(f"http: cannot connect to {self.host!r}: scripts have no network")

    def request(self, method, url, body=None, headers={}, *, encode_chunked=False):
        self.connect()

    def getresponse(self):
        raise HTTPException("no request was sent")

    def close(self):
        pass


class HTTPSConnection(HTTPConnection):
    """A secured connection to a server."""

    default_port = HTTPS_PORT
