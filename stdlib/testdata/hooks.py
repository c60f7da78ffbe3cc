"""What derived classes replace, and what is called in which order."""

import queue
import shlex
import socketserver
import string
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor


def told(call, *args, **kwargs):
    try:
        return call(*args, **kwargs)
    except Exception as e:
        return type(e).__name__, str(e)


# A queue that keeps its items as a set, and the bounds of each kind.
class Distinct(queue.Queue):
    def _init(self, maxsize):
        self.queue = set()

    def _put(self, item):
        self.queue.add(item)

    def _get(self):
        least = min(self.queue)
        self.queue.remove(least)
        return least


for kind in (queue.Queue, queue.LifoQueue, queue.PriorityQueue, Distinct):
    q = kind(2)
    print(q.empty(), q.full(), told(q.get_nowait), told(q.get, timeout=-1))
    q.put(2)
    q.put_nowait(1)
    print(q.empty(), q.full(), q.qsize(), told(q.put_nowait, 3), told(q.put, 3, timeout=0.01), told(q.put, 3, timeout=-1))
    print(q.get(), q.get(timeout=1), q.unfinished_tasks, q.full(), queue.Queue(-1).full())
s = queue.SimpleQueue()
s.put_nowait(1)
print(s.get(), told(s.get, timeout=-1), told(s.get_nowait), s.empty())

# One that waits for an event is told of it, though the flag is cleared at once.
event, heard = threading.Event(), []
t = threading.Thread(target=lambda: heard.append(event.wait(10)))
t.start()
while not event._cond._waiters:
    time.sleep(0.001)
event.set()
event.clear()
t.join()
print(heard, event.is_set())
timer = threading.Timer(0.001, heard.append, ("timer",))
timer.start()
timer.join()
print(heard, timer.finished.is_set())
print(told(ThreadPoolExecutor, 0), told(ThreadPoolExecutor, 1, initializer=1), ThreadPoolExecutor()._max_workers > 4)

# The words of a text.
print(list(shlex.shlex("a 'b c' # d")), shlex.split("a 'b c' # d"), shlex.split("a # d", comments=True), shlex.split(""))
words = shlex.shlex("x y", posix=True)
print(next(words), iter(words) is words, next(words), next(words, "over"))


# Fields of a format.
class Strict(string.Formatter):
    def check_unused_args(self, used_args, args, kwargs):
        left = set(kwargs) - used_args
        if left:
            raise TypeError(f"unused: {sorted(left)}")

    def convert_field(self, value, conversion):
        return value.upper() if conversion == "u" else super().convert_field(value, conversion)


f = Strict()
print(f.format("{!s:>3}|{!r}|{a!a}|{b!u}|{b}", 1, "x", a="\u00e9", b="up"), told(f.format, "{a}", a=1, b=2), told(f.format, "{a!q}", a=1))


# A request's steps.
class Handler(socketserver.BaseRequestHandler):
    def setup(self):
        print("setup", self.request, self.client_address, self.server)

    def handle(self):
        print("handle")
        if self.request == "bad":
            raise ValueError("bad request")

    def finish(self):
        print("finish")


Handler("good", "me", None)
print(told(Handler, "bad", "me", None), isinstance(socketserver.BaseRequestHandler(1, 2, 3), Handler))


# The cleanups of classes and modules, and the steps that fail.
class Cleaned(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.addClassCleanup(print, "first given")
        cls.addClassCleanup(lambda: 1 // 0)
        cls.addClassCleanup(print, "last given")

    def test(self):
        self.addCleanup(print, "test's own")


class Failing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise OSError("no setup")

    def test(self):
        print("never")


result = unittest.TestResult()
unittest.TestSuite([Cleaned("test"), Failing("test")]).run(result)
for holder, text in result.errors:
    print(holder, holder.id(), repr(holder), holder.shortDescription(), holder.countTestCases(), text.strip().split("\n")[-1].split(":")[0])
print(told(unittest.TestSuite, "text"), told(unittest.TestSuite().addTest, Cleaned))
unittest.addModuleCleanup(print, "module's first")
unittest.addModuleCleanup(lambda: [][1])
unittest.addModuleCleanup(lambda: {}[1])
print(told(unittest.doModuleCleanups))
