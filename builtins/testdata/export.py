# Functions written to files and read back.
import mlx.core as mx
def f(x, y=None):
    return (mx.exp(x) * 2).sum(axis=0, keepdims=True) if y is None else x + y
a = mx.array([[0.5, 1, 2], [3, 4, 5]])
mx.export_function("f.mlxfn", f, a, metadata="what it is")
g, metadata = mx.import_function("f.mlxfn", return_metadata=True)
assert metadata == "what it is" and mx.array_equal(g(a)[0], f(a)) and mx.array_equal(g((a,))[0], f(a))
assert mx.allclose(mx.grad(lambda x: g(x)[0].sum())(a), 2 * mx.exp(a))
---
g = mx.import_function("f.mlxfn")
g(mx.ones((3, 3))) ### "ValueError: .*no function of f.mlxfn takes .float32 .3, 3..; there are .float32 .2, 3.."
---
mx.import_function("f.mlxfn")(1) ### "ValueError: .*not int"
---
mx.import_function("nowhere.mlxfn") ### "RuntimeError: .*nowhere"
---
mx.save_safetensors("other", {"a": mx.ones(1)})
mx.import_function("other.safetensors") ### "RuntimeError: .*mlxfn: read function: "
---
mx.export_function("f", lambda x: 3, mx.ones(1)) ### "ValueError: .*returned int"
---
mx.export_function("f", lambda x, s: x * s, mx.ones(1), 3) ### "ValueError: .*not int"
---
mx.export_function("f", lambda x: (mx.eval(x), x)[1], mx.ones(1)) ### "ValueError: .*cannot be evaluated"
---
mx.export_function(print, lambda x: x, mx.ones(1), metadata="m") ### "ValueError: .*a callback takes none"
---
# Several forms in one file, by keyword too, and other shapes.
def f(x, y=None):
    return mx.tanh(x).sum() if y is None else (x + y, x - y)
with mx.exporter("several.mlxfn", f, shapeless=True) as e:
    assert isinstance(e, mx.FunctionExporter)
    e(mx.ones(3))
    e(mx.ones((2, 2)))
    e(mx.ones(2), y=mx.ones(2))
g = mx.import_function("several.mlxfn")
for x in (mx.arange(5.0), mx.ones((3, 1))):
    assert mx.array_equal(g(x)[0], f(x))
assert [v.tolist() for v in g(mx.ones(4), y=mx.arange(4.0))] == [[1, 2, 3, 4], [1, 0, -1, -2]]
assert [v.tolist() for v in g((mx.ones(1),), {"y": mx.ones(1)})] == [[2], [0]]
e.close()
---
e = mx.exporter("twice.mlxfn", lambda x: x)
e(mx.ones(2))
e(mx.zeros(2)) ### "RuntimeError: .*was exported for .float32 .2,.. before"
---
e = mx.exporter("closed.mlxfn", lambda x: x)
e.close()
e(mx.ones(2)) ### "RuntimeError: .*closed"
---
# Everything that a function may do to its arrays: operators from both sides and
# in place, indexing, updates, attributes, iteration, calls, captured arrays of
# every dtype, and transforms.
w = mx.sin(mx.arange(12.0)).reshape(3, 4)
kept = {str(d): mx.array([1, 0, 3], d) for d in (mx.bool_, mx.int8, mx.uint64, mx.float16, mx.bfloat16, mx.float64, mx.complex64)}
def rows(x):
    y = 2 - x @ w
    y += 1
    y[:, 1:3] = y[:, :2] * 2
    y[0] = 7
    z = abs(-y).T.real + mx.concatenate([y, y], axis=0)[None, ..., 0].sum()
    z = z.at[mx.array([0, 1])].add(1.5).at[2].multiply(z[0])
    first, *rest = y
    z = z + first[mx.array(1)] + sum(r.max() for r in rest) + mx.array([y[0, 0], 2.0]).mean()
    return mx.where(z > 1, z, mx.softmax(z, axis=-1)), (~(y > 0)).any(), y.astype(mx.float16).sum(axis=-1), 1 / (1 + mx.exp(-y))
def dtypes(x):
    return [x.astype(mx.complex64) * v.astype(mx.complex64) for v in kept.values()] + list(kept.values())
def loss(w, x):
    return (mx.tanh(x @ w) ** 2).sum()
