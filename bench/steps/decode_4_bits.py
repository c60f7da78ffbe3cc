# with transformer
m = GPT(4096, 512, 6, 8); nn.quantize(m, bits=4); mx.eval(m.parameters()); x = mx.random.randint(0, 4096, (1, 1))
report(lambda: mx.eval(m(x)[:, -1].argmax()), 20)
