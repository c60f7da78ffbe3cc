import copy
from collections import namedtuple, defaultdict, OrderedDict, deque, Counter
a = [1, [2, {"k": [3]}], (4, [5])]
b = copy.copy(a); c = copy.deepcopy(a)
print(b == a, b is a, b[1] is a[1], c == a, c[1] is a[1], c[2] is a[2], c[2][1] is a[2][1])
a[1][1]["k"].append(9); print(b[1][1], c[1][1])
t = (1, (2, "x")); print(copy.copy(t) is t, copy.deepcopy(t) is t)
class P:
    def __init__(self, x): self.x = x
p = P([1]); q = copy.copy(p); r = copy.deepcopy(p)
print(type(q).__name__, q.x is p.x, r.x is p.x, r.x)
class H:
    def __init__(self): self.v = 1
    def __copy__(self): return "copied"
    def __deepcopy__(self, memo): return "deep"
print(copy.copy(H()), copy.deepcopy(H()), copy.deepcopy([H()]))
l = [1]; l.append(l); m = copy.deepcopy(l); print(m[1] is m, m is l)
n = P(None); n.x = n; o = copy.deepcopy(n); print(o.x is o)
s = [[]] * 2; u = copy.deepcopy(s); print(u[0] is u[1])
N = namedtuple("N", "a b"); v = copy.deepcopy(N([1], 2)); print(v, type(v).__name__, copy.copy(N(1, 2)))
d = defaultdict(list, {"a": [1]}); e = copy.deepcopy(d); e["a"].append(2); e["z"].append(1); print(dict(d), dict(e), copy.copy(d) == d)
print(copy.deepcopy({1, 2}), copy.deepcopy(OrderedDict(a=[1])), copy.deepcopy(Counter("aab")), copy.copy(deque([1, 2])), copy.deepcopy(frozenset([1])), copy.deepcopy(len) is len, copy.deepcopy(P) is P)
class D(dict): pass
x = D(a=[1]); x.extra = 5; y = copy.deepcopy(x); print(y, y.extra, type(y).__name__, y["a"] is x["a"], copy.copy(x).extra)
class L(list): pass
z = L([1, [2]]); z.tag = "t"; w = copy.deepcopy(z); print(w, w.tag, type(w).__name__, w[1] is z[1])
