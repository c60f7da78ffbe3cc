"""Tasks of one loop, in orders that no scheduler changes."""

import asyncio
import contextvars
import threading
import time
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, nullcontext


async def later(x, steps=1):
    for _ in range(steps):
        await asyncio.sleep(0)
    return x


async def fails(text, steps=1):
    await later(None, steps)
    raise ValueError(text)


# Running.
async def main():
    print(await later(1), asyncio.current_task().get_name().startswith("Task-"), len(asyncio.all_tasks()))
    loop = asyncio.get_running_loop()
    print(loop.is_running(), loop.is_closed(), loop is asyncio.get_event_loop())
    return "result"


print(asyncio.run(main()))
for bad in (3, later):
    try:
        asyncio.run(bad)
    except ValueError as e:
        print(str(e).split(" at ")[0])
try:
    asyncio.get_running_loop()
except RuntimeError as e:
    print(e)
try:
    asyncio.run(fails("out of run"))
except ValueError as e:
    print(e)


async def inside():
    c = later(1)
    try:
        asyncio.run(c)
    except RuntimeError as e:
        print(e)
    c.close()


asyncio.run(inside())
with asyncio.Runner() as runner:
    print(runner.run(later(1)), runner.run(later(2)))
loop = asyncio.new_event_loop()
print(loop.run_until_complete(later(3)))
loop.close()
try:
    loop.call_soon(print)
except RuntimeError as e:
    print(e)


# Tasks, their order, and what they give.
async def tasks():
    log = []

    async def worker(name, n):
        for i in range(n):
            log.append((name, i))
            await asyncio.sleep(0)
        return name

    a = asyncio.create_task(worker("a", 3), name="first")
    b = asyncio.create_task(worker("b", 2))
    print(a.done(), a.get_name(), log)
    try:
        a.result()
    except asyncio.InvalidStateError as e:
        print(e)
    print(await a, await b, log, a.done(), a.result(), a.exception())
    t = asyncio.create_task(fails("task"))
    try:
        await t
    except ValueError as e:
        print(e, t.exception() is e, t.cancelled())
    done = []
    t = asyncio.create_task(later(5))
    t.add_done_callback(lambda t: done.append(t.result()))
    t.add_done_callback(done.append)
    print(t.remove_done_callback(done.append))
    await t
    await asyncio.sleep(0)
    print(done)
    for f in (lambda: asyncio.create_task(3), lambda: asyncio.ensure_future(3)):
        try:
            f()
        except TypeError as e:
            print(e)


asyncio.run(tasks())


# gather.
async def gathering():
    print(await asyncio.gather(), await asyncio.gather(later(1, 3), later(2), asyncio.create_task(later(3, 2))))
    try:
        await asyncio.gather(later(1, 5), fails("one"), fails("two", 3))
    except ValueError as e:
        print(e)
    print(await asyncio.gather(later(1), fails("kept"), return_exceptions=True))
    c = later(1)
    print(await asyncio.gather(c, c))
    g = asyncio.gather(asyncio.sleep(10), asyncio.sleep(10))
    await asyncio.sleep(0)
    print(g.cancel(), g.done())
    try:
        await g
    except asyncio.CancelledError as e:
        print("cancelled", e.args, g.cancelled())


asyncio.run(gathering())


# Cancellation.
async def cancelling():
    log = []

    async def patient():
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError as e:
            log.append(("told", e.args))
            await asyncio.sleep(0)
            log.append("cleaned")
            raise
        finally:
            log.append("finally")

    t = asyncio.create_task(patient())
    await asyncio.sleep(0)
    print(t.cancel("because"), t.cancelling(), t.cancelled())
    try:
        await t
    except asyncio.CancelledError as e:
        print(repr(e), log, t.cancelled(), t.cancel())
    try:
        t.result()
    except asyncio.CancelledError:
        print("its result is that")

    async def stubborn():
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            return "no"

    t = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    t.cancel()
    print(await t, t.cancelled())
    t = asyncio.create_task(patient())
    t.cancel()
    try:
        await t
    except asyncio.CancelledError:
        print("before it began", log[-1])
    print(issubclass(asyncio.CancelledError, Exception), asyncio.TimeoutError is TimeoutError)
    inner = asyncio.create_task(later("kept", 3))
    outer = asyncio.shield(inner)
    await asyncio.sleep(0)
    outer.cancel()
    try:
        await outer
    except asyncio.CancelledError:
        print("outer", inner.cancelled(), await inner)


