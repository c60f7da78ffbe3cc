"""Operations on images: arrays of height, width and channels."""

import io as _io

import numpy as np

from mlx.data._samples import _array, _text, generator, on_key, _operations

operations = {}


def _image(fn):
    on_key(fn)
    operations[fn.__name__] = _operations[fn.__name__]
    return fn


def _pixels(a):
    """An image of PIL for an array."""
    from PIL import Image

    return Image.fromarray(np.squeeze(a, -1) if a.shape[-1] == 1 else a)


def _back(image, like):
    a = np.asarray(image)
    return (a[..., None] if a.ndim == 2 else a).astype(like.dtype)


def _scaled(a, w, h):
    """Bilinear: bytes by PIL, other numbers as they are."""
    if a.dtype == np.uint8:
        from PIL import Image

        return _back(_pixels(a).resize((w, h), Image.BILINEAR), a)
    rows, columns = _weights(a.shape[0], h), _weights(a.shape[1], w)
    return np.einsum("ij,jkc,lk->ilc", rows, a.astype(np.float64), columns).astype(a.dtype)


def _weights(n, m):
    """The matrix that takes n places to m, each between two of those."""
    out = np.zeros((m, n))
    for i in range(m):
        at = min(max((i + 0.5) * n / m - 0.5, 0), n - 1)
        low = int(at)
        out[i, low] += 1 - (at - low)
        if low + 1 < n:
            out[i, low + 1] += at - low
    return out


@_image
def image_resize(a, w, h):
    return _scaled(a, w, h)


@_image
def image_resize_smallest_side(a, size):
    h, w = a.shape[:2]
    return _scaled(a, size, max(round(h * size / w), 1)) if w < h else _scaled(a, max(round(w * size / h), 1), size)


def _cut(a, y, x, h, w):
    if a.shape[0] < h or a.shape[1] < w:
        raise ValueError(f"image crop: got an image of {a.shape[1]} by {a.shape[0]}, want {w} by {h} of it")
    return a[y:y + h, x:x + w]


@_image
def image_center_crop(a, w, h):
    return _cut(a, max(a.shape[0] - h, 0) // 2, max(a.shape[1] - w, 0) // 2, h, w)


@_image
def image_random_crop(a, w, h):
    y, x = (int(generator().integers(max(n - k, 0) + 1)) for n, k in ((a.shape[0], h), (a.shape[1], w)))
    return _cut(a, y, x, h, w)


@_image
def image_random_area_crop(a, area_range, aspect_ratio_range, num_trial=10):
    h, w = a.shape[:2]
    for _ in range(num_trial):
        area = h * w * generator().uniform(*area_range)
        ratio = generator().uniform(*aspect_ratio_range)
        cw, ch = round((area * ratio) ** 0.5), round((area / ratio) ** 0.5)
        if 0 < cw <= w and 0 < ch <= h:
            return _cut(a, int(generator().integers(h - ch + 1)), int(generator().integers(w - cw + 1)), ch, cw)
    return a


@_image
def image_random_h_flip(a, prob):
    return a[:, ::-1] if generator().uniform() < prob else a


@_image
def image_rotate(a, angle, crop=True):
    if angle % 90:
        raise NotImplementedError(f"image_rotate: got an angle of {angle}, want a multiple of 90")
    return np.rot90(a, int(angle // 90) % 4)


@_image
def image_channel_reduction(a, preset="rec601"):
    weights = {"rec601": (0.299, 0.587, 0.114), "rec709": (0.2126, 0.7152, 0.0722), "rec2020": (0.2627, 0.678, 0.0593), "green": (0.0, 1.0, 0.0)}
    if preset not in weights:
        raise ValueError(f"image_channel_reduction: got {preset!r}, want one of {', '.join(weights)}")
    return (a[..., :3].astype(np.float32) @ np.array(weights[preset], dtype=np.float32))[..., None].astype(a.dtype)


def load_image(self, key, prefix="", info=False, format="RGB", from_memory=False, output_key=""):
    """The pixels of the image that a sample names, or whose bytes it has; with info its width, height and channels."""
    def one(s):
        from PIL import Image

        where = _io.BytesIO(s[key].astype(np.uint8).tobytes()) if from_memory else f"{prefix}/{_text(s[key])}" if prefix else _text(s[key])
        image = Image.open(where).convert(format)
        a = np.asarray(image)
        a = a[..., None] if a.ndim == 2 else a
        return {**s, output_key or key: np.array([a.shape[1], a.shape[0], a.shape[2]], dtype=np.int64) if info else a}
    return self._mapped(one)


def save_image(self, key, filename_key, prefix="", filename_prefix=""):
    """Write the image of each sample to the file that it names."""
    def one(s):
        name = filename_prefix + _text(s[filename_key])
        _pixels(s[key]).save(f"{prefix}/{name}" if prefix else name)
        return s
    return self._mapped(one)


operations["load_image"], operations["save_image"] = load_image, save_image
