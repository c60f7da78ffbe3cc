report(lambda: mx.eval(mx.random.normal((2048, 2048))))
