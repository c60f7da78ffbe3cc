"""What debuggers derive from. Calls are not traced here, so none runs."""

__all__ = ["Bdb", "BdbQuit", "Breakpoint"]


class BdbQuit(Exception):
    """A debugger was left."""


class Breakpoint:
    """A place where a debugger would stop."""

    def __init__(self, file, line, temporary=False, cond=None, funcname=None):
        self.file, self.line, self.temporary, self.cond, self.funcname, self.enabled = file, line, temporary, cond, funcname, True


class Bdb:
    """A debugger, whose calls are refused."""

    def __init__(self, skip=None):
        self.skip, self.breaks = skip, {}

    def _refused(self, *args, **kwargs):
        raise NotImplementedError("bdb: calls are not traced; the prompt runs a script's functions: mlxstar -i")

    set_trace = run = runeval = runcall = set_break = set_step = set_next = _refused
