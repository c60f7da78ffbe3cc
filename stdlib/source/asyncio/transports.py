"""Connections, which threads of their own read and write."""

import socket as _socket
import threading as _threading
from collections import deque as _deque

from . import events, exceptions

__all__ = ["BaseProtocol", "BaseTransport", "BufferedProtocol", "DatagramProtocol", "DatagramTransport", "Protocol", "ReadTransport", "Server", "SubprocessProtocol", "Transport", "WriteTransport"]

_LOW, _HIGH = 16384, 65536


class BaseProtocol:
    """What a connection tells of itself."""

    def connection_made(self, transport):
        pass

    def connection_lost(self, exc):
        pass

    def pause_writing(self):
        pass

    def resume_writing(self):
        pass


class Protocol(BaseProtocol):
    """What a connection hands its data to."""

    def data_received(self, data):
        pass

    def eof_received(self):
        pass


class BufferedProtocol(BaseProtocol):
    """What lends a connection its buffers, as annotations name it."""


class DatagramProtocol(BaseProtocol):
    """What takes datagrams, as annotations name it."""


class SubprocessProtocol(BaseProtocol):
    """What takes the output of processes, as annotations name it."""


class BaseTransport:
    """A connection, as annotations name it."""


class ReadTransport(BaseTransport):
    """A connection that is read, as annotations name it."""


class WriteTransport(BaseTransport):
    """A connection that is written, as annotations name it."""


class DatagramTransport(BaseTransport):
    """What sends datagrams, as annotations name it."""


class Transport(ReadTransport, WriteTransport):
    """A connection. One thread reads it, and one that is started with the first write writes it."""

    def __init__(self, loop, sock, protocol):
        self._loop, self._sock, self._protocol = loop, sock, protocol
        self._names = {"socket": sock, "peername": sock.getpeername(), "sockname": sock.getsockname()}
        self._closing = self._lost = self._ended = False
        self._low, self._high = _LOW, _HIGH
        self._unsent, self._size, self._paused, self._change, self._writer = _deque(), 0, False, _threading.Condition(), None
        self._may_read = _threading.Event()
        self._may_read.set()
        loop.call_soon(protocol.connection_made, self)
        loop.call_soon(_threading.Thread(target=self._read, daemon=True).start)

    def get_extra_info(self, name, default=None):
        return self._names.get(name, default)

    def get_protocol(self):
        return self._protocol

    def set_protocol(self, protocol):
        self._protocol = protocol

    def is_closing(self):
        return self._closing

    def _tell(self, callback, *args):
        """Call something of the loop's from another thread."""
        try:
            self._loop.call_soon_threadsafe(callback, *args)
        except RuntimeError:
            pass  # the loop is closed: nobody listens

    # Reading.

    def _read(self):
        try:
            while not self._lost:
                self._may_read.wait()
                data = self._sock.recv(_HIGH)
                if not data:
                    self._tell(self._end_of_input)
                    return
                self._tell(self._received, data)
        except OSError as e:
            self._tell(self._lose, None if self._closing else e)

    def _received(self, data):
        if not self._lost:
            self._protocol.data_received(data)

    def _end_of_input(self):
        if not self._lost and not self._protocol.eof_received():
            self.close()

    def pause_reading(self):
        self._may_read.clear()

    def resume_reading(self):
        self._may_read.set()

    def is_reading(self):
        return not self._closing and self._may_read.is_set()

    # Writing.

    def write(self, data):
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise TypeError(f"data argument must be a bytes-like object, not {type(data).__name__!r}")
        if self._ended:
            raise RuntimeError("Cannot call write() after write_eof()")
        if not data or self._lost:
            return
        with self._change:
            self._unsent.append(bytes(data))
            self._size += len(data)
            self._change.notify()
        if self._writer is None:
            self._writer = _threading.Thread(target=self._write, daemon=True)
            self._writer.start()
        if self._size > self._high and not self._paused:
            self._paused = True
            self._protocol.pause_writing()

    def writelines(self, list_of_data):
        self.write(b"".join(list_of_data))

    def write_eof(self):
        if not self._ended and not self._closing:
            self._ended = True
            with self._change:
                self._change.notify()
            if self._writer is None:
                self._sock.shutdown(_socket.SHUT_WR)

    def can_write_eof(self):
        return True

    def get_write_buffer_size(self):
        return self._size

    def get_write_buffer_limits(self):
        return self._low, self._high

    def set_write_buffer_limits(self, high=None, low=None):
        if high is None:
            high = _HIGH if low is None else 4 * low
        self._low, self._high = high // 4 if low is None else low, high

    def _write(self):
        try:
            while True:
                with self._change:
                    while not self._unsent and not self._closing and not self._ended and not self._lost:
                        self._change.wait()
                    if self._lost:
                        return
                    if not self._unsent:
                        break
                    data = self._unsent.popleft()
                self._sock.sendall(data)
                self._size -= len(data)
                if self._paused and self._size <= self._low:
                    self._tell(self._resume)
            if self._closing:
                self._tell(self._lose, None)
            else:
                self._sock.shutdown(_socket.SHUT_WR)
        except OSError as e:
            self._tell(self._lose, e)

    def _resume(self):
        if self._paused and self._size <= self._low:
            self._paused = False
            self._protocol.resume_writing()

    # The end.

    def close(self):
        """Close it once all that was written is sent."""
        if self._closing:
            return
        self._closing = True
        self._may_read.set()
        if self._writer is None or not self._writer.is_alive():
            self._loop.call_soon(self._lose, None)
        else:
            with self._change:
                self._change.notify()

    def abort(self):
        self._closing = True
        self._loop.call_soon(self._lose, None)

    def _lose(self, exc):
        if self._lost:
            return
        self._closing = self._lost = True
        self._may_read.set()
        with self._change:
            self._unsent.clear()
            self._change.notify()
        self._sock.close()
        self._protocol.connection_lost(exc)


