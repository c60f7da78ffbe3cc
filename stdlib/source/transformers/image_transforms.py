"""What is done to images before models see them."""

import numpy as _np

from PIL import Image as _Image

from transformers.image_utils import ChannelDimension, PILImageResampling, get_image_size, infer_channel_dimension_format, to_numpy_array

__all__ = ["center_crop", "convert_to_rgb", "flip_channel_order", "get_resize_output_image_size", "normalize", "pad", "rescale", "resize", "to_channel_dimension_format", "to_pil_image"]


def convert_to_rgb(image):
    return image.convert("RGB") if isinstance(image, _Image.Image) else image


def to_channel_dimension_format(image, channel_dim, input_channel_dim=None):
    """An array with its channels at the axis that is asked for."""
    now = infer_channel_dimension_format(image) if input_channel_dim is None else input_channel_dim
    if now == ChannelDimension(channel_dim):
        return image
    axes = list(range(image.ndim - 3))
    n = len(axes)
    return image.transpose(*axes, n + 2, n, n + 1) if ChannelDimension(channel_dim) == ChannelDimension.FIRST else image.transpose(*axes, n + 1, n + 2, n)


def rescale(image, scale, data_format=None, dtype=_np.float32, input_data_format=None):
    if not isinstance(image, _np.ndarray):
        raise TypeError(f"Input image must be of type np.ndarray, got {type(image)}")
    out = image.astype(_np.float64) * scale
    if data_format is not None:
        out = to_channel_dimension_format(out, data_format, input_data_format)
    return out.astype(dtype)


def normalize(image, mean, std, data_format=None, input_data_format=None):
    """(image - mean) / std, by channel."""
    if not isinstance(image, _np.ndarray):
        raise ValueError("image must be a numpy array")
    form = infer_channel_dimension_format(image) if input_data_format is None else input_data_format
    channels = image.shape[-3 if form == ChannelDimension.FIRST else -1]
    if not _np.issubdtype(image.dtype, _np.floating):
        image = image.astype(_np.float32)
    spread = []
    for name, value in (("mean", mean), ("std", std)):
        value = [value] * channels if isinstance(value, (int, float)) else list(value)
        if len(value) != channels:
            raise ValueError(f"{name} must have {channels} elements if it is an iterable, got {len(value)}")
        value = _np.array(value, dtype=image.dtype)
        spread.append(value.reshape(-1, 1, 1) if form == ChannelDimension.FIRST else value)
    image = (image - spread[0]) / spread[1]
    return image if data_format is None else to_channel_dimension_format(image, data_format, form)


def to_pil_image(image, do_rescale=None, image_mode=None, input_data_format=None):
    """An array as an image of bytes."""
    if isinstance(image, _Image.Image):
        return image
    image = _np.array(image)
    image = to_channel_dimension_format(image, ChannelDimension.LAST, input_data_format)
    if image.shape[-1] == 1:
        image = image[..., 0]
    if do_rescale is None:
        do_rescale = image.dtype != _np.uint8 and float(image.max(initial=0)) <= 1 and float(image.min(initial=0)) >= 0
    if do_rescale:
        image = image * 255
    return _Image.fromarray(image.astype(_np.uint8), mode=image_mode)


def resize(image, size, resample=None, reducing_gap=None, data_format=None, return_numpy=True, input_data_format=None):
    """An image of (height, width), by Pillow's filters."""
    if len(size) != 2:
        raise ValueError("size must have 2 elements")
    form = None
    scaled = False
    if not isinstance(image, _Image.Image):
        form = infer_channel_dimension_format(image) if input_data_format is None else input_data_format
        scaled = image.dtype != _np.uint8 and float(image.max(initial=0)) <= 1 and float(image.min(initial=0)) >= 0
        image = to_pil_image(image, do_rescale=scaled, input_data_format=form)
    out = image.resize((size[1], size[0]), resample=PILImageResampling.BILINEAR if resample is None else resample)
    if not return_numpy:
        return out
    out = _np.array(out)
    if out.ndim == 2:
        out = out[..., None]
    out = to_channel_dimension_format(out, data_format or form or ChannelDimension.LAST, ChannelDimension.LAST)
    return rescale(out, 1 / 255) if scaled else out


def get_resize_output_image_size(input_image, size, default_to_square=True, max_size=None, input_data_format=None):
    """(height, width) of an image whose shorter side becomes size."""
    if isinstance(size, (tuple, list)):
        if len(size) == 2:
            return tuple(size)
        size = size[0]
    if default_to_square:
        return size, size
    height, width = get_image_size(to_numpy_array(input_image), input_data_format)
    short, long = (width, height) if width <= height else (height, width)
    new_short, new_long = size, int(size * long / short)
    if max_size is not None and new_long > max_size:
        new_short, new_long = int(max_size * new_short / new_long), max_size
    return (new_long, new_short) if width <= height else (new_short, new_long)


def center_crop(image, size, data_format=None, input_data_format=None):
    """The middle of an array, with zeros where that is larger."""
    form = infer_channel_dimension_format(image) if input_data_format is None else input_data_format
    image = to_channel_dimension_format(image, ChannelDimension.FIRST, form)
    height, width = image.shape[-2:]
    want_h, want_w = size
    top, left = (height - want_h) // 2, (width - want_w) // 2
    if top < 0 or left < 0:
        tall, wide = max(want_h, height), max(want_w, width)
        room = _np.zeros((*image.shape[:-2], tall, wide), dtype=image.dtype)
        at_h, at_w = -((height - tall) // 2), -((width - wide) // 2)
        room[..., at_h:at_h + height, at_w:at_w + width] = image
        image, top, left = room, top + at_h, left + at_w
    image = image[..., max(0, top):max(0, top) + want_h, max(0, left):max(0, left) + want_w]
    return to_channel_dimension_format(image, data_format or form, ChannelDimension.FIRST)


def pad(image, padding, mode="constant", constant_values=0.0, data_format=None, input_data_format=None):
    """An array with rows and columns around it: padding is a number, a pair, or a pair for each of height and width."""
    form = infer_channel_dimension_format(image) if input_data_format is None else input_data_format
    if isinstance(padding, int):
        padding = ((padding, padding), (padding, padding))
    elif isinstance(padding[0], int):
        padding = (tuple(padding), tuple(padding)) if len(padding) == 2 else ((padding[0], padding[0]), (padding[0], padding[0]))
    mode = getattr(mode, "value", mode)
    around = [(0, 0), *padding] if form == ChannelDimension.FIRST else [*padding, (0, 0)]
    around = [(0, 0)] * (image.ndim - 3) + around
    image = _np.pad(image, around, mode=mode, constant_values=constant_values) if mode == "constant" else _np.pad(image, around, mode=mode)
    return image if data_format is None else to_channel_dimension_format(image, data_format, form)


def flip_channel_order(image, data_format=None, input_data_format=None):
    form = infer_channel_dimension_format(image) if input_data_format is None else input_data_format
    image = image[..., ::-1] if form == ChannelDimension.LAST else image[..., ::-1, :, :]
    return image if data_format is None else to_channel_dimension_format(image, data_format, form)
