# with transformer
m = GPT(512, 256, 4, 4); m.set_dtype(mx.bfloat16)
train(m, lambda m, x, y: nn.losses.cross_entropy(m(x).astype(mx.float32), y, reduction="mean"), mx.random.randint(0, 512, (4, 128)), mx.random.randint(0, 512, (4, 128)), opt=optim.SGD(0.1, momentum=0.9))
