import mlx.core as mx
a = mx.array([1.0, 2.0])
print(mx.sofmax(a))
