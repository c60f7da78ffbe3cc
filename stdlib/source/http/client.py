"""Connections to servers of the web."""

import socket
from email.message import Message
from http import HTTPStatus

__all__ = ["HTTPConnection", "HTTPException", "HTTPMessage", "HTTPResponse", "HTTPSConnection", "IncompleteRead", "RemoteDisconnected", "parse_headers", "responses"]

HTTP_PORT, HTTPS_PORT = 80, 443
_MAXLINE, _MAXHEADERS = 65536, 100
responses = {status.value: status.phrase for status in HTTPStatus}


class HTTPException(Exception):
    """What goes wrong with a connection."""


class IncompleteRead(HTTPException):
    """Less came than was announced."""

    def __init__(self, partial, expected=None):
        self.args, self.partial, self.expected = (partial,), partial, expected

    def __str__(self):
        more = f", {self.expected} more expected" if self.expected is not None else ""
        return f"IncompleteRead({len(self.partial)} bytes read{more})"


class LineTooLong(HTTPException):
    """A line has more bytes than are read."""

    def __init__(self, line_type):
        super().__init__(f"got more than {_MAXLINE} bytes when reading {line_type}")


class BadStatusLine(HTTPException):
    """An answer begins wrongly."""

    def __init__(self, line):
        self.args, self.line = (line or repr(line),), line or repr(line)


class NotConnected(HTTPException):
    """There is no connection."""


class InvalidURL(HTTPException):
    """An address is wrong."""


class CannotSendRequest(HTTPException):
    """A request is under way."""


class ResponseNotReady(HTTPException):
    """No request was sent."""


class RemoteDisconnected(ConnectionResetError, BadStatusLine):
    """The other side went away."""

    def __init__(self, *pos, **kw):
        BadStatusLine.__init__(self, "")
        ConnectionResetError.__init__(self, *pos, **kw)


class HTTPMessage(Message):
    """The headers of a message of the web."""

    def __init__(self, items=()):
        super().__init__()
        self._headers.extend(items)

    getallmatchingheaders = Message.get_all


def parse_headers(fp, _class=HTTPMessage):
    """Read headers up to the empty line after them."""
    out = []
    while True:
        line = fp.readline(_MAXLINE + 1)
        if len(line) > _MAXLINE:
            raise LineTooLong("header line")
        if line in (b"\r\n", b"\n", b""):
            return _class(out)
        if len(out) >= _MAXHEADERS:
            raise HTTPException(f"got more than {_MAXHEADERS} headers")
        text = line.decode("iso-8859-1").rstrip("\r\n")
        if text[:1] in " \t" and out:
            out[-1] = out[-1][0], out[-1][1] + "\r\n" + text
            continue
        name, found, value = text.partition(":")
        if found:
            out.append((name, value.strip(" \t")))


class HTTPResponse:
    """A server's answer."""

    def __init__(self, sock, debuglevel=0, method=None, url=None):
        self.fp, self._method, self.url = sock.makefile("rb"), method, url
        self.status = self.reason = self.version = self.headers = self.msg = None
        self.chunked, self.length, self.will_close, self._chunk = False, None, True, None

    def begin(self):
        while True:
            line = self.fp.readline(_MAXLINE + 1)
            if not line:
                raise RemoteDisconnected("Remote end closed connection without response")
            parts = line.decode("iso-8859-1").split(None, 2)
            if len(parts) < 2 or not parts[0].startswith("HTTP/") or not parts[1].isdigit():
                self.close()
                raise BadStatusLine(line.decode("iso-8859-1"))
            self.version, self.status, self.reason = 11 if parts[0] != "HTTP/1.0" else 10, int(parts[1]), parts[2].strip() if len(parts) > 2 else ""
            self.headers = self.msg = parse_headers(self.fp)
            if self.status != 100:
                break
        self.code = self.status
        self.chunked = (self.headers.get("transfer-encoding") or "").lower() == "chunked"
        length = self.headers.get("content-length")
        if not self.chunked and length is not None and length.isdigit():
            self.length = int(length)
        if self.status in (204, 304) or 100 <= self.status < 200 or self._method == "HEAD":
            self.length = 0
        connection = (self.headers.get("connection") or "").lower()
        self.will_close = "close" in connection or self.version == 10 and "keep-alive" not in connection or self.length is None and not self.chunked

    def _next_chunk(self):
        """Begin the next chunk; whether there is one."""
        if self._chunk == 0:
            return False
        if self._chunk is not None:
            self.fp.readline(_MAXLINE)
        size = self.fp.readline(_MAXLINE).split(b";")[0].strip()
        try:
            self._left = self._chunk = int(size, 16)
        except ValueError:
            self.close()
            raise IncompleteRead(b"") from None
        if self._chunk == 0:
            parse_headers(self.fp)
            self._done()
            return False
        return True

    def _done(self):
        if self.fp is not None:
            self.fp.close()
            self.fp = None

    def _some(self, limit, whole):
        """At most so many bytes; none at the end. Whole waits for all of them."""
        if self.fp is None or limit == 0:
            return b""
        if self.chunked:
            if (self._chunk is None or self._left == 0) and not self._next_chunk():
                return b""
            n = min(limit, self._left)
            data = self.fp.read(n) if whole else self.fp.read1(n)
            self._left -= len(data)
        else:
            n = limit if self.length is None else min(limit, self.length)
            data = (self.fp.read(n) if whole else self.fp.read1(n)) if n else b""
            if self.length is not None:
                self.length -= len(data)
                if self.length == 0:
                    self._done()
            elif not data:
                self._done()
        return data

    def read(self, amt=None):
        parts, got = [], 0
        while amt is None or got < amt:
            data = self._some(1 << 20 if amt is None else amt - got, True)
            if not data:
                break
            parts.append(data)
            got += len(data)
        data = b"".join(parts)
        if amt is None and self.length:
            raise IncompleteRead(data, self.length)
        return data

    def read1(self, n=-1):
        return self._some(65536 if n is None or n < 0 else n, False)

    def readinto(self, b):
        data = self.read(len(b))
        b[:len(data)] = data
        return len(data)

    def readline(self, limit=-1):
        out = []
        while limit < 0 or len(out) < limit:
            c = self._some(1, True)
            if not c:
                break
            out.append(c)
            if c == b"\n":
                break
        return b"".join(out)

    def __iter__(self):
        while line := self.readline():
            yield line

    def getheader(self, name, default=None):
        found = self.headers.get_all(name)
        return default if found is None else ", ".join(found)

    def getheaders(self):
        return self.headers.items()

    def getcode(self):
        return self.status

    def geturl(self):
        return self.url

    def info(self):
        return self.headers

    def isclosed(self):
        return self.fp is None

    closed = property(isclosed)

    def readable(self):
        return True

    def close(self):
        self._done()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.close()


