import sys
def t(f):
    try: print(repr(f()))
    except Exception as e: print(type(e).__name__, '|', e)
class MyErr(Exception): pass
class ArgErr(ValueError):
    def __init__(self, a, b=2):
        super().__init__(f'{a}-{b}'); self.a, self.b = a, b
class StrErr(Exception):
    def __str__(self): return 'custom str'
def r(x): raise x
t(lambda: r(MyErr)); t(lambda: r(MyErr('m'))); t(lambda: r(MyErr('m', 2))); t(lambda: r(ArgErr(1))); t(lambda: r(StrErr())); t(lambda: r(3)); t(lambda: r(int))
e = ArgErr(5, b=6); print(repr(e), str(e), e.args, e.a, e.b)
print(repr(MyErr()), repr(MyErr('a')), repr(MyErr('a', 1)), str(MyErr()), str(MyErr('a', 1)))
print(repr(KeyError('k')), str(KeyError('k')), repr(StopIteration(3)), StopIteration(3).value)
try:
    try: 1/0
    except ZeroDivisionError as e: raise ValueError('v') from e
except ValueError as e: print(repr(e.__cause__), repr(e.__context__), e.__suppress_context__)
try:
    try: 1/0
    except ZeroDivisionError: raise ValueError('v')
except ValueError as e: print(repr(e.__cause__), repr(e.__context__), e.__suppress_context__)
try:
    try: 1/0
    except ZeroDivisionError: raise ValueError('v') from None
except ValueError as e: print(repr(e.__cause__), repr(e.__context__), e.__suppress_context__)
def f():
    try: return 'try'
    finally: print('fin')
t(f)
def f():
    try: return 'try'
    finally: return 'fin'
t(f)
def f():
    try: 1/0
    except ZeroDivisionError: return 'exc'
    else: return 'else'
    finally: print('fin')
t(f)
def f():
    try: x = 1
    except ZeroDivisionError: return 'exc'
    else: return 'else'
    finally: print('fin')
t(f)
def f():
    for i in range(5):
        try:
            if i == 1: continue
            if i == 3: break
            print(i)
        finally: print('f', i)
    else: print('no')
    return i
t(f)
def f():
    try: raise ValueError
    finally: return 1
t(f)
def f():
    while True:
        try: raise ValueError
        finally: break
    return 'broke'
t(f)
try:
    raise MyErr('x')
except (ValueError, MyErr) as e: print('tuple', e)
try: e
except NameError as x: print(x)
def f():
    try: raise KeyError('a')
    except KeyError as e: pass
    return e
t(f)
try:
    try: raise ValueError('inner')
    except ValueError: raise
except ValueError as e: print('re', e)
try:
    raise
except RuntimeError as e: print(e)
try:
    try: raise ValueError('a')
    except 3: pass
except TypeError as e: print(e)
try:
    raise ValueError('a') from 3
except TypeError as e: print(e)
e = ValueError('x'); e.add_note('n1'); print(e.__notes__)
try:
    raise e
except ValueError as q: print(q is e, q.__traceback__ is not None, q.with_traceback(None) is q)
for ex in [ZeroDivisionError, ArithmeticError, LookupError, IndexError, KeyError, OSError, FileNotFoundError, PermissionError, IOError, StopIteration, GeneratorExit, KeyboardInterrupt, SystemExit, NotImplementedError, RecursionError, RuntimeError, AssertionError, AttributeError, ImportError, ModuleNotFoundError, NameError, UnboundLocalError, SyntaxError, IndentationError, TypeError, ValueError, UnicodeError, UnicodeDecodeError, UnicodeEncodeError, OverflowError, FloatingPointError, MemoryError, BufferError, EOFError, TimeoutError, ConnectionError, Warning, UserWarning, DeprecationWarning, RuntimeWarning, FutureWarning, StopAsyncIteration, BlockingIOError, ChildProcessError, InterruptedError, IsADirectoryError, NotADirectoryError, ProcessLookupError, BrokenPipeError, FileExistsError, ReferenceError, SystemError, TabError, PendingDeprecationWarning, ResourceWarning, BytesWarning, ImportWarning, UnicodeWarning, SyntaxWarning, EncodingWarning]:
    print(ex.__name__, [c.__name__ for c in ex.__mro__])
