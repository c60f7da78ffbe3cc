a = mx.random.normal((256, 32, 32)); b = mx.random.normal((256, 32)); mx.eval(a, b)
f = mx.vmap(lambda m, v: mx.tanh(m @ v).sum())
g = mx.grad(lambda a: f(a, b).sum())
report(lambda: mx.eval(g(a)))
