"""The base of what makes arrays of images."""

from transformers.feature_extraction_utils import BatchFeature
from transformers.image_processing_utils import ImageProcessingMixin

__all__ = ["BatchFeature", "ImageProcessingMixin"]
