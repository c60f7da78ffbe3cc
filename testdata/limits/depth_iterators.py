it = iter([1])
for i in range(10**6): it = map(int, it)
next(it)
# ---
it = iter([1])
for i in range(10**6): it = iter(enumerate(it))
next(it)
# ---
it = iter([1])
for i in range(10**6): it = zip(it)
next(it)
# ---
it = iter([1])
for i in range(10**6): it = filter(None, it)
next(it)
# ---
import itertools
it = iter([1])
for i in range(10**6): it = itertools.chain(it)
next(it)
# ---
import itertools
it = iter([1])
for i in range(10**6): it = itertools.islice(it, 1)
next(it)
# ---
import itertools
it = iter([1])
for i in range(10**6): it = itertools.takewhile(bool, it)
next(it)
# ---
import itertools
it = iter([1])
for i in range(10**5): it = itertools.tee(it)[0]
next(it)
# ---
it = iter([1])
for i in range(10**5): it = (x for x in it)
next(it)
# ---
def g(it): yield from it
it = iter([1])
for i in range(10**5): it = g(it)
next(it)
# ---
def g(): yield from g()
next(g())
# ---
def g():
    for x in g(): yield x
list(g())
# ---
class A:
    def __init__(self, it): self.it = it
    def __iter__(self): return self
    def __next__(self): return next(self.it)
it = iter([1])
for i in range(10**5): it = A(it)
next(it)
# ---
class A:
    def __init__(self, it): self.it = it
    def __iter__(self): return iter(self.it)
it = [1]
for i in range(10**5): it = A(it)
list(it)
# ---
it = iter([1])
for i in range(10**6): it = iter(lambda it=it: next(it), 5)
next(it)
# ---
import itertools
it = iter([1])
for i in range(10**6): it = itertools.accumulate(it)
next(it)
# ---
import itertools
it = iter([1])
for i in range(10**6): it = itertools.starmap(int, zip(it))
next(it)
