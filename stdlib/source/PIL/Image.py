"""Images, of the modes L, P, LA, RGB and RGBA."""

import builtins as _builtins
import io as _io
import os as _os
from enum import IntEnum as _IntEnum

import _imaging
from PIL import UnidentifiedImageError

_bands = {"L": ("L",), "P": ("P",), "LA": ("L", "A"), "RGB": ("R", "G", "B"), "RGBA": ("R", "G", "B", "A")}
_endings = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".gif": "GIF", ".bmp": "BMP", ".tif": "TIFF", ".tiff": "TIFF", ".webp": "WEBP"}
MIME = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "BMP": "image/bmp", "TIFF": "image/tiff", "WEBP": "image/webp"}
MAX_IMAGE_PIXELS = 89478485


class Transpose(_IntEnum):
    FLIP_LEFT_RIGHT, FLIP_TOP_BOTTOM, ROTATE_90, ROTATE_180, ROTATE_270, TRANSPOSE, TRANSVERSE = range(7)


class Resampling(_IntEnum):
    NEAREST, LANCZOS, BILINEAR, BICUBIC, BOX, HAMMING = range(6)


class DecompressionBombError(Exception):
    """An image has more pixels than are read."""


for _kind in (Transpose, Resampling):
    for _member in _kind:
        globals()[_member.name] = _member
ANTIALIAS = LANCZOS
del _kind, _member


def _colour(mode, color):
    """A colour as the bytes of a pixel."""
    if isinstance(color, str):
        from PIL.ImageColor import getcolor

        color = getcolor(color, mode)
    n = len(_bands[mode])
    values = tuple(color) if isinstance(color, (tuple, list)) else (color,)
    if len(values) == 1 and n > 1:
        values = values[0] & 255, *[values[0] >> 8 * i & 255 for i in range(1, n)]
    if len(values) == 3 and n == 4:
        values += (255,)
    if len(values) != n:
        raise TypeError(f"color must be int or tuple of {n} for mode {mode}")
    return bytes([max(0, min(int(v), 255)) for v in values])


