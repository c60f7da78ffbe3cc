# Products with quantized matrices on the GPU against those of the processor.
import mlx.core as mx

mx.random.seed(5)
tolerance = {mx.float32: 4e-6, mx.float16: 2e-3, mx.bfloat16: 1.6e-2}
formats = [("affine", g, b) for b in [2, 3, 4, 5, 6, 8] for g in [32, 64, 128]] + [("mxfp4", 32, 4), ("mxfp8", 32, 8), ("nvfp4", 16, 4)]
checked = 0


def quantized(shape, dtype, mode, group, bits):
    parts = mx.quantize(mx.random.normal(shape).astype(dtype), group_size=group, bits=bits, mode=mode)
    return list(parts)


def compare(what, got, want, dtype, inner):
    global checked
    size = tolerance[dtype] * (1 + 3 * inner ** 0.5)
    assert got.shape == want.shape and got.dtype == want.dtype == dtype, f"{what}: {got.shape} {got.dtype}"
    error = mx.abs(got.astype(mx.float32) - want.astype(mx.float32)).max().item()
    assert error <= size, f"{what}: differs by {error}, want at most {size}"
    checked += 1


def product(m, n, k, dtype, form, transpose, lead=()):
    mode, group, bits = form
    w = quantized((n, k), dtype, mode, group, bits)
    x = mx.random.normal(lead + (m, k if transpose else n)).astype(dtype)
    mx.eval(x, *w)
    keys = {"transpose": transpose, "group_size": group, "bits": bits, "mode": mode}
    want = mx.quantized_matmul(x, *w, **keys, stream=mx.cpu)
    compare(f"{lead}{(m, n, k)} {dtype} {form} {transpose}", mx.quantized_matmul(x, *w, **keys), want, dtype, x.shape[-1])


dtypes = {2: mx.float16, 3: mx.float32, 4: mx.float32, 5: mx.bfloat16, 6: mx.float16, 8: mx.bfloat16}
for i, form in enumerate(formats):
    dtype = dtypes[form[2]]
    for h, m in enumerate([1, 3, 37]):
        product(m, 18 + 5 * h, 128 * (1 + (i + h) % 3), dtype, form, True)
        product(m, 18 + 5 * h, 128, dtype, form, False)
for dtype in [mx.float16, mx.bfloat16]:
    product(2, 20, 192, dtype, ("affine", 64, 4), True)
product(5, 33, 320, mx.float32, ("affine", 64, 4), True, (2, 1))
product(1, 33, 320, mx.float32, ("affine", 64, 4), True, (2, 3))
product(64, 40, 64, mx.float32, ("affine", 32, 4), True, (64,))  # large tiles
product(64, 7, 64, mx.float32, ("nvfp4", 16, 4), False, (64,))

# Stacks, and matrices that indices pick.
for form in [("affine", 32, 3), ("mxfp4", 32, 4), ("nvfp4", 16, 4)]:
    mode, group, bits = form
    keys = {"group_size": group, "bits": bits, "mode": mode}
    for transpose in [True, False]:
        w = quantized((4, 64, 64), mx.float32, mode, group, bits)
        for m in [1, 6, 12]:
            x = mx.random.normal((3, 2, m, 64))
            left, right = mx.array([[5, 0, -1]]), mx.array([[3], [-4]], dtype=mx.int32)
            mx.eval(x, left, right, *w)
            want = mx.gather_qmm(x, *w, lhs_indices=left, rhs_indices=right, transpose=transpose, **keys, stream=mx.cpu)
            got = mx.gather_qmm(x, *w, lhs_indices=left, rhs_indices=right, transpose=transpose, **keys)
            compare(f"gather {form} {m} {transpose}", got, want, mx.float32, 64)
            y = mx.random.normal((2, 4, m, 64))[0]
            want = mx.quantized_matmul(y, *w, transpose=transpose, **keys, stream=mx.cpu)
            compare(f"stack {form} {m} {transpose}", mx.quantized_matmul(y, *w, transpose=transpose, **keys), want, mx.float32, 64)
print(checked, "products")
