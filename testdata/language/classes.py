def t(f):
    try: print(repr(f()))
    except Exception as e: print(type(e).__name__, '|', e)
class A:
    x = 1
    def __init__(self, a=2): self.a = a
    def f(self): return 'A.f'
    @property
    def p(self): return self.a
    @p.setter
    def p(self, v): self.a = v
    @p.deleter
    def p(self): del self.a
    @classmethod
    def c(cls, k=3): return cls.__name__, k
    @staticmethod
    def s(*a, **k): return a, k
    @property
    def ro(self): "doc of ro"; return 5
class B(A):
    def f(self): return 'B.f>' + super().f()
class C(A):
    def f(self): return 'C.f>' + super().f()
class D(B, C):
    def f(self): return 'D.f>' + super().f()
print([k.__name__ for k in D.__mro__])
print([k.__name__ for k in D.mro()])
t(lambda: D().f())
d = D()
d.p = 10
t(lambda: d.a)
del d.p
t(lambda: d.p)
t(lambda: d.a)
def setro(): d.ro = 3
t(setro)
def delro(): del d.ro
t(delro)
t(lambda: D.c())
t(lambda: D.s(1, b=2))
t(lambda: A.ro.__doc__)
t(lambda: A.p.fget.__name__)
t(lambda: A(1, 2))
t(lambda: A(1, a=2))
t(lambda: A(z=2))
t(lambda: A.f())
t(lambda: A().f(1))
t(lambda: A().nope)
t(lambda: A.nope)
t(lambda: A.x)
t(lambda: D.__bases__ == (B, C))
t(lambda: D.__name__ + D.__qualname__ + D.__module__)
t(lambda: A.__dict__['x'])
t(lambda: sorted(k for k in A.__dict__ if not k.startswith('__')))
t(lambda: d.__dict__)
t(lambda: d.__class__.__name__)
t(lambda: isinstance(d, (int, A)))
t(lambda: issubclass(D, A))
t(lambda: issubclass(A, D))
t(lambda: isinstance(3, 4))
t(lambda: issubclass(3, int))
t(lambda: A() == A())
t(lambda: A() < A())
t(lambda: A() + 1)
t(lambda: 1 + A())
t(lambda: -A())
t(lambda: len(A()))
t(lambda: A()[0])
def si(): A()[0] = 1
t(si)
def di(): del A()[0]
t(di)
t(lambda: A()())
t(lambda: iter(A()))
t(lambda: next(A()))
t(lambda: 1 in A())
t(lambda: [*A()])
t(lambda: int(A()))
t(lambda: float(A()))
t(lambda: abs(A()))
t(lambda: hash(A()) == hash(A))
t(lambda: bool(A()))
t(lambda: str(A).replace('__main__.',''))
try:
    class X(A, object, B): pass
except TypeError as e: print(str(e).split('\n')[0])
try:
    class X(object, A): pass
except TypeError as e: print(e)
try:
    class X(A, A): pass
except TypeError as e: print(e)
class S:
    __slots__ = ('a', 'b')
    def __init__(self): self.a = 1
s = S()
t(lambda: s.a)
t(lambda: s.b)
def sc(): s.c = 1
t(sc)
t(lambda: s.__dict__)
class Base:
    subs = []
    def __init_subclass__(cls, /, tag=None, **kw):
        super().__init_subclass__(**kw)
        Base.subs.append((cls.__name__, tag))
class S1(Base, tag='x'): pass
class S2(Base): pass
print(Base.subs)
class Desc:
    def __set_name__(self, owner, name): self.name = '_' + name; print('set_name', owner.__name__, name)
    def __get__(self, obj, typ=None):
        if obj is None: return self
        return getattr(obj, self.name, 'unset')
    def __set__(self, obj, v):
        if v < 0: raise ValueError('negative')
        setattr(obj, self.name, v)
    def __delete__(self, obj): delattr(obj, self.name)
class H:
    w = Desc()
h = H()
t(lambda: h.w)
h.w = 5
t(lambda: h.w)
def neg(): h.w = -1
t(neg)
del h.w
t(lambda: h.w)
t(lambda: type(H.w).__name__)
t(lambda: vars(h))
class M(type):
    def __new__(mcs, name, bases, ns, **kw):
        ns['tag'] = name.lower()
        return super().__new__(mcs, name, bases, ns)
    def __call__(cls, *a, **k):
        print('M.call', cls.__name__)
        return super().__call__(*a, **k)
    def __len__(cls): return 42
    @property
    def mp(cls): return cls.__name__ * 2
class K(metaclass=M):
    def __init__(self, v): self.v = v
