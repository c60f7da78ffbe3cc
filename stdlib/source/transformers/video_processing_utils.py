"""The base of what makes arrays of videos."""

from transformers.image_processing_utils import BaseImageProcessor

__all__ = ["BaseVideoProcessor"]


class BaseVideoProcessor(BaseImageProcessor):
    """Makes arrays of videos, as its own preprocess says."""

    def __call__(self, videos, *args, **options):
        return self.preprocess(videos, *args, **options)

    def preprocess(self, videos, **options):
        raise NotImplementedError("Each video processor must implement its own preprocess method")
