# The rows of `go run ./bench --language`. Each begins with a line that names it, says how
# many operations run(n) is asked for at size 1, and "star" where plain Starlark runs it too.

# row: loop_int 20000 star
def run(n):
    total = 0
    for i in range(n):
        total += i * 3 - 1
    return total

# row: loop_float 20000 star
def run(n):
    total = 0.0
    step = 0.5
    for i in range(n):
        total = total + step * 2.0
    return total

# row: while_compare 20000 star
def run(n):
    i = 0
    while i < n:
        i += 1
    return i

# row: loop_parameters 20000 star
def axpy(a, b, n):
    total = b
    for i in range(n):
        total = total * 3 % 1000003 + a
    return total
def run(n):
    return axpy(7, 11, n)

# row: nested_loops 20000 star
def run(n):
    total = 0
    for i in range(n // 100):
        for j in range(100):
            total += j
    return total

# row: if_else 20000 star
def run(n):
    even = 0
    odd = 0
    for i in range(n):
        if i % 2 == 0:
            even += 1
        else:
            odd += 1
    return even

# row: chained_compare 20000
def run(n):
    hits = 0
    for i in range(n):
        if 10 <= i < 1000:
            hits += 1
    return hits

# row: bool_operators 20000 star
def run(n):
    hits = 0
    for i in range(n):
        if i > 10 and i < 1000 or i == 5:
            hits += 1
    return hits

# row: global_variable 20000
total = 0
def run(n):
    global total
    for i in range(n):
        total = total + 1
    return total

# row: module_level 20000
program = """
total = 0
for i in range(COUNT):
    total = total + i
"""
def run(n):
    exec(program.replace("COUNT", str(n)), {})

# row: list_store 20000 star
def run(n):
    a = [0] * n
    for i in range(n):
        a[i] = i
    return a

# row: list_load 20000 star
def run(n):
    a = list(range(n))
    total = 0
    for i in range(n):
        total += a[i]
    return total

# row: list_append 20000 star
def run(n):
    a = []
    for i in range(n):
        a.append(i)
    return a

# row: list_extend 20000 star
def run(n):
    a = []
    for i in range(n):
        a += [i]
    return a

# row: list_pop 20000 star
def run(n):
    a = list(range(n))
    while a:
        a.pop()
    return a

# row: list_comprehension 20000 star
def run(n):
    return [i * 2 for i in range(n)]

# row: list_slice 20000 star
def run(n):
    a = list(range(20))
    for i in range(n):
        b = a[2:6]
    return b

# row: sieve 20000 star
def run(n):
    composite = [False] * n
    for i in range(2, n):
        if composite[i]:
            continue
        for j in range(i * i, n, i):
            composite[j] = True
    return composite

# row: dict_store 20000 star
def run(n):
    d = {}
    for i in range(n):
        d[i] = i
    return d

# row: dict_load 20000 star
def run(n):
    d = {"a": 1, "b": 2}
    total = 0
    for i in range(n):
        total += d["a"]
    return total

# row: dict_get 20000 star
def run(n):
    d = {}
    for i in range(n):
        d[i % 100] = d.get(i % 100, 0) + 1
    return d

# row: dict_items 20000
d = {i: i for i in range(1000)}
def run(n):
    total = 0
    for r in range(n // 1000):
        for k, v in d.items():
            total += v
    return total

# row: set_add 20000 star
def run(n):
    s = set()
    for i in range(n):
        s.add(i)
    return s

# row: membership 20000 star
def run(n):
    s = {"a": 1, "b": 2}
    hits = 0
    for i in range(n):
        if "a" in s:
            hits += 1
    return hits

# row: str_append 20000
def run(n):
    s = ""
    for i in range(n):
        s += "x"
    return s

# row: str_append_attribute 10000
class Log:
    def __init__(self):
        self.text = ""
def run(n):
    log = Log()
    for i in range(n):
        log.text += "x"
    return log.text

# row: str_prepend_append 10000
def run(n):
    s = ""
    for i in range(n):
        s = s + str(i) + "\n"
    return s

# row: str_join 20000 star
def run(n):
    return ",".join([str(i) for i in range(n)])

# row: str_index 20000
text = "the quick brown fox jumps over the lazy dog " * 1000
def run(n):
    size = len(text)
    for i in range(n):
        c = text[i % size]
    return c

# row: str_index_unicode 20000
text = "the quick brown föx jumps over the lazy dog " * 1000
def run(n):
    size = len(text)
    for i in range(n):
        c = text[i % size]
    return c

# row: str_slice 20000
text = "the quick brown fox jumps over the lazy dog " * 1000
def run(n):
    for i in range(n):
        c = text[i:i + 4]
    return c

# row: str_iterate 20000
def run(n):
    count = 0
    for c in "abcdefghij" * (n // 10):
        if c == "a":
            count += 1
    return count

# row: str_split 20000
def run(n):
    words = 0
    for line in ("one two three four\n" * (n // 4)).split("\n"):
        words += len(line.split())
    return words

# row: str_methods 10000 star
def run(n):
    for i in range(n):
        s = "Hello, World".replace("World", "there").upper()
    return s

# row: f_string 10000
def run(n):
    for i in range(n):
        s = f"step {i}: loss {0.25:.4f}"
    return s

# row: str_percent 10000
def run(n):
    for i in range(n):
        s = "step %d: loss %.4f" % (i, 0.25)
    return s

# row: bytes_append 10000
def run(n):
    b = b""
    for i in range(n):
        b += b"x"
    return b

# row: tuple_append 1000
def run(n):
    t = ()
    for i in range(n):
        t = t + (i,)
    return t

# row: tuple_append_augmented 1000
def run(n):
    t = ()
    for i in range(n):
        t += (i,)
    return t

# row: unpack 20000 star
def run(n):
    p = (1, 2, 3)
    for i in range(n):
        a, b, c = p
    return a

# row: swap 20000 star
def run(n):
    a = 0
    b = 1
    for i in range(n):
        a, b = b, a
    return a

# row: function_call 20000 star
def f(x):
    return x
def run(n):
    for i in range(n):
        f(i)

# row: function_arithmetic 20000 star
def f(x, y):
    return x * 2 + y
def run(n):
    for i in range(n):
        f(i, 1)

# row: keyword_call 20000 star
def f(a, b=2, c=3):
    return c
def run(n):
    for i in range(n):
        f(1, c=i)

# row: star_call 20000 star
def f(*args):
    return args
def run(n):
    a = (1, 2, 3)
    for i in range(n):
        f(*a)

# row: recursion 20000 star
def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)
def run(n):
    for i in range(n // 177):
        fib(10)

# row: closure 20000
def run(n):
    count = 0
    def add():
        nonlocal count
        count += 1
    for i in range(n):
        add()
    return count

# row: lambda_call 20000 star
def run(n):
    f = lambda x: x
    for i in range(n):
        f(i)

# row: builtin_call 20000 star
def run(n):
    a = [1, 2, 3]
    for i in range(n):
        len(a)

# row: attribute_load 20000
class P:
    def __init__(self):
        self.x = 1
def run(n):
    p = P()
    total = 0
    for i in range(n):
        total += p.x
    return total

# row: attribute_store 20000
class P:
    def __init__(self):
        self.x = 1
def run(n):
    p = P()
    for i in range(n):
        p.x = i
    return p

# row: method_call 20000
class P:
    def m(self, x):
        return x
def run(n):
    p = P()
    for i in range(n):
        p.m(i)

# row: instance_new 10000
class P:
    def __init__(self, x, y):
        self.x = x
        self.y = y
def run(n):
    for i in range(n):
        P(i, 1)

# row: dataclass_new 10000
from dataclasses import dataclass
@dataclass
class D:
    x: int
    y: float = 1.0
def run(n):
    for i in range(n):
        D(i)

# row: dataclass_eq 10000
from dataclasses import dataclass
@dataclass
class D:
    x: int
    y: float = 1.0
def run(n):
    a = D(1)
    b = D(1)
    for i in range(n):
        a == b

# row: namedtuple_new 10000
from collections import namedtuple
P = namedtuple("P", "x y")
def run(n):
    for i in range(n):
        P(i, 1)

# row: property_load 10000
class P:
    @property
    def x(self):
        return 1
def run(n):
    p = P()
    for i in range(n):
        p.x

# row: class_method 10000
class P:
    @classmethod
    def make(cls, x):
        return x
    @staticmethod
    def plain(x):
        return x
def run(n):
    for i in range(n // 2):
        P.make(i)
        P.plain(i)

# row: super_call 10000
class A:
    def m(self, x):
        return x
class B(A):
    def m(self, x):
        return super().m(x)
def run(n):
    b = B()
    for i in range(n):
        b.m(i)

# row: isinstance 20000
class A:
    pass
def run(n):
    a = A()
    for i in range(n // 2):
        isinstance(a, A)
        isinstance(i, (int, float))

# row: operator_method 10000
class V:
    def __init__(self, x):
        self.x = x
    def __add__(self, other):
        return self.x + other.x
def run(n):
    a = V(1)
    b = V(2)
    for i in range(n):
        a + b

# row: getitem_method 10000
class V:
    def __getitem__(self, i):
        return i
def run(n):
    a = V()
    for i in range(n):
        a[i]

# row: iterator_class 10000
class Count:
    def __init__(self, n):
        self.n = n
        self.i = 0
    def __iter__(self):
        return self
    def __next__(self):
        if self.i >= self.n:
            raise StopIteration
        self.i += 1
        return self.i
def run(n):
    for x in Count(n):
        pass

# row: generator 10000
def count(n):
    for i in range(n):
        yield i
def run(n):
    for x in count(n):
        pass

# row: generator_expression 10000
def run(n):
    return sum(i for i in range(n))

# row: yield_from 10000
def inner(n):
    for i in range(n):
        yield i
def outer(n):
    yield from inner(n)
def run(n):
    for x in outer(n):
        pass

# row: enumerate_zip 20000
def run(n):
    a = list(range(n // 2))
    total = 0
    for i, x in enumerate(a):
        total += i
    for x, y in zip(a, a):
        total += y
    return total

# row: sorted_key 10000
def run(n):
    return sorted(range(n), key=lambda x: -x)

# row: map_sum 20000
def run(n):
    return sum(map(abs, range(n)))

# row: any_all 20000
def run(n):
    return all([x >= 0 for x in range(n)])

# row: min_max 20000 star
def run(n):
    for i in range(n):
        max(i, 5)

# row: try 20000
def run(n):
    total = 0
    for i in range(n):
        try:
            total += i
        except ValueError:
            pass
    return total

# row: try_finally 20000
def run(n):
    total = 0
    for i in range(n):
        try:
            total += i
        finally:
            total += 1
    return total

# row: raise_catch 5000
def run(n):
    for i in range(n):
        try:
            raise ValueError("no")
        except ValueError:
            pass

# row: catch_key_error 5000
def run(n):
    d = {}
    for i in range(n):
        try:
            d[i]
        except KeyError:
            pass

# row: raise_deep 5000
def f(k):
    if k == 0:
        raise ValueError("no")
    f(k - 1)
def run(n):
    for i in range(n // 5):
        try:
            f(4)
        except ValueError as e:
            pass

# row: with_class 10000
class M:
    def __enter__(self):
        return self
    def __exit__(self, *exc):
        return False
def run(n):
    m = M()
    for i in range(n):
        with m:
            pass

# row: with_contextmanager 5000
from contextlib import contextmanager
@contextmanager
def m():
    yield 1
def run(n):
    for i in range(n):
        with m():
            pass

# row: match_statement 10000
def run(n):
    for i in range(n):
        match i:
            case 1:
                x = 1
            case int():
                x = 2

# row: lru_cache 10000
from functools import lru_cache
@lru_cache(maxsize=None)
def f(x):
    return x
def run(n):
    for i in range(n):
        f(i % 10)

# row: lru_cache_bounded 10000
from functools import lru_cache
@lru_cache(maxsize=128)
def f(x):
    return x
def run(n):
    for i in range(n):
        f(i % 200)

# row: partial 10000
from functools import partial
def f(x, y):
    return y
def run(n):
    g = partial(f, 1)
    for i in range(n):
        g(i)

# row: counter 10000
from collections import Counter
def run(n):
    c = Counter()
    for i in range(n):
        c[i % 10] += 1
    return c

# row: counter_update 20000
from collections import Counter
def run(n):
    return Counter("abcdefghij" * (n // 10))

# row: defaultdict 10000
from collections import defaultdict
def run(n):
    d = defaultdict(int)
    for i in range(n):
        d[i % 10] += 1
    return d

# row: deque 20000
from collections import deque
def run(n):
    d = deque()
    for i in range(n):
        d.append(i)
    while d:
        d.popleft()

# row: heapq 5000
import heapq
def run(n):
    h = []
    for i in range(n):
        heapq.heappush(h, (i * 7919) % 10007)
    while h:
        heapq.heappop(h)

# row: ordered_dict 10000
from collections import OrderedDict
def run(n):
    d = OrderedDict()
    for i in range(n):
        d[i] = i
    return d

# row: enum_load 10000
from enum import Enum
class Color(Enum):
    RED = 1
    BLUE = 2
def run(n):
    for i in range(n):
        Color.RED.value

# row: random_random 20000
import random
def run(n):
    for i in range(n):
        random.random()

# row: random_randint 5000
import random
def run(n):
    for i in range(n):
        random.randint(0, 9)

# row: random_shuffle 5000
import random
def run(n):
    a = list(range(n))
    random.shuffle(a)

# row: re_match 5000
import re
c = re.compile(r"(\d+)-(\d+)")
def run(n):
    for i in range(n):
        c.match("12-34")

# row: re_module_match 5000
import re
def run(n):
    for i in range(n):
        re.match(r"\w+", "hello world")

# row: re_group 5000
import re
c = re.compile(r"(\w+)=(\w+)")
def run(n):
    for i in range(n):
        m = c.search("key=value")
        m.group(1)
        m.group(2)

# row: re_sub 20000
import re
def run(n):
    return re.sub(r"(\w+) (\w+)", r"\2 \1", "the quick brown fox " * (n // 20))

# row: re_sub_function 20000
import re
def run(n):
    return re.sub(r"\w+", lambda m: m.group().upper(), "the quick brown fox " * (n // 20))

# row: re_findall 20000
import re
def run(n):
    return re.findall(r"\w+", "the quick brown fox " * (n // 20))

# row: re_lookahead 20000
import re
c = re.compile(r"\w+(?= )")
def run(n):
    return c.findall("the quick brown fox " * (n // 20))

# row: json_dumps 10000
import json
def run(n):
    return json.dumps([{"a": i, "b": 1.5} for i in range(n // 10)])

# row: json_loads 10000
import json
def run(n):
    return json.loads("[" + ",".join(['{"a": 1, "b": 1.5}'] * (n // 10)) + "]")

# row: csv_reader 10000
import csv, io
def run(n):
    return list(csv.reader(io.StringIO("a,b,c\n" * (n // 3))))

# row: string_io 10000
import io
def run(n):
    out = io.StringIO()
    for i in range(n):
        out.write("x")
    return out.getvalue()

# row: print 5000
import io
def run(n):
    out = io.StringIO()
    for i in range(n):
        print("step", i, file=out)
    return out.getvalue()

# row: math_call 20000
import math
def run(n):
    x = 2.0
    for i in range(n):
        math.sqrt(x)

# row: int_parse 20000 star
def run(n):
    for i in range(n):
        int("123")

# row: copy_deepcopy 2000
import copy
def run(n):
    a = [[1, 2], {"a": 3}]
    for i in range(n):
        copy.deepcopy(a)

# row: itertools 10000
import itertools
def run(n):
    total = 0
    for a, b in itertools.product(range(n // 100), range(100)):
        total += b
    return total

# row: logging_disabled 5000
import logging
log = logging.getLogger("bench")
def run(n):
    for i in range(n):
        log.debug("x %d", i)

# row: nn_forward 500
class Module:
    def __init__(self):
        self.weights = [1.0, 2.0, 3.0]
    def __call__(self, x):
        return [w * v for w, v in zip(self.weights, x)]
class Net:
    def __init__(self):
        self.layers = [Module() for _ in range(4)]
    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x
def run(n):
    net = Net()
    x = [1.0, 2.0, 3.0]
    for i in range(n):
        net(x)
