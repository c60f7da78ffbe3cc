"""Servers of the web."""

import sys
import time

import html
import http.client
import socketserver
from http import HTTPStatus

__all__ = ["BaseHTTPRequestHandler", "HTTPServer", "SimpleHTTPRequestHandler", "ThreadingHTTPServer"]

_LONGEST = 65536  # bytes of a request's first line
DEFAULT_ERROR_MESSAGE = """<!DOCTYPE html>
<meta charset="utf-8">
<title>%(code)d %(message)s</title>
<h1>%(code)d %(message)s</h1>
<p>%(explain)s</p>
"""
DEFAULT_ERROR_CONTENT_TYPE = "text/html;charset=utf-8"
_days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_months = (None, "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class HTTPServer(socketserver.TCPServer):
    """A server of the web."""

    allow_reuse_address = True

    def server_bind(self):
        super().server_bind()
        self.server_name, self.server_port = self.server_address[:2]


class ThreadingHTTPServer(socketserver.ThreadingMixIn, HTTPServer):
    """A server that answers requests side by side."""

    daemon_threads = True


class BaseHTTPRequestHandler(socketserver.StreamRequestHandler):
    """What answers the requests of a connection, by methods such as do_GET."""

    sys_version = "Python/" + sys.version.split()[0]
    server_version = "BaseHTTP/0.6"
    protocol_version = "HTTP/1.0"
    default_request_version = "HTTP/0.9"
    error_message_format, error_content_type = DEFAULT_ERROR_MESSAGE, DEFAULT_ERROR_CONTENT_TYPE
    MessageClass = http.client.HTTPMessage
    responses = {status: (status.phrase, getattr(status, "description", "")) for status in HTTPStatus}
    weekdayname, monthname = _days, _months

    def parse_request(self):
        """Read a request's first line and headers; whether they are right."""
        self.command, self.request_version, self.close_connection = None, self.default_request_version, True
        self.requestline = str(self.raw_requestline, "iso-8859-1").rstrip("\r\n")
        words = self.requestline.split()
        if not words:
            return False
        if len(words) >= 3:
            version = words[-1]
            numbers = version[5:].split(".") if version.startswith("HTTP/") else []
            if len(numbers) != 2 or not all([n.isdigit() and len(n) <= 10 for n in numbers]):
                self.send_error(HTTPStatus.BAD_REQUEST, f"Bad request version ({version!r})")
                return False
            number = int(numbers[0]), int(numbers[1])
            if number >= (1, 1) and self.protocol_version >= "HTTP/1.1":
                self.close_connection = False
            if number >= (2, 0):
                self.send_error(505, f"Invalid HTTP version ({version[5:]})")
                return False
            self.request_version = version
        if not 2 <= len(words) <= 3:
            self.send_error(HTTPStatus.BAD_REQUEST, f"Bad request syntax ({self.requestline!r})")
            return False
        self.command, self.path = words[:2]
        if len(words) == 2 and self.command != "GET":
            self.send_error(HTTPStatus.BAD_REQUEST, f"Bad HTTP/0.9 request type ({self.command!r})")
            return False
        if self.path.startswith("//"):
            self.path = "/" + self.path.lstrip("/")
        try:
            self.headers = http.client.parse_headers(self.rfile, self.MessageClass)
        except http.client.HTTPException as e:
            self.send_error(431, "Too many headers", str(e))
            return False
        connection = (self.headers.get("Connection") or "").lower()
        if connection == "close":
            self.close_connection = True
        elif connection == "keep-alive" and self.protocol_version >= "HTTP/1.1":
            self.close_connection = False
        if (self.headers.get("Expect") or "").lower() == "100-continue" and self.protocol_version >= "HTTP/1.1" and self.request_version >= "HTTP/1.1":
            return self.handle_expect_100()
        return True

    def handle(self):
        """Answer the requests of a connection."""
        going = True
        while going:
            self.close_connection = True  # unless the request says otherwise
            self.handle_one_request()
            going = not self.close_connection

    def handle_one_request(self):
        """Answer one request."""
        try:
            if self._requested():
                self._method()
                self.wfile.flush()
        except TimeoutError as late:
            self.close_connection = True
            self.log_error("Request timed out: %r", late)

    def _requested(self):
        """Read a request, and answer those that are wrong."""
        line = self.raw_requestline = self.rfile.readline(_LONGEST + 1)
        if len(line) > _LONGEST:
            self.requestline = self.request_version = self.command = ""
            self.send_error(HTTPStatus.REQUEST_URI_TOO_LONG)
        elif line == b"":
            self.close_connection = True
        elif self.parse_request():
            self._method = getattr(self, "do_" + self.command, None)
            if self._method is not None:
                return True
            self.send_error(HTTPStatus.NOT_IMPLEMENTED, f"Unsupported method ({self.command!r})")
        return False

    def handle_expect_100(self):
        self.send_response_only(HTTPStatus.CONTINUE)
        self.end_headers()
        return True

    def send_error(self, code, message=None, explain=None):
        """Answer that something is wrong."""
        short, long = self.responses.get(code, ("???", "???"))
        message, explain = short if message is None else message, long if explain is None else explain
        self.log_error("code %d, message %s", code, message)
        self.send_response(code, message)
        self.send_header("Connection", "close")
        body = None
        if code >= 200 and code not in (204, 205, 304):
            content = self.error_message_format % {"code": code, "message": html.escape(message, quote=False), "explain": html.escape(explain, quote=False)}
            body = content.encode("UTF-8", "replace")
            self.send_header("Content-Type", self.error_content_type)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and body:
            self.wfile.write(body)

    def send_response(self, code, message=None):
        """Begin an answer."""
        self.log_request(code)
        self.send_response_only(code, message)
        self.send_header("Server", self.version_string())
        self.send_header("Date", self.date_time_string())

    def send_response_only(self, code, message=None):
        if self.request_version != "HTTP/0.9":
            if message is None:
                message = self.responses[code][0] if code in self.responses else ""
            self._buffer().append(f"{self.protocol_version} {int(code)} {message}\r\n".encode("latin-1", "strict"))

    def _buffer(self):
        if not hasattr(self, "_headers_buffer"):
            self._headers_buffer = []
        return self._headers_buffer

    def send_header(self, keyword, value):
        if self.request_version != "HTTP/0.9":
            self._buffer().append(f"{keyword}: {value}\r\n".encode("latin-1", "strict"))
        if keyword.lower() == "connection":
            if value.lower() == "close":
                self.close_connection = True
            elif value.lower() == "keep-alive":
                self.close_connection = False

    def end_headers(self):
        if self.request_version != "HTTP/0.9":
            self._buffer().append(b"\r\n")
            self.flush_headers()

    def flush_headers(self):
        if hasattr(self, "_headers_buffer"):
            self.wfile.write(b"".join(self._headers_buffer))
            self._headers_buffer = []

    def log_request(self, code="-", size="-"):
        self.log_message('"%s" %s %s', self.requestline, str(int(code)) if isinstance(code, int) else str(code), str(size))

    def log_error(self, format, *args):
        self.log_message(format, *args)

    def log_message(self, format, *args):
        sys.stderr.write(f"{self.address_string()} - - [{self.log_date_time_string()}] {format % args}\n")

    def version_string(self):
        return self.server_version + " " + self.sys_version

    def date_time_string(self, timestamp=None):
        t = time.gmtime(time.time() if timestamp is None else timestamp)
        return f"{_days[t.tm_wday]}, {t.tm_mday:02d} {_months[t.tm_mon]} {t.tm_year} {t.tm_hour:02d}:{t.tm_min:02d}:{t.tm_sec:02d} GMT"

    def log_date_time_string(self):
        t = time.localtime(time.time())
        return f"{t.tm_mday:02d}/{_months[t.tm_mon]}/{t.tm_year:04d} {t.tm_hour:02d}:{t.tm_min:02d}:{t.tm_sec:02d}"

    def address_string(self):
        return self.client_address[0]


class SimpleHTTPRequestHandler(BaseHTTPRequestHandler):
    """What answers with the files of a folder."""

    server_version = "SimpleHTTP/0.6"
    index_pages = ("index.html", "index.htm")
    extensions_map = {".gz": "application/gzip", ".Z": "application/octet-stream", ".bz2": "application/x-bzip2", ".xz": "application/x-xz"}

    def __init__(self, *args, directory=None, **kwargs):
        import os

        self.directory = os.fspath(os.getcwd() if directory is None else directory)
        super().__init__(*args, **kwargs)

    def do_GET(self):
        f = self.send_head()
        if f:
            with f:
                self.copyfile(f, self.wfile)

    def do_HEAD(self):
        f = self.send_head()
        if f:
            f.close()

    def translate_path(self, path):
        import os
        from urllib.parse import unquote

        parts = [p for p in unquote(path.split("?", 1)[0].split("#", 1)[0]).split("/") if p not in ("", ".", "..") and os.sep not in p]
        return os.path.join(self.directory, *parts)

    def send_head(self):
        import os

        path = self.translate_path(self.path)
        if os.path.isdir(path):
            found = [os.path.join(path, name) for name in self.index_pages if os.path.isfile(os.path.join(path, name))]
            if not found:
                return self.list_directory(path)
            path = found[0]
        try:
            f = open(path, "rb")
        except OSError:
            self.send_error(HTTPStatus.NOT_FOUND, "File not found")
            return None
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-type", self.guess_type(path))
        self.send_header("Content-Length", str(os.path.getsize(path)))
        self.send_header("Last-Modified", self.date_time_string(os.path.getmtime(path)))
        self.end_headers()
        return f

    def list_directory(self, path):
        import io
        import os

        try:
            names = sorted(os.listdir(path), key=str.lower)
        except OSError:
            self.send_error(HTTPStatus.NOT_FOUND, "No permission to list directory")
            return None
        from urllib.parse import quote

        title = f"Directory listing for {html.escape(self.path, quote=False)}"
        rows = [f'<li><a href="{quote(n + ("/" if os.path.isdir(os.path.join(path, n)) else ""))}">{html.escape(n, quote=False)}</a></li>' for n in names]
        body = "\n".join(["<!DOCTYPE HTML>", f'<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>', f"<body><h1>{title}</h1><hr><ul>", *rows, "</ul><hr></body></html>", ""]).encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return io.BytesIO(body)

    def copyfile(self, source, outputfile):
        while True:
            data = source.read(65536)
            if not data:
                return
            outputfile.write(data)

    def guess_type(self, path):
        import mimetypes
        import os

        ext = os.path.splitext(path)[1]
        return self.extensions_map.get(ext) or mimetypes.guess_type(path)[0] or "application/octet-stream"
