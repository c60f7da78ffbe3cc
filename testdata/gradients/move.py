# differs: MLX lacks the jvp of scatters and views, and maps few updates over batches
# Shapes, views, and elements moved by indices.
from harness import *

check("view", lambda x: mx.view(x, mx.complex64) * 2j, operand("any", (3, 4), mx.float32))
check("view", lambda x: mx.view(x, mx.float32) * mx.arange(8.0), operand("any", (3, 4), mx.complex64))
x34 = operand("any", (3, 4))
SHAPES = {
    "reshape": lambda x: mx.reshape(x.T, (2, 6)),
    "flatten": lambda x: mx.flatten(x),
    "unflatten": lambda x: mx.unflatten(x, 1, (2, 2)),
    "transpose": lambda x: mx.transpose(x, (1, 0)),
    "permute_dims": lambda x: mx.permute_dims(x, (1, 0)),
    "matrix_transpose": lambda x: mx.matrix_transpose(x),
    "swapaxes": lambda x: mx.swapaxes(x, 0, 1),
    "moveaxis": lambda x: mx.moveaxis(x, 0, -1),
    "expand_dims": lambda x: mx.expand_dims(x, (0, 2)),
    "squeeze": lambda x: mx.squeeze(x[None], 0),
    "broadcast_to": lambda x: mx.broadcast_to(x[:, :1], (2, 3, 5)),
    "broadcast_arrays": lambda x: mx.broadcast_arrays(x[:, :1], x[:1]),
    "as_strided": lambda x: mx.as_strided(x, (3, 3), (2, 1), 1),
    "slice": lambda x: mx.slice(x, mx.array([1, 0]), (0, 1), (2, 3)),
    "flip": lambda x: mx.flip(x, 1),
    "roll": lambda x: mx.roll(x, 2, axis=1),
    "roll flat": lambda x: mx.roll(x, -3),
    "tile": lambda x: mx.tile(x, (2, 1)),
    "repeat": lambda x: mx.repeat(x, 2, axis=1),
    "concatenate": lambda x: mx.concatenate([x, x * 2, x[:1]], axis=0),
    "concat": lambda x: mx.concat([x, x * 2], axis=1),
    "stack": lambda x: mx.stack([x, x * x], axis=1),
    "split": lambda x: mx.split(x, 2, axis=1),
    "split at": lambda x: mx.split(x, [1, 3], axis=1),
    "unstack": lambda x: mx.unstack(x, axis=1),
    "pad": lambda x: mx.pad(x, ((1, 0), (2, 1))),
    "pad edge": lambda x: mx.pad(x, 1, mode="edge"),
    "diag": lambda x: mx.diag(x[0], k=1),
    "diag of": lambda x: mx.diag(x, k=-1),
    "diagonal": lambda x: mx.diagonal(x, 1),
    "tril": lambda x: mx.tril(x, -1),
    "triu": lambda x: mx.triu(x, 1),
    "atleast": lambda x: (mx.atleast_1d(x[0, 0]), mx.atleast_2d(x[0]), mx.atleast_3d(x)),
    "contiguous": lambda x: mx.contiguous(x.T),
    "meshgrid": lambda x: mx.meshgrid(x[0], x[:, 0]),
    "asarray": lambda x: mx.asarray(x),
    "full": lambda x: mx.full((2, 3, 4), x),
    "array": lambda x: x[1, 2] * mx.full_like(x, 2.0),
    "linspace": lambda x: x * mx.linspace(0, 1, 4),
    "copy": lambda x: mx.array(x),
}
for name, f in SHAPES.items():
    check(name, f, x34)

INDICES = {
    "int": lambda x: x[1], "negative": lambda x: x[-1, -2], "slices": lambda x: x[1:, ::2], "backwards": lambda x: x[::-1, 3:0:-2],
    "none": lambda x: x[None, :, None, 1], "ellipsis": lambda x: x[..., 1], "array": lambda x: x[mx.array([2, 0, 2])],
    "arrays": lambda x: x[mx.array([2, 0]), mx.array([1, 1])], "mixed": lambda x: x[:, mx.array([[0, 3], [1, 1]])],
    "spread": lambda x: x[mx.array([0, 2]), None, mx.array([1, 1])], "nothing": lambda x: x[3:], "list": lambda x: x[[0, 2]],
}
for name, f in INDICES.items():
    check(f"x[{name}]", f, x34)


def updated(write):
    def f(x, v):
        y = x * 1
        write(y, v)
        return y
    return f


def _set(key):
    def write(y, v):
        y[key] = v
    return updated(write)


def _add(key):
    def write(y, v):
        y[key] += v
    return updated(write)


value = operand("any", (4,))
KEYS = {"int": 1, "slice": slice(None, None, 2), "backwards": slice(None, None, -2), "array": mx.array([2, 0]), "pair": (slice(1, None), slice(None)),
        "all": slice(None), "ellipsis": ..., "none": (None, 1)}
