"""Handlers besides those of streams and files."""

import logging
import os
import queue as _queue
import threading
import time

__all__ = ["BaseRotatingHandler", "BufferingHandler", "MemoryHandler", "QueueHandler", "QueueListener", "RotatingFileHandler", "TimedRotatingFileHandler", "WatchedFileHandler"]

DEFAULT_TCP_LOGGING_PORT, DEFAULT_UDP_LOGGING_PORT = 9020, 9021


class BaseRotatingHandler(logging.FileHandler):
    """A file that another takes the place of at some point."""

    namer = rotator = None

    def emit(self, record):
        try:
            if self.shouldRollover(record):
                self.doRollover()
        except Exception:
            self.handleError(record)
        super().emit(record)

    def rotation_filename(self, default_name):
        return self.namer(default_name) if callable(self.namer) else default_name

    def rotate(self, source, dest):
        if callable(self.rotator):
            self.rotator(source, dest)
        elif os.path.exists(source):
            os.replace(source, dest)

    def _aside(self):
        if self.stream is not None:
            self.stream.close()
            self.stream = None


class RotatingFileHandler(BaseRotatingHandler):
    """A file that is put aside as .1 when it would grow past a size; the ones before it move on."""

    def __init__(self, filename, mode="a", maxBytes=0, backupCount=0, encoding=None, delay=False, errors=None):
        super().__init__(filename, "a" if maxBytes > 0 else mode, encoding, delay, errors)
        self.maxBytes, self.backupCount = maxBytes, backupCount

    def doRollover(self):
        self._aside()
        if self.backupCount > 0:
            names = [self.baseFilename] + [self.rotation_filename(f"{self.baseFilename}.{i}") for i in range(1, self.backupCount + 1)]
            for older, newer in zip(names[:0:-1], names[-2::-1]):
                if os.path.exists(newer):
                    self.rotate(newer, older)
        elif os.path.exists(self.baseFilename):
            os.remove(self.baseFilename)
        if not self.delay:
            self.stream = self._open()

    def shouldRollover(self, record):
        if self.maxBytes <= 0:
            return False
        if self.stream is None:
            self.stream = self._open()
        size = os.path.getsize(self.baseFilename) if os.path.exists(self.baseFilename) else 0
        return size + len((self.format(record) + self.terminator).encode("utf-8")) >= self.maxBytes


class TimedRotatingFileHandler(BaseRotatingHandler):
    """A file that is put aside with its time in its name, every so many seconds, minutes, hours or days."""

    _UNITS = {"S": (1, "%Y-%m-%d_%H-%M-%S"), "M": (60, "%Y-%m-%d_%H-%M"), "H": (3600, "%Y-%m-%d_%H"), "D": (86400, "%Y-%m-%d"), "MIDNIGHT": (86400, "%Y-%m-%d")}

    def __init__(self, filename, when="h", interval=1, backupCount=0, encoding=None, delay=False, utc=False, atTime=None, errors=None):
        super().__init__(filename, "a", encoding, delay, errors)
        self.when, self.backupCount, self.utc = when.upper(), backupCount, utc
        if self.when not in self._UNITS:
            raise ValueError(f"Invalid rollover interval specified: {self.when}")
        seconds, self.suffix = self._UNITS[self.when]
        self.interval = seconds * interval
        self.rolloverAt = self.computeRollover(time.time())

    def computeRollover(self, currentTime):
        if self.when != "MIDNIGHT":
            return currentTime + self.interval
        now = time.gmtime(currentTime) if self.utc else time.localtime(currentTime)
        return currentTime - (now.tm_hour * 3600 + now.tm_min * 60 + now.tm_sec) + self.interval

    def shouldRollover(self, record):
        return time.time() >= self.rolloverAt

    def getFilesToDelete(self):
        folder, base = os.path.split(self.baseFilename)
        old = sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.startswith(base + "."))
        return old[:-self.backupCount] if len(old) > self.backupCount else []

    def doRollover(self):
        self._aside()
        began = self.rolloverAt - self.interval
        stamp = time.strftime(self.suffix, time.gmtime(began) if self.utc else time.localtime(began))
        self.rotate(self.baseFilename, self.rotation_filename(f"{self.baseFilename}.{stamp}"))
        if self.backupCount > 0:
            for name in self.getFilesToDelete():
                os.remove(name)
        if not self.delay:
            self.stream = self._open()
        now = time.time()
        while self.rolloverAt <= now:
            self.rolloverAt += self.interval


class WatchedFileHandler(logging.FileHandler):
    """A file that is opened anew when it has gone from its place."""

    def reopenIfNeeded(self):
        if self.stream is not None and not os.path.exists(self.baseFilename):
            self.stream.close()
            self.stream = self._open()

    def emit(self, record):
        self.reopenIfNeeded()
        super().emit(record)


class BufferingHandler(logging.Handler):
    """Keeps messages until there are so many."""

    def __init__(self, capacity):
        super().__init__()
        self.capacity, self.buffer = capacity, []

    def shouldFlush(self, record):
        return len(self.buffer) >= self.capacity

    def emit(self, record):
        self.buffer.append(record)
        if self.shouldFlush(record):
            self.flush()

    def flush(self):
        self.buffer.clear()

    def close(self):
        self.flush()
        super().close()


class MemoryHandler(BufferingHandler):
    """Hands its messages to another handler when there are many, or when one is grave."""

    def __init__(self, capacity, flushLevel=logging.ERROR, target=None, flushOnClose=True):
        super().__init__(capacity)
        self.flushLevel, self.target, self.flushOnClose = flushLevel, target, flushOnClose

    def shouldFlush(self, record):
        return super().shouldFlush(record) or record.levelno >= self.flushLevel

    def setTarget(self, target):
        self.target = target

    def flush(self):
        if self.target is not None:
            for record in self.buffer:
                self.target.handle(record)
            self.buffer.clear()

    def close(self):
        if self.flushOnClose:
            self.flush()
        self.target = None
        logging.Handler.close(self)


class QueueHandler(logging.Handler):
    """Puts messages into a queue."""

    def __init__(self, queue):
        super().__init__()
        self.queue, self.listener = queue, None

    def enqueue(self, record):
        self.queue.put_nowait(record)

    def prepare(self, record):
        whole = logging.makeLogRecord(dict(record.__dict__))
        whole.msg = whole.message = self.format(record)
        whole.args = whole.exc_info = whole.exc_text = whole.stack_info = None
        return whole

    def emit(self, record):
        try:
            self.enqueue(self.prepare(record))
        except Exception:
            self.handleError(record)


class QueueListener:
    """Hands what comes in a queue to handlers, on a thread."""

    _end = None

    def __init__(self, queue, *handlers, respect_handler_level=False):
        self.queue, self.handlers, self.respect_handler_level, self._thread = queue, handlers, respect_handler_level, None

    def dequeue(self, block):
        return self.queue.get(block)

    def prepare(self, record):
        return record

    def handle(self, record):
        record = self.prepare(record)
        for handler in self.handlers:
            if not self.respect_handler_level or record.levelno >= handler.level:
                handler.handle(record)

    def start(self):
        self._thread = threading.Thread(target=self._monitor, daemon=True)
        self._thread.start()

    def _monitor(self):
        while True:
            try:
                record = self.dequeue(True)
            except _queue.Empty:
                return
            if record is self._end:
                return
            self.handle(record)

    def enqueue_sentinel(self):
        self.queue.put_nowait(self._end)

    def stop(self):
        if self._thread is not None:
            self.enqueue_sentinel()
            self._thread.join()
            self._thread = None
