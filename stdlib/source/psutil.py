"""How much memory and time the machine and this process have, as Linux tells it in /proc, which the host must let scripts read."""

import os as _os
import time as _time
from collections import namedtuple as _namedtuple

__all__ = ["AccessDenied", "Error", "NoSuchProcess", "Process", "TimeoutExpired", "ZombieProcess", "boot_time", "cpu_count", "cpu_freq", "cpu_percent", "cpu_times", "disk_usage",
           "getloadavg", "pid_exists", "pids", "swap_memory", "virtual_memory"]
__version__ = "7.1.0"
version_info = (7, 1, 0)
LINUX, MACOS, WINDOWS, POSIX = True, False, False, True

svmem = _namedtuple("svmem", "total available percent used free active inactive buffers cached shared slab")
sswap = _namedtuple("sswap", "total used free percent sin sout")
scputimes = _namedtuple("scputimes", "user nice system idle iowait irq softirq steal guest guest_nice")
pmem = _namedtuple("pmem", "rss vms shared text lib data dirty")
pcputimes = _namedtuple("pcputimes", "user system children_user children_system iowait")

_TICKS, _PAGE = 100, 4096


class Error(Exception):
    """The base of these errors."""


class NoSuchProcess(Error):
    """There is no such process."""

    def __init__(self, pid, name=None, msg=None):
        self.pid, self.name, self.msg = pid, name, msg or "process no longer exists"
        super().__init__(f"{self.msg} (pid={pid})")


class ZombieProcess(NoSuchProcess):
    """The process has ended."""


class AccessDenied(Error):
    """What was asked for may not be seen."""

    def __init__(self, pid=None, name=None, msg=None):
        self.pid, self.name, self.msg = pid, name, msg or "access denied"
        super().__init__(self.msg)


class TimeoutExpired(Error):
    """A wait took too long."""


def _read(name, pid=None):
    try:
        with open(f"/proc/{name}") as f:
            return f.read()
    except PermissionError as e:
        raise AccessDenied(pid, msg=f"psutil: {e}") from None
    except FileNotFoundError:
        if pid is not None:
            raise NoSuchProcess(pid) from None
        raise NotImplementedError(f"psutil: there is no /proc/{name} on this system") from None


def _kilobytes(name):
    """The lines of a file of kilobytes, in bytes."""
    found = {}
    for line in _read(name).splitlines():
        key, _, rest = line.partition(":")
        if rest.split():
            found[key] = int(rest.split()[0]) * 1024
    return found


def _percent(part, whole):
    return round(100 * part / whole, 1) if whole else 0.0


def virtual_memory():
    """The machine's memory, in bytes."""
    m = _kilobytes("meminfo")
    total, free = m["MemTotal"], m["MemFree"]
    cached = m.get("Cached", 0) + m.get("SReclaimable", 0)
    available = m.get("MemAvailable", free + cached)
    return svmem(total, available, _percent(total - available, total), total - available, free, m.get("Active", 0), m.get("Inactive", 0), m.get("Buffers", 0), cached,
                 m.get("Shmem", 0), m.get("Slab", 0))


def swap_memory():
    """The space that memory is put aside to, in bytes."""
    m = _kilobytes("meminfo")
    total, free = m.get("SwapTotal", 0), m.get("SwapFree", 0)
    return sswap(total, total - free, free, _percent(total - free, total), 0, 0)


def cpu_count(logical=True):
    """How many processors there are; how many cores is not known."""
    return _os.cpu_count() if logical else None


def _times(line):
    values = [int(v) / _TICKS for v in line.split()[1:]]
    return scputimes(*(values + [0.0] * 10)[:10])


def cpu_times(percpu=False):
    """What the processors have spent, in seconds."""
    lines = [line for line in _read("stat").splitlines() if line.startswith("cpu")]
    return [_times(line) for line in lines[1:]] if percpu else _times(lines[0])


_last = {}


