import io
x = io.BytesIO(); x.seek(10**11); x.write(b'a'); x.getvalue()
# ---
while True: type('A', (), {'x%d' % i: i for i in range(10**4)})
# ---
import mlx.core as mx
mx.import_function('/dev/zero')
# ---
import sys
sys.set_int_max_str_digits(0)
int('9' * 10**7)
while True: pass
# ---
import sys
sys.set_int_max_str_digits(0)
while True: str(10**10**6)
# ---
import mlx.core as mx
mx.load('/dev/zero', format='npy')
while True: pass
# ---
import io
x = io.BytesIO(b'a' * 10**8)
l = [x.getvalue() for i in range(100)]
# ---
import mlx.core as mx
mx.load(open('/dev/zero', 'rb'), format='npz')
while True: pass
# ---
import numpy as np
np.random.rand(10**9).astype('U100')
# ---
import numpy as np
np.array(['a' * 1000]).astype('U100000000').repeat(1000)
# ---
import numpy as np
np.loadtxt(['1 2 3'] * 10**7)
# ---
import numpy as np
np.genfromtxt((b'1,2' for i in iter(int, 1)), delimiter=',')
# ---
import numpy as np
np.fromiter(iter(int, 1), float)
# ---
import numpy as np
while True: np.unique(np.random.rand(5 * 10**6))
# ---
import numpy as np
while True: np.sort(np.random.rand(10**7))
# ---
import numpy as np
np.einsum(','.join('abcdefghijklmnopqrstuvwxyz'), *[np.ones(4)] * 26)
# ---
import numpy as np
np.lexsort([np.random.rand(10**6)] * 50)
while True: pass
# ---
import numpy as np
np.apply_along_axis(lambda x: x.sum(), 1, np.broadcast_to(np.ones(1), (10**9, 2)))
# ---
import json
json.loads('{"a":' * 10**6 + '1' + '}' * 10**6)
# ---
import json
json.loads('[' + '1,' * 10**8 + '1]')
# ---
import json
json.dumps({str(i): [i] * 100 for i in range(10**6)}, indent=10**4)
# ---
import json
json.dumps('\u1234' * 10**8)
# ---
import re
re.sub('a', lambda m: m.string, 'a' * 10**5)
# ---
import re
re.sub('', 'b' * 10**6, 'a' * 10**6)
# ---
import re
re.compile('(a{1000}){1000}').match('a' * 10**6)
while True: pass
# ---
import re
re.findall('(?=(a*))', 'a' * 10**5)
# ---
import re
re.split('(a)', 'a' * 10**8)
# ---
'{:{w}.{p}f}'.format(1.5, w=10**9, p=10**9)
# ---
f'{1:>{10**10}}'
# ---
'%*d' % (10**9, 1)
# ---
'{0[0][0][0]}' .format((lambda a: (a.append(a), a)[1])([])) * 10**10
# ---
'%.*f' % (10**9, 1.0)
# ---
('a' * 10**6).replace('', 'b' * 10**6)
# ---
('a' * 10**6).join(['b'] * 10**6)
# ---
'\t'.expandtabs(10**10)
# ---
('\t' * 10**5).expandtabs(10**6)
# ---
('a' * 10**6).translate({97: 'b' * 10**6})
# ---
'a'.center(10**11)
# ---
'a'.zfill(10**12)
# ---
while True: ('ab' * 10**7).split('a')
# ---
('a\n' * 10**8).splitlines()
# ---
x = 'ab' * 10**6
while True: x.count('b' * 5 + 'a' * 10**5), x.find('ba' * 10**6 + 'c')
# ---
b'a' * 10**12
# ---
bytes(10**12)
# ---
bytearray(b'a') * 10**11
# ---
bytes.fromhex('00' * 10**8)
# ---
(b'a' * 10**8).hex(':')
# ---
m = memoryview(bytearray(10**8)); l = [bytes(m) for i in range(100)]
# ---
memoryview(bytes(10**8)).tolist()
# ---
m = memoryview(bytes(10**8)); m.cast('B', (10**4, 10**4)).tolist()
# ---
import struct
struct.pack('%ds' % 10**10, b'a')
# ---
import struct
struct.unpack('100000000B', bytes(10**8))
# ---
import struct
struct.calcsize('9' * 10**6 + 'x')
struct.pack('1x' * 10**7)
while True: pass
# ---
import struct
list(struct.iter_unpack('B', bytes(10**8)))
# ---
import itertools
list(itertools.product(range(1000), repeat=6))
# ---
import itertools
list(itertools.permutations(range(100)))
# ---
import itertools
next(itertools.permutations(range(10**9)))
# ---
import itertools
next(itertools.combinations(range(10**8), 10**7))
# ---
import itertools
a, b = itertools.tee(iter(int, 1)); [0 for x in a]
# ---
import itertools
list(itertools.zip_longest(itertools.count(), [1]))
# ---
import itertools
sum(1 for k, g in itertools.groupby(itertools.count(), lambda x: 0))
# ---
import itertools
x = itertools.chain([1])
for i in range(10**6): x = itertools.chain(x)
list(x)
# ---
import itertools
list(itertools.accumulate(itertools.count(1), lambda a, b: a * b))
# ---
import functools
functools.reduce(lambda a, b: a + a, range(10**3), 'a')
# ---
import functools
functools.reduce(lambda a, b: (a, b), range(10**6)) == functools.reduce(lambda a, b: (a, b), range(10**6))
while True: pass
# ---
import functools
@functools.lru_cache(None)
def f(x): return f(x + 1)
f(0)
# ---
import functools
@functools.lru_cache(None)
def f(x): return 'a' * 10**5
for i in range(10**9): f(i)
# ---
import functools
@functools.total_ordering
class A:
    def __lt__(self, o): return self > o
    def __eq__(self, o): return self >= o
