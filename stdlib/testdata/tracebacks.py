import sys, traceback
def fail(): raise ValueError("inner")
try:
    fail()
except ValueError as e:
    print(traceback.format_exc(), end="")
    print(traceback.format_exception_only(e), traceback.format_exception_only(type(e), e))
    print("".join(traceback.format_exception(e)) == traceback.format_exc())
    print(sys.exc_info()[0] is ValueError, sys.exc_info()[1] is e)
print(sys.exc_info(), repr(traceback.format_exc()))
try:
    try: fail()
    except ValueError as e: raise KeyError("outer") from e
except KeyError as e:
    traceback.print_exception(e, file=sys.stdout)
class Mine(Exception): pass
print(traceback.format_exception_only(Mine()))
