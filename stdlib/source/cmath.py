"""Functions of complex numbers. They are Kahan's, which keep signs of zeros on branch cuts and do not overflow early."""

import math as _math

__all__ = ["acos", "acosh", "asin", "asinh", "atan", "atanh", "cos", "cosh", "e", "exp", "inf", "infj", "isclose", "isfinite", "isinf", "isnan",
           "log", "log10", "nan", "nanj", "phase", "pi", "polar", "rect", "sin", "sinh", "sqrt", "tan", "tanh", "tau"]

e, pi, tau, inf, nan = _math.e, _math.pi, _math.tau, _math.inf, _math.nan
infj, nanj = complex(0.0, inf), complex(0.0, nan)
_HUGE, _TINY = 1.7976931348623157e308, 2.2250738585072014e-308
_LARGE = _HUGE / 4
_LOG_LARGE = _math.log(_LARGE)


def _parts(z):
    try:
        z = complex(None if isinstance(z, str) else z)
    except TypeError:
        raise TypeError(f"must be real number, not {type(z).__name__}") from None
    return z.real, z.imag


def _sign(x):
    return _math.copysign(1.0, x)


def _result(re, im, finite):
    """A result, which is infinite for finite arguments where it is too large."""
    if finite and (_math.isinf(re) or _math.isinf(im)):
        raise OverflowError("math range error")
    return complex(re, im)


def _domain():
    raise ValueError("math domain error")


def isfinite(z, /):
    """Whether both parts are finite."""
    x, y = _parts(z)
    return _math.isfinite(x) and _math.isfinite(y)


def isinf(z, /):
    """Whether a part is infinite."""
    x, y = _parts(z)
    return _math.isinf(x) or _math.isinf(y)


def isnan(z, /):
    """Whether a part is not a number."""
    x, y = _parts(z)
    return _math.isnan(x) or _math.isnan(y)


def isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0):
    """Whether two numbers are close to each other."""
    a, b = complex(*_parts(a)), complex(*_parts(b))
    if rel_tol < 0 or abs_tol < 0:
        raise ValueError("tolerances must be non-negative")
    if a == b:
        return True
    if isinf(a) or isinf(b):
        return False
    apart = abs(a - b)
    return apart <= rel_tol * abs(b) or apart <= rel_tol * abs(a) or apart <= abs_tol


def phase(z, /):
    """The angle of a number."""
    x, y = _parts(z)
    return _math.atan2(y, x)


def polar(z, /):
    """The length and the angle of a number."""
    x, y = _parts(z)
    r = _math.hypot(x, y)
    if _math.isinf(r) and _math.isfinite(x) and _math.isfinite(y):
        raise OverflowError("math range error")
    return r, _math.atan2(y, x)


def rect(r, phi, /):
    """The number of a length and an angle."""
    r, phi = _math.fabs(r) if r == 0 and _sign(r) > 0 else float(r), float(phi)
    if not (_math.isfinite(r) and _math.isfinite(phi)):
        if _math.isinf(phi) and r != 0 and not _math.isnan(r):
            _domain()
        if _math.isinf(r) and _math.isfinite(phi) and phi != 0:
            sign = _sign(r)
            return complex(sign * _math.copysign(inf, _math.cos(phi)), sign * _math.copysign(inf, _math.sin(phi)))
        if _math.isinf(r) and phi == 0:
            return complex(r, _math.copysign(0.0, phi) * _sign(r))
        if r == 0:
            return complex(0.0, 0.0)
        return complex(inf if _math.isinf(r) else nan, nan)
    if phi == 0:
        return complex(r, r * phi)
    return complex(r * _math.cos(phi), r * _math.sin(phi))


def _spread(scale, c, s):
    """scale * (c + s i) for an infinite or zero scale, without making NaN of zeros."""
    return complex(_math.copysign(scale, c) if c else _math.copysign(0.0, c), _math.copysign(scale, s) if s else _math.copysign(0.0, s))


def exp(z, /):
    """e to the power of a number."""
    x, y = _parts(z)
    if not (_math.isfinite(x) and _math.isfinite(y)):
        if _math.isinf(x) and _math.isfinite(y):
            scale = inf if x > 0 else 0.0
            return complex(scale, y) if y == 0 else _spread(scale, _math.cos(y), _math.sin(y))
        if _math.isinf(y) and (_math.isfinite(x) or x > 0):
            _domain()
        if x < 0 and _math.isinf(x):
            return complex(0.0, 0.0)
        return complex(x if _math.isinf(x) else nan, y if y == 0 else nan)
    if x > _LOG_LARGE:
        scale = _math.exp(x - 1.0) if x - 1.0 <= 709.78 else inf
        return _result(scale * _math.cos(y) * e, scale * _math.sin(y) * e, True)
    scale = _math.exp(x)
    return complex(scale * _math.cos(y), scale * _math.sin(y) if y else y * scale)


