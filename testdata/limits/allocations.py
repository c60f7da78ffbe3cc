l = [0] * (10**8)
# ---
l = [0] * (10**9)
# ---
t = (0,) * (10**9)
# ---
s = 'a' * 10**10
# ---
s = 'a' * (2**30)
# ---
b = b'a' * (2**30)
# ---
b = bytes(2**30)
# ---
b = bytearray(2**30)
# ---
b = bytearray(10) * 10**9
# ---
x = [0]
while True: x += x
# ---
x = [0]
while True: x = x + x
# ---
x = (0,)
while True: x = x + x
# ---
x = 'a'
while True: x += x
# ---
x = b'a'
while True: x = x + x
# ---
x = bytearray(1)
while True: x += x
# ---
x = 'a'
while True: x = f'{x}{x}{x}'
# ---
x = 'a'
while True: x = '%s%s' % (x, x)
# ---
x = 'a'
while True: x = '{0}{0}'.format(x)
# ---
x = 'a'
while True: x = x.replace('a', 'aaa')
# ---
x = 'a'
while True: x = ','.join([x, x])
# ---
b','.join([b'x' * 10**6] * 10**5)
# ---
','.join(['x' * 10**6] * 10**5)
# ---
(b'a' * 10**6).replace(b'a', b'b' * 10**6)
# ---
('a' * 10**6).replace('a', 'b' * 10**6)
# ---
('a' * 10**6).replace('', 'b' * 10**6)
# ---
('a' * 10**4).join(['b'] * 10**6)
# ---
'a'.ljust(10**10)
# ---
'a'.center(2**26)
x = ['a'.center(2**26) + str(i) for i in range(100)]
# ---
'a'.zfill(10**10)
# ---
('\t' * 10**6).expandtabs(60000)
# ---
('a' * 10**6).translate({97: 'b' * 10**5})
# ---
'%*d' % (10**9, 1)
# ---
'%1000000000d' % 1
# ---
'%.1000000000f' % 1
# ---
f'{1:1000000000}'
# ---
f'{1:.1000000000f}'
# ---
'{:>{}}'.format('a', 10**9)
# ---
x = ['%67108864d' % i for i in range(100)]
# ---
x = [f'{i:67108864d}' for i in range(100)]
# ---
x = [f'{1.5:.60000000f}' for i in range(100)]
# ---
(b'a' * 10**8).hex()
# ---
list('a' * 10**8)
# ---
('a ' * 10**8).split()
# ---
('a\n' * 10**8).splitlines()
# ---
('a,' * 10**7).split(',') * 20
# ---
(b'a,' * 10**8).split(b',')
# ---
list(b'a' * 10**8)
# ---
memoryview(bytearray(10**8)).tolist()
# ---
repr('\x00' * 10**8)
# ---
repr(b'\x00' * 10**8)
# ---
ascii('\u1234' * 10**8)
# ---
('\u1234' * 10**8).encode('ascii', 'backslashreplace')
# ---
x = 'a' * 10**7
l = [x.upper() for i in range(100)]
# ---
l = ['a' * 10**6 + str(i) for i in range(10**6)]
# ---
l = []
while True: l.append(l)
# ---
l = []
while True: l = [l, l]
# ---
d = {}
i = 0
while True:
    d[i] = i; i += 1
# ---
class A: pass
l = []
while True: l.append(A())
# ---
l = []
while True: l.append(lambda: 0)
# ---
def g():
    yield 1
l = []
while True:
    k = g(); next(k); l.append(k)
