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
