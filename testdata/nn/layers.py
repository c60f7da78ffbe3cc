"""Layers: initial values, outputs, printed forms and errors."""

import mlx.core as mx
import mlx.nn as nn
from mlx.utils import tree_flatten


def shown(x):
    return [round(v, 3) + 0.0 for v in x.astype(mx.float32).flatten().tolist()]


def check(layer, *inputs, **kwargs):
    out = layer(*inputs, **kwargs)
    out = out if isinstance(out, tuple) else (out,)
    print(layer)
    print([(k, v.shape, round(v.sum().item(), 3)) for k, v in tree_flatten(layer.parameters())])
    for y in out:
        print(y.shape, y.dtype, shown(y)[:12])


def fails(f, *args, **kwargs):
    try:
        f(*args, **kwargs)
        print("no error")
    except Exception as e:
        print(type(e).__name__, e)


def wave(*shape):
    n = 1
    for d in shape:
        n *= d
    return mx.sin(mx.arange(n) * 0.7).reshape(shape)


mx.random.seed(1)
check(nn.Linear(3, 2), wave(2, 3))
check(nn.Bilinear(2, 3, 4), wave(5, 2), wave(5, 3))
check(nn.Bilinear(2, 3, 4, bias=False), wave(2, 5, 2), wave(2, 5, 3))
check(nn.Identity(1, a=2), wave(2))
check(nn.Embedding(5, 4), mx.array([[1, 4], [0, 2]]))
print(shown(nn.Embedding(5, 4).as_linear(wave(2, 4))))
check(nn.Conv1d(4, 6, 3, groups=2, padding=1), wave(1, 5, 4))
check(nn.Conv2d(2, 3, (2, 3), stride=(2, 1), padding=1, dilation=2), wave(1, 5, 6, 2))
check(nn.Conv3d(1, 2, 2, bias=False), wave(1, 3, 3, 3, 1))
check(nn.ConvTranspose1d(2, 3, 3, stride=2, output_padding=1), wave(1, 4, 2))
check(nn.ConvTranspose2d(2, 3, 2, stride=2, padding=1), wave(1, 3, 3, 2))
check(nn.ConvTranspose3d(1, 2, (1, 2, 2)), wave(1, 2, 3, 3, 1))
check(nn.LayerNorm(4), wave(2, 4))
check(nn.LayerNorm(4, affine=False), wave(2, 4).astype(mx.float16))
check(nn.RMSNorm(4), wave(2, 4))
check(nn.InstanceNorm(2, affine=True), wave(2, 3, 3, 2))
check(nn.GroupNorm(2, 4, affine=False), wave(2, 3, 4))
check(nn.GroupNorm(2, 4, pytorch_compatible=True), wave(2, 3, 4))
check(nn.BatchNorm(3), wave(4, 2, 3))
check(nn.BatchNorm(3, affine=False, track_running_stats=False).eval(), wave(4, 3))
for pool in (
    nn.MaxPool1d(2),
    nn.AvgPool1d(3, stride=2, padding=1),
):
    check(pool, wave(2, 7, 2))
for pool in (nn.MaxPool2d((2, 3), stride=1, padding=(0, 1)), nn.AvgPool2d(2)):
    check(pool, wave(1, 5, 6, 2))
for pool in (nn.MaxPool3d(2), nn.AvgPool3d((1, 2, 2), stride=1, padding=1)):
    check(pool, wave(1, 3, 4, 4, 1))
for layer in (nn.Dropout(0.3), nn.Dropout()):
    check(layer, wave(2, 6))