# ---
import gzip
z = gzip.compress(b'\0' * 100_000_000)
x = gzip.decompress(z * 20)
# ---
import gzip, io
z = gzip.compress(b'\0' * 50_000_000)
x = gzip.open(io.BytesIO(z * 40)).read()
# ---
import gzip
gzip.compress(bytes(2**30))
# ---
import base64
base64.b64encode(bytes(200_000_000))
# ---
import base64
base64.b64decode('A' * 250_000_000)
# ---
import json
json.dumps([[1] * 1000] * 1000, indent=10**6)
# ---
import json
json.dumps(['a' * 10**6] * 10**4)
# ---
import json
json.dumps('\u1234' * 10**8)
# ---
import json
json.loads('[' + '1,' * 10**8 + '1]')
# ---
import struct
list(struct.iter_unpack('b', bytes(10**8)))
# ---
import struct
struct.unpack('100000000b', bytes(10**8))
# ---
import struct
struct.unpack('1000000000b', bytes(10**9))
# ---
import io
f = io.BytesIO()
while True: f.write(b'a' * 10**6)
# ---
import io
f = io.StringIO()
while True: f.write('a' * 10**6)
# ---
import textwrap
textwrap.indent('a\n' * 10**6, ' ' * 10**5)
# ---
import collections
collections.deque([0]) * 10**9
# ---
import collections
list(collections.Counter(a=10**12).elements())
# ---
import itertools
itertools.tee([1], 10**9)
# ---
import itertools
list(itertools.product(*[[1]] * 10**8))
# ---
import itertools
list(itertools.batched(range(10**9), 10**9))
# ---
import array
array.array('d', [0]) * 10**9
# ---
import random
random.choices([1], k=10**9)
# ---
import secrets
secrets.token_bytes(10**10)
# ---
import os
os.urandom(10**10)
# ---
import string
string.Template('$a' * 10**5).substitute(a='b' * 10**5)
# ---
import mlx.core as mx
mx.zeros((10**6, 10**6))
x = mx.ones((10**10,))
mx.eval(x)
# ---
import mlx.core as mx
mx.zeros((100, 1000, 1000)).tolist()
# ---
import mlx.core as mx
mx.broadcast_to(mx.zeros((1,)), (10**9,)).tolist()
# ---
import mlx.core as mx
x = [mx.zeros((10**6,)) + i for i in range(1000)]
mx.eval(x)
# ---
import mlx.core as mx
mx.split(mx.zeros((10**8,)), 10**8)
# ---
import mlx.core as mx
mx.set_memory_limit(10**12)
x = mx.ones((500_000_000,)) + 1
mx.eval(x)
# ---
import mlx.core as mx
mx.array([0] * 10**7) 
x = [mx.array([0.5] * 10**6) for i in range(10**4)]
# ---
import numpy as np
np.repeat(np.zeros(4), 2**60)
# ---
import numpy as np
np.repeat(np.zeros(4), 2**35)
# ---
import numpy as np
np.random.permutation(2**37)
# ---
import numpy as np
np.zeros(10**12)
# ---
import numpy as np
np.arange(10**12)
# ---
import numpy as np
np.ones((10**5, 10**5))
# ---
import numpy as np
np.linspace(0, 1, 10**10)
# ---
import numpy as np
np.tile(np.zeros(10**6), 10**6)
# ---
import numpy as np
np.eye(10**6)
# ---
import numpy as np
np.random.rand(10**10)
# ---
import numpy as np
np.broadcast_to(np.zeros(1), (10**12,)).tolist()
# ---
import numpy as np
np.pad(np.zeros(1), 10**10)
# ---
import numpy as np
np.zeros(10**6)[:, None] + np.zeros(10**6)
# ---
import mlx.core as mx
mx.pad(mx.ones((8,)), [(2**62, 2**62)])
# ---
import mlx.core as mx
mx.conv1d(mx.ones((1, 8, 1)), mx.ones((1, 3, 1)), dilation=2**62)
# ---
import numpy as np
np.broadcast_to(np.ones(1), (2**40,)).copy()
# ---
import numpy as np
np.broadcast_to(np.ones(1), (2**40,)).tolist()
# ---
import numpy as np
import mlx.core as mx
mx.array(np.broadcast_to(np.ones(1), (2**40,)))
# ---
import numpy as np
np.set_printoptions(threshold=10**9)
str(np.broadcast_to(np.ones(1), (2**28,)))
# ---
import gzip, io
z = gzip.compress(b'\0' * 50_000_000)
x = gzip.open(io.BytesIO(z * 40)).readline()
# ---
import itertools
list(itertools.combinations_with_replacement([0], 10**9))
# ---
import itertools
list(itertools.product([0, 1], repeat=10**9))
# ---
import numpy as np
np.zeros((10, 10))[np.zeros((10**5, 1), int), np.zeros((1, 10**5), int)]
# ---
import numpy as np
np.random.permutation(np.broadcast_to(0, (2**40,)))
# ---
import numpy as np
np.random.default_rng().choice(10**11, 10**9, replace=False)
# ---
import numpy as np
np.broadcast_to(np.zeros(1), (2**40, 2**40))
# ---
import numpy as np
np.zeros(10**6).take(np.zeros((10**6, 1), int) + np.zeros(1000, int))
# ---
import numpy as np
np.random.choice(10**9, 10**8, p=np.broadcast_to(1e-9, (10**9,)))
# ---
import numpy as np
np.nonzero(np.broadcast_to(True, (10**6, 10**6)))
# ---
import io
import numpy as np
b = io.BytesIO()
np.savez_compressed(b, a=np.zeros(10**7))
x = [np.load(io.BytesIO(b.getvalue()))['a'] for i in range(100)]
# ---
x = bytearray(10**8)
l = [x[:] for i in range(100)]
# ---
x = 1
while True: x = (x << (1 << 20)) + x
