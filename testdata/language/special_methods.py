def t(f):
    try: print(repr(f()))
    except Exception as e: print(type(e).__name__, '|', e)
class V:
    def __init__(self, *c): self.c = c
    def __repr__(self): return f'V{self.c}'
    def __add__(self, o): return V(*(a + b for a, b in zip(self.c, o.c))) if isinstance(o, V) else NotImplemented
    def __radd__(self, o): return V(*(o + a for a in self.c))
    def __sub__(self, o): return ('sub', o)
    def __rsub__(self, o): return ('rsub', o)
    def __mul__(self, o): return ('mul', o)
    def __rmul__(self, o): return ('rmul', o)
    def __truediv__(self, o): return ('div', o)
    def __rtruediv__(self, o): return ('rdiv', o)
    def __floordiv__(self, o): return ('fdiv', o)
    def __rfloordiv__(self, o): return ('rfdiv', o)
    def __mod__(self, o): return ('mod', o)
    def __rmod__(self, o): return ('rmod', o)
    def __divmod__(self, o): return ('divmod', o)
    def __rdivmod__(self, o): return ('rdivmod', o)
    def __pow__(self, o, m=None): return ('pow', o, m)
    def __rpow__(self, o): return ('rpow', o)
    def __matmul__(self, o): return ('matmul', o)
    def __rmatmul__(self, o): return ('rmatmul', o)
    def __lshift__(self, o): return ('lsh', o)
    def __rlshift__(self, o): return ('rlsh', o)
    def __rshift__(self, o): return ('rsh', o)
    def __rrshift__(self, o): return ('rrsh', o)
    def __and__(self, o): return ('and', o)
    def __rand__(self, o): return ('rand', o)
    def __or__(self, o): return ('or', o)
    def __ror__(self, o): return ('ror', o)
    def __xor__(self, o): return ('xor', o)
    def __rxor__(self, o): return ('rxor', o)
    def __neg__(self): return 'neg'
    def __pos__(self): return 'pos'
    def __invert__(self): return 'inv'
    def __abs__(self): return 'abs'
    def __round__(self, n=None): return ('round', n)
    def __trunc__(self): return 7
    def __floor__(self): return 8
    def __ceil__(self): return 9
    def __int__(self): return 11
    def __float__(self): return 1.5
    def __complex__(self): return 2j
    def __index__(self): return 3
    def __len__(self): return len(self.c)
    def __iter__(self): return iter(self.c)
    def __reversed__(self): return iter(self.c[::-1])
    def __contains__(self, x): return x in self.c
    def __getitem__(self, i): return ('get', i)
    def __setitem__(self, i, v): print('set', i, v)
    def __delitem__(self, i): print('del', i)
    def __call__(self, *a, **k): return a, k
    def __eq__(self, o): return isinstance(o, V) and self.c == o.c
    def __lt__(self, o): return self.c < o.c
    def __hash__(self): return hash(self.c)
    def __bool__(self): return bool(self.c)
    def __str__(self): return 'str!'
    def __format__(self, s): return f'fmt<{s}>'
    def __bytes__(self): return b'by'
    def __enter__(self): print('enter'); return self
    def __exit__(self, *a): print('exit', a[0] and a[0].__name__); return True
    def __iadd__(self, o): print('iadd'); return self
    def __imatmul__(self, o): print('imatmul'); return self
v = V(1, 2)
t(lambda: v + V(3, 4)); t(lambda: 1 + v); t(lambda: v + 1)
for op in ['-','*','/','//','%','**','@','<<','>>','&','|','^']:
    import operator
    pass
