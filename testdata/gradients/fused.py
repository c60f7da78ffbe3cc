# differs: MLX computes its fast functions in float32, and lacks rules of quantized products
# mx.fft, mx.fast, quantized products, and functions with rules of their own.
from harness import *

z, r = operand("any", (3, 4), mx.complex64), operand("any", (3, 4), mx.float32)
FFT = {
    "fft": mx.fft.fft, "ifft": mx.fft.ifft, "fft2": mx.fft.fft2, "ifft2": mx.fft.ifft2, "fftn": mx.fft.fftn, "ifftn": mx.fft.ifftn,
    "irfft": mx.fft.irfft, "irfft2": mx.fft.irfft2, "irfftn": mx.fft.irfftn,
    "irfft odd": lambda x: mx.fft.irfft(x, n=5), "fft cut": lambda x: mx.fft.fft(x, n=3, axis=0), "fft padded": lambda x: mx.fft.fft(x, n=7, norm="ortho"),
    "ifft forward": lambda x: mx.fft.ifft(x, axis=0, norm="forward"), "fftshift": mx.fft.fftshift, "ifftshift": lambda x: mx.fft.ifftshift(x, axes=1),
}
for name, f in FFT.items():
    check(name, f, z, second=name in ("fft", "irfft"))
for name, f in {"rfft": mx.fft.rfft, "rfft2": mx.fft.rfft2, "rfftn": mx.fft.rfftn, "rfft odd": lambda x: mx.fft.rfft(x, n=5), "fft of reals": mx.fft.fft}.items():
    check(name, f, r, second=name == "rfft")


def any_(*shape):
    return operand("any", shape)


window = mx.array([0.5, 1.0, 0.5, 0.25])
check("stft", lambda x: mx.fft.stft(x, n_fft=6, hop_length=2, window=window), operand("any", (2, 9), mx.float32))
check("stft of complex numbers", lambda x: mx.fft.stft(x, n_fft=4, center=False), operand("any", (8,), mx.complex64), layouts=False)
check("istft", lambda x: mx.fft.istft(x, hop_length=1, window=window), operand("any", (4, 5), mx.complex64), second=False)
check("cross_entropy", lambda x: mx.fast.cross_entropy(x, mx.array([2, 0])), operand("any", (2, 3), mx.float32))
check("cross_entropy's cotangents", lambda x, ct: mx.vjp(lambda x: mx.fast.cross_entropy(x, mx.array([2, 0])), [x], [ct])[1], operand("any", (2, 3), mx.float32), operand("any", (2,), mx.float32), second=False)
check("gated_delta_update", lambda *x: mx.fast.gated_delta_update(*x), operand("any", (1, 3, 1, 2), mx.float32), operand("any", (1, 3, 1, 2), mx.float32),
      operand("any", (1, 3, 2, 2), mx.float32), operand("unit", (1, 3, 2), mx.float32), operand("unit", (1, 3, 2), mx.float32), operand("any", (1, 2, 2, 2), mx.float32), second=False)

check("rms_norm", lambda x, w: mx.fast.rms_norm(x, w, 1e-2), any_(2, 4), any_(4))
check("rms_norm without a weight", lambda x: mx.fast.rms_norm(x, None, 1e-2), any_(2, 4))
check("layer_norm", lambda x, w, b: mx.fast.layer_norm(x, w, b, 1e-2), any_(2, 4), any_(4), any_(4))
check("layer_norm without a weight", lambda x: mx.fast.layer_norm(x, None, None, 1e-2), any_(2, 4))
check("rms_norm's cotangents", lambda x, w, ct: mx.vjp(lambda x, w: mx.fast.rms_norm(x, w, 1e-2), [x, w], [ct])[1], any_(2, 4), any_(4), any_(2, 4), second=False)
check("layer_norm's cotangents", lambda x, w, b, ct: mx.vjp(lambda x, w, b: mx.fast.layer_norm(x, w, b, 1e-2), [x, w, b], [ct])[1],
      any_(2, 4), any_(4), any_(4), any_(2, 4), second=False)
for traditional in (False, True):
    check("rope", lambda x: mx.fast.rope(x, 4, traditional=traditional, base=100.0, scale=0.5, offset=2), any_(2, 3, 6))
check("rope by freqs", lambda x, f: mx.fast.rope(x, 4, traditional=False, base=None, scale=1.0, offset=1, freqs=f), any_(1, 3, 4), operand("pos", (2,)))
qkv = (any_(1, 4, 3, 2), any_(1, 2, 5, 2), any_(1, 2, 5, 3))


def attention(**more):
    return lambda q, k, v: mx.fast.scaled_dot_product_attention(q, k, v, scale=0.7, **more)


