"""What the process uses, and limits of it. Limits are remembered and bind nothing: scripts hold no resources of the system."""

import time as _time
from collections import namedtuple as _namedtuple

RLIM_INFINITY = -1
RLIMIT_CPU, RLIMIT_FSIZE, RLIMIT_DATA, RLIMIT_STACK, RLIMIT_CORE, RLIMIT_RSS, RLIMIT_NPROC, RLIMIT_NOFILE, RLIMIT_MEMLOCK, RLIMIT_AS = range(10)
RUSAGE_SELF, RUSAGE_CHILDREN, RUSAGE_THREAD = 0, -1, 1

error = OSError
_limits = {}

struct_rusage = _namedtuple("struct_rusage", "ru_utime ru_stime ru_maxrss ru_ixrss ru_idrss ru_isrss ru_minflt ru_majflt ru_nswap "
                            "ru_inblock ru_oublock ru_msgsnd ru_msgrcv ru_nsignals ru_nvcsw ru_nivcsw")


def getrlimit(resource, /):
    """The limits of a resource: the present one, and the most that it can be set to."""
    if not 0 <= resource <= 15:
        raise ValueError("invalid resource specified")
    return _limits.get(resource, (RLIM_INFINITY, RLIM_INFINITY))


def setrlimit(resource, limits, /):
    """Remember the limits of a resource."""
    getrlimit(resource)
    soft, hard = limits
    if hard != RLIM_INFINITY and (soft > hard or soft == RLIM_INFINITY):
        raise ValueError("current limit exceeds maximum limit")
    _limits[resource] = (int(soft), int(hard))


def getrusage(who, /):
    """The processor time of the process in seconds, and its memory in KiB as ru_maxrss."""
    from mlxstar import resident_memory

    return struct_rusage(_time.process_time(), 0.0, 0 if who == RUSAGE_CHILDREN else resident_memory() // 1024, *[0] * 13)


def getpagesize():
    """The bytes of a page of memory."""
    return 4096
