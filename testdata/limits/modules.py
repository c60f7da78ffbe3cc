import numpy as np
while True: np.fft.fft(np.ones(4999999))
# ---
import numpy as np
np.convolve(np.ones(2 * 10**6), np.ones(2 * 10**6))
while True: pass
# ---
import numpy as np
while True: np.linalg.matrix_power(np.ones((500, 500)), 10**9)
# ---
import numpy as np
np.vectorize(lambda x: x)(np.broadcast_to(np.ones(1), 10**9))
# ---
import numpy as np
np.histogram(np.random.rand(10**6), bins=10**9)
# ---
import numpy as np
np.kron(np.ones((3000, 3000)), np.ones((3000, 3000)))
# ---
import numpy as np
np.meshgrid(*[np.arange(100)] * 12)
# ---
import numpy as np
np.indices((10**4, 10**4, 10**4))
# ---
import numpy as np
while True: np.linalg.pinv(np.random.rand(1200, 1200))
# ---
import numpy as np
while True: np.random.poisson(10**17, size=10**6)
# ---
import numpy as np
np.lib.stride_tricks.as_strided(np.zeros(1), (10**9,), (8,)).sum()
# ---
import numpy as np
np.pad(np.ones(1), 2 * 10**7, mode='reflect')
while True: pass
# ---
class A:
    def __array__(self, *a, **k): return self
import numpy as np
np.array(A())
# ---
import numpy as np
np.savetxt(__import__('io').StringIO(), np.broadcast_to(np.ones(1), (10**6, 100)))
while True: pass
# ---
import mlx.core as mx, mlx.nn as nn
m = nn.Module()
m.x = m
m.parameters()
# ---
import mlx.core as mx, mlx.nn as nn
mx.eval(nn.Upsample(scale_factor=10**6)(mx.ones((1, 2, 2, 1))))
# ---
import mlx.core as mx, mlx.nn as nn
l = nn.LSTM(8, 8)
while True: mx.eval(l(mx.ones((1, 10**5, 8))))
# ---
import mlx.core as mx
while True: mx.eval(mx.linalg.pinv(mx.random.normal((1500, 1500)), stream=mx.cpu))
# ---
import mlx.core as mx
f = mx.compile(lambda x: x)
for i in range(10**9): f(mx.ones((i + 1,)))
# ---
import mlx.core as mx
mx.eval(mx.random.categorical(mx.ones((10**4, 10**4))))
while True: mx.eval(mx.random.categorical(mx.ones((1000, 10**4))))
# ---
import yaml
yaml.safe_load('[' * 10**6)
# ---
import yaml
s = 'a: &a {x: 1}\n'
for i in range(40): s += 'k%d: &k%d {<<: [*%s, *%s], y%d: 1}\n' % (i, i, 'k%d' % (i-1) if i else 'a', 'k%d' % (i-1) if i else 'a', i)
yaml.safe_load(s)
while True: pass
# ---
import yaml
yaml.safe_load('\n'.join('k%d: v' % i for i in range(10**6)))
while True: pass
# ---
from jinja2 import Template
Template('{{ "a"|center(10**9) }}').render()
# ---
from jinja2 import Template
Template('{{ ' + '(' * 10**5 + '1' + ')' * 10**5 + ' }}').render()
# ---
from jinja2 import Template
Template('{% if 1 %}' * 10**5 + '{% endif %}' * 10**5).render()
# ---
from jinja2 import Template
Template('{{ x|tojson }}').render(x=(lambda a: [a := [a, a] for i in range(60)][-1])([]))
# ---
from jinja2 import Template
Template('{% set ns = namespace(x="a") %}{% for i in range(1000) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}').render()
# ---
from jinja2 import Template
Template('a' * 10**8).render()
while True: pass
# ---
import pickle
x = []
for i in range(10**5): x = [x]
pickle.dumps(x)
# ---
import pickle
pickle.loads(b'\x8b\xff\xff\xff\x7f' + b'a' * 10**6)
# ---
import pickle
pickle.loads(b'(' * 10**7 + b'.')
# ---
import pickle
pickle.loads(b']' + b'2a' * 10**7 + b'.')
while True: pass
# ---
import pickle
pickle.loads(b')' + b'2\x86' * 10**6 + b'.')
# ---
import threading
while True: threading.Thread(target=lambda: None).start()
# ---
import threading
l = threading.Lock(); l.acquire(); l.acquire()
# ---
import threading
e = threading.Event()
ts = [threading.Thread(target=e.wait) for i in range(10**5)]
for t in ts: t.start()
e.wait()
# ---
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(10**6) as p: list(p.map(abs, iter(int, 1)))
# ---
import threading
def f():
    while True: pass