A() > A()
# ---
import functools
@functools.singledispatch
def f(x): return f(x)
f(1)
# ---
import heapq
heapq.nsmallest(10**9, iter(int, 1))
# ---
import heapq
list(heapq.merge(*[iter(int, 1)] * 1000))
# ---
import heapq
class A:
    def __lt__(self, o): return heapq.heappush(h, A()) or True
h = []
heapq.heappush(h, A()); heapq.heappush(h, A())
# ---
sorted(range(10**7), key=lambda x: 'a' * 1000)
# ---
sorted([1] * 10**6, key=lambda x: sorted([1] * 10**6))
# ---
x = [1] * 1000
x.sort(key=lambda a: x.append(a) or a)
while True: x.sort(key=lambda a: -a)
# ---
from functools import cmp_to_key
sorted(range(10**6), key=cmp_to_key(lambda a, b: [0 for i in range(10**9)]))
# ---
from collections import deque
deque(iter(int, 1), maxlen=0)
# ---
from collections import deque
deque(iter(int, 1), maxlen=10**9)
# ---
from collections import deque
d = deque([1]); d *= 10**12
# ---
from collections import deque
d = deque(range(10**6))
while True: d.rotate(10**5 + 1); d.insert(5 * 10**5, 1)
# ---
from collections import deque
d = deque([1, 2])
for x in d: d == deque(d); d.appendleft(1) if 0 else None
while True: d.extend(d)
# ---
x = iter(int, 1)
for i in range(10**5): x = zip(x)
next(x)
# ---
x = iter([1])
for i in range(10**6): x = map(lambda a: a, x)
list(x)
# ---
x = iter(int, 1)
for i in range(10**5): x = filter(None, x)
next(x)
# ---
x = iter(int, 1)
for i in range(10**5): x = enumerate(x)
next(x)
# ---
def d(f): return d(f)
@d
def g(): pass
# ---
x = lambda f: (lambda *a: f(*a))
f = lambda: 1
for i in range(10**6): f = x(f)
f()
# ---
class D:
    def __get__(self, i, o): return i.x
class A: x = D()
A().x
# ---
class D:
    def __set__(self, i, v): i.x = v
class A: x = D()
A().x = 1
# ---
class A:
    def __getattr__(self, n): return getattr(self, n + 'a')
A().b
# ---
class A:
    def __getattribute__(self, n): return self.__dict__
A().x
# ---
class A:
    def __setattr__(self, n, v): setattr(self, n, v)
