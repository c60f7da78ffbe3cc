"""Activations, losses and initialisers, with gradients where they bend."""

import mlx.core as mx
import mlx.nn as nn


def shown(x):
    return [round(v, 3) + 0.0 for v in x.astype(mx.float32).flatten().tolist()]


def fails(f, *args, **kwargs):
    try:
        f(*args, **kwargs)
        print("no error")
    except Exception as e:
        print(type(e).__name__, e)


x = mx.array([-7.0, -3.0, -1.0, -0.5, -0.1, 0.0, 0.1, 0.5, 1.0, 3.0, 7.0, 2.0])
for name in (
    "celu elu gelu gelu_approx gelu_fast_approx glu hard_shrink hard_tanh hardswish leaky_relu log_sigmoid log_softmax "
    "mish relu relu2 relu6 selu sigmoid silu softmax softmin softplus softshrink softsign step tanh"
).split():
    f = getattr(nn, name)
    print(name, shown(f(x)), f(x.astype(mx.float16)).dtype)
    if name != "step":
        print(shown(mx.grad(lambda x: (f(x) * mx.arange(f(x).size)).sum())(x)))
print(shown(nn.prelu(x, mx.array(0.5))), shown(mx.grad(lambda x: nn.prelu(x, mx.array(0.5)).sum())(x)))
print(shown(nn.elu(x, 0.5)), shown(nn.celu(x, 0.5)), shown(nn.step(x, 0.5)), nn.step(x).dtype)
for layer in (
    nn.CELU(0.5), nn.ELU(0.5), nn.GELU(), nn.GELU("tanh"), nn.GELU("fast"), nn.GLU(), nn.HardShrink(0.3), nn.HardTanh(),
    nn.Hardswish(), nn.LeakyReLU(0.2), nn.LogSigmoid(), nn.LogSoftmax(), nn.Mish(), nn.PReLU(), nn.ReLU(), nn.ReLU2(),
    nn.ReLU6(), nn.SELU(), nn.SiLU(), nn.Sigmoid(), nn.Softmax(), nn.Softmin(), nn.Softplus(), nn.Softshrink(0.3),
    nn.Softsign(), nn.Step(0.1), nn.Tanh(),
):
    print(layer, shown(layer(x)))

a = mx.array([[0.3, -1.2, 0.8], [1.5, 0.2, -0.4]])
b = mx.array([[0.1, -0.2, 0.9], [1.0, 0.7, 0.4]])
classes = mx.array([2, 0])
losses = nn.losses
for reduction in ("none", "mean", "sum"):
    for name in "l1_loss mse_loss smooth_l1_loss hinge_loss huber_loss log_cosh_loss kl_div_loss cosine_similarity_loss".split():
        print(name, reduction, shown(getattr(losses, name)(a, b, reduction=reduction)))
    print(shown(losses.cross_entropy(a, classes, reduction=reduction)))
    print(shown(losses.cross_entropy(a, mx.softmax(b), label_smoothing=0.2, reduction=reduction)))
    print(shown(losses.nll_loss(nn.log_softmax(a), classes, reduction=reduction)))
    print(shown(losses.binary_cross_entropy(a, mx.sigmoid(b), reduction=reduction)))
    print(shown(losses.binary_cross_entropy(mx.array([0.0, 1.0, 0.5]), mx.array([0.0, 0.0, 1.0]), with_logits=False, reduction=reduction)))
    print(shown(losses.gaussian_nll_loss(a, b, mx.abs(b), full=True, reduction=reduction)))
    print(shown(losses.triplet_loss(a, b, -b, p=3, reduction=reduction)))
    print(shown(losses.margin_ranking_loss(a, b, mx.sign(b), margin=0.1, reduction=reduction)))
print(shown(losses.cross_entropy(a, mx.array([0, 1, 1]), axis=0)))
print(shown(losses.cross_entropy(a, classes, weights=mx.array([2.0, 0.5]))))
print(shown(losses.smooth_l1_loss(a, b, beta=0.3)), shown(losses.huber_loss(a, b, 0.3)))
for name in ("l1_loss", "mse_loss", "smooth_l1_loss"):
    fails(getattr(losses, name), a, b[:, :2])
fails(losses.mse_loss, a, b, "max")
fails(losses.cross_entropy, a, classes, label_smoothing=1.5)
fails(losses.cross_entropy, a, classes, weights=mx.zeros(3))
fails(losses.cross_entropy, a, mx.array([1, 2, 0]))
fails(losses.binary_cross_entropy, a, b[:1])
fails(losses.gaussian_nll_loss, a, b, b[:1])
fails(losses.margin_ranking_loss, a, b, b[:1])

init = nn.init
mx.random.seed(5)
for make in (
    init.constant(2), init.normal(1.0, 0.5), init.uniform(-1, 1), init.glorot_normal(), init.glorot_uniform(),
    init.he_normal(), init.he_uniform(), init.sparse(0.5), init.constant(1, mx.float16), init.normal(dtype=mx.bfloat16),
):
    y = make(mx.zeros((3, 4)))
    print(y.dtype, shown(y))
print(init.identity()(mx.zeros((2, 2))))
print(shown(init.he_normal()(mx.zeros((2, 3, 3, 4)), mode="fan_out", gain=2.0))[:6])
fails(init.he_normal(), mx.zeros((3,)))
fails(init.he_normal(), mx.zeros((3, 3)), mode="fan_avg")
fails(init.identity(), mx.zeros((2, 3)))
fails(init.orthogonal(), mx.zeros((3, 3, 3)))
fails(init.sparse(0.5), mx.zeros((3, 3, 3)))
