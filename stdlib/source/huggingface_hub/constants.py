"""Where the hub's files lie."""

import os

HF_HOME = os.path.expanduser(os.environ.get("HF_HOME", os.path.join(os.environ.get("XDG_CACHE_HOME", "~/.cache"), "huggingface")))
HF_HUB_CACHE = HUGGINGFACE_HUB_CACHE = os.environ.get("HF_HUB_CACHE", os.environ.get("HUGGINGFACE_HUB_CACHE", os.path.join(HF_HOME, "hub")))
HF_HUB_OFFLINE = True
DEFAULT_REVISION = "main"
REPO_TYPES = [None, "dataset", "space", "model"]
SAFETENSORS_SINGLE_FILE = "model.safetensors"
SAFETENSORS_INDEX_FILE = "model.safetensors.index.json"
