import string
print(string.ascii_letters, string.digits, string.punctuation, repr(string.whitespace), string.hexdigits, string.capwords("hello  big world"))
t = string.Template("$a and ${b} cost $$5 $c")
print(t.substitute(a=1, b="x", c=3), t.safe_substitute(a=1), t.get_identifiers() if hasattr(t, "get_identifiers") else "")
for bad in ("$", "a $ b", "${x"):
    try: print(string.Template(bad).substitute(x=1))
    except Exception as e: print(type(e).__name__, e)
try: t.substitute(a=1)
except KeyError as e: print("KeyError", e)
print(string.Template("$ ${ $1 $x").safe_substitute(x=9), string.Formatter().format("{} {a}", 1, a=2))
