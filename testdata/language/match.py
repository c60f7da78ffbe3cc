from dataclasses import dataclass
from collections import namedtuple, OrderedDict, defaultdict, deque
from enum import Enum
@dataclass
class Point:
    x: int
    y: int = 0
class Color(Enum):
    RED = 1
    BLUE = 2
NT = namedtuple('NT', 'a b')
class Sub(int): pass
class WithArgs:
    __match_args__ = ('p', 'q')
    def __init__(self, p, q): self.p, self.q = p, q
class Bad:
    __match_args__ = ['p']
    p = 1
def f(v):
    match v:
        case 0: return 'zero'
        case -1: return 'minus one'
        case 1.5: return 'one and a half'
        case 3+4j: return 'complex'
        case 'a' | 'b': return 'a or b'
        case 'long' 'str': return 'concat'
        case b'by': return 'bytes'
        case None: return 'None'
        case True: return 'True'
        case False: return 'False'
        case []: return 'empty seq'
        case [x]: return f'one {x}'
        case (1, y): return f'1,{y}'
        case [1, *rest, 9]: return f'1..9 {rest}'
        case [x, [y, z]]: return f'nested {x} {y} {z}'
        case [Point(x=0, y=yy), *_]: return f'points {yy}'
        case {'type': 'circle', 'r': r}: return f'circle {r}'
        case {'k': [a, b], **rest}: return f'k {a} {b} {rest}'
        case {1: _, 2: two}: return f'12 {two}'
        case {}: return 'mapping'
        case Point(0, 0): return 'origin'
        case Point(x, 0) if x > 10: return f'big x {x}'
        case Point(x, y=0): return f'x {x}'
        case Point() as p: return f'point {p}'
        case NT(a, b): return f'nt {a} {b}'
        case Color.RED: return 'red'
        case Color(): return 'color'
        case WithArgs(p, q=5): return f'wa {p}'
        case str(s) if len(s) > 5: return f'long {s}'
        case str() as s: return f'str {s}'
        case int(n) | float(n) if n > 100: return f'big {n}'
        case int(): return 'int'
        case float(): return 'float'
        case (list() | tuple()) as s: return f'seq {s}'
        case set(s): return f'set {s}'
        case _: return 'other'
for v in [0, -1, 1.5, 3+4j, 'a', 'b', 'longstr', b'by', None, True, False, [], (), [5], (1, 2), [1, 2, 3, 9], (1, 9), [7, (8, 9)], [Point(0, 3)], [Point(0, 3), 1], {'type': 'circle', 'r': 3, 'z': 1}, {'k': (1, 2), 'm': 3}, {1: 1, 2: 2, 3: 3}, {}, {'q': 1}, Point(0, 0), Point(20, 0), Point(5, 0), Point(1, 2), NT(1, 2), Color.RED, Color.BLUE, WithArgs(1, 5), WithArgs(1, 6), 'longer text', 'shrt', 500, 700.5, 7, 7.5, [1, 2, 3], {1, }, Sub(0), Sub(8), range(1), range(5), 'x', b'zz', bytearray(b'q'), object, deque([1]), OrderedDict(k=[1, 2]), defaultdict(int)]:
    try: print(repr(v)[:30].split(' at ')[0], '->', f(v))
    except Exception as e: print(type(e).__name__, e)
d = defaultdict(list)
match d:
    case {'a': x}: print('made')
    case _: print('not made', dict(d))
match 1, 2:
    case 1, x: print('tuple subject', x)
match (1, 2, 3):
    case x, *y: print(x, y)
match [1, 2, 3]:
    case *a, b: print(a, b)
match {'a': {'b': [1, {'c': 5}]}}:
    case {'a': {'b': [_, {'c': c}]}}: print('deep', c)
match = 3
case = 4
print(match + case)
_ = 5
match _:
    case 5: print('underscore subject')
def g(cmd):
    match cmd.split():
        case ['go', ('north' | 'south') as d]: return d
        case ['get', obj] | ['take', obj]: return obj
        case ['drop', *objs]: return objs
        case [only]: return only
        case _: return None
for c in ['go north', 'go west', 'get key', 'take lamp', 'drop a b c', 'look', '', 'a b c d']: print(c, g(c))
def h(x):
    for i in range(5):
        match i:
            case 0: continue
            case 3: break
            case n if n == x: return ('ret', n)
        print(i)
    return 'end'
print(h(1), h(9))
def errs(v):
    match v:
        case Bad(1): return 1
def errs2(v):
    match v:
        case Point(1, 2, 3): return 1
def errs3(v):
    match v:
        case int(1, 2): return 1
def errs4(v):
    C = 3
    match v:
        case C(): return 1
def errs5(v):
    match v:
        case Point(1, x=3): return 1
def errs6(v):
    match v:
        case undefined.x: return 1
for fn, v in [(errs, Bad()), (errs2, Point(1)), (errs3, 3), (errs4, 3), (errs5, Point(1)), (errs6, 1)]:
    try: print(fn(v))
    except Exception as e: print(type(e).__name__, e)
class K:
    match 3:
        case x if x > 2: y = x
    try: 1/0
    except ZeroDivisionError as e: z = str(e)
print(K.x, K.y, K.z, hasattr(K, 'e'))
def clos(v):
    match v:
        case [a, b]:
            def inner(): return a + b
            return inner
print(clos([1, 2])())
def gen(v):
    match v:
        case [a, *r]:
            yield a
            yield from r
print(list(gen([1, 2, 3])))
def nomatch(v):
    match v:
        case 1: pass
    return 'fell'
print(nomatch(2))
def guard_binds(v):
    match v:
        case x if False: pass
        case _: return x
print(guard_binds(7))
import sys
match sys.argv:
    case [prog, *args]: print(args)
match (lambda: 3)():
    case 3: print('call')
match -1:
    case -1: print('neg')
match {'x': 1}:
    case {'x': 1 | 2 as n, **kw}: print(n, kw)
match 'abc':
    case [*_]: print('seq')
    case str(): print('str')
match True:
    case 1: print('one')
match 1:
    case True: print('true')
    case _: print('not true')
def tok(x):
    match x:
        case {'op': '+', 'args': [l, r]}: return tok(l) + tok(r)
        case {'op': '*', 'args': [l, r]}: return tok(l) * tok(r)
        case int() | float(): return x
        case _: raise ValueError(f'bad {x!r}')
print(tok({'op': '+', 'args': [1, {'op': '*', 'args': [2, 3]}]}))
def eval_match(x):
    match x:
        case (int(a), int(b)) if a == b: return 'same'
        case (int(a), int(b)): return (a, b)
        case [*xs] if all(isinstance(i, str) for i in xs): return xs
print(eval_match((1, 1)), eval_match((1, 2)), eval_match(['a', 'b', 'c']))
