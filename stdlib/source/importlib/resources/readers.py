"""Readers of the files beside a module."""

import pathlib

from importlib.abc import TraversableResources

__all__ = ["FileReader"]


class FileReader(TraversableResources):
    """A reader of the folder that a loader's module lies in."""

    def __init__(self, loader):
        self.path = pathlib.Path(loader.path).parent

    def resource_path(self, resource):
        return str(self.path.joinpath(resource))

    def files(self):
        return self.path
