def t(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__, '|', e)
def g(n):
    for i in range(n):
        x = yield i
        print('got', x)
    return 'done'
it = g(3)
t(lambda: next(it)); t(lambda: it.send('a')); t(lambda: next(it)); t(lambda: next(it)); t(lambda: next(it)); t(lambda: next(it, 'def'))
it = g(2)
t(lambda: it.send('a')); t(lambda: it.send(None)); t(lambda: it.throw(ValueError('x'))); t(lambda: next(it))
def h():
    while True:
        try:
            yield 1
        except ValueError as e: print('caught', e); yield 2
        finally: print('fin')
it = h(); next(it); t(lambda: it.throw(ValueError, 'v')); t(lambda: it.close()); t(lambda: next(it))
def ig():
    try: yield 1
    except GeneratorExit: yield 2
it = ig(); next(it); t(lambda: it.close())
def outer():
    r = yield from inner()
    print('r', r)
    yield from [10, 20]
    return r
def inner():
    x = yield 1
    print('x', x)
    y = yield 2
    return x + y
it = outer(); t(lambda: next(it)); t(lambda: it.send(5)); t(lambda: it.send(6)); t(lambda: list(it))
def deleg():
    try: yield from inner2()
    except ValueError as e: print('outer caught', e); yield 'rec'
def inner2():
    try: yield 1
    except KeyError: print('inner caught'); yield 2
it = deleg(); next(it); t(lambda: it.throw(KeyError('k'))); t(lambda: it.throw(ValueError('v')))
def fib():
    a, b = 0, 1
    while True: yield a; a, b = b, a + b
import itertools
t(lambda: list(itertools.islice(fib(), 10)))
t(lambda: sum(x * x for x in range(5))); t(lambda: list(x for x in [1,2,3] if x % 2)); t(lambda: {k: v for k, v in zip('ab', (1, 2))}); t(lambda: {x % 3 for x in range(10)}); t(lambda: [(x, y) for x in range(3) for y in range(x)]); t(lambda: [[j for j in range(i)] for i in range(3)])
ge = (i for i in range(3)); t(lambda: next(ge)); t(lambda: list(ge)); t(lambda: list(ge)); t(lambda: type(ge).__name__)
x = 'outer'; [x for x in range(3)]; print(x)
fs = [lambda: i for i in range(3)]; t(lambda: [f() for f in fs]); fs = [lambda i=i: i for i in range(3)]; t(lambda: [f() for f in fs])
def stop():
    yield 1
    raise StopIteration
t(lambda: list(stop()))
def ret():
    return 5
    yield
t(lambda: list(ret()))
def genret():
    yield 1
    return 7
def use():
    v = yield from genret()
    yield v
t(lambda: list(use()))
try:
    i = genret(); next(i); next(i)
except StopIteration as e: print(e.value, e.args)
t(lambda: iter(g(1)) is None); t(lambda: str(g(1))[:20]); t(lambda: g.__name__); t(lambda: g(1).__name__); t(lambda: hasattr(g(1), 'send'))
def nested():
    def inn():
        yield 'a'; yield 'b'
    for c in inn(): yield c.upper()
t(lambda: ''.join(nested()))
def with_try():
    for i in range(3):
        try:
            if i == 1: raise ValueError(i)
            yield i
        except ValueError as e: yield f'err{e}'
        else: yield 'else'
        finally: yield 'fin'
t(lambda: list(with_try()))
class Tree:
    def __init__(self, v, kids=()): self.v, self.kids = v, kids
    def __iter__(self):
        yield self.v
        for k in self.kids: yield from k
t(lambda: list(Tree(1, [Tree(2, [Tree(3)]), Tree(4)])))
def gen_err(): yield 1; 1/0
t(lambda: list(gen_err()))
def take(n, it):
    return [v for _, v in zip(range(n), it)]
