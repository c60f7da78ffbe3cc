# Each line of output is what CPython 3.11 prints; see golden_test.go.
def show(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__ + ':', e)
class P:
    """doc of P"""
    z = 1
    def __init__(self, x): self.x = x
    def m(self, a=1): return (self.x, a)
    @property
    def dbl(self): return self.x*2
    @dbl.setter
    def dbl(self, v): self.x = v/2
    @dbl.deleter
    def dbl(self): self.x = None
    @classmethod
    def cm(cls, v): return cls(v)
    @staticmethod
    def sm(v): return v+1
    @property
    def ro(self): return 1
p=P(2)
show(lambda: p.dbl); p.dbl=10; show(lambda: p.x); del p.dbl; show(lambda: p.x); 
def f(): p.ro=1
show(f)
def f(): del p.ro
show(f)
def f(): del p.nope
show(f)
def f(): P.nope
show(f)
show(lambda: p.nope); show(lambda: P.cm(3).x); show(lambda: p.cm(4).x); show(lambda: P.sm(1)); show(lambda: P.m(p)); show(lambda: P.m()); show(lambda: P()); show(lambda: P(1,2));  show(lambda: p.m(b=1)); show(lambda: P.__doc__); show(lambda: p.__doc__); show(lambda: P.__name__); show(lambda: P.__module__); show(lambda: P.__mro__); show(lambda: P.__bases__); show(lambda: p.__class__); show(lambda: p.__dict__); show(lambda: sorted(k for k in P.__dict__ if k[0]!='_')); show(lambda: type(p) is P); show(lambda: P.dbl.fget(P(4))); show(lambda: p.m.__self__ is p); show(lambda: p.m.__name__); show(lambda: p.m.__func__ is P.m); show(lambda: P.m.__name__); show(lambda: P.m.__qualname__); show(lambda: p()); show(lambda: p+1); show(lambda: p[0]); show(lambda: len(p)); show(lambda: iter(p)); show(lambda: 1 in p); show(lambda: p<p); show(lambda: p==p); show(lambda: p!=P(1)); show(lambda: -p); show(lambda: hash(p)==hash(p)); show(lambda: bool(p)); show(lambda: int(p)); show(lambda: float(p)); show(lambda: p.__eq__(1)); show(lambda: str(p).startswith('<__main__.P object at 0x')); show(lambda: repr(P)); show(lambda: p.m == p.m); show(lambda: {p.m:1}[p.m]);show(lambda: format(p,'x'))
def f():
    with p: pass
show(f)
class A:
    def f(self): return 'A'
    def __repr__(self): return 'A!'
class B(A):
    def f(self): return 'B'+super().f()
class C(A):
    def f(self): return 'C'+super().f()
class D(B,C):
    def f(self): return 'D'+super().f()
show(lambda: D().f()); show(lambda: [c.__name__ for c in D.__mro__]); show(lambda: str(D())); show(lambda: [D()]); show(lambda: super(B,D()).f()); show(lambda: issubclass(D,A)); show(lambda: D.mro())
def f():
    class X(A,B): pass
show(f)
def f():
    class X(int,str): pass
show(f)
def f():
    class X(bool): pass
show(f)
def f():
    class X(A,A): pass
