import mlx.core as mx
mx.stack([mx.ones((2,)), mx.ones((3,))])
