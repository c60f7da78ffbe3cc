# differs: MLX lacks the jvp of running products and extremes
# Reductions, scans, orderings.
from harness import *

CASES = [((2, 3), None), ((2, 3), 0), ((3, 2, 2), (0, 2)), ((4,), -1), ((2, 3, 2), [1]), ((), None), ((2, 3), [])]
for f, domain in ((mx.sum, "any"), (mx.mean, "any"), (mx.prod, "away"), (mx.logsumexp, "any"), (mx.max, "distinct"),
                  (mx.min, "distinct"), (mx.var, "any"), (mx.std, "distinct")):
    for i, (shape, axis) in enumerate(CASES):
        if f is mx.std and (shape == () or axis == []):
            continue
        check(f.__name__, lambda x: f(x, axis=axis, keepdims=i % 2 == 1), operand(domain, shape), second=i < 2, layouts=i < 3)
for f in (mx.sum, mx.prod):
    for axis in (0, 1):
        check(f"empty {f.__name__}", lambda x: f(x, axis=axis), operand("any", (2, 0)), second=False)
check("var with ddof", lambda x: mx.var(x, axis=1, ddof=1), operand("any", (3, 4)))
check("prod with zeros", lambda x: mx.prod(x * mx.array([0.0, 1, 1], mx.float64), axis=1), operand("away", (2, 3)))
check("complex sum, mean and prod", lambda x: (x.sum(0), x.mean(1), mx.prod(x, 1)), operand("pos", (2, 3), mx.complex64), layouts=False)
check("median", lambda x: mx.median(x, axis=1), operand("distinct", (3, 5), mx.float32), second=False)
check("median of even", lambda x: mx.median(x), operand("distinct", (2, 2), mx.float32), second=False)
check("softmax", lambda x: mx.softmax(x, axis=-1), operand("any", (2, 4)))
check("softmax", lambda x: mx.softmax(x, axis=(0, 2)), operand("any", (2, 2, 3)))
check("softmax", lambda x: mx.softmax(x, axis=0, precise=True), operand("any", (0, 2)))

for f, domain in ((mx.cumsum, "any"), (mx.cumprod, "away"), (mx.cummax, "distinct"), (mx.cummin, "distinct"), (mx.logcumsumexp, "any")):
    for axis, reverse, inclusive in itertools.product((0, 1), (False, True), (False, True)):
        def g(x):
            y = f(x, axis=axis, reverse=reverse, inclusive=inclusive)
            return mx.where(mx.isinf(y), 0, y)  # what an exclusive scan starts from
        check(f"{f.__name__} {axis} {reverse} {inclusive}", g, operand(domain, (3, 4)), second=axis == 1, layouts=axis == 0)
check("cumprod with zeros", lambda x: mx.cumprod(x * mx.array([1.0, 0, 1, 0], mx.float64)), operand("away", (4,)))
check("cumulative", lambda x: (mx.cumulative_sum(x, axis=0), mx.cumulative_prod(x, axis=1)), operand("away", (2, 3)))
check("empty cumsum", lambda x: mx.cumsum(x, axis=0), operand("any", (0, 2)), second=False)
check("complex scans", lambda x: (mx.cumsum(x, 0), mx.cumprod(x, 1)), operand("pos", (2, 3), mx.complex64), layouts=False)

for axis in (0, 1, -1):
    check("sort", lambda x: mx.sort(x, axis=axis), operand("distinct", (3, 4)))
    check("partition", lambda x: mx.sort(mx.partition(x, 1, axis=axis), axis=axis), operand("distinct", (3, 4)), second=False)
    check("topk", lambda x: mx.sort(mx.topk(x, 2, axis=axis), axis=axis), operand("distinct", (3, 4)), second=False)
check("sort of a flat array", lambda x: mx.sort(x, axis=None), operand("distinct", (2, 3)))
check("argsort", lambda x: x[mx.stop_gradient(mx.argsort(x))] * 2, operand("distinct", (4,)))
check("minmax", lambda x: mx.minmax(x, axis=1), operand("distinct", (2, 4)))
check("unique", lambda x: mx.unique(x, 3), operand("distinct", (4,)))
check("trace", lambda x: mx.trace(x, offset=1), operand("any", (3, 4)))
check("trace", lambda x: mx.trace(x, axis1=2, axis2=0), operand("any", (3, 2, 4)), second=False)
check("diff", lambda x: mx.diff(x, n=2, axis=0), operand("any", (4, 2)))

finish()
