"""Threads that wait for each other, in orders that no scheduler changes."""

import queue
import threading
import time
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, as_completed, wait

# A bounded queue between a producer and a consumer.
q, log = queue.Queue(maxsize=2), []


def produce():
    for i in range(6):
        q.put(i)
        log.append(q.qsize() <= 2)
    q.put(None)


t = threading.Thread(target=produce, daemon=True)
print(t.is_alive(), t.daemon)
t.start()
got = []
while (x := q.get()) is not None:
    got.append(x)
t.join()
print(got, all(log), t.is_alive(), len(log))

# Events, timeouts, conditions.
e = threading.Event()


def later():
    time.sleep(0.02)
    e.set()


threading.Thread(target=later).start()
print(e.wait(5), e.wait(0.01), e.is_set())
e.clear()
print(e.wait(0.01))
lock = threading.Lock()
with lock:
    print(lock.acquire(timeout=0.01), lock.acquire(False), lock.locked())
try:
    lock.release()
except RuntimeError as err:
    print("release", err)
r = threading.RLock()
with r, r:
    print("twice")
cond, ready, seen = threading.Condition(), [], []


def waiter(n):
    with cond:
        cond.wait_for(lambda: len(ready) > n)
        seen.append(n)
        cond.notify_all()


ts = [threading.Thread(target=waiter, args=(n,), name=f"w{n}") for n in range(3)]
for t in ts:
    t.start()
for i in range(3):
    with cond:
        ready.append(i)
        cond.notify_all()
for t in ts:
    t.join()
print(sorted(seen), [t.name for t in ts])
sem, most, now = threading.Semaphore(2), [0], [0]


def limited():
    with sem:
        now[0] += 1
        most[0] = max(most[0], now[0])
        time.sleep(0.005)
        now[0] -= 1


ts = [threading.Thread(target=limited) for _ in range(5)]
for t in ts:
    t.start()
for t in ts:
    t.join()
print("at most", most[0])
barrier, order = threading.Barrier(3), []


def meet(n):
    order.append("a")
    barrier.wait()
    order.append("b")


ts = [threading.Thread(target=meet, args=(n,)) for n in range(3)]
for t in ts:
    t.start()
for t in ts:
    t.join()
print("".join(order))

# A generator that one thread begins and another ends; what it handles stays its own.


def gen():
    for i in range(3):
        try:
            raise KeyError(i)
        except KeyError:
            yield i


g, rest = gen(), []
print(next(g))


def drain():
    for x in g:
        rest.append(x)
        time.sleep(0.001)


t = threading.Thread(target=drain)
t.start()
t.join()
print(rest)

# Threads that never wait get their turns, too.
flag = []


def spin():
    while not flag:
        pass
    flag.append("seen")


t = threading.Thread(target=spin)
t.start()
for i in range(100000):
    pass
flag.append("set")
t.join()
print(flag)

# Each has its own attributes of a local.
mine = threading.local()
mine.x = 1


def other():
    print(hasattr(mine, "x"))
    mine.x = 2


t = threading.Thread(target=other)
t.start()
t.join()
print(mine.x, threading.current_thread() is threading.main_thread(), threading.active_count())

# Futures.
with ThreadPoolExecutor(3) as pool:
    fs = [pool.submit(lambda n: (time.sleep(0.01 * (3 - n)), n * n)[1], n) for n in range(3)]
    print(sorted([f.result() for f in as_completed(fs)]), list(pool.map(lambda a, b: a + b, [1, 2], [3, 4])))
    bad = pool.submit(lambda: 1 // 0)
    print(repr(bad.exception()), bad.done())
    done, not_done = wait(fs)
    print(len(done), len(not_done))
try:
    pool.submit(print)
except RuntimeError as err:
    print(err)
f = Future()
print(f.cancel(), f.cancelled(), f.done())
try:
    f.result()
except CancelledError:
    print("cancelled")
try:
    Future().result(timeout=0.01)
except TimeoutError:
    print("timeout")

# Queues by order, and their ends.
p = queue.PriorityQueue()
for n in (3, 1, 2):
    p.put(n)
print([p.get() for _ in range(3)], queue.LifoQueue().empty())
try:
    p.get_nowait()
except queue.Empty:
    print("empty")
try:
    p.get(timeout=0.01)
except queue.Empty:
    print("still empty")
p = queue.PriorityQueue()


def work():
    while True:
        n = p.get()
        p.task_done()
        if n < 0:
            return


t = threading.Thread(target=work)
t.start()
for n in (5, 4):
    p.put(n)
p.join()
print("all done", p.unfinished_tasks)
p.put(-1)
t.join()
timer = threading.Timer(10, print, ("never",))
timer.start()
timer.cancel()
timer.join()
threading.excepthook = lambda args: print("hook", args.exc_type.__name__, args.exc_value, args.thread.name)
t = threading.Thread(target=lambda: [][1], name="bad")
t.start()
t.join()
