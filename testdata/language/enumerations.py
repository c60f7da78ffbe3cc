from enum import Enum, IntEnum, auto, Flag, IntFlag, unique, StrEnum
def t(f):
    try: print(repr(f()))
    except Exception as e: print(type(e).__name__, '|', e)
class Color(Enum):
    RED = 1
    GREEN = 'g'
    BLUE = auto()
    ALIAS = 1
    @property
    def lower(self): return self.name.lower()
    @classmethod
    def first(cls): return list(cls)[0]
    def __str__(self): return f'C.{self.name}'
print(Color.RED, repr(Color.RED), Color.RED.name, Color.RED.value, Color('g'), Color['RED'], list(Color), len(Color), Color.RED is Color.ALIAS, Color.RED == 1, Color.RED.lower, Color.first(), Color.RED in Color, isinstance(Color.RED, Color), Color.__members__.keys(), f'{Color.RED}', {Color.RED: 1}[Color.RED], Color.BLUE.value, type(Color.RED).__name__)
t(lambda: Color('nope')); t(lambda: Color['X']); t(lambda: setattr(Color, 'RED', 2)); t(lambda: Color.RED < Color.GREEN); t(lambda: hash(Color.RED) == hash(Color.RED)); t(lambda: Color(1) is Color.RED)
class N(IntEnum): A = 1; B = 2
print(N.A < N.B, N.A + 1, N.A == 1, int(N.B), [10, 20, 30][N.A], repr(N.A), str(N.A), f'{N.A}', N(2), sorted([N.B, N.A]), isinstance(N.A, int), max(N))
class F(Flag): R = auto(); W = auto(); X = auto()
print(F.R | F.W, (F.R | F.W) & F.W, F.R in (F.R | F.W), bool(F.R & F.W), ~F.R, F.R ^ F.R, (F.R|F.X).value, repr(F.R|F.W))
class IF(IntFlag): A = 1; B = 2
print(IF.A | IF.B, (IF.A | IF.B) == 3, IF.A | 4)
class S(StrEnum): A = 'a'; B = auto()
print(S.A, S.B, S.A == 'a', S.A.upper(), repr(S.B), f'{S.A}')
class St(str, Enum): X = 'x'; Y = 'y'
print(St.X == 'x', St.X.value, St('x'), repr(St.X), St.X.upper(), 'x' in [St.X], {'x': 1}[St.X])
try:
    @unique
    class U(Enum): A = 1; B = 1
except ValueError as e: print(e)
class P(Enum):
    EARTH = (1, 2); MARS = (3, 4)
    def __init__(self, m, r): self.m, self.r = m, r
    @property
    def g(self): return self.m / self.r
print(P.EARTH.m, P.MARS.g, P.EARTH.value)
A2 = Enum('A2', 'X Y Z'); print(list(A2), A2.Y.value); A3 = Enum('A3', {'P': 10}); print(A3.P)
for c in Color: print(c.name, c.value, end=';')
print(); print([m.value for m in N], Color.RED.__class__, Color.__name__)
def m(c):
    match c:
        case Color.RED: return 'r'
        case Color.GREEN | Color.BLUE: return 'gb'
print(m(Color.RED), m(Color.BLUE))