A().x = 1
# ---
class A:
    def __contains__(self, x): return x in self
1 in A()
# ---
class A:
    def __len__(self): return len(self)
len(A())
# ---
class A:
    def __index__(self): return [1][self]
[1][A()]
# ---
class A:
    def __format__(self, s): return f'{self}'
f'{A()}'
# ---
class A:
    def __add__(self, o): return self + o
    __radd__ = __iadd__ = __add__
1 + A()
# ---
class A:
    def __enter__(self):
        with self: pass
    def __exit__(self, *a): pass
with A(): pass
# ---
class A:
    def __exit__(self, *a): return True
    def __enter__(self): return self
while True:
    with A():
        while True: 1 / 0
# ---
class A:
    def __del__(self): A()
while True: A()
# ---
class A:
    def __iter__(self): return iter(self)
list(A())
# ---
class A:
    def __next__(self): return next(self)
next(A())
# ---
class A:
    def __instancecheck__(self, x): return isinstance(x, self)
isinstance(1, A())
# ---
class M(type):
    def __instancecheck__(self, x): return isinstance(x, A)
    def __subclasscheck__(self, x): return issubclass(x, A)
class A(metaclass=M): pass
issubclass(int, A)
# ---
class M(type):
    def __new__(m, *a): return M(*a)
class A(metaclass=M): pass
# ---
class M(type):
    def __prepare__(*a): return M('a', (), {})
class A(metaclass=M): pass
# ---
class A:
    def __init_subclass__(cls): type('B', (cls,), {})
class B(A): pass
# ---
class A:
    for i in range(10**9): exec('x%d = 1' % i)
# ---
class A: pass
x = A
while True: x = type('A', (x,), {})
# ---
class A:
    __slots__ = ['x%d' % i for i in range(10**7)]
# ---
eval('f"{' * 2000 + '1' + '}"' * 2000)
# ---
eval('f"' + '{1}' * 10**7 + '"')
# ---
eval('lambda: ' * 10**5 + '1')
# ---
eval('(' + 'x for x in ' * 10**5 + '[])')
# ---
exec('if 1:\n' + ''.join(' ' * i + 'if 1:\n' for i in range(1, 3000)) + ' ' * 3000 + 'pass')
# ---
exec('x = 1\n' * 10**7)
# ---
exec('match 1:\n' + ''.join(' case %d: pass\n' % i for i in range(10**6)))
# ---
eval('not ' * 10**6 + '1')
# ---
eval('-' * 10**6 + '1')
# ---
eval('[' * 10**5 + ']' * 10**5)
# ---
eval('1 if 1 else ' * 10**5 + '1')
# ---
exec('def f(' + ','.join('a%d' % i for i in range(10**6)) + '): pass')
# ---
exec('f(' + ','.join('a%d=1' % i for i in range(10**6)) + ')')
# ---
def g():
    while True:
        try: yield 1
        except GeneratorExit: pass
x = g(); next(x)
while True:
    try: x.close()
    except RuntimeError: x = g(); next(x)
# ---
def g(): yield from g()
list(g())
# ---
def g():
    x = yield
    while True: x = yield x
x = g(); next(x)
while True: x.send('a' * 10**6)
# ---
def g():
    try: yield 1
    finally:
        while True: pass
x = g(); next(x); x.close()
# ---
while True:
    try: raise ValueError
    except BaseException: continue
    finally: continue
# ---
def f():
    try: f()
    except BaseException: f()
    finally: f()
f()
# ---
def f():
    try: return f()
    except RecursionError as e: raise ValueError from e
f()
while True: pass
# ---
e = ValueError()
for i in range(10**6):
    n = ValueError(); n.__cause__ = e; e = n
raise e
# ---
import sys
while True:
    try: sys.exit()
    except SystemExit: pass
# ---
import time
while True:
    try: time.sleep(100)
    except BaseException: pass
# ---
import asyncio
async def f():
    try: await asyncio.sleep(100)
    finally: await asyncio.sleep(100)
asyncio.run(f())
# ---
import asyncio
async def f():
    while True:
        try: await asyncio.wait_for(asyncio.sleep(100), 0.0001)
        except BaseException: pass
