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


def hf_raise_for_status(response, endpoint_name=None):
    """Raise what a response of the hub says, if it is an error."""
    try:
        response.raise_for_status()
    except Exception as e:
        raise HfHubHTTPError(str(e)) from e


def build_hf_headers(*, token=None, **options):
    """The headers that a question to the hub would have."""
    from huggingface_hub import get_token

    token = get_token() if token is None or token is True else token
    return {"user-agent": "mlxstar", **({"authorization": f"Bearer {token}"} if token else {})}


def http_backoff(method, url, **options):
    """An answer of the hub, asked for again where it does not come: scripts have no network."""
    raise PermissionError(f"huggingface_hub: {method} {url}: scripts have no network")


http_stream_backoff = http_backoff
