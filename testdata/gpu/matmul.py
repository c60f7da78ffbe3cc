# Matrix products on the GPU against those of the processor.
import mlx.core as mx

mx.random.seed(3)
tolerance = {mx.float32: 2e-6, mx.float16: 2e-3, mx.bfloat16: 1.6e-2, mx.complex64: 2e-6}
checked = 0


def numbers(shape, dtype):
    x = mx.random.normal(shape)
    if dtype == mx.complex64:
        return x + 1j * mx.random.normal(shape)
    return x.astype(dtype)


def matrix(rows, cols, dtype, layout, lead=()):
    """A matrix as it lies, transposed, with gaps between rows, or away from the start."""
    if layout == "row":
        return numbers(lead + (rows, cols), dtype)
    if layout == "column":
        return mx.swapaxes(numbers(lead + (cols, rows), dtype), -1, -2)
    if layout == "gap":
        return numbers(lead + (rows, cols + 4), dtype)[..., :cols]
    return numbers(lead + (rows + 1, cols + 3), dtype)[..., 1:, 3:]


def compare(what, got, want, size):
    global checked
    error = mx.abs(got.astype(mx.complex64) - want.astype(mx.complex64)).max().item() if want.size else 0
    assert got.shape == want.shape and got.dtype == want.dtype, f"{what}: {got.shape} {got.dtype}"
    assert error <= size, f"{what}: differs by {error}, want at most {size}"
    checked += 1


def product(m, k, n, dtype, left, right, lead=(), rlead=None):
    a = matrix(m, k, dtype, left, lead)
    b = matrix(k, n, dtype, right, lead if rlead is None else rlead)
    mx.eval(a, b)
    size = tolerance[dtype] * (1 + 2 * k ** 0.5)
    what = f"{lead}{(m, k)} {left} @ {rlead}{(k, n)} {right} {dtype}"
    compare(what, a @ b, mx.matmul(a, b, stream=mx.cpu), size)
    return a, b, size, what


layouts = ["row", "column", "gap", "part"]
sizes = [
    (1, 1, 1), (3, 4, 5), (16, 16, 16), (17, 9, 18), (32, 32, 32), (33, 47, 35), (70, 20, 66),  # tiles
    (1, 33, 50), (1, 140, 37), (50, 131, 1), (4, 60, 40), (5, 68, 100), (41, 70, 7), (1, 64, 128),  # vectors
    (12, 600, 10), (1, 530, 1), (40, 515, 33), (3, 520, 2),  # parts
]
for i, (m, k, n) in enumerate(sizes):
    for h, left in enumerate(layouts):
        product(m, k, n, [mx.float32, mx.float16, mx.bfloat16][(i + h) % 3], left, layouts[(i + h) % 4 - 1])
        product(m, k, n, mx.float32, left, layouts[(i // 4 + h) % 4])
for left, right, dtype in [("row", "row", mx.float16), ("row", "column", mx.float32), ("column", "row", mx.bfloat16), ("column", "column", mx.float16)]:
    product(65, 20, 66, dtype, left, right, (16,), (16,))  # large tiles
product(9, 20, 11, mx.complex64, "column", "row")
product(0, 4, 3, mx.float32, "row", "row")
product(2, 0, 3, mx.float16, "row", "row")
product(40, 0, 50, mx.float32, "row", "row")

# Stacks: of both, and of one that meets one matrix.
for lead, rlead in [((3,), (3,)), ((2, 3), (3,)), ((2, 3), (2, 1)), ((4,), (1,)), ((2, 2), ()), ((1, 3), (2, 1))]:
    for m, k, n in [(1, 40, 33), (5, 36, 40), (20, 18, 35)]:
        product(m, k, n, mx.float32, "row", "column", lead, rlead)
        product(m, k, n, mx.bfloat16, "column", "part", lead, rlead)

# What is added.
for m, k, n in [(3, 5, 4), (1, 50, 70), (60, 30, 1), (40, 33, 50), (20, 600, 17)]:
    for dtype in [mx.float32, mx.float16]:
        a, b, size, what = product(m, k, n, dtype, "row", "column")
        for c in [numbers((n,), dtype), numbers((m, n), dtype), numbers((n, m), dtype).T, numbers((m, 1), dtype)]:
            want = mx.addmm(c, a, b, alpha=0.5, beta=-2, stream=mx.cpu)
            compare(f"{what} + {c.shape}", mx.addmm(c, a, b, alpha=0.5, beta=-2), want, 3 * size)

# Picked matrices, transposed and of one side alone.
for dtype, m in [(mx.float32, 1), (mx.float16, 6), (mx.bfloat16, 40), (mx.float32, 70)]:
    a, b = numbers((3, 2, m, 36), dtype), mx.swapaxes(numbers((5, 50, 36), dtype), 1, 2)
    left, right = mx.array([[5, 0, -1]]), mx.array([[3], [-5]], dtype=mx.int16)
    mx.eval(a, b, left, right)
    for keywords in [{"lhs_indices": left, "rhs_indices": right}, {"lhs_indices": left}, {"rhs_indices": right}]:
        x, y = a[0] if "lhs_indices" not in keywords else a, b if "rhs_indices" in keywords else b[0]
        if "lhs_indices" in keywords and "rhs_indices" not in keywords:
            y = b[:3]
        what = f"gather_mm {list(keywords)} {m} {dtype}"
        compare(what, mx.gather_mm(x, y, **keywords), mx.gather_mm(x, y, **keywords, stream=mx.cpu), tolerance[dtype] * 13)

# A vector is added as it lies, and not as the matrix that it broadcasts to.
for device in [mx.cpu, mx.gpu]:
    a, b, c = mx.ones((256, 4)), mx.ones((4, 256)), mx.ones((256,))
    mx.eval(a, b, c)
    before = mx.get_active_memory()
    mx.reset_peak_memory()
    d = mx.addmm(c, a, b, stream=device)
    mx.eval(d)
    peak = mx.get_peak_memory() - before
    assert peak < 1.5 * d.nbytes, peak
    assert d[3, 5].item() == 5  # which brings the processor's to the GPU
print(checked, "products")

# Few columns of a matrix whose rows lie as one, which the terms cut across.
for m, k, n in [(8, 64, 8), (16, 128, 4), (33, 100, 8)]:
    a, b = mx.random.normal((m, k)), mx.random.normal((k, n))
    for x, y in [(a, b), (a, mx.contiguous(b.T).T), (mx.contiguous(a.T).T, b)]:
        assert mx.allclose(x @ y, mx.matmul(x, y, stream=mx.cpu), atol=1e-4), (m, k, n)
