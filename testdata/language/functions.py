import functools
def t(f, *a, **k):
    try: print(repr(f(*a, **k)))
    except Exception as e: print(type(e).__name__, '|', e)
def f0(): return 0
def f1(a): return a
def f2(a, b=2): return a, b
def f3(a, b, c): return a
def fk(*, k): return k
def fk2(a, *, k, m=3): return a, k, m
def fp(a, /, b): return a, b
def fpk(a, b, /, c, *, d): return a, b, c, d
def fv(*args, **kw): return args, kw
def fav(a, *args, b=1, **kw): return a, args, b, kw
def fp2(x, /, **kw): return x, kw
for f, args in [(f0, [((1,), {}), ]),
 (f1, [((), {}), ((1, 2), {}), ((1,), {'a': 1}), ((), {'b': 1}), ((), {'a': 5}), ((1,), {'z': 1})]),
 (f2, [((), {}), ((1, 2, 3), {}), ((1, 2, 3, 4), {}), ((), {'b': 1}), ((1,), {'c': 1})]),
 (f3, [((), {}), ((1,), {}), ((1, 2), {}), ((1, 2, 3, 4), {}), ((1,), {'a': 1})]),
 (fk, [((), {}), ((1,), {}), ((), {'k': 1}), ((), {'j': 1}), ]),
 (fk2, [((), {}), ((1,), {}), ((1, 2), {}), ((1,), {'k': 3, 'm': 4})]),
 (fp, [((), {}), ((1,), {}), ((1,), {'b': 2}), ((), {'a': 1, 'b': 2}), ((1, 2, 3), {})]),
 (fpk, [((), {}), ((1,), {}), ((1, 2, 3), {}), ((1, 2), {'c': 3, 'd': 4}), ]),
 (fv, [((1, 2), {'a': 3})]), (fav, [((), {}), ((1, 2, 3), {'b': 2, 'z': 3}), ((1,), {'a': 2})]), (fp2, [((1,), {'x': 2}), ((), {'x': 2})])]:
    for a, k in args: t(f, *a, **k)
t(lambda: f1(**{1: 2})); t(lambda: fv(*[1], 2, *(3, 4), x=1, **{'y': 2})); t(lambda: fv(*'ab')); t(lambda: fv(**dict(a=1)))
t(lambda: f2(1, 2, a=3)); t(lambda: f1(1, b=2, c=3))
t(lambda: len()); t(lambda: len(1, 2)); t(lambda: len(obj=[])); t(lambda: abs()); t(lambda: sorted()); t(lambda: sorted([1], None)); t(lambda: [].append()); t(lambda: [].append(1, 2)); t(lambda: 'a'.upper(1)); t(lambda: {}.get()); t(lambda: {}.update(1)); t(lambda: isinstance(1)); t(lambda: ''.join()); t(lambda: 'a'.split(1)); t(lambda: int('1', base=10)); t(lambda: int(foo=1)); t(lambda: str(foo=1)); t(lambda: range(1,2,3,4)); t(lambda: dict(1, 2)); t(lambda: list(1, 2)); t(lambda: ord()); t(lambda: zip(foo=1)); t(lambda: sum()); t(lambda: min([1], key=3)); t(lambda: min(1, 2, default=3)); t(lambda: max([], default=3)); t(lambda: round(1.5, 1, 2)); t(lambda: round(1.5, 'a')); t(lambda: [].sort(1)); t(lambda: 'a'.format(1)); t(lambda: input.__name__)
def deco(n):
    def wrap(f):
        @functools.wraps(f)
        def inner(*a, **k): return [n] + [f(*a, **k)]
        return inner
    return wrap
@deco(1)
@deco(2)
def decorated(x):
    "docs"
    return x
t(decorated, 3); print(decorated.__name__, decorated.__doc__, decorated.__wrapped__.__name__)
def counter():
    n = 0
    def inc(by=1):
        nonlocal n
        n += by
        return n
    def get(): return n
    return inc, get
inc, get = counter(); inc(); inc(5); t(get)
G = 1
def setg():
    global G, NEWG
    G += 1; NEWG = 7
setg(); print(G, NEWG)
def deff(a, l=[]): l.append(a); return l
deff(1); t(deff, 2); print(deff.__defaults__)
t(lambda: f2.__defaults__); t(lambda: fk2.__kwdefaults__); t(lambda: f2.__code__.co_argcount)
p = functools.partial(f2, 1, b=5); t(p); t(p, b=6); print(p.func.__name__, p.args, p.keywords)
t(functools.reduce, lambda a, b: a + b, [1, 2, 3]); t(functools.reduce, lambda a, b: a + b, [], 10); t(functools.reduce, lambda a, b: a + b, [])
@functools.lru_cache(maxsize=None)
def fibc(n): return n if n < 2 else fibc(n-1) + fibc(n-2)
t(fibc, 50); print(fibc.cache_info()); fibc.cache_clear(); print(fibc.cache_info())
@functools.cache
def sq(x): print('calc'); return x*x
sq(2); sq(2)
t(sq, [])
class CP:
    @functools.cached_property
    def v(self): print('compute'); return 5
