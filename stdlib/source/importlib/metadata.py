"""What installed packages say of themselves."""

import fnmatch
import os
import re
import sys

from _imp import provided as _PROVIDED

__all__ = ["Distribution", "PackageMetadata", "PackageNotFoundError", "PackagePath", "distribution", "distributions", "entry_points",
           "files", "metadata", "packages_distributions", "requires", "version"]


class PackageNotFoundError(ModuleNotFoundError):
    """A package that is not installed."""

    def __str__(self):
        return f"No package metadata was found for {self.name}"

    @property
    def name(self):
        return self.args[0]


def _normalized(name):
    return re.sub("[-_.]+", "-", name).lower()


class PackageMetadata:
    """The fields of a METADATA file, in the form of a message's headers."""

    def __init__(self, text):
        head, _, body = text.replace("\r\n", "\n").partition("\n\n")
        self._fields = []
        for line in head.split("\n"):
            if line[:1] in (" ", "\t") and self._fields:
                key, value = self._fields[-1]
                self._fields[-1] = (key, value + "\n" + line)
                continue
            key, colon, value = line.partition(":")
            if colon:
                self._fields.append((key, value.strip()))
        self._body = body

    def get_all(self, name, default=None):
        found = [v for k, v in self._fields if k.lower() == name.lower()]
        return found or default

    def get(self, name, default=None):
        found = self.get_all(name)
        return found[0] if found else default

    def __getitem__(self, name):
        if name.lower() == "description" and self.get(name) is None:
            return self._body or None
        return self.get(name)

    def __contains__(self, name):
        return self.get(name) is not None

    def __iter__(self):
        return iter([k for k, _ in self._fields])

    def keys(self):
        return [k for k, _ in self._fields]

    def get_payload(self):
        return self._body


class PackagePath(str):
    """A file that a package brought."""


class EntryPoint:
    """A name that a package offers: module:attribute."""

    def __init__(self, name, value, group):
        self.name, self.value, self.group = name, value, group

    @property
    def module(self):
        return self.value.partition("[")[0].partition(":")[0].strip()

    @property
    def attr(self):
        return self.value.partition("[")[0].partition(":")[2].strip()

    def load(self):
        import importlib

        found = importlib.import_module(self.module)
        for part in filter(None, self.attr.split(".")):
            found = getattr(found, part)
        return found

    def __repr__(self):
        return f"EntryPoint(name={self.name!r}, value={self.value!r}, group={self.group!r})"


class EntryPoints(tuple):
    """Names that packages offer."""

    def select(self, **wanted):
        return EntryPoints([e for e in self if all([getattr(e, k) == v for k, v in wanted.items()])])

    @property
    def names(self):
        return {e.name for e in self}

    @property
    def groups(self):
        return {e.group for e in self}

    def __getitem__(self, name):
        for e in self:
            if e.name == name:
                return e
        raise KeyError(name)


class Distribution:
    """An installed package."""

    def __init__(self, folder, metadata):
        self._folder, self.metadata = folder, metadata

    @property
    def name(self):
        return self.metadata["Name"]

    @property
    def version(self):
        return self.metadata["Version"]

    @property
    def requires(self):
        return self.metadata.get_all("Requires-Dist")

    def read_text(self, filename):
        if self._folder is None:
            return None
        try:
            with open(os.path.join(self._folder, filename), encoding="utf-8") as f:
                return f.read()
        except OSError:
            return None

    @property
    def entry_points(self):
        found, group = [], ""
        for line in (self.read_text("entry_points.txt") or "").splitlines():
            line = line.strip()
            if line.startswith("[") and line.endswith("]"):
                group = line[1:-1]
            elif "=" in line and not line.startswith("#"):
                name, _, value = line.partition("=")
                found.append(EntryPoint(name.strip(), value.strip(), group))
        return EntryPoints(found)

    @property
    def files(self):
        record = self.read_text("RECORD")
        if record is None:
            return None
        return [PackagePath(line.rsplit(",", 2)[0]) for line in record.splitlines() if line]

    @staticmethod
    def from_name(name):
        return distribution(name)


def distributions(**wanted):
    """Every installed package."""
    seen = set()
    for name, number in _PROVIDED.items():
        seen.add(_normalized(name))
        yield Distribution(None, PackageMetadata(f"Metadata-Version: 2.1\nName: {name}\nVersion: {number}\n"))
    for entry in wanted.get("path") or sys.path:
        try:
            names = os.listdir(entry or ".")
        except OSError:
            continue
        for name in sorted(names):
            if not fnmatch.fnmatch(name, "*.dist-info") and not fnmatch.fnmatch(name, "*.egg-info"):
                continue
            folder = os.path.join(entry, name)
            for file in (os.path.join(folder, "METADATA"), os.path.join(folder, "PKG-INFO"), folder):
                try:
                    with open(file, encoding="utf-8") as f:
                        found = Distribution(folder, PackageMetadata(f.read()))
                except OSError:
                    continue
                if found.name and _normalized(found.name) not in seen:
                    seen.add(_normalized(found.name))
                    yield found
                break


def distribution(distribution_name):
    """The installed package of a name."""
    if not distribution_name:
        raise ValueError("A distribution name is required.")
    for found in distributions():
        if _normalized(found.name) == _normalized(distribution_name):
            return found
    raise PackageNotFoundError(distribution_name)


def metadata(distribution_name):
    return distribution(distribution_name).metadata


def version(distribution_name):
    """The version of an installed package."""
    return distribution(distribution_name).version


def requires(distribution_name):
    return distribution(distribution_name).requires


def files(distribution_name):
    return distribution(distribution_name).files


def entry_points(**wanted):
    """The names that all installed packages offer."""
    return EntryPoints([e for d in distributions() for e in d.entry_points]).select(**wanted)


def packages_distributions():
    """Which packages brought which modules."""
    out = {}
    for found in distributions():
        names = (found.read_text("top_level.txt") or "").split() or [found.name]
        for name in names:
            out.setdefault(name, []).append(found.name)
    return out
