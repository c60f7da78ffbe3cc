# with transformer
m = GPT(4096, 512, 6, 8); m.set_dtype(mx.bfloat16); mx.eval(m.parameters()); x = mx.random.randint(0, 4096, (1, 64))
report(lambda: mx.eval(m(x)[:, -1].argmax()))
