# Gradients take the form of the arguments.
x = mx.array([1.0, 2.0])
g = mx.grad(lambda p: (p["w"] ** 2).sum() * p["b"][0])({"w": x, "b": [mx.array(3.0)]})
assert g["w"].tolist() == [6.0, 12.0] and g["b"][0].item() == 5.0
assert mx.grad(lambda a, b: a * b, argnums=(1, 0))(mx.array(2.0), mx.array(5.0))[0].item() == 5.0
none, named = mx.grad(lambda a, b: a * b, argnames="b")(mx.array(2.0), b=mx.array(5.0))
assert none is None and named["b"].item() == 2.0
(v, aux), g = mx.value_and_grad(lambda a: (a * a, "more"))(mx.array(3.0))
assert v.item() == 9.0 and aux == "more" and g.item() == 6.0
assert mx.grad(lambda a: a * a)(mx.array(3)).item() == 6
---
# The caller's arrays stay what they were; its containers get their arrays back.
def f(p):
    p["w"] += 1
    return p["w"].sum()
a = mx.array([1.0, 2.0])
p = {"w": a}
assert mx.grad(f)(p)["w"].tolist() == [1.0, 1.0] and a.tolist() == [1.0, 2.0]
def captured(q):
    return (p2["w"] * q["w"]).sum()
p2 = {"w": a}
assert mx.grad(captured)(p2)["w"].tolist() == [2.0, 4.0] and p2["w"] is a
---
# Values may be looked at inside grad, and the gradient is still right.
def f(x):
    y = mx.exp(x)
    mx.eval(y)
    if y.item() > 1:
        return y * x
    return y
assert abs(mx.grad(f)(mx.array(1.0)).item() - 2 * 2.7182818) < 1e-5
---
# Higher orders, through other transforms and their ends.
x, w, t = mx.array([0.1, -0.5, 0.7]), mx.array([1.0, 2.0, 3.0]), mx.array([1.0, 0.0, 0.0])
f = lambda x: (mx.softmax(x) * w).sum()
forward = mx.jvp(mx.grad(f), [x], [t])[1][0]
backward = mx.grad(lambda x: (mx.grad(f)(x) * t).sum())(x)
assert mx.allclose(forward, backward).item()
assert mx.grad(mx.grad(mx.grad(lambda x: x ** 4)))(mx.array(2.0)).item() == 48.0
---
# vjp and jvp of several outputs.
outs, grads = mx.vjp(lambda a, b: (a * b, a + b), [mx.array(2.0), mx.array(3.0)], [mx.array(1.0), mx.array(10.0)])
assert [o.item() for o in outs] == [6.0, 5.0] and [g.item() for g in grads] == [13.0, 12.0]
outs, tangents = mx.jvp(lambda a: mx.split(a, 2), [mx.array([1.0, 2.0])], [mx.array([5.0, 7.0])])
assert [v.item() for v in tangents] == [5.0, 7.0]
---
# A custom rule replaces the function's own; checkpoint runs its function again.
@mx.custom_function
def f(x, y):
    return x * y
@f.vjp
def f_vjp(primals, cotangent, output):
    x, y = primals
    return cotangent * 10 + output, cotangent * 100
assert [g.item() for g in mx.grad(f, argnums=(0, 1))(mx.array(2.0), mx.array(3.0))] == [16.0, 100.0]
runs = []
def g(x):
    runs.append(1)
    return mx.sin(x) * x
x = mx.array(0.5)
assert mx.allclose(mx.grad(mx.checkpoint(g))(x), mx.grad(g)(x)).item() and len(runs) == 3
---
# A custom function with a jvp alone: it serves forward mode, backward uses its own.
@mx.custom_function
def f(x):
    return x * x
@f.jvp
def f_jvp(primal, tangent):
    return tangent * 10
