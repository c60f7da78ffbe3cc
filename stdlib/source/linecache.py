"""Lines of source files."""

__all__ = ["checkcache", "clearcache", "getline", "getlines", "lazycache"]


def getlines(filename, module_globals=None):
    """The lines of a file, none where it is not known."""
    from _inspect import source

    text = source(filename)
    if text is None:
        try:
            with open(filename, encoding="utf-8") as f:
                text = f.read()
        except (OSError, UnicodeDecodeError):
            return []
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    return lines


def getline(filename, lineno, module_globals=None):
    lines = getlines(filename)
    return lines[lineno - 1] if 1 <= lineno <= len(lines) else ""


def checkcache(filename=None):
    """Nothing is kept that could be of an older file."""


def clearcache():
    """Nothing is kept."""


def lazycache(filename, module_globals):
    return False
