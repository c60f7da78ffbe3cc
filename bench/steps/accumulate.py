# with transformer
from mlx.utils import tree_map
m = GPT(256, 128, 4, 4); mx.eval(m.parameters())
vg = nn.value_and_grad(m, lambda m, x, y: nn.losses.cross_entropy(m(x), y, reduction="mean"))
B = [(mx.random.randint(0, 256, (4, 64)), mx.random.randint(0, 256, (4, 64))) for _ in range(4)]
def step():
    acc = tree_map(mx.zeros_like, m.trainable_parameters())
    for x, y in B:
        l, g = vg(m, x, y)
        acc = tree_map(lambda a, b: a + b, acc, g)
        mx.eval(acc)
report(step)
