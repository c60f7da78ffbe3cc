class E(Exception):
    def __str__(self):
        while True: pass
raise E
# ---
class E(Exception):
    def __str__(self): return 'x' * 10**8 + 'y' * 10**8
raise E
# ---
class A:
    def __repr__(self):
        while True: pass
raise KeyError(A())
# ---
e = ValueError()
e.__notes__ = ['x' * 10**7] * 100
raise e
# ---
def f():
    e = None
    for i in range(100000):
        n = ValueError(1); n.__cause__ = e; e = n
    raise e
f()
# ---
class E(Exception):
    def __str__(self): return str(self)
raise E
# ---
class E(Exception):
    def __str__(self):
        e = ValueError()
        e.args = iter(int, 1)
raise E
# ---
class A:
    def __iter__(self):
        while True: yield 1
e = ValueError()
e.args = A()
# ---
import traceback
class E(Exception):
    def __str__(self):
        while True: pass
traceback.format_exception(E())
while True: traceback.format_exception(E())
# ---
raise ValueError('x' * 10**8)
# ---
class M(type):
    def __repr__(c):
        while True: pass
class A(metaclass=M): pass
str(list[A] | None)
while True: pass
