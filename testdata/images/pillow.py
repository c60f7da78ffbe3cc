"""Images, with what Pillow makes of them."""

import hashlib
import io

from PIL import Image, ImageOps, UnidentifiedImageError


def show(what, im):
    print(what, im.mode, im.size, hashlib.md5(im.tobytes()).hexdigest()[:10])


w, h = 37, 23
rgb = Image.frombytes("RGB", (w, h), bytes([(x * 7 + y * 3 + c * 50) * (x + 1) % 256 for y in range(h) for x in range(w) for c in range(3)]))
rgba = Image.frombytes("RGBA", (w, h), bytes([(x * 5 + y * 11 + c * 60) % 256 for y in range(h) for x in range(w) for c in range(4)]))
grey = rgb.convert("L")
for im in (rgb, rgba, grey):
    show("image", im)
    for kind in [Image.Resampling[n] for n in ("NEAREST", "BOX", "BILINEAR", "HAMMING", "BICUBIC", "LANCZOS")]:
        show(kind.name, im.resize((20, 31), kind))
        show(kind.name, im.resize((20, 30), kind, box=(2.5, 1, 30, 20.25)))
    for kind in Image.Transpose:
        show(kind.name, im.transpose(kind))
    show("default", im.resize((10, 10)))
    for box in ((3, 4, 20, 15), (-5, -3, 10, 8), (30, 20, 50, 40)):
        show("crop", im.crop(box))
    for mode in ("L", "LA", "RGB", "RGBA"):
        show("convert", im.convert(mode))
    show("rotate", im.rotate(90, expand=True))
    show("rotate", im.rotate(180))
    print(im.getpixel((5, 6)), im.getbands(), im.getextrema(), len(im.histogram()), im.getbbox())
    for format in ("PNG", "BMP", "TIFF"):
        out = io.BytesIO()
        im.save(out, format)
        again = Image.open(io.BytesIO(out.getvalue()))
        show(again.format, again.convert(im.mode))
p = rgb.copy()
p.paste(rgba.crop((0, 0, 10, 10)), (30, 5))
show("paste", p)
p.paste((255, 0, 9), (1, 2, 8, 9))
show("paste", p)
p.paste(rgb.resize((w, h)), (0, 0), grey)
show("mask", p)
p.putpixel((0, 0), (1, 2, 3))
print(p.getpixel((0, 0)), p.load()[0, 0], p.split()[1].tobytes()[:2])
show("merge", Image.merge("RGB", rgba.split()[:3]))
show("over", Image.alpha_composite(rgba, rgba.transpose(Image.Transpose.FLIP_LEFT_RIGHT)))
show("point", rgb.point(lambda v: v // 2))
t = rgb.copy()
t.thumbnail((30, 30), Image.Resampling.LANCZOS, reducing_gap=None)
show("thumbnail", t)
for f in (ImageOps.flip, ImageOps.mirror, ImageOps.invert, ImageOps.grayscale, lambda im: ImageOps.fit(im, (16, 16)), lambda im: ImageOps.pad(im, (30, 30), color="red"), lambda im: ImageOps.contain(im, (12, 12)), lambda im: ImageOps.expand(im, 3, "blue")):
    show("ops", f(rgb))
show("new", Image.new("RGB", (3, 2), "#102030"))
q = rgba.convert("RGB")
q.putalpha(128)
show("alpha", q)
for bad in (lambda: Image.open(io.BytesIO(b"no image")), lambda: rgb.resize((0, 1)), lambda: rgb.getpixel((99, 0)), lambda: rgba.save(io.BytesIO(), "JPEG"), lambda: Image.frombytes("RGB", (2, 2), b"x"), lambda: rgb.save("x.nothing")):
    try:
        bad()
    except (ValueError, OSError, IndexError) as e:
        print(type(e).__name__, isinstance(e, OSError))
out = io.BytesIO()
rgb.resize((64, 48), Image.Resampling.BICUBIC).save(out, "JPEG", quality=90)
j = Image.open(out)
print(j.format, j.mode, j.size)
print(UnidentifiedImageError.__mro__[1].__name__)
