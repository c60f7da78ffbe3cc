"""Packages and what is in them."""

import importlib
import importlib.util
import os
import sys
from collections import namedtuple

__all__ = ["ModuleInfo", "extend_path", "find_loader", "get_data", "iter_modules", "resolve_name", "walk_packages"]

ModuleInfo = namedtuple("ModuleInfo", "module_finder name ispkg")


def iter_modules(path=None, prefix=""):
    """The modules of folders, by default those of sys.path."""
    if isinstance(path, str):
        raise ValueError("path must be None or list of paths to look for modules in")
    seen = set()
    for folder in sys.path if path is None else path:
        try:
            names = sorted(os.listdir(folder or "."))
        except OSError:
            continue
        for name in names:
            full = os.path.join(folder, name)
            stem, ending = os.path.splitext(name)
            if ending in (".py", ".star") and stem != "__init__":
                ispkg = False
            elif "." not in name and os.path.isdir(full) and os.path.isfile(os.path.join(full, "__init__.py")):
                stem, ispkg = name, True
            else:
                continue
            if stem not in seen and stem.isidentifier():
                seen.add(stem)
                yield ModuleInfo(None, prefix + stem, ispkg)


def walk_packages(path=None, prefix="", onerror=None):
    """The modules of folders and of the packages in them, which are imported."""
    for info in iter_modules(path, prefix):
        yield info
        if info.ispkg and _imported(info.name, onerror):
            folders = getattr(sys.modules[info.name], "__path__", None)
            yield from walk_packages(folders or [], f"{info.name}.", onerror)


def _imported(name, onerror):
    """Import a package: whether that went well. A failure is onerror's; without one, that of an import passes unsaid."""
    try:
        importlib.import_module(name)
        return True
    except Exception as e:
        if onerror is not None:
            onerror(name)
        elif not isinstance(e, ImportError):
            raise
    return False


def extend_path(path, name):
    """A package's path with the folders of its name on sys.path."""
    found = list(path)
    for folder in sys.path:
        full = os.path.join(folder, *name.split("."))
        if os.path.isdir(full) and full not in found:
            found.append(full)
    return found


def get_data(package, resource):
    """The bytes of a file beside a package's modules."""
    spec = importlib.util.find_spec(package)
    if spec is None or not hasattr(spec.loader, "get_data"):
        return None
    module = sys.modules.get(package) or importlib.import_module(package)
    return spec.loader.get_data(os.path.join(os.path.dirname(module.__file__), *resource.split("/")))


def find_loader(fullname):
    spec = importlib.util.find_spec(fullname)
    return None if spec is None else spec.loader


get_loader = find_loader


def resolve_name(name):
    """What a dotted name, or module:attribute, stands for."""
    module, colon, rest = name.partition(":")
    if colon:
        found = importlib.import_module(module)
        for part in filter(None, rest.split(".")):
            found = getattr(found, part)
        return found
    parts = name.split(".")
    found = importlib.import_module(parts[0])
    at = parts[0]
    for i, part in enumerate(parts[1:], 1):
        try:
            found = importlib.import_module(f"{at}.{part}")
            at = f"{at}.{part}"
        except ImportError:
            for rest in parts[i:]:
                found = getattr(found, rest)
            break
    return found
