"""Abstract classes of finders and loaders."""

import abc

__all__ = ["ExecutionLoader", "FileLoader", "InspectLoader", "Loader", "MetaPathFinder", "PathEntryFinder", "ResourceLoader", "ResourceReader", "SourceLoader", "Traversable",
           "TraversableResources"]


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


class ExecutionLoader(InspectLoader):
    """A loader that knows the file of a module."""

    @abc.abstractmethod
    def get_filename(self, fullname):
        raise ImportError


class FileLoader(ResourceLoader, ExecutionLoader):
    """A loader of one module from one file."""

    def __init__(self, fullname, path):
        self.name, self.path = fullname, path

    def get_filename(self, name=None):
        return self.path

    def get_data(self, path):
        with open(path, "rb") as f:
            return f.read()


class SourceLoader(ResourceLoader, ExecutionLoader):
    """A loader of files of source text."""

    def get_source(self, fullname):
        return self.get_data(self.get_filename(fullname)).decode("utf-8")


class Traversable:
    """A file or a folder of a package."""


class ResourceReader(metaclass=abc.ABCMeta):
    """What reads the files beside a package's modules."""

    @abc.abstractmethod
    def open_resource(self, resource):
        raise FileNotFoundError(resource)

    @abc.abstractmethod
    def resource_path(self, resource):
        raise FileNotFoundError(resource)

    @abc.abstractmethod
    def is_resource(self, path):
        raise FileNotFoundError(path)

    @abc.abstractmethod
    def contents(self):
        raise FileNotFoundError


class TraversableResources(ResourceReader):
    """A reader of files by one method, which gives their folder."""

    @abc.abstractmethod
    def files(self):
        raise FileNotFoundError

    def open_resource(self, resource):
        return self.files().joinpath(resource).open("rb")

    def resource_path(self, resource):
        raise FileNotFoundError(resource)

    def is_resource(self, path):
        return self.files().joinpath(path).is_file()

    def contents(self):
        return (item.name for item in self.files().iterdir())
