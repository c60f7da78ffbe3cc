"""Tensors in files that say what they hold."""

import json as _json
import struct as _struct

__version__ = "0.6.2"


class SafetensorError(Exception):
    """A file that is wrong."""


_widths = {"BOOL": 1, "U8": 1, "I8": 1, "F8_E4M3": 1, "F8_E5M2": 1, "U16": 2, "I16": 2, "F16": 2, "BF16": 2, "U32": 4, "I32": 4, "F32": 4, "U64": 8, "I64": 8, "F64": 8, "C64": 8}
_numpy_names = {"BOOL": "bool", "U8": "uint8", "I8": "int8", "U16": "uint16", "I16": "int16", "F16": "float16", "U32": "uint32", "I32": "int32",
                "F32": "float32", "U64": "uint64", "I64": "int64", "F64": "float64", "C64": "complex64"}
_mlx_names = {"BOOL": "bool_", "U8": "uint8", "I8": "int8", "U16": "uint16", "I16": "int16", "F16": "float16", "BF16": "bfloat16", "U32": "uint32",
              "I32": "int32", "F32": "float32", "U64": "uint64", "I64": "int64", "C64": "complex64"}


class _Slice:
    """A tensor of a file, of which parts are read."""

    def __init__(self, file, name):
        self._file, self._name = file, name

    def get_shape(self):
        return list(self._file._entries[self._name]["shape"])

    def get_dtype(self):
        return self._file._entries[self._name]["dtype"]

    def __getitem__(self, index):
        first = index[0] if isinstance(index, tuple) else index
        shape = self.get_shape()
        if isinstance(first, slice) and first.step in (None, 1) and shape:
            start, stop, _ = first.indices(shape[0])
            rest = index[1:] if isinstance(index, tuple) else ()
            part = self._file._rows(self._name, start, max(start, stop))
            return part[(slice(None), *rest)] if rest else part
        return self._file.get_tensor(self._name)[index]


class safe_open:
    """A file of tensors, which are read one by one."""

    def __init__(self, filename, framework, device="cpu"):
        if framework not in ("numpy", "np", "mlx"):
            raise SafetensorError(f"safetensors: tensors of the framework {framework!r} are not supported here; numpy and mlx are")
        self._framework, self._file = framework, open(filename, "rb")
        head = self._file.read(8)
        if len(head) < 8:
            raise SafetensorError("Error while deserializing header: header too small")
        size = _struct.unpack("<Q", head)[0]
        if size > 100_000_000:
            raise SafetensorError("Error while deserializing header: header too large")
        try:
            self._entries = _json.loads(self._file.read(size))
        except ValueError:
            raise SafetensorError("Error while deserializing header: invalid header") from None
        self._metadata = self._entries.pop("__metadata__", None)
        self._start = 8 + size

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._file.close()

    def keys(self):
        return sorted(self._entries)

    def offset_keys(self):
        return sorted(self._entries, key=lambda k: self._entries[k]["data_offsets"])

    def metadata(self):
        return self._metadata

    def _read(self, name, start, length, shape):
        entry = self._entries[name]
        self._file.seek(self._start + entry["data_offsets"][0] + start)
        data, dtype = self._file.read(length), entry["dtype"]
        if len(data) < length:
            raise SafetensorError("Error while deserializing header: incomplete metadata, file not fully covered")
        import numpy as np

        if self._framework == "mlx":
            import mlx.core as mx

            if dtype == "BF16":
                return mx.array(np.frombuffer(data, np.uint16)).view(mx.bfloat16).reshape(shape)
            if dtype not in _mlx_names or dtype not in _numpy_names:
                raise SafetensorError(f"safetensors: the dtype {dtype} is not one of mlx's")
            return mx.array(np.frombuffer(data, _numpy_names[dtype])).reshape(shape)
        if dtype not in _numpy_names:
            raise SafetensorError(f"safetensors: the dtype {dtype} is not one of numpy's")
        return np.frombuffer(data, _numpy_names[dtype]).reshape(shape).copy()

    def _rows(self, name, start, stop):
        shape = list(self._entries[name]["shape"])
        row = _widths[self._entries[name]["dtype"]]
        for n in shape[1:]:
            row *= n
        return self._read(name, start * row, (stop - start) * row, [stop - start, *shape[1:]])

    def get_tensor(self, name):
        """A tensor."""
        if name not in self._entries:
            raise SafetensorError(f"File does not contain tensor {name}")
        begin, end = self._entries[name]["data_offsets"]
        return self._read(name, 0, end - begin, list(self._entries[name]["shape"]))

    def get_slice(self, name):
        """A tensor, of which parts are read."""
        if name not in self._entries:
            raise SafetensorError(f"File does not contain tensor {name}")
        return _Slice(self, name)


def serialize(tensors, metadata=None):
    """Tensors as bytes: of each the dtype, the shape and the data."""
    entries, parts, at = {}, [], 0
    if metadata:
        entries["__metadata__"] = dict(metadata)
    for name, t in sorted(tensors.items(), key=lambda item: (-_widths[item[1]["dtype"]], item[0])):
        entries[name] = {"dtype": t["dtype"], "shape": list(t["shape"]), "data_offsets": [at, at + len(t["data"])]}
        parts.append(bytes(t["data"]))
        at += len(t["data"])
    head = _json.dumps(entries, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)
    return b"".join([_struct.pack("<Q", len(head)), head, *parts])


def deserialize(data):
    """The tensors of bytes: pairs of a name and a dict of dtype, shape and data."""
    size = _struct.unpack("<Q", data[:8])[0]
    entries = _json.loads(data[8:8 + size])
    entries.pop("__metadata__", None)
    return [(k, {"dtype": e["dtype"], "shape": e["shape"], "data": data[8 + size + e["data_offsets"][0]:8 + size + e["data_offsets"][1]]}) for k, e in entries.items()]