cases = [
    (rows, [(2, 3)]),
    (dtypes, [(3,)]),
    (lambda x: mx.value_and_grad(loss, argnums=(0, 1))(w, x)[1], [(2, 3), (5, 3)]),
    (mx.grad(lambda x: mx.grad(lambda y: (y ** 3).sum())(x).sum()), [(2,), (4,)]),
    (mx.vmap(lambda x, k: (x * k).sum() + x[0], in_axes=(0, None)), None),
    (lambda x: (x.mean(axis=0), x.var(), mx.softmax(x, axis=0), mx.logsumexp(x, axis=0), x.reshape(-1), x.T @ x), [(2, 3), (4, 3)]),
    (lambda x: mx.vjp(lambda y: (mx.sin(y), y * 2), [x], [x, x])[1], [(2,), (3,)]),
    (lambda x: mx.jvp(mx.exp, [x], [x * 2])[1], [(2,), (3,)]),
    (mx.grad(lambda x: mx.checkpoint(lambda y: mx.sin(y) * y)(x).sum()), [(2,), (3,)]),
    (mx.compile(lambda x: mx.fast.rms_norm(x, None, 1e-5)), [(2, 3), (1, 3)]),
    (lambda x: mx.random.uniform(key=mx.random.key(3), shape=(2, 1)) + x, [(2,), (3,)]),
    (lambda x: mx.quantized_matmul(x, *mx.quantize(mx.ones((8, 64))), transpose=True), [(1, 64), (3, 64)]),
]
for i, (fn, shapes) in enumerate(cases):
    inputs = [[mx.cos(mx.arange(1.0 * mx.zeros(s).size)).reshape(s)] for s in shapes] if shapes else [[mx.arange(6.0).reshape(2, 3), mx.arange(3.0)]]
    mx.export_function("case.mlxfn", fn, *inputs[0], shapeless=len(inputs) > 1)
    g = mx.import_function("case.mlxfn")
    for args in inputs:
        want = fn(*args)
        want = [want] if isinstance(want, mx.array) else want
        got = g(*args)
        assert len(got) == len(want), i
        for p, q in zip(got, want):
            assert p.dtype == q.dtype and p.shape == q.shape and mx.allclose(p, q).item(), (i, p, q)
---
# differs: MLX raises ValueError
c = mx.custom_function(lambda x: x * 2)
c.vjp(lambda x, ct, out: ct * 5)
mx.export_function("c", lambda x: c(x) + 1, mx.ones(2))
assert mx.import_function("c")(mx.ones(2))[0].tolist() == [3, 3]
mx.export_function("c", mx.grad(lambda x: c(x).sum()), mx.ones(2))
assert mx.import_function("c")(mx.ones(2))[0].tolist() == [5, 5]
---
# A callback is told the parts.
parts = []
mx.export_function(parts.append, lambda x, y: mx.exp(x) * mx.array([1.0, 2]) + y.sum(), mx.ones(2), y=mx.ones(2))
assert [p["type"] for p in parts] == ["inputs", "keyword_inputs", "outputs", "constants"] + ["primitive"] * 6
assert parts[0]["inputs"] == [("A", (2,), mx.float32), ("B", (2,), mx.float32)] and parts[1]["keywords"] == [("y", "B")]
assert parts[3]["constants"][0][1].tolist() == [1, 2] and [p["name"] for p in parts[4:]] == ["Exp", "Multiply", "Reduce", "Squeeze", "Broadcast", "Add"]
assert parts[6]["arguments"] == [2, [0]] and parts[8]["arguments"] == [(2,)]
assert parts[-1]["outputs"] == parts[2]["outputs"]
---
# What is shapeless runs once, and keeps what it read of a shape.
runs = []
def double(x):
    runs.append(x.shape)
    return x * 2 + x.shape[0]
g = mx.compile(double, shapeless=True)
assert [g(mx.ones(n)).tolist() for n in (2, 3, 1)] == [[4, 4], [4, 4, 4], [4]] and runs == [(2,)]
g(mx.ones((2, 2)))
g(mx.ones(2, mx.int32))
assert len(runs) == 3
---
g = mx.compile(lambda x: x.reshape(x.shape[0] * x.shape[1]), shapeless=True)
g(mx.ones((2, 3)))
g(mx.ones((4, 3))) ### "ValueError: reshape: .*12 elements"
---
# differs: MLX draws no random numbers in shapeless functions
# The random state that a shapeless function captures goes on.
def noisy(x):
    return x + mx.random.uniform(shape=(2, 1))
g = mx.compile(noisy, inputs=mx.random.state, outputs=mx.random.state, shapeless=True)
mx.random.seed(3)
got = [g(mx.zeros((2, n))).tolist() for n in (1, 2)]
mx.random.seed(3)
assert got == [noisy(mx.zeros((2, n))).tolist() for n in (1, 2)]
---
# differs: the graph has this engine's nodes
# Graphs for Graphviz.
class Text:
    def __init__(self):
        self.text = ""
    def write(self, s):
        self.text += s
x = mx.array([1.0, 2])
t = Text()
mx.export_to_dot(t, mx.exp(x) + x, mx.split(x, 2)[0], x=x)
lines = t.text.split("\n")
assert lines[0] == "digraph {" and lines[-2:] == ["}", ""] and '{ rank=source; "x"; }' in lines
assert len([l for l in lines if "shape=rectangle" in l]) == 3 and len([l for l in lines if "rank=sink" in l]) == 2
mx.export_to_dot("g.dot", x)
---
mx.export_to_dot("g.dot", 3) ### "ValueError: .*got int"
