"""Transposed convolutions of arrays whose channels are last."""

import mlx.core as mx
from mlx.nn.layers.convolution import _Convolution

_options = ("stride", "padding", "dilation", "output_padding")


class ConvTranspose1d(_Convolution):
    """Transposed convolution of (N, L, C)."""

    _axes, _function, _options = 1, staticmethod(mx.conv_transpose1d), _options

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, output_padding=0, bias=True):
        options = {"padding": padding, "stride": stride, "dilation": dilation, "output_padding": output_padding}
        self._build(in_channels, out_channels, kernel_size, bias, **options)


class ConvTranspose2d(_Convolution):
    """Transposed convolution of (N, H, W, C)."""

    _axes, _function, _options = 2, staticmethod(mx.conv_transpose2d), _options

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, output_padding=0, bias=True):
        options = {"padding": padding, "stride": stride, "dilation": dilation, "output_padding": output_padding}
        self._build(in_channels, out_channels, kernel_size, bias, **options)


class ConvTranspose3d(_Convolution):
    """Transposed convolution of (N, D, H, W, C)."""

    _axes, _function, _options = 3, staticmethod(mx.conv_transpose3d), _options

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, output_padding=0, bias=True):
        options = {"padding": padding, "stride": stride, "dilation": dilation, "output_padding": output_padding}
        self._build(in_channels, out_channels, kernel_size, bias, **options)
