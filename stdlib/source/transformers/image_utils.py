"""Images as arrays, in the forms that models take."""

import numpy as _np

from PIL import Image as _Image

__all__ = ["ChannelDimension", "ImageInput", "PILImageResampling", "get_image_size", "infer_channel_dimension_format", "is_valid_image", "load_image", "make_flat_list_of_images",
           "make_list_of_images", "make_nested_list_of_images", "to_numpy_array", "valid_images", "validate_kwargs", "validate_preprocess_arguments"]

from enum import Enum as _Enum

ImageInput = object  # an image, an array, or a list of them
PILImageResampling = _Image.Resampling

IMAGENET_DEFAULT_MEAN, IMAGENET_DEFAULT_STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
IMAGENET_STANDARD_MEAN = IMAGENET_STANDARD_STD = [0.5, 0.5, 0.5]
OPENAI_CLIP_MEAN, OPENAI_CLIP_STD = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]


class ChannelDimension(str, _Enum):
    FIRST = "channels_first"
    LAST = "channels_last"


class ImageType(_Enum):
    """What an image is made of."""

    PIL = "pillow"
    TORCH = "torch"
    NUMPY = "numpy"
    TENSORFLOW = "tensorflow"
    JAX = "jax"


def get_image_type(image):
    """What an image is made of."""
    import numpy as np

    if hasattr(image, "getbands"):
        return ImageType.PIL
    if isinstance(image, np.ndarray):
        return ImageType.NUMPY
    raise ValueError(f"Unrecognized image type {type(image)}")


def _is_image(x):
    return isinstance(x, _Image.Image)


def is_valid_image(img):
    return _is_image(img) or isinstance(img, _np.ndarray) or type(img).__module__.startswith("mlx.core") and hasattr(img, "shape")


def valid_images(imgs):
    if isinstance(imgs, (list, tuple)):
        return all(valid_images(img) for img in imgs)
    return is_valid_image(imgs)


def _batched(x):
    return getattr(x, "ndim", 0) == 4 and not _is_image(x)


def make_list_of_images(images, expected_ndims=3):
    """A list of images of one, of an array of several, or of a list."""
    if isinstance(images, (list, tuple)):
        return images
    if _is_image(images):
        return [images]
    if is_valid_image(images):
        if images.ndim == expected_ndims + 1:
            return list(images)
        if images.ndim == expected_ndims:
            return [images]
        raise ValueError(f"Invalid image shape. Expected either {expected_ndims + 1} or {expected_ndims} dimensions, but got {images.ndim} dimensions.")
    raise ValueError(f"Invalid image type. Expected a PIL image or an array, but got {type(images)}.")


def make_flat_list_of_images(images, expected_ndims=3):
    """A list of the images of lists of lists."""
    if isinstance(images, (list, tuple)) and images and all(isinstance(row, (list, tuple)) and row and all(is_valid_image(i) for i in row) for row in images):
        return [img for row in images for img in row]
    if isinstance(images, (list, tuple)) and images and all(is_valid_image(i) for i in images):
        if _is_image(images[0]) or images[0].ndim == expected_ndims:
            return list(images)
        if images[0].ndim == expected_ndims + 1:
            return [img for batch in images for img in batch]
    if is_valid_image(images):
        return list(images) if not _is_image(images) and images.ndim == expected_ndims + 1 else [images]
    raise ValueError(f"Could not make a flat list of images from {images}")


def make_nested_list_of_images(images, expected_ndims=3):
    """A list of lists of images."""
    if isinstance(images, (list, tuple)) and images and all(isinstance(row, (list, tuple)) for row in images):
        return images
    if isinstance(images, (list, tuple)) and images and all(is_valid_image(i) for i in images):
        if _is_image(images[0]) or images[0].ndim == expected_ndims:
            return [images]
        if images[0].ndim == expected_ndims + 1:
            return [list(batch) for batch in images]
    if is_valid_image(images):
        return [list(images)] if not _is_image(images) and images.ndim == expected_ndims + 1 else [[images]]
    raise ValueError("Invalid input type. Must be a single image, a list of images, or a list of batches of images.")


def to_numpy_array(img):
    if not is_valid_image(img):
        raise ValueError(f"Invalid image type: {type(img)}")
    return _np.array(img)


def infer_channel_dimension_format(image, num_channels=None):
    """Which axis of an array holds the channels."""
    counts = (1, 3) if num_channels is None else (num_channels,) if isinstance(num_channels, int) else num_channels
    if image.ndim not in (3, 4, 5):
        raise ValueError(f"Unsupported number of image dimensions: {image.ndim}")
    first, last = image.ndim - 3, image.ndim - 1
    if image.shape[first] in counts:
        return ChannelDimension.FIRST
    if image.shape[last] in counts:
        return ChannelDimension.LAST
    raise ValueError("Unable to infer channel dimension format")


def get_image_size(image, channel_dim=None):
    """(height, width)."""
    if channel_dim is None:
        channel_dim = infer_channel_dimension_format(image)
    if channel_dim == ChannelDimension.FIRST:
        return image.shape[-2], image.shape[-1]
    if channel_dim == ChannelDimension.LAST:
        return image.shape[-3], image.shape[-2]
    raise ValueError(f"Unsupported data format: {channel_dim}")


def load_image(image, timeout=None):
    """An image of a file, of base64 text or of an image, in RGB."""
    import base64
    import io
    import os

    if isinstance(image, str):
        if image.startswith(("http://", "https://")):
            raise OSError(f"load_image: {image} is not on this machine: fetch the file and give its path")
        if os.path.isfile(image):
            image = _Image.open(image)
        else:
            text = image.split(",", 1)[1] if image.startswith("data:image/") else image
            try:
                image = _Image.open(io.BytesIO(base64.b64decode(text)))
            except Exception as e:
                raise ValueError(f"Incorrect image source. Must be a path or base64 text. Failed with {e}") from e
    elif not _is_image(image):
        raise TypeError("Incorrect format used for image. Should be a path, base64 text, or a PIL image.")
    return image.convert("RGB")


def validate_kwargs(valid_processor_keys, captured_kwargs):
    unused = set(captured_kwargs) - set(valid_processor_keys)
    if unused:
        import warnings

        warnings.warn(f"Unused or unrecognized kwargs: {', '.join(sorted(unused))}.")


def validate_preprocess_arguments(do_rescale=None, rescale_factor=None, do_normalize=None, image_mean=None, image_std=None, do_pad=None, pad_size=None, do_center_crop=None,
                                  crop_size=None, do_resize=None, size=None, resample=None, interpolation=None):
    for wanted, values, name in ((do_rescale, (rescale_factor,), "`rescale_factor`"), (do_normalize, (image_mean, image_std), "`image_mean` and `image_std`"),
                                 (do_pad, (pad_size,), "`pad_size`"), (do_center_crop, (crop_size,), "`crop_size`"), (do_resize, (size,), "`size`")):
        if wanted and any(v is None for v in values):
            raise ValueError(f"{name} must be specified if its step is done.")