t(lambda: take(3, fib())); t(lambda: any(x > 3 for x in fib())); t(lambda: max((len(w), w) for w in ['a', 'bbb', 'cc'])); t(lambda: sorted((x for x in 'hello'), reverse=True)); t(lambda: tuple(i for i in range(3))); t(lambda: dict((i, i*i) for i in range(3))); t(lambda: ' '.join(str(i) for i in range(3)))
t(lambda: list(map(lambda a, b: a + b, [1,2,3], [10,20]))); t(lambda: list(filter(None, [0,1,'',2]))); t(lambda: list(enumerate('ab', start=5))); t(lambda: list(zip())); t(lambda: list(zip('ab', [1,2], (3,4)))); t(lambda: list(reversed(range(5)))); t(lambda: list(iter(lambda c=iter([1,2,0,3]): next(c), 0)))
m = map(str, [1,2]); t(lambda: next(m)); t(lambda: list(m)); t(lambda: m is iter(m))
z = zip([1], [2]); t(lambda: next(z)); t(lambda: next(z))
r = iter(range(3)); t(lambda: next(r)); t(lambda: list(r))
t(lambda: iter([1]).__next__())
def runner():
    total = 0
    while True:
        v = yield total
        if v is None: return total
        total += v
def collect(out):
    while True:
        r = yield from runner()
        out.append(r)
out = []; c = collect(out); next(c)
for v in [1, 2, None, 3, None]: c.send(v)
print(out)
it = g(1)
def reenter():
    global rr
    rr = selfgen(); next(rr)
def selfgen(): next(rr); yield 1
t(reenter)
it = g(1); it.close(); t(lambda: next(it)); t(lambda: it.throw(ValueError('after')))
def fin():
    try: yield 1; yield 2
    finally: print('cleanup')
for v in fin(): print(v)
f = fin(); next(f); f.close()
def comp_scope():
    n = 10
    return [n + i for i in range(2) if n > i]
t(comp_scope)
class CS:
    xs = [1, 2]
    ys = [x for x in xs]
    n = 3
print(CS.ys)
t(lambda: [y := 5, y ** 2]); t(lambda: [last := i for i in range(4)][-1])
def walrus():
    if (n := len('abc')) > 2: return n
    while (v := 3) and False: pass
t(walrus)
def wc():
    r = [w for i in range(5) if (w := i * 2) > 3]
    return r, w
t(wc)
print([i for i in range(3)], (lambda *a, k=1: (a, k))(1, 2, k=3))
a = [1, 2, 3, 4]
a[1:3] = [9]; print(a); a[::2] = [7, 7]; print(a); del a[0]; print(a); a[1:1] = [5, 6]; print(a)
try: a[::2] = [1]
except ValueError as e: print(e)
try: a[0:1] = 3
except TypeError as e: print(e)
for i, (a, b) in enumerate([(1, 2), (3, 4)]): print(i, a, b)
for a, *b in [(1, 2, 3), (4,)]: print(a, b)
*a, b = 'xyz'; print(a, b)
(a, b), c = (1, 2), 3; print(a, b, c)
[a, [b, *c]] = 1, (2, 3, 4); print(a, b, c)
a = b = []; a.append(1); print(b)
d = {}; d['x'], d['y'] = 1, 2; print(d)
i = 0; l = [0, 0]; i, l[i] = 1, 5; print(i, l)
for d['k'] in range(3): pass
print(d)

# Loops take tuples apart without making them: pairs of dicts, counts, tuples of several iterators.
pairs = {"a": 1, "b": 2}
print([(k, v) for k, v in pairs.items()], [(i, x) for i, x in enumerate("ab", 5)], [(a, b, c) for a, b, c in zip("ab", [1, 2], (3, 4))])
print([t for t in pairs.items()], [a + b for a, *b in zip([[1]], [[2]], [[3]]) for b in b], [(i, a, b) for i, (a, b) in enumerate(pairs.items())])

for broken in (lambda: [0 for a, b, c in pairs.items()], lambda: [0 for a, b, c in enumerate("x")], lambda: [0 for a, b in zip("x", "y", "z")], lambda: [0 for a, b in [1]]):
    try:
        broken()
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)

def failing():
    yield 1
    raise KeyError("gone")

try:
    for i, x in enumerate(failing()):
        print(i, x)
except KeyError as e:
    print("KeyError", e)

counted = enumerate("xyz")
for i, x in counted:
    print(i, x)
    break
print(list(counted), next(counted, "over"))

try:
    for k, v in pairs.items():
        pairs[k + v * "c"] = v
except RuntimeError as e:
    print(e)

from itertools import product
print([a + b for a, b in product("ab", repeat=2)], [t for t in product("a", "b", "c")], sum(a * b for a, b in product(range(3), range(4))))
