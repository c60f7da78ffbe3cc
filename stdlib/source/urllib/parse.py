"""Addresses taken apart and put together."""

import re as _re
from collections import namedtuple as _namedtuple

__all__ = ["ParseResult", "SplitResult", "DefragResult", "parse_qs", "parse_qsl", "quote", "quote_from_bytes", "quote_plus", "unquote",
           "unquote_plus", "unquote_to_bytes", "urldefrag", "urlencode", "urljoin", "urlparse", "urlsplit", "urlunparse", "urlunsplit"]

_safe = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~")
uses_relative = ["", "ftp", "http", "gopher", "nntp", "imap", "wais", "file", "https", "shttp", "mms", "prospero", "rtsp", "rtspu", "sftp", "svn", "svn+ssh", "ws", "wss"]
uses_netloc = ["", "ftp", "http", "gopher", "nntp", "telnet", "imap", "wais", "file", "mms", "https", "shttp", "snews", "prospero", "rtsp", "rtspu", "rsync", "svn", "svn+ssh", "sftp", "nfs", "git", "git+ssh", "ws", "wss"]
uses_params = ["", "ftp", "hdl", "prospero", "http", "imap", "https", "shttp", "rtsp", "rtspu", "sip", "sips", "mms", "sftp", "tel"]


class _Netloc:
    """The parts of an address that names a host."""

    def _user(self):
        return self.netloc.rpartition("@")[0]

    @property
    def username(self):
        user = self._user()
        return user.partition(":")[0] if "@" in self.netloc else None

    @property
    def password(self):
        _, colon, word = self._user().partition(":")
        return word if colon else None

    def _host(self):
        host = self.netloc.rpartition("@")[2]
        _, bracket, rest = host.partition("[")
        if bracket:
            host, _, port = rest.partition("]")
            return host, port.partition(":")[2]
        host, _, port = host.partition(":")
        return host, port

    @property
    def hostname(self):
        host = self._host()[0]
        name, percent, zone = host.partition("%")
        return name.lower() + percent + zone or None

    @property
    def port(self):
        port = self._host()[1]
        if not port:
            return None
        if not (port.isdigit() and port.isascii()):
            raise ValueError(f"Port could not be cast to integer value as {port!r}")
        if int(port) > 65535:
            raise ValueError("Port out of range 0-65535")
        return int(port)


class SplitResult(_Netloc, _namedtuple("SplitResult", "scheme netloc path query fragment")):
    """An address in five parts."""

    def geturl(self):
        return urlunsplit(self)


class ParseResult(_Netloc, _namedtuple("ParseResult", "scheme netloc path params query fragment")):
    """An address in six parts."""

    def geturl(self):
        return urlunparse(self)


class DefragResult(_namedtuple("DefragResult", "url fragment")):
    """An address and its fragment."""

    def geturl(self):
        return self.url + ("#" + self.fragment if self.fragment else "")


_scheme = _re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def urlsplit(url, scheme="", allow_fragments=True):
    """An address in five parts."""
    url = url.lstrip("".join([chr(i) for i in range(33)])).replace("\t", "").replace("\n", "").replace("\r", "")
    scheme = scheme.strip()
    netloc = query = fragment = ""
    found = _scheme.match(url)
    if found:
        scheme, url = url[:found.end() - 1].lower(), url[found.end():]
    if url[:2] == "//":
        end = min([i for i in (url.find(c, 2) for c in "/?#") if i >= 0] or [len(url)])
        netloc, url = url[2:end], url[end:]
        if ("[" in netloc) != ("]" in netloc):
            raise ValueError("Invalid IPv6 URL")
    if allow_fragments and "#" in url:
        url, _, fragment = url.partition("#")
    if "?" in url:
        url, _, query = url.partition("?")
    return SplitResult(scheme, netloc, url, query, fragment)


def urlparse(url, scheme="", allow_fragments=True):
    """An address in six parts."""
    scheme, netloc, path, query, fragment = urlsplit(url, scheme, allow_fragments)
    params = ""
    if scheme in uses_params and ";" in path:
        at = path.find(";", path.rfind("/") if "/" in path else 0)
        if at >= 0:
            path, params = path[:at], path[at + 1:]
    return ParseResult(scheme, netloc, path, params, query, fragment)


def urlunsplit(components):
    """The address of five parts."""
    scheme, netloc, url, query, fragment = components
    if netloc or scheme and scheme in uses_netloc and url[:2] != "//":
        url = "//" + (netloc or "") + ("/" + url if url and url[:1] != "/" else url)
    if scheme:
        url = scheme + ":" + url
    return url + ("?" + query if query else "") + ("#" + fragment if fragment else "")


def urlunparse(components):
    """The address of six parts."""
    scheme, netloc, url, params, query, fragment = components
    return urlunsplit((scheme, netloc, f"{url};{params}" if params else url, query, fragment))


