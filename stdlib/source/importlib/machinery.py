"""The parts of the import system."""

from _imp import BuiltinImporter, FrozenImporter, ModuleSpec, NamespaceLoader, SourceFileLoader

__all__ = ["BuiltinImporter", "FrozenImporter", "ModuleSpec", "NamespaceLoader", "PathFinder", "SourceFileLoader", "all_suffixes"]

SOURCE_SUFFIXES = [".py", ".star"]
BYTECODE_SUFFIXES = []
EXTENSION_SUFFIXES = []
DEBUG_BYTECODE_SUFFIXES = []
OPTIMIZED_BYTECODE_SUFFIXES = []


def all_suffixes():
    """The endings of the names of files that are modules."""
    return list(SOURCE_SUFFIXES)


class PathFinder:
    """Finds modules on a path."""

    @classmethod
    def find_spec(cls, fullname, path=None, target=None):
        import _imp
        import sys

        return _imp.find_spec(fullname, sys.path if path is None else path)

    @classmethod
    def invalidate_caches(cls):
        pass
