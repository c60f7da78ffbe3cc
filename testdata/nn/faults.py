"""What layers and optimizers once got wrong without a word, or refused."""

import mlx.core as mx
import mlx.nn as nn
import mlx.optimizers as optim
from mlx.nn.layers.distributed import sum_gradients
from mlx.nn.layers.upsample import upsample_cubic, upsample_linear, upsample_nearest
from mlx.utils import tree_merge


def fails(f, *args, **kwargs):
    try:
        f(*args, **kwargs)
        print("no error")
    except Exception as e:
        print(type(e).__name__, e)


# The normalizer is small beside a large x.
for v in (1.0, 1e4, 1e8, 1e20, 1e36):
    print(nn.log_softmax(mx.array([v, v])), nn.LogSoftmax()(mx.array([[v, v - v / 8]])))
print(nn.log_softmax(mx.array([20.0, 19.0, 18.0], dtype=mx.bfloat16)))
print(mx.grad(lambda x: nn.log_softmax(x)[0])(mx.array([1e8, 1e8])))

# Dropout keeps the dtype, as do the norms without weights.
mx.random.seed(3)
for kind in (nn.Dropout, nn.Dropout2d, nn.Dropout3d):
    for dtype in (mx.float16, mx.bfloat16, mx.float32):
        y = kind(0.5)(mx.ones((2, 3, 4, 5), dtype))
        print(kind.__name__, y.dtype, sorted(set(y.flatten().tolist())))
print(isinstance(nn.Dropout2d(), nn.Dropout))

# Squares of half precision overflow at 256.
x = mx.array([60000.0, -60000.0] * 8, mx.float16).reshape(1, 8, 2)
print(nn.InstanceNorm(2)(x.reshape(1, 16, 1)).flatten())
for compatible in (True, False):
    y = nn.GroupNorm(1, 2, affine=False, pytorch_compatible=compatible)(x[:, :2])
    print(y.dtype, [v + 0.0 for v in y.flatten().tolist()])
for groups, dims in ((4, 6), (0, 8), (-1, 8), (4, 0), (4, -4)):
    fails(nn.GroupNorm, groups, dims)
fails(nn.GroupNorm, 0, 0, eps=0)

print(nn.SinusoidalPositionalEncoding(4, scale=0)(mx.array([1.0, 2.0])))
print(nn.SinusoidalPositionalEncoding(8).scale)

# A module without parts is false, and still a module.
m = nn.Transformer(32, 4, 1, 1, custom_encoder=nn.Identity(), custom_decoder=nn.Identity())
print(type(m.encoder).__name__, type(m.decoder).__name__)

# A strict key must be somewhere in the tree, not in each of its modules.
m = nn.Sequential(nn.Linear(2, 2, bias=False), nn.Linear(2, 2))
m.freeze(keys="bias", strict=True)
print(sorted(m.layers[0].trainable_parameters()), sorted(m.layers[1].trainable_parameters()))
m.unfreeze(keys=["bias"], strict=True)
print(sorted(m.layers[1].trainable_parameters()))
fails(m.freeze, keys=["bias", "x"], strict=True)
fails(m.freeze, keys="bias", recurse=False, strict=True)
print(sorted(m.layers[1].trainable_parameters()))

# What reaches an output of a grouped convolution is its group alone.
for conv in (nn.Conv1d(4, 4, 3, groups=2), nn.Conv2d(6, 6, 3, groups=6)):
    inputs = conv.weight.size // conv.weight.shape[0]
    print(conv.weight.shape, mx.abs(conv.weight).max().item() > 0.8 * inputs**-0.5)
mx.random.seed(8)
print(mx.abs(nn.Conv1d(4, 4, 3, groups=2).weight).max())

print(sum_gradients(mx.distributed.init())(mx.array(1)))
x = mx.arange(4).reshape(1, 2, 2, 1).astype(mx.float32)
print(upsample_nearest(x, (2, 1)).flatten())
print(upsample_linear(x, (1.5, 2), align_corners=True).shape, upsample_cubic(x, (2, 2)).shape)
fails(upsample_linear, x, (2,))
fails(upsample_cubic, x, (2, 2), align_corners=True, antialias=True)
print(nn.Upsample(0.5, "linear", antialias=True))

row, column = mx.array([1.0, 4.0]), mx.array([4.0, 1.0])
print(optim.Adafactor()._approximate_exp_moving_avg(row, column))
fails(optim.Lion, 0.1, betas=[0.9, 1.0])
fails(optim.Adamax, 0.1, betas=[-0.1, 0.9])
fails(optim.AdamW, 0.1, eps=-1)
clipped, norm = optim.clip_grad_norm({"a": mx.full((4,), 300.0, mx.float16), "b": mx.ones(2, mx.bfloat16)}, 1.0)
print(clipped["a"].dtype, clipped["b"].dtype, norm)

for a, b in (({}, []), ([], ()), ({"a": []}, {"a": {}})):
    try:
        print(tree_merge(a, b))
    except ValueError:
        print("refused")
print(tree_merge({"a": []}, {"a": []}), tree_merge({}, {}), tree_merge((), ()))


class Plain(nn.Module):
    """to_quantized that knows no quantize_input."""

    def to_quantized(self, group_size=None, bits=None, mode="affine"):
        print("quantized", group_size, bits, mode)
        return self


nn.quantize(nn.Sequential(Plain()), bits=8)
nn.quantize(nn.Sequential(Plain()), class_predicate=lambda path, module: {"bits": 2, "quantize_input": False})
fails(nn.quantize, nn.Sequential(Plain()), class_predicate=lambda path, module: "yes")
