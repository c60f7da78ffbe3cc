import textwrap
t = "The quick brown fox jumped over the lazy dog, and then the well-known state-of-the-art dog barked.   Loudly!"
for w in (10, 20, 40, 70): print(textwrap.wrap(t, w))
print(textwrap.fill(t, 30, initial_indent="* ", subsequent_indent="  "))
print(textwrap.wrap("averyveryverylongword is here", 8), textwrap.wrap("averyveryverylongword is here", 8, break_long_words=False), textwrap.wrap(""), textwrap.wrap("   x   y "))
print(textwrap.shorten("Hello  world, this is long", width=16), textwrap.shorten("short", 20), textwrap.shorten("Hello world", width=8, placeholder="..."))
print(repr(textwrap.dedent("\n    a\n      b\n\n    c\n  ")), repr(textwrap.dedent("  x\n y")), repr(textwrap.indent("a\n\nb\n", "> ")))
print(textwrap.wrap("aa bb cc dd ee ff gg", 8, max_lines=2), textwrap.wrap("tab\there\nnew", 20))
