import mlx.core as mx
x = mx.arange(6)
x.reshape(4, 2)
