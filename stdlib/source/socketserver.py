"""Servers of connections."""

import contextlib
import socket
import threading

__all__ = ["BaseRequestHandler", "BaseServer", "StreamRequestHandler", "TCPServer", "ThreadingMixIn", "ThreadingTCPServer"]


class BaseServer:
    """A server: it takes requests and has a handler answer them."""

    timeout = None

    def __init__(self, server_address, RequestHandlerClass):
        self.server_address, self.RequestHandlerClass = server_address, RequestHandlerClass
        self._shut_down, self._ended = False, threading.Event()
        self._ended.set()

    def server_activate(self):
        pass

    def serve_forever(self, poll_interval=0.5):
        """Answer requests until shutdown is called."""
        self._ended.clear()
        try:
            while not self._shut_down:
                self._one(poll_interval)
                self.service_actions()
        finally:
            self._shut_down = False
            self._ended.set()

    def shutdown(self):
        self._shut_down = True
        self._ended.wait()

    def service_actions(self):
        pass

    def handle_request(self):
        """Answer one request."""
        if not self._one(self.timeout):
            self.handle_timeout()

    def _one(self, timeout):
        self.socket.settimeout(timeout)
        try:
            request, client_address = self.get_request()
        except TimeoutError:
            return False
        except OSError:
            return True
        wanted = self.verify_request(request, client_address)
        if wanted:
            try:
                self.process_request(request, client_address)
                return True
            except Exception:
                self.handle_error(request, client_address)
        self.shutdown_request(request)
        return True

    def finish_request(self, request, client_address):
        self.RequestHandlerClass(request, client_address, self)

    def process_request(self, request, client_address):
        self.finish_request(request, client_address)
        self.shutdown_request(request)

    def verify_request(self, request, client_address):
        return True

    def handle_timeout(self):
        pass

    def shutdown_request(self, request):
        self.close_request(request)

    def close_request(self, request):
        pass

    def server_close(self):
        pass

    def handle_error(self, request, client_address):
        import sys
        import traceback

        print("-" * 40, file=sys.stderr)
        print("Exception occurred during processing of request from", client_address, file=sys.stderr)
        traceback.print_exc()
        print("-" * 40, file=sys.stderr)

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.server_close()


class TCPServer(BaseServer):
    """A server that connections are made to."""

    address_family, socket_type, request_queue_size = socket.AF_INET, socket.SOCK_STREAM, 5
    allow_reuse_address = allow_reuse_port = False

    def __init__(self, server_address, RequestHandlerClass, bind_and_activate=True):
        super().__init__(server_address, RequestHandlerClass)
        self.socket = listener = socket.socket(self.address_family, self.socket_type)
        if not bind_and_activate:
            return
        try:
            self.server_bind()
            self.server_activate()
        except BaseException:
            listener.close()
            raise

    def fileno(self):
        return self.socket.fileno()

    def get_request(self):
        return self.socket.accept()

    def close_request(self, request):
        request.close()

    def shutdown_request(self, request):
        with contextlib.suppress(OSError):
            request.shutdown(socket.SHUT_WR)
        self.close_request(request)

    def server_close(self):
        self.socket.close()

    def server_activate(self):
        self.socket.listen(self.request_queue_size)

    def server_bind(self):
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()


class ThreadingMixIn:
    """Answers requests side by side."""

    daemon_threads, block_on_close = False, True

    def process_request(self, request, client_address):
        t = threading.Thread(target=self.process_request_thread, args=(request, client_address))
        t.daemon = self.daemon_threads
        if not t.daemon and self.block_on_close:
            self._threads = [x for x in getattr(self, "_threads", []) if x.is_alive()] + [t]
        t.start()

    def process_request_thread(self, request, client_address):
        with contextlib.ExitStack() as after:
            after.callback(self.shutdown_request, request)
            try:
                self.finish_request(request, client_address)
            except Exception:
                self.handle_error(request, client_address)

    def server_close(self):
        super().server_close()
        for t in getattr(self, "_threads", []):
            t.join()


class ThreadingTCPServer(ThreadingMixIn, TCPServer):
    pass


class BaseRequestHandler:
    """What answers one request."""

    def __init__(self, request, client_address, server):
        self.request, self.client_address, self.server = request, client_address, server
        self.setup()
        try:
            self.handle()
        finally:
            self.finish()

    def finish(self):
        """Clear up, whether or not the request was answered."""

    def setup(self):
        """Make ready to answer."""

    def handle(self):
        """Answer the request: what a derived class is for."""


class StreamRequestHandler(BaseRequestHandler):
    """What answers one request through files."""

    rbufsize, wbufsize, timeout, disable_nagle_algorithm = -1, 0, None, False

    def setup(self):
        self.connection = self.request
        if self.timeout is not None:
            self.connection.settimeout(self.timeout)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")

    def finish(self):
        if not self.wfile.closed:
            try:
                self.wfile.flush()
            except OSError:
                pass
        self.wfile.close()
        self.rfile.close()
