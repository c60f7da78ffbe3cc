# Each line of output is what CPython 3.11 prints; see golden_test.go.
def show(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__ + ':', e)
show(lambda: len(str(10**4299))); show(lambda: str(10**4300)); show(lambda: int('1'*4301)); show(lambda: '%d'%10**2); show(lambda: f'{10**4300:d}'); show(lambda: f'{10**4300:x}'[:3]); show(lambda: int('1'*5000,16)>0)
a=[]; b=[]
for i in range(5000): a=[a]; b=[b]
show(lambda: a==b); show(lambda: len(repr(a)))
a=[]; a.append(a); b=[]; b.append(b); show(lambda: a==b); show(lambda: a==a); show(lambda: a<b)
show(lambda: sorted([3,1,2],key=lambda x:1/0)); show(lambda: [1,2,3].sort(key=5))
x=[3,1,2]
def k(v): x.append(1); return v
show(lambda: x.sort(key=k)); show(lambda: len(x))
show(lambda: "{:>{w}}".format('a',w='x')); show(lambda: "{0!r:^10}".format('a')); show(lambda: '{a.b}'.format(a=1)); show(lambda: '{a[0]}'.format(a=[5])); show(lambda: '{a[k]}'.format(a={'k':7})); show(lambda: '{a[-1]}'.format(a=[5])); show(lambda: '{{}}'.format()); show(lambda: '{:}'.format(5)); show(lambda: '{0:{1}}'.format(5,'>4')); show(lambda: 'x{}y{}z'.format(1,2)); show(lambda: '{x}{y}'.format_map({'x':1,'y':2})); show(lambda: '{}'.format_map({'x':1})); show(lambda: '{x}'.format_map({}))
class DM(dict):
    def __missing__(s,k): return f'<{k}>'
show(lambda: '{x} {y}'.format_map(DM(x=1)))
class Pt:
    def __init__(s,x): s.x=x
    def __eq__(s,o): return s.x==o.x
    def __hash__(s): return hash(s.x)
d={}
for i in range(100): d[Pt(i)]=i
show(lambda: d[Pt(50)]); show(lambda: len(d)); show(lambda: Pt(99) in d); show(lambda: (Pt(1),2) in {(Pt(1),2):3}); show(lambda: d.pop(Pt(3))); show(lambda: Pt(3) in d)
class BadHash:
    def __hash__(s): return 1/0
show(lambda: {BadHash():1}); show(lambda: {(1,BadHash())}); show(lambda: BadHash() in {1:2}); show(lambda: {1:2}.get(BadHash()))
class BadEq:
    def __eq__(s,o): return 1/0
    def __hash__(s): return 1
show(lambda: {BadEq():1,BadEq():2}); show(lambda: BadEq()==1); show(lambda: [BadEq()]==[1]); show(lambda: 1 in [BadEq()]); show(lambda: [BadEq()].index(1))
class Big:
    def __len__(s): return -1
show(lambda: len(Big()))
class BI:
    def __index__(s): return 'x'
show(lambda: [1][BI()]); show(lambda: range(BI()))
class BN:
    def __iter__(s): return s
    def __next__(s): raise ValueError('bn')
show(lambda: list(BN())); show(lambda: 1 in BN()); show(lambda: max(BN())); show(lambda: dict(BN())); show(lambda: ''.join(BN())); show(lambda: [*BN()]); show(lambda: sum(BN()))
class CtxBad:
    def __enter__(s): pass
def f():
    with CtxBad(): pass
show(f)
show(lambda: getattr(Pt(1),'x')); show(lambda: vars(Pt(1))); show(lambda: [n for n in dir(Pt(1)) if not n.startswith('_')]); show(lambda: delattr(Pt(1),'q')); show(lambda: setattr(Pt,'n',5)); show(lambda: Pt(0).n); show(lambda: setattr(int,'n',5)); 
class En:
    def __getattr__(s,n): return n*2
show(lambda: En().ab); show(lambda: getattr(En(),'q',None)); show(lambda: hasattr(En(),'zz'))
class Pe:
    @property
    def p(s): raise AttributeError('inner')
    @property
    def q(s): raise ValueError('qv')
show(lambda: Pe().p); show(lambda: hasattr(Pe(),'p')); show(lambda: Pe().q); show(lambda: hasattr(Pe(),'q')); show(lambda: getattr(Pe(),'p',7))
class A1:
    x: int = 5
    y: str