check("attention", attention(), *qkv)
check("causal attention", attention(mask="causal"), *qkv, second=False)
check("masked attention", attention(mask=mx.array([[True, False, True, True, True]] * 3)), *qkv, second=False)
check("attention's cotangents", lambda q, k, v, ct: mx.vjp(attention(mask="causal"), [q, k, v], [ct])[1],
      operand("any", (1, 2, 3, 4)), operand("any", (1, 1, 5, 4)), operand("any", (1, 1, 5, 3)), operand("any", (1, 2, 3, 3)), second=False)
check("attention with a bias and sinks", lambda q, k, v, m, s: mx.fast.scaled_dot_product_attention(q, k, v, scale=0.7, mask=m, sinks=s),
      *qkv, any_(4, 3, 5), any_(4), second=False, layouts=False)

# Quantized: by the input, the scales and the biases. The codes are no numbers.
w = mx.random.normal((8, 64), key=mx.random.key(1))
for bits, group in ((4, 32), (8, 64), (3, 32)):
    codes, scales, biases = mx.quantize(w, group_size=group, bits=bits)
    q = {"group_size": group, "bits": bits}
    parts = (operand("any", scales.shape, mx.float32), operand("any", biases.shape, mx.float32))
    check("dequantize", lambda s, b: mx.dequantize(codes, s, b, **q), *parts, layouts=bits == 4, step=0.5)
    check("quantized_matmul", lambda x, s, b: mx.quantized_matmul(x, codes, s, b, **q), operand("any", (2, 64), mx.float32), *parts, layouts=bits == 4, step=0.5)
    check("quantized_matmul turned", lambda x, s, b: mx.quantized_matmul(x, codes, s, b, transpose=False, **q), operand("any", (2, 8), mx.float32), *parts, layouts=False, step=0.5, second=False)
for mode in ("mxfp4", "mxfp8", "nvfp4"):
    codes, scales = mx.quantize(w, mode=mode)
    check(f"quantized_matmul {mode}", lambda x: mx.quantized_matmul(x, codes, scales, mode=mode), operand("any", (2, 64), mx.float32), layouts=False, step=0.5)
stack = mx.quantize(mx.random.normal((3, 8, 64), key=mx.random.key(2)))
check("gather_qmm", lambda x, i: mx.gather_qmm(x, *stack, rhs_indices=i), operand("any", (2, 1, 64), mx.float32), operand("below 3", (2,)), step=0.5)
check("gather_qmm by scales", lambda s, b: mx.gather_qmm(mx.ones((2, 1, 64)), stack[0], s, b, rhs_indices=mx.array([2, 0])),
      operand("any", stack[1].shape, mx.float32), operand("any", stack[2].shape, mx.float32), layouts=False, step=0.5, second=False)
check("quantized_matmul of a stack", lambda x, s, b: mx.quantized_matmul(x, stack[0], s, b), operand("any", (3, 2, 64), mx.float32),
      operand("any", stack[1].shape, mx.float32), operand("any", stack[2].shape, mx.float32), layouts=False, step=0.5, second=False)
check("gather_qmm of both", lambda x, s, b, i, j: mx.gather_qmm(x, stack[0], s, b, i, j, transpose=False), operand("any", (2, 1, 8), mx.float32),
      operand("any", stack[1].shape, mx.float32), operand("any", stack[2].shape, mx.float32), operand("below 2", (4,)), operand("below 3", (4,)),
      layouts=False, step=0.5, second=False)


# Functions whose rules are their author's, and those of transforms.
@mx.custom_function
def cube(x, y):
    return x * x * x * y


@cube.vjp
def cube_vjp(primals, cotangent, output):
    x, y = primals
    return cotangent * 3 * x * x * y, cotangent * x * x * x


@cube.jvp
def cube_jvp(primals, tangents):
    x, y = primals
    return tangents[0] * 3 * x * x * y + tangents[1] * x * x * x


check("custom_function", cube, any_(2, 3), any_(2, 3))
check("checkpoint", mx.checkpoint(lambda x, y: mx.sin(x) @ y), any_(2, 3), any_(3))
compiled = mx.compile(lambda x, y: mx.exp(x) * y)
check("compile", compiled, any_(2, 3), any_(3))
check("grad", mx.grad(lambda x: (mx.sin(x) ** 2).sum()), any_(3))
check("value_and_grad", lambda x: mx.value_and_grad(lambda y: mx.exp(y).sum())(x), any_(3))
check("vmap", lambda x: mx.vmap(lambda row: mx.softmax(row) * row)(x), any_(2, 3))
check("vjp and jvp", lambda x, v: (mx.jvp(mx.sin, [x], [v])[1][0], mx.vjp(mx.cos, [x], [v])[1][0]), any_(3), any_(3))

finish()
