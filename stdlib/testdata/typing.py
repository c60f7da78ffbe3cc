from typing import *
import typing, types, enum, abc
from enum import Enum, IntEnum, auto, Flag, unique
from abc import ABC, abstractmethod
from types import SimpleNamespace
import collections.abc
from collections.abc import Mapping, Sequence, Iterable, Callable as C2
def tried(f, *args, **kw):
    try: return f(*args, **kw)
    except Exception as e: return f"{type(e).__name__}: {e}"
print(List[int], Optional[str], Union[int, str, None], Dict[str, List[int]], Callable[[int], str], Any, Tuple[int, ...], Literal["a", 1], Union[int, int])
print(List[int] == List[int], Union[int, str] == Union[str, int], get_origin(List[int]), get_args(Dict[str, int]), get_origin(3), Optional[int] == Union[int, None])
T = TypeVar("T"); K = TypeVar("K", bound=int)
class Box(Generic[T]):
    def __init__(self, v: T): self.v = v
class IntBox(Box[int]): pass
print(Box[int](3).v, IntBox(4).v, T, isinstance(Box(1), Box))
class P(NamedTuple):
    "docs"
    x: int
    y: float = 0.5
    def total(self): return self.x + self.y
print(P(1), P(1, y=2).y, P(3)[0], P(1).total(), P._fields, P(2) == (2, 0.5), P.__doc__, tried(P))
Q = NamedTuple("Q", [("a", int), ("b", str)]); print(Q(1, "z"))
class TD(TypedDict, total=False):
    a: int
    b: str
d = TD(a=1); print(d, type(d) is dict)
UserId = NewType("UserId", int); print(UserId(5), cast(str, 3), TYPE_CHECKING)
@runtime_checkable
class HasLen(Protocol):
    def __len__(self) -> int: ...
class HL:
    def __len__(self): return 1
print(isinstance(HL(), HasLen), isinstance(object(), HasLen))
@final
class Fin: pass
@overload
def ov(x: int) -> int: ...
def ov(x): return x
print(ov(3))
class Color(Enum):
    RED = 1
    GREEN = "g"
    ALIAS = 1
    def hello(self): return "hi " + self.name
    @classmethod
    def first(cls): return cls.RED
print(Color.RED, repr(Color.GREEN), Color("g"), Color["RED"], Color.RED.value, Color.ALIAS is Color.RED, list(Color), len(Color), Color.RED == 1, Color.RED in Color, Color.RED.hello(), Color.first(), isinstance(Color.RED, Color), {Color.RED: 1}[Color(1)], f"{Color.RED}", Color.RED != Color.GREEN)
print(tried(Color, 9), tried(lambda: Color["X"]), tried(setattr, Color, "RED", 3), Color.__members__.keys() if False else list(Color.__members__), Color, type(Color.RED).__name__, tried(lambda: Color.RED < Color.GREEN))
class N(IntEnum):
    A = auto()
    B = auto()
print(N.A, N.B + 1, N.A < N.B, N.B == 2, repr(N.A), [10, 20, 30][N.A], f"{N.B:03d}", sorted([N.B, N.A]), isinstance(N.A, int), N(2))
class F(Flag):
    R = auto(); W = auto(); X = auto()
print(F.R | F.W, F.R in (F.R | F.W), bool(F.R & F.W), (F.R | F.X).value, ~F.R, F(3), F(0), [f.name for f in F])
class S(str, Enum):
    A = "a"
print(S.A == "a", S.A.value, S("a"), S.A.upper(), repr(S.A))
class Planet(Enum):
    E = (1, 2)
    def __init__(self, m, r): self.m = m; self.r = r
    @property
    def s(self): return self.m + self.r
print(Planet.E.s, Planet.E.value, Enum("Dyn", "X Y").Y.value)
def dup():
    @unique
    class D(Enum): A = 1; B = 1
print(tried(dup))
class Sh(ABC):
    @abstractmethod
    def area(self): ...
    @property
    @abstractmethod
    def nm(self): ...
    def d(self): return "d"
class Sq(Sh):
    def area(self): return 4
    nm = "sq"
class Half(Sh):
    def area(self): return 1
print(tried(Sh), tried(Half), Sq().area(), Sq().d(), isinstance(Sq(), Sh), issubclass(Sq, Sh))
n = SimpleNamespace(a=1, b="x"); n.c = 3; print(n, n.a, n == SimpleNamespace(a=1, b="x", c=3))
print(isinstance({}, Mapping), isinstance([], Sequence), isinstance("a", Iterable), isinstance(3, Iterable), isinstance(len, C2), isinstance((), Mapping), isinstance(iter([]), collections.abc.Iterator), isinstance([], collections.abc.Hashable), isinstance(1, collections.abc.Hashable), isinstance({1}, collections.abc.Set), isinstance((x for x in ()), collections.abc.Generator))
class MyMap(collections.abc.MutableMapping):
    def __init__(self): self.d = {}
    def __getitem__(self, k): return self.d[k]
    def __setitem__(self, k, v): self.d[k] = v
    def __delitem__(self, k): del self.d[k]
    def __iter__(self): return iter(self.d)
    def __len__(self): return len(self.d)
m = MyMap(); m["a"] = 1; m.update(b=2); print(dict(m), m.get("z", 0), "a" in m, m.pop("a"), sorted(m.items()), m.setdefault("q", 5), isinstance(m, Mapping))
print(isinstance(lambda: 1, types.FunctionType), types.NoneType is type(None), isinstance(typing, types.ModuleType))
