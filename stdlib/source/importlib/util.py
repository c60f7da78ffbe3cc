"""Specifications of modules, and modules made of them."""

import _imp
import sys
from importlib.machinery import ModuleSpec

__all__ = ["LazyLoader", "find_spec", "module_from_spec", "resolve_name", "spec_from_file_location", "spec_from_loader"]

module_from_spec = _imp.module_from_spec


def resolve_name(name, package):
    """The absolute name that a relative one stands for."""
    if not name.startswith("."):
        return name
    if not package:
        raise ImportError(f"no package specified for {name!r} (required for relative module names)")
    level = len(name) - len(name.lstrip("."))
    parts = package.rsplit(".", level - 1)
    if len(parts) < level:
        raise ImportError("attempted relative import beyond top-level package")
    return f"{parts[0]}.{name[level:]}" if name[level:] else parts[0]


def find_spec(name, package=None):
    """The specification of a module, loaded or not, or None. Packages that it is in are imported."""
    full = resolve_name(name, package)
    if full in sys.modules:
        module = sys.modules[full]
        if module is None:
            return None
        spec = getattr(module, "__spec__", None)
        if spec is None:
            raise ValueError(f"{name}.__spec__ is {'None' if hasattr(module, '__spec__') else 'not set'}")
        return spec
    parent = full.rpartition(".")[0]
    if not parent:
        return _imp.find_spec(full, None)
    module = _imp.import_module(parent, None)
    if not hasattr(module, "__path__"):
        raise ModuleNotFoundError(f"__path__ attribute not found on {parent!r} while trying to find {full!r}", name=full)
    return _imp.find_spec(full, module.__path__)


def spec_from_loader(name, loader, *, origin=None, is_package=None):
    """A specification of a module that a loader loads."""
    if is_package is None and hasattr(loader, "is_package"):
        try:
            is_package = loader.is_package(name)
        except ImportError:
            is_package = None
    return ModuleSpec(name, loader, origin=origin, is_package=bool(is_package))


def spec_from_file_location(name, location=None, *, loader=None, submodule_search_locations=None):
    """The specification of a module whose source is a file, or None for a file that is none of a module's."""
    if location is None:
        return spec_from_loader(name, loader)
    location = str(location)
    if loader is None and not location.endswith((".py", ".star")):
        return None
    spec = _imp.file_spec(name, location)
    if loader is not None:
        spec = ModuleSpec(name, loader, origin=location)
        spec.has_location = True
    if submodule_search_locations is not None:
        spec.submodule_search_locations = submodule_search_locations
    return spec


class LazyLoader:
    """A loader that does at once what Python's puts off."""

    def __init__(self, loader):
        self.loader = loader

    @classmethod
    def factory(cls, loader):
        return lambda *args, **kwargs: cls(loader(*args, **kwargs))

    def create_module(self, spec):
        return self.loader.create_module(spec)

    def exec_module(self, module):
        self.loader.exec_module(module)
