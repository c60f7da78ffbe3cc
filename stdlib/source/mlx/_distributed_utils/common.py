"""Hostfiles: where the processes of a group run."""

import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Host:
    """Where a process runs, and how the others reach it."""

    rank: int
    ssh_hostname: str
    ips: list
    rdma: list


@dataclass
class Hostfile:
    """All processes of a group."""

    hosts: list
    backend: str = ""
    envs: list = field(default_factory=list)

    def to_json(self):
        """What a file of it holds, as a dict."""
        hosts = [{"ssh": host.ssh_hostname, "ips": host.ips, "rdma": host.rdma} for host in self.hosts]
        return {"backend": self.backend, "envs": self.envs, "hosts": hosts}

    @classmethod
    def from_file(cls, hostfile):
        """What a JSON file holds: a list of hosts, or a dict with one, a backend and
        environment variables."""
        path = Path(hostfile)
        if not path.exists():
            raise ValueError(f"Hostfile {path} doesn't exist")
        try:
            content = json.loads(path.read_text())
            if isinstance(content, list):
                content = {"hosts": content}
            hosts = [
                Host(rank, host["ssh"], host.get("ips", []), host.get("rdma", [])) for rank, host in enumerate(content["hosts"])
            ]
        except Exception as e:
            raise ValueError(f"Failed to parse hostfile {path} ({e})") from e
        return cls(hosts, content.get("backend", ""), content.get("envs", []))

    @classmethod
    def from_list(cls, hostlist, repeats=1):
        """Hosts by their names, with commas between them, each so often."""
        hosts = []
        for name in hostlist.split(","):
            if not name:
                raise ValueError("Hostname cannot be empty")
            ips = [name] if _is_address(name) else []
            hosts += [Host(len(hosts) + i, name, ips, []) for i in range(repeats)]
        return cls(hosts)


def _is_address(name):
    """Whether a host's name is its number."""
    if ":" in name:
        return re.fullmatch(r"[0-9a-fA-F:.]+(%\w+)?", name) is not None
    parts = name.split(".")
    return len(parts) == 4 and all(re.fullmatch("0|[1-9][0-9]{0,2}", part) and int(part) < 256 for part in parts)


def positive_number(x):
    """An int above 0, of a command line."""
    number = int(x)
    if number <= 0:
        raise ValueError("Number should be positive")
    return number


def log(verbose, *args, **kwargs):
    """Print on the standard error, if verbose."""
    if verbose:
        _say("[INFO]", args, kwargs)


def log_warning(*args, **kwargs):
    """Print a warning on the standard error."""
    _say("[WARN]", args, kwargs)


def log_error(*args, **kwargs):
    """Print an error on the standard error."""
    _say("[ERROR]", args, kwargs)


def _say(kind, args, kwargs):
    print(kind, *args, **{**kwargs, "file": sys.stderr})
