"""Servers of the web: scripts have no network, and a server says so when it is made."""

from http import HTTPStatus
from socketserver import BaseRequestHandler as _Handler, TCPServer as _TCPServer, ThreadingMixIn as _Threading

__all__ = ["BaseHTTPRequestHandler", "HTTPServer", "SimpleHTTPRequestHandler", "ThreadingHTTPServer"]


class HTTPServer(_TCPServer):
    """A server of the web."""


class ThreadingHTTPServer(_Threading, HTTPServer):
    """A server that answers requests side by side."""

    daemon_threads = True


class BaseHTTPRequestHandler(_Handler):
    """What answers one request. A script may give one its rfile and wfile and call its do_ methods."""

    protocol_version = "HTTP/1.0"
    server_version = "BaseHTTP/0.6"
    sys_version = ""
    responses = {status: (status.phrase, "") for status in HTTPStatus}

    def send_response(self, code, message=None):
        if message is None:
            message = self.responses[code][0] if code in self.responses else ""
        self._buffer = [f"{self.protocol_version} {int(code)} {message}\r\n"]

    def send_header(self, keyword, value):
        self._buffer = getattr(self, "_buffer", [])
        self._buffer.append(f"{keyword}: {value}\r\n")

    def end_headers(self):
        self._buffer = getattr(self, "_buffer", [])
        self._buffer.append("\r\n")
        self.flush_headers()

    def flush_headers(self):
        self.wfile.write("".join(self._buffer).encode("latin-1", "strict"))
        self._buffer = []

    def send_error(self, code, message=None, explain=None):
        import json

        body = json.dumps({"code": int(code), "message": message or self.responses.get(code, ("", ""))[0]}).encode()
        self.send_response(code, message)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        import sys

        sys.stderr.write((format % args) + "\n")

    def log_request(self, code="-", size="-"):
        self.log_message('"%s" %s %s', getattr(self, "requestline", ""), code, size)

    def log_error(self, format, *args):
        self.log_message(format, *args)


class SimpleHTTPRequestHandler(BaseHTTPRequestHandler):
    """What answers with files."""