asyncio.run(f())
# ---
import asyncio
async def f():
    async with asyncio.TaskGroup() as g:
        while True: g.create_task(f())
asyncio.run(f())
# ---
import asyncio
asyncio.run(asyncio.Event().wait())
# ---
import queue
q = queue.Queue()
q.get()
# ---
import queue
q = queue.Queue()
while True: q.put('a' * 10**6)
# ---
import queue
q = queue.PriorityQueue()
class A:
    def __lt__(self, o): q.put(A()); return True
q.put(A()); q.put(A())
# ---
import threading
c = threading.Condition()
with c: c.wait()
# ---
import threading
b = threading.Barrier(2); b.wait()
# ---
import threading
s = threading.local()
while True: threading.Timer(0.0001, lambda: None).start()
# ---
import subprocess
subprocess.run(['yes'])
# ---
import os
os.system('yes')
# ---
open('/dev/zero').read()
# ---
x = open('/dev/zero', 'rb')
while True: x.read(10**7)
# ---
for line in open('/dev/zero'): pass
# ---
import numpy as np
np.fromfile('/dev/zero', dtype=np.uint8)
# ---
import numpy as np
np.load('/dev/zero', allow_pickle=True)
while True: pass
# ---
import sys
sys.path.insert(0, '/dev')
import importlib.util
s = importlib.util.spec_from_file_location('zero', '/dev/zero')
s.loader.exec_module(importlib.util.module_from_spec(s))
# ---
import pathlib
pathlib.Path('/dev/zero').read_bytes()
# ---
import shutil, io
shutil.copyfileobj(open('/dev/zero', 'rb'), io.BytesIO())
# ---
import hashlib
hashlib.file_digest(open('/dev/zero', 'rb'), 'sha256')
# ---
import hashlib
hashlib.pbkdf2_hmac('sha256', b'a', b'b', 10**9)
while True: pass
# ---
import json
json.load(open('/dev/zero'))
# ---
import os
while True: list(os.walk('/proc'))
# ---
import glob
while True: glob.glob('/proc/*/*/*')
# ---
import zipfile, io
b = io.BytesIO()
with zipfile.ZipFile(b, 'w', zipfile.ZIP_DEFLATED) as z:
    with z.open('a', 'w') as f:
        for i in range(100): f.write(bytes(10**7))
zipfile.ZipFile(b).read('a')
# ---
import tarfile, io
tarfile.open(fileobj=io.BytesIO(b'a' * 10**8))
while True: pass
# ---
import zlib
d = zlib.decompressobj()
x = zlib.compress(bytes(10**8))
l = [zlib.decompress(x) for i in range(100)]
# ---
import bz2
while True: bz2.decompress(bz2.compress(bytes(10**7)))
# ---
import lzma
lzma.compress(bytes(10**9))
# ---
from PIL import Image
Image.new('RGB', (10**5, 10**5))
# ---
from PIL import Image
x = Image.new('RGB', (3000, 3000))
while True: x = x.rotate(45, expand=True)
# ---
from PIL import Image, ImageFilter
while True: Image.new('RGB', (3000, 3000)).filter(ImageFilter.GaussianBlur(1000))
# ---
from PIL import Image
import io
def chunk(t, d):
    import zlib, struct
    return struct.pack('>I', len(d)) + t + d + struct.pack('>I', zlib.crc32(t + d))
import struct
Image.open(io.BytesIO(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 50000, 50000, 8, 2, 0, 0, 0)) + chunk(b'IDAT', b'') + chunk(b'IEND', b''))).load()
# ---
import pickle
class A:
    def __reduce__(self): return (A, (A(),))
pickle.dumps(A())
# ---
import pickle
class A:
    def __getstate__(self): return pickle.dumps(self)
