"""Decimal numbers of a chosen precision."""

import math as _math
import re as _re
from collections import namedtuple as _namedtuple

__all__ = ["BasicContext", "Clamped", "Context", "ConversionSyntax", "Decimal", "DecimalException", "DecimalTuple", "DefaultContext", "DivisionByZero",
           "ExtendedContext", "FloatOperation", "Inexact", "InvalidOperation", "MAX_EMAX", "MAX_PREC", "MIN_EMIN", "Overflow", "ROUND_05UP", "ROUND_CEILING",
           "ROUND_DOWN", "ROUND_FLOOR", "ROUND_HALF_DOWN", "ROUND_HALF_EVEN", "ROUND_HALF_UP", "ROUND_UP", "Rounded", "Subnormal", "Underflow",
           "getcontext", "localcontext", "setcontext"]

ROUND_DOWN, ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_CEILING = "ROUND_DOWN", "ROUND_HALF_UP", "ROUND_HALF_EVEN", "ROUND_CEILING"
ROUND_FLOOR, ROUND_UP, ROUND_HALF_DOWN, ROUND_05UP = "ROUND_FLOOR", "ROUND_UP", "ROUND_HALF_DOWN", "ROUND_05UP"
MAX_PREC = MAX_EMAX = 999999999999999999
MIN_EMIN = -MAX_EMAX
DecimalTuple = _namedtuple("DecimalTuple", "sign digits exponent")


class DecimalException(ArithmeticError):
    """What may go wrong with decimal numbers."""


class Clamped(DecimalException):
    pass


class InvalidOperation(DecimalException):
    pass


class ConversionSyntax(InvalidOperation):
    pass


class DivisionByZero(DecimalException, ZeroDivisionError):
    pass


class Inexact(DecimalException):
    pass


class Rounded(DecimalException):
    pass


class Subnormal(DecimalException):
    pass


class Overflow(Inexact, Rounded):
    pass


class Underflow(Inexact, Rounded, Subnormal):
    pass


class FloatOperation(DecimalException, TypeError):
    pass


class Context:
    """How results are rounded."""

    def __init__(self, prec=28, rounding=ROUND_HALF_EVEN, Emin=-999999, Emax=999999, capitals=1, clamp=0, flags=None, traps=None):
        self.prec, self.rounding, self.Emin, self.Emax, self.capitals, self.clamp = prec, rounding, Emin, Emax, capitals, clamp
        self.flags, self.traps = dict(flags or {}), dict(traps or {InvalidOperation: True, DivisionByZero: True, Overflow: True})

    def copy(self):
        return Context(self.prec, self.rounding, self.Emin, self.Emax, self.capitals, self.clamp, self.flags, self.traps)

    def create_decimal(self, num="0"):
        return Decimal(num)._fix(self)

    def divide(self, a, b):
        return Decimal(a) / Decimal(b)

    def quantize(self, a, b):
        return Decimal(a).quantize(b, context=self)

    def sqrt(self, a):
        return Decimal(a).sqrt(self)

    def __repr__(self):
        return f"Context(prec={self.prec}, rounding={self.rounding}, Emin={self.Emin}, Emax={self.Emax}, capitals={self.capitals}, clamp={self.clamp}, flags=[], traps=[])"


_contexts = [Context()]
DefaultContext, BasicContext, ExtendedContext = Context(), Context(9, ROUND_HALF_UP), Context(9)


def getcontext():
    """The context in force."""
    return _contexts[-1]


def setcontext(context):
    _contexts[-1] = context


class _Local:
    def __init__(self, context):
        self._context = context

    def __enter__(self):
        _contexts.append(self._context)
        return self._context

    def __exit__(self, *error):
        _contexts.pop()


def localcontext(ctx=None, **settings):
    """A with statement that has a context of its own."""
    context = (ctx or getcontext()).copy()
    for name, value in settings.items():
        if not hasattr(context, name):
            raise TypeError(f"'{name}' is an invalid keyword argument for this function")
        setattr(context, name, value)
    return _Local(context)


_number = _re.compile(r"\s*([-+])?(?:(\d[\d_]*)?(?:\.([\d_]*))?(?:[eE]([-+]?\d+))?|(inf(?:inity)?)|(s?nan)(\d*))\s*", _re.IGNORECASE)


def _rounded(value, drop, rounding, negative):
    """value without its last drop digits."""
    unit = 10 ** drop
    q, r = divmod(value, unit)
    if not r:
        return q
    half = 2 * r - unit
    up = {ROUND_DOWN: False, ROUND_UP: True, ROUND_CEILING: not negative, ROUND_FLOOR: negative, ROUND_HALF_UP: half >= 0,
          ROUND_HALF_DOWN: half > 0, ROUND_HALF_EVEN: half > 0 or half == 0 and q % 2 == 1, ROUND_05UP: q % 10 in (0, 5)}[rounding]
    return q + up


