import random, bisect, heapq
def tried(f, *args, **kw):
    try: return f(*args, **kw)
    except Exception as e: return f"{type(e).__name__}: {e}"
for s in (0, 1, 42, -7, 2**70, "hello", b"xyz", 1.5, 0.1, 1e300, True):
    random.seed(s); print(repr(s), random.random(), random.getrandbits(70), random.randint(1, 100))
random.seed(5)
xs = list(range(10)); random.shuffle(xs); print(xs, random.sample(range(1000), 5), random.sample(xs, 4), random.choice("abcdef"), random.choices("abc", k=5), random.choices("abc", weights=[1, 2, 3], k=5), random.choices([1, 2], cum_weights=[1, 4], k=3))
print(random.uniform(2, 5), random.randrange(10), random.randrange(5, 50, 7), random.randrange(10, 0, -3), random.randbytes(5), random.getrandbits(8), random.getrandbits(0), random.getrandbits(32), random.getrandbits(33))
print(["%.12g" % f(*a) for f, a in [(random.gauss, (0, 1)), (random.gauss, (5, 2)), (random.normalvariate, (0, 1)), (random.expovariate, (2,)), (random.triangular, (1, 4, 2)), (random.betavariate, (2, 3)), (random.gammavariate, (0.5, 1)), (random.gammavariate, (3, 2)), (random.lognormvariate, (0, 1)), (random.paretovariate, (3,)), (random.weibullvariate, (1, 2)), (random.vonmisesvariate, (1, 2))]])
r = random.Random(7); st = r.getstate(); a = [r.random() for _ in range(3)]; r.setstate(st); print(a == [r.random() for _ in range(3)], a[0])
print(tried(random.choice, []), tried(random.randrange, 0), tried(random.sample, [1], 2), tried(random.randint, 5, 1), tried(random.seed, []), tried(random.sample, {1}, 1), tried(random.choices, [1], weights=[0]))
print(random.Random("a").sample(["r", "b"], counts=[3, 2], k=3), random.Random(3).randrange(10**30))
class R(random.Random):
    def twice(self): return self.random() * 2
print(R(1).twice(), isinstance(R(1), random.Random))
big = list(range(2000)); random.seed(9); print(random.sample(big, 30)[:5])
h = [5, 2, 8, 1, 9, 3]; heapq.heapify(h); print(h, heapq.heappop(h), h); heapq.heappush(h, 0); print(h, heapq.heappushpop(h, 4), heapq.heapreplace(h, 7), h, heapq.nsmallest(2, h), heapq.nlargest(2, [(1, "a"), (3, "b")]), list(heapq.merge([1, 4], [2, 3])))
print(bisect.bisect([1, 2, 2, 3], 2), bisect.bisect_left([1, 2, 2, 3], 2), bisect.bisect([1, 3], 2, key=lambda v: v)); l = [1, 3]; bisect.insort(l, 2); print(l)
from collections import deque
from collections.abc import MutableSequence, Sequence
class Squares(Sequence):
    def __len__(self): return 5
    def __getitem__(self, i): return range(5)[i] ** 2
random.seed(1); print(random.sample(deque("abc"), 2), random.sample(Squares(), 3), isinstance(deque(), MutableSequence), issubclass(deque, Sequence), tried(random.sample, iter([1]), 1), tried(random.sample, {1: 2}, 1))
