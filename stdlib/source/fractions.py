"""Rational numbers."""

import math
import re

_FORM = re.compile(r"^\s*([-+]?)(\d+)(?:/(\d+)|(?:\.(\d*))?(?:[eE]([-+]?\d+))?)\s*$")


class Fraction:
    """A ratio of two ints, in lowest terms."""

    def __init__(self, numerator=0, denominator=None):
        if denominator is None:
            if isinstance(numerator, Fraction):
                n, d = numerator.numerator, numerator.denominator
            elif isinstance(numerator, int):
                n, d = int(numerator), 1
            elif isinstance(numerator, float):
                n, d = numerator.as_integer_ratio()
            elif isinstance(numerator, str):
                n, d = _parse(numerator)
            else:
                raise TypeError("argument should be a string or a Rational instance")
        elif isinstance(numerator, (int, Fraction)) and isinstance(denominator, (int, Fraction)):
            a, b = Fraction(numerator), Fraction(denominator)
            n, d = a.numerator * b.denominator, b.numerator * a.denominator
        else:
            raise TypeError("both arguments should be Rational instances")
        if d == 0:
            raise ZeroDivisionError(f"Fraction({n}, 0)")
        g = math.gcd(n, d) * (-1 if d < 0 else 1)
        self.numerator, self.denominator = n // g, d // g

    @classmethod
    def from_float(cls, f):
        return cls(f)

    def limit_denominator(self, max_denominator=1000000):
        """The closest fraction with a bounded denominator."""
        if self.denominator <= max_denominator:
            return Fraction(self)
        # The convergents of the continued fraction (Hardy and Wright, An Introduction to
        # the Theory of Numbers, chapter X), until the next denominator is too large. Then
        # the candidates are the last convergent and the largest that lies between two.
        before, last = (0, 1), (1, 0)
        n, d = self.numerator, self.denominator
        while True:
            whole, rest = divmod(n, d)
            most = (max_denominator - before[1]) // last[1] if last[1] else whole
            if most < whole:
                break
            before, last = last, (before[0] + whole * last[0], before[1] + whole * last[1])
            n, d = d, rest
        between = Fraction(before[0] + most * last[0], before[1] + most * last[1])
        exact = Fraction(*last)
        return exact if abs(exact - self) <= abs(between - self) else between

    def __repr__(self):
        return f"Fraction({self.numerator}, {self.denominator})"

    def __str__(self):
        return str(self.numerator) if self.denominator == 1 else f"{self.numerator}/{self.denominator}"

    def _binary(self, other, exact, inexact):
        if isinstance(other, int):
            other = Fraction(other)
        if isinstance(other, Fraction):
            return exact(self, other)
        if isinstance(other, float):
            return inexact(float(self), other)
        return NotImplemented

    def __add__(self, other):
        return self._binary(other, lambda a, b: Fraction(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator), lambda a, b: a + b)

    __radd__ = __add__

    def __sub__(self, other):
        return self._binary(other, lambda a, b: Fraction(a.numerator * b.denominator - b.numerator * a.denominator, a.denominator * b.denominator), lambda a, b: a - b)

    def __rsub__(self, other):
        return (-self).__add__(other)

    def __mul__(self, other):
        return self._binary(other, lambda a, b: Fraction(a.numerator * b.numerator, a.denominator * b.denominator), lambda a, b: a * b)

    __rmul__ = __mul__

    def __truediv__(self, other):
        return self._binary(other, lambda a, b: Fraction(a.numerator * b.denominator, a.denominator * b.numerator), lambda a, b: a / b)

    def __rtruediv__(self, other):
        return self._binary(other, lambda a, b: Fraction(b.numerator * a.denominator, b.denominator * a.numerator), lambda a, b: b / a)

    def __floordiv__(self, other):
        return self._binary(other, lambda a, b: (a.numerator * b.denominator) // (a.denominator * b.numerator), lambda a, b: a // b)

    def __mod__(self, other):
        return self._binary(other, lambda a, b: a - b * (a // b), lambda a, b: a % b)

    def __pow__(self, other):
        if isinstance(other, Fraction) and other.denominator == 1:
            other = other.numerator
        if isinstance(other, int):
            if other >= 0:
                return Fraction(self.numerator**other, self.denominator**other)
            return Fraction(self.denominator**-other, self.numerator**-other)
        return float(self) ** float(other)

    def __neg__(self):
        return Fraction(-self.numerator, self.denominator)

    def __pos__(self):
        return Fraction(self)

    def __abs__(self):
        return Fraction(abs(self.numerator), self.denominator)

    def __float__(self):
        return self.numerator / self.denominator

    def __int__(self):
        return -(-self.numerator // self.denominator) if self.numerator < 0 else self.numerator // self.denominator

    def __ceil__(self):
        return -(-self.numerator // self.denominator)

    def __trunc__(self):
        return int(self)

    def __floor__(self):
        return self.numerator // self.denominator

    def __round__(self, ndigits=None):
        if ndigits is None:
            floor, rest = divmod(self.numerator, self.denominator)
            if rest * 2 < self.denominator or rest * 2 == self.denominator and floor % 2 == 0:
                return floor
            return floor + 1
        shift = 10**ndigits
        return Fraction(round(self * shift), shift)

    def __bool__(self):
        return self.numerator != 0

    def __hash__(self):
        return hash(self.numerator) if self.denominator == 1 else hash((self.numerator, self.denominator))

    def __eq__(self, other):
        return self._binary(other, lambda a, b: (a.numerator, a.denominator) == (b.numerator, b.denominator), lambda a, b: a == b)

    def __lt__(self, other):
        return self._binary(other, lambda a, b: a.numerator * b.denominator < b.numerator * a.denominator, lambda a, b: a < b)

    def __le__(self, other):
        return self._binary(other, lambda a, b: a.numerator * b.denominator <= b.numerator * a.denominator, lambda a, b: a <= b)

    def __gt__(self, other):
        return self._binary(other, lambda a, b: a.numerator * b.denominator > b.numerator * a.denominator, lambda a, b: a > b)

    def __ge__(self, other):
        return self._binary(other, lambda a, b: a.numerator * b.denominator >= b.numerator * a.denominator, lambda a, b: a >= b)


def _parse(text):
    m = _FORM.match(text)
    if m is None:
        raise ValueError(f"Invalid literal for Fraction: {text!r}")
    sign, whole, denominator, decimals, exponent = m.groups()
    n, d = int(whole), int(denominator) if denominator else 1
    if decimals:
        n, d = n * 10 ** len(decimals) + int(decimals), 10 ** len(decimals)
    if exponent:
        e = int(exponent)
        n, d = (n * 10**e, d) if e >= 0 else (n, d * 10**-e)
    return (-n if sign == "-" else n), d
