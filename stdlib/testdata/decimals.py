"""Decimal numbers."""
from decimal import *
D=Decimal
print(D("1.10")+D("2.2"), D(1)/D(3), D("0.1")*3, D(0.1), D("1e10"), D("1E-10"), D("123.456").quantize(D("0.01")), D(2).sqrt(), D("1.25").quantize(D("0.1"), ROUND_HALF_UP))
print(D("-7")//2, D("-7")%2, D("7.50").normalize(), D("100").normalize(), D(2)**10, D(2)**-2, D("NaN"), D("-inf"), repr(D("0E+3")), D("1.5")>1, D("1.5")==1.5, hash(D(5))==hash(5))
print(f"{D('1234.567'):,.2f} {D('0.5'):.0%} {D('3'):>6} {D('1234.5'):.3e}", int(D("3.9")), round(D("2.5")), round(D("2.345"),2), D("3.14").as_tuple(), D(10).ln(), D(1).exp(), D(100).log10(), D("0.5").as_integer_ratio())
with localcontext() as c:
    c.prec=5; print(D(1)/D(7))
try: D(1)/0
except ZeroDivisionError as e: print(type(e).__name__)
try: D("x")
except InvalidOperation as e: print("bad")
