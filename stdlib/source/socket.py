"""Connections by TCP, through the network that the host grants."""

import _socket
from time import monotonic as _now, sleep as _sleep

AF_UNSPEC, AF_UNIX, AF_INET, AF_INET6 = 0, 1, 2, 10
SOCK_STREAM, SOCK_DGRAM, SOCK_RAW = 1, 2, 3
SOL_SOCKET, SO_REUSEADDR, SO_KEEPALIVE, SO_BROADCAST, SO_SNDBUF, SO_RCVBUF, SO_REUSEPORT, SO_LINGER, SO_ERROR = 1, 2, 9, 6, 7, 8, 15, 13, 4
IPPROTO_IP, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_IPV6, TCP_NODELAY, IPV6_V6ONLY = 0, 6, 17, 41, 1, 26
SHUT_RD, SHUT_WR, SHUT_RDWR, SOMAXCONN, AI_PASSIVE, AI_NUMERICHOST = 0, 1, 2, 4096, 1, 4
NI_NUMERICHOST, NI_NUMERICSERV, EAI_NONAME, MSG_PEEK = 1, 2, -2, 2
has_ipv6 = True

error = OSError
timeout = TimeoutError
_default = [None]


class gaierror(OSError):
    """A name that stands for no address."""


class herror(OSError):
    """A name that stands for no address."""


def _seconds(timeout):
    return -1 if timeout is None else timeout


class socket:
    """An end of a connection, or what waits for connections."""

    def __init__(self, family=-1, type=-1, proto=-1, fileno=None):
        if fileno is not None:
            raise NotImplementedError("socket: a socket of a descriptor is not supported")
        self.family, self.type, self.proto = AF_INET if family == -1 else family, SOCK_STREAM if type == -1 else type, 0 if proto == -1 else proto
        if self.type != SOCK_STREAM or self.family not in (AF_INET, AF_INET6):
            raise NotImplementedError("socket: only connections by TCP are supported")
        if not _socket.granted():
            raise PermissionError(1, "scripts have no network: the host grants none")
        self._wire, self._at, self._timeout, self._options, self._closed, self._files = None, None, _default[0], {}, False, 0

    @classmethod
    def _of(cls, wire, family):
        made = cls(family)
        made._wire = wire
        return made

    def _connected(self):
        if self._closed and not self._files:
            raise OSError(9, "Bad file descriptor")
        if self._wire is None:
            raise OSError(107, "Transport endpoint is not connected")
        return self._wire

    def bind(self, address):
        if self._at is not None:
            raise OSError(22, "Invalid argument")
        self._at = address[0], address[1]
        self._wire = _socket.listen(*self._at)  # a port that is taken is told of at once, as by bind

    def listen(self, backlog=SOMAXCONN):
        if self._wire is None:
            self.bind(("0.0.0.0", 0))

    def accept(self):
        wire, address = self._connected().accept(_seconds(self._timeout))
        return type(self)._of(wire, self.family), address if self.family == AF_INET else (*address, 0, 0)

    def connect(self, address):
        if self._wire is not None:
            raise OSError(106, "Transport endpoint is already connected")
        self._wire = _socket.dial(address[0], address[1], _seconds(self._timeout))

    def connect_ex(self, address):
        try:
            self.connect(address)
        except OSError as e:
            return e.errno
        return 0

    def recv(self, bufsize, flags=0):
        if flags:
            raise NotImplementedError("socket: flags of recv are not supported")
        return self._connected().recv(bufsize, _seconds(self._timeout))

    def recv_into(self, buffer, nbytes=0, flags=0):
        data = self.recv(nbytes or len(buffer), flags)
        buffer[:len(data)] = data
        return len(data)

    def send(self, data, flags=0):
        return self._connected().send(bytes(data), _seconds(self._timeout))

    def sendall(self, data, flags=0):
        self.send(data)

    def shutdown(self, how):
        wire = self._connected()
        if how != SHUT_RD:
            wire.shut()

    def close(self):
        self._closed = True
        if self._wire is not None and not self._files:
            self._wire.close()

    def _file_closed(self):
        self._files -= 1
        if self._closed:
            self.close()

    def detach(self):
        raise NotImplementedError("socket: detach is not supported: a connection has no descriptor")

    def fileno(self):
        return -1 if self._closed else id(self) & 0x7fffffff

    def settimeout(self, value):
        if value is not None and value < 0:
            raise ValueError("Timeout value out of range")
        self._timeout = value

    def gettimeout(self):
        return self._timeout

    def setblocking(self, flag):
        self._timeout = None if flag else 0

    def getblocking(self):
        return self._timeout != 0

    def setsockopt(self, level, optname, value):
        """Note an option: connections have those of Go's, which send at once and keep alive."""
        self._options[level, optname] = value

    def getsockopt(self, level, optname, buflen=None):
        return self._options.get((level, optname), 0)

    def getsockname(self):
        return ("0.0.0.0", 0) if self._wire is None else self._wire.address()

    def getpeername(self):
        return self._connected().address(True)

    def makefile(self, mode="r", buffering=None, *, encoding=None, errors=None, newline=None):
        """The connection as a file."""
        self._files += 1
        made = _File(self, mode)
        if "b" in mode:
            return made
        return _TextFile(made, encoding or "utf-8", errors or "strict")

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.close()

    def __repr__(self):
        return f"<socket.socket {'[closed] ' if self._closed else ''}family={self.family}, type={self.type}, proto={self.proto}>"


SocketType = socket


