"""Models and data sets of the hub that are on this machine: folders, and the hub's cache. Nothing is fetched or uploaded."""

import fnmatch as _fnmatch
import os as _os
from collections import namedtuple as _namedtuple

from huggingface_hub import constants, errors, logging
from huggingface_hub.constants import HF_HOME, HF_HUB_CACHE
from huggingface_hub.errors import CacheNotFound, LocalEntryNotFoundError

__version__ = "0.36.0"

CommitInfo = _namedtuple("CommitInfo", "commit_url commit_message oid")
_CACHED_NO_EXIST = object()


def _folder_name(repo_id, repo_type):
    return "--".join([f"{repo_type or 'model'}s", *repo_id.split("/")])


def _fits(name, allow, ignore):
    patterns = lambda p: [] if p is None else [p] if isinstance(p, str) else list(p)
    fit = lambda ps: any([_fnmatch.fnmatch(name, p + "*" if p.endswith("/") else p) for p in ps])
    return (allow is None or fit(patterns(allow))) and not fit(patterns(ignore))


def _snapshot(repo_id, revision, repo_type, cache_dir):
    """The folder of a snapshot in the cache, or None."""
    root = _os.path.join(_os.path.expanduser(str(cache_dir or constants.HF_HUB_CACHE)), _folder_name(repo_id, repo_type))
    revision = revision or "main"
    ref = _os.path.join(root, "refs", revision)
    if _os.path.isfile(ref):
        with open(ref) as f:
            revision = f.read().strip()
    folder = _os.path.join(root, "snapshots", revision)
    return folder if _os.path.isdir(folder) else None


def _absent(repo_id, what, repo_type, cache_dir):
    where = _os.path.join(str(cache_dir or constants.HF_HUB_CACHE), _folder_name(repo_id, repo_type), "snapshots", "<commit>")
    return LocalEntryNotFoundError(
        f"{what} of {repo_id!r} is not on this machine, and scripts have no network. Fetch it with `hf download {repo_id}`, or copy its files "
        f"to {where}, or pass the path of a folder that holds them.")


def snapshot_download(repo_id, *, repo_type=None, revision=None, cache_dir=None, local_dir=None, allow_patterns=None, ignore_patterns=None, **options):
    """The folder of a model: one of the file system, or of the cache."""
    if _os.path.isdir(repo_id):
        return str(repo_id)
    folder = _snapshot(repo_id, revision, repo_type, cache_dir)
    if local_dir is not None:
        if folder is None and _os.path.isdir(local_dir) and _os.listdir(local_dir):
            return str(local_dir)
        if folder is not None:
            import shutil

            for base, _, names in _os.walk(folder):
                for name in names:
                    path = _os.path.join(base, name)
                    inside = _os.path.relpath(path, folder)
                    if _fits(inside, allow_patterns, ignore_patterns):
                        target = _os.path.join(str(local_dir), inside)
                        _os.makedirs(_os.path.dirname(target), exist_ok=True)
                        shutil.copyfile(path, target)
            return str(local_dir)
    if folder is None:
        raise _absent(repo_id, "A snapshot", repo_type, cache_dir)
    return folder


def try_to_load_from_cache(repo_id, filename, cache_dir=None, revision=None, repo_type=None):
    """The path of a file in the cache, or None."""
    folder = _snapshot(repo_id, revision, repo_type, cache_dir)
    path = folder and _os.path.join(folder, filename)
    return path if path and _os.path.isfile(path) else None


def hf_hub_download(repo_id, filename, *, subfolder=None, repo_type=None, revision=None, cache_dir=None, local_dir=None, **options):
    """The path of a file of a model: of a folder of the file system, or of the cache."""
    if subfolder:
        filename = f"{subfolder}/{filename}"
    if _os.path.isdir(repo_id):
        path = _os.path.join(repo_id, filename)
    elif local_dir is not None and _os.path.isfile(_os.path.join(str(local_dir), filename)):
        path = _os.path.join(str(local_dir), filename)
    else:
        path = try_to_load_from_cache(repo_id, filename, cache_dir, revision, repo_type)
    if path is None or not _os.path.isfile(path):
        raise _absent(repo_id, filename, repo_type, cache_dir)
    return path


