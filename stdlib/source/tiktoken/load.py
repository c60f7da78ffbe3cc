"""Files of ranks."""

import base64 as _base64
import hashlib as _hashlib

__all__ = ["dump_tiktoken_bpe", "load_tiktoken_bpe", "read_file"]


def read_file(blobpath):
    """The bytes of a file on this machine."""
    if "://" in str(blobpath):
        raise OSError(f"tiktoken: {blobpath} is not on this machine: fetch the file and give its path")
    with open(blobpath, "rb") as f:
        return f.read()


def load_tiktoken_bpe(tiktoken_bpe_file, expected_hash=None):
    """The ranks that a file lists, a token in base64 and its number a line."""
    contents = read_file(tiktoken_bpe_file)
    if expected_hash and _hashlib.sha256(contents).hexdigest() != expected_hash:
        raise ValueError(f"Hash mismatch for data downloaded from {tiktoken_bpe_file} (expected {expected_hash}). This may indicate a corrupted download. Please try again.")
    ranks = {}
    for line in contents.splitlines():
        if line:
            try:
                token, rank = line.split()
                ranks[_base64.b64decode(token)] = int(rank)
            except Exception as e:
                raise ValueError(f"Error parsing line {line!r} in {tiktoken_bpe_file}") from e
    return ranks


def dump_tiktoken_bpe(bpe_ranks, tiktoken_bpe_file):
    with open(tiktoken_bpe_file, "wb") as f:
        for token, rank in sorted(bpe_ranks.items(), key=lambda item: item[1]):
            f.write(_base64.b64encode(token) + b" " + str(rank).encode() + b"\n")