def _used(key, now):
    before = _last.get(key)
    _last[key] = now
    if before is None:
        return 0.0
    spent = sum(now[:8]) - sum(before[:8])
    idle = now.idle + now.iowait - before.idle - before.iowait
    return max(_percent(spent - idle, spent), 0.0)


def cpu_percent(interval=None, percpu=False):
    """How busy the processors have been since the last call, or for an interval of seconds."""
    if interval:
        cpu_percent(None, percpu)
        _time.sleep(interval)
    if percpu:
        return [_used(i, now) for i, now in enumerate(cpu_times(True))]
    return _used("all", cpu_times())


def cpu_freq(percpu=False):
    """Not known."""
    return [] if percpu else None


def getloadavg():
    """How many processes were ready in the last minute, in five and in fifteen."""
    return tuple(float(v) for v in _read("loadavg").split()[:3])


def boot_time():
    """When the machine began, in seconds since the epoch."""
    return float(next(line.split()[1] for line in _read("stat").splitlines() if line.startswith("btime")))


def disk_usage(path):
    """Refused."""
    raise NotImplementedError("psutil.disk_usage: scripts are not told how much room disks have")


def pids():
    """The numbers of the processes."""
    return sorted(int(name) for name in _os.listdir("/proc") if name.isdigit())


def pid_exists(pid):
    return _os.path.exists(f"/proc/{pid}")


class Process:
    """A process, by default this one."""

    def __init__(self, pid=None):
        self._where = "self" if pid is None or pid == _os.getpid() else str(pid)
        self.pid = _os.getpid() if pid is None else pid
        self._stat()

    def _stat(self):
        text = _read(f"{self._where}/stat", self.pid)
        return text[:text.rfind(")")].partition("(")[2], text[text.rfind(")") + 2:].split()

    def __repr__(self):
        return f"psutil.Process(pid={self.pid}, name={self.name()!r})"

    def __eq__(self, other):
        return isinstance(other, Process) and self.pid == other.pid

    def __hash__(self):
        return hash(self.pid)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        return False

    def oneshot(self):
        return self

    def name(self):
        return self._stat()[0]

    def ppid(self):
        return int(self._stat()[1][1])

    def status(self):
        return {"R": "running", "S": "sleeping", "D": "disk-sleep", "T": "stopped", "Z": "zombie"}.get(self._stat()[1][0], "idle")

    def num_threads(self):
        return int(self._stat()[1][17])

    def create_time(self):
        return boot_time() + int(self._stat()[1][19]) / _TICKS

    def cmdline(self):
        return [part for part in _read(f"{self._where}/cmdline", self.pid).split("\0") if part]

    def memory_info(self):
        """What the process takes, in bytes."""
        pages = [int(v) * _PAGE for v in _read(f"{self._where}/statm", self.pid).split()]
        vms, rss, shared, text, lib, data, dirty = (pages + [0] * 7)[:7]
        return pmem(rss, vms, shared, text, lib, data, dirty)

    memory_full_info = memory_info

    def memory_percent(self, memtype="rss"):
        return 100 * getattr(self.memory_info(), memtype) / virtual_memory().total

    def cpu_times(self):
        f = self._stat()[1]
        return pcputimes(*[int(v) / _TICKS for v in f[11:15]], 0.0)

    def cpu_percent(self, interval=None):
        """How busy it has been since the last call, or for an interval of seconds; above 100 on several processors."""
        if interval:
            self.cpu_percent()
            _time.sleep(interval)
        now, spent = _time.monotonic(), sum(self.cpu_times()[:2])
        before = _last.get(("process", self.pid))
        _last["process", self.pid] = (now, spent)
        return 0.0 if before is None or now == before[0] else round(100 * (spent - before[1]) / (now - before[0]), 1)

    def is_running(self):
        return pid_exists(self.pid)

    def children(self, recursive=False):
        below = []
        for pid in pids():
            try:
                if Process(pid).ppid() == self.pid:
                    below.append(Process(pid))
            except Error:
                pass
        return below + [further for child in (below if recursive else ()) for further in child.children(True)]