check(nn.Dropout2d(0.4), wave(2, 2, 2, 3))
check(nn.Dropout3d(0.4), wave(2, 1, 2, 2, 3))
check(nn.GRU(2, 3), wave(2, 4, 2))
check(nn.GRU(2, 3, bias=False), wave(4, 2), hidden=mx.ones(3))
check(nn.LSTM(2, 3), wave(4, 2), mx.ones(3), mx.ones(3))
print(shown(nn.RNN(2, 3, nonlinearity=nn.relu)(wave(3, 2), mx.ones(3))))
mask = nn.MultiHeadAttention.create_additive_causal_mask(3)
print(mask)
check(nn.MultiHeadAttention(4, 2, bias=True), wave(1, 3, 4), wave(1, 3, 4), wave(1, 3, 4), mask)
check(nn.MultiHeadAttention(4, 2, 3, 5, 6, 8, 2), wave(1, 3, 3), wave(1, 2, 5), wave(1, 2, 6))
check(nn.TransformerEncoderLayer(4, 2, 8, norm_first=False), wave(1, 3, 4), mask)
check(nn.TransformerDecoderLayer(4, 2), wave(1, 3, 4), wave(1, 2, 4), mask, None)
check(nn.TransformerEncoder(2, 4, 2, checkpoint=True), wave(1, 3, 4), mask)
check(nn.Transformer(4, 2, 1, 1, activation=nn.gelu), wave(1, 3, 4), wave(1, 2, 4), None, None, None)
for traditional in (False, True):
    check(nn.RoPE(4, traditional, base=100, scale=0.5), wave(2, 3, 6), offset=5)
check(nn.SinusoidalPositionalEncoding(6, scale=1), mx.arange(3))
check(nn.ALiBi(), mx.zeros((1, 5, 2, 4)), offset=2)
print(shown(nn.ALiBi()(mx.zeros((1, 2, 2, 2)), mask=mx.array([[0.0, -9.0], [0.0, 0.0]]))))
for mode in ("nearest", "linear", "cubic"):
    for corners in (False, True):
        for scale in (2, 1.5, 0.5, 0.4, 3):
            print(mode, corners, scale, shown(nn.Upsample(scale, mode, corners)(wave(1, 5, 1))))
for mode in ("linear", "cubic"):
    for scale in (0.5, 0.4, 2.0):
        print(mode, scale, shown(nn.Upsample(scale, mode, antialias=True)(wave(1, 6, 1))))
print(nn.Upsample((2, 1.5)), nn.Upsample((2, 1.5))(wave(1, 2, 2, 1)).shape)

fails(nn.LayerNorm, 4, eps=0.0)
fails(nn.GroupNorm, 3, 4)
fails(nn.GroupNorm, 1, 2, eps=0)
fails(nn.BatchNorm(4), mx.ones((1, 4)))
fails(nn.BatchNorm(2), mx.zeros((2,)))
fails(nn.InstanceNorm(2), mx.zeros((2, 2)))
fails(nn.LayerNorm(4), mx.ones((2, 3)))
fails(nn.SinusoidalPositionalEncoding, 5)
fails(nn.Conv2d, 3, 2, 3, groups=2)
fails(nn.GELU, "x")
fails(nn.MaxPool1d, (2, 2))
fails(nn.AvgPool2d, 2, stride="a")
fails(nn.AvgPool2d, 2, padding=-1)
fails(nn.MaxPool2d(2), mx.ones((1, 4, 2)))
fails(nn.Dropout, 1.0)
fails(nn.Dropout2d(), mx.zeros((2,)))
fails(nn.Dropout3d(), mx.zeros((2,)))
fails(nn.MultiHeadAttention, 5, 2)
fails(nn.Upsample, 2, mode="x")
fails(nn.Upsample, 2, mode="nearest", antialias=True)
fails(nn.Upsample(2), mx.zeros((2, 2)))
fails(nn.Upsample((2, 2)), mx.zeros((2, 2, 2)))
fails(nn.RNN, 2, 3, nonlinearity=3)
fails(nn.quantize, nn.Sequential(nn.ReLU()), class_predicate=lambda path, module: True)
fails(nn.Linear(64, 2).to_quantized, quantize_input=True)
fails(nn.Embedding(2, 64).to_quantized, quantize_input=True)
