"""Queues that tasks hand each other things through."""

import heapq as _heapq
from collections import deque as _deque

from .exceptions import QueueEmpty, QueueFull
from .locks import Event, _Waits

__all__ = ["LifoQueue", "PriorityQueue", "Queue", "QueueEmpty", "QueueFull"]


class Queue(_Waits):
    """First in, first out."""

    def __init__(self, maxsize=0):
        self._maxsize, self._getters, self._putters = maxsize, _deque(), _deque()
        self._unfinished, self._finished = 0, Event()
        self._finished.set()
        self._init(maxsize)

    def _init(self, maxsize):
        self._queue = _deque()

    def _get(self):
        return self._queue.popleft()

    def _put(self, item):
        self._queue.append(item)

    maxsize = property(lambda self: self._maxsize)

    def qsize(self):
        return len(self._queue)

    def empty(self):
        return not self._queue

    def full(self):
        return 0 < self._maxsize <= self.qsize()

    @staticmethod
    def _tell_next(waiters):
        while waiters:
            future = waiters.popleft()
            if not future.done():
                future.set_result(None)
                break

    async def _until(self, waiters, blocked):
        """Wait as one of the waiters while blocked."""
        while blocked():
            future = self._get_loop().create_future()
            waiters.append(future)
            try:
                await future
            except BaseException:
                future.cancel()
                if future in waiters:
                    waiters.remove(future)
                if not blocked() and not future.cancelled():
                    self._tell_next(waiters)
                raise

    async def put(self, item):
        await self._until(self._putters, self.full)
        self.put_nowait(item)

    def put_nowait(self, item):
        if self.full():
            raise QueueFull
        self._put(item)
        self._unfinished += 1
        self._finished.clear()
        self._tell_next(self._getters)

    async def get(self):
        await self._until(self._getters, self.empty)
        return self.get_nowait()

    def get_nowait(self):
        if self.empty():
            raise QueueEmpty
        item = self._get()
        self._tell_next(self._putters)
        return item

    def task_done(self):
        if self._unfinished <= 0:
            raise ValueError("task_done() called too many times")
        self._unfinished -= 1
        if self._unfinished == 0:
            self._finished.set()

    async def join(self):
        """Wait until all that was put has been done with."""
        if self._unfinished > 0:
            await self._finished.wait()

    def __class_getitem__(cls, item):
        return cls

    def __repr__(self):
        info = f"maxsize={self._maxsize!r}"
        if self._queue:
            info += f" _queue={list(self._queue)!r}"
        if self._unfinished:
            info += f" tasks={self._unfinished}"
        return f"<{type(self).__name__} at {id(self):#x} {info}>"


class PriorityQueue(Queue):
    """The least first."""

    def _init(self, maxsize):
        self._queue = []

    def _put(self, item):
        _heapq.heappush(self._queue, item)

    def _get(self):
        return _heapq.heappop(self._queue)


class LifoQueue(Queue):
    """Last in, first out."""

    def _init(self, maxsize):
        self._queue = []

    def _get(self):
        return self._queue.pop()
