# Each line of output is what CPython 3.11 prints; see golden_test.go.
def show(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__ + ':', e)
a=[3,1,2]
show(lambda: a.sort()); show(lambda: a); show(lambda: a.sort(key=lambda x:-x)); show(lambda: a); show(lambda: a.sort(reverse=1)); show(lambda: [1,'a'].sort()); show(lambda: sorted([3,1,2],reverse=True)); show(lambda: sorted('bca')); show(lambda: sorted(5)); show(lambda: sorted([1,None]));
l=list(range(10))
def do(s):
    print(s, end=' ')
def dl(k):
    x=list(range(10)); 
    del x[k]; return x
def st(k,v):
    x=list(range(10)); 
    x[k]=v; return x
for k in [0,-1,5,slice(2,4),slice(None,None,2),slice(None,None,-1),slice(8,2,-2),slice(5,2),slice(0,0),100,-11,'a',1.0,slice(1,None,3)]:
    show(lambda: dl(k)); show(lambda: l[k]); show(lambda: tuple(l)[k]); show(lambda: 'abcdefghij'[k]); show(lambda: range(10)[k]); show(lambda: b'abcdefghij'[k])
    for v in [[],[7],(7,8,9),'xyz',5,list(range(20)), {1:2}]:
        show(lambda: st(k,v))
x=[1,2,3]; x[1:2]=x; show(lambda:x)
x=[1,2,3]; x.extend(x); show(lambda:x)
x.insert(-1,'q'); x.insert(100,'e'); x.insert(-100,'s'); show(lambda:x); show(lambda:x.pop(0)); show(lambda:x.pop(99)); show(lambda:x.pop('a')); show(lambda: x.remove(3)); show(lambda: x.remove(99)); show(lambda: x.index(2)); show(lambda: x.index(2,3)); show(lambda: x.index('zz')); show(lambda: x.count(1)); show(lambda: x.copy() is x); x.reverse(); show(lambda:x); show(lambda: x.clear()); show(lambda:x)
show(lambda: [1,2]*-1); show(lambda: [[]]*3); show(lambda: (1,)*2); show(lambda: [1,2]<[1,3]); show(lambda: [1]<[1,'a']); show(lambda: [1,'a']<[1,2]); show(lambda: (1,2)==[1,2]); show(lambda: [1,2]==[1.0,True+1]); show(lambda: [float('nan')]==[float('nan')])
n=float('nan'); 
r=[1]; r.append(r); show(lambda: r); d={}; d['x']=d; d['y']=[d]; show(lambda:d); t=([],); t[0].append(t); show(lambda: t)
d={'a':1,'b':2}
show(lambda: d.keys()); show(lambda: d.values()); show(lambda: d.items()); show(lambda: list(reversed(d))); show(lambda: d.pop('z')); show(lambda: d.pop('z',5)); show(lambda: d.popitem()); show(lambda: {}.popitem()); show(lambda: d.setdefault('q')); show(lambda: d); show(lambda: d.update({'r':1},s=2)); show(lambda: d.update([('t',1)])); show(lambda: d.update([1])); show(lambda: d.update([(1,2,3)])); show(lambda: d); show(lambda: d.get('a')); show(lambda: d.get([])); show(lambda: d[[]]); show(lambda: d['nope']); show(lambda: d[(1,)]); show(lambda: dict(a=1,**{'b':2})); show(lambda: dict([(1,2)],x=3)); show(lambda: dict(5)); show(lambda: {1:2}|{3:4}); show(lambda: {1:2}|[(1,3)]); show(lambda: sorted(d.keys()&{'a','q'})); show(lambda: sorted(d.keys()|{'zz'})); show(lambda: d.items()&{('a',1)}); show(lambda: sorted(d.keys()-['a'])); show(lambda: d.keys()=={'a','q','r','s','t'}); show(lambda: 'a' in d.values()); show(lambda: ('a',1) in d.items()); show(lambda: len(d.items())); show(lambda: d.keys().isdisjoint({'x'})); show(lambda: {**d,'a':9}); show(lambda: {}=={}); show(lambda: {1:[1]}=={1.0:[1.0]}); show(lambda: {1:1}<{2:2}); show(lambda: dict.fromkeys([1,2])); show(lambda: dict.fromkeys([1,2],0)); show(lambda: d.copy()==d); show(lambda: d.clear()); show(lambda: d)
d={1:'a'}; d[True]='b'; d[1.0]='c'; show(lambda:d); d[0]='z'; d[False]='f'; d[0.0]='g'; d[-0.0]='h'; show(lambda: d); show(lambda: d[1+0j]); show(lambda: {(1,True):1}[(True,1.0)]); show(lambda: (0,1) in {(False,True):2}); show(lambda: {True:1,1:2}); show(lambda: {(1,2):3}.get((1.0,2.0))); show(lambda: {1,True,1.0}); show(lambda: {None:1}[None]); show(lambda: True in {1}); show(lambda: 1 in {True}); show(lambda: {frozenset([1]):2}[frozenset([True])]); show(lambda: {'a':1}=={'a':True})
def mut():
    d={1:1,2:2}
    for k in d: d[k+10]=1
