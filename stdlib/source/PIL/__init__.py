"""Images: files of them, and simple work on their pixels."""

__version__ = "11.3.0"


class UnidentifiedImageError(OSError):
    """A file is no image that is known."""
