"""tqdm's progress bars, which are mlxstar's own: they follow the script's steps, in mlxstar's layout."""

from mlxstar import progress

__all__ = ["tqdm", "trange"]

_LAYOUT = ("leave", "unit", "unit_scale", "unit_divisor", "ncols", "dynamic_ncols", "position", "file", "mininterval", "maxinterval", "miniters", "ascii", "smoothing", "bar_format", "colour", "nrows", "delay", "postfix")


def tqdm(iterable=None, desc=None, total=None, disable=False, **layout):
    """An iterable that shows how far it has come. Options of tqdm's layout are taken and have no effect."""
    for name in layout:
        if name not in _LAYOUT:
            raise TypeError(f"tqdm() got an unexpected keyword argument '{name}'")
    return progress(iterable, desc=desc, total=total, disable=bool(disable))


def trange(*args, **options):
    """tqdm of a range."""
    return tqdm(range(*args), **options)