pickle.dumps(A())
# ---
import pickle
pickle.loads(b'(lp0\n' + b'g0\na' * 10**7 + b'.')
while True: pass
# ---
import pickle
pickle.loads(b'\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\x7f')
# ---
import yaml
yaml.safe_load('a: &a [x,x,x]\n' + ''.join('b%d: &b%d [*%s,*%s,*%s]\n' % (i, i, *(['b%d' % (i - 1) if i else 'a'] * 3)) for i in range(30)) + 'c: 1')
x = yaml.safe_load('a: &a [x,x,x]\n' + ''.join('b%d: &b%d [*%s,*%s,*%s]\n' % (i, i, *(['b%d' % (i - 1) if i else 'a'] * 3)) for i in range(30)) + 'c: 1')
str(x)
# ---
import yaml
yaml.dump([[] for i in range(10**7)])
# ---
import yaml
x = []
for i in range(10**5): x = [x]
yaml.dump(x)
# ---
import xml.etree.ElementTree as E
E.fromstring('<!DOCTYPE a [<!ENTITY a "x">' + ''.join('<!ENTITY a%d "%s">' % (i, ('&a%s;' % (i - 1 if i else '')) * 10) for i in range(30)) + ']><a>&a29;</a>')
# ---
import xml.etree.ElementTree as E
E.fromstring('<a>' * 10**6 + '</a>' * 10**6)
# ---
import html
while True: html.unescape('&amp;' * 10**7), html.escape('&' * 10**7)
# ---
import difflib
difflib.unified_diff
list(difflib.ndiff(['a%d' % i for i in range(3000)], ['b%d' % i for i in range(3000)]))
while True: pass
# ---
import decimal
decimal.getcontext().prec = 10**9
decimal.Decimal(1) / 3
# ---
import decimal
decimal.getcontext().prec = 10**6
while True: decimal.Decimal(2).sqrt() ** decimal.Decimal('1.5')
# ---
import decimal
decimal.Decimal('1e999999999') + 1
while True: pass
# ---
import decimal
int(decimal.Decimal('1e999999999'))
# ---
import fractions
x = fractions.Fraction(1, 3)
while True: x = x * x + 1
# ---
import fractions
fractions.Fraction('1e1000000000')
# ---
import fractions
fractions.Fraction(1.1) ** 10**9
# ---
int('9' * 10**8)
# ---
int('f' * 10**8, 16)
while True: pass
# ---
x = 3 ** (10**7)
while True: x % 7 ** (5 * 10**6)
# ---
import math
math.comb(10**9, 5 * 10**8)
# ---
import math
math.perm(10**9)
# ---
import math
while True: math.gcd(3 ** 10**6, 7 ** 10**6), math.lcm(3 ** 10**6, 7 ** 10**6)
# ---
import math
math.prod(range(1, 10**7))
# ---
import math
math.fsum(iter(float, 1))
# ---
import math
math.dist([1.0] * 10**8, [1.0] * 10**8)
# ---
import statistics
statistics.median(iter(int, 1))
# ---
pow(3, 10**10**5, 10**10**5)
while True: pass
# ---
round(10**10**6, -10**6 + 1)
while True: pass
# ---
import mlx.core as mx
mx.eval(mx.zeros((10**5, 10**5, 10**5)))
# ---
import mlx.core as mx
mx.eval(mx.arange(10**12))
# ---
import mlx.core as mx
mx.eval(mx.repeat(mx.ones(10**5), 10**6))
# ---
import mlx.core as mx
mx.eval(mx.tile(mx.ones(10**3), [10**3] * 10))
# ---
import mlx.core as mx
mx.eval(mx.broadcast_to(mx.ones(1), (10**12,)).sum())
# ---
import mlx.core as mx
mx.broadcast_to(mx.ones(1), (10**10,)).tolist()
# ---
import mlx.core as mx
print(mx.broadcast_to(mx.ones(1), [2] * 60))
while True: pass
# ---
import mlx.core as mx
while True: mx.eval(mx.random.permutation(10**7))
# ---
import mlx.core as mx
mx.random.split(mx.random.key(0), 10**10)
# ---
import mlx.core as mx
while True: mx.eval(mx.random.multivariate_normal(mx.zeros(300), mx.eye(300), (1000,), stream=mx.cpu))
# ---
import mlx.core as mx
mx.eval(mx.random.randint(0, 10, (10**6, 10**6)))
# ---
import mlx.core as mx
mx.einsum_path(','.join('%s%s' % (a, b) for a, b in zip('abcdefghijklmnopqrstuvwxyzABCD', 'bcdefghijklmnopqrstuvwxyzABCDa')), *[mx.ones((4, 4))] * 30)
while True: pass
# ---
import mlx.core as mx
f = lambda x: x
for i in range(10**4): f = mx.vmap(f)
f(mx.ones(3))
# ---
import mlx.core as mx
f = lambda x: x
for i in range(40): f = mx.vmap(f)
mx.eval(f(mx.broadcast_to(mx.ones(1), [2] * 40)) + 1)
# ---
import mlx.core as mx
f = lambda x: x * x
for i in range(10**5): f = mx.grad(f)
f(mx.array(1.0))
# ---
import mlx.core as mx
f = lambda x: x * x
for i in range(10**5): f = mx.checkpoint(f)
f(mx.array(1.0))
# ---
import mlx.core as mx
f = lambda x: x * x
for i in range(10**5): f = mx.compile(f)
f(mx.array(1.0))
# ---
import mlx.core as mx
@mx.compile
def f(x):
    for i in range(10**9): x = x + i
    return x
