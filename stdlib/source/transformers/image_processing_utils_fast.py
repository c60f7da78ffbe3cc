"""The base of what makes arrays of images by PyTorch, which there is not: it makes them as the other base does."""

from transformers.image_processing_utils import BaseImageProcessor, BatchFeature, get_size_dict

__all__ = ["BaseImageProcessorFast", "BatchFeature", "get_size_dict"]


class BaseImageProcessorFast(BaseImageProcessor):
    """Makes arrays of images, as its own preprocess says."""
