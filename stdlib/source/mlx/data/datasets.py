"""Known sets of samples, from files that are on the machine."""

import pickle
import tarfile
from pathlib import Path

import numpy as np

from mlx import data as dx

__all__ = ["load_cifar10", "load_cifar100", "load_fashion_mnist", "load_images_from_folder", "load_mnist", "load_speechcommands"]

CACHE_DIR = Path.home() / ".cache" / "mlx.data"


def _file(root, folder, name, what):
    """A file of a set's folder, which must be there."""
    path = (CACHE_DIR / folder if root is None else Path(root)) / name
    if not path.is_file():
        raise FileNotFoundError(f"{what}: {path} is not there, and nothing is downloaded: copy the folder from a machine where mlx-data has loaded it")
    return path


def _pickled(path):
    with path.open("rb") as f:
        return dx.buffer_from_vector(pickle.load(f))


def load_mnist(root=None, train=True):
    """The digits of MNIST: image, (28, 28, 1) of uint8, and label."""
    return _pickled(_file(root, "mnist", "train.pkl" if train else "test.pkl", "load_mnist"))


def load_fashion_mnist(root=None, train=True):
    """The clothes of Fashion-MNIST: image, (28, 28, 1) of uint8, and label."""
    return _pickled(_file(root, "fashion-mnist", "train.pkl" if train else "test.pkl", "load_fashion_mnist"))


def load_cifar10(root=None, train=True, quiet=False, validate_download=True):
    """The images of CIFAR-10: image, (32, 32, 3) of uint8, and label."""
    return _pickled(_file(root, "cifar", f"cifar10_{'train' if train else 'test'}.pkl", "load_cifar10"))


def load_cifar100(root=None, train=True, quiet=False, validate_download=True):
    """The images of CIFAR-100: image, (32, 32, 3) of uint8, and label."""
    return _pickled(_file(root, "cifar", f"cifar100_{'train' if train else 'test'}.pkl", "load_cifar100"))


def load_images_from_folder(folder):
    """The images of a folder, whose folders are the classes: image, label and the names of files."""
    root = Path(folder)
    classes = sorted(d.name for d in root.iterdir() if d.is_dir())
    files = [{"file": str(f).encode("utf-8"), "image": str(f).encode("utf-8"), "label": classes.index(c)} for c in classes for f in sorted((root / c).rglob("*"))
             if f.suffix.lower() in (".jpg", ".jpeg", ".png", ".bmp", ".gif", ".tif", ".tiff", ".webp")]
    return dx.buffer_from_vector(files).load_image("image")


_LISTS = {"train": None, "validation": "./validation_list.txt", "test": "./testing_list.txt"}


def load_speechcommands(root=None, split="train", quiet=False, validate_download=True):
    """The words of the Speech Commands set: audio, (frames, 1), and label."""
    if split not in _LISTS:
        raise ValueError(f"load_speechcommands: got the split {split!r}, want one of {', '.join(_LISTS)}")
    path = _file(root, "speechcommands", "speech_commands_v0.02.tar", "load_speechcommands")
    with tarfile.open(path) as tar:
        names = [m.name for m in tar.getmembers() if m.name.endswith(".wav") and "_nohash_" in m.name and "_background_noise_" not in m.name]
        held = {s: ["./" + line.decode().strip() for line in tar.extractfile(where).readlines()] for s, where in _LISTS.items() if where}
    aside = set(held["validation"]) | set(held["test"])
    held["train"] = [n for n in names if n not in aside]
    classes = {c: i for i, c in enumerate(sorted({n.split("/")[-2] for n in held["train"]}))}
    samples = [{"file": n.encode("utf-8"), "label": classes[n.split("/")[-2]]} for n in held[split]]
    return dx.buffer_from_vector(samples).read_from_tar(str(path), "file", "audio").load_audio("audio", from_memory=True)
