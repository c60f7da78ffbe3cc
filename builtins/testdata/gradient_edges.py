# Where a function has no derivative, or several: MLX's choices.
def grad(f, *xs):
    return [g.tolist() for g in mx.vjp(lambda *a: [f(*a).sum()], list(xs), [mx.array(1.0)])[1]]
a = mx.array
inf, nan = float("inf"), float("nan")
ones = a([1.0, 1.0])
# Ties: the second operand, equal parts of a reduction, the last of a scan.
assert grad(mx.maximum, ones, ones) == [[0.0, 0.0], [1.0, 1.0]] and grad(mx.minimum, ones, ones) == [[0.0, 0.0], [1.0, 1.0]]
assert grad(mx.max, a([3.0, 3.0, 1.0])) == [[0.5, 0.5, 0.0]]
t = a([1.0, 2.0, 2.0, 1.0, 3.0, 3.0])
def scan(f, reverse, inclusive):
    return grad(lambda x: (f(x, reverse=reverse, inclusive=inclusive) * mx.arange(1.0, 7.0))[1:-1], t)[0]
assert scan(mx.cummax, False, True) == [0.0, 2.0, 7.0, 0.0, 5.0, 0.0]
assert scan(mx.cummax, False, False) == [2.0, 3.0, 9.0, 0.0, 0.0, 0.0]
assert scan(mx.cummax, True, False) == [0.0, 0.0, 0.0, 0.0, 9.0, 5.0]
assert scan(mx.cummin, False, False) == [9.0, 0.0, 0.0, 5.0, 0.0, 0.0]
assert scan(mx.cummin, True, False) == [0.0, 0.0, 0.0, 5.0, 4.0, 5.0]
# An update that ties with what is there shares nothing: both have the gradient.
assert grad(lambda x, v: x.at[:2].maximum(v), a([1.0, 2.0, 3.0]), ones) == [[1.0, 1.0, 1.0], [1.0, 0.0]]
assert grad(lambda x, v: x.at[a([0, 0])].maximum(v), a([1.0, 2.0]), ones) == [[1.0, 1.0], [1.0, 1.0]]
# Bounds, steps and poles.
assert grad(lambda x: mx.clip(x, -1, 1), a([-1.0, 0.0, 1.0, 2.0])) == [[0.0, 1.0, 0.0, 0.0]]
assert grad(mx.abs, a([-1.0, 0.0, 1.0])) == [[-1.0, 0.0, 1.0]] and grad(mx.sign, a([1.2])) == [[0.0]]
assert grad(mx.sqrt, a([0.0])) == [[inf]] and grad(mx.log1p, a([-1.0])) == [[inf]]
assert str(grad(mx.linalg.norm, a([0.0, 0.0]))) == "[[nan, nan]]" and str(grad(mx.std, ones)) == "[[nan, nan]]"
assert str(grad(lambda x: mx.where(x > 0, mx.log(x), 0), a([0.0, 1.0]))) == "[[nan, 1.0]]"
# Powers of 0, by the base and by the exponent.
assert grad(lambda x: x ** 2, a([0.0])) == [[0.0]] and grad(lambda y: a([0.0, 1.0]) ** y, a([2.0, 2.0])) == [[0.0, 0.0]]
assert grad(lambda y: a([0.0]) ** y, a([0.0])) == [[-inf]]
# Products and running products with zeros.
assert grad(mx.prod, a([2.0, 0.0, 3.0])) == [[0.0, 6.0, 0.0]] and grad(mx.cumprod, a([2.0, 0.0, 3.0])) == [[1.0, 8.0, 0.0]]
# Complex: dL/dx + i dL/dy.
assert grad(lambda z: (z * z * (1 + 2j)).real, a([1 + 1j])) == [[-2 - 6j]]
assert grad(mx.abs, a([3 + 4j, 0j]))[0] == [mx.array(0.6 + 0.8j).item(), 0j]
---
# differs: MLX has no gradient of the singular value decomposition
# What is not unique where values coincide is not what pinv depends on.
g = mx.grad(lambda x: mx.linalg.pinv(x)[0, 1])(mx.eye(3))
want = mx.array([[0.0, -1.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
assert mx.allclose(g, want, atol=1e-6).item()
---
mx.grad(lambda x: mx.view(x, mx.int32).astype(mx.float32).sum())(mx.array([1.0])) ### "ValueError: view: the gradient of float32 read as int32 is not defined"
