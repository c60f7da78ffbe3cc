"""What goes wrong with the hub."""


class HfHubHTTPError(OSError):
    """An answer of the hub that is none."""

    response = None


class RepositoryNotFoundError(HfHubHTTPError):
    pass


class GatedRepoError(RepositoryNotFoundError):
    pass


class RevisionNotFoundError(HfHubHTTPError):
    pass


class EntryNotFoundError(HfHubHTTPError):
    pass


class LocalEntryNotFoundError(EntryNotFoundError, FileNotFoundError, ValueError):
    """What is not on this machine."""


class HFValidationError(ValueError):
    pass


class CacheNotFound(Exception):
    """There is no cache."""

    def __init__(self, msg, cache_dir=None):
        super().__init__(msg)
        self.cache_dir = cache_dir


class OfflineModeIsEnabled(ConnectionError):
    pass
