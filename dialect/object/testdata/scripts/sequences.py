# Each line of output is what CPython 3.11 prints; see golden_test.go.
def show(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__ + ':', e)
a=bytearray(b'abc'); show(lambda: a); show(lambda: a[0]); show(lambda: a[1:]); a[0]=120; show(lambda: a); a[1:2]=b'QQ'; show(lambda: a); del a[0]; show(lambda:a); a+=b'z'; a.append(33); a.extend([65,66]); show(lambda: a); show(lambda: a.pop()); show(lambda: a.decode()); show(lambda: bytes(a)); show(lambda: a==bytes(a)); show(lambda: bytes(a)==a); show(lambda: a+b'x'); show(lambda: b'x'+a); show(lambda: len(a)); show(lambda: list(a)); show(lambda: a.upper()); show(lambda: hash(a)); show(lambda: bytearray(3)); show(lambda: a.find(b'z')); show(lambda: 65 in a); show(lambda: b'z' in a); show(lambda: bytearray('é','utf8')); show(lambda: type(a)); show(lambda: a*2); show(lambda: a.hex()); show(lambda: bool(bytearray())); show(lambda: a[99]); show(lambda: a.append(300)); show(lambda: bytearray(b'a,b').split(b','))
class M: pass
v=[(1,'b'),(1,'a'),(0,'z')]; show(lambda: sorted(v)); show(lambda: sorted(v,key=lambda t:t[0])); show(lambda: sorted(v,key=lambda t:t[0],reverse=True)); show(lambda: sorted([2,1.5,True])); show(lambda: sorted([float('nan'),1.0,0.5])[1:]); show(lambda: sorted('b a'.split(),reverse=True)); show(lambda: sorted([[2],[1,5],[1]])); show(lambda: sorted([(1,'x'),(1,None)])); show(lambda: sorted({3:1,1:2})); show(lambda: sorted([True,False,2,0]))
show(lambda: M()*2); show(lambda: 2*M())
class Ix:
    def __index__(s): return 2
show(lambda: [1]*Ix()); show(lambda: Ix()*'ab'); show(lambda: [1]*M())
