"""Connections as streams of bytes."""

from . import events, exceptions, tasks
from .transports import Protocol

__all__ = ["StreamReader", "StreamReaderProtocol", "StreamWriter", "open_connection", "start_server"]

_LIMIT = 65536


async def open_connection(host=None, port=None, *, limit=_LIMIT, **kwds):
    """(reader, writer) of a connection."""
    loop = events.get_running_loop()
    reader = StreamReader(limit=limit, loop=loop)
    protocol = StreamReaderProtocol(reader, loop=loop)
    transport, _ = await loop.create_connection(lambda: protocol, host, port, **kwds)
    return reader, StreamWriter(transport, protocol, reader, loop)


async def start_server(client_connected_cb, host=None, port=None, *, limit=_LIMIT, **kwds):
    """A server that calls client_connected_cb(reader, writer) for each connection."""
    loop = events.get_running_loop()

    def factory():
        return StreamReaderProtocol(StreamReader(limit=limit, loop=loop), client_connected_cb, loop=loop)

    return await loop.create_server(factory, host, port, **kwds)


class StreamReaderProtocol(Protocol):
    """Feeds a reader with what a connection receives."""

    def __init__(self, stream_reader, client_connected_cb=None, loop=None):
        self._loop = events.get_event_loop() if loop is None else loop
        self._reader, self._connected, self._task, self._paused, self._lost, self._error = stream_reader, client_connected_cb, None, False, False, None
        self._drains, self._closed = [], self._loop.create_future()

    def connection_made(self, transport):
        self._reader._transport = transport
        if self._connected is None:
            return
        result = self._connected(self._reader, StreamWriter(transport, self, self._reader, self._loop))
        if tasks.iscoroutine(result):
            self._task = self._loop.create_task(result)
            self._task.add_done_callback(lambda task: self._served(task, transport))

    def _served(self, task, transport):
        if task.cancelled():
            transport.close()
        elif task.exception() is not None:
            self._loop.call_exception_handler({"message": "Unhandled exception in client_connected_cb", "exception": task.exception(), "transport": transport})
            transport.close()

    def data_received(self, data):
        self._reader.feed_data(data)

    def eof_received(self):
        self._reader.feed_eof()
        return True

    def connection_lost(self, exc):
        self._lost, self._error = True, exc
        if exc is None:
            self._reader.feed_eof()
        else:
            self._reader.set_exception(exc)
        if not self._closed.done():
            self._closed.set_result(None)
        self._release()

    def pause_writing(self):
        self._paused = True

    def resume_writing(self):
        self._paused = False
        self._release()

    def _release(self):
        drains, self._drains = self._drains, []
        for future in drains:
            if future.done():
                continue
            if self._lost and self._error is not None:
                future.set_exception(self._error)
            elif self._lost:
                future.set_exception(ConnectionResetError("Connection lost"))
            else:
                future.set_result(None)

    async def _drain(self):
        if self._lost:
            raise ConnectionResetError("Connection lost")
        if self._paused:
            future = self._loop.create_future()
            self._drains.append(future)
            await future


def _passed_on(name):
    """A method that is the transport's."""

    def method(self, *args, **kwargs):
        return getattr(self._transport, name)(*args, **kwargs)

    method.__name__ = name
    return method


class StreamWriter:
    """The end of a connection that is written."""

    def __init__(self, transport, protocol, reader, loop):
        self._transport, self._protocol, self._reader, self._loop = transport, protocol, reader, loop

    transport = property(lambda self: self._transport)

    write, writelines, write_eof, can_write_eof = map(_passed_on, ("write", "writelines", "write_eof", "can_write_eof"))
    close, is_closing, get_extra_info = map(_passed_on, ("close", "is_closing", "get_extra_info"))

    async def wait_closed(self):
        await tasks.shield(self._protocol._closed)

    async def drain(self):
        """Wait until what was written has been sent, nearly."""
        if self._reader is not None and self._reader.exception() is not None:
            raise self._reader.exception()
        if self._transport.is_closing():
            await tasks.sleep(0)
        await self._protocol._drain()

    def __repr__(self):
        return f"<StreamWriter transport={self._transport!r}>"


