"""The types of files by the endings of their names."""

import os as _os
from urllib.parse import unquote as _unquote

__all__ = ["add_type", "guess_all_extensions", "guess_extension", "guess_type", "init"]

types_map = {
    ".aac": "audio/aac", ".avi": "video/x-msvideo", ".avif": "image/avif", ".bin": "application/octet-stream", ".bmp": "image/bmp", ".c": "text/plain",
    ".css": "text/css", ".csv": "text/csv", ".doc": "application/msword", ".gif": "image/gif", ".h": "text/plain", ".htm": "text/html",
    ".html": "text/html", ".ico": "image/vnd.microsoft.icon", ".jpe": "image/jpeg", ".jpeg": "image/jpeg", ".jpg": "image/jpeg",
    ".js": "text/javascript", ".json": "application/json", ".md": "text/markdown", ".mjs": "text/javascript", ".mov": "video/quicktime",
    ".mp3": "audio/mpeg", ".mp4": "video/mp4", ".mpeg": "video/mpeg", ".npy": "application/octet-stream", ".pdf": "application/pdf",
    ".png": "image/png", ".ps": "application/postscript", ".py": "text/x-python", ".svg": "image/svg+xml", ".tar": "application/x-tar",
    ".tif": "image/tiff", ".tiff": "image/tiff", ".txt": "text/plain", ".wasm": "application/wasm", ".wav": "audio/x-wav", ".webm": "video/webm",
    ".webp": "image/webp", ".xml": "text/xml", ".zip": "application/zip",
}
encodings_map = {".gz": "gzip", ".Z": "compress", ".bz2": "bzip2", ".xz": "xz", ".br": "br"}
suffix_map = {".tgz": ".tar.gz", ".taz": ".tar.gz", ".tbz2": ".tar.bz2", ".txz": ".tar.xz", ".svgz": ".svg.gz"}
common_types = {}


def guess_type(url, strict=True):
    """The type of a file and how it is packed, either None."""
    path = _unquote(str(url)).partition("?")[0]
    base, ending = _os.path.splitext(path)
    while ending in suffix_map:
        base, ending = _os.path.splitext(base + suffix_map[ending])
    packed = encodings_map.get(ending)
    if packed:
        base, ending = _os.path.splitext(base)
    return types_map.get(ending) or types_map.get(ending.lower()), packed


def guess_all_extensions(type, strict=True):
    return [e for e, t in types_map.items() if t == type.lower()]


def guess_extension(type, strict=True):
    """The ending of names of files of a type, or None."""
    found = guess_all_extensions(type, strict)
    preferred = {"image/jpeg": ".jpg", "text/html": ".html", "text/plain": ".txt", "image/tiff": ".tiff", "application/octet-stream": ".bin"}
    return preferred.get(type) or (found[0] if found else None)


def add_type(type, ext, strict=True):
    types_map[ext] = type


def init(files=None):
    pass
