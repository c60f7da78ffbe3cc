q = mx.random.normal((1, 8, 1024, 64)); mx.eval(q)
g = mx.grad(lambda q: mx.fast.scaled_dot_product_attention(q, q, q, scale=0.125, mask='causal').sum())
report(lambda: mx.eval(g(q)))