show(mut)
def mut2():
    d={1:1,2:2}
    for k in d: d[k]=5
    return d
show(mut2)
def mut3():
    s={1,2}
    for k in s: s.add(k+10)
show(mut3)
def mut4():
    l=[1,2,3]; o=[]
    for x in l:
        o.append(x)
        if len(l)<6: l.append(x*10)
    return o
show(mut4)
def mut5():
    d={1:1,2:2}; o=[]
    for k,v in d.items():
        o.append((k,v)); d[2]=9
    return o
show(mut5)
def mut6():
    l=[1,2,3,4]; o=[]
    for x in l:
        o.append(x); l.remove(x)
    return o,l
show(mut6)
s={1,2,3}
show(lambda: s|{4}); show(lambda: s&{1}); show(lambda: s-{1}); show(lambda: s^{1,9}); show(lambda: s|[1]); show(lambda: s.union([4],(5,))); show(lambda: s.intersection([1],[1,2])); show(lambda: s.difference([1])); show(lambda: s.symmetric_difference([1,7])); show(lambda: s.issubset([1,2,3,4])); show(lambda: s.issuperset([1])); show(lambda: s.isdisjoint([7])); show(lambda: s.add([])); show(lambda: s.remove(9)); show(lambda: s.discard(9)); show(lambda: s.update([4],[5])); show(lambda: s); show(lambda: s.difference_update([4])); show(lambda: s.intersection_update([1,2])); show(lambda: s.symmetric_difference_update([2,3])); show(lambda: sorted(s)); show(lambda: s.pop() in (1,3)); show(lambda: set().pop()); show(lambda: s<={1,3,5}); show(lambda: s>s); show(lambda: s==frozenset(s)); show(lambda: frozenset([1])|{2}); show(lambda: sorted({2}|frozenset([1]))); show(lambda: frozenset()); show(lambda: frozenset([1,2])); show(lambda: set()); show(lambda: {1}<2); show(lambda: hash(frozenset([1,2]))==hash(frozenset([2,1]))); show(lambda: hash({1})); show(lambda: set([[]])); show(lambda: {1}.copy()); show(lambda: frozenset([1]).add(2)); show(lambda: {1}=={1.0,True}); show(lambda: s.clear()); show(lambda: {1,2}.union('ab')>{1}); show(lambda: {*[1,2],3})
show(lambda: range(5)); show(lambda: range(1,10,2)[::-1]); show(lambda: range(0)); show(lambda: range(5)[10]); show(lambda: range(1,2,0)); show(lambda: range('a')); show(lambda: range(1.0)); show(lambda: range(10**20)[10**19]); show(lambda: len(range(10**20))); show(lambda: 10**19 in range(10**20)); show(lambda: range(3)==range(0,3,1)); show(lambda: range(0)==range(2,1)); show(lambda: range(10).index(3)); show(lambda: range(10).index(30)); show(lambda: range(10).count(3)); show(lambda: 2.0 in range(3)); show(lambda: 'a' in range(3)); show(lambda: list(range(5,0,-2))); show(lambda: range(0,10,3).stop); show(lambda: hash(range(3))==hash(range(3))); show(lambda: range(5)[1:4]); show(lambda: range(10)[::3]); show(lambda: range()); show(lambda: sum(range(10**5))); show(lambda: max(range(3))); show(lambda: list(range(10**20,10**20+3)))
show(lambda: min([])); show(lambda: max([],default=3)); show(lambda: max(1,2,key=lambda x:-x)); show(lambda: min('b','a')); show(lambda: max(1,'a')); show(lambda: max()); show(lambda: max(1)); show(lambda: max(1,2,default=1)); show(lambda: sum(['a'])); show(lambda: sum(['a'],'')); show(lambda: sum([[1],[2]],[])); show(lambda: sum([1.5,2])); show(lambda: sum([1],start=5)); show(lambda: any([0,1])); show(lambda: all([])); show(lambda: any(5)); show(lambda: list(zip([1,2],'ab',(3,)))); show(lambda: list(zip())); show(lambda: list(zip([1],[1,2],strict=True))); show(lambda: list(zip([1,2],[1],strict=True))); show(lambda: list(zip([1],5))); show(lambda: list(map(lambda a,b:a+b,[1,2],[3]))); show(lambda: list(map(None,[1]))); show(lambda: map(1)); show(lambda: list(filter(None,[0,1,'']))); show(lambda: list(filter(lambda x:x>1,[1,2]))); show(lambda: list(enumerate('ab',1))); show(lambda: list(enumerate(5))); show(lambda: list(reversed('abc'))); show(lambda: list(reversed({1:2}.items()))); show(lambda: reversed({1})); show(lambda: reversed(5)); show(lambda: next(iter([]))); show(lambda: next(iter([]),7)); show(lambda: next([1])); show(lambda: iter(5)); show(lambda: list(iter(lambda:1,1))); show(lambda: iter(5,1)); show(lambda: isinstance(1,(str,int))); show(lambda: isinstance(1,int|str)); show(lambda: isinstance(True,int)); show(lambda: isinstance(1,5)); show(lambda: issubclass(bool,int)); show(lambda: issubclass(1,int)); show(lambda: callable(len)); show(lambda: callable(1)); show(lambda: getattr(1,'x',2)); show(lambda: getattr(1,'x')); show(lambda: getattr(1,2)); show(lambda: hasattr([], 'append')); show(lambda: setattr(1,'x',2)); show(lambda: [].append.__name__); show(lambda: len.__name__); show(lambda: type(len)); show(lambda: type([].append)); show(lambda: type(str.upper)); show(lambda: type(int)); show(lambda: type(type)); show(lambda: type(None)); show(lambda: type(...)); show(lambda: type(NotImplemented)); show(lambda: type(iter([]))); show(lambda: type(iter({}))); show(lambda: type(zip())); show(lambda: type({}.keys())); show(lambda: type(range(1))); show(lambda: type(lambda:1)); show(lambda: int|None); show(lambda: len()); show(lambda: len(1,2)); show(lambda: len(5)); show(lambda: print(1,sep=1)); show(lambda: print(1,2,sep='-',end='!\n'));  show(lambda: divmod(7,-2)); show(lambda: divmod(7.5,2)); show(lambda: slice(1,2)); show(lambda: slice(1,2,3).indices(2)); show(lambda: slice(None)==slice(None)); show(lambda: repr(object())[:16]); show(lambda: id(1)==id(1)); show(lambda: id([])!=0); show(lambda: bool('')); show(lambda: bool([0])); show(lambda: str(1.0)); show(lambda: str(b'a')); show(lambda: str(b'a','utf8')); show(lambda: str()); show(lambda: int()); show(lambda: list('ab')); show(lambda: tuple([1])); show(lambda: dict()); show(lambda: format(3.14159,'.2f')); show(lambda: vars(1)); show(lambda: 'a' 'b'); show(lambda: None < 1); show(lambda: None == None); show(lambda: [] is []); show(lambda: 5 in 5); show(lambda: 1 in 'a'); show(lambda: 'a' in ['a']); show(lambda: hash('a')==hash('a')); show(lambda: hash((1,[]))); show(lambda: hash(1.0)==hash(1)==hash(True)); show(lambda: (1,2,3).index(2)); show(lambda: (1,2,3).index(9)); show(lambda: (1,1).count(1)); show(lambda: type(1)==type(2)); show(lambda: type(1) is int); show(lambda: str(type(1))); show(lambda: int.__name__); show(lambda: bool.__mro__); show(lambda: int.__bases__);  show(lambda: "%s" % (int,))
