import mlx.core as mx

def f(x):
    return x * 2

mx.grad(f)(mx.ones((3,)))
