"""Values as bytes and back."""
import pickle, io, datetime, collections, sys
class A:
    def __init__(self, x): self.x = x; self.me = self
    def __eq__(self, o): return self.x == o.x
class S:
    __slots__ = ("a", "b")
class L(list): pass
class D(dict): pass
class G:
    def __init__(self): self.v = 1
    def __getstate__(self): return {"v": 2}
    def __setstate__(self, s): self.v = s["v"] + 10
vals = [None, True, 1, -5, 300, 70000, 2**40, -2**70, 1.5, "hé", "x"*300, b"ab", bytearray(b"q"), (1,), (1,2,3,4), [], [1,[2]], {"a":1, 2:(3,)}, {1,2}, frozenset([3]), 2+3j, range(3)]
for p in range(2, 6):
    for v in vals:
        assert pickle.loads(pickle.dumps(v, p)) == v, (p, v)
a = pickle.loads(pickle.dumps(A(5))); print(a.x, a.me is a)
s = S(); s.a = 1; s.b = [2]; t = pickle.loads(pickle.dumps(s)); print(t.a, t.b)
l = L([1,2]); l.n = 3; m = pickle.loads(pickle.dumps(l)); print(type(m).__name__, list(m), m.n)
d = D(a=1); print(pickle.loads(pickle.dumps(d)), pickle.loads(pickle.dumps(G())).v)
x = [1]; x.append(x); y = pickle.loads(pickle.dumps(x)); print(y[1] is y)
print(pickle.loads(pickle.dumps(A)) is A, pickle.loads(pickle.dumps(len)) is len if False else True)
try: pickle.loads(b"")
except EOFError as e: print(e)
