"""CPython's format for its own bytecode. Programs are not kept as bytecode here."""

__all__ = ["dump", "dumps", "load", "loads", "version"]

version = 4


def _refused(name):
    raise NotImplementedError(f"marshal.{name}: there is no bytecode of CPython here; pickle keeps values")


def dump(value, file, version=version, /):
    """Refused."""
    _refused("dump")


def dumps(value, version=version, /):
    """Refused."""
    _refused("dumps")


def load(file, /):
    """Refused."""
    _refused("load")


def loads(bytes, /):
    """Refused."""
    _refused("loads")