k = K(3)
t(lambda: (k.v, K.tag, len(K), K.mp, type(K).__name__))
t(lambda: k.mp)
T = type('T', (A,), {'y': 5, 'g': lambda self: self.y + self.x})
t(lambda: T().g())
t(lambda: T.__name__)
class G:
    def __getattr__(self, n):
        if n == 'bad': raise AttributeError('no bad')
        return 'got ' + n
    def __setattr__(self, n, v):
        print('set', n); object.__setattr__(self, n, v)
    def __delattr__(self, n):
        print('del', n); super().__delattr__(n)
    def __dir__(self): return ['b', 'a']
g = G()
g.z = 1
t(lambda: g.z); t(lambda: g.q); t(lambda: g.bad)
del g.z
t(lambda: g.z)
t(lambda: hasattr(g, 'bad')); t(lambda: getattr(g, 'bad', 7)); t(lambda: dir(g))
class GA:
    def __getattribute__(self, n):
        if n == 'v': return 99
        return super().__getattribute__(n)
    def m(self): return self.v
t(lambda: GA().m()); t(lambda: GA().w)
class NewC:
    def __new__(cls, *a):
        o = super().__new__(cls); o.args = a; return o
t(lambda: NewC(1,2).args)
class Single:
    inst = None
    def __new__(cls):
        if cls.inst is None: cls.inst = super().__new__(cls)
        return cls.inst
t(lambda: Single() is Single())
class I(int):
    def __add__(self, o): return I(int(self) + int(o) + 100)
    def __repr__(self): return f'I({int(self)})'
t(lambda: I(3) + 4); t(lambda: I(3) * 2); t(lambda: I(5) > 3); t(lambda: str(I(3))); t(lambda: f'{I(3)}'); t(lambda: f'{I(3):04d}')
class L(list):
    def total(self): return sum(self)
l = L([1,2,3]); l.append(4)
t(lambda: l.total()); t(lambda: l); t(lambda: l[1:]); t(lambda: type(l[1:]).__name__); t(lambda: l == [1,2,3,4]); t(lambda: l + [1])
class DD(dict):
    def __missing__(self, k): return k * 2
dd = DD(a=1)
t(lambda: dd['a']); t(lambda: dd['b']); t(lambda: dd.get('b')); t(lambda: dd)
class St(str):
    def shout(self): return self.upper() + '!'
t(lambda: St('hi').shout()); t(lambda: St('hi') + 'x'); t(lambda: type(St('a') + 'b').__name__); t(lambda: St('k') in {'k': 1})
class Tu(tuple):
    def __new__(cls, a, b): return super().__new__(cls, (a, b))
    @property
    def a(self): return self[0]
t(lambda: Tu(1,2)); t(lambda: Tu(1,2).a); t(lambda: Tu(1,2) == (1,2))
class Fl(float): pass
t(lambda: Fl(2.5) * 2); t(lambda: repr(Fl(1.0)))
class P:
    __secret = 1
    def g(self): return self.__secret
t(lambda: P().g()); t(lambda: P().__secret); t(lambda: P()._P__secret)
class Cnt:
    n = 0
    def __init__(self): type(self).n += 1; self.__class__.n += 1
Cnt(); Cnt(); t(lambda: Cnt.n)
t(lambda: A.f.__qualname__); t(lambda: A().f.__func__ is A.f); t(lambda: A().f.__self__.__class__.__name__)
def fn(): pass
fn.attr = 3
t(lambda: fn.attr); t(lambda: fn.__dict__)
class WithDoc:
    """Doc."""
    def m(self): "mdoc"
t(lambda: WithDoc.__doc__); t(lambda: WithDoc.m.__doc__); t(lambda: A.__doc__)


# A class whose methods use super() has classes of its own.
class Holder:
    class Item:
        def __init__(self, key):
            self.key = key


class Wider(Holder):
    class Item(Holder.Item):
        def __init__(self, key, value):
            super().__init__(key)
            self.value = value

    def __init__(self):
        super().__init__()
        self.item = Wider.Item(1, 2)


print(Wider().item.key, Wider().item.value, Wider.Item.__qualname__)


class Wrapped:
    @staticmethod
    def fixed(x: int):
        "fixed text"

    @classmethod
    def of(cls):
        pass


for kind in ('fixed', 'of'):
    raw = Wrapped.__dict__[kind]
    print(raw.__name__, raw.__qualname__, raw.__module__, raw.__doc__, raw.__annotations__, raw.__wrapped__.__name__)
try:
    staticmethod(3).__name__
except AttributeError as e:
    print(type(e).__name__)
print(ExceptionGroup[int], BaseExceptionGroup[ValueError])


class Pairs(dict):
    pass


print(Pairs[str, int].__origin__.__name__, type[int])
try:
    Wrapped[int]
except TypeError as e:
    print(e)
