list(range(10**9))
# ---
tuple(range(10**9))
# ---
set(range(10**9))
# ---
frozenset(range(10**9))
# ---
sorted(range(10**9))
# ---
sorted(range(10**9), key=abs)
# ---
[*range(10**9)]
# ---
list(reversed(range(10**9)))
# ---
list(enumerate(range(10**9)))
# ---
list(zip(range(10**9), range(10**9)))
# ---
dict.fromkeys(range(10**9))
# ---
dict(zip(range(10**9), range(10**9)))
# ---
sum(range(10**12))
# ---
max(range(10**12))
# ---
min(map(abs, range(10**12)))
# ---
any(map(int, iter(lambda: 0, 1)))
# ---
all(range(1, 10**12))
# ---
''.join(map(str, range(10**9)))
# ---
','.join(iter(str, 'x'))
# ---
list(iter(int, 1))
# ---
[0 for i in range(10**9)]
# ---
{i: i for i in range(10**9)}
# ---
sum(i for i in range(10**12))
# ---
-1 in iter(range(10**12))
# ---
object() in range(10**12)
# ---
x = []
x.extend(range(10**9))
# ---
x = []
x += range(10**9)
# ---
x = [1]
x[0:1] = range(10**9)
# ---
a, *b = range(10**9)
# ---
def f(*a): pass
f(*range(10**9))
# ---
print(*range(10**9))
# ---
'{}'.format(*range(10**9))
# ---
bytes(range(256)) + bytes(i % 256 for i in range(10**9))
# ---
bytearray(map(int, iter(int, 1)))
# ---
import itertools
list(itertools.count())
# ---
import itertools
sum(itertools.repeat(1))
# ---
import itertools
list(itertools.cycle([1]))
# ---
import itertools
list(itertools.product(range(10**5), repeat=5))
# ---
import itertools
list(itertools.permutations(range(100)))
# ---
import itertools
list(itertools.combinations(range(1000), 20))
# ---
import itertools
next(itertools.dropwhile(lambda x: True, itertools.count()))
# ---
import itertools
next(filter(None, itertools.repeat(0)))
# ---
import itertools
next(itertools.islice(itertools.count(), 10**12, None))
# ---
import itertools
list(itertools.accumulate(itertools.count()))
# ---
import itertools
list(itertools.chain.from_iterable(itertools.repeat([])))
# ---
import collections
collections.deque(iter(int, 1))
# ---
import collections
collections.deque(iter(int, 1), maxlen=1)
# ---
import collections
collections.Counter(range(10**9))
# ---
import functools
functools.reduce(max, range(10**12))
# ---
import math
math.fsum(range(10**12))
# ---
import math
math.prod(range(1, 10**9))
# ---
import math
math.gcd(*range(10**9))
# ---
import random
random.shuffle(list(range(10**8)))
# ---
import random
random.choices(range(10), k=10**9)
# ---
import random
random.sample(range(10**12), 10**8)
# ---
import random
random.randbytes(10**10)
# ---
import random
random.getrandbits(10**11)
# ---
import statistics
statistics.mean(range(10**9))
# ---
import heapq
heapq.nlargest(10**8, range(10**9))
# ---
import heapq
list(heapq.merge(range(10**9), range(10**9)))
# ---
import json
json.dumps(list(range(10**8)))
# ---
import struct
struct.pack('1000000000x')
# ---
import operator
operator.countOf(range(10**12), -1)
# ---
import operator
operator.indexOf(iter(range(10**12)), -1)
# ---
import copy
copy.copy(list(range(10**8)))
# ---
import mlx.core as mx
mx.array(range(10**9))
# ---
import numpy as np
np.array(range(10**9))
# ---
import numpy as np
np.fromiter(range(10**9), dtype=np.int64)
# ---
while True: pass
# ---
x = 0
for i in range(10**12): pass
# ---
import time
time.sleep(1000)
# ---
import re
re.findall('', 'a' * 10**8)
# ---
import re
re.compile('(' * 10**5 + ')' * 10**5)
# ---
import re
re.compile('((a{1,100}){1,100}){1,100}').fullmatch('a' * 10**6 + 'b')
while True: pass
# ---
import re
re.sub('a', 'b' * 10**5, 'a' * 10**6)
# ---
import difflib
difflib.SequenceMatcher(None, 'ab' * 10**5, 'ba' * 10**5).ratio()
# ---
import difflib
list(difflib.ndiff(['a%d' % i for i in range(2000)], ['b%d' % i for i in range(2000)]))
# ---
import textwrap
textwrap.wrap('a b ' * 10**6, 10)
# ---
import csv
list(csv.reader(iter(lambda: 'a,b', 1)))
# ---
import fnmatch
fnmatch.fnmatch('a' * 10**5, '*a' * 50 + 'b')
# ---
cs = [type('C%d' % i, (), {}) for i in range(3000)]
D = type('D', tuple(cs), {})
while True: pass
# ---
A = object
for i in range(10**4): A = type('A', (A,), {})
# ---
e = None
for i in range(10**6):
    try: raise ValueError(i) from e
    except ValueError as x: e = x
while True: pass
# ---
match range(10**9):
    case [a, *b]: pass
# ---
import numpy as np
np.array2string(np.ones(10**6), threshold=10**9)
while True: pass