CachedFileInfo = _namedtuple("CachedFileInfo", "file_name file_path blob_path size_on_disk blob_last_accessed blob_last_modified")
CachedRevisionInfo = _namedtuple("CachedRevisionInfo", "commit_hash snapshot_path size_on_disk files refs last_modified")


class CachedRepoInfo(_namedtuple("CachedRepoInfo", "repo_id repo_type repo_path size_on_disk nb_files revisions last_accessed last_modified")):
    """A model of the cache."""

    @property
    def refs(self):
        return {ref: r for r in self.revisions for ref in r.refs}

    @property
    def size_on_disk_str(self):
        return _size(self.size_on_disk)

    @property
    def last_modified_str(self):
        return "" if self.last_modified is None else __import__("time").strftime("%Y-%m-%d", __import__("time").localtime(self.last_modified))


def _size(n):
    n = float(n)
    for unit in ("", "K", "M", "G", "T"):
        if n < 1000:
            return f"{n:.1f}{unit}"
        n /= 1000
    return f"{n:.1f}P"


class HFCacheInfo(_namedtuple("HFCacheInfo", "size_on_disk repos warnings")):
    """What is in the cache."""

    @property
    def size_on_disk_str(self):
        return _size(self.size_on_disk)

    def delete_revisions(self, *revisions):
        """What would be removed; execute removes it."""
        return _Deletion([(repo, r) for repo in self.repos for r in repo.revisions if r.commit_hash in revisions])


class _Deletion:
    def __init__(self, chosen):
        self._chosen, self.expected_freed_size = chosen, sum([r.size_on_disk for _, r in chosen])
        self.expected_freed_size_str = _size(self.expected_freed_size)

    def execute(self):
        import shutil

        for repo, revision in self._chosen:
            whole = all([r in [x for _, x in self._chosen] for r in repo.revisions])
            shutil.rmtree(repo.repo_path if whole else revision.snapshot_path)


def scan_cache_dir(cache_dir=None):
    """What is in the cache."""
    from pathlib import Path

    root = Path(_os.path.expanduser(str(cache_dir or constants.HF_HUB_CACHE)))
    if not root.is_dir():
        raise CacheNotFound(f"Cache directory not found: {root}. Please use `cache_dir` argument or set `HF_HUB_CACHE` environment variable.", root)
    repos = []
    for path in sorted(root.iterdir()):
        kind, dashes, rest = path.name.partition("--")
        if not path.is_dir() or not dashes or kind not in ("models", "datasets", "spaces"):
            continue
        refs = {}
        if (path / "refs").is_dir():
            for ref in (path / "refs").iterdir():
                refs.setdefault(ref.read_text().strip(), set()).add(ref.name)
        revisions = []
        for snapshot in sorted((path / "snapshots").iterdir()) if (path / "snapshots").is_dir() else []:
            files = [CachedFileInfo(f.name, f, f, f.stat().st_size, f.stat().st_atime, f.stat().st_mtime) for f in snapshot.rglob("*") if f.is_file()]
            revisions.append(CachedRevisionInfo(snapshot.name, snapshot, sum([f.size_on_disk for f in files]), frozenset(files),
                                                frozenset(refs.get(snapshot.name, ())), max([f.blob_last_modified for f in files] or [0])))
        files = [f for r in revisions for f in r.files]
        repos.append(CachedRepoInfo(rest.replace("--", "/"), kind[:-1], path, sum([f.size_on_disk for f in files]), len(files), frozenset(revisions),
                                    max([f.blob_last_accessed for f in files] or [0]), max([f.blob_last_modified for f in files] or [0])))
    return HFCacheInfo(sum([r.size_on_disk for r in repos]), frozenset(repos), [])


