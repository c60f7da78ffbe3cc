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


def _check_timeout(timeout):
    if timeout is not None and timeout < 0:
        raise ValueError("'timeout' must be a non-negative number")


class Queue:
    """First in, first out."""

    def __init__(self, maxsize=0):
        self.maxsize, self.unfinished_tasks, self.is_shutdown = maxsize, 0, False
        self._init(maxsize)
        self.mutex = threading.Lock()
        self.not_empty, self.not_full, self.all_tasks_done = threading.Condition(self.mutex), threading.Condition(self.mutex), threading.Condition(self.mutex)

    # What a derived queue replaces to keep its items otherwise; each is called with the lock held.

    def _init(self, maxsize):
        self.queue = deque()

    def _put(self, item):
        self.queue.append(item)

    def _get(self):
        return self.queue.popleft()

    def _qsize(self):
        return len(self.queue)

    def _has_room(self):
        return self.maxsize <= 0 or self._qsize() < self.maxsize

    def _ask(self, question):
        with self.mutex:
            return question()

    def qsize(self):
        return self._ask(self._qsize)

    def empty(self):
        return self.qsize() == 0

    def full(self):
        return not self._ask(self._has_room)

    def put_nowait(self, item):
        self.put(item, block=False)

    def put(self, item, block=True, timeout=None):
        with self.mutex:
            self._await(self.not_full, lambda: not self.is_shutdown and self._has_room(), block, timeout, Full)
            self._put(item)
            self.unfinished_tasks += 1
            self.not_empty.notify()

    def get_nowait(self):
        return self.get(block=False)

    def get(self, block=True, timeout=None):
        with self.mutex:
            self._await(self.not_empty, self._qsize, block, timeout, Empty)
            item = self._get()
            self.not_full.notify()
        return item

    def _await(self, changed, ready, block, timeout, failure):
        """Wait until ready, or raise ShutDown where that cannot come any more, and failure where it does not."""
        if ready():
            return
        if not self.is_shutdown:
            if block:
                _check_timeout(timeout)
            if not block or not changed.wait_for(lambda: self.is_shutdown or ready(), timeout):
                raise failure
        if not ready():
            raise ShutDown

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
        _check_timeout(timeout)
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
