"""Readers of the files beside a module."""

import pathlib

from importlib.abc import TraversableResources

__all__ = ["FileReader"]


class FileReader(TraversableResources):
    """A reader of the folder that a loader's module lies in."""

    def __init__(self, loader):
        folder = pathlib.Path(loader.path).parent
        self.path = folder

    def files(self):
        return self.path

    def resource_path(self, resource):
        return str(self.path / resource)
