"""What the script runs on, as far as a sandbox tells."""

import sys


def python_version():
    """The version of the language."""
    return ".".join(str(n) for n in sys.version_info[:3])


def python_version_tuple():
    """The version of the language, in parts."""
    return tuple(str(n) for n in sys.version_info[:3])


def python_implementation():
    """The implementation's name."""
    return "mlxstar"


def system():
    """The operating system's name."""
    return {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}.get(sys.platform, sys.platform)


def machine():
    """The processor's architecture: not told."""
    return ""


def processor():
    """The processor's name: not told."""
    return ""


def node():
    """The machine's name: not told."""
    return ""


def release():
    """The system's release: not told."""
    return ""


def version():
    """The system's version: not told."""
    return ""


def platform(aliased=False, terse=False):
    """The platform in one string."""
    return system()
