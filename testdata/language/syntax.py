def t(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__, '|', e)
def r(*a): return a
def star_ret(): return 1, *[2, 3]
print(star_ret(), r(*[1], *[2], 3), [*range(2), 9], {**{'a': 1}, 'b': 2})
def star_yield(): yield 1, *[2]
print(list(star_yield()))
for x in 1, *[2, 3]: print(x, end=' ')
print()
class It:
    def __getitem__(self, k): return k
i = It(); print(i[1:2, ::3, ...], i[()], i[1,], i[*[1, 2]] if False else 0, i[-1:], i[:], i[None:None:2])
x = (1 if True else
     2); y = [
    1,
    2,  # comment
]
z = 'a' \
    'b'
print(x, y, z)
if (n := 10) > 5 and (m := n * 2): print(n, m)
print([q for p in range(3) if (q := p * 2)], q)
def f(a, b=[], *, c={}): b.append(a); c[a] = 1; return b, c
f(1); print(f(2))
class C:
    for i in range(3): locals()
    vals = [j * 2 for j in range(3)]
    if vals: flag = True
    else: flag = False
    def m(self): return self.vals, C.flag
    alias = m
    x, y = 1, 2
    x += 10
    del y
    class Inner:
        z = 5
        def im(self): return C.x + self.z
print(C().m(), C().alias() == C().m(), C.x, hasattr(C, 'y'), C.Inner().im(), C.i, C.Inner.__qualname__, C.m.__qualname__)
def nested():
    def a():
        def b():
            def c(): return deep
            return c
        return b
    deep = 'd'
    return a()()()
print(nested())
def multi():
    for i in range(3):
        for j in range(3):
            try:
                if j == 1: continue
                if i == 1: break
                if i == 2: return 'r', i, j
            finally: print('f', i, j, end=';')
    return 'end'
print(multi())
def gfin():
    try:
        for i in range(3):
            try: yield i
            finally: print('inner', i)
    finally: print('outer')
for v in gfin():
    pass
g = gfin(); next(g); g.close()
def deco(*args, **kw):
    def d(f): f.meta = (args, kw); return f
    return d
class D:
    @staticmethod
    @deco(1, k=2)
    def s(): return 's'
    @classmethod
    @deco()
    def c(cls): return cls.__name__
    @property
    @deco('p')
    def p(self): return 'p'
    def __init_subclass__(cls, **kw): cls.kw = kw
print(D.s(), D.c(), D().p, D.s.meta, D.c.meta, D.p.fget.meta)
class E(D, a=1, **{'b': 2}): pass
print(E.kw)
buttons = {'a': lambda: 1, 'b': lambda x=2: x}; print(buttons['a'](), buttons['b']())
fs = [(lambda x: lambda y: x + y)(i) for i in range(3)]; print([f(10) for f in fs])
print((lambda *a, **k: (a, k))(1, b=2), (lambda x, /, y, *, z: (x, y, z))(1, y=2, z=3))
a = b = c = []; a.append(1); print(b, c is a)
a, b = b, a; (a), [b] = 1, [2]; print(a, b)
print(not 1 == 2, not (1 in [1]), 1 < 2 == True, - 2 ** 2, 2 ** -1, ~1 + 1, 1 if 0 else 2 if 0 else 3, (yield_ := 3))
print("%s" % "a" "b", "a" "b" % (), 'x' * 2 + 'y', f"{'a' if 1 else 'b'}{1:>{2 + 1}}", f'{ {"k": [1]}["k"][0] }', f"{x!r:^{10}}|", f"{'nested ' + f'{1 + 1}'}")
t(lambda: [][0] if True else 1)
try:
    try: raise KeyError('a')
    except KeyError as e:
        try: raise ValueError('b') from e
        finally: print('fin')
except ValueError as e: print(e, repr(e.__cause__), e.__context__ is e.__cause__)
def ctx():
    try: 1/0
    except ZeroDivisionError as e: err = e
    return err
e = ctx(); print(type(e).__name__, e.args)
def gen_ret():
    x = yield
    while x: x = yield x * 2
    return 'done'
g = gen_ret(); next(g); print(g.send(3), g.send(4))
try: g.send(0)
except StopIteration as s: print(s.value)
def fib(n, memo={}):
    if n in memo: return memo[n]
    memo[n] = n if n < 2 else fib(n - 1) + fib(n - 2)
    return memo[n]
print(fib(80))
import functools
@functools.lru_cache
def sq(x): return x * x
print(sq(3), sq(3), sq.cache_info().hits)
@functools.wraps(sq)
def w(): pass
print(w.__name__, w.__wrapped__ is sq)
class Stack(list):
    def push(self, x): self.append(x); return self
    def __repr__(self): return f'Stack({list(self)})'
s = Stack(); print(s.push(1).push(2), len(s), s[-1], s == [1, 2], isinstance(s, list), Stack([3]) + [4], [0] + Stack([1]))
class Attr(dict):
    __getattr__ = dict.__getitem__
    __setattr__ = dict.__setitem__
d = Attr(a=1); d.b = 2; print(d.a, d.b, d)
t(lambda: d.zzz)
class Point:
    def __init__(self, x, y): self.x, self.y = x, y
    def __eq__(self, o):
        if not isinstance(o, Point): return NotImplemented
        return (self.x, self.y) == (o.x, o.y)
    def __hash__(self): return hash((self.x, self.y))
    def __iter__(self): return iter((self.x, self.y))
    def __repr__(self): return f'Point({self.x!r}, {self.y!r})'
    def __add__(self, o): return Point(self.x + o.x, self.y + o.y)
    __radd__ = lambda self, o: self if o == 0 else NotImplemented
    def __getitem__(self, i): return (self.x, self.y)[i]
    def __bool__(self): return self.x != 0 or self.y != 0
print(sum([Point(1, 2), Point(3, 4)]), Point(1, 2) in [Point(1, 2)], {Point(1, 2): 'a'}[Point(1, 2)], [*Point(5, 6)], Point(0, 0) or 'zero', max(Point(1, 2)), Point(1, 2) == 3, Point(1, 2) != Point(1, 2))
x, y = Point(7, 8); print(x, y)
def outer():
    total = 0
    def add(n):
        nonlocal total
        total += n
        return total
    return add
ad = outer(); ad(1); print(ad(5))
global_x = 1
def mod():
    global global_x, new_global
    global_x += 1; new_global = 'ng'
mod(); print(global_x, new_global)
print(*(f'{k}={v}' for k, v in sorted({'b': 1, 'a': 2}.items())), sep=', ')
for idx, (k, v) in enumerate({'x': 1}.items(), 1): print(idx, k, v)
while (line := 'abc'[n - 10:n - 9]) and n < 12: print(line, end=''); n += 1
print()
assert isinstance(1, int), 'msg'
print(type('Dyn', (object,), dict(v=1, get=lambda self: self.v))().get())
print(sorted('bca', key=lambda c: -ord(c)), list(zip(*[[1, 2], [3, 4]])), dict(zip('ab', range(2))), [x for x in range(10) if x % 2 if x > 3], {k: [v] for k, v in zip('ab', 'cd')})
print(1_000, 0xff, 0b101, 0o17, 1e3, .5, 1j, 'é'.encode(), b'\x00a', r'\d', u'u', '\x41', "tab\t|", 'a\'b', '''q"q''')
