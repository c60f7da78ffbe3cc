# Convolutions on the GPU against those of the processor.
import mlx.core as mx

mx.random.seed(11)
tolerance = {mx.float32: 4e-6, mx.float16: 2e-3, mx.bfloat16: 1.6e-2}
checked = 0


def convolve(x, w, dtype=mx.float32, layout=None, **keywords):
    global checked
    x, w = mx.random.normal(x).astype(dtype), mx.random.normal(w).astype(dtype)
    if layout == "part":
        x = mx.pad(x, [(0, 0)] * (x.ndim - 1) + [(0, 1)])[1:, ..., :-1]
    mx.eval(x, w)
    want = mx.conv_general(x, w, **keywords, stream=mx.cpu)
    got = mx.conv_general(x, w, **keywords)
    what = f"{x.shape} by {w.shape} {dtype} {keywords}"
    assert got.shape == want.shape and got.dtype == want.dtype == dtype, f"{what}: {got.shape} {got.dtype}"
    error = mx.abs(got.astype(mx.float32) - want.astype(mx.float32)).max().item() if want.size else 0
    size = tolerance[dtype] * (1 + 3 * (w.size / w.shape[0]) ** 0.5)
    assert error <= size, f"{what}: differs by {error}, want at most {size}"
    checked += 1


for dtype in [mx.float32, mx.float16, mx.bfloat16]:
    convolve((2, 17, 5), (7, 3, 5), dtype, stride=2, padding=1)
    convolve((2, 30, 8), (40, 4, 8), dtype, padding=([3], [1]), kernel_dilation=2)
    convolve((1, 9, 11, 3), (33, 3, 2, 3), dtype, padding=(1, 0), stride=(1, 2))
    convolve((2, 6, 5, 16), (20, 3, 3, 16), dtype, padding=1)
    convolve((1, 4, 5, 6, 4), (5, 2, 3, 2, 4), dtype, padding=(1, 1, 0), stride=(2, 1, 1))
convolve((2, 10, 9, 32), (36, 3, 3, 8), groups=4, padding=1)
convolve((1, 8, 7, 18), (10, 2, 2, 9), groups=2, stride=2, kernel_dilation=2)
convolve((2, 6, 7, 4), (8, 3, 3, 4), input_dilation=2, padding=2, flip=True)
convolve((1, 5, 6, 5, 2), (3, 2, 2, 3, 2), input_dilation=(1, 2, 3), padding=1, kernel_dilation=(2, 1, 1), flip=True)
convolve((2, 9, 8, 12), (12, 3, 3, 1), groups=12, padding=1, stride=2)
convolve((2, 9, 24), (24, 4, 1), mx.bfloat16, groups=24, padding=3)
convolve((1, 5, 6, 12), (9, 2, 3, 4), mx.float16, groups=3, input_dilation=2, flip=True)
convolve((3, 12, 4), (6, 3, 4), layout="part")
convolve((2, 20, 4), (6, 3, 4), padding=([-2], [-3]))
convolve((2, 5, 5, 8), (4, 1, 1, 8))
convolve((5, 33, 33, 4), (9, 2, 2, 4))  # large tiles
convolve((5, 33, 33, 3), (9, 2, 2, 3), mx.float16)
print(checked, "convolutions")
