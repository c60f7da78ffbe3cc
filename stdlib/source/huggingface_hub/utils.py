"""Parts of huggingface_hub."""

from huggingface_hub import logging
from huggingface_hub.errors import (CacheNotFound, EntryNotFoundError, GatedRepoError, HfHubHTTPError, HFValidationError, LocalEntryNotFoundError,
                                    RepositoryNotFoundError, RevisionNotFoundError)
from tqdm import tqdm


def disable_progress_bars(name=None):
    pass


def enable_progress_bars(name=None):
    pass


def are_progress_bars_disabled(name=None):
    return True


def validate_repo_id(repo_id):
    if not isinstance(repo_id, str) or repo_id.count("/") > 1 or not repo_id:
        raise HFValidationError(f"Repo id must be in the form 'repo_name' or 'namespace/repo_name': {repo_id!r}")


def filter_repo_objects(items, *, allow_patterns=None, ignore_patterns=None, key=None):
    """The names that fit the patterns."""
    from huggingface_hub import _fits

    for item in items:
        if _fits(item if key is None else key(item), allow_patterns, ignore_patterns):
            yield item
