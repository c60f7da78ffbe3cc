"""What addresses name: files, and what servers answer by the network that the host grants."""

from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urljoin, urlparse

__all__ = ["OpenerDirector", "ProxyHandler", "Request", "build_opener", "install_opener", "parse_http_list", "parse_keqv_list", "pathname2url", "url2pathname", "urlopen", "urlretrieve"]


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
    """Open what an address names."""
    request = url if isinstance(url, Request) else Request(url, data)
    for _ in range(10):
        parts = urlparse(request.full_url)
        if parts.scheme == "file":
            return open(unquote(parts.path), "rb")
        answer = _ask(request, parts, timeout, context)
        if answer.status not in (301, 302, 303, 307, 308) or answer.getheader("location") is None:
            break
        if request.get_method() not in ("GET", "HEAD") and answer.status in (307, 308):
            break
        request = Request(urljoin(request.full_url, answer.getheader("location")), headers={k: v for k, v in request.headers.items() if k not in ("Content-length", "Content-type")})
    else:
        raise HTTPError(request.full_url, answer.status, "The HTTP server returned a redirect error that would lead to an infinite loop.", answer.headers, answer)
    if not 200 <= answer.status < 300:
        raise HTTPError(request.full_url, answer.status, answer.reason, answer.headers, answer)
    return answer


def _ask(request, parts, timeout, context):
    """A server's answer."""
    import http.client

    kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
    if parts.scheme not in kinds:
        raise URLError(f"unknown url type: {parts.scheme}" if parts.scheme else f"unknown url type: {request.full_url!r}")
    if not parts.netloc:
        raise URLError("no host given")
    options = {"context": context} if parts.scheme == "https" else {}
    connection = kinds[parts.scheme](parts.netloc.rpartition("@")[2], **options)
    connection.timeout = timeout
    headers = {"User-Agent": "Python-urllib/3.11", **request.headers, "Connection": "close"}
    if request.data is not None:
        headers.setdefault("Content-type", "application/x-www-form-urlencoded")
    try:
        connection.request(request.get_method(), (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), request.data, headers)
        answer = connection.getresponse()
    except OSError as e:
        raise URLError(e) from e
    answer.url = request.full_url
    return answer


def urlretrieve(url, filename=None, reporthook=None, data=None):
    """Copy what an address names into a file."""
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


def parse_http_list(s):
    """The parts of a header between commas, of which those within quotes part nothing."""
    parts, part, quoted, escaped = [], "", False, False
    for c in s:
        if c == "," and not quoted:
            parts.append(part.strip())
            part = ""
            continue
        if c == "\\" and quoted and not escaped:
            escaped = True
            continue
        if c == '"' and not escaped:
            quoted = not quoted
        escaped = False
        part += c
    return parts + [part.strip()] if part else parts


def parse_keqv_list(l):
    """A dict of parts such as name=value, without the quotes around values."""
    found = {}
    for part in l:
        name, value = part.split("=", 1)
        found[name] = value[1:-1] if value[:1] == value[-1:] == '"' and len(value) > 1 else value
    return found
