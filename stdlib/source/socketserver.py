"""Servers: scripts have no network, and one says so when it is made."""

__all__ = ["BaseRequestHandler", "BaseServer", "StreamRequestHandler", "TCPServer", "ThreadingMixIn", "ThreadingTCPServer"]


class BaseServer:
    """A server."""

    timeout = None

    def __init__(self, server_address, RequestHandlerClass):
        self.server_address, self.RequestHandlerClass = server_address, RequestHandlerClass


class TCPServer(BaseServer):
    """A server that connections are made to."""

    allow_reuse_address = False
    request_queue_size = 5

    def __init__(self, server_address, RequestHandlerClass, bind_and_activate=True):
        super().__init__(server_address, RequestHandlerClass)
        if bind_and_activate:
            self.server_bind()

    def server_bind(self):
        raise PermissionError(f"socketserver: cannot listen at {self.server_address!r}: scripts have no network")

    def serve_forever(self, poll_interval=0.5):
        self.server_bind()

    def shutdown(self):
        pass

    server_close = shutdown


class ThreadingMixIn:
    """Answers requests side by side."""

    daemon_threads = False


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

    def setup(self):
        pass

    def handle(self):
        pass

    def finish(self):
        pass


class StreamRequestHandler(BaseRequestHandler):
    pass
