# Each line of output is what CPython 3.11 prints; see golden_test.go.
def show(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__ + ':', e)
def raiser(e): raise e
for E in [BaseException,Exception,ValueError,KeyError,OSError,StopIteration,SystemExit,ImportError,UnicodeDecodeError,SyntaxError,AttributeError,NameError,ZeroDivisionError]:
    for args in [(),('a',),('a',2),(2,'No such file','f.txt'),(13,'perm'),(('t',),),(None,)]:
        if E is UnicodeDecodeError: continue
        if E is SyntaxError and len(args)>1: continue
        e=E(*args); print(E.__name__,args,repr(e),str(e),e.args,type(e).__name__)
show(lambda: ValueError(a=1)); show(lambda: ImportError('x',name='n').name); show(lambda: StopIteration(5).value); show(lambda: SystemExit(3).code); show(lambda: OSError(2,'m','f').filename); show(lambda: OSError(2,'m').errno); show(lambda: FileNotFoundError(2,'m').strerror)
show(lambda: raiser(5)); show(lambda: raiser(ValueError)); show(lambda: raiser(int)); show(lambda: raiser(None))
e=ValueError('x'); e.add_note('n1'); e.add_note('n2'); show(lambda: e.__notes__); show(lambda: e.add_note(5)); show(lambda: e.__cause__); show(lambda: e.__context__); show(lambda: e.__traceback__); show(lambda: e.__suppress_context__); e.foo=1; show(lambda: e.foo); show(lambda: e.bar); e.args=(1,2); show(lambda: e); show(lambda: e.__dict__); show(lambda: e==e); show(lambda: ValueError('x')==ValueError('x')); show(lambda: hash(e)==hash(e)); show(lambda: bool(e)); show(lambda: [e]); show(lambda: e.with_traceback(None) is e)
class E1(Exception):
    def __init__(self,a,b=2): self.a=a; super().__init__(a,b)
    def __str__(self): return f'E1:{self.a}'
class E2(E1, KeyError): pass
show(lambda: raiser(E1(1))); show(lambda: raiser(E2(3))); show(lambda: E1(1)); show(lambda: E1(1).args); show(lambda: E1()); show(lambda: raiser(E1)); show(lambda: E2.__mro__); show(lambda: isinstance(E2(1),LookupError))
class E3(Exception): pass
show(lambda: E3('a',1)); show(lambda: raiser(E3)); show(lambda: str(E3()));
class E4(ValueError):
    def __repr__(self): return 'E4repr'
show(lambda: E4('z')); show(lambda: str(E4('z')))
def chain():
    try:
        try: 1/0
        except ZeroDivisionError as z: raise KeyError('k') from z
    except KeyError as k: return (repr(k.__cause__),k.__suppress_context__, repr(k.__context__))
show(chain)
def chain2():
    try:
        try: 1/0
        except ZeroDivisionError: raise KeyError('k')
    except KeyError as k: return (k.__cause__,repr(k.__context__),k.__suppress_context__)
show(chain2)
def chain3():
    try: raise KeyError('k') from None
    except KeyError as k: return (k.__cause__,k.__suppress_context__)
show(chain3)
def fin():
    out=[]
    for i in range(3):
        try:
            if i==1: continue
            out.append(i)
        finally: out.append('f%d'%i)
    return out
show(fin)
def fin2():
    try: return 1
    finally: print('fin')
show(fin2)
def els():
    try: x=1
    except: return 'no'
    else: return 'else'
    finally: print('f')
show(els)
def rr():
    try: 1/0
    except ZeroDivisionError: raise
show(rr)
def ex_tuple():
    try: [][1]
    except (KeyError,IndexError) as e: return type(e).__name__
show(ex_tuple)
def bad_ex():
    try: 1/0
    except 5: pass
show(bad_ex)
def scope():
    e=1
    try: 1/0
    except ZeroDivisionError as e: pass
    try: return e
    except UnboundLocalError as u: return 'unbound'
