"""What is fetched from the network: scripts have none, and each call says so. Addresses of files are opened."""

from urllib.error import URLError
from urllib.parse import unquote, urlparse

__all__ = ["OpenerDirector", "ProxyHandler", "Request", "build_opener", "install_opener", "pathname2url", "url2pathname", "urlopen", "urlretrieve"]


class Request:
    """What is to be fetched."""

    def __init__(self, url, data=None, headers={}, origin_req_host=None, unverifiable=False, method=None):
        self.full_url, self.data, self.headers, self.method = url, data, {k.capitalize(): v for k, v in headers.items()}, method
        parts = urlparse(url)
        self.type, self.host, self.selector = parts.scheme, parts.netloc, parts.path

    def add_header(self, key, val):
        self.headers[key.capitalize()] = val

    def has_header(self, name):
        return name in self.headers

    def get_header(self, name, default=None):
        return self.headers.get(name, default)

    def get_full_url(self):
        return self.full_url

    def get_method(self):
        return self.method or ("GET" if self.data is None else "POST")


def urlopen(url, data=None, timeout=None, *, context=None, **options):
    """Open a file: address; the network is refused."""
    address = url.full_url if isinstance(url, Request) else url
    parts = urlparse(address)
    if parts.scheme == "file":
        return open(unquote(parts.path), "rb")
    raise URLError(f"scripts have no network: cannot fetch {address!r}; put the file where the script looks for it")


def urlretrieve(url, filename=None, reporthook=None, data=None):
    """Copy what a file: address names; the network is refused."""
    import tempfile

    with urlopen(url, data) as source:
        name = filename or tempfile.mkstemp()[1]
        with open(name, "wb") as f:
            f.write(source.read())
    return name, {}


def pathname2url(pathname):
    from urllib.parse import quote

    return quote(pathname)


def url2pathname(pathname):
    return unquote(pathname)


class ProxyHandler:
    def __init__(self, proxies=None):
        self.proxies = proxies


class OpenerDirector:
    """What opens addresses."""

    def __init__(self):
        self.addheaders = []

    def open(self, fullurl, data=None, timeout=None):
        return urlopen(fullurl, data, timeout)


def build_opener(*handlers):
    return OpenerDirector()


def install_opener(opener):
    pass
