import mlx.core as mx
x = mx.ones((2, 3))
print(x.shpae)
