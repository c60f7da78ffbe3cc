"""Requests to servers of the web: scripts have no network, and each says so."""


class RequestException(IOError):
    """What goes wrong with a request."""

    response = request = None


class ConnectionError(RequestException):
    """No connection."""


class HTTPError(RequestException):
    """An answer that is an error."""


class Timeout(RequestException):
    """No answer in time."""


class JSONDecodeError(RequestException, ValueError):
    """An answer that is no JSON."""


def request(method, url, **options):
    raise ConnectionError(f"requests: cannot {method.upper()} {url!r}: scripts have no network; read a local file")


def _method(name):
    return lambda url, *args, **options: request(name, url, **options)


get, post, put, delete, head, patch, options = [_method(n) for n in ("get", "post", "put", "delete", "head", "patch", "options")]


class Session:
    """Requests that share settings."""

    def __init__(self):
        self.headers, self.params, self.auth = {}, {}, None

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def close(self):
        pass

    def mount(self, prefix, adapter):
        pass

    def request(self, method, url, **options):
        return request(method, url, **options)

    get, post, put, delete, head, patch = [(lambda name: lambda self, url, **options: request(name, url, **options))(n)
                                           for n in ("get", "post", "put", "delete", "head", "patch")]


session = Session


class Response:
    """An answer."""

    def __init__(self):
        self.status_code, self.headers, self.text, self.content = None, {}, "", b""


from requests import exceptions