f(mx.array(1.0))
# ---
import mlx.core as mx
@mx.compile
def f(x): return f(x)
f(mx.array(1.0))
# ---
import mlx.core as mx
@mx.custom_function
def f(x): return f(x)
f(mx.array(1.0))
# ---
import mlx.core as mx
@mx.custom_function
def f(x): return x
@f.vjp
def g(p, c, o): return mx.grad(f)(p)
mx.grad(f)(mx.array(1.0))
# ---
import mlx.core as mx
x = mx.array(1.0)
for i in range(10**9): x = mx.sin(x)
# ---
import mlx.core as mx
x = mx.array(1.0)
for i in range(100): x = x + x
mx.grad(lambda y: (lambda z: [z := z + z for i in range(10**6)][-1])(y))(x)
# ---
import mlx.core as mx
mx.eval(mx.linalg.svd(mx.ones((3000, 3000)), stream=mx.cpu))
# ---
import mlx.core as mx
while True: mx.eval(mx.fft.fftn(mx.ones((200, 200, 200))))
# ---
import mlx.core as mx
mx.eval(mx.conv_general(mx.ones((1, 1000, 1000, 1)), mx.ones((1000, 1000, 1000, 1))))
# ---
import mlx.core as mx
mx.eval(mx.conv2d(mx.ones((1, 500, 500, 1)), mx.ones((1, 300, 300, 1))))
while True: pass
# ---
import mlx.core as mx
while True: mx.eval(mx.sort(mx.random.uniform(shape=(10**7,))), mx.argpartition(mx.random.uniform(shape=(10**7,)), 5))
# ---
import mlx.core as mx
while True: mx.eval(mx.cumsum(mx.ones((3, 10**7)), axis=0), mx.logcumsumexp(mx.ones((10**7,))))
# ---
import mlx.core as mx
x = mx.ones((10,))
while True: x = mx.concatenate([x, x])
# ---
import mlx.core as mx
mx.meshgrid(*[mx.arange(1000)] * 20)
while True: pass
# ---
import mlx.core as mx
mx.kron(mx.ones((10**4, 10**4)), mx.ones((10**4, 10**4))).sum().item()
# ---
import mlx.core as mx
mx.eval(mx.hadamard_transform(mx.ones((2**27,))))
while True: mx.eval(mx.hadamard_transform(mx.ones((2**20,))))
# ---
import mlx.core as mx
mx.array([[1] * 10**4] * 10**5)
# ---
import mlx.core as mx
x = []
for i in range(10**5): x = [x]
mx.array(x)
# ---
import mlx.core as mx
x = []; x.append(x)
mx.array(x)
# ---
import mlx.core as mx, mlx.nn as nn
m = nn.Module(); n = nn.Module(); m.a = n; n.b = m
m.apply(lambda x: x)
# ---
import mlx.core as mx, mlx.nn as nn
m = nn.Module(); m.l = [m]
print(m)
# ---
import mlx.core as mx, mlx.nn as nn
m = nn.Module(); m.l = {'a': m}
m.freeze()
# ---
import mlx.nn as nn
nn.Linear(10**6, 10**6)
import mlx.core as mx
mx.eval(nn.Linear(10**6, 10**6).weight)
# ---
import mlx.nn as nn
nn.Sequential(*[nn.ReLU()] * 10**7)
# ---
import mlx.nn as nn
nn.TransformerEncoder(10**6, 10, 8)
# ---
import mlx.utils as u
x = []; x.append(x)
u.tree_flatten(x)
# ---
import mlx.utils as u
x = {}; x['a'] = x
u.tree_map(lambda a: a, x)
# ---
import mlx.utils as u
u.tree_unflatten([('0.' * 10**5 + '0', 1)])
# ---
import mlx.utils as u
u.tree_unflatten([(str(10**9), 1)])
while True: pass
# ---
import mlx.utils as u
u.tree_reduce(lambda a, b: a + a, ['a'] * 10**6, 'a')
# ---
import mlx.core as mx
x = {}; x['x'] = x
mx.grad(lambda p: mx.array(1.0))(x)
# ---
from tokenizers import Tokenizer
import json
t = Tokenizer.from_str(json.dumps({'model': {'type': 'BPE', 'vocab': {'a': 0, 'aa': 1}, 'merges': [['a', 'a']]}, 'added_tokens': []}))
t.encode('a' * 10**7)
while True: pass
# ---
from tokenizers import Tokenizer
import json
t = Tokenizer.from_str(json.dumps({'model': {'type': 'BPE', 'vocab': {'a': 0, 'aa': 1}, 'merges': [['a', 'a']]}, 'added_tokens': []}))
while True: t.encode_batch(['a' * 10**5] * 100)
# ---
from tokenizers import Tokenizer
import json
t = Tokenizer.from_str(json.dumps({'model': {'type': 'BPE', 'vocab': {'a' * 100: 0}, 'merges': []}, 'added_tokens': []}))
t.decode([0] * 10**8)
# ---
import random
random.choices(range(10), k=10**10)
# ---
import random
random.sample(range(10**9), 10**8)
# ---
x = list(range(10**7))
import random
while True: random.shuffle(x)
# ---
import textwrap
textwrap.fill('a ' * 10**7, 10**6)
while True: pass
# ---
import string
string.Template('$a' * 10**7).substitute(a='b' * 1000)
# ---
import pprint
x = [[i] for i in range(10**6)]
pprint.pprint(x)
# ---
import datetime
while True: [datetime.datetime.now() + datetime.timedelta(i) for i in range(10**5)]
# ---
import calendar
calendar.calendar(2024, w=10**7)
# ---
import csv, io
csv.writer(io.StringIO()).writerows(iter(lambda: ['a' * 10**5], 1))
# ---
import io
x = io.StringIO()
while True: x.write('a' * 10**6)
# ---
print('a' * 10**6, sep='', end='b' * 10**9)
# ---
input('a' * 10**9)
# ---
globals().update({'x%d' % i: i for i in range(10**7)})
# ---
def f(**k): return f(**k, **{'a%d' % len(k): 1})
f()
# ---
def f(*a): return f(*a, *a, 1)
f()
# ---
print(*range(10**9))
# ---
max(range(10**9), key=lambda x: x)
# ---
any(x for x in iter(int, 1))
# ---
list(reversed(range(10**10)))
# ---
range(10**18)[::-1].index(0)
while True: 5.5 in range(10**9)
# ---
x = set(range(10**6))
while True: x ^ set(range(5, 10**6))
# ---
frozenset(frozenset([i]) for i in iter(int, 1))
while True: pass
# ---
{**{i: i for i in range(10**7)}, **{i: i for i in range(10**7)}}
# ---
d = {}
for i in range(10**7): d.setdefault(i, d)
# ---
x = ()
for i in range(10**6): x = (x,)
hash(x)
# ---
x = ()
while True: x = (x, x, x); hash(x)
# ---
import copy
x = []
for i in range(10**6): x = [x, x]
copy.deepcopy(x)
# ---
import mlx.core as mx
mx.load('/dev/zero', format='gguf')
while True: pass