class Image:
    """An image: its mode, its size, and its pixels."""

    format = format_description = None

    def __init__(self):
        self.mode, self._size, self._pixels, self._palette, self.info, self._file = "", (0, 0), b"", b"", {}, None

    @classmethod
    def _of(cls, mode, size, pixels, palette=b"", info=None):
        made = Image()
        made.mode, made._size, made._pixels, made._palette, made.info = mode, tuple(size), pixels, palette, dict(info or {})
        return made

    def _like(self, pixels, size=None, mode=None):
        mode = mode or self.mode
        return Image._of(mode, size or self._size, pixels, self._palette if mode == "P" else b"", self.info)

    @property
    def size(self):
        return self._size

    @property
    def width(self):
        return self._size[0]

    @property
    def height(self):
        return self._size[1]

    @property
    def _data(self):
        """The pixels, which are read when they are first asked for."""
        if self._file is not None:
            data, self._file = self._file, None
            _, self.mode, width, height, self._pixels, self._palette = _imaging.decode(data)
            self._size = width, height
        return self._pixels

    @property
    def _n(self):
        return len(_bands[self.mode])

    def load(self):
        self._data
        return _Pixels(self)

    def close(self):
        self._file = None

    def verify(self):
        self._data

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.close()

    def getbands(self):
        return _bands[self.mode]

    def copy(self):
        return self._like(self._data)

    def tobytes(self, encoder_name="raw", *args):
        if encoder_name != "raw" or args and args not in (("raw", self.mode), (self.mode,)):
            raise NotImplementedError("PIL: tobytes gives the pixels as they are")
        return self._data

    def frombytes(self, data):
        if len(data) != len(self._data):
            raise ValueError("not enough image data" if len(data) < len(self._data) else "cannot decode image data")
        self._pixels = bytes(data)

    def __array__(self, dtype=None, copy=None):
        import numpy as np

        data = self._data
        shape = (self.height, self.width) if self._n == 1 else (self.height, self.width, self._n)
        made = np.frombuffer(data, dtype=np.uint8).reshape(shape).copy()
        return made if dtype is None else made.astype(dtype)

    @property
    def __array_interface__(self):
        shape = (self.height, self.width) if self._n == 1 else (self.height, self.width, self._n)
        return {"shape": shape, "typestr": "|u1", "version": 3, "data": self._data}

    def __eq__(self, other):
        return isinstance(other, Image) and self._data == other._data and (self.mode, self.size, self._palette) == (other.mode, other.size, other._palette)

    def __repr__(self):
        return f"<PIL.{self.__class__.__module__.removeprefix('PIL.')}.{self.__class__.__name__} image mode={self.mode} size={self.width}x{self.height} at 0x{id(self):X}>"

    # Modes and pixels

    def convert(self, mode=None, matrix=None, dither=None, palette=0, colors=256):
        """The image in another mode."""
        if matrix is not None:
            raise NotImplementedError("PIL: convert by a matrix is not supported")
        data = self._data
        if mode is None:
            mode = "RGB" if self.mode == "P" else self.mode
        if mode == self.mode:
            return self.copy()
        if mode not in _bands or mode == "P":
            raise NotImplementedError(f"PIL: convert to mode {mode!r} is not supported; L, LA, RGB and RGBA are")
        import numpy as np

        a = np.frombuffer(data, dtype=np.uint8).reshape((self.height, self.width, self._n))
        if self.mode == "P":
            table = np.frombuffer(self._palette + bytes(768 - len(self._palette)), dtype=np.uint8).reshape((256, 3))
            a = table[a[:, :, 0].astype(np.int32)]
            kind = "RGB"
        else:
            kind = self.mode
        alpha = a[:, :, -1:] if kind in ("LA", "RGBA") else None
        colour = a if alpha is None else a[:, :, :-1]
        if mode[0] == "L" and colour.shape[2] == 3:
            wide = colour.astype(np.int32)
            colour = ((wide[:, :, 0] * 19595 + wide[:, :, 1] * 38470 + wide[:, :, 2] * 7471 + 0x8000) >> 16).astype(np.uint8)[:, :, None]
        elif mode[0] == "R" and colour.shape[2] == 1:
            colour = np.concatenate([colour, colour, colour], axis=2)
        if mode[-1] == "A":
            if alpha is None:
                alpha = np.full((self.height, self.width, 1), 255, dtype=np.uint8)
            colour = np.concatenate([colour, alpha], axis=2)
        return self._like(np.ascontiguousarray(colour).tobytes(), mode=mode)

    def getpixel(self, xy):
        x, y = int(xy[0]), int(xy[1])
        x, y = x + self.width * (x < 0), y + self.height * (y < 0)
        if not (0 <= x < self.width and 0 <= y < self.height):
            raise IndexError("image index out of range")
        n, data = self._n, self._data
        at = (y * self.width + x) * n
        return data[at] if n == 1 else tuple(data[at:at + n])

    def putpixel(self, xy, value):
        x, y = int(xy[0]), int(xy[1])
        x, y = x + self.width * (x < 0), y + self.height * (y < 0)
        if not (0 <= x < self.width and 0 <= y < self.height):
            raise IndexError("image index out of range")
        data, at = self._data, (y * self.width + x) * self._n
        self._pixels = data[:at] + _colour(self.mode, value) + data[at + self._n:]

    def getdata(self, band=None):
        n, data = self._n, self._data
        if band is not None:
            return list(data[band::n])
        return list(data) if n == 1 else [tuple(data[i:i + n]) for i in range(0, len(data), n)]

    def putdata(self, data, scale=1.0, offset=0.0):
        self._data
        self._pixels = b"".join([_colour(self.mode, v * scale + offset if scale != 1.0 or offset else v) for v in data])

    def getpalette(self, rawmode="RGB"):
        return list(self._palette) if self.mode == "P" else None

    def split(self):
        return tuple([Image._of("L", self._size, self._data[i::self._n]) for i in range(self._n)])

    def getchannel(self, channel):
        if isinstance(channel, str):
            if channel not in self.getbands():
                raise ValueError(f'The image has no channel "{channel}"')
            channel = self.getbands().index(channel)
        return self.split()[channel]

    def putalpha(self, alpha):
        alpha = alpha if isinstance(alpha, Image) else new("L", self._size, alpha)
        base = self.convert("RGB" if self.mode in ("P", "RGB", "RGBA") else "L")
        made = merge(base.mode + "A", (*base.split(), alpha.convert("L")))
        self.mode, self._pixels = made.mode, made._pixels

    def point(self, lut, mode=None):
        if mode is not None:
            raise NotImplementedError("PIL: point into another mode is not supported")
        rows = [lut] * self._n if callable(lut) else [lut[256 * i:256 * i + 256] if len(lut) > 256 else lut for i in range(self._n)]
        bands = []
        for i, row in enumerate(rows):
            table = bytes([max(0, min(int(row(v) if callable(row) else row[v]), 255)) for v in range(256)])
            bands.append(Image._of("L", self._size, self._data[i::self._n].translate(table)))
        return merge(self.mode, bands) if self._n > 1 else self._like(bands[0]._pixels)

    def histogram(self, mask=None, extrema=None):
        if mask is not None:
            raise NotImplementedError("PIL: histogram of a mask is not supported")
        out = []
        for band in self.split():
            out.extend([band._pixels.count(bytes([v])) for v in range(256)])
        return out

    def getextrema(self):
        found = [(min(b._pixels), max(b._pixels)) for b in self.split()]
        return found[0] if len(found) == 1 else tuple(found)

    def getbbox(self, *, alpha_only=True):
        a = self.__array__()
        if a.ndim == 3:
            a = a[:, :, 3] if self.mode == "RGBA" and alpha_only else a.max(axis=2)
        rows, columns = [i for i, v in enumerate(a.max(axis=1).tolist()) if v], [i for i, v in enumerate(a.max(axis=0).tolist()) if v]
        return (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1) if rows else None

    # Shapes

    def resize(self, size, resample=None, box=None, reducing_gap=None):
        """The image, or a part of it, in another size."""
        data = self._data
        if resample is None:
            resample = Resampling.NEAREST if self.mode == "P" else Resampling.BICUBIC
        size = int(size[0]), int(size[1])
        box = (0, 0, *self._size) if box is None else tuple(box)
        if self._size == size and box == (0, 0, *self._size):
            return self.copy()
        if self.mode == "P":
            resample = Resampling.NEAREST
        alpha = self.mode in ("LA", "RGBA") and resample != Resampling.NEAREST
        if alpha:
            data = self._weighted()
        made = _imaging.resize(*self._size, self._n, data, *size, int(resample), *box)
        if alpha:
            made = self._unweighted(made)
        return self._like(made, size)

    def _weighted(self):
        """The pixels with their colours times their opacity."""
        import numpy as np

        a = np.frombuffer(self._pixels, dtype=np.uint8).reshape((-1, self._n)).astype(np.int32)
        t = a[:, :-1] * a[:, -1:] + 128
        return np.concatenate([((t >> 8) + t) >> 8, a[:, -1:]], axis=1).astype(np.uint8).tobytes()

    def _unweighted(self, data):
        import numpy as np

        a = np.frombuffer(data, dtype=np.uint8).reshape((-1, self._n)).astype(np.int32)
        alpha = a[:, -1:]
        divided = np.minimum(255 * a[:, :-1] // np.maximum(alpha, 1), 255)
        return np.concatenate([np.where((alpha == 0) | (alpha == 255), a[:, :-1], divided), alpha], axis=1).astype(np.uint8).tobytes()

    def thumbnail(self, size, resample=Resampling.BICUBIC, reducing_gap=2.0):
        """Make the image fit into a size, in its proportions."""
        x, y = size
        width, height = self._size
        if x >= width and y >= height:
            return
        aspect = width / height
        if x / y >= aspect:
            x = max(min(_round_aspect(y * aspect, lambda n: abs(aspect - n / y)), x), 1)
        else:
            y = max(min(_round_aspect(x / aspect, lambda n: 0 if n == 0 else abs(aspect - x / n)), y), 1)
        made = self.resize((x, y), resample)
        self._pixels, self._size = made._pixels, made._size

    def crop(self, box=None):
        """A part of the image; what lies outside of it is black."""
        if box is None:
            return self.copy()
        x0, y0, x1, y1 = [int(round(v)) for v in box]
        if x1 < x0:
            raise ValueError("Coordinate 'right' is less than 'left'")
        if y1 < y0:
            raise ValueError("Coordinate 'lower' is less than 'upper'")
        n, data, rows = self._n, self._data, []
        left, right = max(x0, 0), max(min(x1, self.width), max(x0, 0))
        before, after = bytes(n * (min(left, x1) - x0)), bytes(n * (x1 - max(right, min(left, x1))))
        for y in range(y0, y1):
            if 0 <= y < self.height and right > left:
                at = y * self.width * n
                rows.append(before + data[at + left * n:at + right * n] + after)
            else:
                rows.append(bytes(n * (x1 - x0)))
        return self._like(b"".join(rows), (x1 - x0, y1 - y0))

    def transpose(self, method):
        """The image turned by quarters, or mirrored."""
        a = self.__array__()
        method = int(method)
        if method == 0:
            a = a[:, ::-1]
        elif method == 1:
            a = a[::-1]
        elif method == 3:
            a = a[::-1, ::-1]
        else:
            t = a.swapaxes(0, 1)
            a = {2: t[::-1], 4: t[:, ::-1], 5: t, 6: t[::-1, ::-1]}[method]
        import numpy as np

        return self._like(np.ascontiguousarray(a).tobytes(), (a.shape[1], a.shape[0]))

    def rotate(self, angle, resample=Resampling.NEAREST, expand=0, center=None, translate=None, fillcolor=None):
        """The image turned by quarters."""
        turns = angle % 360
        if turns not in (0, 90, 180, 270) or center is not None or translate is not None or turns in (90, 270) and not expand and self.width != self.height:
            raise NotImplementedError("PIL: rotate turns by quarters, of the whole image")
        return self.copy() if turns == 0 else self.transpose({90: 2, 180: 3, 270: 4}[turns])

    def paste(self, im, box=None, mask=None):
        """Put an image, or a colour, into this one."""
        self._data
        if box is not None and not isinstance(box, tuple) and isinstance(box, Image) and mask is None:
            box, mask = None, box
        box = (0, 0) if box is None else tuple(box)
        if isinstance(im, Image):
            if len(box) == 4 and (box[2] - box[0], box[3] - box[1]) != im.size:
                raise ValueError("images do not match")
            source = im if im.mode == self.mode else im.convert(self.mode)
        else:
            end = box[2:] if len(box) == 4 else mask.size if mask is not None and len(box) == 2 and box == (0, 0) else self.size
            source = new(self.mode, (end[0] - box[0], end[1] - box[1]), im)
        import numpy as np

        def cube(image):
            a = image.__array__()
            return a[:, :, None] if a.ndim == 2 else a

        x, y = box[:2]
        left, top, right, bottom = max(x, 0), max(y, 0), min(x + source.width, self.width), min(y + source.height, self.height)
        if right <= left or bottom <= top:
            return
        part = (slice(top - y, bottom - y), slice(left - x, right - x))
        target, new_part = cube(self), cube(source)[part]
        if mask is not None:
            if mask.size != source.size:
                raise ValueError("images do not match")
            m = cube(mask.getchannel("A") if mask.mode in ("RGBA", "LA") else mask.convert("L"))[part].astype(np.int32)
            t = new_part.astype(np.int32) * m + target[top:bottom, left:right].astype(np.int32) * (255 - m) + 128
            new_part = (((t >> 8) + t) >> 8).astype(np.uint8)
        target[top:bottom, left:right] = new_part
        self._pixels = np.ascontiguousarray(target).tobytes()

    def alpha_composite(self, im, dest=(0, 0), source=(0, 0)):
        self.paste(alpha_composite(self.crop((*dest, dest[0] + im.width, dest[1] + im.height)), im), dest)

    def save(self, fp, format=None, **params):
        """Write the image into a file."""
        path = None if hasattr(fp, "write") else _os.fspath(fp)
        if format is None:
            ending = _os.path.splitext(path or "")[1].lower()
            if ending not in _endings:
                raise ValueError(f"unknown file extension: {ending}")
            format = _endings[ending]
        format = format.upper().replace("JPG", "JPEG")
        for name in params:
            if name not in ("quality", "optimize", "compress_level", "subsampling", "progressive", "dpi", "lossless") or name in ("progressive", "lossless") and params[name]:
                raise NotImplementedError(f"PIL: save with {name} is not supported")
        data, mode = self._data, self.mode
        if format == "JPEG" and mode in ("RGBA", "LA", "P"):
            raise OSError(f"cannot write mode {mode} as JPEG")
        made = _imaging.encode(format, mode, *self._size, data, self._palette, int(params.get("quality", 75)))
        if path is None:
            fp.write(made)
        else:
            with _builtins.open(path, "wb") as f:
                f.write(made)

    def show(self, title=None):
        """Write the image beside the script's files: there is nothing to show it on."""
        import tempfile

        name = tempfile.mkstemp(suffix=".png")[1]
        self.save(name)
        print(f"the image is in {name}")


class _Pixels:
    """The pixels by their places."""

    def __init__(self, image):
        self._image = image

    def __getitem__(self, xy):
        return self._image.getpixel(xy)

    def __setitem__(self, xy, color):
        self._image.putpixel(xy, color)


def _round_aspect(number, key):
    import math

    return max(min(math.floor(number), math.ceil(number), key=key), 1)


def new(mode, size, color=0):
    """An image of one colour."""
    if mode not in _bands:
        raise NotImplementedError(f"PIL: images of mode {mode!r} are not supported; L, P, LA, RGB and RGBA are")
    width, height = size
    if width < 0 or height < 0:
        raise ValueError("Width and height must be >= 0")
    pixel = bytes(len(_bands[mode])) if color is None or color == 0 else _colour(mode, color)
    return Image._of(mode, (width, height), pixel * (width * height), bytes([v for i in range(256) for v in (i, i, i)]) if mode == "P" else b"")


def open(fp, mode="r", formats=None):
    """The image of a file. Its pixels are read when they are asked for."""
    if mode != "r":
        raise ValueError(f"bad mode {mode!r}")
    if hasattr(fp, "read"):
        if hasattr(fp, "seek"):
            fp.seek(0)
        data, name = fp.read(), ""
    else:
        name = _os.fspath(fp)
        with _builtins.open(name, "rb") as f:
            data = f.read()
    try:
        format, kind, width, height = _imaging.identify(data)
    except ValueError:
        raise UnidentifiedImageError(f"cannot identify image file {name or fp!r}") from None
    if width * height > 2 * MAX_IMAGE_PIXELS:
        raise DecompressionBombError(f"Image size ({width * height} pixels) exceeds limit of {2 * MAX_IMAGE_PIXELS} pixels, could be decompression bomb DOS attack.")
    made = Image()
    made._file, made.mode, made._size, made.format, made.filename = data, kind, (width, height), format.upper(), name
    if format.upper() in ("PNG", "GIF", "BMP", "TIFF", "WEBP"):
        made._data  # the mode is known for sure when the pixels are
    return made


def frombytes(mode, size, data, decoder_name="raw", *args):
    """An image of pixels as they are."""
    if decoder_name != "raw" or args and args[0] not in ("raw", mode):
        raise NotImplementedError("PIL: frombytes takes pixels as they are")
    made = new(mode, size)
    made.frombytes(data)
    return made


def frombuffer(mode, size, data, decoder_name="raw", *args):
    return frombytes(mode, size, bytes(data))


def fromarray(obj, mode=None):
    """The image of an array of bytes."""
    import numpy as np

    a = np.asarray(obj)
    if a.dtype == np.bool_:
        a = a.astype(np.uint8) * 255
    if a.dtype != np.uint8:
        raise TypeError(f"Cannot handle this data type: {(1, 1) + a.shape[2:]}, {a.dtype}")
    kinds = {2: "L"} if a.ndim == 2 else {2: "LA", 3: "RGB", 4: "RGBA"}
    kind = kinds.get(a.ndim if a.ndim == 2 else a.shape[2] if a.ndim == 3 else None)
    if kind is None:
        raise TypeError(f"Cannot handle this data type: {(1, 1) + a.shape[2:]}, |u1")
    return Image._of(mode or kind, (a.shape[1], a.shape[0]), np.ascontiguousarray(a).tobytes())


def merge(mode, bands):
    """An image of one image for each of its channels."""
    if len(bands) != len(_bands[mode]):
        raise ValueError("wrong number of bands")
    import numpy as np

    size = bands[0].size
    if any([b.size != size for b in bands]):
        raise ValueError("size mismatch")
    return Image._of(mode, size, np.ascontiguousarray(np.stack([b.__array__() for b in bands], axis=-1)).tobytes())


def blend(im1, im2, alpha):
    """The images mixed."""
    import numpy as np

    a, b = im1.__array__().astype(np.float32), im2.__array__().astype(np.float32)
    mixed = np.clip(a + np.float32(alpha) * (b - a), 0, 255)
    return im1._like(mixed.astype(np.uint8).tobytes())


def composite(image1, image2, mask):
    """One image over another by a mask."""
    made = image2.copy()
    made.paste(image1, None, mask)
    return made


def alpha_composite(im1, im2):
    """An image over another, both of mode RGBA."""
    import numpy as np

    if im1.mode != "RGBA" or im2.mode != "RGBA":
        raise ValueError("image has wrong mode")
    d, s = im1.__array__().astype(np.int64), im2.__array__().astype(np.int64)
    sa, da = s[:, :, 3:], d[:, :, 3:]
    blend = da * (255 - sa)
    out = sa * 255 + blend
    whole = np.maximum(out, 1)
    coef1 = sa * 255 * 255 * 128 // whole
    coef2 = 255 * 128 - coef1
    t = s[:, :, :3] * coef1 + d[:, :, :3] * coef2 + (0x80 << 7)
    colour = ((t >> 8) + t) >> 8 >> 7
    alpha = out + 0x80
    alpha = ((alpha >> 8) + alpha) >> 8
    made = np.where(sa == 0, d, np.concatenate([colour, alpha], axis=2))
    return im1._like(made.astype(np.uint8).tobytes())


def registered_extensions():
    return dict(_endings)