t(lambda: v - 1); t(lambda: 1 - v); t(lambda: v * 1); t(lambda: 1 * v); t(lambda: v / 1); t(lambda: 1 / v)
t(lambda: v // 1); t(lambda: 1 // v); t(lambda: v % 1); t(lambda: 1 % v); t(lambda: v ** 1); t(lambda: 1 ** v)
t(lambda: v @ 1); t(lambda: 1 @ v); t(lambda: v << 1); t(lambda: 1 << v); t(lambda: v >> 1); t(lambda: 1 >> v)
t(lambda: v & 1); t(lambda: 1 & v); t(lambda: v | 1); t(lambda: 1 | v); t(lambda: v ^ 1); t(lambda: 1 ^ v)
t(lambda: divmod(v, 2)); t(lambda: divmod(2, v)); t(lambda: pow(v, 2)); t(lambda: pow(v, 2, 3))
t(lambda: -v); t(lambda: +v); t(lambda: ~v); t(lambda: abs(v)); t(lambda: round(v)); t(lambda: round(v, 2))
import math
t(lambda: math.floor(v)); t(lambda: math.ceil(v)); t(lambda: math.trunc(v))
t(lambda: int(v)); t(lambda: float(v)); t(lambda: complex(v)); t(lambda: [0,1,2,3,4][v]); t(lambda: range(v)); t(lambda: hex(v)); t(lambda: 'ab' * v)
t(lambda: len(v)); t(lambda: list(v)); t(lambda: list(reversed(v))); t(lambda: 1 in v); t(lambda: 9 in v)
t(lambda: v[1]); t(lambda: v[1:2]); t(lambda: v[1, 2:3, ...]); t(lambda: v['k'])
v[0] = 5; v[1:2] = 6; del v[0]; del v[::2]
t(lambda: v(1, a=2)); t(lambda: v == V(1, 2)); t(lambda: v != V(1, 2)); t(lambda: v == 3); t(lambda: v < V(2, 3)); t(lambda: v > V(0, 1)); t(lambda: v <= v)
t(lambda: {v: 1}[V(1, 2)]); t(lambda: bool(v)); t(lambda: bool(V())); t(lambda: not V()); t(lambda: 'yes' if V() else 'no')
t(lambda: str(v)); t(lambda: f'{v}'); t(lambda: f'{v:>10}'); t(lambda: f'{v!r}'); t(lambda: '{:abc}'.format(v)); t(lambda: format(v, 'x')); t(lambda: '%s %r' % (v, v)); t(lambda: bytes(v))
with v as w: print(w is v); raise ValueError('x')
v += 1
v @= 2
v -= 1
print(v)
t(lambda: sorted([V(3), V(1), V(2)])); t(lambda: max(V(3), V(1))); t(lambda: min([V(3), V(1)]))
class BadBool:
    def __bool__(self): return 3
t(lambda: bool(BadBool()))
class BadLen:
    def __init__(self, n): self.n = n
    def __len__(self): return self.n
t(lambda: len(BadLen(-1))); t(lambda: len(BadLen('x'))); t(lambda: bool(BadLen(0))); t(lambda: len(BadLen(1.5)))
class BadRepr:
    def __repr__(self): return 3
t(lambda: repr(BadRepr())); t(lambda: str(BadRepr()))
class BadStr:
    def __str__(self): return 3
t(lambda: str(BadStr())); t(lambda: print(BadStr()))
class BadHash:
    __hash__ = None
t(lambda: hash(BadHash())); t(lambda: {BadHash(): 1}); t(lambda: {BadHash()})
class EqNoHash:
    def __eq__(self, o): return True
t(lambda: hash(EqNoHash())); t(lambda: EqNoHash() != 3); t(lambda: 3 == EqNoHash()); t(lambda: [3].index(EqNoHash()))
class BadIter:
    def __iter__(self): return 3
t(lambda: list(BadIter()))
class SeqProto:
    def __getitem__(self, i):
        if i > 3: raise IndexError
        return i * 10
t(lambda: list(SeqProto())); t(lambda: 20 in SeqProto()); t(lambda: tuple(SeqProto())); t(lambda: [*SeqProto()])
a, *b = SeqProto(); print(a, b)
class It:
    def __init__(self): self.n = 0
    def __iter__(self): return self
    def __next__(self):
        self.n += 1
        if self.n > 3: raise StopIteration
        return self.n
t(lambda: list(It())); t(lambda: sum(It())); t(lambda: dict(zip('abc', It()))); t(lambda: max(It())); t(lambda: ','.join(map(str, It())))
class Ix:
    def __index__(self): return 2
t(lambda: 'abc'[Ix()]); t(lambda: [1,2,3][Ix():]); t(lambda: int(Ix())); t(lambda: bin(Ix())); t(lambda: float(Ix())); t(lambda: (1,2,3) * Ix())
class LT:
    def __init__(self, v): self.v = v
    def __lt__(self, o): return NotImplemented
t(lambda: LT(1) < LT(2)); t(lambda: LT(1) < 3)
class GTonly:
    def __gt__(self, o): return 'gt-called'
t(lambda: 3 < GTonly()); t(lambda: GTonly() > 1); t(lambda: GTonly() < GTonly())
class Sub(V):
    def __radd__(self, o): return 'Sub.radd'
t(lambda: V(1) + Sub(2))
class Ctx:
    def __init__(self, n, swallow=False): self.n, self.s = n, swallow
    def __enter__(self): print('in', self.n); return self.n
    def __exit__(self, t, e, tb): print('out', self.n, t, repr(e)); return self.s
with Ctx(1) as a, Ctx(2) as b: print(a, b)
with (Ctx(1) as a, Ctx(2, True) as b,): raise KeyError('k')
try:
    with Ctx(1), Ctx(2): raise KeyError('k')
except KeyError as e: print('caught', e)
def r():
    with Ctx(5): return 'ret'
t(r)
def lp():
    for i in range(3):
        with Ctx(i):
            if i == 0: continue
            if i == 1: break
    return i
t(lp)
class NoExit:
    def __enter__(self): pass
def ne():
    with NoExit(): pass
t(ne)
def ne2():
    with 3: pass
t(ne2)
class Contains:
    def __contains__(self, x): return 5
t(lambda: 1 in Contains()); t(lambda: 1 not in Contains())
class Fmt:
    def __format__(self, s): return 3
t(lambda: format(Fmt())); t(lambda: f'{object():>10}'); t(lambda: format(V, 'x'))
class Getitem:
    def __class_getitem__(cls, k): return f'{cls.__name__}[{k}]'
t(lambda: Getitem[3]); t(lambda: V[3]); t(lambda: list[int]); t(lambda: dict[str, int]); t(lambda: int[3])
class Rich:
    def __init__(self, v): self.v = v
    def __eq__(self, o): return self.v == o.v
    def __le__(self, o): return self.v <= o.v
    def __ge__(self, o): return self.v >= o.v
t(lambda: Rich(1) <= Rich(2)); t(lambda: Rich(1) >= Rich(2)); t(lambda: Rich(1) < Rich(2)); 
class Copy:
    def __init__(self): self.l = [1]
import copy
c = Copy(); c2 = copy.copy(c); c3 = copy.deepcopy(c); c.l.append(2); print(c2.l, c3.l)
class Del:
    def __del__(self): pass
Del()
class Missing:
    def __getattr__(self, name): return lambda *a: (name, a)
t(lambda: Missing().foo(1, 2)); t(lambda: len(Missing()))


# Iterating a class that derives from a sequence asks the sequence, not its items.
class Named(tuple):
    def __getitem__(self, name):
        for x in self:
            if x == name:
                return ("found", x)
        raise KeyError(name)


class Sevens(list):
    def __getitem__(self, i):
        return 7


class Digits(int):
    def __getitem__(self, i):
        return str(int(self))[i]


print(Named("abc")["b"], list(Named("ab")), [x for x in Sevens([1, 2])], list(Digits(345)))
