"""Calls that would hold the loop up."""

import contextvars as _contextvars
import functools as _functools

from .events import get_running_loop as _get_running_loop

__all__ = ["to_thread"]


async def to_thread(func, /, *args, **kwargs):
    """Call func in another thread."""
    context = _contextvars.copy_context()
    return await _get_running_loop().run_in_executor(None, _functools.partial(context.run, func, *args, **kwargs))
