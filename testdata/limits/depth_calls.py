class A: pass
A.__call__ = A()
A()()
# ---
class A: pass
A.__iter__ = A()
A.__call__ = A()
list(A())
# ---
class A: pass
A.__get__ = A()
class B: x = A()
B().x
# ---
class A: pass
A.__call__ = A()
A.__eq__ = A()
A() == 1
# ---
class A: pass
A.__call__ = A()
A.__hash__ = A()
hash(A())
# ---
class A: pass
A.__call__ = A()
A.__repr__ = A()
repr(A())
# ---
class A: pass
A.__call__ = A()
A.__bool__ = A()
not A()
# ---
class A: pass
A.__call__ = A()
A.__getattr__ = A()
A().x
# ---
class M(type): pass
class A(metaclass=M): pass
M.__call__ = A
A()
# ---
class A:
    def __getattr__(self, name): return getattr(self, name)
A().x
# ---
class A:
    def __repr__(self): return repr(self)
repr(A())
# ---
class A:
    def __eq__(self, o): return self == o
A() == 1
# ---
class A:
    def __hash__(self): return hash(self)
{A(): 1}
# ---
class A:
    def __bool__(self): return bool(self)
bool(A())
# ---
class A:
    def __iter__(self): return iter(self)
list(A())
# ---
class A:
    def __len__(self): return len(self)
len(A())
# ---
class A:
    def __index__(self): return [0][self]
[0][A()]
# ---
class A:
    def __getitem__(self, i): return self[i]
A()[0]
# ---
class A:
    def __contains__(self, i): return i in self
1 in A()
# ---
class A:
    def __str__(self): return str(self)
    def __format__(self, spec): return f'{self:>10}'
f'{A()}'
# ---
class A:
    def __lt__(self, o): return sorted([A(), A()])
sorted([A(), A()])
# ---
f = lambda x: max([x], key=f)
f(1)
# ---
import functools
f = lambda x: functools.reduce(lambda a, b: f(a), [1, 2, 3])
f(1)
# ---
import functools
p = print
for i in range(10**6): p = functools.partial(p)
p()
# ---
import functools
f = len
for i in range(200000): f = functools.partial(lambda g, x: g(x), f)
f([])
# ---
class A:
    @property
    def x(self): return self.x
A().x
# ---
class A:
    def __setattr__(self, n, v): setattr(self, n, v)
A().x = 1
# ---
class A:
    def __init_subclass__(cls): type('B', (cls,), {})
class C(A): pass
# ---
class A:
    def __new__(cls): return cls()
A()
# ---
class A:
    def __del__(self): A()
    def __enter__(self):
        with A(): pass
    def __exit__(self, *a): pass
with A(): pass
# ---
def f(): exec('f()')
f()
# ---
def f(): eval('f()')
f()
# ---
def f():
    try: f()
    finally: f()
f()
# ---
import re
f = lambda m: re.sub('a', f, 'a')
re.sub('a', f, 'a')
# ---
import sys
sys.setrecursionlimit(10**9)
def f(): f()
f()
# ---
import sys
sys.setrecursionlimit(10**9)
f = lambda x: max([x], key=f)
f(1)
# ---
f = lambda *a: list(map(f, [1]))
f()
# ---
class A: pass
a = A()
for i in range(10**6):
    b = a.__call__ if hasattr(a, '__call__') else a
    class C:
        __call__ = b
    a = C()
    if i > 20000: break
a()
# ---
import mlx.core as mx
f = lambda x: mx.grad(f)(x)
f(mx.array(1.0))
# ---
import mlx.core as mx
f = lambda x: mx.vmap(f)(mx.expand_dims(x, 0))
f(mx.array([1.0]))
# ---
import mlx.core as mx
f = mx.compile(lambda x: f(x))
f(mx.array(1.0))
# ---
import mlx.core as mx
f = lambda x: x
for i in range(20000): f = mx.vmap(f)
f(mx.array(1.0))
# ---
import mlx.core as mx
f = lambda x: x
for i in range(100000): f = mx.checkpoint(f)
f(mx.array(1.0))
