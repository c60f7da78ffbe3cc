"""Programs of several tasks that take turns where they wait."""

from . import events, exceptions, futures, locks, queues, runners, streams, subprocess, taskgroups, tasks, threads, timeouts, transports
from .events import *
from .events import _get_running_loop, _set_running_loop
from .exceptions import BrokenBarrierError, CancelledError, IncompleteReadError, InvalidStateError, LimitOverrunError, SendfileNotAvailableError, TimeoutError
from .futures import *
from .locks import *
from .queues import *
from .runners import *
from .streams import *
from .subprocess import create_subprocess_exec, create_subprocess_shell
from .taskgroups import *
from .tasks import *
from .threads import *
from .timeouts import *
from .transports import *

coroutines = base_futures = base_tasks = tasks