show(f)
class V:
    def __init__(s,*v): s.v=v
    def __add__(s,o): return V(*s.v,*o.v) if isinstance(o,V) else NotImplemented
    def __radd__(s,o): return ('radd',o)
    def __iadd__(s,o): s.v=s.v+(o,); return s
    def __mul__(s,k): return V(*(s.v*k))
    def __rmul__(s,k): return s*k
    def __neg__(s): return V(*(-x for x in s.v))
    def __abs__(s): return 'abs'
    def __len__(s): return len(s.v)
    def __getitem__(s,i): return s.v[i]
    def __setitem__(s,i,x): s.v=s.v[:i]+(x,)+s.v[i+1:]
    def __delitem__(s,i): s.v=s.v[:i]+s.v[i+1:]
    def __contains__(s,x): return x in s.v
    def __eq__(s,o): return isinstance(o,V) and s.v==o.v
    def __hash__(s): return hash(s.v)
    def __bool__(s): return bool(s.v)
    def __repr__(s): return f'V{s.v}'
    def __format__(s,spec): return f'<{spec}>'
    def __call__(s,*a,**k): return (a,k)
    def __int__(s): return 42
    def __float__(s): return 4.2
    def __index__(s): return 2
    def __round__(s,n=None): return ('round',n)
    def __divmod__(s,o): return 'dm'
    def __pow__(s,o): return 'pow'
    def __matmul__(s,o): return 'mm'
    def __rmatmul__(s,o): return 'rmm'
    def __floordiv__(s,o): return 'fd'
    def __reversed__(s): return iter('rev')
    def __enter__(s): return 'in'
    def __exit__(s,*a): return True
    def __getattr__(s,n):
        if n.startswith('dyn'): return n
        raise AttributeError(n)
