import functools
from functools import partial, reduce, wraps, lru_cache, cache, cmp_to_key, total_ordering, cached_property, singledispatch
def tried(f, *args, **kw):
    try: return f(*args, **kw)
    except Exception as e: return f"{type(e).__name__}: {e}"
def f(a, b=2, *c, k=0): return (a, b, c, k)
p = partial(f, 1, k=5); print(p(), p(3), p(3, 4, k=6), p.func is f, p.args, p.keywords, partial(p, 9)(7), partial(int, base=2)("101"))
print(reduce(lambda a, b: a + b, [1, 2, 3]), reduce(lambda a, b: a * b, [], 7), tried(reduce, lambda a, b: a, []))
def deco(fn):
    @wraps(fn)
    def inner(*a, **k):
        "inner doc"
        return fn(*a, **k) + 1
    return inner
@deco
def g(x):
    "doc of g"
    return x
print(g(1), g.__name__, g.__doc__, g.__wrapped__(1))
calls = []
@lru_cache(maxsize=2)
def sq(x): calls.append(x); return x * x
print(sq(2), sq(2), sq(3), sq(4), sq(2), calls, sq.cache_info(), sq.__name__); sq.cache_clear(); print(sq.cache_info())
@cache
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(60), fib.cache_info().misses, tried(fib, [1]))
@lru_cache
def h(x): return x
print(h(1), h.cache_info())
print(sorted([3, 1, 2], key=cmp_to_key(lambda a, b: b - a)), max([1, 5, 3], key=cmp_to_key(lambda a, b: a - b)))
@total_ordering
class V:
    def __init__(self, n): self.n = n
    def __eq__(self, o): return self.n == o.n
    def __lt__(self, o): return self.n < o.n
print(V(1) <= V(1), V(2) > V(1), V(1) >= V(2), V(1) < V(2))
class C:
    def __init__(self): self.hits = 0
    @cached_property
    def val(self): self.hits += 1; return 42
    @lru_cache(None)
    def m(self, x): return x + 1
c = C(); print(c.val, c.val, c.hits, c.m(1), c.m(1), C.m.cache_info())
@singledispatch
def show(x): return "obj"
@show.register(int)
def _(x): return "int"
@show.register(str)
def _(x): return "str"
print(show(1), show("a"), show(2.0), show(True))
print(tried(partial, 3))
