import re
m = re.search(r"(?P<k>\w+)=(\d+)", "é x_1=42;y=7")
print(m.group(), m.group("k"), m[2], m.groups(), m.groupdict(), m.span(), m.start(2), m.end(), bool(m), re.match(r"\d", "a1"), re.match("a", "abc"), re.fullmatch("a+", "aaa").span())
print(re.findall(r"\d+", "a1b22c333"), re.findall(r"(\w)(\d)", "a1 b2"), re.findall(r"(\w)\d", "a1 b2"), [x.group() for x in re.finditer("[aeiou]", "education")])
print(re.sub(r"\s+", " ", "a  b \n c"), re.sub(r"(\w+) (\w+)", r"\2 \1", "hello world"), re.sub("a", lambda m: m.group().upper(), "banana", count=2), re.subn("a", "b", "aa"), re.sub(r"(?P<n>x)", r"[\g<n>]\n", "x"))
print(re.split(r"[,;]\s*", "a, b;c"), re.split("(-)", "a-b"), re.split(",", "a,b,c", maxsplit=1), re.escape("a.b*c"), re.findall("^b", "a\nb", re.M), re.search("A.B", "a\nb", re.I | re.S) is not None)
p = re.compile(r"""(\d+)  # number
  \s* (px|em)  # unit""", re.X)
print(p.match("12 px").groups(), p.pattern == p.pattern, re.compile("x"), re.compile("x", re.I), p.groups, re.search(r"(a)|(b)", "b").groups(), re.search("[]a]+", "x]a").group())
for bad in ("(", "[a", "*a", r"\q"):
    try: re.compile(bad); print("ok")
    except re.error: print("re.error")
print(re.search("é+", "caféé!").span(), re.match(r"\w+", "naïve").group(), re.sub("[^a-z]", "", "a1-b"))
t = "naïve café — 12-34, 56-78 — naïve " * 9
m = re.compile(r"(\d+)-(?P<b>\d+)").search(t, 40)
print(m.span(), m.span("b"), m.regs, m.pos, m.endpos == len(t), m.lastindex, m.lastgroup, m.string is t, m.expand(r"\g<b>/\1"), t[m.start():m.end()])
print(re.sub(r"(\w+) (\w+)", r"\2 \1", "a b c d"), re.sub(r"\w", lambda m: m.group() * 2, "ab"), re.sub("b*", "-", "abc"), re.subn("x", r"\\", "axb", 1))
print(re.compile(rb"(\w)(\d)?").findall(b"a1b\xe9"), re.search(rb"\xe9", b"caf\xe9").span(), re.sub(rb"a", b"\xff", b"aba"), re.compile(rb"b").split(b"abc"))
for bad in (r"\9", r"\g<x>", r"\q", "\\"):
    try: re.sub("(a)", bad, "a")
    except (re.error, IndexError) as e: print(type(e).__name__, e)
for bad in (lambda: re.match("a", b"a"), lambda: re.match(b"a", "a"), lambda: re.match("a", 1), lambda: re.match("(a)", "a").group(2), lambda: re.match("a", "a")["x"]):
    try: bad()
    except (TypeError, IndexError) as e: print(type(e).__name__, e)
print([m.span() for m in re.finditer(r"(?<=é)|\b", "é a")], re.findall(r"\w+(?= )", "the quick brown fox"), re.compile("a|b").fullmatch("b"), re.match("(?i)É", "é"), re.match(r"\w+", "x" * 70 + "é").end())
