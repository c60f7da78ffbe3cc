"""Groups of exceptions, and the clauses that take parts of them."""


def attempt(f, *args):
    try:
        return f(*args)
    except Exception as e:
        print(type(e).__name__, e)


g = ExceptionGroup("outer", [ValueError("a"), ExceptionGroup("inner", [KeyError("b"), OSError(2, "c")]), TypeError("d")])
print(g, g.message, g.args)
print(repr(g))
print(g.exceptions, isinstance(g, Exception), [t.__name__ for t in ExceptionGroup.__mro__])
print(type(BaseExceptionGroup("x", [ValueError()])).__name__, type(BaseExceptionGroup("x", [KeyboardInterrupt()])).__name__)
for args in ((), ("x",), ("x", []), (1, [ValueError()]), ("x", 3), ("x", [1]), ("x", [ValueError(), KeyboardInterrupt()]), ("x", "text")):
    attempt(ExceptionGroup, *args)
print(g.split(KeyError))
print(g.split((ValueError, OSError)))
print(g.split(lambda e: isinstance(e, TypeError)))
print(g.subgroup(RuntimeError), g.subgroup(ExceptionGroup) is g)
attempt(g.split, 3)
attempt(g.split, (int,))


class Mine(ExceptionGroup):
    def derive(self, excs):
        return Mine(self.message, excs)


m = Mine("mine", [ValueError(1), KeyError(2)])
m.add_note("a note")
part = m.subgroup(KeyError)
print(type(part).__name__, part, part.__notes__)


def handles(error, inside=None):
    """Which clauses take the parts of an error, and what leaves them."""
    log = []
    try:
        try:
            raise error
        except* (KeyError, OSError) as e:
            log.append(("keys", repr(e)))
            if inside is not None:
                raise inside
        except* ValueError as e:
            log.append(("values", repr(e)))
        else:
            log.append("else")
        finally:
            log.append("finally")
    except BaseException as e:
        log.append(("left", repr(e), repr(e.__context__)))
    return log


for error in (g, ValueError("alone"), TypeError("not taken"), ExceptionGroup("all", [ValueError(1), KeyError(2)]), KeyboardInterrupt()):
    print(handles(error))
print(handles(g, RuntimeError("in a clause")))
print(handles(KeyError("naked"), RuntimeError("in a clause")))


def nothing():
    try:
        pass
    except* ValueError:
        print("no")
    else:
        print("else")


nothing()


def wrong(t):
    try:
        raise ValueError("w")
    except* t:
        pass


for t in (ExceptionGroup, int, (ValueError, BaseExceptionGroup)):
    attempt(wrong, t)

for text in (
    "try: pass\nexcept* ValueError: pass\nexcept KeyError: pass",
    "try: pass\nexcept*: pass",
    "def f():\n    try: pass\n    except* ValueError: return 1",
    "for x in y:\n    try: pass\n    except* ValueError: break",
):
    try:
        exec(text)
    except SyntaxError as e:
        print(e.msg)
for x in (1, 2):
    try:
        raise ValueError(x)
    except* ValueError as e:
        for i in range(5):
            if i == 1:
                break
        print(e.exceptions, i)
