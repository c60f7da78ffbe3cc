import collections.abc, sys, os, copy, abc, contextlib, functools, itertools, operator, types, typing, collections, json, re, string, random, time, math, textwrap, io
def t(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__, '|', e)
print(__name__, __doc__, type(__name__).__name__)
if __name__ == '__main__': print('main')
print(1, 'a', None, sep='-', end='!\n'); print('x', 'y', sep=''); print(); print(*[1, 2], sep=', '); print('a', file=sys.stdout, flush=True); print(end=''); print(sep='x')
buf = io.StringIO(); print('to buf', file=buf); print(repr(buf.getvalue()))
with contextlib.redirect_stdout(io.StringIO()) as f: print('hidden')
print(repr(f.getvalue()))
it = iter([1, 2, 3, None, 4]); print(list(iter(lambda: next(it), None)))
print(vars(types.SimpleNamespace(a=1, b=2)), types.SimpleNamespace(x=1), types.SimpleNamespace(x=1) == types.SimpleNamespace(x=1))
class O: 
    a = 1
    def __init__(self): self.b = 2
o = O(); print(vars(o), getattr(o, 'a'), getattr(o, 'zz', 'def'), hasattr(o, 'b'), [n for n in dir(o) if not n.startswith('__')]); setattr(o, 'c', 3); print(o.c); delattr(o, 'c'); print(hasattr(o, 'c'))
print([n for n in dir() if n in ('o', 'it', 'O')], 'o' in globals(), globals()['__name__'])
def loc(x): y = 2; return sorted(locals().items())
print(loc(1)); globals()['newvar'] = 5
X = type('X', (), {'v': 1, '__repr__': lambda s: 'X!'}); print(X(), X.v, X.__name__); print(type(1), type('a'), type(None), type(print), type(lambda: 0), type(O), type(o).__name__, type(type), type([]) == list, type(...), type(NotImplemented), type(o.__init__), type(O.__init__), type(range(1)), type({}.keys()), type(iter([])), type(zip()), type(map(str, [])), type(x for x in []), type(sys), type(property()), type(1j))
print(isinstance(o, object), isinstance(O, type), issubclass(bool, int), isinstance([], collections.abc.Sequence), isinstance({}, collections.abc.Mapping), isinstance('a', collections.abc.Iterable), isinstance(3, collections.abc.Hashable), isinstance(lambda: 0, collections.abc.Callable), isinstance(1, (int, str)), isinstance(1, int | str), callable(O))
class Shape(abc.ABC):
    @abc.abstractmethod
    def area(self): ...
    @property
    @abc.abstractmethod
    def name(self): ...
t(lambda: Shape())
class Sq(Shape):
    def area(self): return 1
t(lambda: Sq())
class Sq2(Sq):
    @property
    def name(self): return 'sq'
@contextlib.contextmanager
def cm(x):
    print('enter'); 
    try: yield x * 2
    except ValueError as e: print('cm caught', e)
    finally: print('exit')
with cm(4) as v: print(v)
with cm(1): raise ValueError('inner')
try:
    with cm(1): raise KeyError('k')
except KeyError as e: print('out', e)
with contextlib.suppress(ZeroDivisionError): 1/0
with contextlib.ExitStack() as st: st.enter_context(cm(1)); st.callback(print, 'cb')
with contextlib.nullcontext(5) as n: print(n)
@contextlib.contextmanager
def bad():
    if 0: yield
try:
    with bad(): pass
except RuntimeError as e: print(e)
print(copy.copy([1, [2]]), copy.deepcopy({'a': [1]}), copy.deepcopy(o).b)
print(1 < 2 < 3, 1 < 3 > 2, 1 == 1 != 2, 3 > 2 > 1 < 5, not 1 > 2, 1 < 2 and 2 < 3, None or 'x', [] and 1, 0 or [] or 'z', 'a' if [] else 'b', (1 if 0 else 2) + 1, 1 in [1] == True, not None is None)
x = y = 3; x += 1; x -= 1; x *= 2; x /= 4; x //= 1; x **= 2; x %= 5; print(x, y); b = 6; b &= 3; b |= 8; b ^= 1; b <<= 2; b >>= 1; print(b)
l = [1, 2, 3]; l[0] += 5; print(l); d = {'a': [1]}; d['a'] += [2]; print(d); o.b += 1; print(o.b)
for i in range(3):
    if i == 5: break
else: print('no break')
for i in range(3):
    if i == 1: break
else: print('never')
n = 0
while n < 3: n += 1
else: print('while else', n)
while True:
    n += 1
    if n % 2: continue
    if n > 6: break
print(n)
lam = lambda x, y=2, *a, k=3, **kw: (x, y, a, k, kw); print(lam(1), lam(1, 2, 3, k=4, z=5))
def outer():
    def inner(): nonlocal v; v += 1
    v = 0; inner(); inner(); return v
