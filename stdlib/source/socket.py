"""Connections of the network: scripts have none, and each says so when it is made."""

AF_UNSPEC, AF_UNIX, AF_INET, AF_INET6 = 0, 1, 2, 10
SOCK_STREAM, SOCK_DGRAM, SOCK_RAW = 1, 2, 3
SOL_SOCKET, SO_REUSEADDR, SO_KEEPALIVE, SO_BROADCAST, SO_SNDBUF, SO_RCVBUF = 1, 2, 9, 6, 7, 8
IPPROTO_IP, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_IPV6, TCP_NODELAY, IPV6_V6ONLY = 0, 6, 17, 41, 1, 26
SHUT_RD, SHUT_WR, SHUT_RDWR, SOMAXCONN, AI_PASSIVE = 0, 1, 2, 4096, 1
has_ipv6 = False

error = OSError
timeout = TimeoutError


class gaierror(OSError):
    """A name that stands for no address."""


class herror(OSError):
    """A name that stands for no address."""


def _refuse(what):
    raise PermissionError(f"socket: {what}: scripts have no network")


class socket:
    """An end of a connection, which is not made."""

    def __init__(self, family=-1, type=-1, proto=-1, fileno=None):
        _refuse("cannot make a socket")


def create_connection(address, timeout=None, source_address=None, *, all_errors=False):
    _refuse(f"cannot connect to {address!r}")


def create_server(address, **options):
    _refuse(f"cannot listen at {address!r}")


def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
    """The addresses of a host: of this one alone, and of those that are numbers."""
    name = {"": "0.0.0.0", "localhost": "127.0.0.1", None: "127.0.0.1"}.get(host, host)
    if not all([c.isdigit() or c == "." for c in name]):
        raise gaierror(-2, f"scripts have no network: no address of {host!r}")
    return [(AF_INET, type or SOCK_STREAM, proto or IPPROTO_TCP, "", (name, int(port or 0)))]


def gethostbyname(hostname):
    return getaddrinfo(hostname, 0)[0][4][0]


def gethostname():
    """The machine's name: that of no machine."""
    return "localhost"


def getfqdn(name=""):
    return name or gethostname()


def getdefaulttimeout():
    return None


def setdefaulttimeout(timeout):
    pass
