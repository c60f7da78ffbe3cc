"""Queues between threads."""

import heapq
import threading
from collections import deque

__all__ = ["Empty", "Full", "Queue", "PriorityQueue", "LifoQueue", "SimpleQueue", "ShutDown"]


class Empty(Exception):
    """There is nothing to get."""


class Full(Exception):
    """There is no room to put."""


class ShutDown(Exception):
    """The queue was shut down."""


class Queue:
    """First in, first out."""

    def __init__(self, maxsize=0):
        self.maxsize, self.unfinished_tasks, self.is_shutdown = maxsize, 0, False
        self._init(maxsize)
        self.mutex = threading.Lock()
        self.not_empty, self.not_full, self.all_tasks_done = threading.Condition(self.mutex), threading.Condition(self.mutex), threading.Condition(self.mutex)

    def _init(self, maxsize):
        self.queue = deque()

    def _qsize(self):
        return len(self.queue)

    def _put(self, item):
        self.queue.append(item)

    def _get(self):
        return self.queue.popleft()

    def qsize(self):
        with self.mutex:
            return self._qsize()

    def empty(self):
        with self.mutex:
            return not self._qsize()

    def full(self):
        with self.mutex:
            return 0 < self.maxsize <= self._qsize()

    def put(self, item, block=True, timeout=None):
        with self.not_full:
            if self.is_shutdown:
                raise ShutDown
            if self.maxsize > 0 and self._qsize() >= self.maxsize:
                if not block:
                    raise Full
                if timeout is not None and timeout < 0:
                    raise ValueError("'timeout' must be a non-negative number")
                if not self.not_full.wait_for(lambda: self._qsize() < self.maxsize or self.is_shutdown, timeout):
                    raise Full
                if self.is_shutdown:
                    raise ShutDown
            self._put(item)
            self.unfinished_tasks += 1
            self.not_empty.notify()

    def get(self, block=True, timeout=None):
        with self.not_empty:
            if not self._qsize():
                if self.is_shutdown:
                    raise ShutDown
                if not block:
                    raise Empty
                if timeout is not None and timeout < 0:
                    raise ValueError("'timeout' must be a non-negative number")
                if not self.not_empty.wait_for(lambda: self._qsize() or self.is_shutdown, timeout):
                    raise Empty
                if not self._qsize():
                    raise ShutDown
            item = self._get()
            self.not_full.notify()
            return item

    def put_nowait(self, item):
        self.put(item, block=False)

    def get_nowait(self):
        return self.get(block=False)

    def task_done(self):
        with self.all_tasks_done:
            if self.unfinished_tasks <= 0:
                raise ValueError("task_done() called too many times")
            self.unfinished_tasks -= 1
            if not self.unfinished_tasks:
                self.all_tasks_done.notify_all()

    def join(self):
        with self.all_tasks_done:
            while self.unfinished_tasks:
                self.all_tasks_done.wait()

    def shutdown(self, immediate=False):
        with self.mutex:
            self.is_shutdown = True
            if immediate:
                while self._qsize():
                    self._get()
                    self.unfinished_tasks -= self.unfinished_tasks > 0
                self.all_tasks_done.notify_all()
            self.not_empty.notify_all()
            self.not_full.notify_all()


class PriorityQueue(Queue):
    """The least first."""

    def _init(self, maxsize):
        self.queue = []

    def _put(self, item):
        heapq.heappush(self.queue, item)

    def _get(self):
        return heapq.heappop(self.queue)


class LifoQueue(Queue):
    """Last in, first out."""

    def _init(self, maxsize):
        self.queue = []

    def _get(self):
        return self.queue.pop()


class SimpleQueue:
    """First in, first out, without a bound."""

    def __init__(self):
        self._queue, self._count = deque(), threading.Semaphore(0)

    def put(self, item, block=True, timeout=None):
        self._queue.append(item)
        self._count.release()

    def get(self, block=True, timeout=None):
        if timeout is not None and timeout < 0:
            raise ValueError("'timeout' must be a non-negative number")
        if not self._count.acquire(block, timeout if block else None):
            raise Empty
        return self._queue.popleft()

    def put_nowait(self, item):
        self.put(item)

    def get_nowait(self):
        return self.get(block=False)

    def empty(self):
        return not self._queue

    def qsize(self):
        return len(self._queue)
