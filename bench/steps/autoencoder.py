m = nn.Sequential(nn.Conv2d(1, 32, 3, 2, 1), nn.LeakyReLU(), nn.Conv2d(32, 64, 3, 2, 1), nn.LeakyReLU(), nn.ConvTranspose2d(64, 32, 3, 2, 1, output_padding=1), nn.LeakyReLU(), nn.ConvTranspose2d(32, 1, 3, 2, 1, output_padding=1), nn.Sigmoid())
x = mx.random.uniform(shape=(32, 64, 64, 1))
train(m, lambda m, x: ((m(x) - x) ** 2).mean(), x)
