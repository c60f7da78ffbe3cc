# with transformer
from mlx.nn.utils import checkpoint
g = GPT(256, 128, 6, 4)
class C(nn.Module):
    def __init__(self):
        super().__init__(); self.g = g
    def __call__(self, x):
        h = self.g.e(x)
        for b in self.g.b: h = checkpoint(b)(h)
        return self.g.out(self.g.n(h))
train(C(), lambda m, x, y: nn.losses.cross_entropy(m(x), y, reduction="mean"), mx.random.randint(0, 256, (8, 128)), mx.random.randint(0, 256, (8, 128)))
