"""The base of what makes arrays of images."""

import math as _math

from transformers.feature_extraction_utils import BatchFeature, FeatureExtractionMixin
from transformers.image_transforms import center_crop, normalize, rescale, resize

__all__ = ["BaseImageProcessor", "BatchFeature", "ImageProcessingMixin", "get_size_dict", "select_best_resolution"]


class ImageProcessingMixin(FeatureExtractionMixin):
    """Settings by their names, which preprocessor_config.json holds."""


class BaseImageProcessor(ImageProcessingMixin):
    """Makes arrays of images, as its own preprocess says."""

    def __call__(self, images, *args, **options):
        return self.preprocess(images, *args, **options)

    def preprocess(self, images, **options):
        raise NotImplementedError("Each image processor must implement its own preprocess method")

    def rescale(self, image, scale, data_format=None, input_data_format=None, **options):
        return rescale(image, scale=scale, data_format=data_format, input_data_format=input_data_format, **options)

    def normalize(self, image, mean, std, data_format=None, input_data_format=None, **options):
        return normalize(image, mean=mean, std=std, data_format=data_format, input_data_format=input_data_format, **options)

    def center_crop(self, image, size, data_format=None, input_data_format=None, **options):
        return center_crop(image, size=(size["height"], size["width"]), data_format=data_format, input_data_format=input_data_format, **options)

    def resize(self, image, size, resample=None, data_format=None, input_data_format=None, **options):
        return resize(image, (size["height"], size["width"]), resample=resample, data_format=data_format, input_data_format=input_data_format, **options)


def get_size_dict(size=None, max_size=None, height_width_order=True, default_to_square=True, param_name="size"):
    """A size as a dict of height and width, or of edges."""
    if isinstance(size, dict):
        return size
    if isinstance(size, int):
        if default_to_square:
            if max_size is not None:
                raise ValueError("Cannot specify both size as an int, with default_to_square=True and max_size")
            return {"height": size, "width": size}
        return {"shortest_edge": size} if max_size is None else {"shortest_edge": size, "longest_edge": max_size}
    if isinstance(size, (tuple, list)):
        return {"height": size[0], "width": size[1]} if height_width_order else {"height": size[1], "width": size[0]}
    if size is None and max_size is not None:
        return {"longest_edge": max_size}
    raise ValueError(f"Could not convert size input to size dict: {size}")


def select_best_resolution(original_size, possible_resolutions):
    """Of several (height, width) the one that shows most of an image and wastes least."""
    height, width = original_size
    best, most, least = None, 0, _math.inf
    for h, w in possible_resolutions:
        scale = min(w / width, h / height)
        shown = min(int(width * scale) * int(height * scale), width * height)
        wasted = w * h - shown
        if shown > most or shown == most and wasted < least:
            best, most, least = (h, w), shown, wasted
    return best
