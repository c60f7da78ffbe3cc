from dataclasses import dataclass, field, asdict, astuple, replace, fields, is_dataclass, KW_ONLY, InitVar, FrozenInstanceError, make_dataclass
from typing import ClassVar, Optional, List
def t(f):
    try: print(repr(f()))
    except Exception as e: print(type(e).__name__, '|', e)
@dataclass
class A:
    x: int
    y: float = 2.5
    z: List[int] = field(default_factory=list)
    c: ClassVar[int] = 9
    h: str = field(default='h', repr=False, compare=False)
    def total(self): return self.x + self.y
a = A(1)
print(a, a == A(1), a != A(2), a.total(), A.c, asdict(a), astuple(a), replace(a, x=5), [f.name for f in fields(A)], [f.type for f in fields(a)], is_dataclass(A), is_dataclass(a), is_dataclass(3))
a.z.append(1); print(A(1).z, a)
t(lambda: A()); t(lambda: A(1, 2, 3, 4, 5)); t(lambda: A(q=1)); t(lambda: A(1, x=2)); t(lambda: hash(a)); t(lambda: a < A(2))
@dataclass(order=True, frozen=True)
class B:
    a: int
    b: str = 'b'
print(B(1) < B(2), B(1, 'a') < B(1, 'b'), sorted([B(3), B(1)]), hash(B(1)) == hash(B(1)), {B(1): 2}[B(1)])
t(lambda: setattr(B(1), 'a', 2)); t(lambda: delattr(B(1), 'a')); t(lambda: B(1) < 3)
def fz():
    b = B(1); b.a = 5
t(fz)
@dataclass
class C(A):
    w: int = 0
    def __post_init__(self): self.d = self.x * 2
c = C(1, w=5); print(c, c.d, asdict(c))
@dataclass
class D:
    a: int
    _: KW_ONLY
    b: int = 3
    i: InitVar[int] = 0
    def __post_init__(self, i): self.s = self.a + i
print(D(1, b=2, i=10).s, D(1)); t(lambda: D(1, 2))
@dataclass(kw_only=True)
class E: p: int; q: int = 2
print(E(p=1)); t(lambda: E(1))
@dataclass(eq=False, repr=False)
class F: v: int = 0
print(F() == F(), repr(F()).split(' at ')[0])
@dataclass(slots=True)
class G: v: int = 0
@dataclass(unsafe_hash=True)
class H: v: int = 0
print(hash(H(1)) == hash(H(1)))
try:
    @dataclass
    class Bad: a: int = 0; b: int
except TypeError as e: print(e)
try:
    @dataclass
    class Bad2: a: list = []
except ValueError as e: print(e)
M = make_dataclass('M', [('x', int), ('y', int, field(default=3))]); print(M(1), M.__name__)
@dataclass
class N: inner: A; items: list; m: dict
n = N(A(1), [A(2)], {'k': A(3)}); print(asdict(n)); print(n.__dataclass_fields__['inner'].name, A.__match_args__)
@dataclass
class WithProp:
    _v: int = 1
    @property
    def v(self): return self._v
    @v.setter
    def v(self, x): self._v = x
w = WithProp(); w.v = 9; print(w, w.v)
@dataclass
class Rep:
    a: int
    def __repr__(self): return 'custom'
    def __eq__(self, o): return True
print(Rep(1), Rep(1) == Rep(2), A.__annotations__)