class HTTPConnection:
    """A connection to a server."""

    default_port = HTTP_PORT

    def __init__(self, host, port=None, timeout=socket._default, source_address=None, blocksize=8192):
        if source_address is not None:
            raise NotImplementedError("http: source_address is not supported")
        if port is None:
            name, found, digits = host.rpartition(":")
            if found and "]" not in digits and not (name.count(":") and not name.startswith("[")):
                if digits and not digits.isdigit():
                    raise InvalidURL(f"nonnumeric port: '{digits}'")
                host, port = name, int(digits) if digits else None
        self.host, self.port = host.strip("[]"), self.default_port if port is None else port
        self.timeout, self.sock, self._response, self._method, self._buffer = timeout, None, None, None, None

    def connect(self):
        self.sock = socket.create_connection((self.host, self.port), self.timeout)

    def putrequest(self, method, url, skip_host=False, skip_accept_encoding=False):
        if any([c <= " " or c == "\x7f" for c in url]):
            raise InvalidURL(f"URL can't contain control characters. {url!r} (found at least {next(c for c in url if c <= ' ')!r})")
        self._method, self._buffer = method, [f"{method} {url or '/'} HTTP/1.1"]
        if not skip_host:
            self.putheader("Host", self.host if self.port == self.default_port else f"{self.host}:{self.port}")
        if not skip_accept_encoding:
            self.putheader("Accept-Encoding", "identity")

    def putheader(self, header, *values):
        text = "\r\n\t".join([v.decode("latin-1") if isinstance(v, bytes) else str(v) for v in values])
        if "\n" in header + text.replace("\r\n\t", ""):
            raise ValueError(f"Invalid header value {text!r}")
        self._buffer.append(f"{header}: {text}")

    def endheaders(self, message_body=None, *, encode_chunked=False):
        self.send("\r\n".join([*self._buffer, "", ""]).encode("latin-1"))
        self._buffer = None
        if message_body is not None:
            self._send_body(message_body, encode_chunked)

    def _send_body(self, body, chunked):
        if isinstance(body, (bytes, bytearray, memoryview)):
            body = [body]
        elif hasattr(body, "read"):
            body = iter(lambda f=body: f.read(65536), b"")
        for part in body:
            part = part.encode("latin-1") if isinstance(part, str) else bytes(part)
            self.send(b"%x\r\n%s\r\n" % (len(part), part) if chunked else part)
        if chunked:
            self.send(b"0\r\n\r\n")

    def send(self, data):
        if self.sock is None:
            self.connect()
        self.sock.sendall(data)

    def request(self, method, url, body=None, headers={}, *, encode_chunked=False):
        """Send a request."""
        names = {k.lower() for k in headers}
        self.putrequest(method, url, skip_host="host" in names, skip_accept_encoding="accept-encoding" in names)
        if isinstance(body, str):
            body = body.encode("iso-8859-1")
        chunked = encode_chunked
        if "content-length" not in names and "transfer-encoding" not in names:
            if body is None and method in ("PATCH", "POST", "PUT"):
                self.putheader("Content-Length", "0")
            elif isinstance(body, (bytes, bytearray)):
                self.putheader("Content-Length", str(len(body)))
            elif body is not None:
                chunked = True
                self.putheader("Transfer-Encoding", "chunked")
        for k, v in headers.items():
            self.putheader(k, v)
        self.endheaders(body, encode_chunked=chunked)

    def getresponse(self):
        """The answer to the request."""
        if self.sock is None or self._method is None:
            raise ResponseNotReady("Idle")
        made = HTTPResponse(self.sock, method=self._method)
        made.begin()
        self._method = None
        if made.will_close:
            self.sock.close()  # once the answer is read
            self.sock = None
        return made

    def close(self):
        if self.sock is not None:
            self.sock.close()
            self.sock = None

    def __repr__(self):
        return f"<{type(self).__name__} {self.host}:{self.port}>"


class HTTPSConnection(HTTPConnection):
    """A connection to a server that TLS secures."""

    default_port = HTTPS_PORT

    def __init__(self, host, port=None, *, timeout=socket._default, source_address=None, context=None, blocksize=8192):
        super().__init__(host, port, timeout, source_address, blocksize)
        if context is None:
            import ssl

            context = ssl._create_default_https_context()
        self._context = context

    def connect(self):
        super().connect()
        self.sock = self._context.wrap_socket(self.sock, server_hostname=self.host)
