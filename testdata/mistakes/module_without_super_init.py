import mlx.nn as nn

class Net(nn.Module):
    def __init__(self):
        self.layer = nn.Linear(2, 2)

    def __call__(self, x):
        return self.layr(x)

Net()(1)
