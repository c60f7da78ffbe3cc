import inspect
from dataclasses import dataclass, field
@dataclass
class A:
    "What A is."
    x: int
    y: int = 2
    z: list = field(default_factory=list)
params = inspect.signature(A).parameters
print(list(params), params["y"].default, params["x"].default is inspect.Parameter.empty, inspect.getdoc(A))
print(inspect.isclass(A), inspect.isclass(3), inspect.isfunction(lambda: 1), inspect.ismodule(inspect), inspect.ismethod(A(1).__repr__))
from functools import partial, wraps
def f(a, b=2, /, c=3, *args, d, e=5, **kw): pass
print(inspect.signature(f), [ (p.name, p.kind.name, str(p)) for p in inspect.signature(f).parameters.values()])
class D:
    def __init__(self, x, y=1, *, z): pass
    def m(self, q): pass
    def __call__(self, w): pass
    @staticmethod
    def s(u): pass
    @classmethod
    def c(cls, v): pass
print(inspect.signature(D), inspect.signature(D.m), inspect.signature(D(1, z=2).m), inspect.signature(D(1,z=2)), inspect.signature(D.s), inspect.signature(D.c))
print(inspect.signature(partial(f, 1, d=4)))
def deco(fn):
    @wraps(fn)
    def inner(*a, **k): return fn(*a, **k)
    return inner
print(inspect.signature(deco(f)))
print(repr(inspect.signature(lambda x, *, y: 1)))
def g(*a): yield 1
print(inspect.signature(g), inspect.signature(f).parameters["b"].kind is inspect.Parameter.POSITIONAL_ONLY)
class B(D): pass
print(inspect.signature(B))
class C: pass
print(inspect.signature(C))
try: inspect.signature(3)
except TypeError as e: print(e)
print(inspect.signature(len), inspect.signature(sorted))
