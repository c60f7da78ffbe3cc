# Each line of output is what CPython 3.11 prints; see golden_test.go.
def show(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__ + ':', e)
S=['','a','abc','Hello World','  x y  ','a,b,,c','é','straße','ǆ','ΑΒΓς','1','½','²','٣','a\tb\nc','AbC dEf','x'*5,'a\r\nb\x0bc\u2028d\n','ﬁ','İ','ß','Ǆ','123abc','_a1','tab\there','😀z','中文字','\x00\x7f\x80\xa0\u200b','it\'s','"q"','\'"']
M=['upper','lower','title','capitalize','swapcase','casefold','isalpha','isdigit','isdecimal','isnumeric','isalnum','isspace','isupper','islower','istitle','isidentifier','isprintable','isascii','split','rsplit','splitlines','strip','lstrip','rstrip','expandtabs','encode']
for s in S:
    show(lambda: s); show(lambda: ascii(s)); show(lambda: len(s)); show(lambda: list(s)); show(lambda: s[::-1]); show(lambda: s[1:3]); show(lambda: s[-1]);show(lambda: s.splitlines(True))
    for m in M: 
        print(m, end=' '); show(lambda: getattr(s,m)())
    for args in [('b',),('',),('a',1),('c',-1),('l',2,-3),('é',),('z',0),('',5),('',100)]:
        for m in ['find','rfind','index','rindex','count','startswith','endswith']:
            print(m,args,end=' '); show(lambda: getattr(s,m)(*args))
    for args in [(',',),('a',1),(None,1),('',),(' ',),(None,0),(',',0)]:
        show(lambda: s.split(*args)); show(lambda: s.rsplit(*args))
    for sep in [',','b','','zz',' ']:
        show(lambda: s.partition(sep)); show(lambda: s.rpartition(sep)); show(lambda: s.replace(sep,'-')); show(lambda: s.replace(sep,'--',1)); show(lambda: s.strip(sep)); show(lambda: s.removeprefix(sep)); show(lambda: s.removesuffix(sep)); show(lambda: sep.join(s))
    for w in [0,3,4,7,8,12]:
        show(lambda: s.center(w)); show(lambda: s.center(w,'*')); show(lambda: s.ljust(w,'.')); show(lambda: s.rjust(w)); show(lambda: s.zfill(w))
show(lambda: '-42'.zfill(6)); show(lambda: '+x'.zfill(5)); show(lambda: 'a'.center(4,'ab')); show(lambda: 'a'.ljust('x'))
show(lambda: 'abc'.translate({97:'X',98:None,99:100})); show(lambda: str.maketrans('ab','xy','z')); show(lambda: str.maketrans({'a':1,2:'q'})); show(lambda: str.maketrans('a','xy'))
show(lambda: 'a'.join([1])); show(lambda: ','.join(5)); show(lambda: 'a'.foo()); show(lambda: 'a'.split(1)); show(lambda: 'a'.replace('a')); show(lambda: 'a'.startswith(1)); show(lambda: 'a'.startswith((1,))); show(lambda: 'a'.encode('ascii')); show(lambda: 'é'.encode('ascii')); show(lambda: 'é'.encode('latin-1')); show(lambda: 'a'.encode('nope')); show(lambda: b'\xff'.decode()); show(lambda: b'\xc3\xa9'.decode()); show(lambda: b'\xe9'.decode('latin1')); show(lambda: b'\xff'.decode('ascii')); show(lambda: b'\xc3'.decode()); show(lambda: 'é'.encode('ascii','replace')); show(lambda: b'a\xff'.decode('utf-8','replace')); show(lambda: b'a\xff'.decode('utf-8','ignore'))
show(lambda: b'abc'[0]); show(lambda: b'abc'[1:]); show(lambda: list(b'ab')); show(lambda: b'ab'+b'c'); show(lambda: b'a,b'.split(b',')); show(lambda: b'a'.hex()); show(lambda: bytes.fromhex('61 62')); show(lambda: bytes([1,2])); show(lambda: bytes(3)); show(lambda: bytes('a')); show(lambda: bytes('é','utf8')); show(lambda: b'a' in b'ab'); show(lambda: 97 in b'ab'); show(lambda: b'\x00\n\'"'); show(lambda: b''.join([b'a',b'b'])); show(lambda: b'abc'.find(b'c')); show(lambda: b' a '.strip()); show(lambda: b'a'=='a'); show(lambda: b'a'<b'b'); show(lambda: bytes([256])); show(lambda: b'abc'.startswith(b'a')); show(lambda: b'ab'.upper()); show(lambda: b'ab'.replace(b'a',b'x')); show(lambda: b'ab'*2); show(lambda: hash(b'a')==hash(b'a'))
for x in ['1','-1',' 12 ','1_000','1__0','_1','1_','0x1f','0b11','0o7','','-','+5','1.5','٣','1e3','inf','nan','-Infinity','.5','5.','1e','0x1p3','1_0.0_1','infinit',' 1 2','1\n','１２']:
    show(lambda: int(x)); show(lambda: float(x)); show(lambda: int(x,0)); show(lambda: int(x,16)); show(lambda: int(x,2)); show(lambda: complex(x)) if '_' not in x else None