asyncio.run(cancelling())


# Waiting for some time.
async def timing():
    t0 = time.monotonic()
    print(await asyncio.sleep(0.02, "slept"), 0.015 < time.monotonic() - t0)
    log = []

    async def at(d):
        await asyncio.sleep(d)
        log.append(d)

    await asyncio.gather(at(0.4), at(0.02), at(0.2))
    print(log)
    try:
        await asyncio.wait_for(asyncio.sleep(10), 0.01)
    except asyncio.TimeoutError as e:
        print(repr(e), isinstance(e.__cause__, asyncio.CancelledError))
    print(await asyncio.wait_for(later(1), 5), await asyncio.wait_for(later(2), None))
    try:
        async with asyncio.timeout(0.01) as t:
            await asyncio.sleep(10)
    except TimeoutError:
        print("timeout", t.expired(), asyncio.current_task().cancelling())
    async with asyncio.timeout(5) as t:
        t.reschedule(t.when() + 1)
        await later(1)
    print(t.expired())
    async with asyncio.timeout(None):
        pass
    loop = asyncio.get_running_loop()
    order = []
    loop.call_later(0.03, order.append, "later")
    loop.call_soon(order.append, "soon")
    h = loop.call_later(0.01, order.append, "never")
    h.cancel()
    loop.call_at(loop.time() + 0.01, order.append, "at")
    await asyncio.sleep(0.06)
    print(order, h.cancelled())


asyncio.run(timing())


async def waiting():
    a, b = asyncio.create_task(later("a", 5)), asyncio.create_task(later("b", 1))
    done, pending = await asyncio.wait([a, b], return_when=asyncio.FIRST_COMPLETED)
    print([t.result() for t in done], len(pending))
    done, pending = await asyncio.wait(pending)
    print([t.result() for t in done], pending)
    c, d = asyncio.create_task(asyncio.sleep(10)), asyncio.create_task(fails("x"))
    done, pending = await asyncio.wait({c, d}, return_when=asyncio.FIRST_EXCEPTION)
    print(d in done, c in pending, repr(d.exception()))
    done, pending = await asyncio.wait([c], timeout=0.01)
    print(len(done), len(pending))
    c.cancel()
    for bad, error in (([], ValueError), (c, TypeError)):
        try:
            await asyncio.wait(bad)
        except error as e:
            print(e)
    got = []
    for next_one in asyncio.as_completed([asyncio.sleep(0.05, "slow"), asyncio.sleep(0.01, "fast"), later("now")]):
        got.append(await next_one)
    print(got)
    try:
        for next_one in asyncio.as_completed([asyncio.sleep(10)], timeout=0.01):
            await next_one
    except asyncio.TimeoutError as e:
        print(repr(e))


asyncio.run(waiting())


# Futures.
async def futures():
    loop = asyncio.get_running_loop()
    f = loop.create_future()
    loop.call_soon(f.set_result, 4)
    print(f, await f, f)
    for change in (lambda: f.set_result(1), lambda: f.set_exception(ValueError())):
        try:
            change()
        except asyncio.InvalidStateError as e:
            print(str(e).split(":")[0])
    g = loop.create_future()
    g.set_exception(KeyError)
    try:
        await g
    except KeyError as e:
        print(repr(e), g)
    h = loop.create_future()
    print(h.cancel("why"), h.cancelled(), h.cancel(), h)
    try:
        await h
    except asyncio.CancelledError as e:
        print(repr(e))
    print(asyncio.isfuture(h), asyncio.isfuture(3), asyncio.iscoroutinefunction(later), asyncio.iscoroutine(later))