t(lambda: 1/0); t(lambda: 1//0); t(lambda: 1%0); t(lambda: 1.0/0); t(lambda: 1.0//0); t(lambda: 1.0%0); t(lambda: 0**-1); t(lambda: 0.0**-1); t(lambda: divmod(1,0)); t(lambda: divmod(1.0,0))
t(lambda: [][0]); t(lambda: ()[0]); t(lambda: ''[0]); t(lambda: {}['a']); t(lambda: {}[1]); t(lambda: [].pop()); t(lambda: {}.pop('x')); t(lambda: set().pop()); t(lambda: {}.popitem()); t(lambda: [1].remove(2)); t(lambda: [1].index(2)); t(lambda: (1,).index(2)); t(lambda: 'abc'.index('z')); t(lambda: set().remove(3)); t(lambda: [1].pop(5)); t(lambda: [1]['a']); t(lambda: (1,)['a']); t(lambda: 'a'['a']); t(lambda: {}[[]]); t(lambda: {[]: 1}); t(lambda: {[]}); t(lambda: hash([])); t(lambda: hash({})); t(lambda: {}[{}:1]); t(lambda: bytes([256])); t(lambda: bytes(-1))
t(lambda: int('x')); t(lambda: int('')); t(lambda: int('1.5')); t(lambda: int('z', 36)); t(lambda: int('9', 8)); t(lambda: int('1', 99)); t(lambda: int(1, 2)); t(lambda: int(None)); t(lambda: int([])); t(lambda: int(float('nan'))); t(lambda: int(float('inf'))); t(lambda: float('x')); t(lambda: float('')); t(lambda: float(None)); t(lambda: float([])); t(lambda: complex('x')); t(lambda: chr(-1)); t(lambda: chr(0x110000)); t(lambda: ord('ab')); t(lambda: ord('')); t(lambda: ord(3)); t(lambda: chr('a'))
t(lambda: 'a' + 1); t(lambda: 1 + 'a'); t(lambda: [1] + (2,)); t(lambda: (1,) + [2]); t(lambda: 'a' * 'b'); t(lambda: 'a' - 'b'); t(lambda: None + 1); t(lambda: [] < {}); t(lambda: 1 < 'a'); t(lambda: None < None); t(lambda: {} < {}); t(lambda: 1 @ 2); t(lambda: -'a'); t(lambda: +[]); t(lambda: ~1.5); t(lambda: 1.5 << 2); t(lambda: 1.5 & 2); t(lambda: 'a' % 1); t(lambda: '%d' % 'a'); t(lambda: '%d %d' % (1,)); t(lambda: '%q' % 1); t(lambda: '%' % 1); t(lambda: 1j < 2j); t(lambda: 1j // 2); t(lambda: 1j % 2); t(lambda: {1} + {2}); t(lambda: [1] * 1.5); t(lambda: [] * []); t(lambda: b'a' + 'b'); t(lambda: 'a' + b'b')
t(lambda: 3()); t(lambda: 'a'()); t(lambda: None()); t(lambda: [](1)); t(lambda: 3[0]); t(lambda: None[0]); t(lambda: 1.5[0]); t(lambda: len(3)); t(lambda: len(None)); t(lambda: iter(3)); t(lambda: next(3)); t(lambda: next([])); t(lambda: next(iter([]))); t(lambda: list(3)); t(lambda: tuple(None)); t(lambda: set(3)); t(lambda: dict(3)); t(lambda: dict([1])); t(lambda: dict(['abc'])); t(lambda: dict([(1,2,3)])); t(lambda: sum('abc')); t(lambda: sum(['a'])); t(lambda: sum([[1],[2]], [])); t(lambda: max([])); t(lambda: min(())); t(lambda: max(1)); t(lambda: max()); t(lambda: max(1, 'a')); t(lambda: sorted([1, 'a'])); t(lambda: sorted(3)); t(lambda: [1, 'a'].sort()); t(lambda: abs('a')); t(lambda: round('a')); t(lambda: pow(2, -1, 4)); t(lambda: pow('a', 2)); t(lambda: range(1.5)); t(lambda: range(1, 2, 0)); t(lambda: range()); t(lambda: enumerate(3)); t(lambda: zip(3)); t(lambda: map(3)); t(lambda: list(map(3, [1]))); t(lambda: list(zip([1],[1,2], strict=True))); t(lambda: list(zip([1,2],[1], strict=True))); t(lambda: reversed(3)); t(lambda: reversed({1})); t(lambda: all(3)); t(lambda: isinstance(1, 'a')); t(lambda: getattr(3, 'x')); t(lambda: getattr(3)); t(lambda: setattr(3, 'x', 1)); t(lambda: delattr(3, 'x')); t(lambda: hasattr(3, 3)); t(lambda: open('/nonexistent/x')); t(lambda: ' '.join([1])); t(lambda: ' '.join(3)); t(lambda: 'a'.split('')); t(lambda: 'x'.center()); t(lambda: 'x'.replace('a')); t(lambda: 'x'.zfill('a')); t(lambda: 'x'.nope()); t(lambda: [].nope); t(lambda: {}.nope); t(lambda: (1).nope); t(lambda: None.nope); t(lambda: (lambda: 0).nope); t(lambda: len.nope); t(lambda: print.nope); t(lambda: t.nope)
try: import nopemod
except ImportError as e: print(type(e).__name__, e, e.name)
try: a, b = 1
except TypeError as e: print(e)
try: a, b = [1]
except ValueError as e: print(e)
try: a, b = [1,2,3]
except ValueError as e: print(e)
try: a, *b, c = [1]
except ValueError as e: print(e)
try: a, b = {}
except ValueError as e: print(e)
try: [a, b] = 'abc'
except ValueError as e: print(e)
try: assert 0, 'msg'
except AssertionError as e: print(repr(e))
try: assert 0
except AssertionError as e: print(repr(e))
try: assert 0, (1, 2)
except AssertionError as e: print(repr(e))
def f(): print(loc); loc = 1
t(f)
def f(): del zz
t(f)
t(lambda: undefined_name)
try: raise SystemExit(3)
except SystemExit as e: print(e.code, e.args)
try: sys.exit('bye')
except SystemExit as e: print(e.code)
try: sys.exit()
except SystemExit as e: print(e.code, repr(e))
try: raise KeyboardInterrupt
except BaseException as e: print(repr(e))
def rec(n): return rec(n + 1)
try: rec(0)
except RecursionError as e: print(str(e)[:32])
class Ex(Exception):
    code = 5
    def __init__(self, *, msg): self.msg = msg
t(lambda: r(Ex(msg='q'))); t(lambda: Ex('a')); 
try: raise Ex(msg=1)
except Ex as e: print(e.code, e.msg, e.args)
try: open('/nonexistent/x')
except OSError as e: print(e.errno, e.strerror, e.filename, type(e).__name__, e)
print(repr(OSError(2, 'No such file')), OSError(2, 'No such', 'fn'), type(OSError(2, 'a')).__name__)
try: {}['missing']
except LookupError as e: print(e.args)
try:
    try: raise ValueError(1)
    finally: raise KeyError(2)
except KeyError as e: print(repr(e), repr(e.__context__))
import traceback
try: 1/0
except Exception as e:
    print(traceback.format_exc().splitlines()[-1]); print(traceback.format_exception_only(type(e), e))
class E1(Exception): pass
class E2(E1, KeyError): pass
try: raise E2('z')
except LookupError as e: print(repr(e), str(e))
t(lambda: UnicodeDecodeError('utf-8', b'abc', 0, 1, 'bad')); t(lambda: b'\xff'.decode()); t(lambda: 'é'.encode('ascii')); t(lambda: b'\xff'.decode('ascii')); t(lambda: 'a'.encode('nope'))
