import math

def tried(f, *args, **kw):
    try:
        return f(*args, **kw)
    except Exception as e:
        return f"{type(e).__name__}: {e}"

for name in ["sqrt", "exp", "log", "log2", "log10", "floor", "ceil", "trunc", "fabs", "gamma", "lgamma", "acos", "atanh", "factorial", "isqrt", "log1p", "cbrt"]:
    f = getattr(math, name)
    for x in [0, 1, 2, -1, 0.5, float("inf"), "4", None]:
        r = tried(f, x)
        print(name, repr(x), f"{r:.12g}" if isinstance(r, float) else r)
print(math.gcd(12, 18, 8), math.gcd(), math.lcm(4, 6), math.lcm(), math.comb(50, 25), math.perm(5, 2), math.perm(4), math.comb(3, 5))
print(math.isqrt(10**40), math.factorial(30), math.log(10**400), math.log2(2**2000))
print(math.fsum([0.1] * 10), math.fsum([]), math.prod([2, 3.5]), math.prod([], start=4))
print(math.hypot(3, 4), math.hypot(1, 2, 2), math.hypot(), math.dist((1, 2), (4, 6)))
print(math.modf(3.25), math.modf(-3.25), math.frexp(8.0), math.ldexp(0.5, 4), math.modf(float("inf")))
print(math.copysign(1, -0.0), math.fmod(-7, 3), math.remainder(7, 2), math.nextafter(1, 2), math.ulp(1.0))
print(math.isclose(1, 1 + 1e-10), math.isnan(math.nan), math.isinf(-math.inf), math.isfinite(3))
print(math.degrees(math.pi), math.radians(180), math.atan2(1, -1), math.tau)
print(math.floor(1e20), math.ceil(-2.5), math.trunc(-2.7), math.floor(2.9), math.floor(True))
print(tried(math.pow, 0, -1), tried(math.pow, -8, 1 / 3), tried(math.pow, 10, 400), math.pow(2, 10))
print(tried(math.floor, float("nan")), tried(math.floor, float("inf")), tried(math.exp, 1000), tried(math.log, 10, 1))
print(tried(math.factorial, 2.0), tried(math.factorial, -1), tried(math.comb, -1, 2), tried(math.fmod, math.inf, 1), tried(math.fmod, 1, 0))
class F:
    def __float__(self): return 2.25
    def __floor__(self): return "floored"
    def __index__(self): return 12
print(math.sqrt(F()), math.floor(F()), math.gcd(F(), 8))
print(math.log(8, 2), math.sqrt(2), math.exp(0), math.sin(0.5), math.cos(0.5), math.tanh(1))
