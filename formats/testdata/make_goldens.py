"""Makes the golden files of the format readers with the libraries that define them.

    python3 make_goldens.py OUTPUT_FOLDER

Needs numpy, safetensors and mlx (0.32). The files land in OUTPUT_FOLDER/<format>/; those
in the repository were made by it and copied to ../<format>/testdata. MLX writes maps in
no fixed order, so that its files may differ from run to run.
"""

import os
import struct
import sys

import mlx.core as mx
import numpy as np
from safetensors.numpy import save_file


def safetensors(folder):
    save_file(
        {
            "b.weight": np.arange(6, dtype=np.float32).reshape(2, 3),
            "a": np.array([True, False, True]),
            "c": np.array([-(2**40)], dtype=np.int64),
            "h": np.array([0.5, -1.25], dtype=np.float16),
            "empty": np.zeros((0, 3), dtype=np.float32),
            "scalar": np.array(7, dtype=np.uint8),
        },
        folder + "reference.safetensors",
        metadata={"format": "pt"},
    )
    arrays = {
        "b": mx.arange(3),
        "a": mx.ones((2,), dtype=mx.bfloat16),
        'é"\n': mx.array(1 + 2j),
        "z": mx.array([True]),
        "e": mx.zeros((0, 3)),
    }
    mx.save_safetensors(folder + "mlx.safetensors", arrays, {"k": 'é"\n\x01', "j": "2"})
    mx.save_safetensors(folder + "mlx-no-metadata.safetensors", {"b": mx.arange(3)})


def npy(folder):
    def save(name, a):
        np.save(folder + f"numpy-{name}.npy", a)

    names = "bool uint8 uint16 uint32 uint64 int8 int16 int32 int64 float16 float32 float64 complex64"
    for name in names.split():
        save(name, np.array([[0, 1, 3], [2, 0, 1]]).astype(name))
    save("scalar", np.array(2.5, dtype=np.float32))
    save("vector", np.arange(3, dtype=np.int32))
    save("empty", np.zeros((0, 3), dtype=np.float32))
    save("large-dim", np.zeros((1000000, 0), dtype=np.int8))
    save("fortran", np.asfortranarray(np.arange(24, dtype=np.int16).reshape(2, 3, 4)))
    save("bigendian", np.arange(3, dtype=">c8") * 1j)
    save("string", np.array(["hi"]))
    save("structured", np.zeros(1, dtype=[("a", "<i4")]))
    mx.save(folder + "mlx-bfloat16.npy", mx.array([1, -2.5], dtype=mx.bfloat16))
    mx.save(folder + "mlx-vector.npy", mx.arange(3))


def npz(folder):
    first = np.arange(3, dtype=np.int32)
    named = {"w.x": np.arange(4, dtype=np.float16).reshape(2, 2)}
    np.savez(folder + "numpy-stored.npz", first, **named)
    np.savez_compressed(folder + "numpy-deflated.npz", first, **named)
    first, named = mx.array(first), {name: mx.array(a) for name, a in named.items()}
    mx.savez(folder + "mlx-stored.npz", first, **named)
    mx.savez_compressed(folder + "mlx-deflated.npz", first, **named)


def text(s):
    return struct.pack("<Q", len(s.encode())) + s.encode()


def blocks(rng, kind, count):
    """Random blocks of a gguf type, with scales of a sensible size."""

    def some(n):
        return rng.integers(0, 256, n, dtype=np.uint8).tobytes()

    def scale():
        return np.array(rng.uniform(-0.05, 0.05), dtype=np.float16).tobytes()

    make = {
        0: lambda: some(2) + b"\x80\x3f",
        2: lambda: scale() + some(16),
        3: lambda: scale() + scale() + some(16),
        8: lambda: scale() + some(32),
        10: lambda: some(80) + scale() + scale(),
        12: lambda: scale() + scale() + some(140),
        14: lambda: some(208) + scale(),
        30: lambda: np.array(rng.normal() * 10, dtype=np.float32).tobytes()[2:],
    }[kind]
    return b"".join([make() for _ in range(count)])


def gguf(folder):
    tensors = [  # name, dimensions (fastest first), type, elements in a block
        ("q40.weight", [64, 3], 2, 32),
        ("q41.weight", [32, 2], 3, 32),
        ("q80", [64], 8, 32),
        ("q2k", [512], 10, 256),
        ("q4k", [256, 2], 12, 256),
        ("q6k", [512], 14, 256),
        ("bf16", [5], 30, 1),
        ("f32", [2, 3], 0, 1),
    ]
    entries = [
        text("general.architecture") + struct.pack("<I", 8) + text("test"),
        text("tokens") + struct.pack("<IIQ", 9, 8, 2) + text("<s>") + text("é"),
        text("eps") + struct.pack("<If", 6, 1e-5),
        text("flags") + struct.pack("<IIQ3B", 9, 7, 3, 1, 0, 2),
    ]
    rng = np.random.default_rng(0)
    header = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(entries)) + b"".join(entries)
    data = b""
    for name, dims, kind, block in tensors:
        data += b"\0" * (-len(data) % 32)
        header += text(name) + struct.pack("<I", len(dims)) + struct.pack(f"<{len(dims)}Q", *dims)
        header += struct.pack("<IQ", kind, len(data))
        data += blocks(rng, kind, int(np.prod(dims)) // block)
    header += b"\0" * (-len(header) % 32)
    with open(folder + "blocks.gguf", "wb") as f:
        f.write(header + data)
    mx.savez_compressed(folder + "blocks-expected.npz", **mx.load(folder + "blocks.gguf"))
    arrays = {
        "b": mx.arange(3),
        "a.weight": mx.ones((2, 3), dtype=mx.float16),
        "s": mx.array(5),
        "i8": mx.array([1, -1], dtype=mx.int8),
    }
    metadata = {"s": "hé", "l": ["a", "bc"], "i": mx.array(3), "v": mx.array([1, 2]), "b": mx.array(True)}
    mx.save_gguf(folder + "mlx.gguf", arrays, metadata)


if len(sys.argv) != 2:
    sys.exit(__doc__)
for make in (safetensors, npy, npz, gguf):
    folder = os.path.join(sys.argv[1], make.__name__, "")
    os.makedirs(folder, exist_ok=True)
    make(folder)
