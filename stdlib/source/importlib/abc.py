"""Abstract classes of finders and loaders."""

import abc

__all__ = ["InspectLoader", "Loader", "MetaPathFinder", "PathEntryFinder", "ResourceLoader", "SourceLoader", "Traversable"]


class Loader(metaclass=abc.ABCMeta):
    """What loads modules."""

    def create_module(self, spec):
        """Make a module, or None for one as usual."""
        return None

    def load_module(self, fullname):
        """Import a module."""
        import _imp
        from importlib.util import spec_from_loader

        return _imp.load(spec_from_loader(fullname, self))


class MetaPathFinder(metaclass=abc.ABCMeta):
    """What finds modules."""

    def invalidate_caches(self):
        pass


class PathEntryFinder(metaclass=abc.ABCMeta):
    """What finds modules in one place."""

    def invalidate_caches(self):
        pass


class ResourceLoader(Loader):
    """A loader that reads files."""

    @abc.abstractmethod
    def get_data(self, path):
        raise OSError


class InspectLoader(Loader):
    """A loader that shows sources."""

    @abc.abstractmethod
    def get_source(self, fullname):
        raise ImportError

    def is_package(self, fullname):
        raise ImportError

    def exec_module(self, module):
        exec(self.get_source(module.__name__), module.__dict__)


class SourceLoader(ResourceLoader, InspectLoader):
    """A loader of files of source text."""

    def get_source(self, fullname):
        return self.get_data(self.get_filename(fullname)).decode("utf-8")


class Traversable:
    """A file or a folder of a package."""
