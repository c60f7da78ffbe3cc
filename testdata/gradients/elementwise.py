# differs: MLX computes constants of float64 in float32, lacks the conjugate in some rules of complex numbers, and the jvp of depends
# Operations that work element by element, with broadcasting.
from harness import *

UNARY = {
    "any": [mx.negative, mx.exp, mx.expm1, mx.sin, mx.cos, mx.arctan, mx.sinh, mx.cosh, mx.tanh, mx.arcsinh,
            mx.square, mx.sigmoid, mx.erf, mx.degrees, mx.radians, mx.positive, mx.conjugate, mx.conj, mx.real, mx.imag,
            mx.atan, mx.asinh, mx.nan_to_num, mx.isnan, mx.zeros_like, mx.ones_like],
    "pos": [mx.log, mx.log2, mx.log10, mx.log1p, mx.sqrt, mx.rsqrt, mx.reciprocal],
    "unit": [mx.tan, mx.arcsin, mx.arccos, mx.arctanh, mx.erfinv, mx.asin, mx.acos, mx.atanh],
    "above": [mx.arccosh, mx.acosh],
    "away": [mx.abs, mx.sign],
}
SKIPPED = {mx.nan_to_num}  # it has no float64
SHAPES = [(), (0,), (2, 0), (4,), (2, 3), (3, 1, 2)]
for domain, functions in UNARY.items():
    for f in functions:
        name = f.__name__
        dtype = mx.float32 if f in SKIPPED else mx.float64
        check(name, f, operand(domain, (2, 3), dtype))
        check(name, f, operand(domain, SHAPES[seed(name) % len(SHAPES)], dtype), second=False)

COMPLEX = [mx.negative, mx.exp, mx.sin, mx.cos, mx.sinh, mx.cosh, mx.tanh, mx.square, mx.conjugate, mx.real, mx.imag,
           mx.abs, mx.log, mx.log2, mx.log10, mx.log1p, mx.sqrt, mx.rsqrt, mx.reciprocal, mx.tan]
for f in COMPLEX:
    check(f"complex {f.__name__}", f, operand("pos", (2, 2), mx.complex64), layouts=False)

BINARY = {
    ("any", "any"): [mx.add, mx.subtract, mx.multiply, mx.logaddexp],
    ("any", "away"): [mx.divide],
    # Angles jump where the first operand is 0 and the second is negative.
    ("any", "pos"): [mx.arctan2, mx.atan2],
    ("away", "any"): [mx.arctan2, mx.atan2],
    ("pos", "any"): [mx.power, mx.pow],
}
PAIRS = [((), ()), ((3,), ()), ((), (2, 3)), ((2, 3), (3,)), ((3, 1), (1, 4)), ((2, 1, 3), (4, 1)), ((0, 3), (3,)), ((1,), (0,))]
for (left, right), functions in BINARY.items():
    for f in functions:
        name = f.__name__
        check(name, f, operand(left, (2, 3)), operand(right, (2, 3)))
        for i in (0, 3, 5):
            a, b = PAIRS[(seed(name) + i) % len(PAIRS)]
            check(name, f, operand(left, a), operand(right, b), second=False)
for f in (mx.add, mx.subtract, mx.multiply, mx.divide, mx.power):
    check(f"complex {f.__name__}", f, operand("pos", (2, 3), mx.complex64), operand("pos", (3,), mx.complex64), layouts=False)
    check(f"complex and real {f.__name__}", f, operand("pos", (2, 3), mx.complex64), operand("pos", (3,), mx.float32), layouts=False)

# Of two operands that never meet, and of those that lie apart from steps.
apart = (operand("pos", (2, 3)), operand("above", (3,)))
for f in (mx.maximum, mx.minimum):
    check(f.__name__, lambda x, y: f(x * 8, y), *apart)
    check(f.__name__, lambda x, y: f(x - 3, y), *apart)
    check(f.__name__, lambda x, y: f(x, y - 1.15), operand("distinct", (3, 4)), operand("distinct", (1, 4)), second=False)
check("remainder", lambda x, y: mx.remainder(x, y + 10), operand("pos", (2, 3)), operand("pos", (3,)))
check("remainder", lambda x, y: mx.remainder(x + 4.5, y * 0.0 + 2.0), operand("unit", (2, 3)), operand("pos", (3,)), tolerance=1e-6)
check("floor_divide", lambda x, y: mx.floor_divide(x + 7, y * 0.1 + 3), operand("unit", (2,)), operand("unit", (2,)))
check("clip", lambda x: mx.clip(x, -0.5, 0.5), operand("distinct", (3, 5)))
check("clip by arrays", lambda x, low, high: mx.clip(x, low * 0.3, high + 2), operand("away", (2, 3)), operand("unit", (3,)), operand("pos", ()), second=False)
check("where", lambda x, y: mx.where(mx.array([True, False, True]), x, y), operand("any", (2, 3)), operand("any", (2, 1)))
check("where", lambda c, x, y: mx.where(c, x, y), operand("below 2", (3,)), operand("any", (2, 3)), operand("any", ()))
check("astype", lambda x: x.astype(mx.float32).astype(mx.float64) * 2, operand("any", (3,)), tolerance=2e-3, step=0.1)
check("astype function", lambda x: mx.astype(x, mx.complex64), operand("any", (3,), mx.float32))
check("operators", lambda x, y: (-x + y * 2 - 3 / (x + 3)) ** 2 @ y, operand("any", (2, 3)), operand("any", (3,)))
check("abs method", lambda x: abs(x) + x.square() + x.exp(), operand("away", (3,)))
check("depends", lambda x, y: mx.depends(mx.sin(x), [y]), operand("any", (3,)), operand("any", (2,)))
check("stop_gradient", lambda x: mx.stop_gradient(x * 0) * x, operand("any", (3,)))
check("round", lambda x: mx.round(x) + mx.floor(x) + mx.ceil(x) + mx.trunc(x), operand("distinct", (3, 3)))

finish()