def _log_length(x, y):
    """The logarithm of the length of a number other than zero."""
    ax, ay = abs(x), abs(y)
    if _math.isinf(ax) or _math.isinf(ay):
        return inf
    if ax > _LARGE or ay > _LARGE:
        return _math.log(_math.hypot(ax / 2.0, ay / 2.0)) + _math.log(2.0)
    if ax < _TINY and ay < _TINY:
        return _math.log(_math.hypot(_math.ldexp(ax, 53), _math.ldexp(ay, 53))) - 53 * _math.log(2.0)
    r = _math.hypot(ax, ay)
    if 0.71 <= r <= 1.73:
        larger, smaller = max(ax, ay), min(ax, ay)
        return _math.log1p((larger - 1) * (larger + 1) + smaller * smaller) / 2.0
    return _math.log(r)


def log(z, base=None, /):
    """The logarithm of a number, the natural one unless a base is given."""
    x, y = _parts(z)
    if x == 0 and y == 0:
        _domain()
    value = complex(_log_length(x, y), _math.atan2(y, x))
    return value if base is None else value / log(base)


def log10(z, /):
    """The logarithm of a number to the base 10."""
    value = log(z)
    return complex(value.real / _math.log(10.0), value.imag / _math.log(10.0))


def sqrt(z, /):
    """The square root of a number, with a real part that is not negative."""
    x, y = _parts(z)
    if _math.isinf(y):
        return complex(inf, y)
    if _math.isinf(x) or _math.isnan(x) or _math.isnan(y):
        if x == inf:
            return complex(inf, y if _math.isnan(y) else _math.copysign(0.0, y))
        if x == -inf:
            return complex(nan, inf) if _math.isnan(y) else complex(0.0, _math.copysign(inf, y))
        return complex(nan, nan)
    if x == 0 and y == 0:
        return complex(0.0, y)
    ax, ay = abs(x), abs(y)
    if ax < _TINY and ay < _TINY and (ax > 0 or ay > 0):
        ax = _math.ldexp(ax, 54)
        s = _math.ldexp(_math.sqrt(ax + _math.hypot(ax, _math.ldexp(ay, 54))), -27)
        s = s / _math.sqrt(2.0) if ax else s / _math.sqrt(2.0)
    else:
        ax /= 8.0
        s = 2.0 * _math.sqrt(ax + _math.hypot(ax, ay / 8.0))
    d = ay / (2.0 * s)
    return complex(s, _math.copysign(d, y)) if x >= 0 else complex(d, _math.copysign(s, y))


def cosh(z, /):
    """The hyperbolic cosine of a number."""
    x, y = _parts(z)
    if not (_math.isfinite(x) and _math.isfinite(y)):
        if _math.isinf(y) and not _math.isnan(x):
            _domain()
        if _math.isinf(x) and _math.isfinite(y):
            if y == 0:
                return complex(inf, _math.copysign(0.0, y) * _sign(x))
            value = _spread(inf, _math.cos(y), _math.sin(y))
            return complex(value.real, value.imag * _sign(x))
        return complex(abs(x) if _math.isinf(x) else nan, 0.0 if x == 0 or y == 0 else nan)
    if abs(x) > _LOG_LARGE:
        less = x - _sign(x)
        return _result(_math.cos(y) * _math.cosh(less) * e, _math.sin(y) * _math.sinh(less) * e, True)
    return complex(_math.cos(y) * _math.cosh(x), _math.sin(y) * _math.sinh(x))


def sinh(z, /):
    """The hyperbolic sine of a number."""
    x, y = _parts(z)
    if not (_math.isfinite(x) and _math.isfinite(y)):
        if _math.isinf(y) and not _math.isnan(x) and x != 0:
            _domain()
        if _math.isinf(y) and x == 0:
            _domain()
        if _math.isinf(x) and _math.isfinite(y):
            if y == 0:
                return complex(x, y)
            value = _spread(inf, _math.cos(y), _math.sin(y))
            return complex(value.real * _sign(x), value.imag)
        return complex(abs(x) if _math.isinf(x) or x == 0 else nan, y if y == 0 else nan)
    if abs(x) > _LOG_LARGE:
        less = x - _sign(x)
        return _result(_math.cos(y) * _math.sinh(less) * e, _math.sin(y) * _math.cosh(less) * e, True)
    return complex(_math.cos(y) * _math.sinh(x), _math.sin(y) * _math.cosh(x))


def tanh(z, /):
    """The hyperbolic tangent of a number."""
    x, y = _parts(z)
    if not (_math.isfinite(x) and _math.isfinite(y)):
        if _math.isinf(y) and _math.isfinite(x):
            _domain()
        if _math.isinf(x):
            zero = _math.copysign(0.0, 2.0 * _math.sin(y) * _math.cos(y)) if _math.isfinite(y) else 0.0
            return complex(_sign(x), zero)
        return complex(nan, y if y == 0 else nan)
    if abs(x) > _LOG_LARGE:
        return complex(_sign(x), 4.0 * _math.sin(y) * _math.cos(y) * _math.exp(-2.0 * abs(x)))
    t, u, s = _math.tanh(x), _math.tan(y), 1.0 / _math.cosh(x)
    both = t * u
    below = 1.0 + both * both
    return complex(t * (1.0 + u * u) / below, u / below * s * s)


