w = mx.random.normal((4096, 4096)); q = mx.quantize(w); mx.eval(q); del w
x = mx.random.normal((8, 4096)); mx.eval(x)
g = mx.grad(lambda x: mx.quantized_matmul(x, *q).sum())
report(lambda: mx.eval(g(x)))