class StreamReader:
    """The end of a connection that is read."""

    def __init__(self, limit=_LIMIT, loop=None):
        if limit <= 0:
            raise ValueError("Limit cannot be <= 0")
        self._limit, self._loop = limit, events.get_event_loop() if loop is None else loop
        self._buffer, self._eof, self._waiter, self._exception, self._transport, self._paused = bytearray(), False, None, None, None, False

    def exception(self):
        return self._exception

    def set_exception(self, exc):
        self._exception = exc
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.cancelled():
            waiter.set_exception(exc)

    def _wake(self):
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.cancelled():
            waiter.set_result(None)

    def feed_eof(self):
        self._eof = True
        self._wake()

    def at_eof(self):
        return self._eof and not self._buffer

    def feed_data(self, data):
        if self._eof:
            raise AssertionError("feed_data after feed_eof")
        if not data:
            return
        self._buffer.extend(data)
        self._wake()
        if self._transport is not None and not self._paused and len(self._buffer) > 2 * self._limit:
            self._transport.pause_reading()
            self._paused = True

    async def _more(self, what):
        """Wait for data or the end."""
        if self._waiter is not None:
            raise RuntimeError(f"{what}() called while another coroutine is already waiting for incoming data")
        self._resume()
        self._waiter = arrival = self._loop.create_future()
        try:
            await arrival
        finally:
            self._waiter = None

    def _resume(self):
        if self._paused:
            self._transport.resume_reading()
            self._paused = False

    def _take(self, n):
        data = bytes(self._buffer[:n])
        del self._buffer[:n]
        if len(self._buffer) <= self._limit:
            self._resume()
        return data

    def _check(self):
        if self._exception is not None:
            raise self._exception

    async def readline(self):
        """A line with its end, or what is left."""
        try:
            return await self.readuntil(b"\n")
        except exceptions.IncompleteReadError as e:
            return e.partial
        except exceptions.LimitOverrunError as e:
            self._take(e.consumed + 1 if self._buffer.startswith(b"\n", e.consumed) else len(self._buffer))
            raise ValueError(e.args[0])

    async def readuntil(self, separator=b"\n"):
        """What stands before a separator, with it."""
        if not separator:
            raise ValueError("Separator should be at least one-byte string")
        self._check()
        start = 0
        while True:
            at = self._buffer.find(separator, start)
            if at >= 0:
                break
            start = max(0, len(self._buffer) + 1 - len(separator))
            if start > self._limit:
                raise exceptions.LimitOverrunError("Separator is not found, and chunk exceed the limit", start)
            if self._eof:
                raise exceptions.IncompleteReadError(self._take(len(self._buffer)), None)
            await self._more("readuntil")
        if at > self._limit:
            raise exceptions.LimitOverrunError("Separator is found, but chunk is longer than limit", at)
        return self._take(at + len(separator))

    async def read(self, n=-1):
        """At most n bytes as soon as there are any, or all."""
        self._check()
        if n == 0:
            return b""
        if n < 0:
            parts = []
            while True:
                part = await self.read(self._limit)
                if not part:
                    return b"".join(parts)
                parts.append(part)
        if not self._buffer and not self._eof:
            await self._more("read")
        return self._take(n)

    async def readexactly(self, n):
        """So many bytes."""
        if n < 0:
            raise ValueError("readexactly size can not be less than zero")
        self._check()
        while len(self._buffer) < n:
            if self._eof:
                raise exceptions.IncompleteReadError(self._take(len(self._buffer)), n)
            await self._more("readexactly")
        return self._take(n)

    def __aiter__(self):
        return self

    async def __anext__(self):
        line = await self.readline()
        if line == b"":
            raise StopAsyncIteration
        return line

    def __repr__(self):
        return f"<StreamReader {len(self._buffer)} bytes{' eof' if self._eof else ''}>"