c = CP(); c.v; print(c.v, c.__dict__)
@functools.singledispatch
def sd(x): return 'default'
@sd.register
def _(x: int): return 'int'
@sd.register(str)
def _(x): return 'str'
@sd.register(list)
def _(x): return 'list'
print(sd(1), sd('a'), sd([]), sd(1.5), sd(True))
@functools.total_ordering
class TO:
    def __init__(s, v): s.v = v
    def __eq__(s, o): return s.v == o.v
    def __lt__(s, o): return s.v < o.v
print(TO(1) <= TO(2), TO(1) >= TO(2), TO(3) > TO(2))
print(sorted([3, 1, 2], key=functools.cmp_to_key(lambda a, b: b - a)))
print((lambda x, *y, z=3, **w: (x, y, z, w))(1, 2, z=4, q=5))
def outer():
    x = 1
    def mid():
        def inn():
            nonlocal x
            x += 1
            return x
        return inn
    f = mid(); f(); f()
    return x
t(outer)
def annotated(a: int, b: 'str' = 'x', *args: float, c: list[int] = None, **kw: dict) -> tuple: pass
print(annotated.__annotations__)
print(annotated.__name__, annotated.__qualname__, annotated.__module__)
x: int = 5
y: 'str'
print(__annotations__)
class AC:
    a: int
    b: str = 'q'
    c: 'AC'
    d: list[int] = []
print(AC.__annotations__)
def noann(a, b): pass
print(noann.__annotations__)
def ret(): return
print(ret(), ret.__doc__)
def docd():
    '''multi
    line'''
print(docd.__doc__)
print((lambda: 0).__name__, len.__name__, str.upper.__name__, [].append.__name__)
compose = lambda *fs: functools.reduce(lambda f, g: lambda x: f(g(x)), fs)
print(compose(lambda x: x + 1, lambda x: x * 2)(5))
def varkw(**kwargs):
    for k in sorted(kwargs): print(k, kwargs[k], end=';')
    print()
varkw(b=1, a=2)
def many(a, b, c, d, e=5, *f, g, h=8, **i): return (a, b, c, d, e, f, g, h, i)
t(many, 1, 2, 3, 4, g=7); t(many, 1, 2); t(many, 1, 2, 3, 4); t(many, 1, 2, 3, 4, 5, 6, 7, g=1, z=2)
print(callable(f1), callable(3), callable(int), callable(type('X', (), {'__call__': 1})()))
import inspect
print(list(inspect.signature(many).parameters), inspect.signature(f2))
class Callable_:
    def __call__(self, x): return x + 1
print(list(map(Callable_(), [1, 2])))
t(lambda: f3.__call__(1, 2, 3)); t(lambda: f1.__get__(5)()); 
def kwonly_default(*, a=1, b): return a, b
t(kwonly_default, b=2); t(kwonly_default)
t(lambda: sorted([1,2], key=lambda x: -x, reverse=True)); t(lambda: f'{(lambda x: x*2)(3)}')
def shadow(list): return list
t(shadow, 3)
def del_local():
    x = 1
    del x
    return x
t(del_local)
def cond_local(c):
    if c: v = 1
    return v
t(cond_local, 0)
def closure_loop():
    fs = []
    for i in range(3):
        def f(i=i): return i
        fs.append(f)
    return [f() for f in fs]
t(closure_loop)

# Functions that compute in loops with their parameters, called with ints and with what is none.
import itertools, math

def axpy(a, b, n):
    total = b
    for i in range(n):
        total = total * 3 % 1000003 + a
    return total

def table(n, fill):
    a = [fill] * n
    for i in range(n):
        a[i] = i * fill
    a[-1] = n
    return a

def powers(x, n):
    out = []
    y = x
    while n > 0:
        out.append(y)
        y = y * x
        n -= 1
    return out, y, n

def search(values, want):
    low, high = 0, len(values)
    while low < high:
        middle = (low + high) // 2
        if values[middle] < want:
            low = middle + 1
        else:
            high = middle
    else:
        return low, "else"

def early(n, limit=10):
    for i in range(n):
        if i > limit:
            return i, locals()
    return None

def sums(n, *rest, step=1, **kw):
    return [i * step for i in range(n) if i % 2 == n % 2], sum(rest), kw

class Odd(int):
    def __add__(self, other): return "added"
    def __mul__(self, other): return Odd(int(self) * int(other) + 1)

print(axpy(7, 11, 1000), axpy(0.5, 11, 3), axpy(True, 1, 3), axpy(Odd(2), Odd(3), 2), axpy(10**30, -10**30, 5))
print(table(4, 2), table(3, 1.5), table(2, "ab"), table(1, [1]), table(True, 2))
print(powers(2, 5), powers(1.5, 2), powers(2, 2.5), powers(3**50, 3))
print(search([1, 3, 5, 7], 4), search("abc", "b"), early(30), early(5), early(30, 2.5), early(30, limit=Odd(3))[0])
print(sums(5), sums(4, 1, 2, step=3, z=1), sums(4, step=0.5))
for call in (lambda: axpy("a", "b", 2), lambda: axpy(1, 2, 1.5), lambda: table(0, 1), lambda: table(2.0, 1), lambda: powers(None, 2), lambda: search(5, 1), lambda: axpy(1, 2)):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__, e)
