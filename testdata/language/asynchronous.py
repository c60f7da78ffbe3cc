"""Coroutines, asynchronous generators, and the statements around them, run by hand and by a small loop."""


class Pause:
    """Hands a value to who runs the coroutine, and gives what that sends."""

    def __init__(self, value):
        self.value = value

    def __await__(self):
        got = yield self.value
        return got


def run(coro, log=False):
    """Run a coroutine to its end, sending back what it hands out, doubled."""
    sent = None
    while True:
        try:
            out = coro.send(sent)
        except StopIteration as e:
            return e.value
        if log:
            print("  handed out", out)
        sent = out * 2


# A coroutine runs when it is awaited, by send, throw and close.
async def add(a, b):
    x = await Pause(a)
    y = await Pause(b)
    return x + y


c = add(1, 2)
print(type(c).__name__, c.__name__, c.__qualname__, c.cr_running)
print(c.send(None), c.send(10))
try:
    c.send(20)
except StopIteration as e:
    print("returned", e.value)
try:
    c.send(None)
except RuntimeError as e:
    print(e)
print(run(add(3, 4), True))


async def nested(n):
    if n == 0:
        return await Pause(1)
    return 1 + await nested(n - 1)


print(run(nested(50)))


async def order():
    def say(x):
        print("say", x)
        return x
    return say(1) + await add(say(2), say(3)) * say(4), [await Pause(i) for i in range(3)], {k: await Pause(k) for k in (1, 2)}, {await Pause(5)}


print(run(order()))

# What cannot be awaited, and what cannot be iterated.
async def wrong():
    await 3


for bad in (wrong(), add(1, 2)):
    try:
        for _ in bad:
            pass
    except TypeError as e:
        print(e)
    bad.close()
try:
    run(wrong())
except TypeError as e:
    print(e)


class Odd:
    def __await__(self):
        return 5


class OddCoroutine:
    def __await__(self):
        return self.f()

    async def f(self):
        pass


async def odd(x):
    await x


for x in (Odd(), [], None, print, "text", (i for i in ())):
    try:
        run(odd(x))
    except TypeError as e:
        print(str(e).replace("builtin_function_or_method", "builtin"))

# Exceptions go in and out.
async def guarded(log):
    try:
        await Pause("in")
    except ValueError as e:
        log.append(("caught", str(e)))
        try:
            await Pause("handler")
        finally:
            log.append("inner finally")
        return "handled"
    finally:
        log.append("finally")
        await Pause("last")
        log.append("after last")


log = []
c = guarded(log)
print(c.send(None), c.throw(ValueError("v")), c.send(None))
try:
    c.send(None)
except StopIteration as e:
    print(e.value, log)
log = []
c = guarded(log)
c.send(None)
try:
    c.close()
except RuntimeError as e:
    print(e)
c = add(1, 2)
try:
    c.throw(KeyError("k"))
except KeyError as e:
    print("not begun", e)
c = add(1, 2)
c.close()
c.close()
try:
    c.send(None)
except RuntimeError as e:
    print(e)


async def stops():
    raise StopIteration(3)


try:
    run(stops())
except RuntimeError as e:
    print(e, repr(e.__cause__))
c = add(1, 2)
try:
    c.send(1)
except TypeError as e:
    print(e)
c.close()


async def twice(c):
    await c
    await c


try:
    run(twice(add(1, 2)))
except RuntimeError as e:
    print(e)


# Returns, loops and jumps out of statements that await.
async def jumps():
    out = []
    for i in range(5):
        try:
            if await Pause(i) == 2:
                continue
            if i == 3:
                break
            out.append(i)
        finally:
            out.append(("f", await Pause(i)))
    else:
        out.append("else")
    while True:
        with_value = await Pause(1)
        return out, with_value


print(run(jumps()))


# Asynchronous managers.
class Manager:
    def __init__(self, name, swallow=False):
        self.name, self.swallow = name, swallow

    async def __aenter__(self):
        print("enter", self.name, await Pause(1))
        return self.name

    async def __aexit__(self, t, e, tb):
        print("exit", self.name, t and t.__name__, await Pause(2))
        return self.swallow


async def managed():
    async with Manager("a") as a, Manager("b", True) as b:
        print(a, b)
        raise ValueError("inside")
    async with Manager("c"):
        return "returned"


print(run(managed()))


async def unmanaged(x):
    async with x:
        pass


class Half:
    async def __aenter__(self):
        pass


class Plain:
    def __aenter__(self):
        return 1

    def __aexit__(self, *args):
        return 1


for x in (3, Half(), Plain()):
    try:
        run(unmanaged(x))
    except TypeError as e:
        print(e)


# Asynchronous iterators and loops.
class Count:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        self.i = 0
        return self

    async def __anext__(self):
        if self.i == self.n:
            raise StopAsyncIteration
        self.i += 1
        return await Pause(self.i)


async def loops():
    out = []
    async for x in Count(3):
        out.append(x)
    else:
        out.append("else")
    async for x in Count(5):
        if x == 4:
            continue
        if x == 6:
            break
        out.append(x)
    else:
        out.append("no")
    async for a, (b, *c) in pairs():
        out.append((a, b, c))
    return out


async def pairs():
    yield 1, (2, 3)
    yield 4, (5, 6, 7)


print(run(loops()))
print(run((lambda: collect(Count(3)))() if False else loops()))


async def comprehensions():
    a = [x async for x in Count(3)]
    b = {x for x in [1, 2] if await Pause(x) > 2}
    c = {x: y async for x, (y, *_) in pairs()}
    d = [x + y async for x in Count(2) for y in [10, 20] if x != await Pause(2)]
    e = [[y async for y in Count(x)] async for x in Count(2)]
    f = tuple([z async for z in (w * 2 async for w in Count(2))])
    g = [z async for z in (await Pause(w) for w in [1, 2, 3])]
    return a, b, c, d, e, f, g