asyncio.run(futures())


# Locks, events, conditions, semaphores, barriers.
async def locks():
    lock, log = asyncio.Lock(), []

    async def take(n):
        async with lock:
            log.append(("in", n))
            await asyncio.sleep(0)
            log.append(("out", n))

    await asyncio.gather(*[take(i) for i in range(3)])
    print(log, lock.locked())
    try:
        lock.release()
    except RuntimeError as e:
        print(e)
    event, log = asyncio.Event(), []

    async def wait(n):
        await event.wait()
        log.append(n)

    ts = [asyncio.create_task(wait(i)) for i in range(3)]
    await asyncio.sleep(0)
    print(event.is_set(), log)
    event.set()
    await asyncio.gather(*ts)
    print(log, await event.wait())
    cond, items, log = asyncio.Condition(), [], []

    async def consume(n):
        async with cond:
            await cond.wait_for(lambda: items)
            log.append((n, items.pop()))

    ts = [asyncio.create_task(consume(i)) for i in range(3)]
    await asyncio.sleep(0)
    for i in range(3):
        async with cond:
            items.append(i)
            cond.notify()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    await asyncio.gather(*ts)
    print(log)
    try:
        cond.notify()
    except RuntimeError as e:
        print(e)
    sem, running, most = asyncio.Semaphore(2), [0], [0]

    async def limited():
        async with sem:
            running[0] += 1
            most[0] = max(most[0], running[0])
            await asyncio.sleep(0)
            running[0] -= 1

    await asyncio.gather(*[limited() for _ in range(7)])
    print(most, sem.locked())
    b = asyncio.BoundedSemaphore(1)
    try:
        b.release()
    except ValueError as e:
        print(e)
    barrier = asyncio.Barrier(3)
    print(sorted(await asyncio.gather(*[barrier.wait() for _ in range(3)])), barrier.n_waiting, barrier.broken)
    t = asyncio.create_task(barrier.wait())
    await asyncio.sleep(0)
    await barrier.abort()
    try:
        await t
    except asyncio.BrokenBarrierError as e:
        print("broken", barrier.broken)
    # One that is cancelled while it waits leaves the lock to the next.
    lock = asyncio.Lock()
    await lock.acquire()
    first, second = asyncio.create_task(lock.acquire()), asyncio.create_task(lock.acquire())
    await asyncio.sleep(0)
    lock.release()
    first.cancel()
    print(await second, lock.locked(), first.cancelled())


asyncio.run(locks())


# Queues.
async def queues():
    q, log = asyncio.Queue(maxsize=2), []

    async def produce():
        for i in range(5):
            await q.put(i)
            log.append(("put", i))
        await q.put(None)

    async def consume():
        while (x := await q.get()) is not None:
            log.append(("got", x))
            q.task_done()
        q.task_done()

    await asyncio.gather(produce(), consume())
    await q.join()
    print(log)
    print(q.qsize(), q.empty(), q.full(), q.maxsize)
    try:
        q.get_nowait()
    except asyncio.QueueEmpty as e:
        print(repr(e))
    q.put_nowait(1)
    q.put_nowait(2)
    try:
        q.put_nowait(3)
    except asyncio.QueueFull as e:
        print(repr(e), q.full())
    p, l = asyncio.PriorityQueue(), asyncio.LifoQueue()
    for x in (3, 1, 2):
        await p.put(x)
        await l.put(x)
    print([p.get_nowait() for _ in range(3)], [l.get_nowait() for _ in range(3)])
    try:
        q.task_done(), q.task_done(), q.task_done()
    except ValueError as e:
        print(e)
    try:
        await asyncio.wait_for(p.get(), 0.01)
    except TimeoutError:
        print("nothing came")


asyncio.run(queues())


