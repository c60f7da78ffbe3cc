import mlx.core as mx

def forward(x, w):
    return x @ w

forward(mx.ones((2, 3)), mx.ones((4, 5)))
