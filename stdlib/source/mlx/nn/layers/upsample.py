"""Upsample: signals at another resolution."""

import math

import mlx.core as mx
from mlx.nn.layers.base import Module, _set


def _line(distance):
    return mx.maximum(1 - distance, 0)


def _cubic(a):
    """The cubic convolution kernel of a coefficient."""

    def weight(distance):
        d = distance
        near = ((a + 2) * d - (a + 3)) * d * d + 1
        far = ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
        return mx.where(d <= 1, near, mx.where(d < 2, far, 0))

    return weight


# The reach of each mode's kernel, the kernel, and the one of antialiasing.
_kernels = {"linear": (1, _line, _line), "cubic": (2, _cubic(-0.75), _cubic(-0.5))}


def _positions(size, scale, align_corners):
    """Where the samples of the output lie in the input."""
    count = int(scale * size)
    at = mx.arange(count, dtype=mx.float32)
    if align_corners:
        return at * ((size - 1) / max(count - 1, 1))
    step = 1 / scale
    return at * step - ((count - 1) * step - size + 1) / 2


def _resampled(x, axis, scale, mode, align_corners, antialias):
    """X with an axis sampled anew: sums of neighbours weighted by distance."""
    size = x.shape[axis]
    reach, kernel, smooth = _kernels[mode]
    stretch = 1.0
    if antialias:
        kernel = smooth
        stretch = max(1 / scale, 1.0)
    at = _positions(size, scale, align_corners)
    first = mx.floor(at)
    radius = math.ceil(reach * stretch)
    taps, weights = [], []
    for k in range(1 - radius, radius + 1):
        place = first + k
        weight = kernel(mx.abs(place - at) / stretch)
        if antialias:
            weight = mx.where(mx.logical_and(place >= 0, place < size), weight, 0)
        taps.append(mx.clip(place, 0, size - 1).astype(mx.int32))
        weights.append(weight)
    total = sum(weights) if antialias else 1
    shape = [1] * x.ndim
    shape[axis] = at.size
    return sum(mx.take(x, i, axis=axis) * (w / total).reshape(shape) for i, w in zip(taps, weights))


def _nearest(x, axis, scale):
    if scale == int(scale):
        return mx.repeat(x, int(scale), axis=axis)
    size = x.shape[axis]
    count = int(scale * size)
    at = mx.arange(count, dtype=mx.float32)
    if count > size:  # the nearest to the middle of each output sample
        at = mx.round((at + 0.5) * (size / count) - 0.5)
    elif count:
        at = at * (size / count)
    return mx.take(x, mx.clip(at, 0, size - 1).astype(mx.int32), axis=axis)


_refused = (
    "[Upsample] antialias=True with align_corners=True is not supported. "
    "Use align_corners=False for antialiased interpolation."
)


def _along_axes(x, scale_factor, sample):
    """X with each spatial axis sampled by sample(x, axis, scale)."""
    if len(scale_factor) != x.ndim - 2:
        raise ValueError("A scale needs to be provided for each spatial dimension")
    for axis, scale in enumerate(scale_factor, 1):
        x = sample(x, axis, scale)
    return x


def _kernel_sampled(x, scale_factor, mode, align_corners, antialias):
    if antialias and align_corners:
        raise ValueError(_refused)
    return _along_axes(
        x, scale_factor, lambda x, axis, scale: _resampled(x, axis, scale, mode, align_corners, antialias)
    )


def upsample_nearest(x, scale_factor):
    """(N, ..., C) at other scales of its spatial axes, by the nearest sample."""
    return _along_axes(x, scale_factor, _nearest)


def upsample_linear(x, scale_factor, align_corners=False, antialias=False):
    """(N, ..., C) at other scales of its spatial axes, linearly between samples."""
    return _kernel_sampled(x, scale_factor, "linear", align_corners, antialias)


def upsample_cubic(x, scale_factor, align_corners=False, antialias=False):
    """(N, ..., C) at other scales of its spatial axes, by cubic convolution (Keys
    1981, Cubic convolution interpolation for digital image processing)."""
    return _kernel_sampled(x, scale_factor, "cubic", align_corners, antialias)


class Upsample(Module):
    """Scales the spatial axes of (N, ..., C), by the nearest sample, linearly or cubically.

    With align_corners the first and last samples stay in their places. With
    antialias the kernel grows with the step where the scale is below 1.
    """

    def __init__(self, scale_factor, mode="nearest", align_corners=False, antialias=False):
        super().__init__()
        if mode not in ("nearest", "linear", "cubic"):
            raise ValueError(f"[Upsample] Got unsupported upsampling algorithm: {mode}")
        if antialias and mode == "nearest":
            raise ValueError("[Upsample] Antialiasing is not supported for nearest neighbor upsampling")
        if antialias and align_corners:
            raise ValueError(_refused)
        several = isinstance(scale_factor, (list, tuple))
        scale_factor = tuple(map(float, scale_factor)) if several else float(scale_factor)
        _set(self, scale_factor=scale_factor, mode=mode, align_corners=align_corners, antialias=antialias)

    def _extra_repr(self):
        smooth = ", antialias=True" if self.antialias else ""
        return f"scale_factor={self.scale_factor}, mode={self.mode!r}, align_corners={self.align_corners}{smooth}"

    def __call__(self, x):
        spatial = x.ndim - 2
        if spatial <= 0:
            raise ValueError(
                "[Upsample] The input should have at least 1 spatial dimension which means it should be at least 3D "
                f"but {x.ndim}D was provided"
            )
        scales = self.scale_factor
        if not isinstance(scales, tuple):
            scales = (scales,) * spatial
        if len(scales) != spatial:
            raise ValueError(
                f"[Upsample] One scale per spatial dimension is required but scale_factor={scales} "
                f"and the number of spatial dimensions were {spatial}"
            )
        if self.mode == "nearest":
            return upsample_nearest(x, scales)
        return _kernel_sampled(x, scales, self.mode, self.align_corners, self.antialias)
