def t(f):
    try: print(repr(f()))
    except Exception as e: print(type(e).__name__, '|', e)
ints = [0, 1, -7, 2**64, True]
flts = [-0.0, 1.5, 1e300, float('inf'), float('-inf'), float('nan')]
import operator as o
for name in ['add', 'sub', 'mul', 'truediv', 'floordiv', 'mod', 'and_', 'or_', 'xor', 'lt', 'le', 'eq', 'ne', 'gt', 'ge']:
    f = getattr(o, name)
    for a in ints + flts:
        for b in ints + flts[:4]:
            try: r = repr(f(a, b))
            except Exception as e: r = f'{type(e).__name__}|{e}'
            print(name, repr(a), repr(b), r)
for a in [0, 1, -1, 2, -2, 3, 10, 0.5, -0.5, 2.0, -8, 1e10, True]:
    for b in [0, 1, -1, 2, -2, 3, 10, 0.5, -0.5, 100, 1/3]:
        try: r = repr(a ** b)
        except Exception as e: r = f'{type(e).__name__}|{e}'
        print('pow', a, b, r)
for a in [1, -1, 5, -5, 2**70]:
    for b in [0, 1, 3, 64, 100]: print(a << b, a >> b)
t(lambda: 1 << -1); t(lambda: 1 >> -1); t(lambda: ~5); t(lambda: -(-5)); t(lambda: +True); t(lambda: ~True); t(lambda: not 0)
t(lambda: 2**1000 % 10**9); t(lambda: int('9' * 50) + 1); t(lambda: 10**40 // 3); t(lambda: -10**40 // 3); t(lambda: 10**40 / 3); t(lambda: 10**400 / 10**399); t(lambda: 10**400 / 3); t(lambda: float(10**400)); t(lambda: int(1e30)); t(lambda: int(-1e-5)); t(lambda: 1e308 * 10); t(lambda: 2.0 ** 10000); t(lambda: (-8) ** (1/3)); t(lambda: (-1) ** 0.5); t(lambda: 0 ** 0); t(lambda: 0.0 ** 0); t(lambda: 0 ** -1); t(lambda: 5 // 0.0); t(lambda: 5 % 0.0); t(lambda: 1e300 // 1e-300); t(lambda: float('inf') // 1); t(lambda: float('inf') % 2); t(lambda: 5 % float('inf')); t(lambda: -5 % float('inf')); t(lambda: 0.1 + 0.2); t(lambda: 1.1 * 3); t(lambda: 1e16 + 1); t(lambda: 3 / 2); t(lambda: 4 / 2); t(lambda: 7 // 2.0); t(lambda: -7 // 2); t(lambda: -7 % 3); t(lambda: 7 % -3); t(lambda: -7.5 % 2); t(lambda: 1 == 1.0 == True); t(lambda: 2**53 == 2**53 + 1.0); t(lambda: 2**53 + 1 == float(2**53)); t(lambda: 10**20 < 1e20); t(lambda: 1 < float('nan')); t(lambda: max(1, float('nan'))); t(lambda: sorted([3, 1.5, True]))
t(lambda: 0x1F + 0o17 + 0b11); t(lambda: 1_000_000); t(lambda: 1e3); t(lambda: .5); t(lambda: 5.); t(lambda: 1E-2); t(lambda: 1j * 1j); t(lambda: 3+4j); t(lambda: abs(3+4j)); t(lambda: (3+4j) == 3+4j); t(lambda: 1j / 0); t(lambda: (1+2j) ** -1); t(lambda: complex('1-2j')); t(lambda: complex(1.5)); t(lambda: complex('nan+infj')); t(lambda: (1+2j).imag); t(lambda: int(1j)); t(lambda: float(1j)); t(lambda: (2+3j) - 1); t(lambda: 2 * (1-1j)); t(lambda: -(1+0j)); t(lambda: bool(0j)); t(lambda: 1j > 0); t(lambda: round(1j)); t(lambda: divmod(1j, 1)); t(lambda: 0j ** 0); t(lambda: 0j ** 1j); t(lambda: hash(2+0j) == hash(2)); t(lambda: 1e1j)
import math
for fn in ['sqrt', 'exp', 'log', 'log2', 'log10', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh', 'floor', 'ceil', 'trunc', 'fabs', 'gamma', 'lgamma', 'erf', 'erfc', 'expm1', 'log1p', 'degrees', 'radians', 'isnan', 'isinf', 'isfinite', 'factorial', 'isqrt', 'cbrt', 'exp2']:
    for v in [0, 1, -1, 0.5, 2, 10, 100, 1000, -0.5, float('inf'), float('-inf'), float('nan'), 5, '1']:
        try:
            r = getattr(math, fn)(v); r = f'{r:.12g}' if isinstance(r, float) else repr(r)
        except Exception as e: r = f'{type(e).__name__}|{e}'
        print(fn, repr(v), r)
t(lambda: math.pi); t(lambda: math.e); t(lambda: math.tau); t(lambda: math.inf); t(lambda: math.nan); t(lambda: math.pow(2, 3)); t(lambda: math.pow(-1, 0.5)); t(lambda: math.atan2(1, -1)); t(lambda: math.hypot(3, 4)); t(lambda: math.hypot(1, 2, 3)); t(lambda: math.gcd(12, 18)); t(lambda: math.gcd()); t(lambda: math.lcm(4, 6)); t(lambda: math.comb(5, 2)); t(lambda: math.perm(5, 2)); t(lambda: math.prod([1, 2, 3])); t(lambda: math.fsum([0.1] * 10)); t(lambda: math.copysign(1, -0.0)); t(lambda: math.fmod(-7, 3)); t(lambda: math.remainder(7, 2)); t(lambda: math.modf(3.7)); t(lambda: math.frexp(8)); t(lambda: math.ldexp(0.5, 4)); t(lambda: math.isclose(0.1 + 0.2, 0.3)); t(lambda: math.log(8, 2)); t(lambda: math.log(0)); t(lambda: math.log(-1)); t(lambda: math.sqrt(-1)); t(lambda: math.dist([0, 0], [3, 4])); t(lambda: math.nextafter(1, 2)); t(lambda: math.ulp(1.0)); t(lambda: math.factorial(-1)); t(lambda: math.factorial(1.5)); t(lambda: math.floor(-2.5)); t(lambda: math.ceil(1e300) == int(1e300)); t(lambda: math.sqrt('a')); t(lambda: math.isqrt(10**40)); t(lambda: math.exp(1000))
for x in ['1', '-1', '+1', ' 1 ', '1e5', '1.5', 'abc', '', '0x10', '1_0', 'inf', '-Infinity', 'nan', '１', '1e', '.', '.5', '5.', '1 2', '\n3\n']:
    for c in (int, float, complex):
        try: r = repr(c(x))
        except Exception as e: r = f'{type(e).__name__}|{e}'
        print(c.__name__, repr(x), r)
t(lambda: int('ff', 16)); t(lambda: int('0xff', 16)); t(lambda: int('0b1', 2)); t(lambda: int('12', 3)); t(lambda: int(b'12')); t(lambda: int('10', 1)); t(lambda: int(10, 2)); t(lambda: int('z', 36)); t(lambda: int(True)); t(lambda: int()); t(lambda: float()); t(lambda: float(b'1.5')); t(lambda: bool([])); t(lambda: int('0' * 5)); t(lambda: int('00', 0)); t(lambda: int('01', 0)); t(lambda: (1).__add__(2)); t(lambda: (5).__truediv__(2)); t(lambda: (5).__floordiv__(2)); t(lambda: (1.5).__int__()); t(lambda: (5).__bool__()); t(lambda: (5).__hash__()); t(lambda: (5).__index__()); t(lambda: (5).__eq__('a')); t(lambda: (1.5).__round__()); t(lambda: (5).__format__('03d')); t(lambda: int.__add__(1, 2)); t(lambda: float.__mul__(1.5, 2)); t(lambda: (5).as_integer_ratio()); t(lambda: (0.75).as_integer_ratio()); t(lambda: float('inf').as_integer_ratio()); t(lambda: hash(float('inf'))); t(lambda: hash(1.5)); t(lambda: hash(-1)); t(lambda: hash(2**61 - 1)); t(lambda: hash(10**30)); t(lambda: hash(True)); t(lambda: hash(None) == hash(None)); t(lambda: hash((1, 2)) == hash((1, 2))); t(lambda: hash(0.1))
