import tomllib, io
doc=r'''
# a comment
title = "TOML \u00e9 \t tab"  # more
[owner]
name = 'literal \n'
dob = 1979-05-27T07:32:00-08:00
local = 1979-05-27T00:32:00.999999
day = 1979-05-27
time = 07:32:00.5
[database]
ports = [ 8000, 8001,
  # inside
  8002, ]
data = [ ["delta", "phi"], [3.14] ]
temp = { cpu = 79.5, case.in = 72.0, empty = {} }
big = 1_000_000
hex = 0xDEAD_beef
oct = 0o755
bin = 0b1101
neg = -17
flt = 6.626e-34
e = 1e5
inf = -inf
yes = true
no = false
ml = """
Roses \
   are red
"quoted" ""\""""
ll = """y"""

"quoted key" = 1
a.b.c = 2
a.b."d e" = 3
[[products]]
name = "Hammer"
[[products]]
[[products.sub]]
x = 1
[[products.sub]]
x = 2
[x.y.z.w]
[x]
q = 1
'''
d=tomllib.loads(doc)
for k,v in d.items(): print(k,v)
print(tomllib.load(io.BytesIO(b'a = 1\r\nb = "x"\r\n')), tomllib.loads('f = 1.5', parse_float=str))
print(tomllib.loads("ll = '''\nraw\\n 'x''''"))
bad=['a','a =','a = 1 b = 2','a = 1\na = 2','[a]\n[a]','a = 1\n[a]','a = {x=1}\n[a.b]','a = [1\n','a = "x','a = "\\q"',"a = 'x\n'",'a = 01','a = 1.','a = 1__0','= 1','[a','[[a]','[a]]','a = [1]\n[[a]]','[[a]]\n[a]','a.b = 1\na = 2','a.b = 1\n[a]','a = {b=1,}','a = {b=1, b=2}','a = tru','a = 1979-13-01','a = 1979-02-30','a = "\\ud800"','a = """x','a b = 1','[a.b]\n[a]\nb.c = 1','a = "\x01"','# \x01','a = 0x','a = +0x1','a = nope','[]','a."" = 1','a = { b = 1\n}','a.b.c=1\na.b=2','a=[{b=1}]\n[a.c]','[a.b]\nx=1\n[a]\nb=2']
for b in bad:
    try: print('ok',repr(b),tomllib.loads(b))
    except tomllib.TOMLDecodeError as e: print('bad',repr(b))
try: tomllib.load(io.StringIO('a=1'))
except TypeError as e: print(e)
