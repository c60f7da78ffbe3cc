from dataclasses import dataclass, field, asdict, astuple, replace, fields, is_dataclass, make_dataclass, FrozenInstanceError, InitVar, KW_ONLY
from typing import List, Optional, ClassVar, Dict
def tried(f, *args, **kw):
    try: return f(*args, **kw)
    except Exception as e: return f"{type(e).__name__}: {e}"
@dataclass
class P:
    "doc"
    x: int
    y: float = 2.5
    tags: List[str] = field(default_factory=list)
    count: ClassVar[int] = 0
    secret: int = field(default=7, repr=False, compare=False)
    def norm(self): return self.x + self.y
p = P(1); q = P(1, 2.5, ["a"])
print(p, q, p == P(1), p == q, p.norm(), p.tags is P(1).tags, [f.name for f in fields(P)], is_dataclass(P), is_dataclass(p), is_dataclass(3), P.count, P.__doc__)
print(tried(P), tried(P, 1, 2, 3, 4, 5), tried(P, 1, z=3), tried(P, 1, x=2), asdict(q), astuple(q), replace(q, x=9), P(1, secret=1) == P(1, secret=2), tried(hash, p))
@dataclass(order=True, frozen=True)
class V:
    a: int
    b: int = 0
print(V(1) < V(2), sorted([V(2), V(1, 5), V(1)]), V(1) >= V(1, 0), hash(V(1)) == hash(V(1)), len({V(1), V(1)}), tried(setattr, V(1), "a", 5), tried(delattr, V(1), "a"), tried(lambda: V(1) < 3), isinstance(FrozenInstanceError(), AttributeError))
@dataclass
class Base:
    a: int
    b: int = 1
@dataclass
class Child(Base):
    c: int = 2
    b: int = 10
    def __post_init__(self): self.total = self.a + self.b + self.c
print(Child(5), Child(5).total, [f.name for f in fields(Child)], tried(Child, b=1))
@dataclass
class I:
    x: int
    scale: InitVar[int] = 2
    y: int = field(init=False)
    def __post_init__(self, scale): self.y = self.x * scale
print(I(3), I(3, 5).y, tried(replace, I(3), y=1))
@dataclass(kw_only=True)
class K: a: int; b: int = 2
print(K(a=1), tried(K, 1), tried(K))
@dataclass
class KO:
    a: int
    _: KW_ONLY
    b: int = 2
print(KO(1, b=3), tried(KO, 1, 2))
@dataclass(eq=False, repr=False)
class N: a: int
print(N(1) == N(1), repr(N(1)).startswith("<"))
@dataclass(unsafe_hash=True)
class U: a: int
print(hash(U(1)) == hash(U(1)))
def bad1():
    @dataclass
    class B: x: int = 0; y: int
def bad2():
    @dataclass
    class B: x: list = []
print(tried(bad1), tried(bad2), tried(asdict, 3), tried(fields, 3))
@dataclass
class Tree:
    v: int
    kids: Optional[List["Tree"]] = None
    meta: Dict[str, int] = field(default_factory=dict)
t = Tree(1, [Tree(2), Tree(3, meta={"k": 1})]); print(t); print(asdict(t))
Q = make_dataclass("Q", ["x", ("y", int), ("z", int, field(default=5))]); print(Q(1, 2))
@dataclass
class W:
    a: int = 1
    def __repr__(self): return "custom"
    def __eq__(self, o): return True
print(W(), W() == 3, V.__match_args__)
class Plain: pass
@dataclass
class Cfg:
    n: int = 3
    @property
    def dbl(self): return self.n * 2
    @classmethod
    def make(cls, **kw): return cls(**kw)
print(Cfg.make(n=4).dbl, Cfg.n, Cfg().__dict__)


@dataclass(frozen=True)
class Own:
    """A class that has written its own __init__ keeps it."""

    name: str

    def __init__(self, name, *, loud=False):
        object.__setattr__(self, "name", name.upper() if loud else name)


print(Own("a", loud=True), Own("b") == Own("b"))
