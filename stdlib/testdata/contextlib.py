import contextlib, io, sys
from contextlib import contextmanager, suppress, nullcontext, redirect_stdout, closing, ExitStack
@contextmanager
def tag(name):
    print("<", name)
    try:
        yield name.upper()
    except KeyError as e:
        print("swallowed", e)
    finally:
        print(">", name)
with tag("a") as t: print(t)
with tag("b"): raise KeyError("k")
try:
    with tag("c"): raise ValueError("v")
except ValueError as e: print("outer", e)
@tag("deco")
def f(x): return x + 1
print(f(1), f(2), tag.__name__)
with suppress(ZeroDivisionError, KeyError): 1 / 0
try:
    with suppress(KeyError): 1 / 0
except ZeroDivisionError as e: print(e)
with nullcontext(5) as n: print(n)
buf = io.StringIO()
with redirect_stdout(buf): print("hidden")
print(repr(buf.getvalue()))
class C:
    def close(self): print("closed")
with closing(C()) as c: print(type(c).__name__)
with ExitStack() as st:
    print(st.enter_context(tag("x")), st.enter_context(tag("y"))); st.callback(print, "cb", 1)
@contextmanager
def never(): return; yield
try:
    with never(): pass
except RuntimeError as e: print(e)
@contextmanager
def twice(): yield 1; yield 2
try:
    with twice(): pass
except RuntimeError as e: print(e)
class M(contextlib.ContextDecorator):
    def __enter__(self): print("in"); return self
    def __exit__(self, *e): print("out"); return False
@M()
def g(): print("body")
g()