for name, key in KEYS.items():
    check(f"x[{name}] = v", _set(key), x34, value)
    if name != "none":
        check(f"x[{name}] += v", _add(key), x34, value, second=False)
check("x[mask] = v", updated(lambda y, v: y.__setitem__(mx.array([[True, False, True, False]] * 3), v)), x34, operand("any", (6,)))
check("x[row mask] = v", updated(lambda y, v: y.__setitem__(mx.array([True, False, True]), v)), x34, value)
AT = {"add": lambda at, v: at.add(v), "subtract": lambda at, v: at.subtract(v), "multiply": lambda at, v: at.multiply(v),
      "divide": lambda at, v: at.divide(v), "maximum": lambda at, v: at.maximum(v), "minimum": lambda at, v: at.minimum(v)}
for name, f in AT.items():
    # Both sets of values lie on grids that are apart, so that none tie.
    parts = (operand("distinct", (3, 4)), operand("away" if name == "divide" else "distinct", (2, 4)))
    check(f"at {name} array", lambda x, v: f(x.at[mx.array([2, 0])], v + 0.03), *parts)
    check(f"at {name} slice", lambda x, v: f(x.at[::2], v + 0.03), *parts)
    if name != "divide":
        check(f"at {name} repeated", lambda x, v: f(x.at[mx.array([1, 1])], v + 0.03), operand("distinct", (3, 4)), operand("distinct", (2, 4)))
check("slice_update", lambda x, v: mx.slice_update(x, v, mx.array([1, 2]), (0, 1)), x34, operand("any", (2, 2)))

index = operand("below 3", (2,))
check("take", lambda x, i: mx.take(x, i, axis=1), x34, index)
check("take flat", lambda x, i: mx.take(x, i), x34, operand("below 12", (2, 2)))
check("take one", lambda x, i: mx.take(x, i, axis=0), x34, operand("below 3"))
check("gather", lambda x, i, j: x[i, j], x34, index, operand("below 4", (3, 1)))
check("gather by one", lambda x, i: x[:, i], x34, index)
check("take_along_axis", lambda x, i: mx.take_along_axis(x, i, axis=1), x34, operand("below 4", (3, 2)))
check("take_along_axis", lambda x, i: mx.take_along_axis(x, i, axis=0), x34, operand("below 3", (1, 4)))
check("put_along_axis", lambda x, v: mx.put_along_axis(x, mx.array([[1, 0], [3, 2], [0, 1]]), v, axis=1), x34, operand("any", (3, 2)))
check("scatter", lambda x, v, i: x.at[i].add(v), x34, operand("any", (2, 4)), index)
check("scatter set", lambda x, v, i: _set(i)(x, v), x34, operand("any", (4,)), operand("below 3", ()))
check("parts", lambda x: mx.square(x[0]) + x[1] * x[:, 0].sum() + mx.take(x, mx.array([2, 2]), axis=0).sum(0) * x[2], x34)
check("parts and the whole", lambda x: mx.square(x[0]) + x.sum(0) * x[mx.array([2, 1])].prod(0), x34)
check("a part for two", lambda x, y: (x + y)[1] * (x - y)[0] + x[1], x34, x34)
check("a part of a gradient", lambda x: mx.grad(lambda x: x.var() * x[0].sum())(x)[1], x34)
check("parts", lambda x: mx.square(x[0]) + x[1] * x[:, 0].sum() + mx.take(x, mx.array([2, 2]), axis=0).sum(0) * x[2], x34)
check("parts and the whole", lambda x: mx.square(x[0]) + x.sum(0) * x[mx.array([2, 1])].prod(0), x34)
check("a part for two", lambda x, y: (x + y)[1] * (x - y)[0] + x[1], x34, x34)
check("a part of a gradient", lambda x: mx.grad(lambda x: x.var() * x[0].sum())(x)[1], x34)
check("empty take", lambda x: mx.take(x, mx.zeros((0,), mx.int32), axis=0), x34)
check("0-d", lambda x: x[None] * x.reshape(1, 1), operand("any"))
check("empty", lambda x: mx.concatenate([x, x.T.reshape(0, 3)], 0)[:, 1:], operand("any", (0, 3)))

check("windows", lambda x: mx.as_strided(x, (2, 2, 3, 2, 2), (24, 8, 2, 4, 1)), operand("any", (2, 6, 4)), layouts=False)
check("windows that wrap", lambda x: mx.as_strided(x, (2, 2, 2), (3, 4, 1), 1), x34)
check("max of windows", lambda x: mx.as_strided(x, (2, 2, 2, 2, 2), (24, 8, 4, 4, 1)).max(axis=(-2, -1)), operand("distinct", (2, 6, 4)), layouts=False, second=False)

finish()