class _File:
    """A connection as a file of bytes."""

    def __init__(self, sock, mode):
        self._sock, self._buffer, self._end, self.closed = sock, b"", False, False
        self.mode = mode

    def readable(self):
        return "r" in self.mode or "+" in self.mode

    def writable(self):
        return "w" in self.mode or "+" in self.mode

    def seekable(self):
        return False

    def fileno(self):
        return self._sock.fileno()

    def _more(self):
        if not self._end:
            data = self._sock.recv(65536)
            self._end = not data
            self._buffer += data
        return not self._end

    def _take(self, n):
        data, self._buffer = self._buffer[:n], self._buffer[n:]
        return data

    def read(self, size=-1):
        if size is None or size < 0:
            parts = [self._take(len(self._buffer))]
            while self._more():
                parts.append(self._take(len(self._buffer)))
            return b"".join(parts)
        parts, got = [], 0
        while True:
            part = self._take(size - got)
            parts.append(part)
            got += len(part)
            if got >= size or not self._more():
                return b"".join(parts)

    def read1(self, size=-1):
        if not self._buffer:
            self._more()
        return self._take(len(self._buffer) if size < 0 else size)

    def readinto(self, b):
        data = self.read1(len(b))
        b[:len(data)] = data
        return len(data)

    def peek(self, size=0):
        if not self._buffer:
            self._more()
        return self._buffer

    def readline(self, size=-1):
        while True:
            at = self._buffer.find(b"\n")
            if at >= 0 or 0 <= size <= len(self._buffer) or not self._more():
                n = at + 1 if at >= 0 else len(self._buffer)
                return self._take(n if size < 0 else min(n, size))

    def readlines(self, hint=-1):
        return list(self)

    def __next__(self):
        if line := self.readline():
            return line
        raise StopIteration

    def __iter__(self):
        return self

    def write(self, data):
        self._sock.sendall(data)
        return len(data)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        pass

    def close(self):
        if not self.closed:
            self.closed = True
            self._sock._file_closed()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.close()


class _TextFile:
    """A connection as a file of text."""

    def __init__(self, raw, encoding, errors):
        self.buffer, self.encoding, self.errors = raw, encoding, errors

    def read(self, size=-1):
        if size is not None and size >= 0:
            raise NotImplementedError("socket: read of so many characters is not supported; readline and read() are")
        return self.buffer.read().decode(self.encoding, self.errors)

    def readline(self):
        return self.buffer.readline().decode(self.encoding, self.errors).replace("\r\n", "\n")

    def __next__(self):
        if line := self.readline():
            return line
        raise StopIteration

    def __iter__(self):
        return self

    def write(self, text):
        self.buffer.write(text.encode(self.encoding, self.errors))
        return len(text)

    def flush(self):
        pass

    def close(self):
        self.buffer.close()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.close()


def create_connection(address, timeout=_default, source_address=None, *, all_errors=False):
    """Connect to an address."""
    if source_address is not None:
        raise NotImplementedError("socket: source_address is not supported")
    made = socket(AF_INET6 if ":" in address[0] else AF_INET)
    if timeout is not _default:
        made.settimeout(timeout)
    made.connect(address)
    return made


def create_server(address, *, family=AF_INET, backlog=None, reuse_port=False, dualstack_ipv6=False):
    """Wait for connections at an address."""
    made = socket(family)
    made.bind(address)
    made.listen()
    return made


def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
    """The addresses of a host."""
    host = {"": "0.0.0.0", "localhost": "127.0.0.1", None: "0.0.0.0" if flags & AI_PASSIVE else "127.0.0.1"}.get(host, host)
    if isinstance(host, bytes):
        host = host.decode()
    names = [host]
    if not all([c.isdigit() or c == "." for c in host]) and ":" not in host:
        try:
            names = _socket.lookup(host)
        except OSError as e:
            raise gaierror(e.errno, e.strerror) from None
    out = []
    for name in names:
        kind = AF_INET6 if ":" in name else AF_INET
        if family in (0, kind):
            out.append((kind, type or SOCK_STREAM, proto or IPPROTO_TCP, "", (name, int(port or 0)) if kind == AF_INET else (name, int(port or 0), 0, 0)))
    if not out:
        raise gaierror(-9, "Address family for hostname not supported")
    return out


def gethostbyname(hostname):
    return getaddrinfo(hostname, 0, AF_INET)[0][4][0]


def gethostname():
    """The machine's name, which scripts are not told."""
    return "localhost"


def getfqdn(name=""):
    return name or gethostname()


def inet_aton(text):
    parts = [int(p) for p in text.split(".")]
    if len(parts) != 4 or any([not 0 <= p <= 255 for p in parts]):
        raise OSError("illegal IP address string passed to inet_aton")
    return bytes(parts)


def inet_ntoa(packed):
    if len(packed) != 4:
        raise ValueError("packed IP wrong length")
    return ".".join([str(b) for b in packed])


def htons(x):
    return (x & 0xff) << 8 | x >> 8


ntohs = htons


def getdefaulttimeout():
    return _default[0]


def setdefaulttimeout(timeout):
    _default[0] = timeout


def _wait(sockets, timeout):
    """Those of sockets, or of what has a fileno of one, that have something to read."""
    end = None if timeout is None else _now() + timeout
    while True:
        found = [s for s in sockets if s._wire is not None and (s._wire.ready(0) if s._at is None else True)]
        if found or end is not None and _now() >= end:
            return found
        _sleep(0.005)