class Server(events.AbstractServer):
    """Waits for connections, each in a thread of its own until it is there."""

    def __init__(self, loop, socks, factory):
        self._loop, self._socks, self._factory, self._serving, self._waiters, self._forever = loop, socks, factory, False, [], None

    sockets = property(lambda self: tuple(self._socks or ()))

    def get_loop(self):
        return self._loop

    def is_serving(self):
        return self._serving

    def _start(self):
        if self._socks is None:
            raise RuntimeError(f"server {self!r} is closed")
        if not self._serving:
            self._serving = True
            for sock in self._socks:
                _threading.Thread(target=self._accept, args=(sock,), daemon=True).start()

    def _accept(self, sock):
        while self._serving:
            try:
                made, _ = sock.accept()
            except OSError:
                return  # it was closed
            try:
                self._loop.call_soon_threadsafe(self._accepted, made)
            except RuntimeError:
                made.close()
                return

    def _accepted(self, sock):
        if self._serving:
            Transport(self._loop, sock, self._factory())
        else:
            sock.close()

    async def start_serving(self):
        self._start()

    async def serve_forever(self):
        if self._forever is not None:
            raise RuntimeError(f"server {self!r} is already being awaited on serve_forever()")
        self._start()
        self._forever = self._loop.create_future()
        try:
            await self._forever
        except exceptions.CancelledError:
            self.close()
            raise
        finally:
            self._forever = None

    def close(self):
        socks, self._socks, self._serving = self._socks, None, False
        for sock in socks or ():
            sock.close()
        if self._forever is not None and not self._forever.done():
            self._forever.cancel()
        waiters, self._waiters = self._waiters, []
        for future in waiters:
            if not future.done():
                future.set_result(None)

    async def wait_closed(self):
        if self._socks is not None:
            future = self._loop.create_future()
            self._waiters.append(future)
            await future

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc):
        self.close()
        await self.wait_closed()

    def __repr__(self):
        return f"<{type(self).__name__} sockets={self.sockets!r}>"


def _no_tls(what, ssl):
    if ssl:
        raise NotImplementedError(f"{what}: TLS is not supported")


async def connect(loop, factory, host, port, ssl, sock, options):
    """(transport, protocol) of a connection."""
    _no_tls("create_connection", ssl)
    if sock is None:
        if host is None and port is None:
            raise ValueError("host and port was not specified and no sock specified")
        sock = await loop.run_in_executor(None, _socket.create_connection, (host, port))
    protocol = factory()
    return Transport(loop, sock, protocol), protocol


async def serve(loop, factory, host, port, ssl, sock, start_serving, backlog, options):
    """A server, which waits at an address or at each of several hosts."""
    _no_tls("create_server", ssl)
    if sock is not None:
        socks = [sock]
    else:
        hosts = [host] if host is None or isinstance(host, str) else list(host)
        socks = [_socket.create_server((h or "0.0.0.0", port or 0), backlog=backlog) for h in hosts]
    server = Server(loop, socks, factory)
    if start_serving:
        server._start()
    return server
