s = slice(1); u = slice(1)
for i in range(500000):
    s = slice(s); u = slice(u)
print(s == u)
# ---
t = int; u = int
for i in range(500000):
    t = list[t]; u = list[u]
print(t == u)
# ---
t = int
for i in range(500000): t = list[t]
repr(t)
# ---
t = int
for i in range(500000): t = list[t]
hash(t)
# ---
t = int
for i in range(500000): t = (t,)
isinstance(1, t)
# ---
t = str
for i in range(500000): t = (t,)
issubclass(int, t)
# ---
t = str
for i in range(500000): t = (t,)
try: 1 / 0
except t: pass
# ---
t = ()
for i in range(10**6): t = (t,)
hash(t)
# ---
t = ()
for i in range(10**6): t = (t,)
{t: 1}
# ---
t = ()
for i in range(10**6): t = (t,)
{t}
# ---
t = ()
for i in range(10**6): t = (t,)
repr(t)
# ---
t = []; u = []
for i in range(10**6): t = [t]; u = [u]
t == u
# ---
t = {}; u = {}
for i in range(300000): t = {1: t}; u = {1: u}
t == u
# ---
t = []
for i in range(10**6): t = [t]
str(t)
# ---
t = []
for i in range(10**6): t = [t]
f'{t}'
# ---
t = []
for i in range(10**6): t = [t]
'%s' % t
# ---
t = frozenset()
for i in range(300000): t = frozenset([t])
hash(t)
# ---
t = frozenset()
for i in range(300000): t = frozenset([t])
repr(t)
# ---
import copy
t = []
for i in range(10**6): t = [t]
copy.deepcopy(t)
# ---
import json
t = []
for i in range(10**6): t = [t]
json.dumps(t)
# ---
import json
json.loads('[' * 10**6)
# ---
import json
json.loads('{"a":' * 10**6)
# ---
import mlx.core as mx
t = []
for i in range(10**6): t = [t]
mx.array(t)
# ---
import numpy as np
t = []
for i in range(10**6): t = [t]
np.array(t)
# ---
import mlx.utils as u
t = []
for i in range(10**6): t = [t]
u.tree_flatten(t)
# ---
import mlx.utils as u
t = []
for i in range(10**6): t = [t]
u.tree_map(lambda x: x, t)
# ---
import mlx.core as mx
t = []
for i in range(10**6): t = [t]
mx.eval(t)
# ---
import mlx.core as mx
t = []
for i in range(10**6): t = [t]
mx.grad(lambda t: mx.array(1.0))(t)
# ---
import mlx.core as mx
t = []
for i in range(10**6): t = [t]
mx.compile(lambda t: t)(t)
# ---
import mlx.nn as nn
t = []
for i in range(10**6): t = [t]
m = nn.Module()
m.x = t
m.parameters()
# ---
import pprint
t = []
for i in range(10**6): t = [t]
pprint.pprint(t)
# ---
import ast
ast.literal_eval('[' * 10**6)
# ---
import ast
ast.literal_eval('-' * 10**6 + '1')
# ---
e = ValueError(1)
for i in range(500000): e = ValueError(e)
repr(e)
# ---
e = ValueError(1)
for i in range(500000): e = ValueError(e)
str(e)
# ---
def f():
    e = None
    for i in range(300000):
        n = ValueError(1); n.__cause__ = e; e = n
    raise e
f()
# ---
e = None
for i in range(300000):
    try: raise ValueError(i) from e
    except ValueError as x: e = x
raise e
# ---
class A: pass
for i in range(3000): A = type('A', (A,), {})
A()
# ---
class A: pass
for i in range(100000): A = type('A', (A,), {})
A()
# ---
import collections
d = collections.ChainMap({})
for i in range(10**5): d = collections.ChainMap(d)
d.get(1)
# ---
d = {}
for i in range(10**6): d = {'a': d}
print(d)
# ---
m = memoryview(b'a')
for i in range(10**6): m = memoryview(m)
bytes(m)
# ---
class A: pass
m = A().__init__
for i in range(10**6): m = m.__call__ if hasattr(m, '__call__') else m
repr(m)
# ---
import types
class A:
    def f(self): pass
m = A().f
for i in range(10**5): m = type(m)(A.f, m)
repr(m)
# ---
m = len
for i in range(500000): m = staticmethod(m)
repr(m)
# ---
m = len
for i in range(500000): m = classmethod(m)
class A: x = m
A.x
# ---
from dataclasses import dataclass, asdict
@dataclass
class A: x: object
a = 1
for i in range(200000): a = A(a)
asdict(a)
# ---
from dataclasses import dataclass
@dataclass
class A: x: object
a = 1; b = 1
for i in range(200000): a = A(a); b = A(b)
a == b
# ---
from collections import namedtuple
P = namedtuple('P', 'x')
a = 1; b = 1
for i in range(500000): a = P(a); b = P(b)
hash(a)
# ---
from collections import deque
a = 1; b = 1
for i in range(500000): a = deque([a]); b = deque([b])
a == b
# ---
from collections import deque
a = 1
for i in range(500000): a = deque([a])
repr(a)
# ---
import mlx.core as mx
x = mx.array(1.0)
for i in range(10**6): x = x + 1
mx.eval(x)
# ---
import mlx.core as mx
def f(x):
    for i in range(200000): x = x + 1
    return x
mx.grad(f)(mx.array(1.0))
# ---
e = SyntaxError(1)
for i in range(300000): e = SyntaxError(e)
str(e)
# ---
e = KeyError(1)
for i in range(300000): e = KeyError(e)
str(e)
# ---
e = ValueError(1)
for i in range(300000): e = ValueError(e)
raise e
# ---
e = ValueError(1)
for i in range(300000): e = ValueError(e, 1)
repr(e)
