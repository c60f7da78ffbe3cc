# Each line of output is what CPython 3.11 prints; see golden_test.go.
def show(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__ + ':', e)
# inheritance corners
class Base:
    def __init__(self, a, *, b=2): self.a, self.b = a, b
    def __eq__(self, o):
        if not isinstance(o, Base): return NotImplemented
        return (self.a, self.b) == (o.a, o.b)
    def __repr__(self): return f'{type(self).__name__}({self.a!r}, b={self.b!r})'
class Mixin:
    def hello(self): return 'hello ' + self.name()
class Child(Mixin, Base):
    def __init__(self, *args, extra=None, **kw):
        super().__init__(*args, **kw)
        self.extra = extra
    def name(self): return str(self.a)
c = Child('x', b=5, extra=[1])
show(lambda: c); show(lambda: c.hello()); show(lambda: c == Base('x', b=5)); show(lambda: c != Base('y')); show(lambda: c == 5); show(lambda: c.__dict__); show(lambda: Child('a','b')); show(lambda: Child(q=1)); show(lambda: hash(c))
class Registry(dict):
    def __getattr__(self, k):
        try: return self[k]
        except KeyError: raise AttributeError(k) from None
    def __setattr__(self, k, v): self[k] = v
    def __delattr__(self, k): del self[k]
r = Registry(a=1); r.b = 2; show(lambda: r); show(lambda: r.a + r.b); show(lambda: r.zz); del r.a; show(lambda: r); show(lambda: hasattr(r,'b')); show(lambda: list(r.items())); show(lambda: r.keys()); show(lambda: r.update(c=3)); show(lambda: r.c); show(lambda: r == {'b':2,'c':3}); show(lambda: isinstance(r, dict)); show(lambda: {**r}); show(lambda: dict(r)); show(lambda: len(r)); show(lambda: r.pop('b')); show(lambda: sorted(r)); show(lambda: 'c' in r); show(lambda: bool(Registry())); show(lambda: r.copy()); show(lambda: r | {'z':1}); show(lambda: r.get('none')); show(lambda: r.setdefault('n', [])); show(lambda: r.n)
class Mod(dict):
    def __init__(self):
        self._no_grad = set()
        self._training = True
    def __setattr__(self, k, v):
        if isinstance(v, (list, dict, tuple)): self[k] = v
        else:
            super().__setattr__(k, v); self.pop(k, None)
    def __getattr__(self, k):
        v = self.get(k, None)
        if v is not None: return v
        super(Mod, self).__getattribute__(k)
    def __call__(self, x): return x + 1
class Net(Mod):
    def __init__(self):
        super().__init__()
        self.layers = [Mod(), Mod()]
        self.n = 3
        self.w = (1, 2)
    def __call__(self, x):
        for l in self.layers: x = l(x)
        return x
n = Net(); show(lambda: n(1)); show(lambda: list(n)); show(lambda: n.w); show(lambda: n.n); show(lambda: n.nope); show(lambda: n._training); show(lambda: n.layers[0]._no_grad); show(lambda: isinstance(n.layers[0], Mod)); show(lambda: n.__dict__.keys()); n.n = [4]; show(lambda: n['n']); show(lambda: 'n' in n); show(lambda: callable(n)); show(lambda: [k for k, v in n.items() if isinstance(v, (list, tuple))])
class Cell:
    count = 0
    def __new__(cls, *a):
        cls.count += 1
        self = super().__new__(cls); self.tag = a
        return self
    def __init__(self, *a): self.inited = True
show(lambda: (Cell(1,2).tag, Cell.count, Cell().inited))
class Temp:
    def __init__(self): self._c = 0
    @property
    def f(self): 'Doc of f'; return self._c * 9 / 5 + 32
    @f.setter
    def f(self, v): self._c = (v - 32) * 5 / 9
class Temp2(Temp):
    @property
    def f(self): return -super().f
t = Temp(); t.f = 212; show(lambda: t._c); show(lambda: t.f); show(lambda: Temp2().f); show(lambda: Temp.f.__doc__)
def f(): Temp2().f = 5
show(f)
class W:
    def __getattr__(self, n):
        def call(*a, **k): return (n, a, k)
        return call
show(lambda: W().anything(1, x=2)); 
class LazyList:
    def __init__(self, n): self.n = n
    def __len__(self): return self.n
    def __getitem__(self, i):
        if isinstance(i, slice): return [self[j] for j in range(*i.indices(self.n))]
        if i < 0: i += self.n
        if not 0 <= i < self.n: raise IndexError('lazy')
        return i * i
z = LazyList(5); show(lambda: z[1:4]); show(lambda: z[-1]); show(lambda: z[9]); show(lambda: list(z)); show(lambda: list(reversed(z))); show(lambda: 16 in z); show(lambda: sum(z)); show(lambda: max(z)); show(lambda: z[::-2]); show(lambda: [*zip(z, z)]); show(lambda: sorted(z, reverse=True)); show(lambda: dict(enumerate(z))); show(lambda: any(z)); a, *b = z; show(lambda: (a, b))
import_err = None
try:
    import nope_module
except ImportError as e: import_err = (type(e).__name__, str(e), e.name)
show(lambda: import_err)
class Acc:
    def __init__(self): self.v = []
    def __enter__(self): self.v.append('in'); return self
    def __exit__(self, et, ev, tb): self.v.append((et and et.__name__, str(ev))); return True
with Acc() as acc: raise KeyError('zz')
show(lambda: acc.v)
def gen_ctx():
    with Acc() as q:
        yield q
        raise ValueError('in gen')
show(lambda: [x.v for x in gen_ctx()])
show(lambda: type('Dyn', (Base,), {'z': 1, '__init__': lambda self: None})().z)
show(lambda: [cls.__name__ for cls in (int, str, Base, type, object)]); show(lambda: int.__mro__); show(lambda: Base.__init__.__name__); show(lambda: Base.__eq__(c, c)); show(lambda: object.__eq__(1, 2)); show(lambda: object.__ne__(1,1)); show(lambda: isinstance(c, (str, Mixin))); show(lambda: issubclass(Child, (int, Base))); show(lambda: type(c).__mro__[1].__name__); show(lambda: c.__class__.__bases__); show(lambda: Child.__qualname__); show(lambda: callable(Child)); show(lambda: getattr(c, 'hello')()); show(lambda: vars(c) is c.__dict__)
c.__class__ = Base; show(lambda: type(c).__name__)
show(lambda: (lambda x, /, y, *, z: (x, y, z))(1, 2, z=3))
x = [1, 2, 3]; it = iter(x); next(it); x.append(4); show(lambda: list(it)); show(lambda: next(it, 'end'))
d = {'k': [1]}; e = dict(d); e['k'].append(2); show(lambda: d)
m = map(str, range(3)); show(lambda: (next(m), list(m), list(m)))
show(lambda: list(zip(*[(1, 2), (3, 4)]))); show(lambda: [[y for y in range(x)] for x in range(3)]); show(lambda: {k: v for k, v in zip('ab', [1, 2])}); show(lambda: {x % 2 for x in range(5)}); show(lambda: sum(x for x in range(5) if x % 2)); show(lambda: (lambda *a, **k: (a, k))(*[1], *(2,), **{'a': 1}, **{'b': 2}))
