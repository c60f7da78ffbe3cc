"""The abstract kinds of numbers."""


class _Kind(type):
    def __instancecheck__(cls, x):
        if isinstance(x, cls._types):
            return True
        return type.__instancecheck__(cls, x)


class Number(metaclass=_Kind):
    """All numbers."""

    _types = (int, float, complex)


class Complex(Number):
    """Complex numbers."""


class Real(Complex):
    """Real numbers."""

    _types = (int, float)


class Rational(Real):
    """Rational numbers."""

    _types = (int,)


class Integral(Rational):
    """Integers."""
