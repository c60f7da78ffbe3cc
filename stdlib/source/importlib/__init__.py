"""Imports by functions."""

import _imp
import sys

__all__ = ["__import__", "import_module", "invalidate_caches", "reload"]

from builtins import __import__


def __getattr__(name):
    """The modules of this package that the interpreter itself has loaded in Python."""
    if name in ("abc", "machinery", "util"):
        return _imp.import_module("importlib." + name, None)
    raise AttributeError(f"module 'importlib' has no attribute '{name}'")


def import_module(name, package=None):
    """Import a module by its name; one with leading dots is relative to package."""
    return _imp.import_module(name, package)


def invalidate_caches():
    """Forget what was found; nothing is remembered here."""


def reload(module):
    """Run a module's source again in the same module."""
    spec = getattr(module, "__spec__", None)
    name = spec.name if spec is not None else getattr(module, "__name__", None)
    if not isinstance(name, str):
        raise TypeError("reload() argument must be a module")
    if sys.modules.get(name) is not module:
        raise ImportError(f"module {name} not in sys.modules", name=name)
    path = None
    parent = name.rpartition(".")[0]
    if parent:
        path = sys.modules[parent].__path__
    spec = module.__spec__ = _imp.find_spec(name, path)
    if spec is None:
        raise ModuleNotFoundError(f"spec not found for the module {name!r}", name=name)
    _imp.exec(spec, module)
    return sys.modules[name]


def find_loader(name, path=None):
    """The loader of a module."""
    spec = _imp.find_spec(name, path)
    return None if spec is None else spec.loader
