"""Fonts, of which there are none."""


class FreeTypeFont:
    """A font of a file."""


class ImageFont:
    """A font."""


def truetype(font=None, size=10, index=0, encoding="", layout_engine=None):
    raise NotImplementedError("PIL.ImageFont: fonts are not supported")


def load_default(size=None):
    raise NotImplementedError("PIL.ImageFont: fonts are not supported")


load = load_path = truetype
