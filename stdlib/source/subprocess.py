"""Other processes: scripts start none, and each call says so."""

__all__ = ["CalledProcessError", "CompletedProcess", "DEVNULL", "PIPE", "Popen", "STDOUT", "SubprocessError", "TimeoutExpired", "call",
           "check_call", "check_output", "getoutput", "getstatusoutput", "list2cmdline", "run"]

PIPE, STDOUT, DEVNULL = -1, -2, -3


class SubprocessError(Exception):
    """What went wrong with another process."""


class CalledProcessError(SubprocessError):
    """A process that ended with an error."""

    def __init__(self, returncode, cmd, output=None, stderr=None):
        self.returncode, self.cmd, self.output, self.stderr = returncode, cmd, output, stderr

    @property
    def stdout(self):
        return self.output

    def __str__(self):
        return f"Command '{self.cmd}' returned non-zero exit status {self.returncode}."


class TimeoutExpired(SubprocessError):
    """A process that took too long."""

    def __init__(self, cmd, timeout, output=None, stderr=None):
        self.cmd, self.timeout, self.output, self.stderr = cmd, timeout, output, stderr

    def __str__(self):
        return f"Command '{self.cmd}' timed out after {self.timeout} seconds"


class CompletedProcess:
    """A process that has ended."""

    def __init__(self, args, returncode, stdout=None, stderr=None):
        self.args, self.returncode, self.stdout, self.stderr = args, returncode, stdout, stderr

    def check_returncode(self):
        if self.returncode:
            raise CalledProcessError(self.returncode, self.args, self.stdout, self.stderr)


def _refuse(args):
    raise PermissionError(f"subprocess: cannot start {args if isinstance(args, str) else list2cmdline(args)!r}: scripts start no processes")


class Popen:
    """A process, which is not started."""

    def __init__(self, args, *rest, **options):
        _refuse(args)


def run(args, **options):
    _refuse(args)


def call(args, **options):
    _refuse(args)


def check_call(args, **options):
    _refuse(args)


def check_output(args, **options):
    _refuse(args)


def getoutput(cmd, **options):
    _refuse(cmd)


def getstatusoutput(cmd, **options):
    _refuse(cmd)


def list2cmdline(seq):
    """A command and its arguments as one line."""
    out = []
    for arg in seq:
        arg = str(arg)
        out.append('"' + arg.replace('"', '\\"') + '"' if not arg or " " in arg or "\t" in arg else arg.replace('"', '\\"'))
    return " ".join(out)