def urljoin(base, url, allow_fragments=True):
    """The address that one stands for, seen from another."""
    if not base or not url:
        return url or base
    b = urlparse(base, "", allow_fragments)
    u = urlparse(url, b.scheme, allow_fragments)
    if u.scheme != b.scheme or u.scheme not in uses_relative:
        return url
    if u.scheme in uses_netloc and u.netloc:
        return urlunparse(u)
    netloc = b.netloc if u.scheme in uses_netloc else u.netloc
    if not u.path and not u.params:
        return urlunparse((u.scheme, netloc, b.path, b.params, u.query or b.query, u.fragment))
    parts = b.path.split("/")
    if parts[-1] != "":
        parts.pop()
    if u.path[:1] == "/":
        whole = u.path.split("/")
    else:
        whole = parts + u.path.split("/")
        whole[1:-1] = [p for p in whole[1:-1] if p]
    out = []
    for part in whole:
        if part == "..":
            if out:
                out.pop()
        elif part != ".":
            out.append(part)
    if whole[-1] in (".", ".."):
        out.append("")
    return urlunparse((u.scheme, netloc, "/".join(out) or "/", u.params, u.query, u.fragment))


def urldefrag(url):
    """An address without its fragment, and that."""
    if "#" not in url:
        return DefragResult(url, "")
    s, n, p, a, q, fragment = urlparse(url)
    return DefragResult(urlunparse((s, n, p, a, q, "")), fragment)


def quote_from_bytes(bs, safe="/"):
    """Bytes with %xx in the place of those that have a meaning."""
    allowed = set(_safe) | set(safe if isinstance(safe, str) else safe.decode("ascii", "ignore"))
    return "".join([chr(b) if b < 128 and chr(b) in allowed else f"%{b:02X}" for b in bs])


def quote(string, safe="/", encoding=None, errors=None):
    """Text with %xx in the place of characters that have a meaning."""
    return quote_from_bytes(string.encode(encoding or "utf-8", errors or "strict") if isinstance(string, str) else string, safe)


def quote_plus(string, safe="", encoding=None, errors=None):
    """quote, with + for a space."""
    if isinstance(string, str) and " " not in string:
        return quote(string, safe, encoding, errors)
    return quote(string, safe + " ", encoding, errors).replace(" ", "+")


def unquote_to_bytes(string):
    """The bytes that text with %xx stands for."""
    parts = (string.encode("utf-8") if isinstance(string, str) else string).split(b"%")
    out = [parts[0]]
    for part in parts[1:]:
        try:
            out.append(bytes([int(part[:2].decode("ascii"), 16)]) + part[2:])
        except ValueError:
            out.append(b"%" + part)
    return b"".join(out)


_escaped = _re.compile(r"(?:%[0-9a-fA-F]{2})+")


def unquote(string, encoding="utf-8", errors="replace"):
    """The text that text with %xx stands for."""
    if isinstance(string, bytes):
        return unquote_to_bytes(string).decode(encoding or "utf-8", errors or "replace")
    return _escaped.sub(lambda m: unquote_to_bytes(m.group()).decode(encoding or "utf-8", errors or "replace"), string) if "%" in string else string


def unquote_plus(string, encoding="utf-8", errors="replace"):
    """unquote, with + for a space."""
    return unquote(string.replace("+", " "), encoding, errors)


def urlencode(query, doseq=False, safe="", encoding=None, errors=None, quote_via=quote_plus):
    """A dict or pairs as a query."""
    if hasattr(query, "items"):
        query = query.items()
    enc = lambda v: quote_via(v if isinstance(v, (str, bytes)) else str(v), safe, encoding, errors)
    out = []
    for k, v in query:
        if doseq and not isinstance(v, (str, bytes)) and hasattr(v, "__len__"):
            out.extend([enc(k) + "=" + enc(x) for x in v])
        else:
            out.append(enc(k) + "=" + enc(v))
    return "&".join(out)


def parse_qsl(qs, keep_blank_values=False, strict_parsing=False, encoding="utf-8", errors="replace", max_num_fields=None, separator="&"):
    """The names and values of a query."""
    out = []
    for part in qs.split(separator) if qs else []:
        if not part and not strict_parsing:
            continue
        name, equals, value = part.partition("=")
        if not equals and strict_parsing:
            raise ValueError(f"bad query field: {part!r}")
        if not equals and not keep_blank_values:
            continue
        if value or keep_blank_values:
            out.append((unquote_plus(name, encoding, errors), unquote_plus(value, encoding, errors)))
    if max_num_fields is not None and len(out) > max_num_fields:
        raise ValueError("Max number of fields exceeded")
    return out


def parse_qs(qs, keep_blank_values=False, strict_parsing=False, encoding="utf-8", errors="replace", max_num_fields=None, separator="&"):
    """The values of a query by their names."""
    out = {}
    for name, value in parse_qsl(qs, keep_blank_values, strict_parsing, encoding, errors, max_num_fields, separator):
        out.setdefault(name, []).append(value)
    return out
