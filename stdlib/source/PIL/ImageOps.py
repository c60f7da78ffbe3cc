"""Ready-made work on images."""

from PIL import Image


def exif_transpose(image, *, in_place=False):
    """The image as it is: how a camera was held is not read."""
    return None if in_place else image.copy()


def flip(image):
    return image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)


def mirror(image):
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def invert(image):
    return image.point([255 - i for i in range(256)])


def grayscale(image):
    return image.convert("L")


def crop(image, border=0):
    left, top, right, bottom = (border,) * 4 if isinstance(border, int) else border if len(border) == 4 else border * 2
    return image.crop((left, top, image.width - right, image.height - bottom))


def expand(image, border=0, fill=0):
    left, top, right, bottom = (border,) * 4 if isinstance(border, int) else border if len(border) == 4 else border * 2
    made = Image.new(image.mode, (left + image.width + right, top + image.height + bottom), fill)
    made.paste(image, (left, top))
    return made


def contain(image, size, method=Image.Resampling.BICUBIC):
    """As large as fits into a size, in the image's proportions."""
    ratio, wanted = image.width / image.height, size[0] / size[1]
    if ratio > wanted:
        size = size[0], round(image.height / image.width * size[0])
    elif ratio < wanted:
        size = round(image.width / image.height * size[1]), size[1]
    return image.resize(size, resample=method)


def cover(image, size, method=Image.Resampling.BICUBIC):
    """As small as covers a size, in the image's proportions."""
    ratio, wanted = image.width / image.height, size[0] / size[1]
    if ratio < wanted:
        size = size[0], round(image.height / image.width * size[0])
    elif ratio > wanted:
        size = round(image.width / image.height * size[1]), size[1]
    return image.resize(size, resample=method)


def pad(image, size, method=Image.Resampling.BICUBIC, color=None, centering=(0.5, 0.5)):
    """As contain, with a border up to the size."""
    resized = contain(image, size, method)
    if resized.size == tuple(size):
        return resized
    made = Image.new(image.mode, size, color)
    if resized.width != size[0]:
        made.paste(resized, (round((size[0] - resized.width) * max(0, min(centering[0], 1))), 0))
    else:
        made.paste(resized, (0, round((size[1] - resized.height) * max(0, min(centering[1], 1)))))
    return made


def fit(image, size, method=Image.Resampling.BICUBIC, bleed=0.0, centering=(0.5, 0.5)):
    """The image cut to a size's proportions, in that size."""
    cx, cy = [c if 0 <= c <= 1 else 0.5 for c in centering]
    bleed = bleed if 0 <= bleed < 0.5 else 0.0
    px, py = bleed * image.width, bleed * image.height
    live = image.width - px * 2, image.height - py * 2
    ratio, wanted = live[0] / live[1], size[0] / size[1]
    if ratio == wanted:
        width, height = live
    elif ratio >= wanted:
        width, height = wanted * live[1], live[1]
    else:
        width, height = live[0], live[0] / wanted
    left, top = px + (live[0] - width) * cx, py + (live[1] - height) * cy
    return image.resize(size, method, box=(left, top, left + width, top + height))
