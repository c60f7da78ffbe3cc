# with transformer
train(GPT(256, 128, 6, 4), lambda m, x, y: nn.losses.cross_entropy(m(x), y, reduction="mean"), mx.random.randint(0, 256, (8, 64)), mx.random.randint(0, 256, (8, 64)))