def _turned(f, z):
    """-i f(iz), by which functions of the circle are those of the hyperbola."""
    x, y = _parts(z)
    value = f(complex(-y, x))
    return complex(value.imag, -value.real)


def cos(z, /):
    """The cosine of a number."""
    x, y = _parts(z)
    return cosh(complex(-y, x))


def sin(z, /):
    """The sine of a number."""
    return _turned(sinh, z)


def tan(z, /):
    """The tangent of a number."""
    return _turned(tanh, z)


def acos(z, /):
    """The arc cosine of a number."""
    x, y = _parts(z)
    if _math.isnan(x) or _math.isnan(y) or abs(x) > _LARGE or abs(y) > _LARGE:
        if _math.isnan(x) or _math.isnan(y):
            if x == 0:
                return complex(pi / 2, nan)
            return complex(nan, -_math.copysign(inf, y) if _math.isinf(y) else inf if _math.isinf(x) else nan)
        length = inf if _math.isinf(x) or _math.isinf(y) else _math.log(_math.hypot(x / 2.0, y / 2.0)) + 2.0 * _math.log(2.0)
        return complex(_math.atan2(abs(y), x), -_math.copysign(length, y))
    a, b = sqrt(complex(1.0 - x, -y)), sqrt(complex(1.0 + x, y))
    return complex(2.0 * _math.atan2(a.real, b.real), _math.asinh(b.real * a.imag - b.imag * a.real))


def acosh(z, /):
    """The inverse of the hyperbolic cosine."""
    x, y = _parts(z)
    if _math.isnan(x) or _math.isnan(y) or abs(x) > _LARGE or abs(y) > _LARGE:
        if _math.isnan(x) or _math.isnan(y):
            return complex(inf if _math.isinf(x) or _math.isinf(y) else nan, nan)
        length = inf if _math.isinf(x) or _math.isinf(y) else _math.log(_math.hypot(x / 2.0, y / 2.0)) + 2.0 * _math.log(2.0)
        return complex(length, _math.atan2(y, x))
    a, b = sqrt(complex(x - 1.0, y)), sqrt(complex(x + 1.0, y))
    return complex(_math.asinh(a.real * b.real + a.imag * b.imag), 2.0 * _math.atan2(a.imag, b.real))


def asinh(z, /):
    """The inverse of the hyperbolic sine."""
    x, y = _parts(z)
    if _math.isnan(x) or _math.isnan(y) or abs(x) > _LARGE or abs(y) > _LARGE:
        if _math.isnan(x) or _math.isnan(y):
            return complex(x if _math.isinf(x) else inf if _math.isinf(y) else nan, y if y == 0 else nan)
        length = inf if _math.isinf(x) or _math.isinf(y) else _math.log(_math.hypot(x / 2.0, y / 2.0)) + 2.0 * _math.log(2.0)
        return complex(_math.copysign(length, x), _math.atan2(y, abs(x)))
    a, b = sqrt(complex(1.0 + y, -x)), sqrt(complex(1.0 - y, x))
    return complex(_math.asinh(a.real * b.imag - b.real * a.imag), _math.atan2(y, a.real * b.real - a.imag * b.imag))


def asin(z, /):
    """The arc sine of a number."""
    return _turned(asinh, z)


def atanh(z, /):
    """The inverse of the hyperbolic tangent."""
    x, y = _parts(z)
    if x < 0 or x == 0 and _sign(x) < 0:
        value = atanh(complex(-x, -y))
        return complex(-value.real, -value.imag)
    if _math.isnan(x) or _math.isnan(y):
        if _math.isinf(y):
            return complex(0.0, _math.copysign(pi / 2, y))
        return complex(0.0 if _math.isinf(x) or x == 0 else nan, nan)
    ay = abs(y)
    if x > _math.sqrt(_HUGE / 4) or ay > _math.sqrt(_HUGE / 4):
        if _math.isinf(x) or _math.isinf(y):
            return complex(0.0, _math.copysign(pi / 2, y))
        h = _math.hypot(x / 2.0, y / 2.0)
        return complex(x / 4.0 / h / h, _math.copysign(pi / 2, y))
    if x == 1.0 and ay < _math.sqrt(_TINY):
        if ay == 0.0:
            _domain()
        return complex(-_math.log(_math.sqrt(ay) / _math.sqrt(_math.hypot(ay, 2.0))), _math.copysign(_math.atan2(2.0, -ay) / 2, y))
    re = _math.log1p(4.0 * x / ((1 - x) * (1 - x) + ay * ay)) / 4.0
    return complex(re, -_math.atan2(-2.0 * y, (1 - x) * (1 + x) - ay * ay) / 2.0)


def atan(z, /):
    """The arc tangent of a number."""
    return _turned(atanh, z)