print(run(comprehensions()))


async def not_iterable(x):
    async for _ in x:
        pass


class NoNext:
    def __aiter__(self):
        return 3


class BadNext:
    def __aiter__(self):
        return self

    def __anext__(self):
        return 4


for x in ([1], NoNext(), BadNext()):
    try:
        run(not_iterable(x))
    except TypeError as e:
        print(e)


# Asynchronous generators.
async def counts(n, log):
    try:
        for i in range(n):
            await Pause(i)
            got = yield i
            if got:
                log.append(got)
    except KeyError as e:
        log.append(repr(e))
        yield "after"
    finally:
        log.append("finally")
        await Pause(0)
        log.append("closed")


async def generators():
    log = []
    g = counts(3, log)
    print(type(g).__name__, g.__name__, g.__aiter__() is g)
    print(await g.__anext__(), await g.asend("sent"), await g.asend(None))
    try:
        await g.asend(None)
    except StopAsyncIteration as e:
        print("ended", e.args)
    try:
        await g.__anext__()
    except StopAsyncIteration:
        print("still ended")
    print(log)
    g = counts(3, log := [])
    await anext(g)
    print(await g.athrow(KeyError("k")), log)
    try:
        await anext(g)
    except StopAsyncIteration:
        print(log)
    g = counts(3, log := [])
    await anext(g)
    print(await g.aclose(), log)
    print(await g.aclose(), await anext(g, "default"))
    g = counts(3, log := [])
    print(await g.aclose(), log)
    g = counts(1, [])
    try:
        await g.asend(1)
    except TypeError as e:
        print(e)
    try:
        await g.athrow(ValueError("first"))
    except ValueError as e:
        print(e)
    async for x in counts(9, log := []):
        if x == 1:
            break
    print(x)


run(generators())


async def ignores():
    try:
        yield 1
    except GeneratorExit:
        yield 2


async def closes():
    g = ignores()
    await anext(g)
    try:
        await g.aclose()
    except RuntimeError as e:
        print(e)
    step = counts(1, []).__anext__()
    await step
    try:
        await step
    except RuntimeError as e:
        print(e)


run(closes())


async def raises_stop(which):
    yield 1
    raise which


async def stopped(which):
    try:
        async for _ in raises_stop(which):
            pass
    except RuntimeError as e:
        print(e, repr(e.__cause__))


run(stopped(StopIteration(1)))
run(stopped(StopAsyncIteration(2)))

# aiter and anext.
async def builtins_():
    it = aiter(Count(2))
    print(await anext(it), await anext(it), await anext(it, "none"))
    for f in (aiter, anext):
        try:
            f([1])
        except TypeError as e:
            print(e)


run(builtins_())


# Scopes, closures, methods, decorators, defaults, annotations.
class Service:
    limit = 3

    def __init__(self):
        self.total = 0

    async def add(self, n: int = 1, *rest, scale=1, **more) -> int:
        self.total += await Pause(n) * scale + sum(rest) + sum(more.values())
        return self.total

    @classmethod
    async def made(cls):
        await Pause(0)
        return cls()

    @staticmethod
    async def still(x):
        return await Pause(x)

    async def stream(self):
        for i in range(self.limit):
            yield await self.still(i)


class Derived(Service):
    async def add(self, *args):
        return -(await super().add(*args))


async def services():
    s = await Derived.made()
    print(await s.add(2), await s.add(1, 1, 1), await Service.add(s, 1, scale=10, extra=100), [x async for x in s.stream()])
    total = 0

    async def inner():
        nonlocal total
        total += await Pause(4)

    await inner()
    await inner()
    print(total, Service.add.__name__, Service.add.__annotations__, Service.add.__defaults__)
    fs = [inner, lambda: Pause(7)]
    print([await f() for f in fs])


run(services())


def awaited(f):
    async def wrapper(*args):
        print("before")
        result = await f(*args)
        print("after")
        return result
    return wrapper


@awaited
async def decorated(x):
    "Documented."
    return await Pause(x)


print(run(decorated(21)), decorated.__name__)

import inspect
import types


def plain():
    pass


def generates():
    yield


for f in (plain, generates, decorated, pairs, services):
    print(f.__name__, inspect.iscoroutinefunction(f), inspect.isasyncgenfunction(f), inspect.isgeneratorfunction(f), f.__code__.co_flags & 0x2A0)
c, g = plain_coroutine, generator = decorated(1), pairs()
print(inspect.iscoroutine(c), inspect.isawaitable(c), inspect.isasyncgen(g), inspect.isawaitable(g), isinstance(c, types.CoroutineType), isinstance(g, types.AsyncGeneratorType))
c.close()


@types.coroutine
def old_style(x):
    got = yield x
    return got + 1


async def uses_old():
    return await old_style(5)


print(run(uses_old()))

# What the compiler refuses.
for text in (
    "await f()",
    "def f():\n    await g()",
    "def f():\n    async for x in y: pass",
    "def f():\n    async with y: pass",
    "async with y: pass",
    "def f():\n    return [x async for x in y]",
    "async def f():\n    yield from g()",
    "async def f():\n    yield 1\n    return 2",
    "async def f():\n    return 2\n    yield 1",
    "class C:\n    await f()",
    "async def f():\n    def g():\n        await h()",
    "async x = 1",
    "await = 1",
    "async def f():\n    await x = 3",
    "lambda: await x",
    "@d\nasync for x in y: pass",
):
    try:
        compiled = exec(text)
        print("taken", repr(text))
    except SyntaxError as e:
        print(e.msg, e.lineno)
