"""Tensors as arrays of numpy."""

import numpy as np
from safetensors import _numpy_names, deserialize, safe_open, serialize

_names = {v: k for k, v in _numpy_names.items()}


def save(tensor_dict, metadata=None):
    """Arrays as bytes."""
    return serialize({k: {"dtype": _names[v.dtype.name], "shape": v.shape, "data": np.ascontiguousarray(v).tobytes()} for k, v in tensor_dict.items()}, metadata)


def save_file(tensor_dict, filename, metadata=None):
    """Write arrays to a file."""
    with open(filename, "wb") as f:
        f.write(save(tensor_dict, metadata))


def load(data):
    """The arrays of bytes."""
    return {k: np.frombuffer(t["data"], _numpy_names[t["dtype"]]).reshape(t["shape"]).copy() for k, t in deserialize(bytes(data))}


def load_file(filename):
    """The arrays of a file."""
    with safe_open(filename, "numpy") as f:
        return {k: f.get_tensor(k) for k in f.keys()}