for i in range(100): threading.Thread(target=f).start()
while True: pass
# ---
import threading
def f(): threading.Thread(target=f).start(); f()
f()
# ---
import zipfile, io
b = io.BytesIO()
z = zipfile.ZipFile(b, 'w', zipfile.ZIP_DEFLATED)
z.writestr('a', bytes(10**8)); z.close()
l = [zipfile.ZipFile(b).read('a') for i in range(100)]
# ---
import collections
collections.namedtuple('A', ['f%d' % i for i in range(10**6)])
while True: pass
# ---
import enum
enum.Enum('E', ['f%d' % i for i in range(10**6)])
while True: pass
# ---
import dataclasses
dataclasses.make_dataclass('D', ['f%d' % i for i in range(10**5)])
while True: pass
# ---
import functools
f = abs
for i in range(10**6): f = functools.partial(f)
f(1)
# ---
import contextlib
s = contextlib.ExitStack()
for i in range(10**6): s.callback(lambda: 1 / 0)
s.close()
# ---
import unicodedata
while True: unicodedata.normalize('NFKD', '\ufdfa' * 10**6)
# ---
import difflib
difflib.get_close_matches('a' * 1000, ['b' * 1000 + 'a' * i for i in range(1000)])
while True: pass
# ---
import mlx.core as mx
g = mx.distributed.init()
while True: mx.eval(mx.distributed.all_sum(mx.ones((10**6,))))
# ---
from PIL import Image
while True: Image.new('RGB', (1000, 1000)).resize((5000, 5000))
# ---
from PIL import Image
import io
b = io.BytesIO()
Image.new('L', (9000, 9000)).save(b, 'PNG')
l = [Image.open(io.BytesIO(b.getvalue())).convert('RGB') for i in range(100)]
# ---
class A:
    def __hash__(self): return 1
    def __eq__(self, o): return False
s = set()
for i in range(10**6): s.add(A())
# ---
class A:
    def __set_name__(self, o, n): setattr(o, n + 'x', A()); type('B', (), {'y': A()})
class B: x = A()
# ---
import logging
class H(logging.Handler):
    def emit(self, r): logging.error('x')
logging.getLogger().addHandler(H())
logging.error('a')
# ---
import copy
class A:
    def __deepcopy__(self, m): return copy.deepcopy(self, m)
copy.deepcopy(A())
# ---
import argparse
p = argparse.ArgumentParser()
for i in range(10**5): p.add_argument('--a%d' % i)
p.parse_args(['--a' + str(i) for i in range(1)])
while True: pass
# ---
import os
os.path.normpath('a/../' * 10**7)
while True: pass
# ---
import csv, io
list(csv.reader(['"' + 'a' * 10**8]))
while True: pass
# ---
import heapq
x = list(range(10**6))
while True: heapq.heapify(x)
# ---
import weakref
class A: pass
d = weakref.WeakValueDictionary()
while True: d[len(d)] = A()
# ---
import asyncio
async def f():
    while True: await asyncio.sleep(0)
asyncio.run(f())
# ---
import asyncio
async def f():
    while True: pass
asyncio.run(f())
# ---
import asyncio
async def g():
    await asyncio.gather(*[asyncio.sleep(100) for i in range(10**6)])
asyncio.run(g())
# ---
import asyncio
async def f():
    await asyncio.gather(f(), f())
asyncio.run(f())
# ---
import asyncio
async def f():
    q = asyncio.Queue()
    while True: await q.put('a' * 10**6)
asyncio.run(f())
# ---
import asyncio
async def f():
    loop = asyncio.get_running_loop()
    def g(): loop.call_soon(g); loop.call_soon(g)
    g()
    await asyncio.sleep(100)
asyncio.run(f())
# ---
try:
    raise ExceptionGroup('a', [ValueError(i) for i in range(10**6)])
except* ValueError as e: raise
# ---
from tokenizers import Tokenizer
import json
t = Tokenizer.from_str(json.dumps({'model': {'type': 'BPE', 'vocab': {'a': 0, 'aa': 1}, 'merges': [['a', 'a']]}, 'pre_tokenizer': {'type': 'Split', 'pattern': {'Regex': '(a+)+b'}, 'behavior': 'Isolated', 'invert': False}, 'added_tokens': []}))
t.encode('a' * 10**5)
while True: t.encode('a' * 1000)
# ---
from tokenizers import Tokenizer
import json
n = {'type': 'Sequence', 'normalizers': [{'type': 'Replace', 'pattern': {'String': 'a'}, 'content': 'aaaaaaaaaa'}] * 100}
t = Tokenizer.from_str(json.dumps({'model': {'type': 'BPE', 'vocab': {'a': 0}, 'merges': []}, 'normalizer': n, 'added_tokens': []}))
t.encode('a')
# ---
from tokenizers import Tokenizer
import json
t = Tokenizer.from_str(json.dumps({'model': {'type': 'Unigram', 'vocab': [['a' * i, -1.0] for i in range(1, 1000)], 'unk_id': 0}, 'added_tokens': []}))
while True: t.encode('a' * 10**6)
# ---
class A:
    def write(self, b):
        while True: pass
import mlx.core as mx
mx.save(A(), mx.ones(3))
# ---
import select
select.select([], [], [], None)
# ---
import multiprocessing
multiprocessing.Pool(4).map(abs, range(10**9))
# ---
import mlx.optimizers as optim, mlx.core as mx
s = optim.join_schedules([lambda x: x] * 10**6, list(range(10**6 - 1)))
while True: s(mx.array(1))
# ---
x = 'a' * 10**8
d = {x + str(i): i for i in range(2)}
while True: x in d
# ---
print(*['b' * 10**6] * 10**6, sep='a' * 10**6)
# ---
'%s' * 10**7 % (('a' * 1000,) * 10**7)