# Threads.
async def threads():
    main_thread = threading.current_thread()
    print(await asyncio.to_thread(lambda a, b: (a + b, threading.current_thread() is main_thread), 1, b=2))
    loop = asyncio.get_running_loop()
    print(await loop.run_in_executor(None, sum, [1, 2, 3]))
    try:
        await asyncio.to_thread(int, "x")
    except ValueError as e:
        print(e)
    log = []

    async def ticks():
        for i in range(3):
            log.append(i)
            await asyncio.sleep(0.005)

    t = asyncio.create_task(ticks())
    await asyncio.to_thread(time.sleep, 0.1)
    print(log)
    f = loop.create_future()
    threading.Thread(target=lambda: loop.call_soon_threadsafe(f.set_result, "from a thread")).start()
    print(await f)
    got = []
    th = threading.Thread(target=lambda: got.append(asyncio.run_coroutine_threadsafe(later("other"), loop).result()))
    th.start()
    await asyncio.to_thread(th.join)
    print(got)


asyncio.run(threads())


# Context variables, managers, generators.
var = contextvars.ContextVar("var", default=0)


async def contexts():
    async def child(n):
        var.set(n)
        await asyncio.sleep(0)
        return var.get()

    var.set(9)
    print(await asyncio.gather(child(1), child(2)), var.get(), await asyncio.to_thread(var.get))
    ctx = contextvars.copy_context()
    print(await asyncio.create_task(child(5), context=ctx), var.get(), ctx[var])


asyncio.run(contexts())


@asynccontextmanager
async def resource(name):
    print("open", name)
    try:
        await asyncio.sleep(0)
        yield name
    except KeyError as e:
        print("swallowed", e)
    finally:
        await asyncio.sleep(0)
        print("close", name)


async def managers():
    async with resource("a") as a, nullcontext(3) as n:
        print(a, n)
    async with resource("b"):
        raise KeyError("k")
    try:
        async with resource("c"):
            raise ValueError("v")
    except ValueError as e:
        print(e)
    async with AsyncExitStack() as stack:
        for name in "de":
            print(await stack.enter_async_context(resource(name)))
        stack.push_async_callback(later, 1)
        stack.callback(print, "callback")

    async def numbers():
        try:
            for i in range(5):
                yield i
        finally:
            await asyncio.sleep(0)
            print("numbers closed")

    async with aclosing(numbers()) as ns:
        async for i in ns:
            if i == 2:
                break

    @resource("decorates")
    async def f():
        print("in f")
        return 1

    print(await f(), await f())
    left = numbers()
    print(await anext(left))
    return left


left = asyncio.run(managers())


# Groups of tasks.
async def groups():
    async with asyncio.TaskGroup() as g:
        a, b = g.create_task(later(1, 3)), g.create_task(later(2))
    print(a.result(), b.result())
    log = []

    async def cancelled():
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            log.append("cancelled")
            raise

    try:
        async with asyncio.TaskGroup() as g:
            g.create_task(cancelled())
            g.create_task(fails("in the group"))
            g.create_task(fails("and this"))
    except ExceptionGroup as e:
        print(e, e.exceptions, log, asyncio.current_task().cancelling())
    try:
        async with asyncio.TaskGroup() as g:
            t = g.create_task(cancelled())
            await asyncio.sleep(0)
            raise KeyError("body")
    except* KeyError as e:
        print(e.exceptions, t.cancelled())


asyncio.run(groups())


# What is left when the main coroutine ends is cancelled.
async def leaves():
    async def forgotten():
        try:
            await asyncio.sleep(10)
        finally:
            print("ended by run")

    asyncio.create_task(forgotten())
    await asyncio.sleep(0)


asyncio.run(leaves())


# Where nobody looks, the loop tells.
async def handlers():
    loop, told = asyncio.get_running_loop(), []
    loop.set_exception_handler(lambda loop, context: told.append((context["message"].split("(")[0], repr(context.get("exception")))))

    def divide():
        1 // 0

    loop.call_soon(divide)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print(told)


asyncio.run(handlers())