assert mx.jvp(f, [mx.array(2.0)], [mx.array(3.0)])[1][0].item() == 30.0
assert mx.grad(f)(mx.array(2.0)).item() == 4.0
---
mx.grad(lambda x: x * 2)(mx.array([1.0, 2.0])) ### "ValueError: grad: the function returned an array of shape \\(2,\\), want a scalar array"
---
mx.grad(lambda x: 3.0)(mx.array(1.0)) ### "ValueError: grad: the function returned float"
---
mx.grad(lambda x: x)(2.0) ### "ValueError: grad: the argument holds float"
---
mx.grad(lambda x, y: x, argnums=2)(mx.array(1.0), mx.array(1.0)) ### "ValueError: .*argument 2.*2 positional"
---
mx.grad(lambda x: x, argnums=(0, 0)) ### "ValueError: .*index 0 appears twice"
---
mx.grad(5) ### "TypeError: grad\\(\\): argument 'fun' must be callable, not int"
---
# differs: MLX crashes on a list that holds itself
a = []
a.append(a)
mx.grad(lambda x: x)(a) ### "RecursionError"
---
mx.vjp(lambda x: (x, x), [mx.array(2.0)], [mx.array(1.0)]) ### "ValueError: vjp: the function has 2 outputs, but there are 1 cotangents"
---
# vmap over axes and trees, nested, and around grad.
x = mx.arange(12.0).reshape(3, 4)
assert mx.array_equal(mx.vmap(lambda r, s: (r * s).sum(), in_axes=(0, None))(x, mx.arange(4.0)), x @ mx.arange(4.0)).item()
assert mx.array_equal(mx.vmap(lambda c: mx.sort(-c), in_axes=1, out_axes=1)(x), mx.sort(-x, axis=0)).item()
assert mx.array_equal(mx.vmap(mx.vmap(lambda a, b: a + b, in_axes=(None, 0)), in_axes=(0, None))(x[:, 0], x[0]), x[:, :1] + x[:1]).item()
assert mx.array_equal(mx.vmap(mx.grad(lambda r: (r ** 2).sum()))(x), 2 * x).item()
assert mx.vmap(lambda r: mx.zeros((2,)), out_axes=1)(x).shape == (2, 3)
i = mx.array([[0], [1], [2]])
assert mx.vmap(lambda r, k: r[k])(x, i).tolist() == [[0.0], [5.0], [10.0]]
keys = mx.random.split(mx.random.key(3), 3)
each = mx.stack([mx.random.normal((2,), key=k) for k in keys])
assert mx.array_equal(mx.vmap(lambda k: mx.random.normal((2,), key=k))(keys), each).item()
had = mx.searchsorted(mx.array([1.0, 5.0, 9.0]), x)
assert mx.array_equal(mx.vmap(lambda r: mx.searchsorted(mx.array([1.0, 5.0, 9.0]), r))(x), had).item()
---
import mlx.core as mx
mx.vmap(lambda r: mx.searchsorted(r, mx.array([2.5])))(mx.ones((3, 4))) ### "ValueError: searchsorted: vmap goes over the values"
---
mx.vmap(lambda x: x.item())(mx.ones((3,))) ### "ValueError: .*traced by vmap"
---
mx.vmap(lambda x, y: x + y)(mx.ones((3, 2)), mx.ones((2, 2))) ### "ValueError: vmap: the batches have 3 and 2 examples"
---
mx.vmap(lambda x: x, in_axes=None)(mx.ones((3, 2))) ### "TypeError: vmap\\(\\): argument 'in_axes' must be int"
---
# differs: a kernel that MLX compiles rounds differently
# compile runs its function once a form, and follows captured state.
n = []
@mx.compile
def f(x, k=2):
    n.append(1)
    return x * k, "tag"
assert f(mx.array([1.0]))[0].item() == 2.0 and f(mx.array([4.0]))[0].item() == 8.0 and len(n) == 1
assert f(mx.array([4.0]), k=3)[0].item() == 12.0 and f(mx.array([4]))[0].dtype == mx.int32 and len(n) == 3
assert f(mx.array([4.0]))[1] == "tag"
assert mx.grad(lambda x: f(x)[0].sum())(mx.array([1.0])).item() == 2.0
state = [mx.array(1.0), mx.random.state]
def step(x):
    state[0] = state[0] + x + 0 * mx.random.uniform()
    return state[0] * 2
step = mx.compile(step, inputs=state, outputs=state)
assert [step(mx.array(1.0)).item() for _ in range(3)] == [4.0, 6.0, 8.0] and state[0].item() == 4.0
draw = mx.compile(lambda: mx.random.uniform(), inputs=mx.random.state, outputs=mx.random.state)
mx.random.seed(7)
got = [draw().item(), draw().item()]
mx.random.seed(7)
assert got == [mx.random.uniform().item(), mx.random.uniform().item()]
---
mx.compile(lambda x: x if x > 0 else -x)(mx.array(1.0)) ### "ValueError: .*traced by compile"
---
mx.vmap(lambda x: x, in_axes=(None,))(mx.ones((3, 2))) ### "ValueError: vmap: in_axes names no batch axis"
---
# A custom function with a vjp alone: forward mode uses its own derivative.
f = mx.custom_function(lambda x: x * x)
f.vjp(lambda p, ct, out: ct * p * 100)
assert mx.jvp(f, [mx.array(2.0)], [mx.array(3.0)])[1][0].item() == 12.0 and mx.grad(f)(mx.array(2.0)).item() == 200.0
---
# differs: before 0.32.4 MLX's gradient went on into padding that is longer behind
# The gradient of conv_general's input has its shape, whatever the padding.
x = mx.sin(mx.arange(6) * 0.7).reshape(1, 6, 1)
w = mx.sin(mx.arange(4) * 0.8).reshape(2, 2, 1)
def f(x, w, padding):
    y = mx.conv_general(x, w, stride=[2], padding=padding, kernel_dilation=[2])
    return (y * mx.cos(mx.arange(y.size).reshape(y.shape))).sum()
g = mx.grad(lambda x: f(x, w, ([1], [2])))(x)
assert g.shape == x.shape and mx.allclose(g[0, :, 0], mx.array([0, 0.0927399695, 0, -0.6836876869, 0, 0.4762889147])).item()
assert mx.grad(lambda x: f(x, w, ([1], [1])))(x).shape == x.shape
assert mx.allclose(mx.grad(lambda x: f(x * 1, w, ([1], [2])))(x), g).item()
assert mx.allclose(mx.value_and_grad(lambda x: f(x, w, ([0], [2])) + (x * x).sum())(x)[1], mx.grad(lambda x: f(x * 1, w, ([0], [2])) + (x * x).sum())(x)).item()
