# What undoes what, in every norm and for odd, even and prime lengths.
import mlx.core as mx

def close(a, b, tol=1e-5):
    return a.shape == b.shape and (a.size == 0 or mx.abs(a - b).max().item() < tol)

for n in [1, 2, 3, 8, 15, 37, 74]:
    x = mx.random.normal((3, n))
    z = x + 1j * mx.random.normal((3, n))
    for norm in ["backward", "ortho", "forward"]:
        assert close(mx.fft.ifft(mx.fft.fft(z, norm=norm), norm=norm), z)
        assert close(mx.fft.irfft(mx.fft.rfft(x, norm=norm), n=n, norm=norm), x)
        assert close(mx.fft.rfft(x, norm=norm), mx.fft.fft(x, norm=norm)[:, :n // 2 + 1])
    assert close(mx.fft.fft(z.T, axis=0), mx.fft.fft(z).T, 1e-4)
x = mx.random.normal((4, 5, 6))
assert close(mx.fft.irfftn(mx.fft.rfftn(x, axes=(2, 0)), axes=(2, 0), s=(6, 4)), x)
assert close(mx.fft.fftn(x), mx.fft.fft(mx.fft.fft2(x), axis=0), 1e-4)
assert mx.fft.fft(mx.ones((0, 3))).shape == (0, 3)
assert mx.fft.fftn(x, axes=()).dtype == mx.float32
assert mx.fft.rfft(mx.arange(4), n=7).shape == (4,) and mx.fft.rfft(mx.arange(9), n=4).shape == (3,)
assert mx.fft.ifftshift(mx.fft.fftshift(x)).tolist() == x.tolist()
assert mx.fft.fftshift(mx.fft.fftfreq(5)).tolist() == sorted(mx.fft.fftfreq(5).tolist())
---
# Gradients agree with differences, batches with a loop.
import mlx.core as mx

w = mx.random.normal((3, 7), key=mx.random.key(5))
x = mx.random.normal((3, 7), key=mx.random.key(6))
z = w + 1j * x
functions = [
    lambda x: (mx.abs(mx.fft.fft(x, n=9, norm="ortho")) ** 3).sum(),
    lambda x: (mx.fft.ifft(x * (1 + 2j), n=5).imag ** 3).sum(),
    lambda x: (mx.abs(mx.fft.rfft(x)) ** 3).sum(),
    lambda x: (mx.abs(mx.fft.rfft2(x, s=(4, 8))) ** 3).sum(),
    lambda x: (mx.fft.irfft(x * (2 - 1j)) ** 3).sum(),
    lambda x: (mx.fft.irfft(x * z, n=7) ** 3).sum(),
    lambda x: (mx.fft.irfftn(x * z, s=(2, 5), axes=(1, 0)) ** 3).sum(),
]
for i, f in enumerate(functions):
    g = (mx.grad(f)(x) * w).sum().item()
    d = ((f(x + 1e-2 * w) - f(x - 1e-2 * w)) / 2e-2).item()
    assert abs(g - d) < 2e-2 * (1 + abs(d)), (i, g, d)
for f in [mx.fft.fft, mx.fft.ifft, mx.fft.rfft, mx.fft.irfft]:
    batched = mx.vmap(f, in_axes=1)(x)
    assert mx.abs(batched - f(x.T)).max().item() < 1e-6
---
import mlx.core as mx
mx.fft.fft(mx.array(1.0)) ### "IndexError: fft: axis -1 is out of range for an array with 0 axes"
---
import mlx.core as mx
mx.fft.ifft(mx.ones(3), n=0) ### "ValueError: ifft: got the length 0 along axis 0"
---
import mlx.core as mx
mx.fft.fft(mx.ones(3), norm="none") ### "ValueError: fft: norm is 'none', want 'backward', 'ortho' or 'forward'"
---
import mlx.core as mx
mx.fft.fft2(mx.ones((2, 2)), axes=(0, -2)) ### "ValueError: fft2: axis -2 appears twice"
---
import mlx.core as mx
mx.fft.rfft2(mx.ones((2, 2)), s=(2, 2), axes=None) ### "ValueError: rfft2: the sizes \\[2 2\\] come without axes"
---
import mlx.core as mx
mx.fft.fftfreq(4, 0) ### "ValueError: fftfreq: got the distance 0 between samples"