class ModelCardData:
    """What a model card says at its head."""

    _known = ("base_model", "datasets", "eval_results", "language", "library_name", "license", "license_name", "license_link", "metrics", "model_name", "pipeline_tag", "tags")

    def __init__(self, **fields):
        self.__dict__.update({name: fields.pop(name, None) for name in self._known})
        self.__dict__.update(fields)

    def to_dict(self):
        return {k: v for k, v in self.__dict__.items() if v is not None}

    def get(self, key, default=None):
        return self.__dict__.get(key, default)

    def __getitem__(self, key):
        return self.__dict__[key]

    def __setitem__(self, key, value):
        self.__dict__[key] = value

    def __contains__(self, key):
        return key in self.__dict__


DatasetCardData = ModelCardData


class ModelCard:
    """The README of a model: fields at its head, and text."""

    def __init__(self, content, ignore_metadata_errors=False):
        import yaml

        self.text, fields = content, {}
        if content.startswith("---"):
            head, end, rest = content[3:].lstrip("\r\n").partition("\n---")
            if end:
                fields, self.text = yaml.safe_load(head) or {}, rest.partition("\n")[2]
        self.data = ModelCardData(**fields)

    @property
    def content(self):
        import yaml

        fields = self.data.to_dict()
        return f"---\n{yaml.safe_dump(fields, sort_keys=False)}---\n{self.text}" if fields else self.text

    def __str__(self):
        return self.content

    @classmethod
    def load(cls, repo_id_or_path, repo_type=None, token=None, ignore_metadata_errors=False):
        """The card of a folder, a file, or a model of the cache."""
        path = str(repo_id_or_path)
        if _os.path.isdir(path):
            path = _os.path.join(path, "README.md")
        elif not _os.path.isfile(path):
            path = hf_hub_download(path, "README.md", repo_type=repo_type)
        with open(path, encoding="utf-8") as f:
            return cls(f.read())

    @classmethod
    def from_template(cls, card_data, template_str=None, template_path=None, **fields):
        card = cls(template_str or "")
        card.data = card_data
        return card

    def save(self, filepath):
        """Write the card to a file."""
        _os.makedirs(_os.path.dirname(str(filepath)) or ".", exist_ok=True)
        with open(str(filepath), "w", encoding="utf-8") as f:
            f.write(str(self))

    def push_to_hub(self, *args, **options):
        _refuse("ModelCard.push_to_hub")


DatasetCard = RepoCard = ModelCard


def _refuse(what):
    raise PermissionError(f"huggingface_hub: {what}: scripts have no network")


class HfApi:
    """What is asked of the hub: scripts have no network, and each question says so."""

    def __init__(self, endpoint=None, token=None, **options):
        self.endpoint, self.token = endpoint or "https://huggingface.co", token

    def snapshot_download(self, repo_id, **options):
        return snapshot_download(repo_id, **options)

    def hf_hub_download(self, repo_id, filename, **options):
        return hf_hub_download(repo_id, filename, **options)

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *args, **options: _refuse(name)


def _asker(name):
    def ask(*args, **options):
        _refuse(name)

    return ask


for _name in ("create_repo", "delete_repo", "upload_file", "upload_folder", "upload_large_folder", "list_repo_files", "list_models", "list_datasets",
              "model_info", "dataset_info", "repo_info", "whoami", "login", "logout", "create_commit", "file_exists", "repo_exists", "get_hf_file_metadata",
              "hf_hub_url"):
    globals()[_name] = _asker(_name)
del _name


def get_token():
    """The token of the environment, or None."""
    return _os.environ.get("HF_TOKEN")


class HfFileSystem:
    """Files of the hub without a copy of them: scripts have no network."""

    def __init__(self, *args, **options):
        _refuse("HfFileSystem")


class InferenceClient:
    """Answers of models elsewhere: scripts have no network."""

    def __init__(self, *args, **options):
        _refuse("InferenceClient")
