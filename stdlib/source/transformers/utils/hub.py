"""Files of models, in folders and in the hub's cache."""

import os as _os

from transformers import _folder_of

__all__ = ["cached_file", "cached_files"]


def cached_file(path_or_repo_id, filename, **options):
    """The path of a model's file; None where it is not there and that need not be an error."""
    folder = str(path_or_repo_id)
    if not _os.path.isdir(folder):
        folder = _folder_of(folder, revision=options.get("revision"), cache_dir=options.get("cache_dir"))
    path = _os.path.join(folder, options.get("subfolder") or "", filename)
    if _os.path.isfile(path):
        return path
    if options.get("_raise_exceptions_for_missing_entries", True):
        raise OSError(f"{path_or_repo_id} does not appear to have a file named {filename}.")
    return None


def cached_files(path_or_repo_id, filenames, **options):
    """The paths of a model's files."""
    found = [cached_file(path_or_repo_id, name, **options) for name in filenames]
    return [path for path in found if path is not None] or None
