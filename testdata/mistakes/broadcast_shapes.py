import mlx.core as mx
a = mx.ones((2, 3))
b = mx.ones((4,))
print(a + b)
