m = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10))
train(m, lambda m, x, y: nn.losses.cross_entropy(m(x), y, reduction="mean"), mx.random.normal((256, 784)), mx.random.randint(0, 10, (256,)))
