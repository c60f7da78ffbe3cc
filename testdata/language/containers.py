def t(f):
    try: print(repr(f()))
    except Exception as e: print(type(e).__name__, '|', e)
l = [3, 1, 2]
l.append(4); l.extend([5, 6]); l.insert(1, 9); l.insert(-1, 8); l.insert(100, 7); print(l); l.remove(9); print(l.pop(), l.pop(0), l, l.index(5), l.count(1)); l.sort(); print(l); l.sort(reverse=True); print(l); l.sort(key=lambda x: x % 3); print(l); l.reverse(); print(l, l.copy() is l, l.copy() == l); l.clear(); print(l)
l = [1, 2, 3, 4, 5]
t(lambda: l[1:3]); t(lambda: l[::-1]); t(lambda: l[-2:]); t(lambda: l[10]); t(lambda: l[-6]); t(lambda: l + [6]); t(lambda: l * 2); t(lambda: 2 * l); t(lambda: l == [1, 2, 3, 4, 5]); t(lambda: [1, 2] < [1, 3]); t(lambda: [1] < [1, 2]); t(lambda: [1, 'a'] < [1, 2]); t(lambda: 3 in l); t(lambda: l.index(9)); t(lambda: l.index(3, 3)); t(lambda: l.pop(-1)); t(lambda: l.pop('a')); t(lambda: l['a']); t(lambda: l[1.0]); t(lambda: l[True]); t(lambda: l + (1,)); t(lambda: l.extend(3)); t(lambda: l.sort(key=3)); t(lambda: hash(l)); t(lambda: list('abc')); t(lambda: list({1: 2})); t(lambda: [0] * 3); t(lambda: [[]] * 2); t(lambda: l.__len__()); t(lambda: [1, [2, [3]]]); t(lambda: sorted([3, 1, 2], reverse=True)); t(lambda: [None, True, 1.5, 'x', b'y', (1,), {1}, {1: 2}])
def f(): l[10] = 1
t(f)
def f(): del l[10]
t(f)
def f(): l[0:2] = 5
t(f)
def f(): l[::2] = [1]
t(f)
l[1:3] = ['a', 'b', 'c']; print(l); l[len(l):] = [9]; print(l); del l[::2]; print(l); l[:] = []; print(l)
l = [1, 2]; l += (3,); l *= 2; print(l); l2 = l; l2 += [9]; print(l is l2, l)
r = [1]; r.append(r); print(r); d = {}; d['d'] = d; print(d)
for i in (l := [1, 2, 3]):
    if i == 2: l.append(4)
    if len(l) > 6: break
