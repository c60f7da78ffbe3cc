from collections import defaultdict, namedtuple, deque, Counter, OrderedDict, ChainMap
def tried(f, *args, **kw):
    try: return f(*args, **kw)
    except Exception as e: return f"{type(e).__name__}: {e}"
d = deque([1, 2, 3], maxlen=4)
d.append(4); d.append(5); print(d, d.maxlen, len(d), d[0], d[-1], 3 in d, list(reversed(d)), bool(deque()))
d.appendleft(0); d.rotate(1); print(d); d.rotate(-2); print(d, d.popleft(), d.pop(), d)
d.extendleft("ab"); print(d, d.index("a"), d.count(3), deque("abc") == deque("abc"), deque([1]) < deque([2]), deque("ab") + deque("c"), deque([1]) * 3)
d.clear(); print(d, tried(d.pop), tried(d.popleft), tried(lambda: d[0]), tried(d.remove, 3), tried(deque, 3), tried(deque, [], -1))
e = deque(range(5)); e[1] = "x"; del e[0]; e.insert(2, "y"); e.remove(3); e.reverse(); print(e, e.copy(), e.maxlen); e += [9]; print(e)
def grow():
    q = deque([1, 2])
    for x in q: q.append(x)
print(tried(grow), tried(hash, e), isinstance(e, deque))
q = deque(maxlen=2); q.extend(range(10)); print(q, tried(q.insert, 0, 1))
P = namedtuple("P", "x y")
p = P(1, y=2); print(p, p.x, p[1], p == (1, 2), len(p), tuple(p), p._asdict(), p._replace(y=5), P._fields, P._make([3, 4]), isinstance(p, tuple), hash(p) == hash((1, 2)))
a, b = p; print(a, b, {p: 1}[P(1, 2)], sorted([P(2, 1), P(1, 9)]), p + (3,), p.__class__.__name__)
print(tried(P, 1), tried(P, 1, 2, 3), tried(P, 1, z=2), tried(P, 1, 2, x=3), tried(setattr, p, "x", 3), tried(getattr, p, "z"), tried(P._make, [1]), tried(p._replace, q=1))
Q = namedtuple("Q", ["a", "b", "c"], defaults=[10, 20]); print(Q(1), Q(1, c=3), Q._field_defaults, tried(Q))
print(tried(namedtuple, "R", "a a"), tried(namedtuple, "R", "class"), tried(namedtuple, "R", "_x"), namedtuple("R", "a class a", rename=True)._fields)
class T(namedtuple("T", "u v")):
    def total(self): return self.u + self.v
    @property
    def dbl(self): return self.u * 2
print(T(1, 2), T(1, 2).total(), T(3, 4).dbl, T(1, 2)._replace(u=7))
c = Counter("abracadabra"); print(c, c["a"], c["zz"], c.most_common(2), sorted(c.elements())[:3], c.total(), len(c))
c.update("aaa"); c.subtract({"b": 5}); print(c, +c, -c, c - Counter("aaaa"), Counter(a=1) + Counter(b=2), Counter("ab") | Counter("bb"), Counter("abb") & Counter("bc"))
print(Counter(), Counter({"x": 1}) == Counter(x=1, y=0), Counter("a") <= Counter("aa"), dict(Counter("aab")), isinstance(c, dict), Counter([1, 1, 2]).most_common())
c["new"] += 1; del c["nothing"]; print(c["new"], "nothing" in c, c.copy() == c)
dd = defaultdict(list, {"k": [1]}); dd["a"].append(2); print(dd, dict(dd), "z" in dd, dd.get("z"), dd["z"], len(dd), dd.default_factory)
print(tried(lambda: defaultdict()["x"]), tried(defaultdict, 3), defaultdict(int, a=1), defaultdict(lambda: 5)["q"], dd.copy() == dd)
o = OrderedDict([("a", 1), ("b", 2), ("c", 3)]); o.move_to_end("a"); print(o, list(o)); o.move_to_end("c", last=False); print(list(o), o.popitem(), o.popitem(last=False), o)
print(OrderedDict(a=1, b=2) == OrderedDict(b=2, a=1), OrderedDict(a=1, b=2) == {"b": 2, "a": 1}, OrderedDict(), tried(OrderedDict().popitem), OrderedDict.fromkeys("ab", 0), list(reversed(OrderedDict(a=1, b=2))))
m = ChainMap({"a": 1}, {"a": 2, "b": 3}); print(m["a"], m["b"], len(m), sorted(m), "c" in m, m.get("c", 9), dict(m)); m["z"] = 1; print(m, m.parents, m.new_child({"a": 0})["a"], tried(lambda: m["q"]))
