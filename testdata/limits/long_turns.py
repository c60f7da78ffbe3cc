def g():
    s = 'a' * 10**8
    while True: s.isupper(); s.find('b'); hash(s)
    yield
next(g())
# ---
import threading
def f():
    s = 'a' * 10**8
    while True: s.find('b')
t = threading.Thread(target=f); t.start(); t.join()
# ---
set(['a' * 10**8] * 10**6)
while True: pass
# ---
a = 'a' * 10**7 + 'b'; b = 'a' * 10**7 + 'c'
([a] * 10**6).index(b)
# ---
max(map(hash, ['a' * 10**8] * 10**5))
while True: pass
# ---
('a' * 10**7 + 'c').startswith(('a' * 10**7 + 'b',) * 10**6)
while True: pass
# ---
(b'a' * 10**7 + b'c').endswith((b'b' + b'a' * 10**7,) * 10**6)
while True: pass
# ---
('é' * 10**6).strip('à' * 10**6 + 'é')
while True: pass
# ---
(b'b' * 10**7).strip(b'a' * 10**8 + b'b')
while True: pass
# ---
('é' * 10**8).find('x', 1)
('é' * 10**8)[5:-5].count('x')
while True: pass
# ---
x = [3**10**7] * 10**6
x.index(3**10**7 + 2)
# ---
all(map(str.isupper, ['A' * 10**8] * 10**6))
while True: pass
# ---
def f(s):
    while True: yield s.find('b')
def g(s): yield from f(s)
for x in g('a' * 10**8): pass
# ---
import mlx.core as mx
mx.einsum(','.join('ab' for i in range(1000)) + '->ab', *[mx.ones((2, 2))] * 1000)
while True: pass
# ---
import mlx.core as mx
x = mx.ones((900, 900)) + 1j
while True: mx.eval(mx.linalg.eigh(x, stream=mx.cpu))
# ---
import mlx.core as mx
while True: mx.eval(mx.fft.fft2(mx.ones((1023, 1021))))
# ---
import re
re.compile('a{1,1000}' * 1000)
while True: pass
# ---
import datetime
datetime.datetime(2000, 1, 1).strftime('%Y%A%c' * 10**7)
# ---
import random
random.seed('a' * 10**8)
while True: random.seed('a' * 10**7)
# ---
float('1' * 10**8)
while True: float('0.' + '1' * 10**7)
# ---
pow(3, 1 << 10**8, 7)
while True: pass
# ---
pow(3**10**6, -1, 5**10**6)
while True: pow(3**10**6, -1, 5**10**6)
# ---
3**10**7 / 5**10**6
while True: 3**10**7 // 5**10**6