show(scope)
def asrt(): assert 1==2, 'msg'
show(asrt)
def asrt2(): assert 0
show(asrt2)
# generators
def g(n):
    try:
        for i in range(n):
            r = yield i
            if r: print('got', r)
        return 'ret'
    except GeneratorExit: print('closed'); raise
    finally: print('gfin')
show(lambda: list(g(3)))
x=g(3); show(lambda: next(x)); show(lambda: x.send('hi')); show(lambda: x.close()); show(lambda: next(x)); show(lambda: x.close())
x=g(3); show(lambda: x.send(1)); show(lambda: next(x)); show(lambda: x.throw(ValueError('v'))); show(lambda: next(x))
x=g(1); next(x); show(lambda: next(x)); show(lambda: next(x,'d')); 
x=g(2); show(lambda: x.throw(KeyError,'k')); show(lambda: list(x))
def ig():
    while True:
        try: yield 1
        except GeneratorExit: pass
def g2():
    r = yield from g(2); print('r',r); yield 'end'
show(lambda: list(g2()))
def g3():
    try: yield 1
    except ValueError as e: yield ('caught',str(e))
    yield 'after'
x=g3(); next(x); show(lambda: x.throw(ValueError('q'))); show(lambda: next(x)); show(lambda: next(x))
def g4(): raise StopIteration; yield
show(lambda: list(g4()))
def g5():
    next(iter([])); yield
show(lambda: list(g5()))
def g6(): yield; 
show(lambda: type(g6())); show(lambda: iter(g6()) is not None); show(lambda: len(g6())); show(lambda: g6()[0]); show(lambda: g6().__next__()); show(lambda: 3 in (i for i in range(5))); show(lambda: sum(i*i for i in range(4))); show(lambda: dict((i,i) for i in 'ab')); show(lambda: sorted(x for x in [2,1])); show(lambda: [*(i for i in 'ab')]); show(lambda: max((i for i in [1,5]),default=0)); show(lambda: (lambda *a:a)(*(i for i in 'ab'))); show(lambda: ','.join(str(i) for i in range(3))); show(lambda: g6().gi_x); show(lambda: set(i for i in [1,1])); show(lambda: tuple(x for x in 'ab')); show(lambda: any(x for x in [0,1])); 
def selfref():
    def gg():
        yield next(me)
    me = gg()
    return list(me)
show(selfref)
def tree(t):
    if isinstance(t,list):
        for c in t: yield from tree(c)
    else: yield t
show(lambda: list(tree([1,[2,[3,[4]]]])))
def inf():
    i=0
    while True: yield i; i+=1
def take(n,it):
    for i,x in zip(range(n),it): yield x
show(lambda: list(take(3,inf())))
z=zip(inf(),'ab'); show(lambda: list(z)); m=map(lambda a:1/a,[1,0]); show(lambda: next(m)); show(lambda: next(m))
a,*b=inf2=(i for i in range(4)); show(lambda: (a,b))
class CM:
    def __enter__(s): print('in'); return s
    def __exit__(s,t,v,tb): print('out',t.__name__ if t else None,v); return t is ValueError
def w1():
    with CM() as c: raise ValueError('x')
    return 'ok'
show(w1)
def w2():
    with CM() as c: raise KeyError('x')
show(w2)
def w3():
    for i in range(3):
        with CM():
            if i==1: break
    return i
show(w3)
def rec(n): return rec(n+1)
def r2():
    try: rec(0)
    except RecursionError as e: return str(e)[:32]
show(r2)
def unp(): a,b=1,2,3
show(unp)
def unp(): a,b,c=1,2
show(unp)
def unp(): a,*b,c=[1]
show(unp)
def unp(): a,b=5
show(unp)
def unp(): (a,b),c=[1,2],3; return a,b,c
show(unp)
def unp():
    for a,b in [(1,2,3)]: pass
show(unp)
show(lambda: undefined_thing); show(lambda: None.foo); show(lambda: (1).foo()); show(lambda: 'a'.foo); show(lambda: [].foo); show(lambda: int.foo); show(lambda: len.foo); show(lambda: (lambda:1).foo)
