"""Other processes, which scripts do not start."""

__all__ = ["create_subprocess_exec", "create_subprocess_shell"]

PIPE, STDOUT, DEVNULL = -1, -2, -3


async def create_subprocess_exec(program, *args, **kwds):
    raise PermissionError(1, "scripts start no processes")


async def create_subprocess_shell(cmd, **kwds):
    raise PermissionError(1, "scripts start no processes")