print(l)
tt = (1, 2, 3)
t(lambda: tt[1]); t(lambda: tt[5]); t(lambda: tt + (4,)); t(lambda: tt * 2); t(lambda: tt.index(2)); t(lambda: tt.count(1)); t(lambda: tt == (1, 2, 3)); t(lambda: tt < (1, 2, 4)); t(lambda: hash(tt) == hash((1, 2, 3))); t(lambda: ()); t(lambda: (1,)); t(lambda: tuple([1, 2])); t(lambda: tuple('ab')); t(lambda: tt + [1]); t(lambda: tt.append(1)); t(lambda: tt[::-1]); t(lambda: hash(([],))); t(lambda: max(tt)); t(lambda: sum(tt)); t(lambda: (1, (2, 3))); t(lambda: tt.index(9))
def f(): tt[0] = 1
t(f)
def f(): del tt[0]
t(f)
d = {'a': 1, 'b': 2}
d['c'] = 3; d.update({'d': 4}); d.update(e=5); d.update([('f', 6)]); d |= {'g': 7}; print(d, len(d)); print(list(d), list(d.keys()), list(d.values()), list(d.items())); print(d.get('z'), d.get('z', 0), d.pop('a'), d.pop('zz', None), d.setdefault('b', 9), d.setdefault('n', 9), d.popitem()); print('b' in d, 'q' not in d, d == dict(d), {**d, 'x': 1}, d | {'b': 0}); print(dict(zip('ab', [1, 2])), dict([(1, 2)]), dict(a=1), dict({'a': 1}, b=2), dict.fromkeys('ab'), dict.fromkeys([1, 2], 0), {i: i * i for i in range(3)}); print(d.keys() & {'b'}, d.keys() | {'zz'} >= {'b'}, sorted(d.keys() - {'b'}), d.items() >= {('b', 2)}, d.keys() == {'b'}, isinstance(d.keys(), dict))
t(lambda: d['zz']); t(lambda: d[1]); t(lambda: d[(1, 2)]); t(lambda: d.pop('zz')); t(lambda: d[[]]); t(lambda: d.get([])); t(lambda: [] in d); t(lambda: dict([1])); t(lambda: dict('ab')); t(lambda: d < d); t(lambda: d + d); t(lambda: d.update(3)); t(lambda: d.update([1])); t(lambda: d.keys()); t(lambda: d.values()); t(lambda: d.items()); t(lambda: d.keys()[0]); t(lambda: next(iter(d))); t(lambda: list(reversed(d))); t(lambda: list(reversed(d.items()))); t(lambda: hash(d)); t(lambda: d.copy() == d); t(lambda: {1: 'a', True: 'b', 1.0: 'c'}); t(lambda: {'a': {'b': [1, {'c': 2}]}}); t(lambda: d.setdefault([])); t(lambda: d.popitem() and None); t(lambda: len(d.items())); t(lambda: d.fromkeys([[]])); t(lambda: {}.popitem()); t(lambda: str(d.items())); t(lambda: ('b', 2) in d.items()); t(lambda: 2 in d.values()); t(lambda: {1: 2}.items() == {1: 2}.items()); t(lambda: min(d, key=d.get)); t(lambda: sorted(d.items(), key=lambda kv: -kv[1])); t(lambda: d.__contains__('b')); t(lambda: {'a': 1}.__getitem__('a'))
def f():
    for k in d: d[k + 'x'] = 1
t(f)
def f():
    for k in list(d): del d[k]
    return d
t(f)
def f():
    dd = {1: 1, 2: 2}
    for k in dd: del dd[k]
t(f)
def f():
    ss = {1, 2}
    for k in ss: ss.add(k + 10)
