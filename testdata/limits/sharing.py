a = ()
for i in range(60): a = (a, a)
hash(a)
# ---
a = ()
for i in range(60): a = (a, a)
{a: 1}
# ---
a = ()
for i in range(60): a = (a, a)
a in {1: 2}
# ---
a = []; b = []
for i in range(60): a = [a, a]; b = [b, b]
assert a == b
while True: pass
# ---
a = {}; b = {}
for i in range(60): a = {1: a, 2: a}; b = {1: b, 2: b}
assert a == b
while True: pass
# ---
a = []
for i in range(60): a = [a, a]
repr(a)
# ---
a = {}
for i in range(60): a = {1: a, 2: a}
str(a)
# ---
import json
a = []
for i in range(60): a = [a, a]
json.dumps(a)
# ---
import mlx.core as mx
a = [1]
for i in range(60): a = [a, a]
mx.array(a)
# ---
import numpy as np
a = [1]
for i in range(60): a = [a, a]
np.array(a)
# ---
import mlx.utils as u
a = [1]
for i in range(60): a = [a, a]
u.tree_flatten(a)
# ---
import mlx.utils as u
a = [1]
for i in range(60): a = [a, a]
u.tree_map(lambda x: x, a)
# ---
import mlx.core as mx
a = [mx.array(1.0)]
for i in range(60): a = [a, a]
mx.grad(lambda a: mx.array(1.0))(a)
# ---
import mlx.core as mx
a = [mx.array(1.0)]
for i in range(60): a = [a, a]
mx.compile(lambda a: mx.array(1.0))(a)
# ---
a = frozenset()
for i in range(60): a = frozenset([a, (a,)])
hash(a)
# ---
t = int
for i in range(60): t = (t, t)
isinstance('', t)
# ---
t = int
for i in range(60): t = dict[t, t]
repr(t)
# ---
t = int
for i in range(60): t = dict[t, t]
hash(t)
# ---
t = int; u = int
for i in range(60): t = dict[t, t]; u = dict[u, u]
t == u
while True: pass
# ---
a = []; b = [1]
for i in range(60): a = [a, a]; b = [b, b]
a < b
while True: pass
# ---
s = slice(1); u = slice(1)
for i in range(60): s = slice(s, s); u = slice(u, u)
s == u
while True: pass
# ---
import copy
a = []
for i in range(60): a = [a, a]
copy.deepcopy(a)
while True: pass
# ---
import pprint
a = []
for i in range(60): a = [a, a]
pprint.pprint(a)
