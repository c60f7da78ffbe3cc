# Functions of complex numbers, on both sides of branch cuts and at the ends of the range.
import cmath

inf, nan = float("inf"), float("nan")
values = [complex(x, y) for x in (0.0, -0.0, 0.5, -0.5, 1.0, -1.0, 2.5, -3.0, 1e-320, 1e300, -1e300, 708.0, inf, -inf, nan) for y in (0.0, -0.0, 0.3, -1.0, 2.0, 1e300, -1e-310, inf, nan)]


def shown(x):
    return "%.11g" % x


for name in ("exp", "log", "log10", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "asin", "acos", "atan", "asinh", "acosh", "atanh", "phase", "polar", "isfinite", "isinf", "isnan"):
    f = getattr(cmath, name)
    for z in values:
        if name in ("phase", "polar") and abs(z.real) == 1e300 and abs(z.imag) < 1e-300:
            continue  # an angle below the least number
        if name in ("sin", "cos", "tan") and abs(z.real) > 1e10 or name in ("sinh", "cosh", "tanh", "exp") and abs(z.imag) > 1e10 and abs(z.imag) < inf:
            continue  # the last digits of angles so large are the C library's
        try:
            v = f(z)
        except (ValueError, OverflowError) as e:
            print(name, z, type(e).__name__, e)
            continue
        print(name, z, (shown(v.real), shown(v.imag)) if isinstance(v, complex) else tuple(map(shown, v)) if isinstance(v, tuple) else shown(v) if isinstance(v, float) else v)
print(cmath.log(8, 2), cmath.rect(2, 0.5), cmath.rect(1, 0), cmath.isclose(1 + 1e-10j, 1), cmath.isclose(1, 2), cmath.isclose(1, 1.1, abs_tol=0.2), cmath.isclose(complex(inf, 0), complex(inf, 0)))
print(cmath.pi, cmath.e, cmath.tau, cmath.inf, cmath.nan, cmath.infj, cmath.nanj)
for call in (lambda: cmath.sqrt("1"), lambda: cmath.log(0), lambda: cmath.atanh(1), lambda: cmath.isclose(1, 1, rel_tol=-1), lambda: cmath.exp()):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__)