print(outer())
del l[0]; del d['a']; del o.b; print(l, d, hasattr(o, 'b'))
a = 1; del a
try: a
except NameError as e: print(e)
a, (b, *c), d = 1, (2, 3, 4), 5; print(a, b, c, d)
assert True; assert (1, 2)
pass; pass
print(r'\n' 'a' "b" '''c''' f'{1}' rf'{2}\n'); print('tab\there', 'nl\\n', "q'q", 'q"q', '\'\"', '\u00e9\x41\101')
print("""multi
  line""".splitlines(), 'a' \
 'b')
t = lambda f: f
print(sum(map(int, '123')), ''.join(sorted('hello')), dict(sorted({'b': 1, 'a': 2}.items())), [*range(3), *'ab'], {*[1], *[2]}, {**{'a': 1}, **{'b': 2}}, (*[1], 2))
print(str(1e100), 1e-7, 123456789.0, 1/3, 2/3, 10/2, 7//2, -7//2, 7%3, -7%3, 2**0.5, 1e308*10, -1e308*10, 0.1+0.2, round(2.675, 2), round(-0.5), int(-3.7), 5e-324, 1.0, 100.0, 1e5, 1e15, 1e16, 1.5e-5)
print(json.dumps({'a': [1, 2.0, None, True, 'é"\n'], 'b': {'c': {}}}), json.loads('{"a": [1, 2.5, null, true, "x"]}'), json.dumps([1, 2], indent=2), json.dumps({'b': 1, 'a': 2}, sort_keys=True, separators=(',', ':')))
print(re.sub(r'(\w+) (\w+)', r'\2 \1', 'hello world'), re.findall(r'\d+', 'a1b22'), re.match(r'(?P<n>\d+)', '42x').group('n'), re.split(r'[,;]', 'a,b;c'), bool(re.search('z', 'abc')), re.compile('a+').fullmatch('aaa').span())
class Meta(type):
    registry = {}
    def __init__(cls, name, bases, ns): super().__init__(name, bases, ns); Meta.registry[name] = cls
    def __getitem__(cls, k): return (cls.__name__, k)
    def __iter__(cls): return iter([1, 2])
    def __contains__(cls, x): return x == 1
    def __call__(cls, *a): o = super().__call__(); o.args = a; return o
class K1(metaclass=Meta): pass
print(list(Meta.registry), K1[3], list(K1), 1 in K1, K1(1, 2).args)
class Vec:
    __slots__ = ['x', 'y']
    def __init__(self, x, y): self.x, self.y = x, y
    def __iter__(self): yield self.x; yield self.y
    def __eq__(self, o): return tuple(self) == tuple(o)
    def __hash__(self): return hash(tuple(self))
v = Vec(1, 2); x, y = v; print(x, y, v == Vec(1, 2), {v, Vec(1, 2)} == {v}, max(*v), dict([v]))
class Chain:
    def __init__(self): self.ops = []
    def __getattr__(self, n): return lambda *a: (self.ops.append((n, a)), self)[1]
print(Chain().foo(1).bar().ops)
print(sorted(['b', 'A', 'c'], key=str.lower), sorted([(2, 'a'), (1, 'b')], key=lambda p: p[1]), sorted(range(5), key=lambda x: (x % 2, -x)), min([3, 1], key=lambda x: -x), list(map(lambda x, y: x * y, [1, 2], [3, 4])), functools.reduce(operator.mul, range(1, 6)), list(itertools.chain([1], [2, 3])), list(itertools.accumulate([1, 2, 3])), list(itertools.product('ab', [1, 2]))[:2], list(itertools.combinations('abc', 2)), list(itertools.permutations([1, 2])), list(itertools.groupby('aab'))[0][0], list(itertools.zip_longest([1], [2, 3], fillvalue=0)), list(itertools.takewhile(lambda x: x < 3, [1, 2, 3, 1])), list(itertools.starmap(pow, [(2, 3)])), list(itertools.repeat(1, 2)), next(itertools.count(5)), list(itertools.compress('abc', [1, 0, 1])), list(itertools.pairwise([1, 2, 3])))
def f(*, a, b=2): return a, b
print(f(a=1), functools.partial(f, a=5)(b=1), operator.itemgetter(1)([1, 2]), operator.attrgetter('x')(v), operator.methodcaller('upper')('a'))
print(f'{3.14159:.2f} {42:05d} {"hi":>5} {"hi":<5}| {1000000:,} {0.25:.0%} {255:#x} {5!r} {"a"!r:>5} {1e10:g} {-5:+d} {3:b}')
print(os.path.join('a', 'b'), os.path.basename('/x/y.txt'), os.path.splitext('a.b.c'), os.path.dirname('/x/y'), os.sep)
