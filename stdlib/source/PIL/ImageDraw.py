"""Drawing on images, which is refused: programs import it for what they seldom do."""


class ImageDraw:
    """What draws on an image."""

    def __init__(self, im, mode=None):
        raise NotImplementedError("PIL.ImageDraw: drawing on images is not supported; set their pixels with numpy, and Image.fromarray")


def Draw(im, mode=None):
    return ImageDraw(im, mode)
