import configparser
import io

text = """
[DEFAULT]
base = /srv
Compression = yes

[paths]
data = %(base)s/data
deep = %(data)s/deep
many = a
    b

    c
percent = 100%%
[numbers]
; a comment
int = 42
float : 2.5
on = ON
empty =
"""
c = configparser.ConfigParser()
c.read_string(text)
print(c.sections(), c.defaults(), "paths" in c, "nothing" in c, len(c), list(c))
for s in c:
    print(s, dict(c[s]), list(c[s]), c.options(s) if s != "DEFAULT" else None)
print(repr(c["paths"]["many"]), c["paths"]["percent"], c.get("paths", "data", raw=True), c.get("paths", "data", vars={"base": "/x"}))
n = c["numbers"]
print(n.getint("int"), n.getfloat("float"), n.getboolean("on"), repr(n["empty"]), n.get("absent"), n.get("absent", "else"), n.getint("absent", fallback=7), n.name, n)
print(c.getint("numbers", "int"), c.has_option("numbers", "compression"), c.items("numbers"), c.has_section("DEFAULT"))
for call in (lambda: c.get("a", "b"), lambda: c.get("paths", "b"), lambda: c["zz"], lambda: c["paths"]["zz"], lambda: c.getint("numbers", "on"), lambda: c.getboolean("numbers", "int"),
             lambda: c.add_section("paths"), lambda: c.add_section("DEFAULT"), lambda: c.set("paths", "x", "%y"), lambda: c.set("paths", "x", 3), lambda: c.set("none", "x", "3"),
             lambda: configparser.ConfigParser().read_string("a = 1"), lambda: configparser.ConfigParser().read_string("[a]\nb = 1\nb = 2"),
             lambda: configparser.ConfigParser().read_string("[a]\n[a]"), lambda: configparser.ConfigParser().read_string("[a]\nb\nc"), lambda: c.remove_section("zz") or 1 / 0):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__, e)
c["new"] = {"One": "1", "two": "x\ny"}
c["new"]["three"] = "3"
del c["new"]["one"]
print(c.remove_option("new", "two"), c.remove_option("new", "two"), c.remove_section("paths"), c.sections())
c["new"]["lines"] = "first\nsecond"
out = io.StringIO()
c.write(out)
print(out.getvalue())
out = io.StringIO()
c.write(out, space_around_delimiters=False)
print(out.getvalue())
again = configparser.ConfigParser()
again.read_string(out.getvalue())
print(again == c, {s: dict(again[s]) for s in again})

x = configparser.ConfigParser(interpolation=configparser.ExtendedInterpolation(), allow_no_value=True, inline_comment_prefixes=("#",), delimiters=("=",), converters={"list": lambda v: v.split(",")})
x.read_string("[a]\none = 1 # said\ntwo = ${one}2 ${b:three} $$\nflag\nl = 1,2,3\n[b]\nthree = ${a:one}3\n")
print(dict(x["a"]), x["b"]["three"], x.getlist("a", "l"), x["a"].getlist("l"), x["a"].getlist("no", [0]))
for bad in ("${no}", "${a:b:c}", "$x", "${c", "${loop}"):
    x["a"].parser._sections["a"]["loop"] = "${loop}"
    x["a"].parser._sections["a"]["bad"] = bad
    try:
        print(x["a"]["bad"])
    except configparser.InterpolationError as e:
        print(type(e).__name__, str(e).splitlines()[0])
r = configparser.RawConfigParser(defaults={"k": "v"}, strict=False)
r.read_string("[a]\nb = %(c)s\nb = 2\n[a]\nd = 3\n")
print({s: dict(r[s]) for s in r})
r.optionxform = str
r.read_dict({"X": {"Mixed": 1, "None": None}})
print(dict(r["X"]))
