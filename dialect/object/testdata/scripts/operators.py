# Each line of output is what CPython 3.11 prints; see golden_test.go.
def show(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__ + ':', e)
nums=[0,1,-7,3,2**70,0.0,-0.0,2.5,float('-inf'),True,2+3j]
ops=[lambda a,b:a+b,lambda a,b:a-b,lambda a,b:a*b,lambda a,b:a/b,lambda a,b:a//b,lambda a,b:a%b,lambda a,b:a==b,lambda a,b:a<b,lambda a,b:a>=b,lambda a,b:divmod(a,b),lambda a,b:a&b,lambda a,b:a|b,lambda a,b:a^b,lambda a,b:a!=b]
for i,op in enumerate(ops):
    for a in nums:
        for b in nums:
            print(i,repr(a),repr(b),end=' '); show(lambda: op(a,b))
for a in [0,1,-1,2,-3,2.0,-2.0,0.0,0.5,True,1j]:
    for b in [0,1,-1,2,3,-2,0.5,-0.5,2.0,True]:
        print(repr(a),repr(b),end=' '); show(lambda: a**b)
vals=[1,1.5,'a',b'a',[1],(1,),{1:2},{1},None,len,int,...]
for a in vals:
    show(lambda:-a); show(lambda:~a); show(lambda:+a); show(lambda: not a); show(lambda:len(a)); show(lambda: a[0]); show(lambda: a['x']); show(lambda:abs(a)); show(lambda: int(a)); show(lambda: float(a)); show(lambda: list(a)); show(lambda: a.zzz)
    show(lambda: type(a)); show(lambda: sorted(a)); show(lambda: round(a)); show(lambda: complex(a)); show(lambda: dict(a)); show(lambda: set(a)); show(lambda: iter(a) and 1); show(lambda: next(a)); show(lambda: a()) if a not in (len,int) else None
    for b in vals:
        for op in [lambda a,b:a+b,lambda a,b:a-b,lambda a,b:a*b,lambda a,b:a<b,lambda a,b:a==b,lambda a,b:a in b,lambda a,b:a|b,lambda a,b:a@b,lambda a,b:a<<b,lambda a,b:a**b]:
            if a is len or b is len: continue
            show(lambda: op(a,b))
def aug(op,a,b):
    if op==0: a+=b
    elif op==1: a-=b
    elif op==2: a*=b
    elif op==3: a|=b
    elif op==4: a**=b
    elif op==5: a@=b
    elif op==6: a>>=b
    return a
for o in range(7):
    for a in [1,2.5,'a',[1],(1,),{1:2},{1,2}]:
        if o==2 and a==2.5: continue
        for b in [1,2.5,'a',[1],(1,),{1:2},{1,3},None]:
            a2=a if not isinstance(a,(list,dict,set)) else type(a)(a)
            show(lambda: aug(o,a2,b))
