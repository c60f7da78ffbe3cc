# differs: MLX computes constants of float64 in float32
# The same checks over shapes that are drawn: any number of axes up to three, empty
# ones and those of size one among them, and pairs that broadcast in any way. Each row
# draws for itself.
import random

from harness import *

draw = random.Random()
SIZES = [0, 1, 1, 2, 2, 3, 3, 4]


def shape(rank=None, sizes=SIZES):
    return tuple(draw.choice(sizes) for _ in range(draw.randint(0, 3) if rank is None else rank))


def broadcastable(whole):
    # A shape that broadcasts to whole: some axes are 1, some leading ones are left out.
    part = tuple(n if draw.random() < 0.6 else 1 for n in whole)
    return part[draw.randint(0, len(part)):]


def pair():
    whole = shape()
    return draw.choice([(whole, broadcastable(whole)), (broadcastable(whole), whole), (broadcastable(whole), broadcastable(whole))])


def axes(rank):
    some = draw.sample(range(rank), draw.randint(1, rank)) if rank else []
    return [a - rank if draw.random() < 0.5 else a for a in some]


UNARY = [("any", f) for f in (mx.negative, mx.exp, mx.expm1, mx.sin, mx.cos, mx.tanh, mx.arctan, mx.arcsinh, mx.sigmoid, mx.erf, mx.square)]
UNARY += [("pos", f) for f in (mx.log, mx.log1p, mx.sqrt, mx.rsqrt, mx.reciprocal)]
UNARY += [("unit", f) for f in (mx.tan, mx.arcsin, mx.arctanh, mx.erfinv)] + [("away", mx.abs), ("above", mx.arccosh)]
for domain, f in UNARY:
    draw.seed(seed(f.__name__))
    check(f.__name__, f, operand(domain, shape()), second=False)

BINARY = [("any", "any", f) for f in (mx.add, mx.subtract, mx.multiply, mx.logaddexp)]
BINARY += [("any", "away", mx.divide), ("away", "any", mx.arctan2), ("pos", "any", mx.power)]
for i, (left, right, f) in itertools.product(range(3), BINARY):
    draw.seed(seed(f"{f.__name__} {i}"))
    a, b = pair()
    check(f"{f.__name__} {i}", f, operand(left, a), operand(right, b), second=False)
for i in range(4):
    draw.seed(seed(f"where {i}"))
    a, b = pair()
    c = broadcastable(a)
    first = draw.random() < 0.5
    check("where", lambda x, y, z: mx.where(mx.array(first), x, y) * z, operand("any", a), operand("any", b), operand("any", c), second=False)

# Reductions, by some axes, kept or not. The extremes have none of nothing.
SUMS = [mx.sum, mx.mean, mx.var, mx.logsumexp]
for i, f in itertools.product(range(3), SUMS + [mx.max, mx.min, mx.prod]):
    draw.seed(seed(f"{f.__name__} {i}"))
    extreme = f in (mx.max, mx.min)
    filled = extreme or f in (mx.mean, mx.var, mx.logsumexp)
    s = shape(sizes=[1, 2, 3]) if filled else shape()
    over, keep = axes(len(s)) or None, draw.random() < 0.5
    check(f"{f.__name__} over {over}", lambda x: f(x, axis=over, keepdims=keep), operand("distinct" if extreme else "pos", s), second=False)
for i, f in itertools.product(range(2), (mx.cumsum, mx.cumprod, mx.logcumsumexp, mx.cummax, mx.softmax, mx.sort)):
    draw.seed(seed(f"{f.__name__} {i}"))
    s = shape(draw.randint(1, 3), [1, 2, 3, 4])
    axis = draw.randrange(-len(s), len(s))
    check(f"{f.__name__} along {axis}", lambda x: f(x, axis=axis), operand("distinct", s), second=False)

# Products of matrices and vectors, stacked and broadcast.
for i in range(10):
    draw.seed(seed(f"matmul {i}"))
    lead, other = pair()
    m, k, n = (draw.choice(SIZES) for _ in range(3))
    a, b = draw.choice([(lead + (m, k), other + (k, n)), ((k,), other + (k, n)), (lead + (m, k), (k,)), ((k,), (k,))])
    check("matmul", mx.matmul, operand("any", a), operand("any", b), second=False)
for i in range(4):
    draw.seed(seed(f"conv1d {i}"))
    size, kernel, stride, dilation, pad = (draw.randint(*r) for r in ((5, 8), (1, 3), (1, 3), (1, 2), (0, 2)))
    groups = draw.choice([1, 2])
    check("conv1d", lambda x, w: mx.conv1d(x, w, stride=stride, padding=pad, dilation=dilation, groups=groups),
          operand("any", (draw.randint(1, 2), size, 2)), operand("any", (2 * draw.randint(1, 2), kernel, 2 // groups)), second=False)

# What moves elements.
for i in range(6):
    draw.seed(seed(f"moves {i}"))
    s = shape(draw.randint(1, 3), [1, 2, 3, 4])
    order = draw.sample(range(len(s)), len(s))
    check("transpose", lambda x: mx.transpose(x, order), operand("any", s), second=False)
    at = tuple(slice(draw.choice([None, 0, 1]), draw.choice([None, n, -1]), draw.choice([1, 2, -1])) for n in s)
    at = tuple(slice(None, None, p.step) if p.step < 0 else p for p in at)
    check(f"slice {at}", lambda x: x[at] * 2, operand("any", s), second=False)
    widths = [(draw.randint(0, 2), draw.randint(0, 2)) for _ in s]
    check(f"pad {widths}", lambda x: mx.pad(x, widths), operand("any", s), second=False)
    axis = draw.randrange(-len(s), len(s))
    places = draw.randint(0, 4)
    check(f"take along {axis}", lambda x, i: mx.take(x, i, axis=axis), operand("any", s), operand(f"below {s[axis]}", (places,)), second=False)
    check(f"concatenate along {axis}", lambda x, y: mx.concatenate([x, y, x], axis=axis), operand("any", s), operand("any", s), second=False)
    whole = shape(len(s) + 1, [1, 2, 3])
    check("broadcast_to", lambda x: mx.broadcast_to(x, whole), operand("any", broadcastable(whole)), second=False)

finish()
