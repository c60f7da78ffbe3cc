"""Files beside a package's modules."""

import contextlib
import importlib
import io
import os
import pathlib

__all__ = ["Package", "as_file", "contents", "files", "is_resource", "open_binary", "open_text", "path", "read_binary", "read_text"]

Package = object


class _Member:
    """A file of a package inside an archive."""

    def __init__(self, loader, path):
        self._loader, self._path = loader, path
        self.name = os.path.basename(path)

    def joinpath(self, *parts):
        return _Member(self._loader, os.path.join(self._path, *[str(p) for p in parts]))

    __truediv__ = joinpath

    def __str__(self):
        return self._path

    def read_bytes(self):
        return self._loader.get_data(self._path)

    def read_text(self, encoding="utf-8", errors="strict"):
        return self.read_bytes().decode(encoding or "utf-8", errors or "strict")

    def open(self, mode="r", encoding="utf-8", errors="strict"):
        return io.BytesIO(self.read_bytes()) if "b" in mode else io.StringIO(self.read_text(encoding, errors))

    def is_file(self):
        try:
            self.read_bytes()
        except OSError:
            return False
        return True

    exists = is_file

    def is_dir(self):
        return False


def files(package=None):
    """The folder of a package."""
    if package is None:
        raise TypeError("files() missing 1 required positional argument: 'package'")
    if isinstance(package, str):
        package = importlib.import_module(package)
    spec = package.__spec__
    if spec.submodule_search_locations is None:
        folder = os.path.dirname(package.__file__)
    else:
        folder = list(spec.submodule_search_locations)[0]
    if type(spec.loader).__name__ == "zipimporter":
        return _Member(spec.loader, folder)
    return pathlib.Path(folder)


@contextlib.contextmanager
def as_file(path):
    """A file of a package as one of the file system."""
    if isinstance(path, pathlib.Path):
        yield path
        return
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / path.name
        copy.write_bytes(path.read_bytes())
        yield copy


def open_binary(package, resource):
    return files(package).joinpath(resource).open("rb")


def open_text(package, resource, encoding="utf-8", errors="strict"):
    return files(package).joinpath(resource).open("r", encoding=encoding, errors=errors)


def read_binary(package, resource):
    return files(package).joinpath(resource).read_bytes()


def read_text(package, resource, encoding="utf-8", errors="strict"):
    return files(package).joinpath(resource).read_text(encoding=encoding, errors=errors)


def path(package, resource):
    return as_file(files(package).joinpath(resource))


def is_resource(package, name):
    return files(package).joinpath(name).is_file()


def contents(package):
    return [entry.name for entry in files(package).iterdir()]