t(f)
s = {1, 2, 3}
s.add(4); s.add(1); s.discard(9); s.remove(2); s.update([5], (6,)); print(s, len(s), 3 in s); print(s <= {1, 3, 4, 5, 6, 7}, s < s, s >= {1}, s > {1}, s == {1, 3, 4, 5, 6}, s.isdisjoint({100}), s.issubset(range(10)), s.issuperset([1]), s.union([7], [8]), s.intersection([1, 3]), s.difference([1]), s.symmetric_difference([1, 50])); s &= {1, 3, 4}; s |= {7}; s -= {1}; s ^= {3, 8}; print(s); s.intersection_update([7, 8]); s.difference_update([8]); s.symmetric_difference_update([9]); print(sorted(s)); print(set(), {*()}, set('aab') == {'a', 'b'}, frozenset([1, 2]), frozenset(), frozenset({1}) | {2}, {1} | frozenset({2}), type(frozenset({1}) | {2}).__name__, {frozenset({1}): 2}, hash(frozenset({1, 2})) == hash(frozenset({2, 1})), {1} == frozenset({1}))
t(lambda: s.remove(99)); t(lambda: set().pop()); t(lambda: {[]}); t(lambda: s.add([])); t(lambda: s | [1]); t(lambda: s + s); t(lambda: s < 3); t(lambda: hash(s)); t(lambda: set(3)); t(lambda: frozenset({1}).add(2)); t(lambda: s[0]); t(lambda: {1, 'a', None, (1, 2)} == {'a', 1, (1, 2), None}); t(lambda: s.copy() is s); t(lambda: sorted({3, 1, 2})); t(lambda: {1, 1.0, True}); t(lambda: min({3, 1})); t(lambda: {1} <= [1]); t(lambda: s.union(3)); t(lambda: [x in {1, 2} for x in (1, 3)]); t(lambda: set([1, [2]]))
r = range(2, 10, 3)
t(lambda: list(r)); t(lambda: r); t(lambda: len(r)); t(lambda: r[1]); t(lambda: r[-1]); t(lambda: r[5]); t(lambda: r[::-1]); t(lambda: r[1:]); t(lambda: 5 in r); t(lambda: 6 in r); t(lambda: r.index(5)); t(lambda: r.count(5)); t(lambda: range(3) == range(0, 3)); t(lambda: hash(range(3)) == hash(range(0, 3, 1))); t(lambda: range(0)); t(lambda: bool(range(0))); t(lambda: list(range(5, 0, -2))); t(lambda: range(10 ** 20)[10 ** 19]); t(lambda: r.start + r.stop + r.step); t(lambda: list(reversed(r))); t(lambda: range('a')); t(lambda: range(1.0)); t(lambda: range(1, 5, 0)); t(lambda: r.index(6)); t(lambda: sum(range(101))); t(lambda: max(range(5))); t(lambda: 2.0 in range(5)); t(lambda: 'a' in range(3)); t(lambda: range(3) + range(3))
sl = slice(1, 10, 2); t(lambda: sl); t(lambda: sl.indices(5)); t(lambda: (sl.start, sl.stop, sl.step)); t(lambda: list(range(20))[sl]); t(lambda: slice(3)); t(lambda: slice(None) == slice(None)); t(lambda: hash(sl))
a, b = 1, 2; a, b = b, a; print(a, b)
x = [1, 2, 3]; x[0], x[1] = x[1], x[0]; print(x)
m = [[1, 2], [3, 4]]; print([list(r) for r in zip(*m)], [c for r in m for c in r], sum(m, []), [[r[i] for r in m] for i in range(2)])
print(sorted([(1, 'b'), (1, 'a'), (0, 'z')]), sorted({'b': 1, 'a': 2}), sorted('bca', reverse=True), sorted([1.5, 1, 2]), sorted([True, False, 2]), sorted([[2], [1, 5]]), min('b', 'a'), max([1, 5, 3], key=lambda x: -x), max('a', 'bb', key=len), min([], default='d'), sum([0.1] * 3), sum([1, 2], 10), sum([[1], [2]], []), sum(x for x in (1, 2)), any([]), all([]), any([0, 1]), all([1, 0]))
print(list(zip([1, 2, 3], 'ab')), list(map(max, [1, 5], [3, 2])), list(filter(lambda x: x > 1, [1, 2, 3])), list(enumerate(['a', 'b'], 1)), list(reversed([1, 2])), divmod(7, 2), divmod(-7, 2), divmod(7, -2), divmod(7.5, 2), pow(2, 10), pow(2, 10, 1000), pow(2, -1), abs(-3), abs(-2.5), round(3.7), bin(10), hex(255), oct(8), bin(-3), chr(97), ord('a'), int('0x1f', 16), int('0b11', 0), int(' 42 '), int('1_000'), int(3.9), int(-3.9), float('1e3'), float(' inf '), float('nan') != float('nan'), bool(''), bool('a'), complex(1, 2), callable(len), isinstance(True, int), type(1) is int, id(a) == id(a), hash(1) == hash(1.0), repr('a'), ascii('é'), format(3.14159, '.2f'), len({1: 2}))
from collections import Counter, defaultdict, deque, OrderedDict, namedtuple, ChainMap
c = Counter('hello'); print(c, c.most_common(1), c['z'], sorted(c.elements()), c + Counter('l'), c - Counter('l'), sum(c.values()), c.total()); c.update('ll'); print(c['l'])
dd = defaultdict(list); dd['a'].append(1); print(dd, dd['b'], len(dd), dict(dd)); print(defaultdict(int, a=1)['q'])
dq = deque([1, 2, 3], maxlen=3); dq.append(4); dq.appendleft(0); print(dq, dq.pop(), dq.popleft(), len(dq)); dq.rotate(1); dq.extend([5, 6]); print(dq, dq[0], list(dq)); t(lambda: deque().pop()); t(lambda: deque([1])[5])
P = namedtuple('P', 'x y', defaults=[0]); p = P(1); print(p, p.x, p[1], p._asdict(), p._replace(x=5), P._fields, p == (1, 0), P._make([3, 4])); t(lambda: P()); t(lambda: P(1, 2, 3)); t(lambda: p.z); x, y = p; print(x, y); t(lambda: setattr(p, 'x', 3))
od = OrderedDict(a=1, b=2); od.move_to_end('a'); print(od, list(od), od.popitem(last=False)); cm = ChainMap({'a': 1}, {'a': 2, 'b': 3}); print(cm['a'], cm['b'], dict(cm))
