"""Filters of images, none of which is there."""


class Filter:
    """A filter, which Image.filter would take."""

    def __init__(self, *args, **options):
        raise NotImplementedError(f"PIL.ImageFilter: {type(self).__name__} is not supported; convolve with mlx.core or numpy")


class GaussianBlur(Filter):
    pass


class BoxBlur(Filter):
    pass


class UnsharpMask(Filter):
    pass


class Kernel(Filter):
    pass


class MedianFilter(Filter):
    pass


class MinFilter(Filter):
    pass


class MaxFilter(Filter):
    pass
