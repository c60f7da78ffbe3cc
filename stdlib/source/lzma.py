"""Data in the formats xz and lzma: each call says that they are not supported."""

__all__ = ["FORMAT_ALONE", "FORMAT_AUTO", "FORMAT_XZ", "LZMACompressor", "LZMADecompressor", "LZMAError", "LZMAFile", "compress", "decompress", "open"]

FORMAT_AUTO, FORMAT_XZ, FORMAT_ALONE, FORMAT_RAW = range(4)
CHECK_NONE, CHECK_CRC32, CHECK_CRC64, CHECK_SHA256 = 0, 1, 4, 10
PRESET_DEFAULT, PRESET_EXTREME = 6, 2147483648


class LZMAError(Exception):
    """Data that is wrong."""


def _refuse(*args, **options):
    raise NotImplementedError("lzma: the formats xz and lzma are not supported; gzip and zlib are")


compress = decompress = open = LZMAFile = LZMACompressor = LZMADecompressor = _refuse
