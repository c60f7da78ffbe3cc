"""Colours by their names."""

colormap = {"black": "#000000", "white": "#ffffff", "red": "#ff0000", "green": "#008000", "lime": "#00ff00", "blue": "#0000ff", "yellow": "#ffff00", "cyan": "#00ffff", "aqua": "#00ffff",
            "magenta": "#ff00ff", "fuchsia": "#ff00ff", "gray": "#808080", "grey": "#808080", "silver": "#c0c0c0", "maroon": "#800000", "olive": "#808000", "navy": "#000080",
            "purple": "#800080", "teal": "#008080", "orange": "#ffa500", "pink": "#ffc0cb", "brown": "#a52a2a", "gold": "#ffd700", "violet": "#ee82ee", "indigo": "#4b0082"}


def getrgb(color):
    """Red, green, blue, and opacity where it is told."""
    text = colormap.get(color.lower(), color.lower())
    if text.startswith("#") and len(text) in (4, 5, 7, 9) and all([c in "0123456789abcdef" for c in text[1:]]):
        n = 1 if len(text) < 7 else 2
        return tuple([int(text[i:i + n] * (3 - n), 16) for i in range(1, len(text), n)])
    if text.startswith(("rgb(", "rgba(")) and text.endswith(")"):
        parts = [p.strip() for p in text.partition("(")[2][:-1].split(",")]
        if all([p.rstrip("%").isdigit() for p in parts]):
            return tuple([int(int(p[:-1]) * 255 / 100 + 0.5) if p.endswith("%") else int(p) for p in parts])
    raise ValueError(f"unknown color specifier: {color!r}")


def getcolor(color, mode):
    """A colour as a pixel of a mode."""
    rgb = getrgb(color)
    alpha = rgb[3] if len(rgb) == 4 else 255
    if mode[0] == "L":
        value = (rgb[0] * 19595 + rgb[1] * 38470 + rgb[2] * 7471 + 0x8000) >> 16
        return (value, alpha) if mode == "LA" else value
    return (*rgb[:3], alpha) if mode == "RGBA" else rgb[:3]
