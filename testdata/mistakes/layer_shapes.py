import mlx.core as mx
import mlx.nn as nn

class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1 = nn.Linear(4, 8)
        self.l2 = nn.Linear(4, 2)

    def __call__(self, x):
        return self.l2(nn.relu(self.l1(x)))

def loss(model, x):
    return model(x).sum()

model = MLP()
nn.value_and_grad(model, loss)(model, mx.ones((1, 4)))
