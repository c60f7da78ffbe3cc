# Tokens of source text.
import tokenize, io, token, sys
src = '''# -*- coding: utf-8 -*-
import os, sys  # c
def f(a, *, b=1.5e-3, **k) -> int:
    """doc
    string"""
    x = (a +
         b)  # in

    if x != 0x_fF and not a:
\treturn f"{x!r:>{3}}" 'y' b'z' rb"\\n"
    y = a \\
        + 1
    return [1, 2j, 3., .5, 1_000]

class A: pass
@dec
async def g(): await h() ; z := 3
lambda: ...
s = 'a\\
b'
a <<= 1; b **= 2; c //= 3; d @= 4;
'''
for t in tokenize.generate_tokens(io.StringIO(src).readline): print(t, t.exact_type)
for t in tokenize.tokenize(io.BytesIO(src.encode()).readline): print(tuple(t)); break
for bad in ["(a", "'''x", "if x:\n    a\n  b\n", "a\n\n\n", "a", "  # c\nx", ""]:
    try: print([tuple(t)[:4] for t in tokenize.generate_tokens(io.StringIO(bad).readline)])
    except Exception as e: print(type(e).__name__, e.args)
for h in [b"# coding: latin-1\nx", b"\xef\xbb\xbfx=1", b"x", b"", b"#!\n# vim: set fileencoding=utf_8 :\n", b"# coding: nope\n"]:
    try: print(tokenize.detect_encoding(io.BytesIO(h).readline))
    except SyntaxError as e: print(e.msg if hasattr(e, 'msg') else e)
toks = list(tokenize.generate_tokens(io.StringIO(src).readline))
print(tokenize.untokenize(toks) == src)
print(len(token.tok_name), token.EXACT_TOKEN_TYPES['->'], token.ERRORTOKEN, token.N_TOKENS, sorted(tokenize.__all__)[:5])
