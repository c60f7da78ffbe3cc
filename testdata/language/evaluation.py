def t(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__, '|', e)
x = 5
print(eval('x + 1'), eval(' x * 2 '), eval('[i for i in range(x)]'), eval('x', {'x': 9}), eval('x + y', {'x': 1}, {'y': 2}), eval('(lambda a: a + x)(1)'), eval('max(1, 2)'))
exec('y = x + 10\nprint("in exec", y)'); print(y)
ns = {}; exec('a = 1\ndef f(n): return n + a\nclass C: v = 2', ns); print(ns['a'], ns['f'](5), ns['C'].v)
ns = {'q': 1}; exec('q += 1; del_me = 3; del del_me', ns); print(ns['q'], 'del_me' in ns)
loc = {}; exec('z = 1', {}, loc); print(loc)
def fn(a):
    b = 2
    exec('c = a + b')
    return eval('a + b')
print(fn(1))
t(lambda: eval('1 +')); t(lambda: eval('nope')); t(lambda: eval('1/0')); t(lambda: eval(3)); t(lambda: exec('raise ValueError("in")')); t(lambda: eval('x = 1')); t(lambda: eval('x', 3))
exec("for i in range(2): print(i)"); exec('import math\nprint(math.floor(2.5))'); exec('')
def g():
    import math
    try: exec('import nope_mod')
    except ImportError as e: return str(e)
print(g()); print('x' in dir(), [n for n in dir() if n in ('fn', 'g')])
print(eval('f"{x}!"'), eval('{"a": x}'), eval("__name__"))
