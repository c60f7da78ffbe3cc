"""Images of files."""

from PIL.Image import Image as ImageFile

LOAD_TRUNCATED_IMAGES = False