class Decimal:
    """A decimal number."""

    __slots__ = ("_sign", "_int", "_exp", "_special")

    def __new__(cls, value="0", context=None):
        self = object.__new__(cls)
        self._special = None
        if isinstance(value, Decimal):
            self._sign, self._int, self._exp, self._special = value._sign, value._int, value._exp, value._special
        elif isinstance(value, int):
            self._sign, self._int, self._exp = int(value < 0), abs(int(value)), 0
        elif isinstance(value, float):
            if value != value or value in (_math.inf, -_math.inf):
                self._sign, self._int, self._exp, self._special = int(value < 0), 0, 0, "n" if value != value else "F"
                return self
            n, d = abs(value).as_integer_ratio()
            k = d.bit_length() - 1
            self._sign, self._int, self._exp = int(_math.copysign(1, value) < 0), n * 5 ** k, -k
        elif isinstance(value, str):
            m = _number.fullmatch(value)
            if m is None or not any([m.group(i) for i in (2, 3, 5, 6)]):
                raise InvalidOperation("[<class 'decimal.ConversionSyntax'>]")
            self._sign = int(m.group(1) == "-")
            if m.group(5) or m.group(6):
                self._int, self._exp, self._special = 0, 0, "F" if m.group(5) else "n"
            else:
                fraction = (m.group(3) or "").replace("_", "")
                self._int = int(((m.group(2) or "").replace("_", "") + fraction) or "0")
                self._exp = int(m.group(4) or 0) - len(fraction)
        elif isinstance(value, (tuple, list)) and len(value) == 3:
            self._sign, self._int, self._exp = value[0], int("".join([str(d) for d in value[1]]) or "0"), value[2]
            if isinstance(self._exp, str):
                self._special, self._exp = self._exp, 0
        else:
            raise TypeError(f"conversion from {type(value).__name__} to Decimal is not supported")
        return self

    @classmethod
    def from_float(cls, f):
        return cls(f)

    @classmethod
    def _made(cls, sign, value, exp, special=None):
        self = object.__new__(cls)
        self._sign, self._int, self._exp, self._special = sign, value, exp, special
        return self

    def _fix(self, context=None):
        context = context or getcontext()
        if self._special:
            return self
        drop = len(str(self._int)) - context.prec
        if drop > 0:
            value = _rounded(self._int, drop, context.rounding, bool(self._sign))
            exp = self._exp + drop
            if len(str(value)) > context.prec:
                value, exp = value // 10, exp + 1
            return Decimal._made(self._sign, value, exp)
        if self._int and self._exp + len(str(self._int)) - 1 > context.Emax:
            raise Overflow("[<class 'decimal.Overflow'>]")
        return self

    def __repr__(self):
        return f"Decimal('{self}')"

    def __str__(self, eng=False, context=None):
        sign = "-" if self._sign else ""
        if self._special:
            return sign + ("Infinity" if self._special == "F" else "NaN")
        digits = str(self._int)
        left = self._exp + len(digits)
        if self._exp <= 0 and left > -6:
            point = left
        elif not self._int and eng:
            point = (left + 1) % 3 - 1
        else:
            point = 1
        if point <= 0:
            whole, fraction = "0", "." + "0" * -point + digits
        elif point >= len(digits):
            whole, fraction = digits + "0" * (point - len(digits)), ""
        else:
            whole, fraction = digits[:point], "." + digits[point:]
        return sign + whole + fraction + ("" if left == point else f"E{left - point:+d}")

    def to_eng_string(self, context=None):
        return str(self)

    def __format__(self, spec, context=None):
        m = _re.fullmatch(r"(?:(.)?([<>=^]))?([-+ ])?(0)?(\d+)?(,|_)?(?:\.(\d+))?([eEfFgGn%])?", spec)
        if m is None:
            raise ValueError("invalid format string")
        fill, align, sign, zero, width, comma, places, kind = m.groups()
        value = self
        if kind == "%":
            value = Decimal._made(self._sign, self._int, self._exp + 2, self._special)
        if not self._special and places is not None:
            if kind in ("f", "F", "%"):
                value = value._rescale(-int(places), getcontext().rounding)
            elif kind in ("e", "E"):
                drop = len(str(value._int)) - int(places) - 1
                value = value._rescale(value._exp + drop, getcontext().rounding)
            else:
                value = value._fix(Context(max(int(places), 1), getcontext().rounding))
        if kind in ("f", "F", "%") and not self._special and value._exp > 0:
            value = value._rescale(0, ROUND_HALF_EVEN)
        body = str(Decimal._made(0, value._int, value._exp, value._special))
        if kind in ("f", "F", "%") and not self._special:
            digits = str(value._int).rjust(1 - value._exp, "0")
            body = digits[:len(digits) + value._exp] + "." + digits[value._exp:] if value._exp < 0 else digits
        elif kind in ("e", "E") and not self._special:
            digits = str(value._int)
            body = digits[0] + ("." + digits[1:] if len(digits) > 1 else "") + f"{kind}{value._exp + len(digits) - 1:+d}"
        if comma:
            whole, dot, rest = body.partition(".")
            body = f"{int(whole):{comma}}" + dot + rest
        body += "%" if kind == "%" else ""
        lead = "-" if value._sign else sign if sign in ("+", " ") else ""
        width = int(width or 0)
        if zero and not align:
            fill, align = "0", "="
        fill, room = fill or " ", width - len(lead) - len(body)
        if align == "=":
            return lead + fill * room + body
        text = lead + body
        return text.ljust(width, fill) if align == "<" else text.center(width, fill) if align == "^" else text.rjust(width, fill)

    def __hash__(self):
        if self._special:
            return hash(float(str(self)))
        if self._exp >= 0:
            return hash((-1) ** self._sign * self._int * 10 ** self._exp)
        from fractions import Fraction

        return hash(Fraction((-1) ** self._sign * self._int, 10 ** -self._exp))

    @staticmethod
    def _other(other):
        if isinstance(other, Decimal):
            return other
        return Decimal(other) if isinstance(other, int) else None

    def _nan(self, other):
        for x in (self, other):
            if x is not None and x._special == "n":
                return x
        return None

    def _aligned(self, other):
        exp = min(self._exp, other._exp)
        scale = lambda x: (-x._int if x._sign else x._int) * 10 ** (x._exp - exp)
        return scale(self), scale(other), exp

    def _add(self, other):
        found = self._nan(other)
        if found is not None:
            return found
        if self._special or other._special:
            if self._special and other._special and self._sign != other._sign:
                raise InvalidOperation("[<class 'decimal.InvalidOperation'>]")
            return self if self._special else other
        a, b, exp = self._aligned(other)
        total = a + b
        sign = int(total < 0) if total else self._sign & other._sign
        return Decimal._made(sign, abs(total), exp)._fix()

    def __add__(self, other):
        other = self._other(other)
        return NotImplemented if other is None else self._add(other)

    __radd__ = __add__

    def __sub__(self, other):
        other = self._other(other)
        return NotImplemented if other is None else self._add(other.copy_negate())

    def __rsub__(self, other):
        other = self._other(other)
        return NotImplemented if other is None else other._add(self.copy_negate())

    def __mul__(self, other):
        other = self._other(other)
        if other is None:
            return NotImplemented
        found = self._nan(other)
        if found is not None:
            return found
        sign = self._sign ^ other._sign
        if self._special or other._special:
            if not self._special and not self._int or not other._special and not other._int:
                raise InvalidOperation("[<class 'decimal.InvalidOperation'>]")
            return Decimal._made(sign, 0, 0, "F")
        return Decimal._made(sign, self._int * other._int, self._exp + other._exp)._fix()

    __rmul__ = __mul__

    def __truediv__(self, other):
        other = self._other(other)
        if other is None:
            return NotImplemented
        found = self._nan(other)
        if found is not None:
            return found
        sign = self._sign ^ other._sign
        if self._special:
            if other._special:
                raise InvalidOperation("[<class 'decimal.InvalidOperation'>]")
            return Decimal._made(sign, 0, 0, "F")
        if other._special:
            return Decimal._made(sign, 0, 0)
        if not other._int:
            if not self._int:
                raise InvalidOperation("[<class 'decimal.DivisionUndefined'>]")
            raise DivisionByZero("[<class 'decimal.DivisionByZero'>]")
        if not self._int:
            return Decimal._made(sign, 0, self._exp - other._exp)
        shift = max(len(str(other._int)) - len(str(self._int)) + getcontext().prec + 1, 0)
        exp = self._exp - other._exp - shift
        value, rest = divmod(self._int * 10 ** shift, other._int)
        if rest:
            value += value % 5 == 0
        else:
            ideal = self._exp - other._exp
            while exp < ideal and value % 10 == 0:
                value, exp = value // 10, exp + 1
        return Decimal._made(sign, value, exp)._fix()

    def __rtruediv__(self, other):
        other = self._other(other)
        return NotImplemented if other is None else other / self

    def __divmod__(self, other):
        other = self._other(other)
        if other is None:
            return NotImplemented
        if not other._int and not other._special:
            raise (DivisionByZero("[<class 'decimal.DivisionByZero'>]") if self._int else InvalidOperation("[<class 'decimal.DivisionUndefined'>]"))
        a, b, exp = self._aligned(other)
        q, r = divmod(abs(a), abs(b))
        return Decimal._made(self._sign ^ other._sign, q, 0)._fix(), Decimal._made(self._sign, r, exp)._fix()

    def __floordiv__(self, other):
        made = self.__divmod__(other)
        return made if made is NotImplemented else made[0]

    def __mod__(self, other):
        made = self.__divmod__(other)
        return made if made is NotImplemented else made[1]

    def __rfloordiv__(self, other):
        return Decimal(other) // self

    def __rmod__(self, other):
        return Decimal(other) % self

    def __pow__(self, other, modulo=None):
        other = self._other(other)
        if other is None:
            return NotImplemented
        if other._exp >= 0 or other == other.to_integral_value():
            n = int(other)
            if n >= 0:
                return Decimal._made(self._sign & n & 1, self._int ** n, self._exp * n)._fix()
            return Decimal(1) / self ** -n
        if self._sign:
            raise InvalidOperation("[<class 'decimal.InvalidOperation'>]")
        return (other * self.ln()).exp()

    def __rpow__(self, other):
        return Decimal(other) ** self

    def __neg__(self):
        return self.copy_negate()._fix() if self._int or self._special else Decimal._made(0, 0, self._exp)

    def __pos__(self):
        return self._fix() if self._int or self._special else Decimal._made(0, 0, self._exp)

    def __abs__(self):
        return self.copy_abs()._fix()

    def copy_abs(self):
        return Decimal._made(0, self._int, self._exp, self._special)

    def copy_negate(self):
        return Decimal._made(1 - self._sign, self._int, self._exp, self._special)

    def copy_sign(self, other):
        return Decimal._made(Decimal(other)._sign, self._int, self._exp, self._special)

    def _compared(self, other):
        if isinstance(other, float):
            other = Decimal(other)
        other = self._other(other)
        if other is None or self._nan(other) is not None:
            return None
        infinite = lambda x: 0 if x._special != "F" else -1 if x._sign else 1
        if infinite(self) or infinite(other):
            return (infinite(self) > infinite(other)) - (infinite(self) < infinite(other))
        a, b, _ = self._aligned(other)
        return (a > b) - (a < b)

    def __eq__(self, other):
        if not isinstance(other, (Decimal, int, float)):
            return NotImplemented
        return self._compared(other) == 0

    def _order(self, other, wanted):
        if not isinstance(other, (Decimal, int, float)):
            return NotImplemented
        return self._compared(other) in wanted

    def __lt__(self, other):
        return self._order(other, (-1,))

    def __le__(self, other):
        return self._order(other, (-1, 0))

    def __gt__(self, other):
        return self._order(other, (1,))

    def __ge__(self, other):
        return self._order(other, (0, 1))

    def compare(self, other, context=None):
        return Decimal(self._compared(Decimal(other)))

    def __bool__(self):
        return bool(self._special or self._int)

    def __int__(self):
        if self._special:
            raise (ValueError("cannot convert NaN to integer") if self._special == "n" else OverflowError("cannot convert Infinity to integer"))
        value = self._int * 10 ** self._exp if self._exp >= 0 else self._int // 10 ** -self._exp
        return -value if self._sign else value

    __trunc__ = __int__

    def __float__(self):
        return float(str(self))

    def __complex__(self):
        return complex(float(self))

    def __round__(self, n=None):
        return int(self._rescale(0, ROUND_HALF_EVEN)) if n is None else self._rescale(-n, ROUND_HALF_EVEN)

    def __floor__(self):
        return int(self._rescale(0, ROUND_FLOOR))

    def __ceil__(self):
        return int(self._rescale(0, ROUND_CEILING))

    def __reduce__(self):
        return (Decimal, (str(self),))

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def _rescale(self, exp, rounding):
        if self._special:
            return self
        if self._exp >= exp:
            return Decimal._made(self._sign, self._int * 10 ** (self._exp - exp), exp)
        return Decimal._made(self._sign, _rounded(self._int, exp - self._exp, rounding, bool(self._sign)), exp)

    def quantize(self, exp, rounding=None, context=None):
        """The number with the exponent of another."""
        context = context or getcontext()
        made = self._rescale(Decimal(exp)._exp, rounding or context.rounding)
        if len(str(made._int)) > context.prec:
            raise InvalidOperation("[<class 'decimal.InvalidOperation'>]")
        return made

    def to_integral_value(self, rounding=None, context=None):
        return self if self._special or self._exp >= 0 else self._rescale(0, rounding or (context or getcontext()).rounding)

    to_integral = to_integral_exact = to_integral_value

    def normalize(self, context=None):
        """The number without zeros at its end."""
        made = self._fix(context)
        if made._special:
            return made
        value, exp = made._int, made._exp
        if not value:
            return Decimal._made(made._sign, 0, 0)
        while value % 10 == 0:
            value, exp = value // 10, exp + 1
        return Decimal._made(made._sign, value, exp)

    def as_tuple(self):
        return DecimalTuple(self._sign, tuple([int(d) for d in str(self._int)]) if not self._special else (), self._special or self._exp)

    def as_integer_ratio(self):
        from fractions import Fraction

        made = Fraction((-1) ** self._sign * self._int) * Fraction(10) ** self._exp
        return made.numerator, made.denominator

    def adjusted(self):
        return 0 if self._special else self._exp + len(str(self._int)) - 1

    def is_nan(self):
        return self._special == "n"

    def is_infinite(self):
        return self._special == "F"

    def is_finite(self):
        return self._special is None

    def is_zero(self):
        return not self

    def is_signed(self):
        return bool(self._sign)

    def max(self, other, context=None):
        return self if self >= other else Decimal(other)

    def min(self, other, context=None):
        return self if self <= other else Decimal(other)

    def scaleb(self, other, context=None):
        return Decimal._made(self._sign, self._int, self._exp + int(other), self._special)._fix(context)

    def sqrt(self, context=None):
        """The square root."""
        context = context or getcontext()
        if self._sign and self._int:
            raise InvalidOperation("[<class 'decimal.InvalidOperation'>]")
        if self._special or not self._int:
            return self if self._special else Decimal._made(self._sign, 0, self._exp // 2)
        prec = context.prec + 1
        exp = self._exp >> 1
        value = self._int * (10 if self._exp & 1 else 1)
        size = len(str(value)) + 1 >> 1
        shift = prec - size
        exact = True
        if shift >= 0:
            value *= 100 ** shift
        else:
            value, rest = divmod(value, 100 ** -shift)
            exact = not rest
        root = _math.isqrt(value)
        exact = exact and root * root == value
        if exact:
            root = root // 10 ** shift if shift >= 0 else root * 10 ** -shift
        else:
            exp -= shift
            root += root % 5 == 0
        return Decimal._made(0, root, exp)._fix(context)

    def _series(self, function):
        """A function by integers of some more digits."""
        prec = getcontext().prec + 10
        return function(self, 10 ** prec, prec)

    def exp(self, context=None):
        """e to this power."""
        def work(x, one, prec):
            halvings = max(x.adjusted() + 1, 0) * 4 + 8
            scaled = x._int * 10 ** (x._exp + prec) if x._exp + prec >= 0 else x._int // 10 ** -(x._exp + prec)
            guard = 10 ** halvings
            step = scaled * guard >> halvings
            total = term = one * guard
            n = 1
            while term:
                term = term * step // (one * guard * n)
                total, n = total + term, n + 1
            for _ in range(halvings):
                total = total * total // (one * guard)
            return Decimal._made(0, total // guard, -prec)

        if not self._int:
            return Decimal(1)
        made = self.copy_abs()._series(work)
        return (Decimal(1) / made if self._sign else made)._fix(context)

    def ln(self, context=None):
        """The natural logarithm."""
        if self._sign or not self._int:
            raise InvalidOperation("[<class 'decimal.InvalidOperation'>]")
        with localcontext() as c:
            c.prec += 10
            guess = Decimal(_math.log(self._int)) + self._exp * Decimal(_math.log(10))
            for _ in range(6):
                e = guess.exp()
                guess = guess + 2 * (self - e) / (self + e)
        return guess._fix(context)

    def log10(self, context=None):
        """The logarithm of base 10."""
        digits = str(self._int)
        if digits.strip("0") == "1":
            return Decimal(self._exp + len(digits) - 1)
        with localcontext() as c:
            c.prec += 5
            made = self.ln() / Decimal(10).ln()
        return made._fix(context)

    real = property(lambda self: self)
    imag = property(lambda self: Decimal(0))

    def conjugate(self):
        return self