for x in ['1+2j','j','-j','1e3+4e-2j','(1+2j)','1 + 2j','nan+infj','+1-j','2','1j2','']: show(lambda: complex(x))
for a in [(0,),(1.5,),(2,1),(1j,2),(1,2j),(1,'a'),('1',2),(None,)]: show(lambda: complex(*a))
for f in [0.0,-0.0,1.0,-1.5,0.1,1e300,5e-324,float('inf'),float('nan'),123456789.123,2.0**53]:
    show(lambda: f.hex()); show(lambda: f.is_integer()); show(lambda: f.as_integer_ratio()); show(lambda: round(f)); show(lambda: int(f)); show(lambda: float.fromhex(f.hex())); show(lambda: hash(f)==hash(f)); show(lambda: f.real); show(lambda: f.imag); show(lambda: f.conjugate())
    for n in range(-3,6): show(lambda: round(f,n))
for i in [0,1,-1,255,256,-256,10**20,True,15,25,-15,35,12345]:
    show(lambda: i.bit_length()); show(lambda: i.to_bytes(2,'big')); show(lambda: i.to_bytes(4,'little',signed=True)); show(lambda: hex(i)); show(lambda: oct(i)); show(lambda: bin(i)); show(lambda: chr(i)) if i < 2**31 else None; show(lambda: i.real); show(lambda: i.denominator); show(lambda: hash(i)); show(lambda: i.bit_count())
    for n in range(-3,2): show(lambda: round(i,n))
show(lambda: int.from_bytes(b'\x01\x00','big')); show(lambda: int.from_bytes(b'\xff\xff','little',signed=True)); show(lambda: pow(3,-1,7)); show(lambda: pow(2,10,1000)); show(lambda: pow(2,-1)); show(lambda: pow(2,3,0)); show(lambda: pow(2.0,3,4)); show(lambda: pow(3,5,-7)); show(lambda: ord('ab')); show(lambda: ord(5)); show(lambda: chr(-1)); show(lambda: abs('a')); show(lambda: round('a')); show(lambda: int('z',36)); show(lambda: int('z',37)); show(lambda: int(1,2)); show(lambda: int([])); show(lambda: float([])); show(lambda: int(None)); show(lambda: hex(1.5)); show(lambda: 10**25//7); show(lambda: 2**100%1e10); show(lambda: -7//2); show(lambda: -7%3); show(lambda: 7%-3); show(lambda: 7.5//-2); show(lambda: 1<<100); show(lambda: -1>>100); show(lambda: 1>>-1); show(lambda: 10**400/10**399); show(lambda: 10**400/3); show(lambda: 1/10**400); show(lambda: 1e400)
show(lambda: 1.0.__add__(2)); show(lambda: (5).__add__('a')); show(lambda: int.__add__(1,2)); show(lambda: str.upper('a')); show(lambda: str.upper(1)); show(lambda: str.upper()); show(lambda: list.append([],1)); show(lambda: dict.fromkeys('ab',1)); show(lambda: int.real); show(lambda: (3).__class__); show(lambda: 'a'.__len__()); show(lambda: [1].__contains__(1)); show(lambda: {}.__getitem__(1)); show(lambda: (1).__eq__('a')); show(lambda: 'a'.__class__.__name__)