v=V(1,2)
show(lambda: v+V(3)); show(lambda: v+1); show(lambda: 1+v); show(lambda: 2*v); show(lambda: -v); show(lambda: abs(v)); show(lambda: len(v)); show(lambda: v[0]); show(lambda: v[5]); show(lambda: v[:1]); show(lambda: list(v)); show(lambda: 2 in v); show(lambda: v==V(1,2)); show(lambda: v!=V(1,2)); show(lambda: {v:1}[V(1,2)]); show(lambda: V(1,2) in {v}); show(lambda: bool(V())); show(lambda: f'{v:abc} {v!r}'); show(lambda: v(1,a=2)); show(lambda: int(v)); show(lambda: float(v)); show(lambda: [1,2,3][v]); show(lambda: round(v)); show(lambda: round(v,2)); show(lambda: divmod(v,1)); show(lambda: v**2); show(lambda: v@1); show(lambda: 1@v); show(lambda: v//1); show(lambda: list(reversed(v))); show(lambda: v.dynx); show(lambda: v.other); show(lambda: hasattr(v,'q')); show(lambda: 'abcd'[v]); show(lambda: range(v)); show(lambda: hex(v)); show(lambda: v<v); show(lambda: sorted([v,v])); show(lambda: (lambda a,b:(a,b))(*v)); show(lambda: max(v)); show(lambda: sum(v)); show(lambda: tuple(v)); show(lambda: [*v]); show(lambda: '%d %s'%(v,v)); show(lambda: bin(v)); show(lambda: chr(v)); show(lambda: complex(v))
v+=9; show(lambda: v); v[0]='z'; show(lambda: v); del v[0]; show(lambda:v)
def f():
    with v as q: 
        1/0
    return q
show(f)
class L(list):
    def total(self): return sum(self)
    def append(self, x): super().append(x*2)
l=L([1,2]); l.append(5); show(lambda:l); show(lambda: l.total()); show(lambda: l[0]); show(lambda: len(l)); show(lambda: l+[1]); show(lambda: type(l+[1])); show(lambda: l==[1,2,10]); show(lambda: isinstance(l,list)); show(lambda: l[::-1]); show(lambda: sorted(l)); show(lambda: [*l]); show(lambda: 2 in l); l[0]=7; show(lambda:l); del l[0]; show(lambda: l); l.x=1; show(lambda: l.x); show(lambda: bool(L())); show(lambda: L('ab')); l+=[3]; show(lambda: (l, type(l).__name__)); show(lambda: l.index(3)); show(lambda: hash(l)); show(lambda: [1]+l); show(lambda: l*2); show(lambda: list(reversed(l))); show(lambda: l<[100]); show(lambda: max(l)); show(lambda: l.sort()); show(lambda:l)
class DD(dict):
    def __missing__(self,k): self[k]=k*2; return self[k]
    def __setitem__(self,k,v): super().__setitem__(k,('set',v))
d=DD(a=1); show(lambda: d['q']); show(lambda: d); show(lambda: d['a']); show(lambda: d.get('zz')); show(lambda: len(d)); show(lambda: list(d)); show(lambda: {**d}); show(lambda: d=={'a':1,'q':('set','qq')}); show(lambda: d.items()); show(lambda: 'a' in d); show(lambda: isinstance(d,dict)); show(lambda: dict(d)); show(lambda: d|{1:2}); show(lambda: type(d.copy())); show(lambda: DD.fromkeys('a')); show(lambda: (lambda **k:k)(**d)); show(lambda: d.pop('a')); show(lambda: str(d)); show(lambda: hash(d))
class S(str):
    def shout(self): return self.upper()+'!'
    def __len__(self): return 99
s=S('hey'); show(lambda: s.shout()); show(lambda: s); show(lambda: len(s)); show(lambda: s+'x'); show(lambda: s=='hey'); show(lambda: {s:1}['hey']); show(lambda: {'hey':2}[s]); show(lambda: f'{s:>5}'); show(lambda: ','.join([s])); show(lambda: 'x'+s); show(lambda: s[0]); show(lambda: s in 'heyyy'); show(lambda: hash(s)==hash('hey')); show(lambda: isinstance(s,str)); show(lambda: s.split('e')); show(lambda: 'a %s'%s); show(lambda: s<'z'); show(lambda: S()); show(lambda: 'e' in s); show(lambda: list(s)); show(lambda: str(s))
class I(int):
    def __new__(cls, v): 
        return super().__new__(cls, v*2)
    def __add__(self,o): return 'add'
i=I(5); show(lambda: i); show(lambda: i+1); show(lambda: 1+i); show(lambda: i-1); show(lambda: i==10); show(lambda: [0]*i); show(lambda: range(i)); show(lambda: i*2); show(lambda: int(i)); show(lambda: f'{i:05d}'); show(lambda: type(i*1)); show(lambda: i<11); show(lambda: {10:1}[i]); show(lambda: bool(I(0))); show(lambda: -i); show(lambda: i.bit_length()); show(lambda: i.real); show(lambda: isinstance(i,int)); show(lambda: divmod(i,3)); show(lambda: round(i)); show(lambda: abs(i)); show(lambda: '%d'%i); show(lambda: str(i)); show(lambda: i/4); show(lambda: 3**i)
class F(float): pass
show(lambda: F(1.5)+1); show(lambda: F('2')); show(lambda: round(F(2.5))); show(lambda: F(1)==1)
class T(tuple):
    def __new__(cls,a,b): return tuple.__new__(cls,(a,b))
    @property
    def a(self): return self[0]
t=T(1,2); show(lambda: t); show(lambda: t.a); show(lambda: t==(1,2)); show(lambda: {t:1}[(1,2)]); show(lambda: len(t)); show(lambda: [*t]); show(lambda: t+(3,)); show(lambda: '%s-%s'%t); show(lambda: hash(t)==hash((1,2))); show(lambda: t<(2,)); show(lambda: isinstance(t,tuple))
class ST(set): pass
show(lambda: ST([1])); show(lambda: ST([1])|{2}); show(lambda: 1 in ST([1])); show(lambda: ST([1])=={1})
class Meta(type):
    def __new__(m,n,b,d,**k):
        d['added']=n; d['kw']=k
        return super().__new__(m,n,b,d)
    def __init__(c,n,b,d,**k): super().__init__(n,b,d); c.inited=True
    def __iter__(c): return iter('xyz')
    def __len__(c): return 3
    def __getitem__(c,k): return ('item',k)
    def __contains__(c,k): return k=='q'
    def __call__(c,*a): return ('made',super().__call__(*a))
    def __repr__(c): return f'<M {c.__name__}>'
    def meth(c): return c.__name__
    @property
    def mp(c): return 'mp'
class M1(metaclass=Meta, flag=1):
    def __repr__(s): return 'inst'
class M2(M1): pass
show(lambda: M1.added); show(lambda: M1.kw); show(lambda: M2.kw); show(lambda: M1.inited); show(lambda: list(M1)); show(lambda: len(M2)); show(lambda: M1['a']); show(lambda: 'q' in M1); show(lambda: M1()); show(lambda: M2); show(lambda: M1.meth()); show(lambda: type(M1)); show(lambda: type(M2).__name__); show(lambda: isinstance(M1,Meta)); show(lambda: M1.mp); show(lambda: M2.nope)
class Desc:
    def __set_name__(self,o,n): self.n=n
    def __get__(self,i,o): return ('get',self.n,i is None)
    def __set__(self,i,v): i.__dict__[self.n]=('stored',v)
    def __delete__(self,i): print('del',self.n)
class H:
    d=Desc()
h=H(); show(lambda: h.d); h.d=5; show(lambda: h.__dict__); show(lambda: H.d); del h.d
class ND:
    def __get__(self,i,o): return 'nd'
class H2: a=ND()
h=H2(); show(lambda:h.a); h.a=1; show(lambda: h.a)
class SA:
    def __setattr__(self,k,v): super().__setattr__(k,('wrapped',v))
    def __delattr__(self,k): print('deleting',k); object.__delattr__(self,k)
    def __getattribute__(self,k): 
        if k=='magic': return 'M'
        return super().__getattribute__(k)
s=SA(); s.x=1; show(lambda: s.x); show(lambda: s.magic); del s.x; show(lambda: s.x)
class Sl:
    __slots__=('a','b')
    def __init__(self): self.a=1
s=Sl(); show(lambda: s.a); show(lambda: s.b)
def f(): s.c=1
show(f); show(lambda: s.__dict__)
class NoHash:
    def __eq__(self,o): return True
show(lambda: hash(NoHash())); show(lambda: {NoHash()}); show(lambda: NoHash()!=1); show(lambda: NoHash() in [5])
class BadBool:
    def __bool__(self): return 5
show(lambda: bool(BadBool()))
class BadRepr:
    def __repr__(self): return 5
show(lambda: repr(BadRepr())); 
class BadInit:
    def __init__(self): return 5
show(lambda: BadInit())
class GI:
    def __getitem__(self,i):
        if i>3: raise IndexError
        return i*i
show(lambda: list(GI())); show(lambda: 9 in GI()); show(lambda: len(GI())); show(lambda: list(reversed(GI())))
class IT:
    def __iter__(self): return 5
show(lambda: list(IT()))
class Sub:
    def __init_subclass__(cls, tag=None, **k): super().__init_subclass__(**k); cls.tag=tag
class Sub1(Sub, tag='t'): pass
show(lambda: Sub1.tag)
class CG:
    def __class_getitem__(cls,k): return (cls.__name__,k)
show(lambda: CG[int])
Z=type('Z',(P,),{'k':5,'hi':lambda self: self.k}); show(lambda: Z(1).hi()); show(lambda: Z.__name__); show(lambda: type('Q',(),{})); show(lambda: type(1,2)); show(lambda: type())
class LT:
    def __init__(s,v): s.v=v
    def __lt__(s,o): return s.v<o.v
show(lambda: [x.v for x in sorted([LT(3),LT(1)])]); show(lambda: LT(1)>LT(0)); show(lambda: LT(1)<=LT(2)); show(lambda: max(LT(1),LT(5)).v)
class EqOnly:
    def __eq__(s,o): return NotImplemented
show(lambda: EqOnly()==1); show(lambda: EqOnly()!=1)
class RSub(V):
    def __radd__(s,o): return 'sub-radd'
show(lambda: V(1)+RSub(2));  show(lambda: object.__init__(P(1),2)) ; show(lambda: object.__new__(P).__dict__);  