show(lambda: A1.x)
class Outer:
    class Inner: pass
    def make(self): return self.Inner()
show(lambda: Outer.Inner.__qualname__); show(lambda: type(Outer().make()).__name__)
class Counter:
    n=0
    def __init__(self): type(self).n+=1; self.__class__.n+=1
Counter(); show(lambda: Counter.n)
class Cmp:
    def __init__(s,v): s.v=v
    def __lt__(s,o): return NotImplemented
show(lambda: Cmp(1)<Cmp(2)); show(lambda: Cmp(1)<1)
class Pos:
    def __pos__(s): return 'pos'
    def __invert__(s): return 'inv'
show(lambda: +Pos()); show(lambda: ~Pos()); show(lambda: -Pos())
class IM:
    def __init__(s): s.l=[]
    def __ior__(s,o): s.l.append(o); return s
    def __lshift__(s,o): s.l.append(('<<',o)); return s
q=IM(); q|=5; q<<6; show(lambda: q.l)
class Ex(Exception):
    code=5
    def __init__(s,m,**k): super().__init__(m); s.k=k
try: raise Ex('m',a=1)
except Ex as e: show(lambda: (e.k,e.code,e.args,str(e)))
show(lambda: isinstance(Ex('a'),Exception)); show(lambda: issubclass(Ex,BaseException)); show(lambda: Ex.__mro__)
class MyInt(int):
    def __repr__(s): return 'MyInt(%d)'%int(s)
    __str__=__repr__
show(lambda: MyInt(5)); show(lambda: str(MyInt(5))); show(lambda: f'{MyInt(5)}'); show(lambda: MyInt(3)+MyInt(4)); show(lambda: {MyInt(1)}); show(lambda: [MyInt(2)]); show(lambda: MyInt(7)==7); show(lambda: '%s'%MyInt(1)); show(lambda: max([MyInt(1),MyInt(3)])); show(lambda: sum([MyInt(1),MyInt(3)])); show(lambda: sorted([MyInt(3),MyInt(1)]));show(lambda: json if 0 else 1)
def deco(cls): cls.tagged=True; return cls
@deco
class Dc: pass
show(lambda: Dc.tagged)
def fn(a,b=1,*c,d=2,**e): "docs"; return 1
fn.attr=5; show(lambda: fn.attr); show(lambda: fn.__name__); show(lambda: fn.__doc__); show(lambda: fn.__dict__); show(lambda: fn.__defaults__); show(lambda: fn.__module__); show(lambda: hasattr(fn,'zz')); show(lambda: fn.zz); fn.__name__='other'; show(lambda: fn.__name__); del fn.attr; show(lambda: hasattr(fn,'attr'))
class Me:
    def m(self): pass
    m.flag=1
show(lambda: Me.m.flag); show(lambda: Me().m.flag)
class St:
    def f(): return 's'
    f=staticmethod(f)
    g=property(lambda s: 'g')
    h=classmethod(lambda c: c.__name__)
show(lambda: (St.f(), St().f(), St().g, St.h()))
show(lambda: type(St.__dict__['f']).__name__); show(lambda: object.__repr__(1)[:5]); show(lambda: type.__call__(St).g); show(lambda: super(MyInt,MyInt(5)).__repr__()); show(lambda: int.__repr__(MyInt(6)))
x=5
show(lambda: x.__add__(1)); show(lambda: (1).__lt__(2)); show(lambda: 'ab'.__getitem__(0)); show(lambda: [1,2].__len__()); show(lambda: {1:2}.__contains__(1)); show(lambda: (1.5).__round__()); show(lambda: 'a'.__add__('b')); show(lambda: 'a'.__mod__(1)); show(lambda: [1].__iter__().__next__()); show(lambda: (5).__bool__()); show(lambda: 'x'.__hash__()==hash('x')); show(lambda: [].__class__)
show(lambda: isinstance(5, (int, (str, float)))); show(lambda: isinstance('a', list[int] if 0 else str)); show(lambda: issubclass(int,(str,int))); show(lambda: isinstance(None, type(None))); show(lambda: isinstance(int,type)); show(lambda: callable(St)); show(lambda: callable(St())); show(lambda: isinstance(fn, type(lambda:0)))
