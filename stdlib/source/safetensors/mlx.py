"""Tensors as arrays of mlx."""

import mlx.core as mx


def save_file(tensor_dict, filename, metadata=None):
    """Write arrays to a file."""
    mx.save_safetensors(str(filename), tensor_dict, metadata)


def load_file(filename):
    """The arrays of a file."""
    return mx.load(str(filename), format="safetensors")


def save(tensor_dict, metadata=None):
    """Arrays as bytes."""
    import os
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.safetensors")
        save_file(tensor_dict, path, metadata)
        with open(path, "rb") as f:
            return f.read()


def load(data):
    """The arrays of bytes."""
    import io

    return mx.load(io.BytesIO(data), format="safetensors")
